"""Sweeps over plausible worlds: every strategy meets every world, with the coefficients that the world has."""

from __future__ import annotations

import html
import json
from collections import namedtuple
from pathlib import Path

import pandas as pd
import pytest

from sim.__main__ import main
from sim.analysis.sweeping.standing import over_worlds, points_over_worlds
from sim.analysis.verdict import beside_sentence
from sim.catalog.registry import COEFFICIENTS
from sim.errors import InputError
from sim.experiments import load_experiment
from sim.experiments.points import DEFAULTS
from sim.experiments.world_sets import chosen_worlds
from sim.runs.designs import design_points, plan_for_experiment
from sim.words import percent

LISTED = """
name: small
base: baseline
set: {organization.employees: 40, run.weeks: 2}
design: grid
levers:
  launch.framing: [like_facebook, collaboration]
  rules.restriction: [0.0, 0.5, 1.0]
replications: 2
outcomes: [monthly_readers, monthly_posters]
"""
DRAWN = (
    LISTED
    + """
uncertainties:
  organization.trust: {low: 0.3, high: 0.8}
  behavior.worth: registry
samples: 20
"""
)


def experiment_from(folder: Path, text: str):
    """Return an experiment from the text of a file."""
    file = folder / "small.yaml"
    file.write_text(text)
    return load_experiment(str(file), [], False)


@pytest.mark.parametrize("text", [LISTED, DRAWN], ids=["listed", "drawn"])
def test_every_strategy_meets_every_world_as_it_is(tmp_path: Path, text: str) -> None:
    found = chosen_worlds(5, 3, "prior")
    experiment = over_worlds(experiment_from(tmp_path, text), found)
    points = points_over_worlds(experiment, found)
    # Beside a design that is repeated in each world it is run at the default values: 20 runs of each strategy.
    n_beside = 6 * 20 // 2 if text is LISTED else 0
    assert experiment.n_points == 6 * 5
    assert points.n_points == 6 * 5 + n_beside
    defaults = {entry.path: entry.default for entry in COEFFICIENTS}
    for point in range(30, points.n_points):
        changes = points.changes(0, point)
        assert {key: changes[key] for key in found.keys} == {key: defaults[key] for key in found.keys}
    assert sum(points.weights["prior"][:30]) == pytest.approx(1)
    assert sum(points.weights[DEFAULTS][30:] if n_beside else [1.0]) == pytest.approx(1)
    pairs = list(zip(points.strategy, points.world, strict=True))
    assert len(set(pairs)) == 30 + n_beside
    for point in range(30):
        changes = points.changes(0, point)
        assert {key: changes[key] for key in found.keys} == dict(found.settings[points.world[point]])
    if text is DRAWN:  # a draw of the experiment's own goes with one world
        trust = [points.factors["organization.trust"][point] for point in range(30)]
        assert len(set(zip(points.world, trust, strict=True))) == len(set(trust)) == 5


def test_the_plan_runs_what_the_points_say(tmp_path: Path) -> None:
    found = chosen_worlds(3, 3, "prior")
    experiment = over_worlds(experiment_from(tmp_path, DRAWN), found)
    plan = plan_for_experiment(experiment, points_over_worlds(experiment, found))
    assert len(plan.runs) == 6 * 3 * 2
    assert experiment.name == "small-over-worlds"


def test_in_a_design_that_draws_everything_each_point_has_a_world(tmp_path: Path) -> None:
    found = chosen_worlds(3, 1, "prior")
    experiment = over_worlds(
        experiment_from(tmp_path, LISTED.replace("design: grid", "design: sobol\nsamples: 8")), found
    )
    points = points_over_worlds(experiment, found)
    assert points.n_points == experiment.samples == 8
    given = [{key: points.changes(0, point)[key] for key in found.keys} for point in range(8)]
    assert all(each in [dict(world) for world in found.settings] for each in given)
    assert sum(points.weights["prior"]) == pytest.approx(1)
    assert len(set(points.luck)) == 8


