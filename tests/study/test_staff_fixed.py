"""A staff file that changes while it is used: no results folder holds runs of two workforces."""

from __future__ import annotations

from pathlib import Path

import fakes
import pytest

from sim.analysis.conduct import conduct
from sim.analysis.over_worlds import plan_for
from sim.analysis.results import read_tables
from sim.errors import ChangedStaffError, InputError
from sim.exports.staff import read_staff, staff_as_planned, staff_hash
from sim.runs.plan import Plan
from sim.runs.progress import Silent
from sim.runs.store import open_store
from sim.runs.worker import Engine
from sim.scenario import load_scenario


def write_staff(file: Path, trust: float, n: int = 20) -> None:
    """Write a staff file."""
    rows = [f"e{i},{20 + i % 45},d{i % 3},{trust}" for i in range(n)]
    file.write_text("\n".join(["employee,age,department,trust", *rows]) + "\n")


def trust_of_staff(resolved: dict, seed: int, with_groups: bool = True) -> fakes.Result:
    """Give the trust in the staff file as an outcome; the first run ends with another file in its place."""
    file = Path(resolved["organization"]["workforce"])
    trust = float(read_staff(file).numbers["trust"][0])
    found = fakes.simulate(resolved, seed)
    write_staff(file, 0.9)
    return found._replace(outcomes={**found.outcomes, "monthly_posters": trust})


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    write_staff(tmp_path / "staff.csv", 0.1)
    (tmp_path / "own.yaml").write_text(
        "name: own\norganization: {workforce: staff.csv}\nrun: {weeks: 4, replications: 6}\n"
    )
    return plan_for([load_scenario(tmp_path / "own.yaml")], None, None)


def test_all_runs_use_the_file_as_it_was_when_planned(tmp_path: Path, plan: Plan) -> None:
    with open_store(tmp_path / "out", plan, "new") as store:
        conduct(store, Engine(trust_of_staff, fakes.warm_up), 1, Silent())
    assert set(read_tables(tmp_path / "out")["runs"]["monthly_posters"]) == {0.1}


def test_a_file_that_changed_before_it_was_read_stops_the_study(tmp_path: Path, plan: Plan) -> None:
    changed = tmp_path / "staff.csv"
    write_staff(changed, 0.7)
    fresh = {str(changed): "0" * 64}
    with staff_as_planned(fresh), pytest.raises(ChangedStaffError, match=r"staff\.csv changed while it was used"):
        read_staff(changed)


def test_workers_that_start_after_the_change_stop_it_too(tmp_path: Path, plan: Plan) -> None:
    write_staff(tmp_path / "staff.csv", 0.9)
    with open_store(tmp_path / "out", plan, "new") as store:
        with pytest.raises(InputError, match=r"staff\.csv changed while it was used"):
            conduct(store, Engine(trust_of_staff, fakes.warm_up), 2, Silent())
        assert not store.finished
        assert not store.failed


def test_the_plan_knows_the_file_by_content(tmp_path: Path, plan: Plan) -> None:
    file = str(tmp_path / "staff.csv")
    before = staff_hash(file)
    assert plan.staff == {file: before}
    write_staff(tmp_path / "staff.csv", 0.9)
    with plan.as_planned():
        assert staff_hash(file) == before
    assert staff_hash(file) != before
    assert plan.scenario_at("own", 0)["organization"]["employees"] == 20
    other = plan_for([load_scenario(tmp_path / "own.yaml")], None, None)
    assert {run.content_hash for run in other.runs}.isdisjoint(run.content_hash for run in plan.runs)


def test_a_resume_with_another_file_is_another_plan(tmp_path: Path, plan: Plan) -> None:
    with open_store(tmp_path / "out", plan, "new") as store:
        conduct(store, Engine(trust_of_staff, fakes.warm_up), 1, Silent())
    other = plan_for([load_scenario(tmp_path / "own.yaml")], None, None)
    with pytest.raises(InputError, match="own: the content of the workforce file"):
        open_store(tmp_path / "out", other, "resume")
