"""The Mesa face: real agents, live views, data collection, and the same run as without Mesa."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import mesa
import numpy as np
import pytest
from engine_runs import BUSY, state_hash
from time_limits import PROGRAM_SECONDS

from sim import IntranetModel
from sim.catalog.registry import by_section
from sim.model.employee import Employee
from sim.model.person_columns import COLUMNS
from sim.model.simulation import Simulation
from sim.model.state import PERSON
from sim.scenario import scenario_from_mapping

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def scenario():
    """A small busy organization."""
    return scenario_from_mapping(
        by_section(BUSY), {"organization.employees": 60, "run.weeks": 6, "launch.training": 0.3}
    )


@pytest.fixture
def model(scenario) -> IntranetModel:
    """Its model before the first day."""
    return IntranetModel(scenario, rng=3)


class TestModel:
    """Steps, seeds, outcomes."""

    def test_it_is_a_mesa_model(self, model: IntranetModel) -> None:
        assert isinstance(model, mesa.Model)
        assert (model.steps, model.day, model.week, model.running) == (0, 0, 0, True)

    def test_run_equals_a_loop_of_steps(self, scenario, model: IntranetModel) -> None:
        model.run()
        other = IntranetModel(scenario, rng=3)
        while other.running:
            other.step()
        plain = Simulation(scenario.resolved(), 3)
        plain.run()
        assert model.steps == other.steps == 30
        assert not model.running
        hashes = {state_hash(one.simulation) for one in (model, other)} | {state_hash(plain)}
        assert len(hashes) == 1
        assert model.outcomes() == pytest.approx(other.outcomes(), rel=0.0, abs=0.0, nan_ok=True)
        assert model.series().equals(other.series())

    def test_run_can_follow_steps(self, scenario, model: IntranetModel) -> None:
        for _ in range(7):
            model.step()
        assert (model.steps, model.day, model.week) == (7, 7, 1)
        model.run()
        other = IntranetModel(scenario, rng=3)
        other.run_model()
        assert model.steps == other.steps == 30
        assert state_hash(model.simulation) == state_hash(other.simulation)

    def test_beyond_the_horizon(self, model: IntranetModel) -> None:
        model.run()
        with pytest.raises(RuntimeError, match="the run is over"):
            model.step()

    def test_the_seed_of_the_scenario_is_the_default(self, scenario) -> None:
        assert IntranetModel(scenario).seed == scenario.run.seed
        assert IntranetModel(scenario, rng=0).seed == 0

    @pytest.mark.parametrize("rng", [-1, 1.5, "1", True, np.random.default_rng(1)])
    def test_only_whole_numbers_make_a_run_repeatable(self, scenario, rng) -> None:
        with pytest.raises(TypeError, match="rng must be an integer of 0 or more"):
            IntranetModel(scenario, rng=rng)

    def test_series_are_a_table_by_week(self, model: IntranetModel) -> None:
        assert len(model.series()) == 0
        for _ in range(12):
            model.step()
        table = model.series()
        assert table.index.tolist() == [1, 2]
        assert table.index.name == "week"
        np.testing.assert_array_equal(table["reach"], model.simulation.series["reach"][:2])
        assert set(model.reasons()) == {name for name, value in model.outcomes().items() if np.isnan(value)}

    def test_an_organization_from_elsewhere(self, scenario, model: IntranetModel) -> None:
        from sim.organization import build_contacts, build_workforce

        resolved = scenario.resolved()
        workforce = build_workforce(resolved["organization"], 20, 3)
        contacts = build_contacts(workforce, resolved["organization"]["contacts"], 3)
        older = workforce._replace(age=workforce.age + 1.0)
        given = IntranetModel(scenario, rng=3, workforce=older, contacts=contacts)
        assert [a.age + 1.0 for a in model.agents] == [a.age for a in given.agents]


class TestAgents:
    """`model.agents` and the live views."""

    def test_select_agg_get(self, model: IntranetModel) -> None:
        model.run()
        table = model.simulation.table
        assert len(model.agents) == 60
        posters = model.agents.select(lambda employee: employee.n_posts > 0)
        n_posts = table["n_work_posts"] + table["n_questions"] + table["n_social_posts"]
        assert 0 < len(posters) == (n_posts > 0).sum()
        assert model.agents.agg("trust", np.mean) == pytest.approx(table["trust"].mean())
        assert model.agents.get("habit") == table["habit"].tolist()
        assert model.agents.get(["row", "age"])[5] == [5, table["age"][5]]
        assert model.agents_by_type[Employee] is not None
        assert model.agent_types == [Employee]
        assert sorted(model.agents.groupby("level").groups) == sorted(set(table["level"].tolist()))

    def test_agents_are_mesa_agents(self, model: IntranetModel) -> None:
        employee = model.employee(4)
        assert isinstance(employee, mesa.Agent)
        assert employee.unique_id == 5
        assert employee.row == 4
        assert list(model.agents.select(lambda a: a.row == 4)) == [employee]

    def test_every_column_can_be_read_and_written_or_says_why_not(self, model: IntranetModel) -> None:
        assert set(COLUMNS) == {name for name, _ in PERSON}
        employee = model.employee(7)
        for name, kind in PERSON:
            before, column = getattr(employee, name), COLUMNS[name]
            value = (
                before
                if name == "expertise_topic"
                else 1
                if kind is np.int32 or name in {"trained", "champion"}
                else 0.375
            )
            if column.kept_by:
                with pytest.raises(AttributeError, match=f"{name}.*can only be read"):
                    setattr(employee, name, value)
                assert getattr(employee, name) == before
            else:
                setattr(employee, name, value)
                assert getattr(employee, name) == value == model.simulation.table[name][7]
            assert type(getattr(employee, name)) is (int if kind is np.int32 else float)

    def test_views_are_live(self, model: IntranetModel) -> None:
        employee = model.employee(7)
        model.simulation.table["habit"][7] = 0.625
        assert employee.habit == 0.625
        employee.habit = 0.25
        assert model.simulation.table["habit"][7] == 0.25

    def test_writing_changes_what_people_do(self, scenario) -> None:
        usual, eager = IntranetModel(scenario, rng=3), IntranetModel(scenario, rng=3)
        eager.employee(7).inclination = 40.0
        eager.employee(7).habit = 1.0
        usual.run()
        eager.run()
        assert eager.employee(7).n_posts > usual.employee(7).n_posts

    def test_frame_shares(self, model: IntranetModel) -> None:
        employee = model.employee(1)
        employee.frame_social, employee.frame_collaboration, employee.frame_broadcast = 1.0, 2.0, 5.0
        assert employee.frame_shares == (0.125, 0.25, 0.625)

    def test_people_around(self, model: IntranetModel) -> None:
        world, table = model.simulation.world, model.simulation.table
        for employee in model.agents:
            first, last = world.offsets[employee.row], world.offsets[employee.row + 1]
            assert [contact.row for contact in employee.contacts] == world.neighbors[first:last].tolist()
            manager = int(table["manager"][employee.row])
            assert employee.boss is (model.employee(manager) if manager >= 0 else None)
            assert list(employee.interests) == world.interests[employee.row].tolist()

    def test_unknown_attributes_are_refused(self, model: IntranetModel) -> None:
        with pytest.raises(AttributeError, match="'Employee' has no attribute 'habbit'"):
            _ = model.employee(0).habbit
        assert not hasattr(model.employee(0), "mood")


class TestDataCollector:
    """Collecting sees the model before the first day and after each, and changes nothing."""

    def test_collect(self, scenario) -> None:
        model = IntranetModel(
            scenario,
            rng=3,
            model_reporters={"readers": lambda m: int((m.simulation.table["last_read"] == m.day - 1).sum())},
            agent_reporters={"habit": "habit"},
        )
        model.run()
        found = model.datacollector.get_model_vars_dataframe()
        assert len(found) == 31
        assert found["readers"].iloc[0] == 0
        agents = model.datacollector.get_agent_vars_dataframe()
        assert len(agents) == 31 * 60
        last = agents.xs(30, level="Step")["habit"]
        np.testing.assert_array_equal(last, model.simulation.table["habit"])

    def test_collecting_changes_nothing(self, scenario, model: IntranetModel) -> None:
        watched = IntranetModel(
            scenario,
            rng=3,
            model_reporters={"active": lambda m: m.agents.agg("n_posts", sum), "outcomes": lambda m: m.outcomes()},
            agent_reporters={"shares": "frame_shares"},
        )
        watched.run()
        model.run()
        assert watched.steps == model.steps
        assert state_hash(watched.simulation) == state_hash(model.simulation)


def test_no_warnings_from_import_to_end() -> None:
    code = (
        "from sim import IntranetModel, load_scenario\n"
        "scenario = load_scenario('collaboration', ['organization.employees=40', 'run.weeks=2'])\n"
        "model = IntranetModel(scenario, rng=1, model_reporters={'day': 'day'}, agent_reporters={'age': 'age'})\n"
        "model.run()\n"
        "model.agents.select(lambda a: a.age < 30).get('trust')\n"
        "model.employee(3).explain(1)\n"
        "model.datacollector.get_agent_vars_dataframe()\n"
        "print(model.steps)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROGRAM_SECONDS,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "10"), done.stderr


def test_importing_the_model_leaves_the_start_method_alone() -> None:
    code = (
        "import multiprocessing\n"
        "before = multiprocessing.get_start_method(allow_none=True)\n"
        "import sim.model.simulation\n"
        "import sys; assert 'mesa' not in sys.modules\n"
        "print(multiprocessing.get_start_method(allow_none=True) == before)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=PROGRAM_SECONDS,
    )
    assert done.stdout.strip() == "True"


def test_reporters_that_name_a_method_are_refused(scenario) -> None:
    with pytest.raises(TypeError, match="'outcomes' is a method"):
        IntranetModel(scenario, rng=1, model_reporters={"all": "outcomes"})
    with pytest.raises(TypeError, match="'explain' is a method"):
        IntranetModel(scenario, rng=1, agent_reporters={"why": "explain"})
    assert IntranetModel(scenario, rng=1, agent_reporters={"habit": "habit"}).datacollector is not None
