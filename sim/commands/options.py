"""Options that several commands share, each written once.

A command takes the decorators it needs and passes ``settings`` and the short forms on to `overrides`::

    @click.command()
    @scenario_argument
    @scenario_options
    @results_options
    def command(scenario, settings, replications, seed, weeks, jobs, out, as_json, ...): ...

Nothing here imports more than click and the standard library until a person asks for completion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from sim.cli import LANGUAGE
from sim.scenario import Override
from sim.texts import DEFAULT_LANGUAGE, LANGUAGES, said

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Decorator = Callable[[Decorated], Decorated]


def together(*decorators: Decorator[Any]) -> Decorator[Any]:
    """Return one decorator that adds several options, shown in the help in the order given."""

    def decorate(function: Decorated) -> Decorated:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def _complete_scenario(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Offer the shipped scenarios and, as any shell would, files."""
    from click.shell_completion import CompletionItem

    from sim.scenario.library import shipped_names

    names = [CompletionItem(name) for name in shipped_names() if name.startswith(incomplete)]
    return [*names, CompletionItem(incomplete, type="file")]


def _complete_setting(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Offer the keys of a scenario, ready for the value."""
    from click.shell_completion import CompletionItem

    from sim.scenario.registry import PARAMETERS

    return [
        CompletionItem(f"{entry.path}=", help=entry.meaning)
        for entry in PARAMETERS
        if entry.path.startswith(incomplete)
    ]


scenario_argument = click.argument("scenario", metavar="SCENARIO", shell_complete=_complete_scenario)
scenarios_argument = click.argument(
    "scenarios", metavar="SCENARIO...", nargs=-1, required=True, shell_complete=_complete_scenario
)

set_option = click.option(
    "--set",
    "settings",
    metavar="KEY=VALUE",
    multiple=True,
    shell_complete=_complete_setting,
    help="Set one key of the scenario, such as rules.restriction=0.5. Can be repeated.",
)
replications_option = click.option(
    "--replications",
    type=int,
    metavar="N",
    help="Runs per scenario, each with its own luck (run.replications).",
)
seed_option = click.option("--seed", type=int, metavar="N", help="Seed of the study (run.seed).")
weeks_option = click.option("--weeks", type=int, metavar="N", help="Working weeks to simulate (run.weeks).")
jobs_option = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to use (default: more where it pays)."
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder for the results (default: results/<name>).",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print machine-readable JSON on stdout, and nothing else there."
)
quiet_option = click.option("--quiet", is_flag=True, help="Print no progress.")
resume_option = together(
    click.option(
        "--resume", "resume", flag_value="resume", help="Continue in a results folder that has part of the runs."
    ),
    click.option(
        "--resume-mixed",
        "resume",
        flag_value="resume_mixed",
        help="As --resume, also where those were made with other versions of Python, NumPy or numba.",
    ),
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be run and about how long it takes, then stop."
)


def _remembered(context: click.Context, parameter: click.Parameter, language: str | None) -> str | None:
    """Keep the language where refusals find it, whatever is wrong with the rest of what was typed."""
    if language is not None:
        context.meta[LANGUAGE] = language
    return language


def start_language(used: str) -> Decorator[Any]:
    """Return the option for the language in which a page starts, and its command refuses; `used` says when."""
    return click.option(
        "--lang", type=click.Choice(LANGUAGES), is_eager=True, callback=_remembered, help=f"Language to start in{used}."
    )


lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=DEFAULT_LANGUAGE,
    show_default=True,
    is_eager=True,
    callback=_remembered,
    help="Language of texts, figures and refusals.",
)

report_option = click.option(
    "--report", "has_report", is_flag=True, help="Write report.html into the results folder: one HTML file to pass on."
)
answers_option = click.option(
    "--answers",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Answers to the questionnaire (ask): their ranges are drawn over together with the worlds.",
)
costs_option = click.option(
    "--costs",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Your own table of the hours that a launch takes (TOML), for the first page of the report.",
)


with_option = click.option(
    "--with",
    "extension",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Add to the model what a Python file of yours has: outcomes, interventions, rules, workforce, contacts,"
    " columns.",
)


def read_with(file: Path | None) -> Any:
    """Return the extension in the file of ``--with``; None where none was given.

    Raises
    ------
    InputError
        If the file is wrong.
    """
    if file is None:
        return None
    from sim.extension.parts import read_extension

    return read_extension(file)


scenario_options = together(set_option, replications_option, seed_option, weeks_option)
results_options = together(
    jobs_option, out_option, json_option, quiet_option, resume_option, dry_run_option, lang_option
)


def overrides(
    settings: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    weeks: int | None = None,
) -> list[Override]:
    """Return what the options set, for `sim.scenario.load_scenario`.

    The short forms come after ``--set`` and so win over it. Ranges are checked where the file is checked, so
    that one message covers both.
    """
    short_forms = {"replications": replications, "seed": seed, "weeks": weeks}
    return [Override.from_option(text) for text in settings] + [
        Override(text=f"run.{name}={value}", origin=f"--{name} {value}")
        for name, value in short_forms.items()
        if value is not None
    ]


def asked_replications(settings: Sequence[str], replications: int | None) -> bool:
    """Return whether the options say how many replications there are, in either way."""
    return replications is not None or any(
        setting.partition("=")[0].strip() == "run.replications" for setting in settings
    )


class NumberOrFolder(click.ParamType):  # type: ignore[type-arg]
    """How many worlds, at least 2; or the folder that they are in."""

    name = "number or folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | Path:
        if not isinstance(value, str):
            given: int | Path = value
            return given
        if Path(value).is_dir():
            return Path(value)
        if not value.lstrip("+-").isdecimal():
            self.fail(said("refusal.cli.number_or_folder", value=repr(value)), param, ctx)
        if int(value) < 2:
            self.fail(said("refusal.cli.at_least_two", value=value), param, ctx)
        return int(value)


worlds_options = together(
    click.option(
        "--worlds",
        type=NumberOrFolder(),
        metavar="N|FOLDER",
        help="How many different plausible worlds to answer from; or the folder of a fit (or a calibration), to answer"
        " from its worlds.",
    ),
    click.option(
        "--world-set",
        type=click.Choice(["levels", "interviews"]),
        help="Answer from one set of plausible worlds alone: those that agree with what is published about use, or"
        " those of them that fit the interviews too (default: the first, with what the second says beside it).",
    ),
    click.option(
        "--world-source",
        type=click.Choice(["calibrated", "prior"]),
        help="Where worlds come from: the set “levels”, or the plausible ranges as they are.",
    ),
    click.option(
        "--at-defaults",
        is_flag=True,
        help="No worlds: all coefficients of behavior at their default values, one point of many.",
    ),
)
