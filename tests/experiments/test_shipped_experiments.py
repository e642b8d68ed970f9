"""The shipped experiments: that they are there, say what they are for, and are as large as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.catalog.registry import COEFFICIENTS
from sim.experiments import load_experiment
from sim.runs.designs import design_points, points_from_unit
from sim.scenario.library import experiment_file, experiment_names

PROMISED = {
    "framing", "launch-strategies", "rules", "champions", "organizations", "sensitivity-morris", "sensitivity-sobol",
    "sensitivity-framing",
}  # fmt: skip
SECONDS_PER_STAFF_WEEK = 1e-6  # 500 staff for 52 weeks take about 15 ms; this leaves room for a slower machine


def test_all_promised_experiments_are_there() -> None:
    assert set(experiment_names()) >= PROMISED


@pytest.mark.parametrize("name", experiment_names())
@pytest.mark.parametrize("quick", [False, True], ids=["full", "quick"])
def test_every_point_is_a_scenario(name: str, quick: bool) -> None:
    experiment = load_experiment(name, quick=quick)
    if experiment.design is not None:
        points = design_points(experiment)
        assert points.n_points == experiment.n_points
    else:
        unit = np.random.default_rng(1).random((200, len(experiment.factors)))
        assert points_from_unit(experiment, unit).n_points == 200


@pytest.mark.parametrize("name", experiment_names())
def test_it_says_what_question_it_answers(name: str) -> None:
    experiment = load_experiment(name)
    assert experiment.name == name
    assert "?" in experiment.description
    assert "Look at" in experiment.description
    file = experiment_file(name)
    assert file is not None
    assert file.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", experiment_names())
def test_the_small_version_takes_well_under_a_minute(name: str) -> None:
    experiment = load_experiment(name, quick=True)
    staff = max(base.organization.employees for base in experiment.bases)
    for factor in experiment.factors:
        if factor.name == "organization.employees" and factor.spread is not None:
            low, high = factor.spread.low, factor.spread.high
            staff = math.ceil((high - low) / math.log(high / low))  # mean of a range even in the logarithm
    seconds = experiment.n_runs * (0.001 + staff * experiment.bases[0].run.weeks * SECONDS_PER_STAFF_WEEK)
    assert seconds < 15


def test_launch_strategies_are_many() -> None:
    points = design_points(load_experiment("launch-strategies"))
    assert max(points.strategy) + 1 == 4 * 3 * 3 * 2
    assert set(points.factors) >= {"launch.framing", "rules", "rollout", "leadership"}


def test_organizations_are_155_different_firms() -> None:
    experiment = load_experiment("organizations")
    points = design_points(experiment)
    assert points.n_points == 155
    employees = list(points.factors["organization.employees"])
    assert (min(employees), max(employees)) == (50, 5000) or (min(employees) < 60 and max(employees) > 4500)
    assert 400 < np.median(employees) < 600
    assert set(points.factors["staff"]) == {"dutch_all", "dutch_finance", "dutch_public", "american"}
    assert [base.name for base in experiment.bases] == ["collaboration", "like-facebook"]


def test_sobol_study_is_the_size_that_was_promised() -> None:
    experiment = load_experiment("sensitivity-sobol")
    assert (len(experiment.factors), experiment.samples, experiment.replications) == (8, 512, 5)
    assert experiment.n_runs == 46_080
    assert experiment.bases[0].organization.employees == 300
    assert experiment.bases[0].run.weeks == 26


def test_sensitivity_to_framing_leaves_the_framing_alone() -> None:
    experiment = load_experiment("sensitivity-framing")
    assert [base.name for base in experiment.bases] == ["collaboration", "like-facebook"]
    varied = {factor.name for factor in experiment.factors}
    assert not [name for name in varied if name.startswith("launch.framing")]
    assert {entry.path for entry in COEFFICIENTS if entry.plausible is not None} <= varied
    assert {name.split(".")[0] for name in varied} == {"organization", "launch", "rules", "leadership", "behavior"}
