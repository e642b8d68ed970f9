"""``intranet-sim scenarios``: what comes with the project."""

from __future__ import annotations

import json

import click

from sim.cli.options import json_option


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List the scenarios that come with the project.

    Use one by its name, as in intranet-sim run collaboration, or start your own from it with extends.
    """
    from sim.documents.terminal import print_blocks
    from sim.scenario import list_scenarios

    scenarios = list_scenarios()
    if as_json:
        entries = [{"name": one.name, "description": one.description, "file": str(one.file)} for one in scenarios]
        click.echo(json.dumps(entries, indent=2))
        return
    from sim.words.blocks import table

    lines = [(one.name, " ".join(one.description.split())) for one in scenarios]
    print_blocks([table(["scenario", "description"], lines)])
