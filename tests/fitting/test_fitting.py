"""Learning from the first weeks: known answers, bands that hold the truth, and what a fit leaves behind."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.__main__ import main
from sim.analysis.over_worlds import plan_of
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.catalog.registry import PARAMETER_BY_PATH
from sim.errors import InputError
from sim.evidence.fitting.fit import Fitted, fit, read_fit, summary_of, warnings_of
from sim.evidence.fitting.from_week import from_week
from sim.evidence.fitting.learning import Learner, Prior, band, checked, error_covariance, observed
from sim.experiments.world_sets import InWorlds, worlds_asked_for
from sim.experiments.worlds import load_worlds
from sim.exports.usage import WEEK, Figure
from sim.kernel.streams import keyed_generator
from sim.runs.worker import Engine
from sim.scenario import load_scenario, scenario_from_mapping
from sim.studies import compare


class Result(NamedTuple):
    outcomes: dict[str, float]
    reasons: dict[str, str]
    series: dict[str, np.ndarray]
    groups: list[dict[str, Any]]


def level_of(behavior: dict[str, float]) -> float:
    """Return where the toy levels off, on a scale without ends."""
    return -1.0 + 2.0 * (behavior["read_base"] - PARAMETER_BY_PATH["behavior.read_base"].default)


def simulate(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Give weeks that one coefficient decides, with some luck of each run."""
    luck = np.random.Generator(np.random.Philox(key=seed))
    weeks = resolved["run"]["weeks"]
    level = level_of(resolved["behavior"]) + 0.1 * luck.standard_normal()
    share = 1.0 / (1.0 + np.exp(-level + 0.2 * luck.standard_normal(weeks)))
    series = dict.fromkeys(OUTCOME_NAMES, share)
    outcomes = {name: float(values[-4:].mean()) for name, values in series.items()}
    return Result({**outcomes, "alive": 1.0}, {}, series, [])


def warm_up() -> None:
    """Have nothing to compile."""


TOY = Engine(simulate, warm_up)
USAGE = "week,readers\n" + "".join(f"{week},{count}\n" for week, count in enumerate((81, 79, 84, 80, 77, 82), start=1))


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """Return a fit of the toy to six weeks in which 40% of 200 people read."""
    folder = tmp_path_factory.mktemp("fit")
    (folder / "usage.csv").write_text(USAGE, encoding="utf-8")
    scenario = scenario_from_mapping({"name": "own", "organization": {"employees": 200}, "run": {"weeks": 12}})
    return fit(scenario, [folder / "usage.csv"], out=folder / "out", runs=400, engine=TOY)


def test_the_band_holds_what_the_one_coefficient_that_decides_makes_of_it(fitted: Fitted) -> None:
    row = next(row for row in fitted.summary["forecast"] if row["outcome"] == "monthly_readers")
    assert row["after_low"] < 0.4 < row["after_high"]
    assert abs(row["after_middle"] - 0.4) < 0.04
    assert row["after_high"] - row["after_low"] < 0.6 * (row["before_high"] - row["before_low"])
    assert row["cut"] > 0.4
    assert 0.75 <= row["coverage"] <= 1.0


def test_its_worlds_have_that_coefficient_and_keep_what_says_nothing_as_it_was(fitted: Fitted) -> None:
    worlds, prior = load_worlds(fitted.folder), Prior()
    before = prior.values(prior.draw(400, keyed_generator("test", 1)))
    place = worlds.names.index("behavior.read_base")
    levels = -1.0 + 2.0 * (worlds.values[:, place] - PARAMETER_BY_PATH["behavior.read_base"].default)
    assert abs(worlds.weights @ levels - np.log(0.4 / 0.6)) < 0.2
    assert worlds.values[:, place].std() < 0.5 * before[:, place].std()
    others = [name for name in worlds.names if name in ("behavior.talk", "behavior.leaders", "behavior.post_risk")]
    for name in others:
        place = worlds.names.index(name)
        assert 0.7 < worlds.values[:, place].std() / before[:, place].std() < 1.3


def test_what_was_seen_lies_in_the_band_of_its_worlds(fitted: Fitted) -> None:
    assert [row["seen"] for row in fitted.figures] == [0.405, 0.395, 0.42, 0.4, 0.385, 0.41]
    assert all(row["fit_low"] < row["seen"] < row["fit_high"] for row in fitted.figures)
    assert not any(row["is_outside"] for row in fitted.figures)
    assert not fitted.summary["is_far"]
    assert warnings_of(fitted.summary) == []


