"""Read scenario files: the bytes, the YAML in them with the place of every value, and the parents that they extend.

Works on ruamel.yaml's stream of events rather than on its composed tree: events come one by one, so that a nesting
bomb stops at the depth where it is noticed, and anchors, tags and duplicate keys can each be named with their place. A
scenario needs neither anchors nor tags; refusing them shuts out alias bombs and object construction.
"""

from __future__ import annotations

import errno
import io
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from sim.kernel.files import NoRegularFileError, regular_content
from sim.scenario.hints import did_you_mean, shown
from sim.scenario.library import SUFFIX, shipped_file, shipped_folder, shipped_names
from sim.scenario.places import (
    LONGEST_KEY,
    Entry,
    KeyPath,
    Keys,
    Listing,
    Node,
    Place,
    Problem,
    Scalar,
    Source,
    node_at,
    place_of,
    plain,
    prepared,
)
from sim.words import Whole, said

SIZE_LIMIT = 1_000_000  # bytes; the longest useful scenario has some ten thousand

_REASONS = {
    errno.ENOENT: "refusal.file.missing",
    errno.ENOTDIR: "refusal.file.missing",
    errno.EISDIR: "refusal.file.folder",
    errno.EACCES: "refusal.file.denied",
    errno.EPERM: "refusal.file.denied",
    errno.ELOOP: "refusal.file.loop",
    errno.ENAMETOOLONG: "refusal.file.long_name",
}


