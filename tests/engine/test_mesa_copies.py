"""Copies of a model go on as it does and share nothing with it; what Mesa offers and the model cannot do refuses."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest
from engine_runs import BUSY, state_hash
from time_limits import PROGRAM_SECONDS

from sim import IntranetModel, load_scenario
from sim.catalog.registry import by_section
from sim.model.employee import Employee
from sim.model.simulation import Simulation
from sim.scenario import scenario_from_mapping

REPOSITORY = Path(__file__).resolve().parents[2]
SETTINGS = {
    "organization.employees": 60, "run.weeks": 6, "launch.training": 0.3, "platform.following": "approval",
    "changes": [{"week": 2, "set": {"platform.following": "open", "rules.restriction": 0.5}}],
}  # fmt: skip
WAYS: dict[str, Callable[[Any], Any]] = {
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
    "old pickle": lambda model: pickle.loads(pickle.dumps(model, 2)),
}


class Counting(IntranetModel):
    """A model with an attribute and a step of its own."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.seen: list[float] = []

    def step(self) -> None:
        """Run a day and look."""
        super().step()
        self.seen.append(self.agents.agg("habit", sum))


def readers(model: IntranetModel) -> int:
    """Count who read today."""
    return int((model.simulation.table["last_read"] == model.day - 1).sum())


def new_model(cls: type[IntranetModel] = IntranetModel, **options: Any) -> IntranetModel:
    return cls(scenario_from_mapping(by_section(BUSY), SETTINGS), rng=3, **options)


def everything(model: IntranetModel) -> tuple[Any, ...]:
    """Return what a run leaves behind, by its bytes."""
    collector = model.datacollector
    return (
        model.steps,
        model.running,
        state_hash(model.simulation),
        model.series().to_numpy().tobytes(),
        np.array(list(model.outcomes().values())).tobytes(),
        [(one.unique_id, one.row, one.habit, one.trust) for one in model.agents],
        None if collector is None else collector.get_model_vars_dataframe().to_numpy().tobytes(),
        getattr(model, "seen", None),
    )


def arrays_of(simulation: Simulation) -> list[np.ndarray]:
    found = [value for value in simulation.world if isinstance(value, np.ndarray)]
    found += list(simulation.series.values()) + [simulation.table[name] for name in simulation.table.dtype.names]
    return [*found, simulation._series, simulation._yardsticks.experience_rank]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("day", [0, 1, 7, 10, 29, 30])
@pytest.mark.parametrize("has_agents", [False, True])
def test_a_copy_goes_on_as_the_original(way: str, day: int, has_agents: bool) -> None:
    model, untouched = new_model(), new_model()
    for _ in range(day):
        model.step()
    if has_agents:
        assert len(model.agents) == 60
    other = WAYS[way](model)
    assert type(other) is IntranetModel
    assert everything(other) == everything(model)
    while other.running and other.day < 29:
        other.step()
    assert model.day == day
    for one in (other, model, untouched):
        one.run()
    assert everything(other) == everything(model) == everything(untouched)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("day", [0, 8])
def test_nothing_is_shared(way: str, day: int) -> None:
    model = new_model()
    for _ in range(day):
        model.step()
    model.employee(4).habit = 0.5
    other = WAYS[way](model)
    before = everything(model)
    for here, there in zip(arrays_of(model.simulation), arrays_of(other.simulation), strict=True):
        assert not np.shares_memory(here, there)
    other.employee(4).habit = 0.25
    other.employee(4).trust = 0.0
    other.agents.set("inclination", 2.0)
    other.random.random()
    other.run()
    assert everything(model) == before
    assert model.employee(4).model is model
    assert other.employee(4).model is other
    assert other.employee(4).habit != 0.5
    assert model.random.random() == new_model().random.random()


@pytest.mark.parametrize("way", WAYS)
def test_subclass_and_collector(way: str) -> None:
    options = {"model_reporters": {"readers": readers}, "agent_reporters": {"habit": "habit"}}
    model, untouched = new_model(Counting, **options), new_model(Counting, **options)
    for _ in range(8):
        model.step()
    other = WAYS[way](model)
    for one in (other, model, untouched):
        one.run()
    assert everything(other) == everything(model) == everything(untouched)
    assert len(other.seen) == 30
    assert other.seen is not model.seen
    table = other.datacollector.get_agent_vars_dataframe()
    assert table.equals(untouched.datacollector.get_agent_vars_dataframe())


