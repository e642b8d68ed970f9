"""``intranet-sim experiments``: the experiments that come with the project."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import json_option

if TYPE_CHECKING:
    from sim.experiments import Experiment

NOTE = """
Runs over worlds are those of intranet-sim sweep NAME; those at defaults, with --at-defaults, are in the file.
A sensitivity analysis varies the coefficients itself and knows no worlds."""


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List the experiments that come with the project.

    Run one by its name: a sweep as in intranet-sim sweep framing --quick, a sensitivity analysis as in intranet-sim
    sensitivity sensitivity-morris --quick.
    """
    from sim.documents.terminal import print_blocks
    from sim.words import text, whole
    from sim.words.blocks import table

    found = entries()
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    headers = ["experiment", "kind", ">points", ">runs over worlds", ">runs at defaults", "description"]
    lines = []
    for one in found:
        numbers = [one["points"], one["runs_over_worlds"], one["runs"]]
        counts = [text("en", "number.missing") if number is None else whole(number) for number in numbers]
        lines.append((one["name"], one["kind"], *counts, first_sentence(one["description"])))
    print_blocks([table(headers, lines)])
    click.echo(NOTE)


def entries() -> list[dict[str, Any]]:
    """Return what there is to say of each experiment that comes with the project."""
    from sim.experiments import list_experiments

    return [
        {
            "name": one.name,
            "kind": one.experiment.kind,
            "design": one.experiment.design or one.experiment.method,
            "points": one.experiment.n_points,
            "arms": len(one.experiment.bases),
            "runs": one.experiment.n_runs,
            "runs_over_worlds": runs_over_worlds(one.experiment),
            "description": one.experiment.description,
            "file": str(one.file),
        }
        for one in list_experiments()
    ]


def runs_over_worlds(experiment: Experiment) -> int | None:
    """Return how many runs a sweep makes over plausible worlds; None for a sensitivity analysis, which has none."""
    if experiment.kind != "sweep":
        return None
    from sim.analysis.sweeping.standing import plan_of_sweep
    from sim.experiments.world_sets import InWorlds

    return len(plan_of_sweep(experiment, InWorlds(), keeps_replications=False)[1].runs)


def first_sentence(text: str) -> str:
    """Return a text up to its first full stop or question mark.

    Examples
    --------
    >>> first_sentence("Does it help? Look at the ranks.")
    'Does it help?'
    """
    return re.split(r"(?<=[.?!])\s", text, maxsplit=1)[0]
