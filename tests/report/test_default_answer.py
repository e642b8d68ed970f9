"""The default answer: over plausible worlds, the same wherever it stands, and what the default values say beside it."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.__main__ import main
from sim.analysis.statistics import paired_difference
from sim.analysis.verdict import is_opposite, verdict
from sim.catalog.registry import COEFFICIENTS
from sim.experiments.points import DEFAULTS, INTERVIEWS
from sim.experiments.worlds import WorldSet, load_worlds
from sim.figures.overview import by_point
from sim.figures.style import look_of, scenario_look
from sim.words import percent

SMALL = ["--set", "organization.employees=40", "--weeks", "4", "--quiet", "--jobs", "1"]
A, B = "like-facebook", "collaboration"


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Type a command and return what it prints."""
    code = main(list(arguments))
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return captured.out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a comparison with nothing asked for but a small organization."""
    path = tmp_path_factory.mktemp("default") / "out"
    assert main(["compare", A, B, *SMALL, "--outcome", "monthly_readers", "--report", "--out", str(path)]) == 0
    return path


def facts(folder: Path, capsys: pytest.CaptureFixture[str], outcome: str = "monthly_readers") -> dict[str, Any]:
    """Return what ``--json`` says of one outcome."""
    found = json.loads(typed(capsys, "results", str(folder), "--json"))["results"]
    return next(row for row in found["differences"] if row["outcome"] == outcome) | {"all": found}


def test_the_first_line_says_what_the_numbers_say(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = facts(folder, capsys)
    assert row["all"]["worlds"] == 120
    assert set(row["all"]["world_sets"]) == {"levels", "interviews"}
    assert row["all"]["world_sets"]["levels"]["sha256"] == load_worlds("levels").digest
    first = typed(capsys, "results", str(folder), "--outcome", "monthly_readers").split("\n\n")[1].splitlines()[0]
    a, b = row["share_of_worlds_a_greater"], row["share_of_worlds_b_greater"]
    winner, share, sign = (A, a, 1) if a >= b else (B, b, -1)
    assert f"{winner} has more monthly readers in {percent(share, 0)} of 120 plausible worlds" in first
    ends = sorted(sign * row[name] for name in ("p5", "p95"))
    written = re.search(r"typically (\S+) points, 9 in 10 between (\S+) and (\S+) points", first)
    assert written
    numbers = [float(one.replace("−", "-")) for one in written.groups()]
    assert numbers == pytest.approx([100 * sign * row["median"], *(100 * end for end in ends)], abs=0.051)
    beside = row["beside"][INTERVIEWS]
    other = beside["share_a_greater"] if sign > 0 else beside["share_b_greater"]
    assert f"among worlds that fit the interviews, in {percent(other, 0)}" in first
    stored = pd.read_parquet(folder / "differences.parquet").set_index("outcome").loc["monthly_readers"]
    assert stored["median"] == pytest.approx(row["median"])
    assert stored["interviews_share_a_greater"] == pytest.approx(beside["share_a_greater"])
    assert stored["defaults_n"] == row["beside"][DEFAULTS]["n"] == 20
    page = html.unescape((folder / "report.html").read_text(encoding="utf-8")).replace("\u00a0", " ")
    assert re.sub("[“”]", "", first.split(": ", 1)[-1].rstrip(".")) in re.sub("[“”]", "", page)
    drawn = (folder / "figures" / "worlds.svg").read_text(encoding="utf-8")
    assert f"in {percent(facts_share(folder), 0)} of 120 plausible worlds" in drawn


def facts_share(folder: Path) -> float:
    """Return the larger share of worlds in monthly posters, from the runs themselves."""
    runs = pd.read_parquet(folder / "runs.parquet")
    runs = runs[runs["weight.levels"] > 0]
    wide = runs.pivot(index="point", columns="scenario", values="monthly_posters")
    weights = runs.drop_duplicates("point").set_index("point")["weight.levels"]
    difference = wide[A] - wide[B]
    return float(max(weights[difference > 1e-12].sum(), weights[difference < -1e-12].sum()))


def test_every_world_is_run_once_and_the_default_values_as_without_worlds(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = pd.read_parquet(folder / "runs.parquet")
    one = runs[(runs["scenario"] == A) & (runs["weight.levels"] > 0)]
    keys = [name for name in one.columns if name.startswith("behavior.")]
    assert len(one) == len(one[keys].drop_duplicates()) == 120
    assert one["weight.levels"].sum() == pytest.approx(1)
    at = runs[runs["weight.defaults"] > 0]
    typed(capsys, "compare", A, B, *SMALL, "--at-defaults", "--no-figures", "--out", str(tmp_path / "at"))
    usual = pd.read_parquet(tmp_path / "at" / "runs.parquet")
    for name in (A, B):
        mine, theirs = (each[each["scenario"] == name].reset_index() for each in (at, usual))
        assert mine["seed"].tolist() == theirs["seed"].tolist()
        assert mine["monthly_readers"].tolist() == theirs["monthly_readers"].tolist()


def test_what_decides_is_the_same_everywhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = facts(folder, capsys)
    table = pd.read_parquet(folder / "decides.parquet")
    own = table[table["outcome"] == "monthly_readers"]
    assert [one["key"] for one in row["decides"]] == own["key"].dropna().tolist()
    for language in ("en", "nl"):
        said = typed(capsys, "results", str(folder), "--outcome", "monthly_readers", "--lang", language)
        for one in row["decides"]:
            assert f"({one['key']})" in said
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert all(one["key"] in page for one in row["decides"])


def test_a_run_is_over_worlds_and_coefficients_of_its_own_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = next(one for one in COEFFICIENTS if one.path in load_worlds("levels").names)
    value = float(load_worlds("levels").values[:, load_worlds("levels").names.index(entry.path)].mean())
    arguments = ["run", "baseline", *SMALL, "--worlds", "12", "--set", f"{entry.path}={value}", "--no-figures"]
    out = typed(capsys, *arguments, "--out", str(tmp_path / "out"))
    assert re.match(r"baseline: monthly posters typically \S+ in 12 plausible worlds, 9 in 10 between", out)
    assert "stay as set in every world" in out
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    assert runs[entry.path].tolist() == [pytest.approx(value)] * len(runs)
    found = json.loads(typed(capsys, *arguments, "--out", str(tmp_path / "out"), "--json"))
    assert found["worlds"] == 12
    mean = found["outcomes"]["monthly_readers"]["mean"]
    assert mean == pytest.approx((runs["weight.levels"] * runs["monthly_readers"]).sum())
    typed(
        capsys, "run", "baseline", *SMALL, "--worlds", "12", "--world-set", "interviews", "--out", str(tmp_path / "i")
    )
    assert [name for name in pd.read_parquet(tmp_path / "i" / "runs.parquet") if name.startswith("weight.")] == [
        "weight.interviews"
    ]


def test_a_scenario_that_sets_every_coefficient_is_run_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = "\n".join(f"  {one.name}: {one.default}" for one in COEFFICIENTS if one.path.startswith("behavior."))
    file = tmp_path / "own.yaml"
    file.write_text(f"name: own\nextends: baseline\nbehavior:\n{settings}\n")
    out = typed(capsys, "run", str(file), *SMALL, "--no-figures", "--out", str(tmp_path / "out"))
    assert "20 replications" in out.splitlines()[0]
    assert main(["run", str(file), *SMALL, "--worlds", "5", "--out", str(tmp_path / "other")]) == 2


def differences(values: np.ndarray, weights: np.ndarray | None = None) -> Any:
    return paired_difference(values, np.zeros(len(values)), weights=weights)


def test_the_default_values_are_named_where_they_say_the_opposite() -> None:
    even = np.full(40, 1 / 40)
    over_worlds = differences(np.linspace(-0.01, 0.09, 40), even)
    luck = np.random.default_rng(1).normal(0, 0.002, 20)
    for shift, is_named in ((-0.02, True), (0.02, False), (0.0, False)):
        at = differences(luck - luck.mean() + shift)
        assert is_opposite(over_worlds, at) == is_named
        for language, word in (("en", "the opposite"), ("nl", "het omgekeerde")):
            said = verdict(
                "a", "b", "monthly_posters", over_worlds, language=language, is_over_worlds=True,
                beside={DEFAULTS: at},
            )  # fmt: skip
            assert (word in said.text) == is_named
            assert said.kind == "differs"


def test_a_few_worlds_with_a_large_difference_decide_nothing() -> None:
    values = np.concatenate([np.full(33, -0.001), np.full(27, 0.4)]) + np.linspace(0, 1e-4, 60)
    found = differences(values, np.full(60, 1 / 60))
    assert found.low > 0  # the mean is surely above zero
    assert not found.is_sure  # and most worlds are not
    assert verdict("a", "b", "monthly_posters", found, is_over_worlds=True).kind == "cannot tell"


def test_shares_and_means_go_by_weight() -> None:
    weights = np.array([0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    found = differences(np.array([1.0, -1, -1, -1, -1, -1, 0]), weights)
    assert found.shares == pytest.approx((0.4, 0.5))
    assert found.mean == pytest.approx(-0.1)
    assert found.n == 7


def uneven(which: str) -> WorldSet:
    """Return eight worlds of a set that differ in weight."""
    found = load_worlds(which)
    weights = np.arange(1.0, 9.0)
    return WorldSet(found.names, found.values[:8], weights / weights.sum(), found.manifest, found.digest)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_one_share_everywhere_and_a_tie_is_neither_ahead_nor_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Worlds differ in weight: no count of them stands beside a share, and who ties is not ahead."""
    monkeypatch.setattr("sim.experiments.world_sets.load_worlds", uneven)
    out = str(tmp_path / "out")
    arguments = ["compare", A, B, *SMALL, "--worlds", "8", "--outcome", "monthly_posters"]
    first = typed(capsys, *arguments, "--report", "--lang", language, "--out", out).splitlines()[0]
    row = facts(tmp_path / "out", capsys, "monthly_posters")
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    weights = runs[runs["weight.levels"] > 0].drop_duplicates("point")["weight.levels"]
    assert weights.nunique() > 1
    a, b = row["share_of_worlds_a_greater"], row["share_of_worlds_b_greater"]
    assert 0 < a + b <= 1
    assert facts_share(tmp_path / "out") == pytest.approx(max(a, b))
    assert percent(max(a, b), 0, language) in first
    page = html.unescape((tmp_path / "out" / "report.html").read_text(encoding="utf-8")).replace("\u00a0", " ")
    of = {"en": "of", "nl": "van"}[language]
    answer = page[page.index('id="answer"') : page.index('id="who"')]
    assert f"{100 * max(a, b):.0f} {of} 100" in answer
    assert f"{100 * min(a, b):.0f} {of} 100" in answer
    assert not re.search(rf"\d {of} 8\b", answer)
    assert percent(max(a, b), 0, language) in re.sub("<[^>]*>", "", answer)


