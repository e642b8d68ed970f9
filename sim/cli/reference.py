"""``intranet-sim parameters``, ``scenarios``, ``experiments``, ``schema`` and ``completion``: what there is to use."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import command
from sim.errors import InputError
from sim.words import said, text, whole
from sim.words.blocks import table

if TYPE_CHECKING:
    from sim.catalog.registry import Parameter
    from sim.experiments import Experiment

PROGRAM = "intranet-sim"
NOTE = """
Runs over worlds are those of intranet-sim sweep NAME; those at defaults, with --at-defaults, are in the file.
A sensitivity analysis varies the coefficients itself and knows no worlds."""


@command("parameters", "sections json markdown lang")
def parameters_command(sections: tuple[str, ...], as_json: bool, as_markdown: bool, lang: str) -> None:
    """Show every parameter with unit, range, default, meaning and source.

    SECTION limits the table to some sections or keys: rules, launch.framing, behavior.read_habit.
    """
    from sim.documents.reference import as_records, header, markdown_page, table_rows
    from sim.documents.terminal import print_blocks

    if as_json and as_markdown:
        raise InputError(said("refusal.cli.json_or_markdown"))
    found = chosen(sections)
    if as_json:
        click.echo(json.dumps(as_records(found, lang), indent=2))
    elif as_markdown:
        click.echo(markdown_page(found), nl=False)
    elif sys.stdout.isatty():
        _print_paragraphs(found, lang)
    else:
        print_blocks([table(header(lang), table_rows(found, lang))])


def chosen(sections: Sequence[str]) -> list[Parameter]:
    """Return the registry entries in the sections that were named, or all.

    Raises
    ------
    InputError
        If there is no such section or key.
    """
    from sim.catalog.registry import GROUPS, PARAMETER_BY_PATH, PARAMETERS
    from sim.scenario.hints import did_you_mean, shown

    known = [*GROUPS, *PARAMETER_BY_PATH]
    unknown = [name for name in sections if name not in known]
    if unknown:
        raise InputError(
            said("refusal.cli.no_section", name=shown(name), hint=did_you_mean(name, known)) for name in unknown
        )
    return [
        entry
        for entry in PARAMETERS
        if not sections or any(f"{entry.path}.".startswith(f"{name}.") for name in sections)
    ]


def _print_paragraphs(entries: Sequence[Parameter], language: str) -> None:
    """Print a paragraph for each parameter: a terminal is too narrow for the whole table."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    from sim.documents.reference import table_rows

    console = Console()
    for path, default, allowed, unit, meaning, source in table_rows(entries, language):
        console.print(Text.assemble((path, "bold"), f" = {default}", (f"   {allowed} [{unit}]", "dim")))
        console.print(Padding(Text(meaning), (0, 0, 0, 4)))
        console.print(Padding(Text(text(language, "parameter.source", source=source), "dim"), (0, 0, 0, 4)))


@command("scenarios", "json")
def scenarios_command(as_json: bool) -> None:
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
    lines = [(one.name, " ".join(one.description.split())) for one in scenarios]
    print_blocks([table(["scenario", "description"], lines)])


@command("experiments", "json")
def experiments_command(as_json: bool) -> None:
    """List the experiments that come with the project.

    Run one by its name: a sweep as in intranet-sim sweep framing --quick, a sensitivity analysis as in intranet-sim
    sensitivity sensitivity-morris --quick.
    """
    from sim.documents.terminal import print_blocks

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


def first_sentence(words: str) -> str:
    """Return a text up to its first full stop or question mark.

    Examples
    --------
    >>> first_sentence("Does it help? Look at the ranks.")
    'Does it help?'
    """
    return re.split(r"(?<=[.?!])\s", words, maxsplit=1)[0]


@command("schema", "experiment")
def schema_command(is_experiment: bool) -> None:
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


@command("completion", "shell")
def completion_command(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    bash:  intranet-sim completion bash > ~/.local/share/bash-completion/completions/intranet-sim
    zsh:   intranet-sim completion zsh > ~/.zfunc/_intranet-sim
    fish:  intranet-sim completion fish > ~/.config/fish/completions/intranet-sim.fish
    """
    from click.shell_completion import get_completion_class

    from sim.cli.table import cli

    completion = get_completion_class(shell)
    if completion is None:
        raise InputError(said("refusal.completion", shell=shell, names="bash, zsh, fish"))
    variable = f"_{PROGRAM.replace('-', '_')}_COMPLETE".upper()
    click.echo(completion(cli, {}, PROGRAM, variable).source())
