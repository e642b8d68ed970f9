"""From a results folder to boxes: what a row is, what is left out, what a difference is."""

from __future__ import annotations

import json
from pathlib import Path

import discovery_folders as folders
import numpy as np
import pandas as pd
import pytest

from sim.analysis.discovery.checks import blocks_of, connected, folds_of, share_interval, shuffled
from sim.analysis.discovery.discovery import Discovery, discover
from sim.analysis.discovery.finding import discovery_json, folder_name, sentences, write_discovery
from sim.errors import InputError
from sim.experiments.points import WEIGHT


def limits(discovery: Discovery) -> dict[str, tuple[object, object, tuple[object, ...]]]:
    return {limit.factor.name: limit[1:] for limit in discovery.boxes[0].limits.values()}


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("discovery") / "sweep"
    return folders.write_folder(path, folders.sampled(300), folders.low_trust_and_rules, noise=0.01)


def test_a_sampled_sweep(sweep: Path) -> None:
    found = discover(sweep, "monthly_posters < 0.1")
    assert found.verdict == "found"
    assert found.unit == "points"
    low_high = limits(found)
    assert set(low_high) == {"organization.trust", "rules.restriction"}
    assert low_high["organization.trust"][1] == pytest.approx(0.5, abs=0.03)
    assert low_high["rules.restriction"][0] == pytest.approx(0.6, abs=0.03)
    text = sentences(found)[0]
    assert text.startswith("Monthly posters below 10%: mainly where ")
    assert "restriction is above 0.6" in text
    assert "trust is below 0.5" in text
    assert "elsewhere in 0%" in text
    dutch = sentences(found, "nl")[0]
    assert dutch.startswith("Maandelijkse schrijvers onder 10%: vooral waar ")
    assert "vertrouwen onder 0,5" in dutch


def test_worlds_count_by_their_weight(sweep: Path, tmp_path: Path) -> None:
    """A world of three times the weight is as good as three worlds of the same settings and luck."""
    points = folders.sampled(300)
    is_heavy = points["rules.restriction"] > 0.75
    weights = np.where(is_heavy, 3.0, 1.0)
    weighted = folders.write_folder(
        tmp_path / "weighted", points.assign(**{f"{WEIGHT}levels": weights / weights.sum()}),
        folders.low_trust_and_rules, noise=0.01,
    )  # fmt: skip
    found, plain = discover(weighted, "monthly_posters < 0.1"), discover(sweep, "monthly_posters < 0.1")
    assert found.base_rate == pytest.approx(np.average(plain.holds, weights=weights))
    assert found.base_rate > plain.base_rate + 0.05
    box = found.boxes[0]
    inside = box.inside
    assert box.counts.n_inside == inside.sum()
    assert box.counts.density == pytest.approx(np.average(found.holds[inside], weights=weights[inside]))
    assert box.coverage == pytest.approx(weights[inside & found.holds].sum() / weights[found.holds].sum())
    assert box.density.low < box.counts.density <= box.density.high
    assert discovery_json(found)["by_weight"] is True
    assert discovery_json(plain)["by_weight"] is False
    even = folders.write_folder(
        tmp_path / "even", points.assign(**{f"{WEIGHT}levels": np.full(300, 1 / 300)}), folders.low_trust_and_rules,
        noise=0.01,
    )  # fmt: skip
    there, here = discovery_json(discover(even, "monthly_posters < 0.1")), discovery_json(plain)
    assert {**there, "results_dir": ""} == {**here, "results_dir": ""}


@pytest.mark.parametrize("n_blocks", [40, 200])
def test_an_interval_by_weight_covers(n_blocks: int) -> None:
    generator = np.random.default_rng(1)
    weights = generator.exponential(1.0, n_blocks)
    hits = []
    for _ in range(400):
        found = share_interval(generator.random(n_blocks) < 0.3, np.arange(n_blocks), weights)
        hits.append(found.low <= 0.3 <= found.high)
    assert 0.91 < np.mean(hits) < 0.99


def test_luck_is_reported(tmp_path: Path) -> None:
    points = folders.sampled(200)

    def half_of_the_time(runs: pd.DataFrame) -> np.ndarray:
        return np.where((runs["organization.trust"] < 0.4) & (runs["replication"] == 0), 0.01, 0.2)

    folder = folders.write_folder(tmp_path / "r", points, half_of_the_time, n_replications=2)
    found = discover(folder, "monthly_posters < 0.15")
    assert found.cases.n_disputed(found.condition) == (points["organization.trust"] < 0.4).sum()


