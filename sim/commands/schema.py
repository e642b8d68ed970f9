"""``intranet-sim schema``: the JSON schema of scenario files."""

from __future__ import annotations

import json

import click


@click.command()
def command() -> None:
    """Print the JSON schema of scenario files.

    Editors use it to complete keys and to mark mistakes while you type: save it with
    intranet-sim schema > scenario.schema.json, and put this line at the top of a scenario:

    \b
    # yaml-language-server: $schema=scenario.schema.json
    """
    from sim.scenario.json_schema import scenario_schema

    click.echo(json.dumps(scenario_schema(), indent=2))
