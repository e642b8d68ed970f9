"""The Mesa face of the simulation: a real ``mesa.Model`` over the arrays."""

from __future__ import annotations

import copy
import hashlib
import html
import json
import math
import os
import pickle
import sys
from operator import attrgetter
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.errors import InputError
from sim.kernel.compiled import core_fingerprint
from sim.kernel.files import regular_content
from sim.model.employee import NO_FEWER, NO_MORE, Employee
from sim.model.extension.parts import Extension, extension_from
from sim.model.extension.running import running_with
from sim.model.outcomes import OUTCOME_NAMES
from sim.model.simulation import Simulation
from sim.version import __version__
from sim.words import said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import networkx as nx
    import pandas as pd

    from sim.organization import Contacts, Workforce
    from sim.scenario import Scenario
    from sim.scenario.overrides import Overrides


def _refuse_methods(owner: type, reporters: Mapping[str, str | Callable[..., Any]] | None) -> None:
    """Refuse reporters that name a method: Mesa would copy it, with its whole model, at every step."""
    for name, reporter in (reporters or {}).items():
        if isinstance(reporter, str) and callable(getattr(owner, reporter, None)):
            raise TypeError(f"reporter {name!r}: {reporter!r} is a method; give a function that calls it")


_OWN = ("outcomes", "interventions", "rules", "columns")
_SHOWN = ("reach", "monthly_readers", "monthly_posters", "work_share", "reply_rate", "alive")


FIRST_LINE = b"intranet-sim checkpoint 1\n"


def _made_with() -> dict[str, str]:
    """Return what a model that goes on exactly depends on."""
    return {
        "intranet-sim": f"{__version__}+{core_fingerprint()}",
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "numpy": np.__version__,
    }


def write_checkpoint(model: Any, file: Path) -> Path:
    """Write a model to a file, whole or not at all, and return the file."""
    try:
        content = pickle.dumps(model, protocol=5)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InputError(said("refusal.checkpoint.cannot", reason=str(error))) from None
    head = json.dumps({"made_with": _made_with(), "sha256": hashlib.sha256(content).hexdigest()})
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(FIRST_LINE + head.encode() + b"\n" + content)
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    return file


def read_checkpoint(file: Path) -> Any:
    """Return the model in a file.

    Raises
    ------
    InputError
        If it holds none, is damaged, or was written by other code.
    """
    try:
        given = regular_content(file)
    except OSError as error:
        raise InputError(said("refusal.checkpoint.unreadable", file=file, reason=error.strerror or error)) from None
    if not given.startswith(FIRST_LINE):
        raise InputError(said("refusal.checkpoint.none", file=file))
    head, _, content = given[len(FIRST_LINE) :].partition(b"\n")
    try:
        facts = json.loads(head)
        is_whole = facts["sha256"] == hashlib.sha256(content).hexdigest()
        there = dict(facts["made_with"])
    except (ValueError, KeyError, TypeError, RecursionError):
        is_whole, there = False, {}
    if not is_whole:
        raise InputError(said("refusal.checkpoint.damaged", file=file))
    here = _made_with()
    if there != here:
        old, new = (", ".join(f"{name} {each}" for name, each in made.items()) for made in (there, here))
        raise InputError(said("refusal.checkpoint.other_code", file=file, there=old, here=new))
    return pickle.loads(content)


