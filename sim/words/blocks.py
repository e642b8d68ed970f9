"""What a finding or a report is made of: blocks, in plain data, for a terminal, a page and Markdown alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; `name` is its address in the page, where links lead to it."""

    kind: ClassVar[str] = "heading"
    text: str
    name: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text; `tone` is ``lead``, ``note``, ``alert`` or empty. A terminal makes leads and alerts bold."""

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
    """Rows of a table under a heading of their own; without a heading they go on with those above."""

    title: str
    rows: Sequence[Row]
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first header is that of the names of rows, headers that begin with ``>`` are of numbers.

    A compact one keeps its columns on a telephone; others show a row as a list there. What a terminal has no room for,
    it shows as the first of the `narrower` tables that it has room for.
    """

    kind: ClassVar[str] = "table"
    caption: str
    headers: Sequence[str]
    groups: Sequence[Rows]
    is_compact: bool = False
    narrower: Sequence[Table] = ()


def table(headers: Sequence[str], lines: Iterable[Sequence[str] | str], caption: str = "") -> Table:
    """Return a table of lines: cells, the first of which is the name of the row, or a heading over what follows."""
    rows: list[Row] = []
    groups = [Rows("", rows)]
    for line in lines:
        if isinstance(line, str):
            rows = []
            groups.append(Rows(line, rows))
        else:
            rows.append(Row(line[0], line[1:]))
    return Table(caption, headers, groups if groups[0].rows else groups[1:])


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


@dataclass(frozen=True)
class Gap:
    """An empty line on a terminal; pages have air of their own."""

    kind: ClassVar[str] = "gap"


Block = Gap | Heading | Paragraph | Bullets | Facts | Counts | Picture | Code | Table | SideBySide | Card


class Finding(Protocol):
    """What something found, in one language: as plain values for a machine, and as blocks for a reader."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""

    def blocks(self) -> Iterator[Block]:
        """Yield it in words and tables."""


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