@pytest.mark.parametrize("way", ["deepcopy", "pickle"])
def test_an_employee_brings_the_model_along(way: str) -> None:
    model = new_model()
    model.step()
    employee = model.employee(5)
    other = WAYS[way](employee)
    assert other.model is not model
    assert other is other.model.employee(5)
    other.model.run()
    model.run()
    assert everything(other.model) == everything(model)
    with pytest.raises(TypeError, match="copy the model"):
        copy.copy(employee)


@pytest.mark.parametrize("way", WAYS)
def test_a_simulation_by_itself(way: str) -> None:
    simulation, untouched = new_model().simulation, new_model().simulation
    simulation.run(until_week=2)
    simulation.step()
    other = WAYS[way](simulation)
    for one in (other, simulation, untouched):
        one.run()
    assert state_hash(other) == state_hash(simulation) == state_hash(untouched)
    assert other.groups() == simulation.groups() == untouched.groups()
    table = WAYS[way](simulation.table)
    assert table.tobytes() == simulation.table.tobytes()
    assert not np.shares_memory(table["habit"], simulation.table["habit"])


@pytest.mark.parametrize("way", ["deepcopy", "pickle"])
def test_a_staff_file_that_changes_afterwards(way: str, tmp_path: Path) -> None:
    staff = tmp_path / "staff.csv"
    rows = "".join(f"{i},{20 + i},unit {i % 3}\n" for i in range(40))
    staff.write_text(f"employee,age,department\n{rows}", encoding="utf-8")
    settings = {"organization.workforce": str(staff), "run.weeks": 2}
    model = IntranetModel(scenario_from_mapping(by_section(BUSY), settings), rng=3)
    told = model.employee(3).explain(1)
    staff.unlink()
    other = WAYS[way](model)
    assert other.employee(3).explain(1) == model.employee(3).explain(1) == told
    other.run()
    model.run()
    assert everything(other) == everything(model)


def test_a_copy_outlives_the_original() -> None:
    other = copy.deepcopy(new_model())
    gc.collect()
    other.run()
    untouched = new_model()
    untouched.run()
    assert everything(other) == everything(untouched)


def test_a_pickle_goes_on_in_another_process_and_without_numba(tmp_path: Path) -> None:
    model = IntranetModel(load_scenario("collaboration", ["organization.employees=40", "run.weeks=3"]), rng=2)
    for _ in range(7):
        model.step()
    (tmp_path / "model").write_bytes(pickle.dumps(model))
    model.run()
    code = (
        "import hashlib, pickle, sys\n"
        "model = pickle.load(open(sys.argv[1], 'rb'))\n"
        "model.run()\n"
        "print(hashlib.sha256(model.simulation.table.tobytes() + model.series().to_numpy().tobytes()).hexdigest())\n"
    )
    import hashlib

    expected = hashlib.sha256(model.simulation.table.tobytes() + model.series().to_numpy().tobytes()).hexdigest()
    for plain in ("0", "1"):
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "NUMBA_DISABLE_JIT": plain}
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "model")],
            env=environment, capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS,
        )  # fmt: skip
        assert done.stdout.strip() == expected, done.stderr


