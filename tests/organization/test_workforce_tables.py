"""The package data: complete, with sources, and read as written."""

from __future__ import annotations

import pytest

from sim.organization import PROFILE_NAMES, profile_remote_share
from sim.organization.profiles import (
    assumptions,
    cumulative,
    edges,
    load_profile,
    load_team_sizes,
    load_tenure_bands,
    load_tenure_by_age,
    read_table,
    segmenter_threshold,
    select,
)

TABLES_OF_NUMBERS = (
    "age",
    "checks",
    "platform_types",
    "segmentation",
    "social_media_minutes",
    "social_media_use",
    "span_of_control",
    "telework",
    "tenure",
    "tenure_by_age",
)


@pytest.mark.parametrize("table", TABLES_OF_NUMBERS)
def test_every_number_has_a_source_or_is_called_an_assumption(table):
    for row in read_table(table):
        assert row["population"], row
        assert 2011 <= int(row["year"]) <= 2025, row
        assert row["source"], row
        if row["kind"] == "assumption":
            assert row["id"] == "assumption", row
            assert not row["url"], row
        else:
            assert row["kind"].startswith(("read", "second-hand")), row
            assert row["id"].startswith(("T5.", "T6.", "T7.")), row
            assert row["url"].startswith("http"), row


def test_every_assumption_has_a_reason_and_lies_in_its_range():
    for row in read_table("assumptions"):
        assert row["unit"], row
        assert row["meaning"], row
        assert row["reason"], row
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"]), row
    assert assumptions().department_span == 6.0


def test_profiles_name_every_quantity_and_evidence_that_exists():
    known = {row["id"].split("_")[0] for table in TABLES_OF_NUMBERS for row in read_table(table)}
    assert set(PROFILE_NAMES) >= {"nl-2012", "nl-2014", "nl-2016", "us-2015", "us-2021"}
    for name in PROFILE_NAMES:
        rows = select("profiles", profile=name)
        quantities = [row["quantity"] for row in rows]
        assert quantities == ["age", "tenure", "use", "minutes", "professional", "remote"]
        for row in rows:
            assert set(row["evidence"].split("; ")) <= known, row
            assert row["kind"] in {"data", "assumption"}


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_profiles_cover_all_ages(name):
    profile = load_profile(name)
    assert profile.age_edges[0] == 16.0
    assert profile.age_edges[-1] == 74.0
    assert profile.age_shares_below[-1] == 1.0
    assert profile.use_edges[0] <= 16.0
    assert profile.use_edges[-1] >= 74.0
    assert (profile.minutes[:-1] > profile.minutes[1:]).all()


def test_published_numbers_arrive():
    assert load_profile("nl-2014").use_shares == pytest.approx([0.963, 0.89, 0.699, 0.257])
    assert load_profile("us-2021").use_shares == pytest.approx([0.84, 0.84, 0.81, 0.73, 0.45])
    assert load_profile("us-2015").professional_share == 0.266
    # 15.5% of the Dutch labor force is 15 to 24 (T7.01)
    assert load_profile("nl-2012").age_shares_below[1] == pytest.approx(0.155, abs=0.0005)
    assert load_tenure_bands("public").shares_below[1] == pytest.approx(0.041, abs=1e-12)
    assert profile_remote_share("nl-2014") == 0.3475
    assert profile_remote_share("us-2021") == 0.54
    assert profile_remote_share("staff.csv") == profile_remote_share("nl-2014")


def test_log_logistic_passes_through_both_published_numbers():
    table = load_tenure_by_age()
    published = {row["band"]: float(row["value"]) / 100 for row in read_table("tenure_by_age")[::2]}
    for median, shape, share in zip(table.medians, table.shapes, published.values(), strict=True):
        assert 1.0 / (1.0 + (1.0 / median) ** -shape) == pytest.approx(share, abs=1e-6)
        assert shape > 0.8


def test_span_of_control_has_the_published_quantiles():
    table = load_team_sizes()
    assert dict(zip(table.shares, table.sizes, strict=True))[0.66] == 10.0
    assert dict(zip(table.shares, table.sizes, strict=True))[0.87] == 25.0


def test_segmenters_lie_above_the_threshold():
    assert segmenter_threshold() == pytest.approx(0.49585, abs=1e-5)


def test_arrays_of_profiles_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        load_profile("nl-2014").use_shares[0] = 1.0


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"nl-1990.*there are nl-2012"):
        load_profile("nl-1990")
    with pytest.raises(LookupError, match="no row"):
        select("age", country="xx")


def test_bands_must_adjoin():
    rows = [{"band": "a", "low": "0", "high": "1"}, {"band": "b", "low": "2", "high": "3"}]
    with pytest.raises(ValueError, match="do not adjoin"):
        edges(rows)
    assert cumulative([1.0, 1.0, 2.0]) == [0.0, 0.25, 0.5, 1.0]