def test_a_fit_again_is_the_same_fit_and_a_damaged_one_is_refused(fitted: Fitted, tmp_path: Path) -> None:
    scenario = scenario_from_mapping({"name": "own", "organization": {"employees": 200}, "run": {"weeks": 12}})
    (tmp_path / "usage.csv").write_text(USAGE, encoding="utf-8")
    again = fit(scenario, [tmp_path / "usage.csv"], out=tmp_path / "out", runs=400, engine=TOY)
    for name in ("worlds.csv", "figures.csv", "forecast.csv"):
        assert (again.folder / name).read_bytes() == (fitted.folder / name).read_bytes()
    assert summary_of(again.folder) is not None
    (again.folder / "figures.csv").write_text("figure\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"figures\.csv: damaged"):
        summary_of(again.folder)


def test_a_fit_is_shown_again_from_its_folder(fitted: Fitted, capsys: pytest.CaptureFixture[str]) -> None:
    again = read_fit(fitted.folder)
    assert again.summary == {**fitted.summary, "date": again.summary["date"]}
    assert [row.keys() for row in again.figures] == [row.keys() for row in fitted.figures]
    assert main(("results", str(fitted.folder), "--lang", "nl")) == 0
    words = capsys.readouterr().out
    assert "Wat te verwachten is van de laatste 4" in words
    assert main(("results", str(fitted.folder), "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["n_outside"], len(told["figures_seen"])) == (fitted.summary["n_outside"], len(fitted.figures))
    assert main(("results", str(fitted.folder), "--outcome", "alive")) == 2


def test_reality_beyond_all_worlds_is_told_first(tmp_path: Path) -> None:
    # Up and down from week to week as no run of the toy is.
    (tmp_path / "usage.csv").write_text("week,readers\n1,2\n2,198\n3,2\n4,198\n5,1\n6,199\n", encoding="utf-8")
    scenario = scenario_from_mapping({"name": "own", "organization": {"employees": 200}, "run": {"weeks": 12}})
    found = fit(scenario, [tmp_path / "usage.csv"], out=tmp_path / "out", runs=240, engine=TOY)
    assert found.summary["is_far"]
    assert {row["after_middle"] for row in found.summary["forecast"]} == {None}  # nothing is told there
    assert json.loads((found.folder / "fitted.json").read_text(encoding="utf-8")) == found.summary
    assert any(
        "no simulated organization shows figures like yours" in warning for warning in warnings_of(found.summary)
    )


def test_more_people_than_there_are_and_weeks_beyond_the_run_are_refused(tmp_path: Path) -> None:
    scenario = scenario_from_mapping({"organization": {"employees": 50}, "run": {"weeks": 4}})
    (tmp_path / "usage.csv").write_text("week,readers\n1,20\n2,51\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"usage\.csv:3:readers: 51 readers of week 2, but .* has 50 employees"):
        fit(scenario, [tmp_path / "usage.csv"], out=tmp_path / "out", engine=TOY)
    (tmp_path / "usage.csv").write_text("week,readers\n5,20\n", encoding="utf-8")
    with pytest.raises(InputError, match="figures are about week 5, but the scenario is run for 4 weeks"):
        fit(scenario, [tmp_path / "usage.csv"], out=tmp_path / "out", engine=TOY)
    assert not (tmp_path / "out").exists()
    (tmp_path / "other.csv").write_text("week,readers\n1,many\n", encoding="utf-8")
    (tmp_path / "third.csv").write_text("week,readers\n1,few\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        fit(scenario, [tmp_path / "other.csv", tmp_path / "third.csv"], out=tmp_path / "out", engine=TOY)
    assert [line.split(":")[0] for line in caught.value.lines] == ["other.csv", "third.csv"]


def test_a_large_organization_is_simulated_smaller_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "usage.csv").write_text("week,readers\n1,8000\n2,8100\n", encoding="utf-8")
    scenario = scenario_from_mapping({"organization": {"employees": 20000}, "run": {"weeks": 6}})
    found = fit(scenario, [tmp_path / "usage.csv"], out=tmp_path / "out", runs=160, engine=TOY)
    assert (found.summary["employees"], found.summary["employees_simulated"]) == (20000, 5000)
    assert found.figures[0]["seen"] == 0.4
    assert any("5,000 employees in the place of 20,000" in warning for warning in warnings_of(found.summary))


# --- what is learned, against a closed form ------------------------------------------------------------------------


def test_regression_finds_the_posterior_of_a_linear_model() -> None:
    generator = np.random.default_rng(1)
    truth = generator.standard_normal((4000, 1))
    shown = truth @ np.array([[1.0, 0.5]])
    covariance = np.diag([0.25, 0.25])
    learner = Learner(shown, covariance, generator)
    low, middle, high = band(learner.given(np.array([1.0, 0.5])), truth)[:, 0]
    precision = 1.0 + (1.0 + 0.25) / 0.25
    mean, sd = (1.0 + 0.25) / 0.25 / precision, precision**-0.5
    assert abs(middle - mean) < 0.05
    assert abs((high - low) - 2 * 1.645 * sd) < 0.12
    check = checked(learner, shown, truth, np.arange(300), generator)
    assert 0.85 < check.holds[0] < 0.95
    assert abs(check.error[0] - sd) < 0.05
    assert abs(check.error_before[0] - 1.0) < 0.1


def test_errors_of_one_figure_go_together_and_those_of_others_do_not() -> None:
    told = (
        ("readers", 1, "weeks", 0.0), ("readers", 8, "weeks", 0.0), ("posters", 1, "people", 0.0),
        ("readers", 1, "daily", 0.4),
    )  # fmt: skip
    figures = [Figure(name, WEEK, week, 1.0, False, kind, slack, "") for name, week, kind, slack in told]
    covariance = error_covariance(figures)
    assert covariance[0, 1] > 0.009
    assert covariance[0, 2] == 0.0
    assert covariance[3, 3] > covariance[0, 0] + 0.15
    assert covariance[2, 2] > 4 * covariance[0, 0] - 0.03
    assert np.linalg.eigvalsh(covariance).min() > 0


def test_a_count_of_posts_is_one_a_week_as_runs_have_it_a_month() -> None:
    seen = observed([Figure("posts", WEEK, 2, 30.0, False, "weeks", 0.0, "")], 100)
    runs = seen.of_series({"posts_per_employee_month": np.array([[0.0, 1.2, 0.0]])})
    assert seen.values[0] == pytest.approx(0.3)
    assert runs[0, 0] == pytest.approx(0.3)


# --- from a week on ------------------------------------------------------------------------------------------------


def scenario(name: str, **sections: Any) -> Any:
    return scenario_from_mapping({"name": name, "organization": {"employees": 40}, "run": {"weeks": 12}, **sections})


def test_launches_share_the_weeks_that_were_lived() -> None:
    lived = scenario("lived", changes=[{"week": 3, "set": {"rules.restriction": 0.4}}])
    other = scenario(
        "other", leadership={"participation": 0.9}, launch={"framing": "like_facebook"},
        changes=[{"week": 10, "set": {"rules.work_only": True}}],
    )  # fmt: skip
    found = from_week([lived, other], 9)
    first, second = (each.resolved() for each in found.scenarios)
    assert first["changes"] == lived.resolved()["changes"]
    assert {key: value for key, value in second.items() if key not in ("name", "changes")} == {
        key: value for key, value in first.items() if key not in ("name", "changes")
    }
    assert [change["week"] for change in second["changes"]] == [3, 8, 10]
    assert second["changes"][1]["set"]["leadership.participation"] == 0.9
    assert second["changes"][1]["set"]["launch.framing"]["social"] == 0.8
    assert "from week 9 on: " in found.notes[1]
    plan = plan_of(list(found.scenarios), InWorlds(at_defaults=True), 1)
    from sim.model.simulation import simulate as real

    a, b = (real(dict(plan.resolved(run)), run.seed, with_groups=False).series for run in plan.runs)
    readers = np.array([a["weekly_readers"], b["weekly_readers"]])
    assert np.array_equal(readers[0, :8], readers[1, :8])
    assert not np.array_equal(a["frame_social"][8:], b["frame_social"][8:])


def test_what_is_past_cannot_change() -> None:
    lived = scenario("lived")
    with pytest.raises(InputError, match=r"other: organization\.trust, launch\.training cannot change .*leadership"):
        from_week([lived, scenario("other", launch={"training": 0.9}, organization={"employees": 40, "trust": 0.9})], 9)
    with pytest.raises(InputError, match="must be from 2 to 12, is 13"):
        from_week([lived, scenario("other")], 13)
    early = scenario("early", changes=[{"week": 2, "set": {"rules.restriction": 0.4}}])
    with pytest.raises(InputError, match="changes before week 9 must be those of “lived”"):
        from_week([lived, early], 9)


def test_worlds_of_a_fit_answer_and_one_of_the_launches_must_have_been_lived(fitted: Fitted) -> None:
    own = scenario_from_mapping({"name": "own", "organization": {"employees": 200}, "run": {"weeks": 12}})
    other = scenario_from_mapping(
        {"name": "other", "organization": {"employees": 200}, "run": {"weeks": 12}, "leadership": {"support": 0.9}}
    )
    found = from_week([other, own], 7, fitted.folder)
    assert found.scenarios[1].resolved()["changes"] == []
    tables = compare(found.scenarios, worlds=fitted.folder, engine=TOY)
    worlds = load_worlds(fitted.folder)
    assert set(tables.differences["n"]) == {len(worlds.weights)}
    row = tables.summary[(tables.summary["scenario"] == "own") & (tables.summary["outcome"] == "monthly_readers")]
    assert abs(float(row["mean"].iloc[0]) - 0.4) < 0.03
    with pytest.raises(InputError, match="must be the one that the fit is about"):
        from_week([other, other], 7, fitted.folder)


def test_a_folder_without_worlds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no worlds\.csv"):
        worlds_asked_for(tmp_path)
    with pytest.raises(InputError, match="leave --world-set"):
        worlds_asked_for(tmp_path, "levels")


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_from_an_export_to_a_comparison(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text("name: own\norganization: {employees: 60}\nrun: {weeks: 10}\n", encoding="utf-8")
    (tmp_path / "other.yaml").write_text("extends: own.yaml\nname: other\nrules: {guidance: 0.9}\n", encoding="utf-8")

    def typed(*words: str, code: int = 0) -> str:
        assert main(words) == code, capsys.readouterr()
        return capsys.readouterr().out

    typed("new-staff", "usage.csv", "--usage", "graph", "--people", "60", "--weeks", "4")
    typed("fit", "own.yaml", "--usage", "usage.csv", "--runs", "120", "--jobs", "1", "--quiet", "--out", "fit")
    assert {"fitted.json", "fit.png", "worlds.csv", "figures.csv", "forecast.csv"} <= {
        file.name for file in Path("fit").iterdir()
    }
    for file in Path("fit").rglob("*"):
        if file.is_file():
            assert b"someone" not in file.read_bytes().lower(), file
            assert str(tmp_path).encode() not in file.read_bytes(), file
    words = typed("fit", "own.yaml", "--usage", "usage.csv", "--runs", "120", "--quiet", "--out", "fit", "--lang", "nl")
    assert "Wat te verwachten is van de laatste 4 van 10 weken" in words
    told = json.loads(
        typed("fit", "own.yaml", "--usage", "usage.csv", "--runs", "120", "--quiet", "--out", "fit", "--json")
    )
    assert told["usage"]["last_week"] == 4
    assert len(told["figures_seen"]) == 16
    compared = json.loads(
        typed(
            "compare", "own.yaml", "other.yaml", "--worlds", "fit", "--from-week", "5", "--quiet", "--json",
            "--no-figures", "--jobs", "1", "--report", "--out", "compared",
        )
    )  # fmt: skip
    assert compared["world_source"] == "own"
    assert compared["from_week"] == 5
    page = (tmp_path / "compared" / "report.html").read_text(encoding="utf-8")
    assert "nothing changes on the way" in page
    assert "from week 5: " in page  # the page for the board says what changes, and tells what to watch from then on
    assert "<th>Week 5</th>" in re.sub(r"<th[^>]*>", "<th>", page)
    assert "<th>Week 1</th>" not in re.sub(r"<th[^>]*>", "<th>", page)
    typed("fit", "own.yaml", code=2)
    typed("fit", "own.yaml", "--usage", "usage.csv", "--launch", "soon", code=2)
    typed("compare", "own.yaml", "other.yaml", "--worlds", "nowhere", code=2)


def test_a_shipped_scenario_is_the_same_lived_scenario_whatever_its_length() -> None:
    from sim.evidence.fitting.fit import lived_hash

    whole, short = load_scenario("baseline").resolved(), load_scenario("baseline", ["run.weeks=20"]).resolved()
    assert lived_hash(whole) == lived_hash(short)
    assert lived_hash(whole) != lived_hash(load_scenario("like-facebook").resolved())