def test_missing_values_are_left_out_and_counted(tmp_path: Path) -> None:
    folder = folders.write_folder(tmp_path / "r", folders.sampled(250), lambda runs: 0.1 * runs["organization.trust"])
    is_missing = 0.1 * folders.sampled(250)["organization.trust"] < 0.05
    found = discover(folder, "reply_rate > 0.6")
    assert found.verdict == "never"
    assert found.n_without_value == is_missing.sum()
    assert len(found.holds) == (~is_missing).sum()
    assert found.n_values_missing == 0


def test_a_failed_run_is_no_value(tmp_path: Path) -> None:
    folder = folders.write_folder(tmp_path / "r", folders.sampled(100), folders.low_trust_and_rules)
    runs = pd.read_parquet(folder / "runs.parquet")
    runs[(runs["point"] != 7) & ((runs["point"] != 8) | (runs["replication"] == 0))].to_parquet(folder / "runs.parquet")
    found = discover(folder, "monthly_posters < 0.1")
    assert (found.n_without_value, found.n_values_missing) == (1, 1)
    assert 7 not in found.cases.points


def test_nothing_to_find(sweep: Path) -> None:
    assert discover(sweep, "monthly_posters < 0").verdict == "never"
    assert discover(sweep, "monthly_posters < 1").verdict == "always"
    lowest = sorted(discover(sweep, "monthly_posters < 1").cases.means)[3]
    assert discover(sweep, f"monthly_posters < {lowest}").verdict == "too few"


def test_luck_alone_gives_no_box(tmp_path: Path) -> None:
    folder = folders.write_folder(tmp_path / "r", folders.sampled(200), folders.nothing_matters, noise=0.02)
    found = discover(folder, "monthly_posters < 0.1")
    assert found.verdict == "cannot tell"
    assert found.boxes == ()
    text = " ".join(sentences(found))
    assert "cannot tell where" in text
    assert "no box is surely better than chance" in text


def test_a_difference_of_two_scenarios(tmp_path: Path) -> None:
    def posters(runs: pd.DataFrame) -> np.ndarray:
        own = 0.3 * runs["rules.restriction"]  # moves both alike, far more than the difference
        return own + np.where(runs["scenario"] == "a", 0.05 * (runs["organization.trust"] - 0.6), 0.0)

    folder = folders.write_folder(tmp_path / "r", folders.sampled(250), posters, scenarios=("a", "b"))
    found = discover(folder, "monthly_posters < 0", ("a", "b"))
    assert limits(found)["organization.trust"][1] == pytest.approx(0.6, abs=0.02)
    assert set(limits(found)) == {"organization.trust"}
    trust = folders.sampled(250)["organization.trust"].to_numpy()
    np.testing.assert_allclose(found.cases.means, 0.05 * (trust - 0.6), atol=1e-12)
    turned = discover(folder, "monthly_posters > 0", ("b", "a"))
    assert (turned.holds == found.holds).all()
    assert "a minus b, below 0 points" in sentences(found)[0]


def test_a_difference_of_two_settings_with_everything_else_equal(tmp_path: Path) -> None:
    points = folders.crossed(120, ["like_facebook", "collaboration", "news"])

    def posters(runs: pd.DataFrame) -> np.ndarray:
        gain = {"like_facebook": 0.0, "news": -1.0, "collaboration": 1.0}
        return 0.5 + runs["launch.framing"].map(gain) * 0.1 * (runs["organization.trust"] - 0.5)

    folder = folders.write_folder(tmp_path / "r", points, posters)
    found = discover(folder, "monthly_posters < 0", ("launch.framing=collaboration", "launch.framing=like_facebook"))
    assert found.unit == "worlds"
    assert found.space.names == ("organization.trust", "organization.remote_share")
    assert len(found.holds) == 120
    world_trust = points["organization.trust"].to_numpy()[:120]
    np.testing.assert_allclose(found.cases.means, 0.1 * (world_trust - 0.5), atol=1e-12)
    assert limits(found) == {"organization.trust": (None, pytest.approx(0.5, abs=0.02), ())}


