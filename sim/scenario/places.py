"""Values that remember where they were written, so that every message can point at file, line and column.

One group of settings is laid over another here, too: a child file over its parent, an option over the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from sim.catalog.registry import DEFAULT_PRESET, GROUPS, PRESETS, PROFILES
from sim.errors import InputError
from sim.scenario.hints import shown
from sim.words import DEFAULT_LANGUAGE, in_language, said, text

SHOWN_LIMIT = 50  # a file with more problems than this is not read to the end by anyone


class Problem(NamedTuple):
    """One thing that is wrong.

    Attributes
    ----------
    file : str
        File as the person wrote it, or the option or mapping that the value came from.
    line, column : int or None
        Position from 1; None where there is no text to point into.
    path : str
        Dotted key, such as ``rules.restriction``; empty where the whole file is meant.
    message : str
        What is wrong and what is allowed.
    """

    file: str
    line: int | None
    column: int | None
    path: str
    message: str

    def __str__(self) -> str:
        return self.line_in(DEFAULT_LANGUAGE)

    def line_in(self, language: str) -> str:
        """Return the problem on one line, in the language of the reader."""
        where = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        line = ": ".join(part for part in (where, self.path, in_language(self.message, language)) if part)
        return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)


class ScenarioError(InputError):
    """A scenario cannot be used.

    Attributes
    ----------
    problems : tuple of Problem
        Everything that is wrong, parent files before the files that extend them, each in the order of its
        lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(_shown(self.problems, DEFAULT_LANGUAGE))

    def lines_in(self, language: str) -> tuple[str, ...]:
        """Return what to print, one problem a line, in the language of the reader."""
        return tuple(_shown(self.problems, language))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[object, ...]]:
        return type(self), (self.problems,)


def _shown(problems: Sequence[Problem], language: str) -> list[str]:
    lines = [problem.line_in(language) for problem in problems[:SHOWN_LIMIT]]
    if len(problems) > SHOWN_LIMIT:
        lines.append(text(language, "refusal.more_problems", n=len(problems) - SHOWN_LIMIT))
    return lines


KeyPath: TypeAlias = tuple[str | int, ...]

LONGEST_KEY = 80  # characters of a key that messages show; the longest real one has 33


class Source(NamedTuple):
    """Where a group of settings was written."""

    name: str  # file as the person wrote it, or the option that stands in its place
    folder: Path  # what relative paths written there are relative to
    has_lines: bool = True  # false for options and mappings, where a line and a column would point at nothing
    is_whole: bool = False  # true for a mapping that may hold every value, those that nobody chose included


class Place(NamedTuple):
    """A position in a source: line and column from 1, or None where there is no text to point into."""

    source: Source
    line: int | None = None
    column: int | None = None

    def problem(self, path: Sequence[str | int], message: str) -> Problem:
        """Return a problem at this place."""
        line, column = (self.line, self.column) if self.source.has_lines else (None, None)
        return Problem(self.source.name, line, column, dotted(path), message)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value."""

    place: Place
    value: Any


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of values."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value; the key has a place of its own."""

    place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping of keys to values."""

    place: Place
    entries: dict[str, Entry] = field(default_factory=dict)


Node: TypeAlias = Scalar | Listing | Keys


def dotted(path: Sequence[str | int]) -> str:
    """Return a path as people write it.

    Examples
    --------
    >>> dotted(("changes", 0, "set", "rules.restriction"))
    'changes[0].set.rules.restriction'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if len(part) <= LONGEST_KEY else f"{part[:LONGEST_KEY]}..."
            text += f".{key}" if text else key
    return text


def plain(node: Node) -> Any:
    """Return the node as plain dicts, lists and values."""
    if isinstance(node, Keys):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return node.value


def node_at(node: Node, path: Sequence[str | int]) -> Node | None:
    """Return the node at `path`, or None where nothing was written there."""
    for part in path:
        if isinstance(node, Keys) and part in node.entries:
            node = node.entries[str(part)].value
        elif isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        else:
            return None
    return node


def place_of(node: Node, path: Sequence[str | int]) -> Place:
    """Return the place of the value at `path`, or of the nearest group around it that was written."""
    found = node_at(node, path)
    if found is not None:
        return found.place
    return place_of(node, path[:-1]) if path else node.place


def place_of_key(node: Node, path: Sequence[str | int]) -> Place:
    """Return the place of the last key of `path`, or of its value where it has no key of its own."""
    group = node_at(node, path[:-1]) if path else None
    if isinstance(group, Keys) and path[-1] in group.entries:
        return group.entries[str(path[-1])].place
    return place_of(node, path)


WORKFORCE = ("organization", "workforce")
STAFF_FILE = ("organization", "staff", "file")
CONTACTS_FILE = ("organization", "staff", "contacts")
_FRAMING = ("launch", "framing")
_MAY_BE_EMPTY = frozenset({"description", "changes"})