def test_the_command_ranks_over_worlds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(DRAWN)
    options = ["--worlds", "4", "--out", str(tmp_path / "out"), "--jobs", "1", "--quiet", "--no-figures", "--json"]
    assert main(["sweep", str(file), *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["experiment"] == "small-over-worlds"
    assert main(["sweep", str(file), "--at-defaults", "--worlds", "4", "--out", str(tmp_path / "other")]) == 2
    assert not (tmp_path / "other").exists()


OWN = "name: own\nextends: baseline\nbehavior: {peers: 0.0, read_habit: 0.0}\n"


def test_coefficients_that_a_base_sets_itself_stay_as_set_in_every_world(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    found = chosen_worlds(3, 3, "prior")
    given = experiment_from(tmp_path, LISTED.replace("base: baseline", "base: [own.yaml, baseline]"))
    experiment = over_worlds(given, found)
    plan = plan_for_experiment(experiment, points_over_worlds(experiment, found))
    for point in range(plan.n_points):
        number = plan.points.world[point]  # those beyond the worlds are runs at the default values
        world = found.settings[number] if number < 3 else {entry.path: entry.default for entry in COEFFICIENTS}
        own, usual = (plan.scenario_at(name, point)["behavior"] for name in ("own", "baseline"))
        assert (own["peers"], own["read_habit"]) == (0.0, 0.0)
        assert usual["peers"] == world["behavior.peers"] != 0.0
        assert own["reactance"] == usual["reactance"] == world["behavior.reactance"]


def test_levers_and_own_ranges_of_coefficients_stay_as_set_in_every_world(tmp_path: Path) -> None:
    levers = "behavior.post_risk: [0.0, 1.0]\n  peers: {without: {behavior.peers: 0.0}, as they are: {}}"
    text = LISTED.replace("rules.restriction: [0.0, 0.5, 1.0]", levers)
    text += "uncertainties: {behavior.worth: {low: 9.0, high: 10.0}}\nsamples: 2\n"
    found = chosen_worlds(4, 3, "prior")
    experiment = over_worlds(experiment_from(tmp_path, text), found)
    points = points_over_worlds(experiment, found)
    plan = plan_for_experiment(experiment, points)
    assert points.n_points == 4 * 8
    for point in range(points.n_points):
        behavior = plan.scenario_at("baseline", point)["behavior"]
        assert behavior["post_risk"] == points.factors["behavior.post_risk"][point]
        assert 9.0 <= behavior["worth"] <= 10.0
        if points.factors["peers"][point] == "without":
            assert behavior["peers"] == 0.0
        else:
            assert behavior["peers"] == points.factors["behavior.peers"][point] > 0.0


def test_worlds_with_nothing_to_say_are_refused(tmp_path: Path) -> None:
    settings = "\n".join(f"  {entry.name}: {entry.default}" for entry in COEFFICIENTS)
    (tmp_path / "own.yaml").write_text(f"name: own\nextends: baseline\nbehavior:\n{settings}\n")
    with pytest.raises(InputError, match="nothing left that worlds could say"):
        over_worlds(
            experiment_from(tmp_path, LISTED.replace("base: baseline", "base: own.yaml")), chosen_worlds(2, 1, "prior")
        )


def test_what_a_base_sets_itself_stays_where_the_registry_varies_all_coefficients(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    text = (
        LISTED.replace("base: baseline", "base: [own.yaml, baseline]")
        + "uncertainties: {behavior: registry}\nsamples: 3\n"
    )
    experiment = experiment_from(tmp_path, text)
    plan = plan_for_experiment(experiment, design_points(experiment))
    peers = [
        [plan.scenario_at(name, point)["behavior"]["peers"] for point in range(18)] for name in ("own", "baseline")
    ]
    assert set(peers[0]) == {0.0}
    assert len(set(peers[1])) == 3
    alone = experiment_from(tmp_path, text.replace("[own.yaml, baseline]", "own.yaml"))
    assert {"behavior.peers", "behavior.read_habit"}.isdisjoint(factor.name for factor in alone.factors)
    named = experiment_from(tmp_path, text.replace("behavior: registry", "behavior.peers: registry"))
    plan = plan_for_experiment(named, design_points(named))
    assert len({plan.scenario_at("own", point)["behavior"]["peers"] for point in range(18)}) == 3


PAIR = """
name: pair
base: baseline
set: {organization.employees: 40, run.weeks: 4}
design: grid
levers: {launch.framing: [like_facebook, collaboration]}
outcomes: [monthly_readers, alive]
"""


def test_a_sweep_says_what_a_comparison_says_beside_its_worlds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The worlds that fit the interviews, and the default values alone: the same runs, shares and first line."""
    (tmp_path / "pair.yaml").write_text(PAIR)
    common = ["--worlds", "12", "--jobs", "1", "--quiet", "--no-figures"]
    options = [*common, "--report", "--out", str(tmp_path / "sweep")]
    assert main(["sweep", str(tmp_path / "pair.yaml"), *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    small = ["--set", "organization.employees=40", "--weeks", "4"]
    assert main(["compare", "like-facebook", "collaboration", *small, *common, "--out", str(tmp_path / "compare")]) == 0
    pair = pd.read_parquet(tmp_path / "compare" / "differences.parquet").set_index("outcome").loc["monthly_readers"]
    places = pd.read_parquet(tmp_path / "sweep" / "strategies.parquet")
    places = places[places["outcome"] == "monthly_readers"].set_index("strategy")
    shares = [pair[f"interviews_share_{side}_greater"] for side in "ab"]
    assert places["interviews_share_first"].tolist() == pytest.approx(shares)
    assert places["share_first"].tolist() == pytest.approx([pair[f"share_of_worlds_{side}_greater"] for side in "ab"])
    assert (places["interviews_n_units"] == pair["interviews_n"]).all()
    is_surely_behind = not pair["defaults_low"] <= 0 <= pair["defaults_high"]
    assert places["defaults_is_tied_with_first"].tolist() == [
        not (is_surely_behind and sign * pair["defaults_mean"] < 0) for sign in (1, -1)
    ]
    first = places.sort_values("rank").iloc[0]
    said = f"among worlds that fit the interviews, in {percent(first['interviews_share_first'], 0)}"
    assert said in lines[1]
    page = html.unescape((tmp_path / "sweep" / "report.html").read_text(encoding="utf-8"))
    assert said in page
    assert "Beside these, 20 runs of each at the default values of all coefficients." in lines
    # What was run beside them is no part of the answer, nor of what is asked of the runs.
    summary = pd.read_parquet(tmp_path / "sweep" / "summary.parquet")
    assert set(summary["n_worlds"]) == {12}
    assert main(["sensitivity", str(tmp_path / "sweep"), "--quiet", "--no-figures", "--out", str(tmp_path / "s")]) in (
        0,
        2,
    )
    assert "24 points" in capsys.readouterr().out


def test_the_first_line_of_a_sweep_says_what_the_default_values_say(tmp_path: Path) -> None:
    row = namedtuple("row", ["interviews_n_units", "interviews_share_first", "defaults_rank",
                             "defaults_is_tied_with_first"])  # fmt: skip
    for language, word in (("en", "say otherwise"), ("nl", "iets anders")):
        assert word in beside_sentence(row(12, 0.7, 2.0, False), "other", language)
        assert "other" in beside_sentence(row(12, 0.7, 2.0, False), "other", language)
        assert "70%" in beside_sentence(row(12, 0.7, 2.0, True), "other", language)
        assert word not in beside_sentence(row(12, 0.7, 2.0, True), "other", language)
        assert "70%" not in beside_sentence(row(3, 0.7, 1.0, True), "other", language)
    assert beside_sentence(namedtuple("row", ["rank"])(1.0), "", "en") == ""