def test_pairs_are_counted_where_some_have_no_partner(tmp_path: Path) -> None:
    points = folders.crossed(60, ["a", "b"])
    some = points[(points["strategy"] == 0) | (points["world"] < 50)]
    folder = folders.write_folder(tmp_path / "r", some, lambda runs: 0.2 * runs["organization.trust"])
    found = discover(folder, "monthly_posters >= 0", ("launch.framing=a", "launch.framing=b"))
    assert len(found.holds) == 50
    assert found.cases.n_without_partner == 10


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        (("baselin", "other"), "did you mean baseline?"),
        (("launch.framng=news", "launch.framing=unframed"), "did you mean launch.framing?"),
        (("launch.framing=newz", "launch.framing=unframed"), "did you mean news?"),
        (("launch.framing=news", "rules.work_only=true"), "do not go together"),
        (("launch.framing=news", "launch.framing=news"), "two different sides"),
        (("launch.framing=news", "launch.framing=unframed"), "no point"),
    ],
)
def test_wrong_sides_are_told(sweep: Path, sides: tuple[str, str], words: str) -> None:
    with pytest.raises(InputError, match="--difference") as caught:
        discover(sweep, "monthly_posters < 0", sides)
    assert words in str(caught.value)


def test_numbers_and_switches_can_be_sides(sweep: Path) -> None:
    for a, b in (("rules.work_only=true", "rules.work_only=FALSE"), ("organization.trust=0.5", "x=1")):
        with pytest.raises(InputError, match=r"has a partner|is never '0.5'"):
            discover(sweep, "monthly_posters < 0", (a, b))


def test_several_scenarios_are_a_factor(tmp_path: Path) -> None:
    def posters(runs: pd.DataFrame) -> np.ndarray:
        return np.where(runs["scenario"] == "dull", 0.05, 0.2)

    folder = folders.write_folder(tmp_path / "r", folders.sampled(80), posters, scenarios=("dull", "lively"))
    found = discover(folder, "monthly_posters < 0.1")
    assert limits(found) == {"scenario": (None, None, ("dull",))}
    assert len(np.unique(found.blocks)) == 80  # both scenarios of a point stand together


def test_the_dummy_is_no_factor_but_a_yardstick(tmp_path: Path) -> None:
    points = folders.sampled(300)
    real = folders.write_folder(
        tmp_path / "real",
        points.assign(dummy=np.random.default_rng(5).random(300)),
        lambda runs: runs["rules.restriction"].to_numpy(),
    )
    found = discover(real, "monthly_posters < 0.3")
    assert "dummy" not in found.space.names
    assert found.dummy_chosen is False
    # A dummy that has part of the answer cannot be; the search would take it, and says so.
    both = points.assign(dummy=np.random.default_rng(6).random(300))
    fake = folders.write_folder(
        tmp_path / "fake", both, lambda runs: np.maximum(runs["rules.restriction"], runs["dummy"]).to_numpy()
    )
    other = discover(fake, "monthly_posters < 0.5", n_boxes=1)
    assert "rules.restriction" in limits(other)
    assert other.dummy_chosen is True


