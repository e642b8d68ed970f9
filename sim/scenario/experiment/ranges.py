"""Read a range of an experiment, such as ``{low: 0, high: 1, distribution: triangular, mode: 0.2}``."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.scenario.experiment.distributions import Range
from sim.scenario.experiment.keys import DISTRIBUTIONS, RANGE_KEYS
from sim.scenario.located import Entry, KeyPath, Node, Scalar, Table, plain
from sim.scenario.problems import Problem
from sim.scenario.registry import Parameter
from sim.scenario.wording import did_you_mean, must_be, number, shown
from sim.texts.said import said

MOST_STEPS = 1000
_OF_DISTRIBUTION = {"triangular": ("mode",), "normal": ("mean", "sd")}


class ReadRange(NamedTuple):
    """A range, and the number of values wanted of it if the file says so."""

    spread: Range
    steps: int | None


class _RangeReader:
    """Read one range; everything that is wrong with it ends up in `problems`."""

    def __init__(self, table: Table, path: KeyPath, entry: Parameter) -> None:
        self._table = table
        self._path = path
        self._entry = entry
        self.problems: list[Problem] = []

    def read(self) -> ReadRange | None:
        """Return the range, or None if anything is wrong."""
        if self._entry.kind not in ("float", "int"):
            self._refuse(self._table, (), said("refusal.range.none", example=_list_of(self._entry)))
            return None
        for key in self._table.entries:
            if key not in RANGE_KEYS:
                hint = did_you_mean(key, RANGE_KEYS) or _hint(key)
                self._refuse(
                    self._table.entries[key],
                    (key,),
                    said("refusal.unknown_key", names=", ".join(RANGE_KEYS), hint=hint),
                )
        low, high = self._limit("low"), self._limit("high")
        distribution = self._distribution()
        if low is not None and high is not None and low >= high:
            self._refuse(self._value("low"), ("low",), said("refusal.range.order", high=number(high), low=number(low)))
            low = None
        if low is not None and low <= 0 and distribution == "log_uniform":
            self._refuse(self._value("low"), ("low",), said("refusal.range.log", low=number(low)))
        mode, mean, sd = (self._parameter(key, distribution, low, high) for key in ("mode", "mean", "sd"))
        steps = self._steps(distribution, low, high)
        off_at, off_share = self._off()
        if self.problems or low is None or high is None or distribution is None:
            return None
        is_whole = self._entry.kind == "int"
        number_type = int if is_whole else float
        spread = Range(
            number_type(low), number_type(high), is_whole, distribution, mode, mean, sd, off_at, off_share
        )  # fmt: skip
        return ReadRange(spread, steps)

    def _limit(self, key: str) -> float | None:
        """Return an end of the range, checked against what the parameter allows."""
        node = self._value(key)
        if node is None:
            self._refuse(self._table, (key,), said("refusal.range.missing"))
            return None
        value = plain(node)
        wanted = (int,) if self._entry.kind == "int" else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted) or not self._is_allowed(value):
            self._refuse(node, (key,), must_be(self._entry, value, is_needed=True))
            return None
        return value

    def _is_allowed(self, value: float) -> bool:
        low = -math.inf if self._entry.low is None else self._entry.low
        high = math.inf if self._entry.high is None else self._entry.high
        return math.isfinite(value) and low <= value <= high

    def _distribution(self) -> str | None:
        node = self._value("distribution")
        if node is None:
            return "uniform"
        value = plain(node)
        if isinstance(value, str) and value in DISTRIBUTIONS:
            return value
        hint = did_you_mean(value, DISTRIBUTIONS)
        allowed = ", ".join(DISTRIBUTIONS)
        self._refuse(node, ("distribution",), said("refusal.one_of", names=allowed, value=shown(value), hint=hint))
        return None

    def _parameter(self, key: str, distribution: str | None, low: float | None, high: float | None) -> float | None:
        """Return mode, mean or sd, where the distribution has it."""
        node = self._value(key)
        owner = next(name for name, keys in _OF_DISTRIBUTION.items() if key in keys)
        if distribution != owner:
            if node is not None and distribution is not None:
                self._refuse(node, (key,), said("refusal.range.belongs", owner=owner, distribution=distribution))
            return None
        if node is None:
            example = _example(owner, low, high)
            self._refuse(self._table, (key,), said("refusal.range.needs", owner=owner, example=example))
            return None
        value = plain(node)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            self._refuse(node, (key,), said("refusal.number", value=shown(value)))
        elif key == "sd" and value <= 0:
            self._refuse(node, (key,), said("refusal.above_zero", value=shown(value)))
        elif key != "sd" and low is not None and high is not None and not low <= value <= high:
            self._refuse(
                node, (key,), said("refusal.range.inside", low=number(low), high=number(high), value=shown(value))
            )
        else:
            return float(value)
        return None

    def _off(self) -> tuple[float | None, float]:
        """Return the value at which something is off, and how probable that is; both or neither are given."""
        at, share = self._value("off_at"), self._value("off_share")
        if at is None and share is None:
            return None, 0.0
        if at is None or share is None or self._value("steps") is not None:
            self._refuse(at or share, ("off_at" if at else "off_share",), said("refusal.range.off"))
            return None, 0.0
        value, chance = plain(at), plain(share)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not self._is_allowed(value):
            self._refuse(at, ("off_at",), must_be(self._entry, value, is_needed=True))
        elif isinstance(chance, bool) or not isinstance(chance, (int, float)) or not 0.0 <= chance < 1.0:
            self._refuse(share, ("off_share",), said("refusal.range.off_share", value=shown(chance)))
        else:
            return float(value), float(chance)
        return None, 0.0

    def _steps(self, distribution: str | None, low: float | None, high: float | None) -> int | None:
        node = self._value("steps")
        if node is None:
            return None
        value = plain(node)
        if isinstance(value, bool) or not isinstance(value, int) or not 2 <= value <= MOST_STEPS:
            self._refuse(node, ("steps",), said("refusal.steps.number", most=MOST_STEPS, value=shown(value)))
            return None
        if distribution in _OF_DISTRIBUTION:
            self._refuse(node, ("steps",), said("refusal.steps.even", distribution=distribution))
            return None
        if self._entry.kind == "int" and low is not None and high is not None and value > high - low + 1:
            whole = int(high - low + 1)
            message = said("refusal.steps.most", n=whole, low=number(low), high=number(high), value=value)
            self._refuse(node, ("steps",), message)
            return None
        return value

    def _value(self, key: str) -> Node | None:
        entry = self._table.entries.get(key)
        return None if entry is None else entry.value

    def _refuse(self, at: Node | Entry | None, path: KeyPath, message: str) -> None:
        place = (at or self._table).place
        self.problems.append(place.problem((*self._path, *path), message))


def _example(distribution: str, low: float | None, high: float | None) -> str:
    """Return what a distribution needs, with numbers that fit the range.

    Examples
    --------
    >>> _example("triangular", 0, 1), _example("normal", 100, 1000)
    ('mode: 0.4', 'mean: 550, sd: 150')
    """
    low, high = (0, 1) if low is None or high is None or low >= high else (low, high)
    is_usual = (low, high) == (0, 1)
    middle, sd = (0.5, 0.1) if is_usual else (round((low + high) / 2, 6), round((high - low) / 6, 6))
    mode = 0.4 if low <= 0.4 <= high else middle
    return f"mode: {number(mode)}" if distribution == "triangular" else f"mean: {number(middle)}, sd: {number(sd)}"


_OTHER_NAMES = {"min": "low", "max": "high", "std": "sd"}


def _hint(key: str) -> str:
    """Return the key that is probably meant by another name for it."""
    return said("refusal.did_you_mean", name=_OTHER_NAMES[key]) if key in _OTHER_NAMES else ""


def read_range(table: Table, path: KeyPath, entry: Parameter) -> tuple[ReadRange | None, list[Problem]]:
    """Return the range that a group of keys describes for a parameter, or what is wrong with it."""
    reader = _RangeReader(table, path, entry)
    return reader.read(), reader.problems


def _list_of(entry: Parameter) -> str:
    """Return an example of values in a list.

    Examples
    --------
    >>> from sim.scenario.parameters import parameter
    >>> _list_of(parameter("rules.work_only"))
    '[true, false]'
    """
    choices = ("true", "false") if entry.kind == "bool" else entry.choices[:2]
    return f"[{', '.join(choices) or '...'}]"


def is_range(node: Node) -> bool:
    """Return whether a group of keys looks like a range rather than like named alternatives."""
    return isinstance(node, Table) and any(
        key in RANGE_KEYS and isinstance(entry.value, Scalar) for key, entry in node.entries.items()
    )
