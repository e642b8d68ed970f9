"""Tables on stdout: drawn by rich on a terminal, plain aligned text in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

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


def plain_text(table: Table) -> str:
    """Return the table as aligned lines without colors or frames, one row a line."""
    titles = [header.removeprefix(">") for header in table.headers]
    rows = [row for row in table.rows if not isinstance(row, str)]
    widths = [max(len(line[column]) for line in [titles, *rows]) for column in range(len(titles))]

    def line(cells: Sequence[str]) -> str:
        aligned = [
            cell.rjust(width) if header.startswith(">") else cell.ljust(width)
            for cell, width, header in zip(cells, widths, table.headers, strict=True)
        ]
        return GAP.join(aligned).rstrip()

    return "\n".join([line(titles), *(row if isinstance(row, str) else line(row) for row in table.rows)])


def _print_rich(table: Table) -> None:
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
    if sys.stdout.isatty():
        _print_rich(table)
    else:
        print(plain_text(table))


def print_text(text: str = "", is_strong: bool = False) -> None:
    """Print a line on stdout, wrapped and perhaps bold on a terminal, as it is in a pipe."""
    if not sys.stdout.isatty():
        print(text)
        return
    from rich.console import Console
    from rich.text import Text

    Console().print(Text(text, style="bold" if is_strong else ""))
