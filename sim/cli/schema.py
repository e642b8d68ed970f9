"""``intranet-sim schema``: the JSON schema of scenario or experiment files."""

from __future__ import annotations

import json

import click


@click.command()
@click.option("--experiment", "is_experiment", is_flag=True, help="The schema of experiment files instead.")
def command(is_experiment: bool) -> None:
    """Print the JSON schema of scenario files, or of experiment files.

    Editors use it to complete keys and to mark mistakes while you type: save it with
    intranet-sim schema > scenario.schema.json, and put this line at the top of a scenario:

    \b
    # yaml-language-server: $schema=scenario.schema.json
    """
    if is_experiment:
        from sim.experiments.grammar import experiment_schema

        schema = experiment_schema()
    else:
        from sim.scenario.grammar import scenario_schema

        schema = scenario_schema()
    click.echo(json.dumps(schema, indent=2))