class TestStepsOfASubclass:
    """Whatever happens on a day happens in `run` as well."""

    def test_step(self) -> None:
        model, plain = new_model(Counting), new_model()
        model.run()
        plain.run()
        assert len(model.seen) == model.steps == 30
        assert state_hash(model.simulation) == state_hash(plain.simulation)

    def test_run_model_and_batch_run(self) -> None:
        model = new_model(Counting)
        model.run_model()
        assert len(model.seen) == 30

    def test_stopping(self) -> None:
        class Stopping(IntranetModel):
            def step(self) -> None:
                super().step()
                if self.day == 12:
                    self.running = False

        model = new_model(Stopping)
        model.run()
        assert (model.day, model.steps, model.running) == (12, 12, False)
        stopped = new_model()
        stopped.running = False
        stopped.run()
        assert stopped.day == 0

    def test_a_step_put_into_the_model(self) -> None:
        model, days = new_model(), []
        usual = model.step

        def noting() -> None:
            usual()
            days.append(model.day)

        model.step = noting  # type: ignore[method-assign]
        model.run()
        assert days == list(range(1, 31))

    def test_running_as_a_property(self) -> None:
        class Short(IntranetModel):
            @property
            def running(self) -> bool:
                return self.steps < 9

            @running.setter
            def running(self, value: bool) -> None:
                return

        model = new_model(Short)
        model.run()
        assert model.day == 9

    def test_a_collector_of_ones_own(self) -> None:
        class Collecting(IntranetModel):
            def __init__(self, *arguments: Any, **options: Any) -> None:
                super().__init__(*arguments, **options)
                self.datacollector = mesa.DataCollector({"readers": readers})

            def step(self) -> None:
                super().step()
                self.datacollector.collect(self)

        class Leaving(IntranetModel):
            def __init__(self, *arguments: Any, **options: Any) -> None:
                super().__init__(*arguments, **options)
                self.datacollector = mesa.DataCollector({"readers": readers})

        for cls in (Collecting, Leaving):
            model = new_model(cls)
            model.run()
            assert len(model.datacollector.get_model_vars_dataframe()) == 30

    def test_a_step_too_many_is_not_counted(self) -> None:
        model = new_model()
        model.run()
        with pytest.raises(RuntimeError, match="the run is over"):
            model.step()
        assert model.steps == model.day == 30

    @pytest.mark.skipif(not hasattr(mesa.Model, "schedule_event"), reason="this Mesa has no events")
    def test_events(self) -> None:
        model, seen = new_model(), []

        def note() -> None:
            seen.append(model.day)

        model.schedule_event(note, at=7.5)
        model.run_for(5)
        assert model.day == 5
        model.run()
        assert (seen, model.day) == ([7], 30)


class TestRefusals:
    """What Mesa offers and this model cannot do says so, and does nothing."""

    @pytest.mark.parametrize(
        ("what", "words"),
        [
            (lambda model: model.agents.do("step"), "no step of its own: model.step"),
            (lambda model: model.agents.shuffle_do("step"), "no step of its own"),
            (lambda model: model.employee(0).step(), "no step of its own"),
            (lambda model: model.employee(0).advance(), "no step of its own"),
            (lambda model: model.employee(0).remove(), "cannot be removed"),
            (lambda model: model.agents.select(lambda one: one.age > 40).do("remove"), "cannot be removed"),
            (lambda model: model.remove_all_agents(), "cannot be removed"),
            (lambda model: model.deregister_agent(model.employee(0)), "cannot be removed"),
            (lambda model: Employee.create_agents(model, 3), "none can be added"),
            (lambda model: Employee.create_agents(model, 3, row=[60, 61, 62]), "none can be added"),
            (lambda model: Employee(model, 60), "none can be added"),
            (lambda model: Employee(model, 0), "none can be added"),
            (mesa.Agent, "no place for others"),
            (lambda model: model.register_agent(mesa.Agent), "no place for others"),
            (lambda model: model.register_agent(model.employee(0)), "none can be added"),
            (lambda model: mesa.Agent.create_agents(model, 2), "no place for others"),
        ],
    )
    @pytest.mark.parametrize("has_agents", [False, True])
    def test_refused(self, what: Callable[[IntranetModel], object], words: str, has_agents: bool) -> None:
        model, untouched = new_model(), new_model()
        if has_agents:
            assert len(model.agents) == 60
        with pytest.raises(NotImplementedError, match=words):
            what(model)
        assert len(model.agents) == 60
        for one in (model, untouched):
            one.run()
        assert everything(model) == everything(untouched)

    @pytest.mark.parametrize(
        "what",
        [
            lambda model: model.agents.remove(model.employee(0)),
            lambda model: model.agents.select(lambda one: one.age > 40, inplace=True),
        ],
    )
    def test_a_set_that_was_changed_in_place(self, what: Callable[[IntranetModel], object]) -> None:
        model = new_model()
        what(model)
        with pytest.raises(RuntimeError, match="changed in place"):
            _ = model.agents

    def test_what_works_on_a_selection(self) -> None:
        model = new_model()
        older = model.agents.select(lambda one: one.age > 40)
        assert 0 < len(older) < 60
        older.remove(older[0])
        assert len(older.shuffle()) == len(older)
        assert older.do(lambda one: setattr(one, "habit", 0.5)).agg("habit", max) == 0.5
        counts = {level: len(agents) for level, agents in model.agents.groupby("level").groups.items()}
        assert sum(counts.values()) == 60
        assert [one.trust for one in model.agents.sort("trust", ascending=True)] == sorted(model.agents.get("trust"))
        assert model.agents.map("explain", 1)[3].employee == 3