class UnreadableFileError(Exception):
    """A file cannot be read as text; the reason follows the name of the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8.

    Raises
    ------
    UnreadableFileError
        If there is no such file, it may not be read, is longer than `SIZE_LIMIT`, or is not text in UTF-8.
    """
    content = _read_bytes(path)
    if len(content) > SIZE_LIMIT:
        raise UnreadableFileError(said("refusal.file.large", limit=SIZE_LIMIT // 1000000))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(said("refusal.file.utf8", line=line)) from None


def _read_bytes(path: Path) -> bytes:
    """Return at most one byte more than the limit."""
    try:
        return regular_content(path, SIZE_LIMIT)
    except NoRegularFileError:
        raise UnreadableFileError(said("refusal.file.not_regular")) from None
    except OSError as error:
        fallback = said("refusal.file.unreadable", reason=os.strerror(error.errno) if error.errno else error)
        raise UnreadableFileError(said(_REASONS[error.errno]) if error.errno in _REASONS else fallback) from None
    except ValueError:  # a zero byte in the name
        raise UnreadableFileError(said("refusal.file.bad_name")) from None


DEPTH_LIMIT = 20  # a scenario needs five levels
VALUES_LIMIT = 20_000  # a scenario with every key and a change every week needs a few thousand

_LONGEST_INTEGER = 400
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")  # cannot be written to any file in UTF-8

# The core schema of YAML 1.2, section 10.3.2.
_NULL = re.compile(r"null|Null|NULL|~|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)(\.inf|\.Inf|\.INF)")
_NOT_A_NUMBER = re.compile(r"\.nan|\.NaN|\.NAN")


_SYNTAX_MESSAGES = {  # a piece of ruamel.yaml's message, and what it means to someone who writes a scenario
    "mapping values are not allowed": "refusal.yaml.colon",
    "while parsing a flow sequence": "refusal.yaml.list",
    "while parsing a flow mapping": "refusal.yaml.group",
    "while parsing a flow node": "refusal.yaml.value",
    "while scanning a quoted scalar": "refusal.yaml.quotes",
    "could not find expected ':'": "refusal.yaml.no_colon",
    "while parsing a block mapping": "refusal.yaml.key_indent",
    "while parsing a block collection": "refusal.yaml.item_indent",
    "that cannot start any token": "refusal.yaml.sign",
}


class _UnreadableError(Exception):
    """Reading the text cannot go on."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def scalar_value(text: str) -> Any:
    """Return what a plain (unquoted) YAML scalar stands for.

    Examples
    --------
    >>> [scalar_value(text) for text in ("1e-3", "012", "off", "~", "0.5 ")]
    [0.001, 12, 'off', None, '0.5 ']
    """
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text):
        # Python refuses to convert thousands of digits; what is cut off is out of every range anyway.
        return int(text[:_LONGEST_INTEGER])
    if _OCTAL.fullmatch(text):
        return int(text[:_LONGEST_INTEGER], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text[:_LONGEST_INTEGER], 16)
    if _FLOAT.fullmatch(text):
        return float(text) + 0.0  # minus zero becomes zero
    infinite = _INFINITE.fullmatch(text)
    if infinite:
        return -math.inf if infinite.group(1) == "-" else math.inf
    return math.nan if _NOT_A_NUMBER.fullmatch(text) else text


def parse(text: str, source: Source) -> tuple[Node | None, list[Problem]]:
    """Return the located values of a text with one document in YAML, and everything that is wrong with it as YAML.

    There are no values where the text is empty or cannot be read to its end.
    """
    reader = _Reader(_events(text, source), source)
    try:
        return reader.document(), reader.problems
    except _UnreadableError as error:
        return None, [*reader.problems, error.problem]


def _events(text: str, source: Source) -> Iterator[Event]:
    """Yield the events of ruamel.yaml, with every way in which it can fail as `_UnreadableError`."""
    start = Place(source, 1, 1)
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(source, mark.line + 1, mark.column + 1) if mark else start
        raise _UnreadableError(place.problem((), _syntax_message(error, text, place))) from None
    except ReaderError as error:
        before = text[: error.position]
        place = Place(source, before.count("\n") + 1, error.position - before.rfind("\n"))
        message = said("refusal.control_character", code=f"{error.character:04X}")
        raise _UnreadableError(place.problem((), message)) from None
    except (ValueError, OverflowError, LookupError, AttributeError, TypeError, AssertionError) as error:
        # ruamel.yaml lets a few malformed escapes and directives through to Python's own errors.
        raise _UnreadableError(start.problem((), said("refusal.yaml.other", details=error))) from None


def _syntax_message(error: MarkedYAMLError, text: str, place: Place) -> str:
    lines = text.split("\n")
    line = lines[place.line - 1] if place.line and place.line <= len(lines) else ""
    if line[: place.column].strip(" ").startswith("\t"):
        return said("refusal.yaml.tabs")
    details = " ".join(", ".join(part for part in (error.context, error.problem) if part).split())
    for technical, key in _SYNTAX_MESSAGES.items():
        if technical in details:
            return said(key)
    return said("refusal.yaml.other", details=details[:200])


class _Reader:
    """Build located values from events; recursion is bounded by `DEPTH_LIMIT`."""

    def __init__(self, events: Iterator[Event], source: Source) -> None:
        self.problems: list[Problem] = []
        self._events = events
        self._source = source
        self._n_values = 0

    def document(self) -> Node | None:
        """Return the values of the first document, None where there is none."""
        root: Node | None = None
        n_documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                n_documents += 1
                if n_documents > 1:
                    self._refuse(event, (), said("refusal.second_document"))
                    return root
                root = self._node(next(self._events), ())
        return root

    def _node(self, event: Event, path: KeyPath) -> Node:
        """Return the values that start with `event`."""
        self._check(event, path)
        place = self._place(event)
        if isinstance(event, MappingStartEvent):
            return self._table(place, path)
        if isinstance(event, SequenceStartEvent):
            return self._listing(place, path)
        if isinstance(event, ScalarEvent):
            is_plain = event.style is None or event.style == ""
            return Scalar(place, scalar_value(event.value) if is_plain else event.value)
        return Scalar(place, None)  # an alias, refused above

    def _table(self, place: Place, path: KeyPath) -> Keys:
        table = Keys(place)
        before: Event | None = None  # the value before a key
        while not isinstance(event := next(self._events), MappingEndEvent):
            key_place = self._place(event)
            key = self._key(event, path, before)
            before = next(self._events)
            value = self._node(before, path if key is None else (*path, key))
            if key is None:
                continue
            if isinstance(value, Scalar) and value.value is None:
                value = Scalar(key_place, None)  # nothing was written; the parser would point at the next line
            if key in table.entries:
                message = said("refusal.given_twice", line=table.entries[key].place.line)
                self.problems.append(key_place.problem((*path, key), message))
            table.entries[key] = Entry(key_place, value)
        return table

    def _listing(self, place: Place, path: KeyPath) -> Listing:
        listing = Listing(place)
        while not isinstance(event := next(self._events), SequenceEndEvent):
            listing.items.append(self._node(event, (*path, len(listing.items))))
        return listing

    def _key(self, event: Event, path: KeyPath, before: Event | None) -> str | None:
        """Return the key that `event` starts, or None after reporting that it is not text.

        A number with a decimal comma in a group with braces falls apart into a value, `before`, and a key.
        """
        key = plain(self._node(event, (*path, "?")))
        if isinstance(key, str):
            return key
        if isinstance(before, ScalarEvent) and isinstance(event, ScalarEvent) and event.value.isdigit():
            number = f"{before.value}.{event.value}"
            if isinstance(scalar_value(number), float):
                self._refuse(event, path, said("refusal.key_after_comma", value=shown(key), number=number))
                return None
        if not isinstance(event, AliasEvent):
            self._refuse(event, path, said("refusal.key_text", value=shown(key)))
        return None

    def _check(self, event: Event, path: KeyPath) -> None:
        """Refuse what a scenario never needs."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        anchor = anchor if anchor is None else str(anchor)[:LONGEST_KEY]
        if isinstance(event, AliasEvent):
            self._refuse(event, path, said("refusal.alias", name=anchor))
            return
        if anchor is not None:
            self._refuse(event, path, said("refusal.anchor", name=anchor))
        if tag is not None:
            written = str(tag).replace("tag:yaml.org,2002:", "!!")[:LONGEST_KEY]
            self._refuse(event, path, said("refusal.tag", name=written))
        if _HALF_CHARACTER.search(getattr(event, "value", None) or ""):
            self._refuse(event, path, said("refusal.half_character"))
        self._n_values += 1
        if self._n_values > VALUES_LIMIT:
            self._stop(event, path, said("refusal.too_many_values", limit=Whole(VALUES_LIMIT)))
        if len(path) > DEPTH_LIMIT:
            self._stop(event, (), said("refusal.too_deep", limit=DEPTH_LIMIT))

    def _place(self, event: Event) -> Place:
        return Place(self._source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, event: Event, path: KeyPath, message: str) -> None:
        self.problems.append(self._place(event).problem(path, message))

    def _stop(self, event: Event, path: KeyPath, message: str) -> NoReturn:
        raise _UnreadableError(self._place(event).problem(path, message))


def yaml_text(values: Mapping[str, Any]) -> str:
    """Return `values` as block-style YAML."""
    yaml = YAML(pure=True)
    yaml.default_flow_style = False
    text = io.StringIO()
    yaml.dump(dict(values), text)
    return text.getvalue()


CHAIN_LIMIT = 10  # files; nobody can follow a longer line of parents
EXTENDS = "extends"


@dataclass
class Chain:
    """A scenario file with its parents."""

    # settings of each file that could be read, the oldest parent first, without ``extends``
    layers: list[Keys] = field(default_factory=list)
    # what is wrong with the files themselves and with ``extends``, the oldest parent first
    problems: list[Problem] = field(default_factory=list)


def read_chain(file: Path, display: str) -> Chain:
    """Return the settings of a file, which messages call `display`, and of all its parents."""
    try:
        text = read_text(file)
    except UnreadableFileError as error:
        return Chain([], [Problem(display, None, None, "", error.reason)])
    layer, problems = layer_from_text(text, Source(display, file.parent))
    return _with_parents(layer, problems, [_identity(file)], [display])


def with_parents(layer: Keys) -> Chain:
    """Return settings that are in no file (a mapping in Python) with the parents that they extend."""
    return _with_parents(layer, [], [], [layer.place.source.name])


def layer_from_text(text: str, source: Source, noun: str = "refusal.noun.scenario") -> tuple[Keys, list[Problem]]:
    """Return the settings in the text of one file, empty where it holds none, and what is wrong with it.

    `noun` is the key of what the file is meant to be.
    """
    node, problems = parse(text, source)
    start = Place(source, 1, 1)
    if isinstance(node, Keys):
        return node, problems
    if node is not None:
        found = said("refusal.value.list") if not isinstance(node, Scalar) else shown(plain(node))
        problems.append(start.problem((), said("refusal.no_keys", value=found)))
    elif not problems:
        problems.append(start.problem((), said("refusal.empty_file", noun=said(noun))))
    return Keys(start), problems


def _with_parents(layer: Keys, problems: list[Problem], seen: list[str], displays: list[str]) -> Chain:
    """Follow ``extends`` from `layer` up; `seen` and `displays` tell which files lead here."""
    parent = Chain()
    if EXTENDS in layer.entries:
        parent = _parent(layer, seen, displays)
        layer = Keys(layer.place, {key: entry for key, entry in layer.entries.items() if key != EXTENDS})
    return Chain([*parent.layers, prepared(layer)], [*parent.problems, *problems])


def _parent(layer: Keys, seen: list[str], displays: list[str]) -> Chain:
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
    """Return what is wrong with a file that `source` names, where it lies out of reach; links are followed.

    A scenario that came from somebody else must not lead to files that have nothing to do with it, and have them shown
    in messages. Within reach is what lies in or below `folders`, the current folder, and the folder of what ships. What
    a person writes in Python or behind an option is asked for, and may lie anywhere. Messages call it `display`.
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
