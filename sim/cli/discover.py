"""``intranet-sim discover``: where in the space of levers and uncertainties a condition holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import json_option, lang_option, quiet_option
from sim.cli.progress import progress_for
from sim.errors import RunError
from sim.words import said, text

if TYPE_CHECKING:
    from sim.analysis.discovery.discovery import Discovery


@click.command(name="discover")
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@click.option(
    "--when",
    required=True,
    metavar="CONDITION",
    help='What to look for: an outcome, <, <=, > or >=, and a number, such as "monthly_posters < 0.1".',
)
@click.option(
    "--difference",
    nargs=2,
    metavar="A B",
    help="Look at A minus B, paired by seed: two base scenarios, or two settings of one factor, as in"
    " launch.framing=collaboration launch.framing=like_facebook.",
)
@click.option(
    "--density",
    type=click.FloatRange(min=0, max=1, min_open=True),
    metavar="SHARE",
    help="Take the widest box in which at least this share are cases (default: balances density and coverage).",
)
@click.option(
    "--boxes",
    "n_boxes",
    type=click.IntRange(min=1, max=9),
    default=3,
    show_default=True,
    metavar="N",
    help="Look for at most so many boxes.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder for what is found (default: RESULTS/discoveries/<condition>).",
)
@json_option
@click.option("--no-figures", is_flag=True, help="Draw no figures.")
@quiet_option
@lang_option
def command(
    *,
    results: Path,
    when: str,
    difference: tuple[str, str] | None,
    density: float | None,
    n_boxes: int,
    out: Path | None,
    as_json: bool,
    no_figures: bool,
    quiet: bool,
    lang: str,
) -> None:
    """Find where a condition holds: the limits on levers and uncertainties that single it out.

    RESULTS is the folder of a sweep or sensitivity analysis. Says "cannot tell" where no box is better than chance.
    """
    from sim.analysis.discovery.discovery import discover
    from sim.analysis.discovery.finding import DiscoveryFinding
    from sim.analysis.discovery.findings import folder_name
    from sim.documents.terminal import show
    from sim.runs.manifest import DISCOVERIES_NAME

    progress = progress_for(quiet, lang)
    progress.step(text(lang, "discover.looking"))
    found = discover(results, when, difference or None, density, n_boxes)
    folder = out or results / DISCOVERIES_NAME / folder_name(found, density)
    _write(found, folder, has_figures=not no_figures, language=lang)
    show(DiscoveryFinding(found, folder, lang), as_json)


def _write(found: Discovery, folder: Path, has_figures: bool, language: str) -> None:
    """Write what was found, and its figures, to `folder`.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    from sim.analysis.discovery.findings import write_discovery

    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_discovery(found, folder)
        if has_figures:
            from sim.figures.discovery import draw_discovery

            draw_discovery(found, folder, language)
    except OSError as error:
        raise RunError(said("refusal.cli.folder", folder=folder, reason=error.strerror or error)) from error
