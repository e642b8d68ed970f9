"""Lay settings over settings: a child file over its parent, an option over the file."""

from __future__ import annotations

from collections.abc import Sequence

from sim.scenario.entries import PROFILES
from sim.scenario.framing import DEFAULT_PRESET, PRESETS
from sim.scenario.located import Entry, Node, Place, Scalar, Table, node_at
from sim.scenario.structure import GROUPS

WORKFORCE = ("organization", "workforce")
STAFF_FILE = ("organization", "staff", "file")
CONTACTS_FILE = ("organization", "staff", "contacts")
_FRAMING = ("launch", "framing")
_MAY_BE_EMPTY = frozenset({"description", "changes"})


def merged(below: Table, above: Table, path: tuple[str, ...] = ()) -> Table:
    """Return the settings of `below` with those of `above` laid over them.

    Groups are merged key by key; a value or a list takes the place of what was there. Numbers of a framing are laid
    over those that are in force below, whether these were written as numbers, as a preset or not at all: what comes
    out depends on what is meant below, not on how it was written. `path` is where the two stand.
    """
    entries = dict(below.entries)
    for key, entry in above.entries.items():
        here = (*path, key)
        under = entries[key].value if key in entries else None
        if isinstance(entry.value, Table) and (isinstance(under, Table) or here in (_FRAMING, _FRAMING[:1])):
            group = under if isinstance(under, Table) else _new_group(here, under, entry.value.place)
            entries[key] = Entry(entry.place, merged(group, entry.value, here))
        else:
            entries[key] = entry
    return Table(above.place, entries)


def prepared(layer: Table) -> Table:
    """Return the settings of one file or option, ready to be laid over others."""
    return _with_absolute_workforce(_without_empty_groups(layer))


def _without_empty_groups(table: Table, start: str = "") -> Table:
    """Drop groups that hold nothing, such as ``rules:`` with all its keys commented out."""
    entries = {}
    for key, entry in table.entries.items():
        path = start + key
        value = entry.value
        if isinstance(value, Scalar) and value.value is None and path in GROUPS | _MAY_BE_EMPTY:
            continue
        if isinstance(value, Table) and path in GROUPS:
            value = _without_empty_groups(value, f"{path}.")
        entries[key] = Entry(entry.place, value)
    return Table(table.place, entries)


def _with_absolute_workforce(layer: Table) -> Table:
    """Write the paths of one's own files in full: they are relative to the file that names them."""
    for key in (WORKFORCE, STAFF_FILE, CONTACTS_FILE):
        node = node_at(layer, key)
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value not in PROFILES:
            path = str(node.place.source.folder.absolute() / node.value)
            layer = with_value(layer, key, Scalar(node.place, path))
    return layer


def with_value(table: Table, path: Sequence[str], value: Node) -> Table:
    """Return the settings with `value` at a dotted path, as an option sets it.

    A group of keys is laid over the group that was there; a framing or waves in numbers takes the place of what
    was there, as any value does. Setting one number of a framing that is a preset starts from that preset.
    """
    return _with_value(table, tuple(path), 0, value)


def _with_value(table: Table, path: tuple[str, ...], depth: int, value: Node) -> Table:
    key = path[depth]
    under = table.entries[key].value if key in table.entries else None
    if depth + 1 < len(path):
        group = under if isinstance(under, Table) else _new_group(path[: depth + 1], under, value.place)
        value = _with_value(group, path, depth + 1, value)
    elif isinstance(under, Table) and isinstance(value, Table) and ".".join(path) in GROUPS:
        value = merged(under, value, path)
    return Table(table.place, {**table.entries, key: Entry(value.place, value)})


def _new_group(path: tuple[str, ...], under: Node | None, place: Place) -> Table:
    """Return the group that takes the place of `under`: empty, but for the numbers of a framing's preset."""
    preset = under.value if isinstance(under, Scalar) else DEFAULT_PRESET
    if path != _FRAMING or not isinstance(preset, str) or preset not in PRESETS:
        return Table(place)
    numbers = PRESETS[preset]._asdict()
    return Table(place, {name: Entry(place, Scalar(place, number)) for name, number in numbers.items()})
