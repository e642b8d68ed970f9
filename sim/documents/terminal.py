"""Blocks on stdout: with colors, and tables folded where they are too wide, on a terminal; plain text in a pipe."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.documents.output import as_shown
from sim.words.blocks import Block, Facts, Finding, Gap, Heading, Paragraph, Table

GAP = "  "
STRONG = {"lead", "alert"}


def _lines_of(table: Table) -> Iterable[Sequence[str] | str]:
    """Yield the rows of a table as cells, and the headings over them."""
    for group in table.groups:
        if group.title and not group.rows:
            yield ""  # above a heading over headings
        if group.title:
            yield as_shown(group.title)
        for row in group.rows:
            yield tuple(map(as_shown, (row.name, *row.cells)))


def table_lines(table: Table) -> list[str]:
    """Return a table as aligned lines in the letters that stdout has, the headers first."""
    headers = [as_shown(header) for header in table.headers]
    lines = list(_lines_of(table))
    titles = [header.removeprefix(">") for header in headers]
    rows = [line for line in lines if not isinstance(line, str)]
    widths = [max(len(line[column]) for line in [titles, *rows]) for column in range(len(titles))]

    def aligned(cells: Sequence[str]) -> str:
        parts = [
            cell.rjust(width) if header.startswith(">") else cell.ljust(width)
            for cell, width, header in zip(cells, widths, headers, strict=True)
        ]
        return GAP.join(parts).rstrip()

    return [aligned(titles), *(line if isinstance(line, str) else aligned(line) for line in lines)]


def has_room(table: Table) -> bool:
    """Say whether the table can be shown without folding its lines; a pipe has room for everything."""
    if not sys.stdout.isatty():
        return True
    return max(map(len, table_lines(table))) <= shutil.get_terminal_size().columns


def _print_aligned(table: Table) -> None:
    """Print the lines of a table on a terminal, headers and headings bold."""
    from rich.console import Console
    from rich.text import Text

    console = Console()
    header, *lines = table_lines(table)
    console.print(Text(header, style="bold underline"), soft_wrap=True)
    for row, line in zip(_lines_of(table), lines, strict=True):
        console.print(Text(line, style="bold" if isinstance(row, str) else ""), soft_wrap=True)


def _print_folded(table: Table) -> None:
    """Print a table that is wider than the terminal, its cells folded."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=SIMPLE_HEAD, pad_edge=False)
    for header in map(as_shown, table.headers):
        drawn.add_column(header.removeprefix(">"), justify="right" if header.startswith(">") else "left")
    for row in _lines_of(table):
        if isinstance(row, str):
            drawn.add_row(Text(row, style="bold"), *[""] * (len(table.headers) - 1))
        else:
            drawn.add_row(*map(Text, row))
    Console().print(drawn)


def _print_table(table: Table) -> None:
    """Print the widest form of a table that there is room for, under its caption."""
    forms = [table, *table.narrower]
    fitting = next((form for form in forms if has_room(form)), forms[-1])
    if fitting.caption:
        print_text(fitting.caption, is_strong=True)
    if not sys.stdout.isatty():
        print("\n".join(table_lines(fitting)))
    elif has_room(fitting):
        _print_aligned(fitting)
    else:
        _print_folded(fitting)


def print_text(text: str = "", is_strong: bool = False) -> None:
    """Print a line on stdout, wrapped and perhaps bold on a terminal, as it is in a pipe."""
    if not sys.stdout.isatty():
        print(text)
        return
    from rich.console import Console
    from rich.text import Text

    Console().print(Text(text, style="bold" if is_strong else ""))


def _print_hanging(label: str, text: str) -> None:
    """Print a text behind its label; on a terminal, further lines begin below the first."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        text = textwrap.fill(label + text, width, subsequent_indent=" " * len(label), break_on_hyphens=False)
        print_text(text)
    else:
        print_text(label + text)


def print_blocks(told: Iterable[Block]) -> None:
    """Print what a page would show as well; an empty line before each table and heading but the first block."""
    is_first = True
    for block in told:
        if isinstance(block, Heading | Table) and not is_first:
            print_text()
        is_first = isinstance(block, Gap)
        match block:
            case Paragraph(words, tone):
                print_text(words, is_strong=tone in STRONG)
            case Heading(words):
                print_text(words, is_strong=True)
            case Table():
                _print_table(block)
            case Facts(rows):
                width = max((len(term) for term, _ in rows), default=0) + len(GAP)
                for term, fact in rows:
                    _print_hanging(term.ljust(width), fact)
            case Gap():
                print_text()
            case _:
                raise TypeError(block.kind)  # no terminal shows pictures


def show(finding: Finding, as_json: bool, asked: Mapping[str, Any] | None = None) -> None:
    """Print a finding on stdout, for a reader or for a machine, to whom what was asked for is told again."""
    if as_json:
        print(json.dumps({**finding.as_json(), **(asked or {})}))
    else:
        print_blocks(finding.blocks())
