"""The state as own outcomes see it, and as own interventions change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.person_columns import checked
from sim.model.state import DAYS_PER_WEEK, PERSON

if TYPE_CHECKING:
    from sim.model.extension.running import ExtendedSimulation

COLUMNS = tuple(name for name, _ in PERSON)


class State:
    """The organization on one day, to look at.

    ``state["trust"]`` is a column of employees, an array that cannot be written: any of ``sim.model.state.PERSON``,
    or one of your own.

    Attributes
    ----------
    n_employees : int
    scenario : mapping
        The scenario, all values filled in: ``state.scenario["rules"]["restriction"]``.
    """

    def __init__(self, simulation: ExtendedSimulation) -> None:
        self._simulation = simulation

    @property
    def n_employees(self) -> int:
        """Number of staff."""
        return self._simulation.n_employees

    @property
    def day(self) -> int:
        """Working days that have ended."""
        return self._simulation.day

    @property
    def week(self) -> int:
        """The week that has just ended, or that begins, counted from 1 as in all tables."""
        return self._simulation.day // DAYS_PER_WEEK

    @property
    def scenario(self) -> Mapping[str, Any]:
        """The scenario, all values filled in."""
        return self._simulation.resolved

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns."""
        return (*COLUMNS, *self._simulation.own_columns)

    def __getitem__(self, name: str) -> np.ndarray:
        simulation = self._simulation
        if name in simulation.own_columns:
            column = simulation.own_columns[name]
        elif name in COLUMNS:
            simulation.settle()
            column = simulation.table[name]
        else:
            raise KeyError(f"there is no column {name!r} of employees")
        shown: np.ndarray = column.view()
        shown.flags.writeable = False
        return shown

    def contacts(self, row: int) -> np.ndarray:
        """Return the rows of the colleagues whom an employee knows."""
        world = self._simulation.world
        shown: np.ndarray = world.neighbors[world.offsets[row] : world.offsets[row + 1]].view()
        shown.flags.writeable = False
        return shown


class ChangingState(State):
    """The organization at the beginning of a day, to look at and to change."""

    @property
    def week(self) -> int:
        """The week that the day belongs to, counted from 1 as in all tables."""
        return self._simulation.day // DAYS_PER_WEEK + 1

    def set(self, name: str, values: Any, rows: Sequence[int] | np.ndarray | None = None) -> None:
        """Write a column of employees, and what follows from it.

        Parameters
        ----------
        name : str
            A column that can be written (``sim.model.person_columns``), or one of your own.
        values : float or array
            One for all, or one for each row.
        rows : sequence of int or of bool, optional
            Whose; everybody if left out.

        Raises
        ------
        AttributeError, TypeError, ValueError
            If the column cannot be written, or a value is not allowed; then nothing is.
        """
        simulation = self._simulation
        places = np.arange(self.n_employees) if rows is None else np.arange(self.n_employees)[np.asarray(rows)]
        given = np.broadcast_to(np.asarray(values), places.shape)
        if name in simulation.own_columns:
            numbers = np.asarray(given, dtype=float)
            if not np.isfinite(numbers).all():
                raise ValueError(f"{name!r}: values must be finite numbers")
            simulation.own_columns[name][places] = numbers
            return
        has_begun = simulation.day > 0
        allowed = [checked(name, value, has_begun) for value in given.tolist()]
        for row, value in zip(places.tolist(), allowed, strict=True):
            simulation.write(name, row, value)
