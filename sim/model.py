"""The Mesa face of the simulation: a real ``mesa.Model`` over the arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
from mesa.agent import AgentSet

from sim.employee import Employee
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from sim.organization import Contacts, Workforce
    from sim.scenario import Scenario


def _refuse_methods(owner: type, reporters: Mapping[str, str | Callable[..., Any]] | None) -> None:
    """Refuse reporters that name a method: Mesa would copy it, with its whole model, at every step."""
    for name, reporter in (reporters or {}).items():
        if isinstance(reporter, str) and callable(getattr(owner, reporter, None)):
            raise TypeError(f"reporter {name!r}: {reporter!r} is a method; give a function that calls it")


class IntranetModel(mesa.Model):
    """The adoption of a social intranet in one organization.

    Parameters
    ----------
    scenario : Scenario
        From ``sim.load_scenario``.
    rng : int
        Seed; two models with one seed share workforce, network and luck. Defaults to ``scenario.run.seed``.
    workforce, contacts : Workforce, Contacts, optional
        An organization built elsewhere, instead of the one the scenario describes.
    model_reporters, agent_reporters : mapping, optional
        For Mesa's ``DataCollector``, collected before the first step and after each. Recording agents every day is slow
        and large; the weekly outcomes of `series` cost nothing extra.

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

    def __init__(
        self,
        scenario: Scenario,
        rng: int | None = None,
        *,
        workforce: Workforce | None = None,
        contacts: Contacts | None = None,
        model_reporters: Mapping[str, str | Callable[..., Any]] | None = None,
        agent_reporters: Mapping[str, str | Callable[..., Any]] | None = None,
    ) -> None:
        _refuse_methods(type(self), model_reporters)
        _refuse_methods(Employee, agent_reporters)
        seed = scenario.run.seed if rng is None else rng
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise TypeError(f"rng must be an integer of 0 or more, to make the run repeatable; got {seed!r}")
        self._launch_scenario = scenario
        super().__init__(rng=seed)
        self.seed = seed
        self._organization = (workforce, contacts)
        self.simulation = self.fresh_simulation()
        self._employees: list[Employee] | None = None
        self.datacollector: mesa.DataCollector | None = None
        if model_reporters or agent_reporters:
            self.datacollector = mesa.DataCollector(
                model_reporters=dict(model_reporters or {}), agent_reporters=dict(agent_reporters or {})
            )
            self.datacollector.collect(self)

    @property
    def scenario(self) -> Scenario:
        """The scenario of this model, frozen."""
        return self._launch_scenario

    @scenario.setter
    def scenario(self, value: object) -> None:
        # Mesa 3.5 puts a holder of parameters of its own here, and would write into ours: ours stays as it is.
        return

    def fresh_simulation(self) -> Simulation:
        """Return the simulation of this model as it is before the first day."""
        return Simulation(self.scenario.resolved(), self.seed, *self._organization)

    def _make_employees(self) -> list[Employee]:
        # Agents are views, so they are made when somebody first asks for them: a study of a thousand runs never does.
        if self._employees is None:
            self._employees = []
            self._employees = [Employee(self, row) for row in range(self.simulation.n_employees)]
        return self._employees

    @property
    def agents(self) -> AgentSet:
        """All employees, as a Mesa ``AgentSet``."""
        self._make_employees()
        return super().agents

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
        return self._make_employees()[row]

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
        self.simulation.step()
        self._after_days()

    def run(self) -> None:
        """Run to the end of the horizon."""
        if self.datacollector is not None:
            while self.running:
                self.step()
            return
        # Nobody watches the days, so they can be run a week at a time; `steps` counts them all the same.
        before = self.simulation.day
        self.simulation.run()
        n_days = self.simulation.day - before
        self.steps += n_days
        if hasattr(self, "time"):  # from Mesa 3.4 on
            self.time += n_days
        self._after_days()

    def run_model(self) -> None:
        """Run to the end of the horizon (Mesa's name for it)."""
        self.run()

    def _after_days(self) -> None:
        self.running = self.simulation.day < self.simulation.n_days
        if self.datacollector is not None:
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
