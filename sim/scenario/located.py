"""Values that remember where they were written, so that every message can point at file, line and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from sim.scenario.problems import Problem

KeyPath: TypeAlias = tuple[str | int, ...]

LONGEST_KEY = 80  # characters of a key that messages show; the longest real one has 33


class Source(NamedTuple):
    """Where a group of settings was written.

    Attributes
    ----------
    name : str
        File as the person wrote it, or the option that stands in its place.
    folder : Path
        What relative paths written there are relative to.
    has_lines : bool
        False for options and mappings, where a line and a column would point at nothing.
    is_whole : bool
        True for a mapping that may hold every value, those that nobody chose included.
    """

    name: str
    folder: Path
    has_lines: bool = True
    is_whole: bool = False


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
class Table:
    """A mapping of keys to values."""

    place: Place
    entries: dict[str, Entry] = field(default_factory=dict)


Node: TypeAlias = Scalar | Listing | Table


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
    if isinstance(node, Table):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return node.value


def node_at(node: Node, path: Sequence[str | int]) -> Node | None:
    """Return the node at `path`, or None where nothing was written there."""
    for part in path:
        if isinstance(node, Table) and part in node.entries:
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
    if isinstance(group, Table) and path[-1] in group.entries:
        return group.entries[str(path[-1])].place
    return place_of(node, path)
