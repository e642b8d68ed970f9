"""Read the levers and uncertainties of an experiment: lists, ranges, named alternatives, and the registry's ranges."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sim.catalog.registry import GROUPS, PARAMETER_BY_PATH, PARAMETERS, SECTIONS, SHARES, TOP_LEVEL, Parameter
from sim.experiments.factors import Alternative, Factor, Label, Range, overlap, overlapping
from sim.experiments.grammar import (
    DISTRIBUTIONS,
    OWN_KEYS,
    RANGE_KEYS,
    REGISTRY,
    REGISTRY_GROUPS,
    RESERVED_NAMES,
    ROW_FACTOR,
    SETTABLE,
)
from sim.experiments.settings import Setting, as_values, checked_setting, plain_value, read_settings
from sim.scenario.grammar import CHANGES
from sim.scenario.hints import did_you_mean, must_be, number, shown, unknown_setting
from sim.scenario.places import Entry, KeyPath, Keys, Listing, Node, Place, Problem, Scalar, dotted, plain
from sim.words import said

MOST_STEPS = 1000
_OF_DISTRIBUTION = {"triangular": ("mode",), "normal": ("mean", "sd")}


class ReadRange(NamedTuple):
    """A range, and the number of values wanted of it if the file says so."""

    spread: Range
    steps: int | None


class _RangeReader:
    """Read one range; everything that is wrong with it ends up in `problems`."""

    def __init__(self, table: Keys, path: KeyPath, entry: Parameter) -> None:
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


def read_range(table: Keys, path: KeyPath, entry: Parameter) -> tuple[ReadRange | None, list[Problem]]:
    """Return the range that a group of keys describes for a parameter, or what is wrong with it."""
    reader = _RangeReader(table, path, entry)
    return reader.read(), reader.problems


def _list_of(entry: Parameter) -> str:
    """Return an example of values in a list.

    Examples
    --------
    >>> from sim.catalog.registry import parameter
    >>> _list_of(parameter("rules.work_only"))
    '[true, false]'
    """
    choices = ("true", "false") if entry.kind == "bool" else entry.choices[:2]
    return f"[{', '.join(choices) or '...'}]"


def is_range(node: Node) -> bool:
    """Return whether a group of keys looks like a range rather than like named alternatives."""
    return isinstance(node, Keys) and any(
        key in RANGE_KEYS and isinstance(entry.value, Scalar) for key, entry in node.entries.items()
    )


_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
_NOT_BY_THEMSELVES = (*(f"launch.framing.{share}" for share in SHARES), "launch.waves.every_weeks")
"""Keys that ``registry`` leaves out: shares that have to sum to 1, and a number that a launch at once does not have."""


class ReadFactor(NamedTuple):
    """A factor with the places of its name and of its alternatives, for messages about them."""

    factor: Factor
    place: Place
    path: KeyPath
    places: tuple[Place, ...] = ()
    has_steps: bool = False

    @property
    def is_from_registry(self) -> bool:
        """Whether it is a plausible range of the registry, which gives way to what else sets its key."""
        return self.factor.registry != ""

    def problem(self, message: str) -> Problem:
        """Return a problem with this factor."""
        return self.place.problem(self.path, message)


class FactorReader:
    """Read one of the two sections; everything that is wrong ends up in `problems`.

    Factors that come from the registry wait in `from_registry` until all others are known: they take only what
    nothing else sets.
    """

    def __init__(self, section: str) -> None:
        self._section = section
        self._is_lever = section == "levers"
        self.problems: list[Problem] = []

    def read(self, node: Node | None) -> list[ReadFactor]:
        """Return the factors of the section, in the order of the file."""
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return []
        if not isinstance(node, Keys):
            message = said("refusal.factors.form", forms=said("refusal.forms"), value=shown(plain(node)))
            self.problems.append(node.place.problem((self._section,), message))
            return []
        found: list[ReadFactor] = []
        for name, entry in node.entries.items():
            found += self._entry(name.strip(), entry.value, entry.place, (self._section, name))
        return found

    def _entry(self, name: str, node: Node, place: Place, path: KeyPath) -> Iterator[ReadFactor]:
        """Yield the factors of one entry: one, or those of the registry."""
        if name in OWN_KEYS:
            self._refuse(place, path, said("refusal.factor.own", key=OWN_KEYS[name]))
        elif name in TOP_LEVEL:
            hint = said("refusal.factor.alternative") if name == CHANGES else ""
            self._refuse(place, path, said("refusal.factor.no_parameter", hint=hint))
        elif isinstance(node, Scalar) and node.value == REGISTRY:
            yield from self._registry(name, place, path)
        elif name in PARAMETER_BY_PATH:
            yield from self._parameter(PARAMETER_BY_PATH[name], node, place, path)
        elif isinstance(node, Keys) and not is_range(node) and "." not in name:
            yield from self._bundle(name, node, place, path)
        elif name in GROUPS:
            self._refuse(place, path, said("refusal.factor.group", example=_first_key(name)))
        elif isinstance(node, Scalar):
            hint = did_you_mean(node.value, [REGISTRY]) or _unknown_hint(name)
            self._refuse(
                node.place,
                path,
                said("refusal.factor.form", forms=said("refusal.forms"), value=shown(node.value), hint=hint),
            )
        else:
            self._refuse(place, path, unknown_setting(name))

    def _parameter(self, entry: Parameter, node: Node, place: Place, path: KeyPath) -> Iterator[ReadFactor]:
        """Yield the factor of one key of a scenario."""
        if isinstance(node, Listing):
            alternatives, places = self._listed(entry.path, node, path)
            if alternatives:
                yield ReadFactor(self._factor(entry, "values", alternatives), place, path, places)
        elif isinstance(node, Keys) and all(isinstance(one.value, Keys) for one in node.entries.values()):
            message = said("refusal.factor.key_name")
            self._refuse(
                place, path, message if node.entries else said("refusal.factor.empty", forms=said("refusal.forms"))
            )
        elif isinstance(node, Keys):
            yield from self._range(entry, node, place, path)
        else:
            value = plain(node)
            hint = did_you_mean(value, [REGISTRY]) or said("refusal.factor.set")
            self._refuse(
                node.place,
                path,
                said("refusal.factor.form", forms=said("refusal.forms"), value=shown(value), hint=hint),
            )

    def _range(self, entry: Parameter, table: Keys, place: Place, path: KeyPath) -> Iterator[ReadFactor]:
        found, problems = read_range(table, path, entry)
        self.problems += problems
        if found is None:
            return
        if found.steps is None:
            yield ReadFactor(self._factor(entry, "range", spread=found.spread), place, path)
            return
        values = found.spread.evenly(found.steps)
        alternatives = tuple(Alternative(value, {entry.path: value}) for value in values)
        places = (table.entries["steps"].place,) * len(values)
        yield ReadFactor(self._factor(entry, "values", alternatives), place, path, places, has_steps=True)

    def _factor(
        self,
        entry: Parameter,
        kind: str,
        alternatives: tuple[Alternative, ...] = (),
        spread: Range | None = None,
        registry: str = "",
    ) -> Factor:
        return Factor(entry.path, self._is_lever, entry.group, kind, (entry.path,), spread, alternatives, registry)

    def _listed(self, key: str, node: Listing, path: KeyPath) -> tuple[tuple[Alternative, ...], tuple[Place, ...]]:
        """Return the values of a list, each once and each allowed, with their places."""
        if not node.items:
            self._refuse(node.place, path, said("refusal.factor.empty_list"))
        alternatives: dict[str, Alternative] = {}
        places: list[Place] = []
        for index, item in enumerate(node.items):
            right, wrong = checked_setting(Setting(key, item, item.place, (*path, index)))
            self.problems += wrong
            if right is None:
                continue
            value = right.value
            identity = json.dumps(value, sort_keys=True)
            if identity in alternatives:
                self._refuse(
                    item.place, (*path, index), said("refusal.factor.twice", value=_as_text(plain_value(key, item)))
                )
                continue
            alternatives[identity] = Alternative(label_of(plain_value(key, item)), {key: value})
            places.append(item.place)
        return tuple(alternatives.values()), tuple(places)

    def _bundle(self, name: str, table: Keys, place: Place, path: KeyPath) -> Iterator[ReadFactor]:
        """Yield the factor of named alternatives, each of which sets several keys."""
        if not self._is_good_name(name, place, path):
            return
        if not table.entries:
            self._refuse(place, path, said("refusal.factor.alternatives"))
        alternatives: list[Alternative] = []
        places: list[Place] = []
        for label, entry in table.entries.items():
            inner = (*path, label)
            names_alternative = isinstance(entry.value, Keys) and not is_range(entry.value)
            if name in GROUPS and f"{name}.{label}" in SETTABLE and not names_alternative:
                self._refuse(entry.place, inner, said("refusal.factor.dotted", name=name, label=label))
                continue
            if not label.strip():
                self._refuse(entry.place, path, said("refusal.factor.no_name"))
            settings, problems = read_settings(entry.value, inner)
            self.problems += problems
            alternatives.append(Alternative(label, as_values(settings)))
            places.append(entry.place)
        yield ReadFactor(bundle(name, self._is_lever, tuple(alternatives)), place, path, tuple(places))

    def _is_good_name(self, name: str, place: Place, path: KeyPath) -> bool:
        if name in RESERVED_NAMES:
            self._refuse(place, path, said("refusal.factor.column", name=name))
        elif not _NAME.fullmatch(name):
            message = said("refusal.factor.bad_name")
            self._refuse(place, path, said("refusal.factor.bad_name_is", message=message, value=shown(name)))
        else:
            return True
        return False

    def _registry(self, name: str, place: Place, path: KeyPath) -> Iterator[ReadFactor]:
        """Yield a factor for each key with a plausible range, of one key, a group of keys or a registry group."""
        below = [entry for entry in PARAMETERS if f"{entry.path}.".startswith(f"{name}.")]
        entries = below or [entry for entry in PARAMETERS if entry.group == name]
        if not entries:
            known = (*SECTIONS, *REGISTRY_GROUPS, *GROUPS, *PARAMETER_BY_PATH)
            hint = did_you_mean(name, dict.fromkeys(known)) or said(
                "refusal.registry.allowed", names=", ".join(dict.fromkeys(known[:12]))
            )
            self._refuse(place, path, said("refusal.registry.none", hint=hint))
            return
        usable = [
            entry
            for entry in entries
            if (entry.plausible or entry.when_on) and (entry.path == name or entry.path not in _NOT_BY_THEMSELVES)
        ]
        if not usable:
            message = said("refusal.registry.no_range")
            self._refuse(place, path, message)
        for entry in usable:
            factor = self._factor(entry, "range", spread=plausible_range(entry), registry=name)
            yield ReadFactor(factor, place, path)

    def _refuse(self, place: Place, path: KeyPath, message: str) -> None:
        self.problems.append(place.problem(path, message))


def bundle(name: str, is_lever: bool, alternatives: tuple[Alternative, ...]) -> Factor:
    """Return a factor of named alternatives; its keys are all that any of them sets."""
    keys = tuple(dict.fromkeys(key for one in alternatives for key in one.settings))
    groups = {PARAMETER_BY_PATH[key].group if key in PARAMETER_BY_PATH else name for key in keys}
    return Factor(name, is_lever, groups.pop() if len(groups) == 1 else name, "bundle", keys, None, alternatives)


def read_rows(entry: Entry) -> tuple[ReadFactor | None, list[Problem]]:
    """Return the rows of design ``list`` as one lever, and what is wrong with them."""
    path = ("strategies",)
    node = entry.value
    if not isinstance(node, Listing) or not node.items:
        message = said("refusal.rows.form", value=shown(plain(node)))
        return None, [node.place.problem(path, message)]
    alternatives: dict[str, Alternative] = {}
    places: list[Place] = []
    problems: list[Problem] = []
    for index, item in enumerate(node.items):
        row, wrong = _row(item, (*path, index))
        problems += wrong
        if row is None:
            continue
        name = str(row.label) or _name_of_row(row.settings, index)
        if name in alternatives:
            problems.append(item.place.problem((*path, index), said("refusal.rows.twice", name=shown(name))))
            continue
        alternatives[name] = Alternative(name, row.settings)
        places.append(item.place)
    factor = bundle(ROW_FACTOR, True, tuple(alternatives.values()))
    return ReadFactor(factor, entry.place, path, tuple(places)), problems


def _row(node: Node, path: KeyPath) -> tuple[Alternative | None, list[Problem]]:
    """Return one row, its label empty where it has no name."""
    if not isinstance(node, Keys):
        message = said("refusal.rows.row", value=shown(plain(node)))
        return None, [node.place.problem(path, message)]
    if "set" not in node.entries:
        settings, problems = read_settings(
            Keys(node.place, {key: entry for key, entry in node.entries.items() if key != "name"}), path
        )
    else:
        settings, problems = read_settings(node.entries["set"].value, (*path, "set"))
        for key, entry in node.entries.items():
            if key not in ("name", "set"):
                problems.append(entry.place.problem((*path, key), said("refusal.rows.keys")))
    name = node.entries["name"].value if "name" in node.entries else None
    label = "" if name is None else plain(name)
    if name is not None and not (isinstance(label, str) and label.strip()):
        problems.append(name.place.problem((*path, "name"), said("refusal.text", value=shown(label))))
        label = ""
    return Alternative(label, as_values(settings)), problems


_LONGEST_ROW_NAME = 60


def _name_of_row(settings: Any, index: int) -> str:
    """Return a name for a row without one: what it sets, or its number if that is long."""
    text = ", ".join(f"{key}={label_of(value)}" for key, value in settings.items())
    return text if 0 < len(text) <= _LONGEST_ROW_NAME else f"row {index + 1}"


EVEN_ODDS = 0.5
LESS_THAN_EVEN = 0.25


def off_share(entry: Parameter) -> float:
    """Return the prior probability that the mechanism of a coefficient is off.

    Even odds: where a source gives a direction at most, nothing is known for or against a mechanism of this form, and
    one number for all favors none. Half of that where the range when on begins at off, which gives weak effects weight
    already.
    """
    return LESS_THAN_EVEN if entry.when_on is not None and entry.off_at in entry.when_on else EVEN_ODDS


def plausible_range(entry: Parameter) -> Range:
    """Return the plausible range of a key, with the share of draws in which its mechanism is off."""
    if entry.plausible is None and entry.when_on is not None:
        low, high = map(float, entry.when_on)
        return Range(low, high, off_at=entry.off_at, off_share=0.0 if entry.off_at is None else off_share(entry))
    low, high = entry.plausible or (0.0, 1.0)
    is_whole = entry.kind == "int"
    return Range(int(low), int(high), True) if is_whole else Range(float(low), float(high))


def label_of(value: Any) -> Label:
    """Return what tables call a value: itself, or a group or list as text.

    Examples
    --------
    >>> label_of(0.5), label_of({"pilot": [0], "every_weeks": 4})
    (0.5, '{pilot: [0], every_weeks: 4}')
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_as_text(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_as_text, value)) + "]"
    return value


