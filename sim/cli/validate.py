"""``intranet-sim validate``: check scenario and experiment files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from sim.cli.notes import tell_notes
from sim.cli.options import json_option, lang_option, quiet_option
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.experiments import Experiment
    from sim.scenario import Problem, Scenario


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@json_option
@quiet_option
@lang_option
def command(files: tuple[str, ...], as_json: bool, quiet: bool, lang: str) -> None:
    """Check scenario and experiment files, with those that they build on, and show everything that is wrong.

    A file with base, design, method, levers or uncertainties is taken for an experiment. Every problem is one line,
    file:line:column: key: what is wrong. The exit code is 0 if all files are right and 2 if any is wrong. Nothing is
    run and nothing is written.
    """
    from sim.experiments import is_experiment, load_experiment
    from sim.scenario import ScenarioError, load_scenario

    found: dict[str, tuple[Problem, ...]] = {}
    notes: list[Problem] = []
    scenarios: list[Scenario] = []
    for file in files:
        try:
            if is_experiment(file):
                check_points_with_staff(load_experiment(file, notes=notes), file)
            else:
                scenario = load_scenario(file, notes=notes)
                check_staff(scenario, file)
                scenarios.append(scenario)
            found[file] = ()
        except ScenarioError as error:
            found[file] = error.problems
    if as_json:
        click.echo(json.dumps([_as_json(file, problems, lang) for file, problems in found.items()], indent=2))
    elif not quiet:
        for file, problems in found.items():
            click.echo(f"{file}: {_verdict(len(problems), lang)}")
        for scenario in scenarios:
            tell_staff(scenario.resolved(), lang)
    tell_notes(notes, scenarios, lang)
    every_problem = dict.fromkeys(problem for problems in found.values() for problem in problems)
    if every_problem:
        raise InputError(problem.line_in(lang) for problem in every_problem)


def check_points_with_staff(experiment: Experiment, file: str) -> None:
    """Check that an experiment fits the staff files that its bases or factors name, at every point.

    Raises
    ------
    ScenarioError
        If a file is wrong, or a point does not fit it.
    """
    from sim.experiments.settings import possible_scenarios
    from sim.scenario import ScenarioError

    found: dict[Problem, None] = {}
    looked_at: set[str] = set()
    for scenario in possible_scenarios(experiment):
        needed = repr((scenario.organization, scenario.launch.waves))
        if needed not in looked_at:
            looked_at.add(needed)
            try:
                check_staff(scenario, file)
            except ScenarioError as error:
                found |= dict.fromkeys(error.problems)
    if found:
        raise ScenarioError(found)


def check_staff(scenario: Scenario, file: str) -> None:
    """Check that a scenario fits the staff file that it names, if it names one.

    Raises
    ------
    ScenarioError
        If the file is wrong, or the scenario does not fit it.
    """
    from sim.scenario import Problem, ScenarioError
    from sim.scenario.contradictions import is_profile

    if is_profile(scenario):
        return
    from sim.organization.own_staff import fitted_to_staff

    try:
        fitted_to_staff(scenario.resolved())
    except InputError as error:
        raise ScenarioError(Problem(file, None, None, "organization.workforce", line) for line in error.lines) from None


def tell_staff(resolved: Mapping[str, Any], language: str) -> None:
    """Print what was made of the staff file that a scenario names, if it names one."""
    from sim.catalog.registry import PROFILES

    organization = resolved["organization"]
    if organization["workforce"] in PROFILES:
        return
    from sim.documents.terminal import print_blocks
    from sim.evidence.organization_finding import staff_finding
    from sim.exports.staff import file_name
    from sim.organization.own_staff import openings

    click.echo()
    found = staff_finding(resolved, file_name(organization["workforce"]), language, openings(resolved))
    print_blocks(found.blocks())


def _verdict(n_problems: int, language: str) -> str:
    from sim.words import counted

    return "ok" if n_problems == 0 else counted(language, "count.problems", n_problems)


def _as_json(file: str, problems: tuple[Problem, ...], language: str) -> dict[str, object]:
    from sim.words import in_language

    found = [{**problem._asdict(), "message": in_language(problem.message, language)} for problem in problems]
    return {"file": file, "ok": not problems, "problems": found}
