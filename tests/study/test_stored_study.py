"""A study that is read back says exactly what the fresh one said, whatever was compared."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import fakes
import numpy as np
import pytest

from sim.analysis.conduct import Study, conduct
from sim.analysis.over_worlds import arms_of, plan_over_worlds
from sim.analysis.results import read_stored, study_of
from sim.catalog.registry import COEFFICIENTS
from sim.experiments.points import Points
from sim.experiments.world_sets import ChosenWorlds
from sim.runs.columns import points_of_table, points_table
from sim.runs.folder import JOURNAL_NAME, PARTS_NAME
from sim.runs.plan import Plan, make_plan
from sim.runs.progress import Silent
from sim.runs.records import Finished, Journal, encode
from sim.runs.store import open_store
from sim.runs.worker import Engine
from sim.scenario import load_scenario

RESTRICTIONS = (0.0, 0.3, 1.0)
# A coefficient that may have all of these values, whatever it is called.
KEY = next(entry.path for entry in COEFFICIENTS if entry.kind == "float" and entry.low == 0.0 and entry.high == 1.0)
DRAWN = (0.1, 0.2, 0.1, 0.3, 0.4, 0.1, 0.3)


def simulate(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> fakes.Result:
    """Give what `fakes` gives, moved by the world."""
    found = fakes.simulate(resolved, seed, with_groups)
    moved = resolved["behavior"][KEY.removeprefix("behavior.")] * (1 - resolved["rules"]["restriction"])
    outcomes = {name: value + moved for name, value in found.outcomes.items()}
    return found._replace(outcomes={**outcomes, "alive": float(outcomes["alive"] > 1.2)})


def scenarios(n: int) -> list[Any]:
    """Return so many scenarios that differ in the restriction."""
    return [
        load_scenario("baseline", {"run.weeks": 3, "rules.restriction": value, "name": f"r{value}"})
        for value in RESTRICTIONS[:n]
    ]


def plan_of(n_scenarios: int, is_over_worlds: bool) -> Plan:
    """Return the plan of a study: of one scenario or several, over worlds or not."""
    arms = arms_of(scenarios(n_scenarios))
    if not is_over_worlds:
        return make_plan(arms, 5, 3)
    settings = tuple({KEY: value} for value in DRAWN)
    n = len(settings)
    weights = {"levels": np.r_[np.zeros(2), np.full(n - 2, 1 / (n - 2))], "interviews": np.full(n, 1 / n)}
    found = ChosenWorlds("levels", settings, weights, dict.fromkeys(weights, ""), dict.fromkeys(weights, n))
    return plan_over_worlds(arms, found, 2, 3, 4)


def plain(value: Any) -> Any:
    """Return a value in which NaN equals NaN."""
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in value]
    return value


def said_by(study: Study) -> dict[str, Any]:
    """Return everything that a study says."""
    left_out = {"plan", "is_stored"}
    names = [field.name for field in dataclasses.fields(study) if field.name not in left_out]
    return {name: plain(getattr(study, name)) for name in names}


CASES = pytest.mark.parametrize(
    ("n_scenarios", "is_over_worlds"), [(1, False), (2, False), (3, False), (2, True), (3, True)]
)


@CASES
def test_a_study_read_back_is_the_very_same(tmp_path: Path, n_scenarios: int, is_over_worlds: bool) -> None:
    plan = plan_of(n_scenarios, is_over_worlds)
    with open_store(tmp_path / "out", plan, "new") as store:
        fresh = conduct(store, Engine(simulate, fakes.warm_up), 1, Silent())
    stored = study_of(read_stored(tmp_path / "out"))
    assert said_by(stored) == said_by(fresh)
    verdicts = [[row.verdict(language) for row in study.differences for language in ("en", "nl")]
                for study in (fresh, stored)]  # fmt: skip
    assert verdicts[0] == verdicts[1]
    if is_over_worlds:
        assert stored.plan.points is not None
        assert plan.points is not None
        np.testing.assert_array_equal(stored.plan.points.alike(), plan.points.alike())
        assert any(math.isfinite(row.paired.low) for row in stored.differences)


def test_a_study_that_is_going_on_says_why_values_are_missing(tmp_path: Path) -> None:
    plan = plan_of(3, is_over_worlds=True)
    folder = tmp_path / "out"
    with open_store(folder, plan, "new") as store:
        fresh = conduct(store, Engine(simulate, fakes.warm_up), 1, Silent())
    records = []
    for run in plan.runs:
        found = simulate(dict(plan.resolved(run)), run.seed)
        records.append(encode(Finished(run.run_id, found.outcomes, found.reasons, {}, [], 0.1)))
    for name in ("runs", "reasons"):
        (folder / f"{name}.parquet").unlink()
    journal = Journal(folder / PARTS_NAME / JOURNAL_NAME)
    journal.append(records)
    journal.close()
    assert said_by(study_of(read_stored(folder))) == said_by(fresh)


@pytest.mark.parametrize(
    "values",
    [
        lambda: [0.1, 0.2, 0.1],
        lambda: ["b", "a", "b"],
        lambda: [True, False, True],
        lambda: [2, 3, 2],
        lambda: [None, 0.5, None],
    ],
)
def test_points_come_back_from_their_table(values: Callable[[], list[Any]]) -> None:
    points = Points({"x": values(), "y": [1.5, 1.5, 1.5]}, {"x": True, "y": False}, ({},), [0, 1, 2], [0, 0, 0])
    found = points_of_table(points_table(points), points.is_lever, 1)
    assert found.factors == points.factors
    assert (found.strategy, found.world, found.is_lever) == (points.strategy, points.world, points.is_lever)
    assert found.alike().tolist() == [0, 1, 0]


def test_points_of_which_nothing_is_known_are_not_one() -> None:
    assert Points({}, {}, ({},), [0, 0, 0], [0, 1, 2]).alike().tolist() == [0, 1, 2]