def test_the_folder_must_be_that_of_a_sweep(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no results folder"):
        discover(tmp_path, "monthly_posters < 0.1")
    (tmp_path / "manifest.json").write_text(json.dumps({"project": "intranet-sim"}), encoding="utf-8")
    with pytest.raises(InputError, match="nothing varies in it but luck"):
        discover(tmp_path, "monthly_posters < 0.1")
    folders.sampled(3).to_parquet(tmp_path / "points.parquet")
    with pytest.raises(InputError, match="no run is finished"):
        discover(tmp_path, "monthly_posters < 0.1")


def test_logarithmic_factors_are_cut_on_their_scale(tmp_path: Path) -> None:
    experiment = {"uncertainties": {"organization.employees": {"low": 50, "high": 5000, "distribution": "log_uniform"}}}
    folder = folders.write_folder(
        tmp_path / "r",
        folders.sampled(300),
        lambda runs: np.where(runs["organization.employees"] > 700, 0.05, 0.2),
        experiment=experiment,
    )
    found = discover(folder, "monthly_posters < 0.1")
    (limit,) = found.boxes[0].limits.values()
    assert limit.factor.is_log
    assert 690 < limit.low <= 720


def test_what_is_written_is_the_same_again_and_reads_back(sweep: Path, tmp_path: Path) -> None:
    found = discover(sweep, "monthly_posters < 10%", n_boxes=1)
    for name, one in (("one", found), ("two", discover(sweep, "monthly_posters < 10%", n_boxes=1))):
        (tmp_path / name).mkdir()
        write_discovery(one, tmp_path / name)
    for name in ("discovery.json", "rows.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    facts = json.loads((tmp_path / "one" / "discovery.json").read_text(encoding="utf-8"))
    rows = pd.read_parquet(tmp_path / "one" / "rows.parquet")
    assert facts["verdict"] == "found"
    assert facts["cases"] == rows["holds"].sum()
    (box, *_) = facts["boxes"]
    inside = np.ones(len(rows), dtype=bool)
    for limit in box["limits"]:
        values = rows[limit["factor"]]
        inside &= (values >= (-np.inf if limit["low"] is None else limit["low"])).to_numpy()
        inside &= (values <= (np.inf if limit["high"] is None else limit["high"])).to_numpy()
    assert (inside == (rows["box"] == 1)).all()
    assert box["n"] == inside.sum()
    assert box["density"]["share"] == rows["holds"][inside].mean()
    assert folder_name(found) == "monthly_posters-below-0.1"
    assert folder_name(found, 0.8) == "monthly_posters-below-0.1-density-0.8"


def test_rows_that_share_values_are_in_one_block() -> None:
    assert connected([np.array([0, 1, 2, 3]), np.array([5, 6, 5, 7])]).tolist() == [0, 1, 0, 2]
    points, ones = np.arange(6), np.zeros(6, dtype=int)
    worlds = np.array([0, 0, 1, 1, 2, 2])
    drawn = [[0.1, 0.1, 0.5, 0.5, 0.7, 0.7], [0.2, 0.2, 0.9, 0.9, 0.4, 0.4]]
    assert blocks_of(points, worlds, drawn, {}).tolist() == [0, 0, 1, 1, 2, 2]
    # One uncertainty, or all combinations of a few values: rows stand for themselves.
    assert blocks_of(points, worlds, drawn[:1], {}).tolist() == list(range(6))
    # Trajectories of Morris and base samples of Sobol stand together.
    design = {"method": "morris", "samples": 2, "n_points": 6}
    assert blocks_of(points, points, [], design).tolist() == [0, 0, 0, 1, 1, 1]
    assert blocks_of(points, ones, [], {}).tolist() == list(range(6))


def test_shuffling_keeps_blocks_whole() -> None:
    blocks = np.array([0, 0, 1, 1, 2, 2, 2, 3, 3])
    order = shuffled(blocks, np.random.default_rng(1))
    assert sorted(order) == list(range(9))
    for block in range(4):
        assert len(set(blocks[order[blocks == block]])) == 1
    folds = folds_of(blocks, 2, np.random.default_rng(1))
    assert all(len(set(folds[blocks == block])) == 1 for block in range(4))
    assert set(folds) == {0, 1}


@pytest.fixture
def late_where_trust_is_low(tmp_path: Path) -> Path:
    """Where trust is below 0.5, critical mass is not reached within 20 weeks; elsewhere it is in week 4."""
    points = folders.sampled(300)
    folder = folders.write_folder(tmp_path / "times", points, folders.low_trust_and_rules)
    return folders.with_times(folder, np.where(points["organization.trust"] < 0.5, np.nan, 4.0), 20)


def test_a_time_that_was_not_reached_is_later_than_the_run(late_where_trust_is_low: Path) -> None:
    found = discover(late_where_trust_is_low, "weeks_to_critical_mass > 20")
    assert found.verdict == "found"
    assert limits(found)["organization.trust"][1] == pytest.approx(0.5, abs=0.03)
    assert (found.n_without_value, found.n_values_missing) == (0, 0)
    assert found.results.n_not_reached("weeks_to_critical_mass") == 2 * found.holds.sum() > 0
    assert discover(late_where_trust_is_low, "weeks_to_critical_mass <= 20").base_rate == 1 - found.base_rate


@pytest.mark.parametrize("condition", ["weeks_to_critical_mass < 30", "weeks_to_critical_mass > 20.5"])
def test_weeks_after_the_run_cannot_be_told_apart(late_where_trust_is_low: Path, condition: str) -> None:
    with pytest.raises(InputError, match="the runs end after 20 weeks"):
        discover(late_where_trust_is_low, condition)
