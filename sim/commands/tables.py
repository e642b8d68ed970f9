"""Tables on stdout: with colors, and folded where they are too wide, on a terminal; plain aligned text in a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence

from sim.commands.streams import as_shown
from sim.show.report import blocks

GAP = "  "


class Table:
    """A small table of texts.

    Attributes
    ----------
    headers : sequence of str
        One a column; a leading ``>`` aligns the column to the right.
    rows : list
        Sequences of cells, or a single text: a heading over the rows that follow.
    """

    def __init__(self, headers: Sequence[str], rows: Iterable[Sequence[str] | str] = ()) -> None:
        self.headers = headers
        self.rows = list(rows)

    def add(self, *cells: str) -> None:
        """Add a row."""
        self.rows.append(cells)

    def add_heading(self, text: str) -> None:
        """Add a heading over the rows that follow."""
        self.rows.append(text)

    def as_shown(self) -> Table:
        """Return the table in the letters that stdout has, so that its columns are aligned by what is seen."""
        rows = [as_shown(row) if isinstance(row, str) else tuple(map(as_shown, row)) for row in self.rows]
        return Table([as_shown(header) for header in self.headers], rows)

    def lines(self) -> list[str]:
        """Return the table as aligned lines, the headers first."""
        titles = [header.removeprefix(">") for header in self.headers]
        rows = [row for row in self.rows if not isinstance(row, str)]
        widths = [max(len(line[column]) for line in [titles, *rows]) for column in range(len(titles))]

        def line(cells: Sequence[str]) -> str:
            aligned = [
                cell.rjust(width) if header.startswith(">") else cell.ljust(width)
                for cell, width, header in zip(cells, widths, self.headers, strict=True)
            ]
            return GAP.join(aligned).rstrip()

        return [line(titles), *(row if isinstance(row, str) else line(row) for row in self.rows)]


def has_room(table: Table) -> bool:
    """Say whether the table can be shown without folding its lines; a pipe has room for everything."""
    if not sys.stdout.isatty():
        return True
    return max(map(len, table.lines())) <= shutil.get_terminal_size().columns


def _print_aligned(table: Table) -> None:
    """Print the lines of a table on a terminal, headers and headings bold."""
    from rich.console import Console
    from rich.text import Text

    console = Console()
    header, *lines = table.lines()
    console.print(Text(header, style="bold underline"), soft_wrap=True)
    for row, line in zip(table.rows, lines, strict=True):
        console.print(Text(line, style="bold" if isinstance(row, str) else ""), soft_wrap=True)


def _print_folded(table: Table) -> None:
    """Print a table that is wider than the terminal, its cells folded."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=SIMPLE_HEAD, pad_edge=False)
    for header in table.headers:
        drawn.add_column(header.removeprefix(">"), justify="right" if header.startswith(">") else "left")
    for row in table.rows:
        if isinstance(row, str):
            drawn.add_row(Text(row, style="bold"), *[""] * (len(table.headers) - 1))
        else:
            drawn.add_row(*map(Text, row))
    Console().print(drawn)


def print_table(table: Table) -> None:
    """Print the table on stdout as fits where it goes."""
    table = table.as_shown()
    if not sys.stdout.isatty():
        print("\n".join(table.lines()))
    elif has_room(table):
        _print_aligned(table)
    else:
        _print_folded(table)


def print_text(text: str = "", is_strong: bool = False) -> None:
    """Print a line on stdout, wrapped and perhaps bold on a terminal, as it is in a pipe."""
    if not sys.stdout.isatty():
        print(text)
        return
    from rich.console import Console
    from rich.text import Text

    Console().print(Text(text, style="bold" if is_strong else ""))


def print_blocks(told: Iterable[blocks.Block]) -> None:
    """Print what a report would show as well: paragraphs, and tables under their captions."""
    for block in told:
        match block:
            case blocks.Paragraph(words, tone):
                print_text(words, is_strong=tone == "alert")
            case blocks.Heading(words):
                print_text()
                print_text(words, is_strong=True)
            case blocks.Table(caption, headers, groups):
                print_text()
                if caption:
                    print_text(caption, is_strong=True)
                table = Table(headers)
                for group in groups:
                    if group.title:
                        table.add_heading(group.title)
                    for row in group.rows:
                        table.add(row.name, *row.cells)
                print_table(table)
            case _:
                raise TypeError(block.kind)  # no terminal shows pictures
