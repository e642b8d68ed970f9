"""Sweeps over plausible worlds: every strategy meets every world, with the coefficients that the world has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.errors import InputError
from sim.scenario.experiment import load_experiment
from sim.study.experiments import plan_for_experiment
from sim.study.scorecard.worlds import worlds
from sim.study.sweeping.plausible import over_worlds, points_over_worlds

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
  behavior.read_fun: registry
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
    found = worlds(5, 3, "prior")
    experiment = over_worlds(experiment_from(tmp_path, text), found)
    points = points_over_worlds(experiment, found)
    assert points.n_points == experiment.n_points == 6 * 5
    pairs = list(zip(points.strategy, points.world, strict=True))
    assert len(set(pairs)) == 30
    for point in range(30):
        changes = points.changes(0, point)
        assert {key: changes[key] for key in found.keys} == dict(found.settings[points.world[point]])
    if text is DRAWN:  # a draw of the experiment's own goes with one world
        trust = [points.factors["organization.trust"][point] for point in range(30)]
        assert len(set(zip(points.world, trust, strict=True))) == len(set(trust)) == 5


def test_the_plan_runs_what_the_points_say(tmp_path: Path) -> None:
    found = worlds(3, 3, "prior")
    experiment = over_worlds(experiment_from(tmp_path, DRAWN), found)
    plan = plan_for_experiment(experiment, points_over_worlds(experiment, found))
    assert len(plan.runs) == 6 * 3 * 2
    assert experiment.name == "small-over-worlds"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("design: grid", "design: sobol\nsamples: 4"), "needs a design of listed strategies"),
        (("rules.restriction: [0.0, 0.5, 1.0]", "behavior.post_risk: [0.0, 1.0]"), "leave out behavior.post_risk"),
    ],
)
def test_what_cannot_be_combined_is_refused(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    experiment = experiment_from(tmp_path, LISTED.replace(*change))
    with pytest.raises(InputError, match=message):
        over_worlds(experiment, worlds(2, 1, "prior"))


def test_the_command_ranks_over_worlds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(DRAWN)
    options = ["--worlds", "4", "--out", str(tmp_path / "out"), "--jobs", "1", "--quiet", "--no-figures", "--json"]
    assert main(["sweep", str(file), *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["experiment"] == "small-over-worlds"
    assert main(["sweep", str(file), "--world-source", "prior", "--out", str(tmp_path / "other")]) == 2
    assert not (tmp_path / "other").exists()
