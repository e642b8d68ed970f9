"""The questionnaire: one file from terminal and page; ranges drawn over with the worlds; what to find out first."""

from __future__ import annotations

import html
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from time_limits import BROWSER_SECONDS

from sim.__main__ import main
from sim.analysis.findings import WorldValues, find_out_lines
from sim.analysis.over_worlds import arms_of, drawn, kept_in, kept_lines, plan_over_worlds, with_answers
from sim.catalog.registry import PARAMETER_BY_PATH
from sim.experiments.questionnaire import DONT_KNOW, Answers, answers_text, load_answers, questions
from sim.experiments.world_sets import chosen_worlds
from sim.pages.questionnaire_page import questionnaire_page
from sim.pages.report.report import report_html
from sim.runs.manifest import arms_of as manifest_arms
from sim.runs.manifest import plan_facts
from sim.scenario import ScenarioError, load_scenario
from sim.scenario.loading import as_scenario
from sim.studies import compare
from sim.words import LANGUAGES, text

CHOSEN = {"trust": "most", "restriction": "hardly"}
SMALL = ["organization.employees=60", "run.weeks=4", "constants.unawareness=0", "behavior.read_base=-3"]


def ranges(*pairs: tuple[str, float, float]) -> Answers:
    return Answers({key: (low, high) for key, low, high in pairs}, "answers.yaml", "0" * 64)


def test_there_are_ten_questions_with_ranges_that_are_allowed() -> None:
    assert len(questions()) == len({each.key for each in questions()}) == 10
    for question in questions():
        entry = PARAMETER_BY_PATH[question.key]
        assert list(question.ranges)[-1] == DONT_KNOW
        for answer, (low, high) in question.ranges.items():
            assert entry.low <= low < high <= entry.high, (question.name, answer)
        if entry.plausible is not None:
            assert question.ranges[DONT_KNOW] == tuple(map(float, entry.plausible))
        for language in LANGUAGES:
            assert question.asked(language).endswith("?")
            assert len({question.option(answer, language) for answer in question.ranges}) == len(question.ranges)


def test_the_terminal_asks_and_writes_ranges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer by its number, a wrong one asked again, Enter and the end of the input for not knowing."""
    file = tmp_path / "answers.yaml"
    monkeypatch.setattr("sys.stdin", io.StringIO("3\n\n99\nx\n1\n"))
    assert main(["ask", "--out", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == answers_text({"trust": "most", "support": "hardly"}, "en")
    assert capsys.readouterr().out.count(text("en", "ask.again", n=5)) == 2
    found = load_answers(file)
    assert found.ranges["organization.trust"] == (0.6, 0.75)
    assert found.ranges["leadership.support"] == (0.0, 0.25)
    assert found.ranges["platform.integration"] == (0.0, 0.8)
    assert main(["ask", "--out", str(file)]) == 2
    assert "--force" in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_loads_nothing_and_begins_with_not_knowing(language: str) -> None:
    page = questionnaire_page(language)
    assert re.findall(r"https?://|<link|<img| src=", page) == []
    assert page.count("<fieldset>") == page.count("<legend>") == len(questions())
    assert html.escape(answers_text({}, language)) in page
    assert "[[" not in page


@pytest.mark.slow
def test_the_page_writes_what_the_terminal_writes(tmp_path: Path) -> None:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("chromium is missing") if os.environ.get("CI") else pytest.skip("chromium is missing")
    file = tmp_path / "ask.html"
    assert main(["ask", "--page", str(file), "--lang", "nl"]) == 0
    address = f"{file.as_uri()}#" + "&".join(f"{name}={answer}" for name, answer in CHOSEN.items())
    done = subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", address],
        capture_output=True, text=True, timeout=BROWSER_SECONDS, check=True, encoding="utf-8",
    )  # fmt: skip
    shown = re.search(r"<pre[^>]*>(.*?)</pre>", done.stdout, re.DOTALL)
    assert shown
    assert html.unescape(shown[1]) == answers_text(CHOSEN, "nl")


def test_every_mistake_of_a_file_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(
        "answers:\n  trust: all the way\n  luck: most\nranges:\n  organization.trust: {low: 0.9, high: 0.2}\n"
        "  launch.training: {low: 0, high: 2}\n  rules.guidance: 0.5\n  rules.mood: {low: 0, high: 1}\nmore: 1\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as refused:
        load_answers(file)
    places = {(each.line, each.path) for each in refused.value.problems}
    assert places == {
        (2, "answers.trust"), (3, "answers.luck"), (5, "ranges.organization.trust"), (6, "ranges.launch.training"),
        (7, "ranges.rules.guidance"), (8, "ranges.rules.mood"), (9, "more"),
    }  # fmt: skip
    for content in ("", "3", "answers:\n", "answers: 3\n", "ranges: [1]\n", "answers: {trust: [\n"):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(ScenarioError):
            load_answers(file)
    with pytest.raises(ScenarioError):
        load_answers(tmp_path / "none.yaml")


def test_answers_alone_and_ranges_alone_will_do(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("answers: {trust: few}\nranges: {launch.training: {low: 0.1, high: 0.1}}\n", encoding="utf-8")
    assert load_answers(file).ranges == {"organization.trust": (0.2, 0.4), "launch.training": (0.1, 0.1)}


def test_draws_are_even_and_move_no_other() -> None:
    one = ranges(("organization.trust", 0.2, 0.6))
    values = np.array(drawn(one, 40, 7)["organization.trust"])
    assert sorted(((values - 0.2) / 0.4 * 40).astype(int).tolist()) == list(range(40))
    assert not (np.diff(values) > 0).all()
    both = ranges(("rules.guidance", 0.0, 1.0), ("organization.trust", 0.2, 0.6))
    assert drawn(both, 40, 7)["organization.trust"] == values.tolist()
    assert drawn(one, 40, 8)["organization.trust"] != values.tolist()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two launches over twelve worlds and two answers, of which the second launch sets one itself."""
    path = tmp_path_factory.mktemp("answered")
    file = path / "answers.yaml"
    file.write_text("answers: {trust: few, participation: few, restriction: partly}\n", encoding="utf-8")
    scenarios = [load_scenario(name, SMALL) for name in ("collaboration", "leaders-post")]
    assert kept_in(arms_of(scenarios)[1], ["organization.trust", "leadership.participation"]) == (
        "leadership.participation",
    )
    compare(scenarios, worlds=12, answers=file, out=path / "out")
    return path / "out"


