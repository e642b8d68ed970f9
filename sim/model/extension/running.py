"""A run that is extended: interventions act, own outcomes are measured, own columns are kept."""

from __future__ import annotations

import copy
import math
import pickle
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from sim.errors import InputError
from sim.kernel.streams import generator
from sim.model.extension.parts import DAILY, ChangingState, Extension, Intervention, Outcome, State, when_of
from sim.model.outcomes import FINAL_WEEKS
from sim.model.simulation import RunResult, Simulation, result_of, warm_up
from sim.model.state import DAYS_PER_WEEK
from sim.organization import Contacts, Workforce
from sim.words import said

__all__ = ["ExtendedSimulation", "result_of", "simulate_with", "warm_up", "warm_up_with"]

OWN = "own "
"""What the purposes of draws of one's own begin with: none of the model does."""


class ExtendedSimulation(Simulation):
    """A simulation with an extension; all else is as in `Simulation`.

    Attributes
    ----------
    extension : Extension
    own_columns : dict of str to ndarray
        Columns of employees of one's own, float64 (N,).
    """

    def __init__(
        self,
        extension: Extension,
        resolved: Mapping[str, Any],
        seed: int,
        workforce: Workforce | None = None,
        contacts: Contacts | None = None,
        keeps_replies: bool = False,
    ) -> None:
        self.extension = extension
        self.own_columns: dict[str, np.ndarray] = {}
        self._own_outcomes = _outcomes_of(extension)
        # A run of its own: what an intervention remembers of one run must not be known in the next.
        self._interventions: dict[str, Any] = copy.deepcopy(dict(extension.interventions))
        self._is_daily = any(when_of(each) == DAILY for each in self._interventions.values())
        super().__init__(resolved, seed, workforce, contacts, keeps_replies)
        self._own_series = {name: np.full(self.n_weeks, math.nan) for name in self._own_outcomes}
        self.series |= self._own_series
        for name, given in extension.columns.items():
            self.own_columns[name] = self._column(name, given)

    def _column(self, name: str, given: Any) -> np.ndarray:
        values = given(State(self), self._luck(f"column {name}", 0)) if callable(given) else given
        column = np.array(np.broadcast_to(np.asarray(values, dtype=float), (self.n_employees,)))
        if not np.isfinite(column).all():
            raise ValueError(f"column {name!r}: values must be finite numbers")
        return column

    def _luck(self, purpose: str, day: int) -> Generator:
        return generator(self.seed, OWN + purpose, day)

    def make_workforce(self) -> Workforce:
        """Return who works there: the usual people, or what the extension makes of them."""
        return made_workforce(self.extension, super().make_workforce(), self.seed)

    def make_contacts(self, workforce: Workforce) -> Contacts:
        """Return who knows whom: the usual contacts, or what the extension makes of them."""
        return made_contacts(self.extension, super().make_contacts(workforce), workforce, self.seed)

    def begin_day(self) -> None:
        """Let a new policy take effect, and then what intervenes."""
        super().begin_day()
        is_monday = self.day % DAYS_PER_WEEK == 0
        for name, each in self._interventions.items():
            if is_monday or when_of(each) == DAILY:
                act = each.act if isinstance(each, Intervention) else each
                act(ChangingState(self), self._luck(name, self.day))
        self.settle()

    def _weeks_together(self, last_week: int) -> int:
        return 1  # at the end of each there is something to do

    def advance(self, n_days: int) -> None:
        """Run up to `n_days` days; one where something intervenes every day."""
        super().advance(1 if self._is_daily else n_days)

    def run(self, until_week: int | None = None) -> None:
        """Run to the end of the horizon, or until `until_week` weeks are done."""
        if not self._is_daily:
            super().run(until_week)
            return
        last_week = self.n_weeks if until_week is None else min(self.n_weeks, until_week)
        while self.week < last_week:
            self.advance(1)

    def _count_days(self, n_days: int) -> None:
        super()._count_days(n_days)
        if self.day % DAYS_PER_WEEK == 0:
            for name, outcome in self._own_outcomes.items():
                value = float(outcome.function(State(self)))
                if math.isinf(value):
                    raise ValueError(f"outcome {name!r} is infinite in week {self.week}")
                self._own_series[name][self.week - 1] = value

    def outcomes_by(self, week: int) -> dict[str, float]:
        """Return the outcomes as they were when `week` weeks had ended, own ones too; NaN where undefined."""
        own = {name: self._over_run(name, week) for name in self._own_outcomes}
        return {**super().outcomes_by(week), **own}

    def reasons(self) -> dict[str, str]:
        """Return why outcomes are undefined, for those that are."""
        own = {
            name: outcome.when_undefined
            for name, outcome in self._own_outcomes.items()
            if math.isnan(self._over_run(name, self.week))
        }
        return {**super().reasons(), **own}

    def _over_run(self, name: str, week: int) -> float:
        values = self._own_series[name][max(0, week - FINAL_WEEKS) : week]
        if self._own_outcomes[name].over_run == "last":
            values = values[-1:]
        given = values[~np.isnan(values)]
        # One after the other, as all sums here: `mean` adds in an order that depends on the machine.
        return math.nan if not len(given) else math.fsum(given.tolist()) / len(given)

    def __getstate__(self) -> dict[str, Any]:
        """Return all that a copy needs; what intervenes comes after the extension that it is made by."""
        state = super().__getstate__()
        made = {"_interventions", "_own_outcomes"}
        own = {name: value for name, value in state.items() if name not in made}
        return {**own, "_remembered": {name: _memory(each) for name, each in self._interventions.items()}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        remembered = state.pop("_remembered")
        super().__setstate__(state)
        self._own_outcomes = _outcomes_of(self.extension)
        self._interventions = copy.deepcopy(dict(self.extension.interventions))
        for name, memory in remembered.items():
            if memory is not None:
                vars(self._interventions[name]).update(pickle.loads(memory))
        self.series |= self._own_series

    def __deepcopy__(self, memo: dict[int, Any]) -> ExtendedSimulation:
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        made.__setstate__(copy.deepcopy(self.__getstate__(), memo))
        return made

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Refuse to be written with replaced rules: what it is made of is known in this process alone."""
        if self.extension.rules:
            raise InputError(said("refusal.checkpoint.rules"))
        return super().__reduce_ex__(protocol)


def _outcomes_of(extension: Extension) -> dict[str, Outcome]:
    return {name: each if isinstance(each, Outcome) else Outcome(each) for name, each in extension.outcomes.items()}


def _memory(intervention: Any) -> bytes | None:
    return pickle.dumps(vars(intervention)) if isinstance(intervention, Intervention) else None


def made_workforce(extension: Extension, usual: Workforce, seed: int) -> Workforce:
    """Return the workforce that an extension makes of the usual one.

    Raises
    ------
    TypeError, ValueError
        If it is none.
    """
    if extension.workforce is None:
        return usual
    made = extension.workforce(usual, generator(seed, OWN + "workforce", 0))
    if type(made).__name__ != "Workforce":
        raise TypeError(f"workforce: a Workforce is wanted, such as usual._replace(trust=...), not {made!r:.80}")
    n_employees = len(made.age)
    for name, usual_column, column in zip(made._fields, usual, made, strict=True):
        if len(column) != n_employees:
            raise ValueError(f"workforce: {name!r} has {len(column)} values, 'age' has {n_employees}")
        if not np.isfinite(np.asarray(column, dtype=float)).all():
            raise ValueError(f"workforce: {name!r} has values that are no numbers")
        if np.asarray(column).dtype != usual_column.dtype:
            made = made._replace(**{name: np.asarray(column).astype(usual_column.dtype)})
    return made


def made_contacts(extension: Extension, usual: Contacts, workforce: Workforce, seed: int) -> Contacts:
    """Return the contacts that an extension makes of the usual ones.

    Raises
    ------
    TypeError, ValueError
        If they are none, or not those of this workforce.
    """
    if extension.contacts is None:
        return usual
    made = extension.contacts(usual, workforce, generator(seed, OWN + "contacts", 0))
    if type(made).__name__ != "Contacts":
        raise TypeError(f"contacts: Contacts are wanted, such as usual._replace(neighbors=...), not {made!r:.80}")
    n = len(workforce.age)
    offsets, neighbors = np.asarray(made.offsets, np.int64), np.asarray(made.neighbors, np.int32)
    if len(offsets) != n + 1 or offsets[0] != 0 or offsets[-1] != len(neighbors) or (np.diff(offsets) < 0).any():
        raise ValueError(f"contacts: 'offsets' must rise from 0 to the number of neighbors, {n + 1} of them")
    if len(made.luck) != n:
        raise ValueError(f"contacts: 'luck' has {len(made.luck)} values, for {n} employees")
    rows = np.repeat(np.arange(n), np.diff(offsets))
    pairs = np.column_stack([rows, neighbors]).astype(np.int64)
    if len(neighbors) and (neighbors.min() < 0 or neighbors.max() >= n or (rows == neighbors).any()):
        raise ValueError("contacts: neighbors must be rows of other employees")
    keys, mirrored = pairs[:, 0] * n + pairs[:, 1], pairs[:, 1] * n + pairs[:, 0]
    if (np.diff(keys) <= 0).any():
        raise ValueError("contacts: the neighbors of each employee must rise, and nobody be there twice")
    if not np.array_equal(np.sort(mirrored), keys):
        raise ValueError("contacts: whoever knows somebody must be known in turn")
    return made._replace(offsets=offsets, neighbors=neighbors, luck=np.asarray(made.luck, float))


def running_with(extension: Extension, compiles: bool = False) -> Any:
    """Return this module, or that of a copy of the core in which the rules of an extension stand.

    Parameters
    ----------
    extension : Extension
        What is added and replaced.
    compiles : bool
        Whether rules are compiled, where any is replaced: a minute the first time, and many times as fast. The numbers
        are the same.
    """
    if not extension.rules:
        return sys.modules[__name__]
    from sim.model.extension.replacing import core_with

    return core_with(extension, compiles)


def simulate_with(
    extension: Extension,
    compiles: bool,
    resolved: Mapping[str, Any],
    seed: int,
    with_groups: bool = True,
    keeps_replies: bool = False,
) -> RunResult:
    """Run a scenario once with an extension, by the core that belongs to it: what a worker calls."""
    core = running_with(extension, compiles)
    simulation = core.ExtendedSimulation(extension, resolved, seed, keeps_replies=keeps_replies)
    found: RunResult = core.result_of(simulation, with_groups)
    return found


def warm_up_with(extension: Extension, compiles: bool) -> None:
    """Compile what a run with an extension needs, or load it: what a worker calls before its first run."""
    running_with(extension, compiles).warm_up()
