"""``intranet-sim new-staff``: examples of staff files and usage exports, to try it all with."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from sim.cli.options import lang_option
from sim.errors import InputError
from sim.exports.examples import DIALECTS, USAGE_DIALECTS, example_contacts, example_staff, example_usage
from sim.words import said, text, typed


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
@click.option(
    "--contacts",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write a list of who is in touch with whom, by the same ids.",
)
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Other people for another number.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@lang_option
def command(
    *,
    file: Path,
    dialect: str,
    usage: str | None,
    weeks: int,
    people: int,
    contacts: Path | None,
    seed: int,
    force: bool,
    lang: str,
) -> None:
    """Write a staff file of nobody's staff, as an HR system would export it: with titles, leavers and its own signs.

    With --usage, what the platform of nobody's organization showed in the first weeks after a launch.
    """
    if usage is not None:
        _write({file: lambda: example_usage(people, usage, weeks, seed)}, force)
        command = typed("intranet-sim", "fit", "own.yaml", "--usage", file)
        click.echo(text(lang, "usage.wrote", file=file, n=weeks, command=command))
        return
    write(file, dialect, people, seed, force, contacts)
    more = () if contacts is None else ("--contacts", contacts)
    click.echo(text(lang, "staff.wrote", file=file, command=typed("intranet-sim", "staff", file, *more)))


def write(file: Path, dialect: str, people: int, seed: int, force: bool, contacts: Path | None = None) -> None:
    """Write a staff file of nobody's staff, and who of them is in touch with whom.

    Raises
    ------
    InputError
        If it is there already, or cannot be written.
    """
    targets = {file: lambda: example_staff(people, dialect, seed)}
    if contacts is not None:
        targets[contacts] = lambda: example_contacts(people, dialect, seed)
    _write(targets, force)


def _write(targets: Mapping[Path, Callable[[], bytes]], force: bool) -> None:
    """Write files, none of them if one is there already."""
    from sim.kernel.files import written_whole

    there = [each for each in targets if os.path.lexists(each) and not force]
    if there:
        raise InputError(said("staff.at", where=str(each), message=said("staff.exists")) for each in there)
    for each, made in targets.items():
        try:
            with written_whole(each) as target:
                target.write(made())
        except OSError as error:
            message = said("staff.unwritable", reason=error.strerror or str(error))
            raise InputError(said("staff.at", where=str(each), message=message)) from None