def test_worlds_and_answers_are_drawn_together_and_paired(folder: Path) -> None:
    runs = pd.read_parquet(folder / "runs.parquet")
    plan = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    experiment = plan["experiment"]["answers"]
    assert set(experiment["ranges"]) == {"organization.trust", "leadership.participation", "rules.restriction"}
    assert experiment["file"] == "answers.yaml"
    assert len(experiment["sha256"]) == 64
    trust = runs.pivot_table(index="point", columns="scenario", values="organization.trust")
    assert (trust["collaboration"] == trust["leaders-post"]).all()
    of_worlds = runs[runs["weight.levels"] > 0].drop_duplicates("point")["organization.trust"]
    assert len(of_worlds) == 12
    assert of_worlds.between(0.2, 0.4).all()
    assert of_worlds.nunique() == 12
    at_defaults = runs[runs["weight.levels"] + runs["weight.interviews"] == 0]["organization.trust"]
    assert at_defaults.unique().tolist() == pytest.approx([0.3])


def test_what_a_launch_sets_itself_stays(folder: Path) -> None:
    """The runs of the launch that sets participation are those without that answer."""
    from sim.analysis.results import read_stored, study_of

    study = study_of(read_stored(folder))
    assert study.plan.arms[1].resolved["leadership"]["participation"] == 0.9
    file = folder.parent / "two.yaml"
    file.write_text("answers: {trust: few, restriction: partly}\n", encoding="utf-8")
    again = compare([load_scenario(name, SMALL) for name in ("collaboration", "leaders-post")], worlds=12, answers=file)
    values = {
        name: table.loc[table["weight.levels"] > 0].groupby("scenario")["interactions_per_employee_month"].apply(list)
        for name, table in (("with", pd.read_parquet(folder / "runs.parquet")), ("without", again.runs))
    }
    assert values["with"]["leaders-post"] == values["without"]["leaders-post"]
    assert values["with"]["collaboration"] != values["without"]["collaboration"]