class OutcomeCollector(mesa.DataCollector):
    """What Mesa's tools find where a collector is expected: the outcomes so far, after each day.

    Nothing is collected on the way: the weeks are in the model, and are looked at when somebody asks. After a day, an
    outcome is what `IntranetModel.outcomes` says of the weeks that have ended by then; NaN before the first has.
    """

    def __init__(self, model: IntranetModel) -> None:
        self._model = model
        self.model_reporters: dict[str, Any] = dict.fromkeys(OUTCOME_NAMES)
        self.agent_reporters: dict[str, Any] = {}
        self.agenttype_reporters: dict[Any, Any] = {}
        self._agent_records: dict[int, list[Any]] = {}
        self._agenttype_records: dict[int, Any] = {}
        self.tables: dict[str, Any] = {}

    def collect(self, model: mesa.Model) -> None:
        """Do nothing: there is nothing to collect."""

    @property
    def _collection_steps(self) -> list[int]:
        return list(range(1, self._model.day + 1))

    @property
    def model_vars(self) -> dict[str, list[float]]:
        """Each outcome after each day."""
        simulation, n_days = self._model.simulation, self._model.day
        names = tuple(simulation.series)
        by_week = [dict.fromkeys(names, math.nan)]
        by_week += [simulation.outcomes_by(week) for week in range(1, simulation.week + 1)]
        return {name: [by_week[day // 5][name] for day in range(1, n_days + 1)] for name in names}


class IntranetModel(mesa.Model):
    """The adoption of a social intranet in one organization.

    Parameters
    ----------
    scenario : Scenario, str or path
        From ``sim.load_scenario``, the name of one that ships, or a file.
    rng : int
        Seed; two models with one seed share workforce, network and luck. Defaults to ``scenario.run.seed``.
    workforce, contacts : Workforce, Contacts, optional
        An organization built elsewhere, instead of the one the scenario describes.
    model_reporters, agent_reporters : mapping, optional
        For Mesa's ``DataCollector``, collected before the first step and after each. Recording agents every day is slow
        and large; the weekly outcomes of `series` cost nothing extra, and are what the collector has where there are
        none (`OutcomeCollector`).
    overrides : sequence of str, or mapping
        Settings in the place of those of the scenario, as for ``sim.load_scenario``.
    extension : Extension, str or path, optional
        What is added to the model (``sim.Extension``), or the file that ``--with`` takes. Its parts can be given
        instead: ``outcomes``, ``interventions``, ``rules``, ``columns``, and functions as `workforce` and `contacts`.
    **settings
        The same by the last part of their key, where only one can be meant: ``employees=200``, ``restriction=0.5``;
        or by the whole key: ``**{"launch.campaign.weeks": 4}``. So Mesa's tools, and others that make a model from
        plain values, need no wrapper.

    Attributes
    ----------
    scenario : Scenario
    simulation : Simulation
        The arrays behind the model.
    running : bool
        False once the horizon of the scenario is reached.

    Examples
    --------
    >>> from sim import IntranetModel, load_scenario
    >>> scenario = load_scenario("collaboration", ["organization.employees=60", "run.weeks=2"])
    >>> model = IntranetModel(scenario, rng=1)
    >>> model.run()
    >>> model.steps
    10
    >>> len(model.agents.select(lambda employee: employee.n_posts > 0)) <= 60
    True
    """

    employee_class: type[Employee] = Employee
    """What the employees are; a subclass of `Employee` declares attributes and methods of its own."""

    def __init__(
        self,
        scenario: Scenario | str | PathLike[str] = "baseline",
        rng: int | None = None,
        *,
        workforce: Workforce | Callable[..., Workforce] | str | PathLike[str] | None = None,
        contacts: Contacts | Callable[..., Contacts] | None = None,
        model_reporters: Mapping[str, str | Callable[..., Any]] | None = None,
        agent_reporters: Mapping[str, str | Callable[..., Any]] | None = None,
        overrides: Overrides = (),
        extension: Extension | str | PathLike[str] | None = None,
        **settings: Any,
    ) -> None:
        from sim.scenario.loading import as_scenario
        from sim.scenario.places import plain_value

        _refuse_methods(type(self), model_reporters)
        _refuse_methods(Employee, agent_reporters)
        if isinstance(workforce, str | PathLike):
            settings["organization.workforce"], workforce = workforce, None
        own = {name: settings.pop(name) for name in _OWN if name in settings}
        if callable(workforce):
            own["workforce"], workforce = workforce, None
        if callable(contacts):
            own["contacts"], contacts = contacts, None
        self.extension = extension_from(Path(extension) if isinstance(extension, PathLike) else extension, own)
        scenario = as_scenario(scenario, overrides, settings)
        seed = scenario.run.seed if rng is None else plain_value(rng)
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise TypeError(f"rng must be an integer of 0 or more, to make the run repeatable; got {seed!r}")
        self._launch_scenario = scenario
        self._launch_seed = seed
        super().__init__(rng=seed)
        self.simulation = self._simulation_of(scenario.resolved(), workforce, contacts)
        # Kept for as long as the model is: a staff file of one's own may change in the meantime.
        self._resolved, self._organization = self.simulation.resolved, self.simulation.organization
        self._employees: list[Employee] | None = None
        self._collects = bool(model_reporters or agent_reporters)
        self.datacollector: mesa.DataCollector = OutcomeCollector(self)
        if self._collects:
            self.datacollector = mesa.DataCollector(
                model_reporters=dict(model_reporters or {}),
                # Mesa would make a local function of a name, with which the model could not be pickled.
                agent_reporters={
                    name: attrgetter(reporter) if isinstance(reporter, str) else reporter
                    for name, reporter in (agent_reporters or {}).items()
                },
            )
            self.datacollector.collect(self)

    @property
    def scenario(self) -> Scenario:
        """The scenario of this model, frozen."""
        return self._launch_scenario

    @scenario.setter
    def scenario(self, value: object) -> None:
        # Mesa 3.5 puts a holder of parameters of its own here, and would write into ours: ours stays as it is.
        if "simulation" in vars(self):
            raise AttributeError("the scenario of a model can only be read: make another model")

    @property
    def seed(self) -> int:
        """The seed of workforce, network and luck."""
        return self._launch_seed

    def __repr__(self) -> str:
        name, simulation = self.scenario.name, self.simulation
        return (
            f"<{type(self).__name__} {name!r}: {simulation.n_employees} employees, day {self.day} of"
            f" {simulation.n_days}, rng={self.seed}>"
        )

    def _repr_html_(self) -> str:
        """Return what a notebook shows: where the model is, and what has come of it so far."""
        shown = {name: value for name, value in self.outcomes().items() if name in _SHOWN} if self.week else {}
        rows = "".join(f"<tr><td>{html.escape(name)}</td><td>{value:.3g}</td></tr>" for name, value in shown.items())
        return f"<div><code>{html.escape(repr(self))}</code><table>{rows}</table></div>"

    def save(self, file: str | PathLike[str]) -> Path:
        """Write the model as it is today to a file, with which it goes on in another process (`load`)."""
        return write_checkpoint(self, Path(file))

    @classmethod
    def load(cls, file: str | PathLike[str]) -> Self:
        """Return the model in a file that `save` wrote: it goes on exactly as the one that was saved would have.

        Such a file can run any code when it is read: read none that you have not written.

        Raises
        ------
        InputError
            If it is none, is damaged, or was written by other code.
        """
        model = read_checkpoint(Path(file))
        if not isinstance(model, cls):
            raise TypeError(f"{file} holds a {type(model).__name__}, not a {cls.__name__}")
        return model

    def to_networkx(self, *columns: str) -> nx.Graph:
        """Return who knows whom, as a graph of NetworkX: a node for each employee by row, an edge for each contact.

        Parameters
        ----------
        *columns : str
            Columns of the state that nodes have, such as ``trust``; left out: department, team, level and manager.
        """
        import networkx as nx

        world, table = self.simulation.world, self.simulation.table
        graph = nx.Graph(scenario=self.scenario.name, seed=self.seed, day=self.day)
        names = columns or ("department", "team", "level", "manager")
        values = [table[name].tolist() for name in names]
        for row in range(self.simulation.n_employees):
            graph.add_node(row, **{name: column[row] for name, column in zip(names, values, strict=True)})
        for row in range(self.simulation.n_employees):
            graph.add_edges_from((row, int(j)) for j in world.neighbors[world.offsets[row] : world.offsets[row + 1]])
        return graph

    def fresh_simulation(self) -> Simulation:
        """Return the simulation of this model as it is before the first day."""
        return self._simulation_of(self._resolved, *self._organization)

    def _simulation_of(
        self, resolved: Mapping[str, Any], workforce: Workforce | None, contacts: Contacts | None
    ) -> Simulation:
        if self.extension is None:
            return Simulation(resolved, self.seed, workforce, contacts)
        made: Simulation = running_with(self.extension).ExtendedSimulation(
            self.extension, resolved, self.seed, workforce, contacts
        )
        return made

    def __copy__(self) -> IntranetModel:
        """Return a whole copy: half of one would share its days with the original."""
        return copy.deepcopy(self)

    def _make_employees(self) -> list[Employee]:
        # Agents are views, so they are made when somebody first asks for them: a study of a thousand runs never does.
        if self._employees is None:
            self._employees = []
            for row in range(self.simulation.n_employees):
                self._employees.append(self.employee_class(self, row))
        return self._employees

    def refuse_more_employees(self, row: int | None = None) -> None:
        """Refuse an employee whom this model does not make itself.

        Raises
        ------
        NotImplementedError
            If all employees are there, or it is not the turn of `row`.
        """
        made = self._employees
        if made is None or len(made) >= self.simulation.n_employees or row not in {None, len(made)}:
            raise NotImplementedError(NO_MORE)

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take in an employee whom this model makes; refuse any other agent."""
        if not isinstance(agent, Employee):
            raise NotImplementedError("the agents of this model are its employees: it has no place for others")
        self.refuse_more_employees()
        super().register_agent(agent)

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Refuse: staff are the same throughout a run."""
        raise NotImplementedError(NO_FEWER)

    def remove_all_agents(self) -> None:
        """Refuse: staff are the same throughout a run."""
        raise NotImplementedError(NO_FEWER)

    def _whole(self, agents: AgentSet) -> AgentSet:
        if len(agents) != self.simulation.n_employees:
            raise RuntimeError(
                "model.agents was changed in place, and no longer holds every employee and nobody else:"
                " work on what model.agents.select() returns"
            )
        return agents

    @property
    def agents(self) -> AgentSet:
        """All employees, as a Mesa ``AgentSet``."""
        self._make_employees()
        return self._whole(super().agents)

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], AgentSet]:
        """The employees by class."""
        self._make_employees()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """The classes of agents: ``Employee``."""
        self._make_employees()
        return super().agent_types

    def employee(self, row: int) -> Employee:
        """Return the employee at position `row`, 0 to N - 1."""
        employees = self._make_employees()
        if not 0 <= row < len(employees):
            raise IndexError(f"there is no employee at {row}: allowed are 0 to {len(employees) - 1}")
        return employees[row]

    @property
    def day(self) -> int:
        """Working days that have ended."""
        return self.simulation.day

    @property
    def week(self) -> int:
        """Weeks that have ended."""
        return self.simulation.week

    def step(self) -> None:
        """Run one working day; after the last one `running` is False."""
        if self.simulation.day >= self.simulation.n_days:
            self.steps = self.simulation.n_days  # Mesa has counted this one already
        self.simulation.step()
        self._after_days()

    def run(self) -> None:
        """Run to the end of the horizon, or until something sets `running` to False.

        A subclass with a step of its own is run step by step.
        """
        if not self._nobody_watches():
            while self.running:
                self.step()
            return
        if not self.running:
            return
        # Nobody watches the days, so they can be run a week at a time; `steps` counts them all the same.
        before = self.simulation.day
        self.simulation.run()
        n_days = self.simulation.day - before
        self.steps += n_days
        if hasattr(self, "time"):  # from Mesa 3.4 on
            self.time += n_days
        self._after_days()

    def _has_own_step(self) -> bool:
        """Say whether a step is more than `IntranetModel.step`: that of a subclass, or one put into this model."""
        own = getattr(self._user_step, "__func__", None)
        return own is not IntranetModel.step or self.step != self._wrapped_step

    def _nobody_watches(self) -> bool:
        """Say whether nothing but `step` itself happens on a day, so that days need not be run one by one."""
        is_collected = not isinstance(self.datacollector, OutcomeCollector)
        if self._has_own_step() or is_collected or hasattr(type(self), "running"):
            return False
        # Mesa 3.5 has events, of which one is the step itself, and whoever wants to hear of the time.
        events = getattr(self, "_event_list", None)
        has_events = events is not None and not events.is_empty() and len(events.peek_ahead(2)) > 1
        return not has_events and not any(getattr(self, "subscribers", {}).values())

    def run_model(self) -> None:
        """Run to the end of the horizon (Mesa's name for it)."""
        self.run()

    def run_for(self, duration: float) -> None:
        """Run some days on, as Mesa 3.5 has it; with events, wherever they lie, where it has events.

        Raises
        ------
        ValueError
            If that is beyond the horizon of the scenario, or (before Mesa 3.5) no whole number of days.
        """
        self._run_to(self._now() + duration)

    def run_until(self, end_time: float) -> None:
        """Run until some day has ended, as Mesa 3.5 has it; see `run_for`."""
        self._run_to(end_time)

    def _now(self) -> float:
        return float(getattr(self, "time", self.day))

    def _run_to(self, end: float) -> None:
        if end > self.simulation.n_days:
            raise ValueError(f"day {end:g} is beyond the run: it has {self.simulation.n_days} days (run.weeks)")
        if hasattr(mesa.Model, "run_until"):
            super().run_until(end)
            return
        if end != int(end):
            raise ValueError(f"{end:g} is no whole number of days: a part of one needs Mesa 3.5")
        while self.day < end and self.running:
            self.step()

    def _after_days(self) -> None:
        self.running = self.simulation.day < self.simulation.n_days
        # A step of one's own collects for a collector of one's own, as is usual in Mesa.
        if self._collects or not self._has_own_step():
            self.datacollector.collect(self)

    def outcomes(self) -> dict[str, float]:
        """Return the outcomes of the weeks that have ended; NaN where undefined, see `reasons`."""
        return self.simulation.outcomes()

    def reasons(self) -> dict[str, str]:
        """Return why outcomes are undefined, for those that are."""
        return self.simulation.reasons()

    def series(self) -> pd.DataFrame:
        """Return the outcomes of each week that has ended, indexed by week (counted from 1)."""
        import pandas as pd

        n_weeks = self.simulation.week
        table = pd.DataFrame({name: values[:n_weeks] for name, values in self.simulation.series.items()})
        table.index = pd.RangeIndex(1, n_weeks + 1, name="week")
        return table
