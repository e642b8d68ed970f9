"""``intranet-sim report``: one HTML file about a results folder, to read, print and pass on."""

from __future__ import annotations

from pathlib import Path

import click

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.cli.options import costs_option, lang_option
from sim.documents.terminal import print_text
from sim.words import text


@click.command(name="report")
@click.argument("folder", metavar="RESULTS", type=click.Path(path_type=Path))
@click.option(
    "--outcome", type=click.Choice(OUTCOME_NAMES), metavar="NAME", help="What the answer on the first page is about."
)
@click.option(
    "--out",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it (default: report.html in the results folder).",
)
@costs_option
@lang_option
def command(*, folder: Path, outcome: str | None, file: Path | None, costs: Path | None, lang: str) -> None:
    """Write a report about the results folder RESULTS: one HTML file that loads nothing from elsewhere.

    Works for the results of run, compare, sweep and sensitivity. The same results give the same bytes.
    """
    tell_report(folder, lang, outcome, file, costs=costs)


def tell_report(
    folder: Path,
    language: str,
    outcome: str | None = None,
    file: Path | None = None,
    is_on_stderr: bool = False,
    costs: Path | None = None,
) -> None:
    """Write the report of a results folder and say where it is.

    Parameters
    ----------
    folder, language, outcome, file
        As for ``sim.documents.printers.write_report``.
    is_on_stderr : bool
        Whether stdout belongs to something else.
    costs : Path, optional
        Table of the hours that launches take.
    """
    from sim.pages.report.report import write_report

    written = text(language, "report.written", file=write_report(folder, language, outcome, file, costs))
    if is_on_stderr:
        click.echo(written, err=True)
    else:
        print_text(written)
