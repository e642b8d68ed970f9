"""What a report is made of: sections of blocks, in plain data; the template escapes all text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; `name` is its address in the page, where links lead to it."""

    kind: ClassVar[str] = "heading"
    text: str
    name: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text; `tone` is ``lead``, ``note``, ``alert`` or empty."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list; each item has a bold beginning, which may be empty, and a text."""

    kind: ClassVar[str] = "bullets"
    items: Sequence[tuple[str, str]]
    is_ordered: bool = False


@dataclass(frozen=True)
class Facts:
    """Terms and what there is to say about each."""

    kind: ClassVar[str] = "facts"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Counts:
    """Large numbers, each with what it counts."""

    kind: ClassVar[str] = "counts"
    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Picture:
    """A figure as SVG, drawn for a wide and, if there is one, for a narrow screen; `alt` says what it shows.

    A page of Markdown shows it as a file of its own: `file` is what that holds, and `name` what it is called.
    """

    kind: ClassVar[str] = "picture"
    wide: str
    narrow: str
    alt: str
    name: str = ""
    file: bytes = b""


@dataclass(frozen=True)
class Code:
    """Something to type."""

    kind: ClassVar[str] = "code"
    text: str


class Row(NamedTuple):
    """A row of a table: its name, a quiet note below the name, and the other cells; `link` is where the name leads."""

    name: str
    cells: Sequence[str]
    note: str = ""
    link: str = ""


class Rows(NamedTuple):
    """Rows of a table under a heading of their own, which may be empty."""

    title: str
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first header is that of the names of rows, headers that begin with ``>`` are of numbers.

    A compact one keeps its columns on a telephone; others show a row as a list there.
    """

    kind: ClassVar[str] = "table"
    caption: str
    headers: Sequence[str]
    groups: Sequence[Rows]
    is_compact: bool = False


@dataclass(frozen=True)
class SideBySide:
    """Tables next to each other, where there is room."""

    kind: ClassVar[str] = "side_by_side"
    tables: Sequence[Table]


@dataclass(frozen=True)
class Card:
    """Something told in a box of its own: a title, blocks."""

    kind: ClassVar[str] = "card"
    title: str
    blocks: Sequence[Block]


Block = Heading | Paragraph | Bullets | Facts | Counts | Picture | Code | Table | SideBySide | Card


@dataclass(frozen=True)
class Section:
    """A part of the report; `name` is its address in the page."""

    name: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes
    ----------
    language : str
        ``en`` or ``nl``.
    title, subtitle : str
        What it is about, and of what kind it is.
    sections : sequence of Section
        The first one is the first page.
    is_marked : bool
        Whether texts have **strong** words, and cells of tables `code`, as they do where nobody else wrote them.
    """

    language: str
    title: str
    subtitle: str
    sections: Sequence[Section]
    is_marked: bool = False
