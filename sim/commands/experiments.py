"""``intranet-sim experiments``: the experiments that come with the project."""

from __future__ import annotations

import json
import re
from typing import Any

import click

from sim.commands.options import json_option


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List the experiments that come with the project.

    Run one by its name: a sweep as in intranet-sim sweep framing --quick, a sensitivity analysis as in intranet-sim
    sensitivity sensitivity-morris --quick.
    """
    from sim.commands.tables import Table, print_table

    found = entries()
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    table = Table(["experiment", "kind", ">points", ">runs", "description"])
    for one in found:
        points, runs = f"{one['points']:,}", f"{one['runs']:,}"
        table.add(one["name"], one["kind"], points, runs, first_sentence(one["description"]))
    print_table(table)


def entries() -> list[dict[str, Any]]:
    """Return what there is to say of each experiment that comes with the project."""
    from sim.scenario.experiment import list_experiments

    return [
        {
            "name": one.name,
            "kind": one.experiment.kind,
            "design": one.experiment.design or one.experiment.method,
            "points": one.experiment.n_points,
            "arms": len(one.experiment.bases),
            "runs": one.experiment.n_runs,
            "description": one.experiment.description,
            "file": str(one.file),
        }
        for one in list_experiments()
    ]


def first_sentence(text: str) -> str:
    """Return a text up to its first full stop or question mark.

    Examples
    --------
    >>> first_sentence("Does it help? Look at the ranks.")
    'Does it help?'
    """
    return re.split(r"(?<=[.?!])\s", text, maxsplit=1)[0]
