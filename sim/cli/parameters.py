"""``intranet-sim parameters``: the registry as a table."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from sim.cli.options import json_option, lang_option
from sim.errors import InputError
from sim.words import said

if TYPE_CHECKING:
    from sim.catalog.registry import Parameter


@click.command()
@click.argument("sections", metavar="[SECTION]...", nargs=-1)
@json_option
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the page docs/parameters.md, in English.")
@lang_option
def command(sections: tuple[str, ...], as_json: bool, as_markdown: bool, lang: str) -> None:
    """Show every parameter with unit, range, default, meaning and source.

    SECTION limits the table to some sections or keys: rules, launch.framing, behavior.read_habit.
    """
    from sim.documents.reference import as_records, header, markdown_page, table_rows
    from sim.documents.terminal import print_blocks
    from sim.words.blocks import table

    if as_json and as_markdown:
        raise InputError(said("refusal.cli.json_or_markdown"))
    found = chosen(sections)
    if as_json:
        click.echo(json.dumps(as_records(found, lang), indent=2))
    elif as_markdown:
        click.echo(markdown_page(found), nl=False)
    elif sys.stdout.isatty():
        _print_paragraphs(found, lang)
    else:
        print_blocks([table(header(lang), table_rows(found, lang))])


def chosen(sections: Sequence[str]) -> list[Parameter]:
    """Return the registry entries in the sections that were named, or all.

    Raises
    ------
    InputError
        If there is no such section or key.
    """
    from sim.catalog.registry import GROUPS, PARAMETER_BY_PATH, PARAMETERS
    from sim.scenario.hints import did_you_mean, shown

    known = [*GROUPS, *PARAMETER_BY_PATH]
    unknown = [name for name in sections if name not in known]
    if unknown:
        raise InputError(
            said("refusal.cli.no_section", name=shown(name), hint=did_you_mean(name, known)) for name in unknown
        )
    return [
        entry
        for entry in PARAMETERS
        if not sections or any(f"{entry.path}.".startswith(f"{name}.") for name in sections)
    ]


def _print_paragraphs(entries: Sequence[Parameter], language: str) -> None:
    """Print a paragraph for each parameter: a terminal is too narrow for the whole table."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    from sim.documents.reference import table_rows
    from sim.words import text

    console = Console()
    for path, default, allowed, unit, meaning, source in table_rows(entries, language):
        console.print(Text.assemble((path, "bold"), f" = {default}", (f"   {allowed} [{unit}]", "dim")))
        console.print(Padding(Text(meaning), (0, 0, 0, 4)))
        console.print(Padding(Text(text(language, "parameter.source", source=source), "dim"), (0, 0, 0, 4)))
