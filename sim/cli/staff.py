"""``intranet-sim staff`` and ``new-staff``: what is made of one's own staff file, and examples to try it all with."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.catalog.registry import PROFILES
from sim.cli.options import command
from sim.errors import InputError
from sim.exports.examples import DIALECTS, USAGE_DIALECTS, example_contacts, example_staff, example_usage
from sim.words import said, text, typed

if TYPE_CHECKING:
    from sim.scenario import Scenario


@command(
    "staff",
    "file date column leave-out-deskless contacts",
    click.option("--profile", type=click.Choice(PROFILES), help="Tables that what is missing is drawn from."),
    "out json lang",
)
def staff_command(
    *, file: Path, date: str | None, columns: tuple[str, ...], leave_out_deskless: bool, contacts: Path | None,
    profile: str | None, out: Path | None, as_json: bool, lang: str,
) -> None:  # fmt: skip
    """Show what is made of your staff file: CSV or a workbook, as an HR system exports it.

    Prints people, departments, levels, teams, ages and remote work, what is drawn for want of a column, what is not
    read and what to look at; and draws the organization. Nothing is kept of ids, names and addresses, and groups of
    fewer than 5 people are not told of.
    """
    from sim.documents.terminal import print_blocks, print_text
    from sim.evidence.organization_finding import staff_finding

    scenario, reading = read(file, date, _columns(columns), leave_out_deskless, profile, contacts)
    found = staff_finding(scenario.resolved(), file.name, lang)
    pictures = draw(scenario, out or Path("results") / "staff", lang)
    if as_json:
        click.echo(json.dumps({**found.as_json(), "figures": [str(one) for one in pictures]}))
        return
    print_blocks(found.blocks())
    print_text()
    print_text(text(lang, "staff.picture", file=pictures[0]))
    print_text(text(lang, "staff.use", yaml=_as_yaml(file, reading)))


def read(
    file: Path,
    date: str | None,
    columns: Mapping[str, str | None] | None,
    leave_out_deskless: bool,
    profile: str | None,
    contacts: Path | None = None,
) -> tuple[Scenario, dict[str, Any]]:
    """Return a scenario with a staff file, and how a scenario says to read it so.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    from sim.organization.contacts import contacts_of
    from sim.organization.own_staff import staff_of
    from sim.scenario import scenario_from_mapping

    asked = {
        "date": date,
        "columns": dict(columns or {}) or None,
        "deskless": "leave_out" if leave_out_deskless else None,
        "profile": profile,
        "contacts": None if contacts is None else str(contacts),
    }
    reading = {name: value for name, value in asked.items() if value is not None}
    scenario = scenario_from_mapping({"organization": {"staff": {"file": str(file), **reading}}}, origin="staff")
    staff_of(scenario.resolved())
    contacts_of(scenario.resolved()["organization"])  # what is wrong with it is said before anything is told
    return scenario, reading


def _columns(given: tuple[str, ...]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for each in given:
        name, equals, header = each.partition("=")
        if not equals:
            raise InputError(said("staff.at", where=f"--column {each}", message=said("staff.no_equals")))
        found[name.strip()] = header.strip() or None
    return found


def _as_yaml(file: Path, reading: dict[str, Any]) -> str:
    """Return the lines of a scenario that use the file as it was read."""
    from sim.scenario.yaml_files import yaml_text

    return yaml_text({"organization": {"staff": {"file": str(file), **reading}}}).rstrip()


def draw(scenario: Scenario, folder: Path, language: str) -> list[Path]:
    """Draw the organization into a folder and return the files."""
    from sim.figures.organization import staff_figure
    from sim.figures.style import save_figure
    from sim.organization.own_staff import fitted_to_staff, names_to_show, staff_of
    from sim.organization.workforce import build_workforce

    resolved = fitted_to_staff(scenario.resolved())
    workforce = build_workforce(resolved["organization"], resolved["platform"]["communities"], scenario.run.seed)
    staff = staff_of(resolved)
    figure = staff_figure(workforce, names_to_show(staff), staff.drawn, language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return save_figure(figure, folder, "organization")
    except OSError as error:
        message = said("staff.unwritable", reason=error.strerror or str(error))
        raise InputError(said("staff.at", where=str(folder), message=message)) from None


@command(
    "new-staff",
    "file",
    click.option(
        "--dialect", type=click.Choice(DIALECTS), default=DIALECTS[0], show_default=True,
        help="Whose export it looks like.",
    ),
    click.option(
        "--usage", type=click.Choice(USAGE_DIALECTS),
        help="Write a usage export of the first weeks after a launch instead: Microsoft Graph, Slack, or the plain"
        " form.",
    ),
    "weeks people contacts seed force lang",
)  # fmt: skip
def new_staff_command(
    *, file: Path, dialect: str, usage: str | None, weeks: int, people: int, contacts: Path | None, seed: int,
    force: bool, lang: str,
) -> None:  # fmt: skip
    """Write a staff file of nobody's staff, as an HR system would export it: with titles, leavers and its own signs.

    With --usage, what the platform of nobody's organization showed in the first weeks after a launch.
    """
    if usage is not None:
        _write({file: lambda: example_usage(people, usage, weeks, seed)}, force)
        fitted = typed("intranet-sim", "fit", "own.yaml", "--usage", file)
        click.echo(text(lang, "usage.wrote", file=file, n=weeks, command=fitted))
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