def _as_text(value: Any) -> str:
    label = label_of(value)
    return shown(label) if label is None or isinstance(label, bool) else str(label)


def _first_key(group: str) -> str:
    return next(path for path in PARAMETER_BY_PATH if path.startswith(f"{group}."))


def _unknown_hint(name: str) -> str:
    if name in SETTABLE:
        return ""
    return said("refusal.factor.unknown_hint", name=name, message=unknown_setting(name))


def settled(factors: Sequence[ReadFactor], fixed: Sequence[Setting]) -> tuple[list[ReadFactor], list[Problem]]:
    """Return the factors that stay, and what is set in two places.

    What comes from the registry gives way to everything else.

    Parameters
    ----------
    factors : sequence of ReadFactor
        Levers, then uncertainties.
    fixed : sequence of Setting
        What holds for every run.
    """
    explicit = [one for one in factors if not one.is_from_registry]
    problems = [*_set_twice(explicit), *_set_and_varied(explicit, fixed)]
    taken = [key for one in explicit for key in one.factor.keys] + [setting.key for setting in fixed]
    kept: list[ReadFactor] = []
    for one in factors:
        if one.is_from_registry:
            if overlapping(one.factor.keys, taken):
                continue
            taken += one.factor.keys
        kept.append(one)
    emptied = {one.path: one for one in factors if one.is_from_registry}
    for one in kept:
        emptied.pop(one.path, None)
    problems += [one.problem(said("refusal.factor.adds_nothing")) for one in emptied.values()]
    return kept, problems


def _set_twice(factors: Sequence[ReadFactor]) -> Iterator[Problem]:
    """Yield a problem for each factor that sets what an earlier one sets."""
    for position, one in enumerate(factors):
        for other in factors[:position]:
            key = overlapping(one.factor.keys, other.factor.keys)
            if key is not None:
                yield one.problem(_both_set(key, other))
                break


def _both_set(key: str, other: ReadFactor) -> str:
    """Return the message for a key that overlaps with one of another factor."""
    theirs = next(theirs for theirs in other.factor.keys if overlap(key, theirs))
    where = dotted(other.path)
    if other.place.source.has_lines:
        where = said("refusal.factor.line", path=where, line=other.place.line)
    if key == theirs:
        return said("refusal.factor.same", key=key, where=where)
    return said("refusal.factor.replace", key=key, where=where, other=theirs)


def _set_and_varied(factors: Sequence[ReadFactor], fixed: Sequence[Setting]) -> Iterator[Problem]:
    """Yield a problem for each fixed key that a factor replaces at every point."""
    for setting in fixed:
        for one in factors:
            if any(f"{setting.key}.".startswith(f"{key}.") for key in one.factor.always_set):
                yield setting.problem(said("refusal.factor.varied", path=dotted(one.path)))
                break