def test_a_usual_value_that_ones_own_file_sets_stays_too(tmp_path: Path) -> None:
    """What ships says what is usual, which no answer leaves alone; what one's own file or option says is known."""
    file, parent = tmp_path / "own.yaml", tmp_path / "parent.yaml"
    parent.write_text("extends: baseline\nleadership: {participation: 0.3}\n", encoding="utf-8")
    file.write_text("extends: parent.yaml\norganization: {trust: 0.6}\n", encoding="utf-8")
    keys = ["organization.trust", "leadership.participation", "leadership.support", "launch.training"]
    answers = ranges(*((key, 0.1, 0.9) for key in keys))
    own = as_scenario(load_scenario(file), ["leadership.support=0.5"])
    arms = arms_of([own, load_scenario("collaboration")], answers)
    assert [kept_in(arm, keys) for arm in arms] == [tuple(keys[:3]), ()]
    assert len(kept_lines(answers, arms, "nl")) == 3
    plan = plan_over_worlds(arms, chosen_worlds(4, 1), 1, 1, answers=answers)
    again = manifest_arms({"scenarios": plan_facts(plan)["scenarios"]})
    assert [kept_in(arm, keys) for arm in again] == [tuple(keys[:3]), ()]
    values = [{plan.scenario_at(arm.name, point)["organization"]["trust"] for point in range(4)} for arm in arms]
    assert values[0] == {0.6}
    assert len(values[1]) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_says_what_to_find_out_first(folder: Path, language: str) -> None:
    page = html.unescape(report_html(folder, language))
    assert text(language, "board.unknown_not_asked") not in page
    assert any(text(language, f"ask.short.{name}") in page for name in ("trust", "restriction"))


def test_hours_are_a_range_where_an_answer_is_one(folder: Path) -> None:
    """Leaders take part for 0 to 0.2 in one launch by the answer, for 0.9 in the other, which says so itself."""
    groups = pd.read_parquet(folder / "groups.parquet")
    runs = pd.read_parquet(folder / "runs.parquet")
    used = runs.loc[(runs["weight.levels"] > 0) & (runs["scenario"] == "collaboration"), "run_id"]
    staff = groups[groups["run_id"].isin(used) & (groups["grouping"] == "level") & (groups["group"] == "staff")]
    n_leaders = 60 - staff["n_employees"].mean()
    first = report_html(folder, "en").split('<section id="reasons"')[0]
    assert f"0–{0.2 * n_leaders:.0f}</td>" in first
    assert f">{0.9 * n_leaders:.0f}</td>" in first


def test_the_answer_that_decides_comes_first() -> None:
    generator = np.random.default_rng(3)
    n = 80
    keys = ("organization.trust", "rules.guidance", "launch.training")
    factors = {key: generator.random(n) for key in keys}
    difference = factors["rules.guidance"] - 0.5 + 0.05 * generator.standard_normal(n)
    blocks = {
        "a": {"monthly_posters": (0.5 + difference / 2)[:, None]},
        "b": {"monthly_posters": np.full((n, 1), 0.5)},
    }
    lines = find_out_lines(
        WorldValues(blocks, factors, np.full(n, 1 / n)), keys, ("a", "A"), ("b", "B"), "monthly_posters", "en"
    )
    assert lines[0] == text("en", "study.answers.first")
    assert text("en", "ask.short.guidance") in lines[1]
    assert text("en", "ask.short.trust") in lines[-1]
    blocks["a"]["monthly_posters"] = np.full((n, 1), 0.6)
    lines = find_out_lines(
        WorldValues(blocks, factors, np.full(n, 1 / n)), keys, ("a", "A"), ("b", "B"), "monthly_posters", "en"
    )
    assert len(lines) == 1
    assert lines[0].startswith("No answer would turn the advice")
    blocks["a"]["monthly_posters"][:9] = 0.4
    lines = find_out_lines(
        WorldValues(blocks, factors, np.full(n, 1 / n)), keys, ("a", "A"), ("b", "B"), "monthly_posters", "en"
    )
    assert len(lines) == 1
    assert lines[0].startswith("Which answer would turn the advice cannot be told")


def test_a_sweep_draws_over_them_but_for_what_it_sets_itself() -> None:
    from sim.experiments import load_experiment

    experiment = load_experiment("framing")
    answers = ranges(("organization.trust", 0.2, 0.4), ("launch.training", 0.0, 0.5))
    found, kept = with_answers(experiment, answers)
    there = {key for factor in experiment.factors for key in factor.keys}
    assert set(kept) == there & set(answers.ranges)
    added = [factor for factor in found.uncertainties if factor not in experiment.uncertainties]
    assert {factor.name for factor in added} == set(answers.ranges) - there


def test_answers_and_default_values_contradict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("answers: {trust: few}\n", encoding="utf-8")
    assert main(["run", "baseline", "--at-defaults", "--answers", str(file), "--out", str(tmp_path / "out")]) == 2
    assert "--answers" in capsys.readouterr().err
