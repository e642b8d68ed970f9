"""Options that several commands share, each written once.

A command takes the decorators it needs; what it is given, `sim.cli.study.asked` makes a request of.

Nothing here imports more than click and the standard library until a person asks for completion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.cli.table import LANGUAGE
from sim.scenario import Override
from sim.words import DEFAULT_LANGUAGE, LANGUAGES, said

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

    from sim.catalog.registry import PARAMETERS

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


scenario_options = together(set_option, replications_option, seed_option, weeks_option)
results_options = together(
    jobs_option, out_option, json_option, quiet_option, resume_option, dry_run_option, lang_option
)


def overrides(settings: Sequence[str], named: Mapping[str, int | None]) -> list[Override]:
    """Return what the options set: ``--set``, then options of their own, by the key that each sets; these win.

    Ranges are checked where the file is checked, so that one message covers both.
    """
    return [Override.from_option(setting) for setting in settings] + [
        Override(text=f"{key}={value}", origin=f"--{key.rpartition('.')[2]} {value}")
        for key, value in named.items()
        if value is not None
    ]


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

study_options = together(
    click.option(
        "--outcome",
        type=click.Choice(OUTCOME_NAMES),
        default="monthly_posters",
        show_default=True,
        metavar="NAME",
        help="The outcome that the first lines, the ranking and --until-width are about.",
    ),
    click.option(
        "--until-width",
        type=click.FloatRange(min=0, min_open=True),
        metavar="WIDTH",
        help="Add replications, at the default values of the coefficients, until the 95% interval of the outcome is at"
        " most this wide (0.02 = 2 points).",
    ),
    click.option(
        "--max-replications",
        type=click.IntRange(min=2),
        default=1000,
        show_default=True,
        metavar="N",
        help="Where --until-width gives up.",
    ),
    click.option(
        "--keep",
        type=click.Choice(["replies"]),
        multiple=True,
        help="Also keep a table that can be large: replies (who replied to whom). Can be repeated.",
    ),
    with_option,
    click.option("--all", "is_all", is_flag=True, help="Show every outcome, not only the main ones."),
    click.option("--no-figures", is_flag=True, help="Draw no figures."),
    answers_option,
    report_option,
    costs_option,
    click.option("--overwrite", is_flag=True, help="Replace the results of another plan in the same folder."),
)


def _complete_experiment(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Offer the shipped experiments and, as any shell would, files."""
    from click.shell_completion import CompletionItem

    from sim.scenario.library import experiment_names

    names = [CompletionItem(name) for name in experiment_names() if name.startswith(incomplete)]
    return [*names, CompletionItem(incomplete, type="file")]


experiment_argument = click.argument("experiment", metavar="EXPERIMENT", shell_complete=_complete_experiment)

experiment_options = together(
    click.option(
        "--set",
        "settings",
        metavar="KEY=VALUE",
        multiple=True,
        help="Set a key of the experiment (samples=64) or of every scenario (run.weeks=12). Can be repeated.",
    ),
    click.option("--replications", type=int, metavar="N", help="Runs at each point, each with its own luck."),
    click.option("--samples", type=int, metavar="N", help="Draws of what is a range (base samples for sensitivity)."),
    click.option("--seed", type=int, metavar="N", help="Seed of the design and of all luck."),
    click.option("--weeks", type=int, metavar="N", help="Working weeks to simulate (run.weeks)."),
    click.option("--quick", is_flag=True, help="The small version in the file's section quick: a first look."),
    jobs_option,
    click.option(
        "--dask",
        metavar="ADDRESS",
        help="Do the runs with the workers of this Dask scheduler, such as tcp://node-1:8786.",
    ),
    click.option(
        "--shard",
        metavar="I/N",
        help="Do every N-th run, from the I-th on, in a folder of its own; put together by: intranet-sim merge.",
    ),
    out_option,
    json_option,
    quiet_option,
    resume_option,
    click.option("--overwrite", is_flag=True, help="Replace the results of another plan in the same folder."),
    with_option,
    dry_run_option,
    click.option("--no-figures", is_flag=True, help="Draw no figures."),
    lang_option,
)

ranking_options = together(
    click.option(
        "--outcome",
        type=click.Choice(OUTCOME_NAMES),
        metavar="NAME",
        help="What strategies are ranked by (default: the first outcome of the experiment).",
    ),
    click.option(
        "--top", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="How many to show."
    ),
)
