"""The report as a file: what is in it; it loads nothing, is small, repeats to the byte and escapes what it is told."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_pages import HOSTILE, SMALL, Page

from sim.analysis.wording import difference_number, label, value_text
from sim.catalog.outcomes import OUTCOMES
from sim.errors import InputError
from sim.pages.report.report import report_html, write_report
from sim.runs.manifest import write_manifest
from sim.scenario import load_scenario
from sim.studies import compare
from sim.words import LANGUAGES, catalog, per_hundred, text

MOST_BYTES = 1_000_000
KINDS = ("compared", "alone", "three", "over_worlds", "swept", "sensitive")


@pytest.fixture(scope="module", params=[(kind, language) for kind in KINDS for language in LANGUAGES], ids="-".join)
def report(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    """Return kind, language and HTML of a report."""
    kind, language = request.param
    return kind, language, report_html(request.getfixturevalue(kind), language)


def test_it_is_well_formed_and_in_its_language(report: tuple[str, str, str]) -> None:
    _, language, html = report
    page = Page(html)
    assert page.all("html") == [{"lang": language}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")


def test_it_loads_nothing_and_runs_nothing(report: tuple[str, str, str]) -> None:
    _, _, html = report
    page = Page(html)
    assert {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe", "object", "embed", "base"} == set()
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset", "xmlns")], tag
        target = attributes.get("href", attributes.get("xlink:href", "#"))
        assert target.startswith("#"), f"{tag} {target}"
    assert re.findall(r"url\((?!#)|@import|https?://", html) == []


def test_it_forbids_itself_to_load_or_run_anything(report: tuple[str, str, str]) -> None:
    _, _, html = report
    policy = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html)
    assert policy == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]
    # Before anything that it could forbid.
    assert html.index("Content-Security-Policy") < html.index("<style>")


def test_links_and_references_lead_somewhere(report: tuple[str, str, str]) -> None:
    page = Page(report[2])
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"][1:] for _, attributes in page.elements if "href" in attributes}
    targets |= set(re.findall(r"url\(#([^)]+)\)", report[2]))
    assert targets <= set(ids)
    assert "content" in targets  # the skip link


def test_it_is_small(report: tuple[str, str, str]) -> None:
    assert len(report[2].encode()) <= MOST_BYTES


def test_no_key_is_left_over(report: tuple[str, str, str]) -> None:
    words = Page(report[2]).words
    assert re.findall(r"\b(?:report|figure|explain|outcome|number)\.[a-z_]+", words) == []
    assert re.findall(r"\{\w*\}", words) == []
    assert "None" not in words
    assert re.findall(r"\bnan\b", words) == []


def test_it_is_in_one_language(report: tuple[str, str, str]) -> None:
    """Headings, captions and headers of the other language are not in it."""
    _, language, html = report
    other = next(each for each in LANGUAGES if each != language)
    words = Page(html).words
    for key in ("report.section.limits", "report.limit.ranks", "report.change_title", "report.footer"):
        assert catalog(language)[key] in words
        assert catalog(other)[key] not in words


def test_numbers_are_those_of_the_language(report: tuple[str, str, str]) -> None:
    _, language, html = report
    words = Page(html).words
    assert len(re.findall(r"\d,\d+%?" if language == "nl" else r"\d\.\d+%?", words)) > 10
    if language == "nl":
        assert re.findall(r"\d\.\d+%", words) == []


def test_figures_say_what_they_show(report: tuple[str, str, str]) -> None:
    figures = Page(report[2]).all("figure")
    assert figures
    for figure in figures:
        assert figure["role"] == "img"
        assert len(figure["aria-label"].split()) >= 8
        assert re.search(r"\d", figure["aria-label"])


def test_tables_can_be_read_aloud(report: tuple[str, str, str]) -> None:
    page = Page(report[2])
    assert len(page.all("caption")) == len(page.all("table")) > 0
    assert all("scope" in attributes for attributes in page.all("th"))
    assert all(attributes["data-label"] for attributes in page.all("td"))


def test_it_prints_and_knows_dark_and_small_screens(report: tuple[str, str, str]) -> None:
    html = report[2]
    for rule in ("@media print", "size:A4", "prefers-color-scheme:dark", "@media (max-width:"):
        assert rule in html
    used = set(re.findall(r"var\(--c-([0-9a-f]{6})\)", html))
    assert used
    for color in used:
        assert html.count(f"--c-{color}:") == 2  # light and dark


@pytest.mark.parametrize("kind", KINDS)
def test_repeating_gives_the_same_bytes(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    folder = request.getfixturevalue(kind)
    first, second = (write_report(folder, "en", file=tmp_path / name).read_bytes() for name in ("1.html", "2.html"))
    assert first == second


# --- content --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_stands_there_as_in_the_tables(compared: Path, language: str) -> None:
    words = Page(report_html(compared, language)).words
    summary, differences = (pd.read_parquet(compared / f"{name}.parquet") for name in ("summary", "differences"))
    assert len(summary) == 2 * len(OUTCOMES)
    for row in summary.itertuples():
        outcome = str(row.outcome)
        name = label(outcome, language)
        assert name[:1].upper() + name[1:] in words
        assert text(language, f"outcome.meaning.{outcome}") in words
        if pd.notna(row.low):
            ends = [difference_number(outcome, end, language) for end in (row.low, row.high)]
            interval = text(language, "number.interval", low=ends[0], high=ends[1])
            assert f"{value_text(outcome, row.mean, language)} {interval}" in words
    for row in differences.dropna(subset=["low"]).itertuples():
        ends = [difference_number(str(row.outcome), end, language) for end in (row.low, row.high)]
        mean = difference_number(str(row.outcome), row.mean, language, is_signed=True)
        assert f"{mean} {text(language, 'number.interval', low=ends[0], high=ends[1])}" in words


def test_what_is_missing_has_a_reason(compared: Path) -> None:
    summary = pd.read_parquet(compared / "summary.parquet")
    missing = summary[summary["mean"].isna()]
    words = Page(report_html(compared, "en")).words
    assert len(missing) > 0
    for reason in missing["reason"]:
        why, k, n = re.fullmatch(r"(.*) \((\d+) of (\d+) runs\)", reason).groups()  # type: ignore[union-attr]
        assert f"– ({text('en', 'report.n_missing', k=k, n=n, reason=why)})" in words


def test_the_first_page_says_how_often(compared: Path) -> None:
    words = Page(report_html(compared, "en")).words
    row = pd.read_parquet(compared / "differences.parquet").set_index("outcome").loc["monthly_posters"]
    k, k_other = sorted((int(row["n_a_greater"]), int(row["n_b_greater"])), reverse=True)
    assert f"(here {k} of {int(row['n'])}, the reverse in {k_other};" in words
    assert "plausible worlds: not computed" in words
    assert "does not forecast your adoption rate" in words


def test_it_can_be_about_another_outcome(compared: Path) -> None:
    html = report_html(compared, "en", "knowledge")
    assert "Which launch brings more knowledge:" in Page(html).words


def test_an_outcome_that_was_not_kept_is_refused(swept: Path) -> None:
    with pytest.raises(InputError, match=r"--outcome cohesion: .* keeps monthly_posters, alive, knowledge"):
        report_html(swept, "en", "cohesion")


def test_over_worlds_it_tells_worlds_and_what_luck_does(over_worlds: Path) -> None:
    words = Page(report_html(over_worlds, "en")).words
    assert "plausible worlds in which" in words
    assert "agree with the published numbers" in words
    assert "not computed. All runs here use the same assumptions" not in words


def test_several_launches_over_worlds_are_told_in_worlds(tmp_path: Path) -> None:
    """Worlds are called so, and those with another sign are counted as in the tables, once for all launches."""
    folder = tmp_path / "three"
    names = ("unframed", "like-facebook", "collaboration")
    compare([load_scenario(name, SMALL) for name in names], worlds=12, replications=2, out=folder)
    page = Page(report_html(folder, "en"))
    table = pd.read_parquet(folder / "differences.parquet").query("outcome == 'monthly_posters'")
    assert "Of 100 plausible worlds, higher than “unframed” in" in page.words
    assert "Of 100 pairs" not in page.words
    others = {}
    for row in table.itertuples():
        more_b = row.share_of_worlds_b_greater
        more_a = 2 * row.share_of_worlds_a_greater - 1 + more_b  # ties count half there
        others[row.b] = more_b if row.mean > 0 else more_a
    counts = [f"“{name}” {per_hundred(share, 'en')}" for name, share in others.items() if share > 1e-9]
    assert counts, "no launch has a world with another sign: the test shows nothing"
    assert f"has another sign than on average in: {', '.join(counts)}." in page.words
    luck = [f"“{row.b}” {100 * row.variance_share_luck:.0f}%" for row in table.itertuples()]
    assert f"luck makes up: {', '.join(luck)}." in page.words
    assert page.words.count("Not knowing people, or luck.") == 1
    dutch = Page(report_html(folder, "nl")).words
    assert f"heeft het verschil met “unframed” een ander teken dan gemiddeld bij: {', '.join(counts)}." in dutch


def test_one_pair_of_runs_cannot_tell(tmp_path: Path) -> None:
    folder = tmp_path / "pair"
    scenarios = [load_scenario(name, SMALL) for name in ("like-facebook", "collaboration")]
    compare(scenarios, replications=1, at_defaults=True, out=folder)
    assert "Cannot tell from one pair of runs" in Page(report_html(folder, "en")).words
    assert "Niet te zeggen op grond van één paar runs" in Page(report_html(folder, "nl")).words


def test_three_typical_employees_of_each(compared: Path) -> None:
    html = report_html(compared, "en")
    roles = re.findall(
        r"<h4>(Posts|Only reads|Stays away): employee (\d+), nearest to the mean of (\d+) of 80</h4>", html
    )
    assert len(roles) + html.count("In the first run") == 6
    for place in range(0, len(roles), 3):
        assert sum(int(n) for _, _, n in roles[place : place + 3]) <= 80


def test_small_groups_are_left_out(compared: Path) -> None:
    groups = pd.read_parquet(compared / "groups.parquet")
    largest = groups[groups["grouping"] == "level"].groupby("group")["n_employees"].max()
    assert largest["executive"] < 5  # of 80 employees
    html = report_html(compared, "en")
    assert '<th role="rowheader" scope="row">executive' not in html
    assert not re.search(r">executive<", html)
    assert "of fewer than 5 people" in Page(html).words


def test_how_to_repeat_it(compared: Path) -> None:
    manifest = json.loads((compared / "manifest.json").read_text())
    words = Page(report_html(compared, "en")).words
    for told in (manifest["plan_hash"], manifest["code_version"], *(each["hash"] for each in manifest["scenarios"])):
        assert told in words


def test_what_a_person_named_stays_text(alone: Path) -> None:
    html = report_html(alone, "en")
    page = Page(html)
    assert HOSTILE.replace("`b`", "b") in page.words.replace("`", "")
    assert "<img src=x onerror=alert(2)>" in page.words
    assert "<script" not in html
    assert "<img" not in html


def test_sweep_tells_places_regret_and_settings(swept: Path) -> None:
    words = Page(report_html(swept, "en")).words
    table = pd.read_parquet(swept / "strategies.parquet")
    first = table[(table["outcome"] == "monthly_posters") & (table["rank"] == 1)].iloc[0]
    assert f"the best in {100 * first['share_worlds_best']:.0f}% of the worlds" in words
    assert "What the best and the last strategy are set to" in words
    assert "like_facebook" in words


def test_sensitivity_tells_what_is_not_resolved(sensitive: Path) -> None:
    words = Page(report_html(sensitive, "en")).words
    indices = pd.read_parquet(sensitive / "indices.parquet")
    own = indices[(indices["measure"] == "mu_star") & (indices["outcome"] == "monthly_posters")]
    for row in own[own["factor"] != "dummy"].itertuples():
        value = difference_number("monthly_posters", float(row.value))
        assert f"{row.factor} {value}" in words
        status = {"resolved": "stands out"}.get(str(row.status), str(row.status))
        assert status in words


# --- files and refusals ---------------------------------------------------------------------------------------------


def test_the_command_writes_the_file_and_says_where(compared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sim.__main__ import main

    file = compared.parent / "mine.html"
    assert main(["report", str(compared), "--lang", "nl", "--out", str(file)]) == 0
    assert str(file) in capsys.readouterr().out.replace("\n", "")
    assert Page(file.read_text(encoding="utf-8")).all("html") == [{"lang": "nl"}]
    assert not list(compared.parent.glob(".*"))


def test_run_writes_it_with_its_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sim.__main__ import main

    arguments = ["--set", "organization.employees=40", "--weeks", "3", "--replications", "2", "--no-figures", "--quiet"]
    assert (
        main(["run", "--at-defaults", "baseline", *arguments, "--report", "--json", "--out", str(tmp_path / "a")]) == 0
    )
    captured = capsys.readouterr()
    assert json.loads(captured.out)["replications"] == 2
    assert "report.html" in captured.err.replace("\n", "")
    assert (tmp_path / "a" / "report.html").exists()


def test_what_is_no_results_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sim.__main__ import main

    assert main(["report", str(tmp_path)]) == 2
    assert "no results folder" in capsys.readouterr().err.replace("\n", " ")


def test_a_folder_that_cannot_be_written_fails(compared: Path, tmp_path: Path) -> None:
    from sim.__main__ import main

    assert main(["report", str(compared), "--out", str(tmp_path / "no" / "such" / "report.html")]) == 1


def test_results_of_another_version_tell_no_stories(compared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(compared, folder)
    runs: Any = pd.read_parquet(folder / "runs.parquet")
    runs.loc[runs["replication"] == 0, "cohesion"] += 1e-9
    runs.to_parquet(folder / "runs.parquet")
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]  # not damaged, but made so
    write_manifest(folder, manifest)
    words = Page(report_html(folder, "en")).words
    assert words.count("doing the first run again does not give the stored outcomes") == 2
