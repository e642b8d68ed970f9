"""``intranet-sim merge``: shards of one experiment put together."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sim.cli.options import json_option, lang_option, quiet_option
from sim.cli.progress import progress_for
from sim.cli.study import Shown, follow_up, report_failures, show_results
from sim.words import text

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(name="merge")
@click.argument("out", metavar="OUT", type=_FOLDER)
@click.argument("shards", metavar="SHARD_DIR...", nargs=-1, required=True, type=_FOLDER)
@click.option("--overwrite", is_flag=True, help="Replace the results in OUT.")
@click.option(
    "--mixed", "mixed_versions", is_flag=True, help="Even if shards were made with other versions of Python or NumPy."
)
@click.option("--no-figures", is_flag=True, help="Draw no figures.")
@json_option
@quiet_option
@lang_option
def command(
    *,
    out: Path,
    shards: tuple[Path, ...],
    overwrite: bool,
    mixed_versions: bool,
    no_figures: bool,
    as_json: bool,
    quiet: bool,
    lang: str,
) -> None:
    """Put the shards of one experiment together in the folder OUT.

    SHARD_DIR are the results folders of all shards, in any order. The tables are byte for byte those of the
    experiment done in one go.
    """
    from sim.runs.shards import merge

    progress = progress_for(quiet, lang)
    with merge(out, shards, overwrite, ["intranet-sim", *sys.argv[1:]], mixed_versions) as results:
        counts = results.manifest["runs"]
        progress.step(text(lang, "experiment.merged", n=len(shards), runs=counts["planned"], folder=out))
        kind, shown = str(results.manifest.get("kind", "")), Shown(lang, as_json, no_figures=no_figures)
        if counts["finished"]:
            follow_up(results, kind, shown, progress)
    if as_json or counts["finished"]:
        show_results(kind, out, shown)
    report_failures(out, counts["failed"], counts["planned"], lang)
