"""``intranet-sim validate``, and what is told on stderr of settings that do nothing, or less than one might think."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import command
from sim.errors import InputError
from sim.words import counted, in_language

if TYPE_CHECKING:
    from sim.experiments import Experiment
    from sim.runs.plan import Plan
    from sim.scenario import Problem, Scenario


@command("validate", "files json quiet lang")
def validate_command(files: tuple[str, ...], as_json: bool, quiet: bool, lang: str) -> None:
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
            n = len(problems)
            click.echo(f"{file}: {counted(lang, 'count.problems', n) if n else 'ok'}")
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


def _as_json(file: str, problems: tuple[Problem, ...], language: str) -> dict[str, object]:
    found = [{**problem._asdict(), "message": in_language(problem.message, language)} for problem in problems]
    return {"file": file, "ok": not problems, "problems": found}


def tell_notes(notes: Iterable[Problem], scenarios: Sequence[Scenario], language: str) -> None:
    """Say which settings have no effect, and which departments open too late to count."""
    for note in dict.fromkeys(notes):
        click.echo(note.line_in(language), err=True)
    for scenario in scenarios:
        if isinstance(scenario.launch.waves, str):
            continue
        for message in late_in(scenario.resolved()):
            click.echo(f"{scenario.name}: launch.waves: {in_language(message, language)}", err=True)


def late_in(resolved: Mapping[str, Any]) -> list[str]:
    """Say which departments of a scenario open too late to count; reads a staff file, but needs nothing heavy else."""
    from sim.catalog.registry import PROFILES
    from sim.scenario.departments import openings_of
    from sim.scenario.loading import late_openings

    n_weeks = int(resolved["run"]["weeks"])
    if resolved["organization"]["workforce"] in PROFILES:
        return late_openings(openings_of(resolved), n_weeks)
    from sim.organization.own_staff import openings

    return late_openings(openings(resolved), n_weeks)


_MOST_POINTS = 2000


def tell_late_openings(plan: Plan, language: str) -> None:
    """Say at which points of a design departments open too late to count."""
    looked_at: set[str] = set()
    for point in range(min(plan.n_points, _MOST_POINTS)):
        for arm in plan.arms:
            resolved = plan.scenario_at(arm.name, point)
            facts = str((resolved["organization"], resolved["launch"]["waves"], resolved["run"]["weeks"]))
            if facts in looked_at or isinstance(resolved["launch"]["waves"], str):
                continue
            looked_at.add(facts)
            for message in late_in(resolved):
                click.echo(f"{arm.name}, point {point}: launch.waves: {in_language(message, language)}", err=True)
                return  # one example says it; the others are of its kind
