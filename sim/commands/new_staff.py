"""``intranet-sim new-staff``: examples of staff files and usage exports, to try it all with."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sim.commands.options import lang_option
from sim.errors import InputError
from sim.staff.example import DIALECTS, example_staff
from sim.texts import text
from sim.texts.said import said
from sim.texts.typed import typed
from sim.usage.example import DIALECTS as USAGE_DIALECTS
from sim.usage.example import example_usage


@click.command(name="new-staff")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--dialect", type=click.Choice(DIALECTS), default=DIALECTS[0], show_default=True, help="Whose export it looks like."
)
@click.option(
    "--usage",
    type=click.Choice(USAGE_DIALECTS),
    help="Write a usage export of the first weeks after a launch instead: Microsoft Graph, Slack, or the plain form.",
)
@click.option("--weeks", type=click.IntRange(1, 60), default=8, show_default=True, metavar="N", help="Weeks of usage.")
@click.option(
    "--people", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, metavar="N", help="Rows of people."
)
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Other people for another number.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@lang_option
def command(
    *, file: Path, dialect: str, usage: str | None, weeks: int, people: int, seed: int, force: bool, lang: str
) -> None:
    """Write a staff file of nobody's staff, as an HR system would export it: with titles, leavers and its own signs.

    With --usage, what the platform of nobody's organization showed in the first weeks after a launch.
    """
    if usage is not None:
        _write(file, example_usage(people, usage, weeks, seed), force)
        command = typed("intranet-sim", "fit", "own.yaml", "--usage", file)
        click.echo(text(lang, "usage.wrote", file=file, n=weeks, command=command))
        return
    write(file, dialect, people, seed, force)
    click.echo(text(lang, "staff.wrote", file=file, command=typed("intranet-sim", "staff", file)))


def write(file: Path, dialect: str, people: int, seed: int, force: bool) -> None:
    """Write a staff file of nobody's staff.

    Raises
    ------
    InputError
        If it is there already, or cannot be written.
    """
    _write(file, example_staff(people, dialect, seed), force)


def _write(file: Path, content: bytes, force: bool) -> None:
    from sim.study.files import written_whole

    if os.path.lexists(file) and not force:
        raise InputError(said("staff.at", where=str(file), message=said("staff.exists")))
    try:
        with written_whole(file) as target:
            target.write(content)
    except OSError as error:
        message = said("staff.unwritable", reason=error.strerror or str(error))
        raise InputError(said("staff.at", where=str(file), message=message)) from None