def merged(below: Keys, above: Keys, path: tuple[str, ...] = ()) -> Keys:
    """Return the settings of `below` with those of `above` laid over them.

    Groups are merged key by key; a value or a list takes the place of what was there. Numbers of a framing are laid
    over those that are in force below, whether these were written as numbers, as a preset or not at all: what comes
    out depends on what is meant below, not on how it was written. `path` is where the two stand.
    """
    entries = dict(below.entries)
    for key, entry in above.entries.items():
        here = (*path, key)
        under = entries[key].value if key in entries else None
        if isinstance(entry.value, Keys) and (isinstance(under, Keys) or here in (_FRAMING, _FRAMING[:1])):
            group = under if isinstance(under, Keys) else _new_group(here, under, entry.value.place)
            entries[key] = Entry(entry.place, merged(group, entry.value, here))
        else:
            entries[key] = entry
    return Keys(above.place, entries)


def prepared(layer: Keys) -> Keys:
    """Return the settings of one file or option, ready to be laid over others."""
    return _with_absolute_workforce(_without_empty_groups(layer))


def _without_empty_groups(table: Keys, start: str = "") -> Keys:
    """Drop groups that hold nothing, such as ``rules:`` with all its keys commented out."""
    entries = {}
    for key, entry in table.entries.items():
        path = start + key
        value = entry.value
        if isinstance(value, Scalar) and value.value is None and path in GROUPS | _MAY_BE_EMPTY:
            continue
        if isinstance(value, Keys) and path in GROUPS:
            value = _without_empty_groups(value, f"{path}.")
        entries[key] = Entry(entry.place, value)
    return Keys(table.place, entries)


def _with_absolute_workforce(layer: Keys) -> Keys:
    """Write the paths of one's own files in full: they are relative to the file that names them."""
    for key in (WORKFORCE, STAFF_FILE, CONTACTS_FILE):
        node = node_at(layer, key)
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value not in PROFILES:
            path = str(node.place.source.folder.absolute() / node.value)
            layer = with_value(layer, key, Scalar(node.place, path))
    return layer


def with_value(table: Keys, path: Sequence[str], value: Node) -> Keys:
    """Return the settings with `value` at a dotted path, as an option sets it.

    A group of keys is laid over the group that was there; a framing or waves in numbers takes the place of what
    was there, as any value does. Setting one number of a framing that is a preset starts from that preset.
    """
    return _with_value(table, tuple(path), 0, value)


def _with_value(table: Keys, path: tuple[str, ...], depth: int, value: Node) -> Keys:
    key = path[depth]
    under = table.entries[key].value if key in table.entries else None
    if depth + 1 < len(path):
        group = under if isinstance(under, Keys) else _new_group(path[: depth + 1], under, value.place)
        value = _with_value(group, path, depth + 1, value)
    elif isinstance(under, Keys) and isinstance(value, Keys) and ".".join(path) in GROUPS:
        value = merged(under, value, path)
    return Keys(table.place, {**table.entries, key: Entry(value.place, value)})


def _new_group(path: tuple[str, ...], under: Node | None, place: Place) -> Keys:
    """Return the group that takes the place of `under`: empty, but for the numbers of a framing's preset."""
    preset = under.value if isinstance(under, Scalar) else DEFAULT_PRESET
    if path != _FRAMING or not isinstance(preset, str) or preset not in PRESETS:
        return Keys(place)
    numbers = PRESETS[preset]._asdict()
    return Keys(place, {name: Entry(place, Scalar(place, number)) for name, number in numbers.items()})


DEPTH_LIMIT = 20


def located(value: Any, place: Place) -> tuple[Node, list[Problem]]:
    """Return a Python value as located values, all at one place, and what is wrong with its form.

    Tuples become lists and NumPy numbers become plain ones, so that a sampled value can be set as it is.
    """
    problems: list[Problem] = []

    def convert(value: Any, path: KeyPath) -> Node:
        if len(path) > DEPTH_LIMIT:
            problems.append(place.problem(path[:1], said("refusal.nested", limit=DEPTH_LIMIT)))
            return Scalar(place, None)
        if isinstance(value, Mapping):
            entries = {}
            for key, item in value.items():
                if isinstance(key, str):
                    entries[str(key)] = Entry(place, convert(item, (*path, key)))
                else:
                    problems.append(place.problem(path, said("refusal.key_text", value=shown(key))))
            return Keys(place, entries)
        if isinstance(value, (list, tuple)):
            return Listing(place, [convert(item, (*path, index)) for index, item in enumerate(value)])
        return Scalar(place, plain_value(value))

    node = convert(value, ())
    return node, problems[:1] if _is_nested_without_end(problems) else problems


def _is_nested_without_end(problems: list[Problem]) -> bool:
    return any("nested" in problem.message for problem in problems)


def plain_value(value: Any) -> Any:
    """Return a path as text, a NumPy number as a plain one, and anything else as it is."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:  # a NumPy scalar
        return value.item()
    return value
