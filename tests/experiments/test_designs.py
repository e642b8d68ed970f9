"""The points of a design: which there are, that each is the scenario it says, and that they are always the same."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from time_limits import PROGRAM_SECONDS
from work_counted import calls_of

from sim.errors import InputError
from sim.experiments import Experiment, experiment_from_mapping
from sim.experiments.points import Points
from sim.runs.designs import design_points, points_from_unit
from sim.scenario import scenario_from_mapping

GRID: dict[str, Any] = {
    "base": "baseline",
    "design": "grid",
    "levers": {"launch.framing": ["like_facebook", "collaboration"], "rules.restriction": [0, 0.5, 1]},
}
WORLDS = {"organization.trust": {"low": 0.2, "high": 0.8}, "rules.work_only": [False, True]}
ROLLOUT = {
    "fast": {"launch.waves": "all_at_once", "launch.campaign.weeks": 2},
    "slow": {"launch.waves": {"pilot": [0], "every_weeks": 3}},
}


def points_of(mapping: dict[str, Any], *overrides: str) -> Points:
    return design_points(experiment_from_mapping(mapping, list(overrides)))


def rows(points: Points) -> list[tuple[Any, ...]]:
    return list(zip(*points.factors.values(), strict=True))


def resolved(experiment: Experiment, points: Points, arm: int, point: int) -> dict[str, Any]:
    """Return the resolved scenario of a point, laid over as the plan does it."""
    values = copy.deepcopy(experiment.bases[arm].resolved())
    for path, value in points.changes(arm, point).items():
        *groups, last = path.split(".")
        place = values
        for group in groups:
            place = place[group]
        place[last] = value
    return values


# --- which points there are


def test_grid_is_every_combination_levers_last() -> None:
    points = points_of(GRID)
    assert rows(points) == [
        (framing, restriction) for framing in ("like_facebook", "collaboration") for restriction in (0.0, 0.5, 1.0)
    ]
    assert list(points.strategy) == [0, 1, 2, 3, 4, 5]
    assert set(points.world) == {0}
    assert all(type(value) is float for value in points.factors["rules.restriction"])


def test_every_strategy_meets_every_world() -> None:
    points = points_of({**GRID, "uncertainties": WORLDS, "samples": 5})
    assert points.n_points == 6 * 5 * 2
    pairs = set(zip(points.strategy, points.world, strict=True))
    assert len(pairs) == points.n_points
    assert (max(points.strategy), max(points.world)) == (5, 9)
    assert list(points.strategy[:6]) == [0, 1, 2, 3, 4, 5]  # all strategies in one world before the next
    assert set(points.world[:6]) == {0}
    trust = np.array(points.factors["organization.trust"])
    assert len(set(trust.tolist())) == 5
    strata = np.floor((np.unique(trust) - 0.2) / 0.6 * 5)
    assert sorted(strata.tolist()) == [0, 1, 2, 3, 4]  # one draw from each fifth


def test_zip_goes_in_step() -> None:
    levers = {"rules.restriction": {"low": 0, "high": 1, "steps": 3}, "rules.guidance": [0.8, 0.4, 0.0]}
    points = points_of({"base": "baseline", "design": "zip", "levers": levers})
    assert rows(points) == [(0.0, 0.8), (0.5, 0.4), (1.0, 0.0)]
    uncertain = {"organization.trust": "registry"}
    points = points_of(
        {"base": "baseline", "design": "zip", "levers": levers, "uncertainties": uncertain, "samples": 4}
    )
    assert points.n_points == 12
    assert max(points.strategy) == 2


def test_list_is_its_rows() -> None:
    strategies = [
        {"name": "strict", "set": {"rules.restriction": 1}},
        {"rules": {"guidance": 0.9}, "launch.waves": {"pilot": [1]}},
        {"name": "as it is", "set": {}},
    ]
    experiment = experiment_from_mapping({"base": "baseline", "design": "list", "strategies": strategies})
    points = design_points(experiment)
    long = "rules.guidance=0.9, launch.waves={pilot: [1]}"
    assert rows(points) == [("strict",), (long,), ("as it is",)]
    assert [row.name for row in experiment.strategies] == ["strict", long, "as it is"]
    assert resolved(experiment, points, 0, 2) == experiment.bases[0].resolved()
    assert resolved(experiment, points, 0, 1)["launch"]["waves"] == {"pilot": [1], "every_weeks": 4}


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_sampled_designs_cover_everything_evenly(design: str) -> None:
    points = points_of(
        {
            "base": "baseline",
            "design": design,
            "levers": {"launch.framing": ["mixed", "news"], "rollout": ROLLOUT, "platform.communities": "registry"},
            "uncertainties": {"organization.trust": {"low": 0.0, "high": 1.0}, "rules.work_only": [False, True]},
            "samples": 64,
        }
    )
    assert points.n_points == 64
    assert list(points.strategy) == list(points.world) == list(range(64)) or len(set(points.strategy)) > 32
    trust = np.sort(np.array(points.factors["organization.trust"]))
    assert np.abs(trust - (np.arange(64) + 0.5) / 64).max() <= 1 / 64
    for name in ("launch.framing", "rollout", "rules.work_only"):
        values = list(points.factors[name])
        assert [values.count(value) for value in sorted(set(values))] == [32, 32]
    communities = points.factors["platform.communities"]
    assert all(type(value) is int and 5 <= value <= 60 for value in communities)


def test_where_nothing_of_a_side_varies_its_number_is_0() -> None:
    points = points_of(
        {"base": "baseline", "design": "latin_hypercube", "uncertainties": {"behavior": "registry"}, "samples": 7}
    )
    assert set(points.strategy) == {0}
    assert list(points.world) == list(range(7))
    assert not any(points.is_lever.values())


# --- that a point is the scenario that it says


def test_leaves_are_what_differs_from_the_arm() -> None:
    experiment = experiment_from_mapping({**GRID, "base": ["collaboration", "low-trust"]})
    points = design_points(experiment)
    framing = [f"launch.framing.{name}" for name in ("social", "collaboration", "broadcast", "association", "clarity")]
    assert list(points.leaves[1]) == [*framing, "rules.restriction"]
    # The two launches are equally clear, and hold as little news.
    assert list(points.leaves[0]) == [framing[0], framing[1], framing[3], "rules.restriction"]
    assert resolved(experiment, points, 1, 0)["organization"]["trust"] == experiment.bases[1].organization.trust


def test_a_single_value_that_differs_from_the_arm_counts() -> None:
    points = points_of({"base": "baseline", "design": "grid", "levers": {"rules.restriction": [0.9]}})
    assert points.leaves == ({"rules.restriction": points.factors["rules.restriction"]},)


def test_bundles_lists_and_deep_keys() -> None:
    experiment = experiment_from_mapping(
        {
            "base": "patient-rollout",
            "design": "grid",
            "levers": {
                "rollout": {**ROLLOUT, "later": {"changes": [{"week": 5, "set": {"rules.restriction": 1}}]}},
            },
        }
    )
    points = design_points(experiment)
    scenarios = [resolved(experiment, points, 0, point) for point in range(3)]
    assert [one["launch"]["waves"] for one in scenarios] == [
        "all_at_once",
        {"pilot": [0], "every_weeks": 3},
        {"pilot": [0], "every_weeks": 4},
    ]
    assert [one["launch"]["campaign"]["weeks"] for one in scenarios] == [2, 26, 26]
    assert [len(one["changes"]) for one in scenarios] == [0, 0, 1]


def test_one_number_of_a_framing_starts_from_the_preset() -> None:
    alternatives = {"loud": {"launch.framing.association": 1.0, "launch.framing": "knowledge"}, "usual": None}
    experiment = experiment_from_mapping({"base": "baseline", "design": "grid", "levers": {"message": alternatives}})
    points = design_points(experiment)
    framing = resolved(experiment, points, 0, 0)["launch"]["framing"]
    assert (framing["collaboration"], framing["association"], framing["clarity"]) == (0.85, 1.0, 0.8)
    assert resolved(experiment, points, 0, 1) == experiment.bases[0].resolved()


def test_a_deeper_key_changes_no_other_point() -> None:
    both = {"launch.waves": {"pilot": [0], "every_weeks": 3}, "launch.waves.every_weeks": 9}
    experiment = experiment_from_mapping({"base": "baseline", "design": "grid", "levers": {"rollout": {"a": both}}})
    design_points(experiment)
    assert experiment.levers[0].alternatives[0].settings["launch.waves"]["every_weeks"] == 3
    assert resolved(experiment, design_points(experiment), 0, 0)["launch"]["waves"]["every_weeks"] == 9


def test_weeks_between_waves_make_a_launch_in_waves() -> None:
    experiment = experiment_from_mapping(
        {"base": "baseline", "design": "grid", "levers": {"launch.waves.every_weeks": [1, 6]}}
    )
    points = design_points(experiment)
    assert resolved(experiment, points, 0, 1)["launch"]["waves"] == {"pilot": [0], "every_weeks": 6}


FACTORS: dict[str, Any] = {
    "launch.framing": ["mixed", {"social": 0.2, "collaboration": 0.5, "broadcast": 0.3}, "news"],
    "rollout": ROLLOUT,
    "rules.work_only": [True, False],
    "organization.remote_share": [None, 0.4],
    "organization.employees": {"low": 20, "high": 3000, "distribution": "log_uniform"},
    "leadership.appraisal": {"low": -1, "high": 1, "distribution": "normal", "mean": 0, "sd": 0.3},
    "behavior": "registry",
}


@pytest.fixture(scope="module")
def varied() -> Experiment:
    return experiment_from_mapping(
        {"base": ["baseline", "patient-rollout"], "method": "morris", "samples": 4, "uncertainties": FACTORS}
    )


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_point_is_the_scenario_that_its_settings_give(varied: Experiment, data: st.DataObject) -> None:
    """The fast way gives the very scenario that loading the settings as a file would give."""
    n = len(varied.factors)
    draws = data.draw(st.lists(st.floats(0, 1), min_size=n, max_size=n))
    points = points_from_unit(varied, np.array([draws]))
    overrides: dict[str, Any] = {}
    for factor, (value,) in zip(varied.factors, points.factors.values(), strict=True):
        overrides |= factor.settings(value)
    for arm, base in enumerate(varied.bases):
        expected = scenario_from_mapping(base.resolved(), overrides)
        assert resolved(varied, points, arm, 0) == expected.resolved()


def test_draws_must_fit(varied: Experiment) -> None:
    with pytest.raises(ValueError, match="columns"):
        points_from_unit(varied, np.zeros((3, 2)))
    with pytest.raises(ValueError, match="from 0 to 1"):
        points_from_unit(varied, np.full((3, len(varied.factors)), 1.5))
    with pytest.raises(ValueError, match="no design"):
        design_points(varied)


# --- points that cannot be


def test_points_that_contradict_themselves_are_named_with_their_values() -> None:
    with pytest.raises(InputError) as caught:
        points_of(
            {
                "base": "baseline",
                "design": "grid",
                "levers": {"launch.waves": ["all_at_once", {"pilot": [6]}], "rules.restriction": [0, 1]},
                "uncertainties": {"organization.departments": [4, 8]},
            }
        )
    text = (
        "(launch.waves={pilot: [6]}, organization.departments=4): launch.waves.pilot[0]: department 6 does not exist; "
        "the 4 departments are numbered from 0 to 3"
    )
    assert caught.value.lines == (f"experiment: point 2 {text}", f"experiment: point 3 {text}")


def test_very_many_wrong_points_are_counted() -> None:
    with pytest.raises(InputError) as caught:
        points_of(
            {
                "base": "baseline",
                "design": "latin_hypercube",
                "uncertainties": {"launch.framing.social": {"low": 0.5, "high": 1}, "rules.guidance": "registry"},
                "samples": 50,
            }
        )
    assert len(caught.value.lines) == 11
    assert caught.value.lines[0].startswith("experiment: point 0 (launch.framing.social=")
    assert "launch.framing: social, collaboration and broadcast must sum to 1" in caught.value.lines[0]
    assert "rules.guidance" not in caught.value.lines[0]
    assert caught.value.lines[-1] == "experiment: ... and 40 more of 50 points contradict themselves"


# --- always the same, and fast

SAMPLED = {
    "base": "baseline",
    "design": "latin_hypercube",
    "levers": {"launch.framing": ["mixed", "news"], "rollout": ROLLOUT},
    "uncertainties": {"organization.trust": "registry", "behavior": "registry"},
    "samples": 16,
}


def as_bytes(points: Points) -> bytes:
    plain: Sequence[Any] = (
        {name: list(values) for name, values in points.factors.items()},
        [{leaf: list(values) for leaf, values in leaves.items()} for leaves in points.leaves],
        list(points.strategy),
        list(points.world),
    )
    return repr(plain).encode()


@pytest.mark.parametrize("design", ["grid", "latin_hypercube", "sobol"])
def test_same_experiment_same_points(design: str) -> None:
    mapping = {**SAMPLED, "design": design}
    first = as_bytes(points_of(mapping))
    np.random.seed(5)  # noqa: NPY002 (a global generator must have no say)
    assert as_bytes(points_of(mapping)) == first
    assert as_bytes(points_of(mapping, "seed=2")) != first


def test_same_points_in_another_process() -> None:
    script = (
        "from sim.experiments import experiment_from_mapping\n"
        "from sim.runs.designs import design_points\n"
        f"points = design_points(experiment_from_mapping({SAMPLED!r}))\n"
        "print([list(values) for values in points.factors.values()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True, timeout=PROGRAM_SECONDS
    )
    assert done.stdout.strip() == repr([list(values) for values in points_of(SAMPLED).factors.values()])


def test_points_can_be_sent_to_another_process() -> None:
    points = points_of(SAMPLED)
    assert as_bytes(pickle.loads(pickle.dumps(points))) == as_bytes(points)


def test_a_point_is_little_work() -> None:
    few, many = (experiment_from_mapping({**SAMPLED, "samples": n}) for n in (100, 1000))
    each = (calls_of(design_points, many) - calls_of(design_points, few)) / 900
    assert each < 1800  # it was 885
