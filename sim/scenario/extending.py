"""Read a scenario file and the chain of parents that it extends."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.scenario.library import SUFFIX, shipped_file, shipped_folder, shipped_names
from sim.scenario.located import Place, Scalar, Source, Table, node_at, place_of, plain
from sim.scenario.merging import prepared
from sim.scenario.parsing import parse
from sim.scenario.problems import Problem
from sim.scenario.reading import UnreadableFileError, read_text
from sim.scenario.wording import did_you_mean, shown
from sim.texts.said import said

CHAIN_LIMIT = 10  # files; nobody can follow a longer line of parents
EXTENDS = "extends"


@dataclass
class Chain:
    """A scenario file with its parents.

    Attributes
    ----------
    layers : list of Table
        Settings of each file that could be read, the oldest parent first, without ``extends``.
    problems : list of Problem
        What is wrong with the files themselves and with ``extends``, the oldest parent first.
    """

    layers: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_chain(file: Path, display: str) -> Chain:
    """Return the settings of a file and of all its parents.

    Parameters
    ----------
    file : Path
        The scenario file.
    display : str
        What messages call it.
    """
    try:
        text = read_text(file)
    except UnreadableFileError as error:
        return Chain([], [Problem(display, None, None, "", error.reason)])
    layer, problems = layer_from_text(text, Source(display, file.parent))
    return _with_parents(layer, problems, [_identity(file)], [display])


def with_parents(layer: Table) -> Chain:
    """Return settings that are in no file (a mapping in Python) with the parents that they extend."""
    return _with_parents(layer, [], [], [layer.place.source.name])


def layer_from_text(text: str, source: Source, noun: str = "refusal.noun.scenario") -> tuple[Table, list[Problem]]:
    """Return the settings in the text of one file, empty where it holds none, and what is wrong with it.

    `noun` is the key of what the file is meant to be.
    """
    node, problems = parse(text, source)
    start = Place(source, 1, 1)
    if isinstance(node, Table):
        return node, problems
    if node is not None:
        found = said("refusal.value.list") if not isinstance(node, Scalar) else shown(plain(node))
        problems.append(start.problem((), said("refusal.no_keys", value=found)))
    elif not problems:
        problems.append(start.problem((), said("refusal.empty_file", noun=said(noun))))
    return Table(start), problems


def _with_parents(layer: Table, problems: list[Problem], seen: list[str], displays: list[str]) -> Chain:
    """Follow ``extends`` from `layer` up; `seen` and `displays` tell which files lead here."""
    parent = Chain()
    if EXTENDS in layer.entries:
        parent = _parent(layer, seen, displays)
        layer = Table(layer.place, {key: entry for key, entry in layer.entries.items() if key != EXTENDS})
    return Chain([*parent.layers, prepared(layer)], [*parent.problems, *problems])


def _parent(layer: Table, seen: list[str], displays: list[str]) -> Chain:
    """Return the chain of the parent that `layer` names."""
    place = place_of(layer, (EXTENDS,))

    def refused(message: str) -> Chain:
        return Chain([], [place.problem((EXTENDS,), message)])

    node = node_at(layer, (EXTENDS,))
    name = node.value if isinstance(node, Scalar) else plain(node) if node else None
    if not isinstance(name, str) or not name.strip():
        return refused(said("refusal.parent_name", suffix=SUFFIX, value=shown(name or None)))
    file, display = find_beside(name, place.source)
    identity = _identity(file)
    # The first file is the one that a person named; its folder counts for all that it leads to.
    if (
        outside := outside_reach(file, display, place.source, [os.path.dirname(first) for first in seen[:1]])
    ) is not None:
        return refused(outside)
    if identity in seen:
        circle = " -> ".join([*displays[seen.index(identity) :], display])
        return refused(said("refusal.circle", circle=circle))
    if len(displays) >= CHAIN_LIMIT:
        return refused(said("refusal.long_chain", n=CHAIN_LIMIT))
    try:
        text = read_text(file)
    except UnreadableFileError as error:
        return refused(said("refusal.parent", file=display, reason=error.reason, hint=near_file(name, file)))
    parent, problems = layer_from_text(text, Source(display, file.parent))
    return _with_parents(parent, problems, [*seen, identity], [*displays, display])


def find_beside(name: str, source: Source) -> tuple[Path, str]:
    """Return the file that a source means by ``extends: name``, and what messages call it.

    A file is relative to the one that names it; where there is none, it may be the name of a shipped scenario.
    """
    file = source.folder / name
    shipped = None if _exists(file) else shipped_file(name)
    if shipped is not None:
        return shipped, display_of(shipped)
    return file, os.path.normpath(os.path.join(os.path.dirname(source.name), name))


def outside_reach(file: Path, display: str, source: Source, folders: Sequence[str]) -> str | None:
    """Return what is wrong with a file that another file names, where it lies out of reach; links are followed.

    A scenario that came from somebody else must not lead to files that have nothing to do with it, and have them shown
    in messages. Within reach is what lies in or below some folders, the current folder, and the folder of what ships.
    What a person writes in Python or behind an option is asked for, and may lie anywhere.

    Parameters
    ----------
    file : Path
        The file that is named.
    display : str
        What messages call it.
    source : Source
        Where it is named.
    folders : sequence of str
        Folders within reach besides.
    """
    if not source.has_lines or "\0" in os.fspath(file):  # no file has such a name, as reading it will tell
        return None
    target = _identity(file)
    reach = [*folders, os.curdir, os.fspath(shipped_folder())]
    if any(_is_below(target, _identity(Path(folder))) for folder in reach):
        return None
    return said("refusal.out_of_reach", file=display)


def _is_below(file: str, folder: str) -> bool:
    try:
        return os.path.commonpath((file, folder)) == folder
    except ValueError:  # another drive, or a path that is none
        return False


def display_of(file: Path) -> str:
    """Return a file as messages call it: relative where it lies below the current folder."""
    try:
        return str(file.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(file)


def _exists(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


def _identity(file: Path) -> str:
    """Return one text for one file, however its path is written."""
    try:
        return os.path.realpath(file)
    except (OSError, ValueError):
        return str(file)


def near_file(name: str, file: Path) -> str:
    """Return a hint to a file beside it or a shipped scenario with a like name."""
    try:
        # Not the file itself, which is there and cannot be read.
        beside = {path.stem: path.name for path in file.parent.glob(f"*{SUFFIX}") if path.name != file.name}
    except (OSError, ValueError):
        beside = {}
    stem = os.path.splitext(os.path.basename(name))[0]
    shown_as = {**{shipped: shipped for shipped in shipped_names()}, **beside}
    return did_you_mean(stem, shown_as, shown_as)
