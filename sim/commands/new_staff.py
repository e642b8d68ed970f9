"""``intranet-sim new-staff``: an example of a staff file, to try it all with."""

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


@click.command(name="new-staff")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--dialect", type=click.Choice(DIALECTS), default=DIALECTS[0], show_default=True, help="Whose export it looks like."
)
@click.option(
    "--people", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, metavar="N", help="Rows of people."
)
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Other people for another number.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@lang_option
def command(file: Path, dialect: str, people: int, seed: int, force: bool, lang: str) -> None:
    """Write a staff file of nobody's staff, as an HR system would export it: with titles, leavers and its own signs."""
    write(file, dialect, people, seed, force)
    click.echo(text(lang, "staff.wrote", file=file, command=typed("intranet-sim", "staff", file)))


def write(file: Path, dialect: str, people: int, seed: int, force: bool) -> None:
    """Write a staff file of nobody's staff.

    Raises
    ------
    InputError
        If it is there already, or cannot be written.
    """
    from sim.study.files import written_whole

    if os.path.lexists(file) and not force:
        raise InputError(said("staff.at", where=str(file), message=said("staff.exists")))
    try:
        with written_whole(file) as target:
            target.write(example_staff(people, dialect, seed))
    except OSError as error:
        message = said("staff.unwritable", reason=error.strerror or str(error))
        raise InputError(said("staff.at", where=str(file), message=message)) from None