def test_the_same_scenario_twice_differs_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = typed(capsys, "compare", A, A, *SMALL, "--worlds", "2", "--report", "--out", str(tmp_path / "out"))
    assert "no difference at all in 2 of 2 plausible worlds" in out
    assert "What decides" not in out
    row = facts(tmp_path / "out", capsys)
    assert (row["share_of_worlds_a_greater"], row["share_of_worlds_b_greater"], row["decides"]) == (0, 0, [])
    assert "What decides" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_typical_time_that_lies_after_the_run_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where hardly anybody posts, three weeks are too few for a critical mass in some worlds."""
    arguments = ["run", "baseline", *SMALL, "--weeks", "3", "--set", "behavior.post_base=-5", "--worlds", "12"]
    out = typed(capsys, *arguments, "--outcome", "weeks_to_critical_mass", "--report", "--out", str(tmp_path / "out"))
    found = json.loads(typed(capsys, "results", str(tmp_path / "out"), "--json"))["results"]["outcomes"]
    times = found["weeks_to_critical_mass"]
    assert times["n_not_reached"] > 0
    assert times["p95"] > 3
    number = f"≥{times['p95']:.1f}"
    assert number in out.splitlines()[0]
    assert re.search(rf"weeks to critical mass .*, {number}\]", out)
    assert number in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_dots_and_shares_of_figures_are_those_of_the_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where runs lack values and worlds have several runs."""
    out = tmp_path / "out"
    arguments = ["compare", A, B, *SMALL, "--worlds", "12", "--replications", "3", "--outcome", "reply_rate"]
    typed(capsys, *arguments, "--no-figures", "--out", str(out))
    row = facts(out, capsys, "reply_rate")
    runs = pd.read_parquet(out / "runs.parquet")
    assert runs["reply_rate"].isna().any()
    found = by_point(runs, A, B, "reply_rate", "levels")
    assert len(found) == row["n"]
    for side, sign in (("a", 1), ("b", -1)):
        share = found["weight"][np.sign(found["difference"]) == sign].sum()
        assert share == pytest.approx(row[f"share_of_worlds_{side}_greater"])
    assert len(by_point(runs, A, B, "reach", DEFAULTS)) == row["all"]["differences"][0]["beside"][DEFAULTS]["n"]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_of_three_launches_the_report_says_what_the_interviews_say_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    out = tmp_path / "out"
    names = [A, B, "strict-rules"]
    arguments = ["compare", *names, *SMALL, "--worlds", "8", "--outcome", "monthly_readers", "--no-figures"]
    typed(capsys, *arguments, "--report", "--lang", language, "--out", str(out))
    runs = pd.read_parquet(out / "runs.parquet")
    means = {
        name: (own["weight.levels"] * own["monthly_readers"]).sum()
        for name, own in runs[runs["weight.levels"] > 0].groupby("scenario")
    }
    first = max(names, key=means.__getitem__)
    own = runs[runs["weight.interviews"] > 0]
    wide = own.pivot(index="point", columns="scenario", values="monthly_readers")
    weights = own.drop_duplicates("point").set_index("point")["weight.interviews"]
    is_first = (wide.drop(columns=first).lt(wide[first] - 1e-12, axis=0)).all(axis=1)
    share = percent(float(weights[is_first].sum() / weights.sum()), 0, language)
    page = html.unescape((out / "report.html").read_text(encoding="utf-8")).replace("\u00a0", " ")
    said = {
        "en": f"Among worlds that fit the interviews “{first}” is ahead of all others in {share}.",
        "nl": f"Van de werelden die bij de interviews passen staat “{first}” in {share} voor alle andere.",
    }
    assert said[language] in page
    assert {"en": "1 paired run in each", "nl": "1 paar runs in elk"}[language] in page
    answer = page[page.index('id="answer"') : page.index('id="who"')]
    assert {"en": "than “", "nl": "dan “"}[language] in answer  # what decides is about a pair


def test_a_scenario_looks_the_same_where_others_are_left_out() -> None:
    names = ["a", "b", "c", "d", "e"]
    assert look_of("e", names) == scenario_look(4)


@pytest.mark.parametrize("n", [9, 10])
def test_nine_in_ten_of_fewer_than_ten_worlds_is_not_said(
    n: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of six worlds the ends were the lowest and the highest, said as if one in ten lay beyond."""
    out = tmp_path / "pair"
    said = typed(capsys, "compare", A, B, *SMALL, "--worlds", str(n), "--out", str(out)).splitlines()[0]
    stored = typed(capsys, "results", str(out))
    alone = typed(capsys, "run", B, *SMALL, "--worlds", str(n), "--out", str(tmp_path / "one")).splitlines()[0]
    assert said in stored
    for sentence in (said, alone):
        assert ("9 in 10 between" in sentence, "too few worlds to say between" in sentence) == (n == 10, n == 9)
    rows = json.loads(typed(capsys, "results", str(out), "--json"))["results"]["differences"]
    row = next(row for row in rows if row["outcome"] == "monthly_posters")
    assert (row["p5"] is None, row["p95"] is None, row["median"] is None) == (n == 9, n == 9, False)
