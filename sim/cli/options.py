"""What can be typed behind a command: each argument and option is a row of ``data/options.csv``.

A command names those that it takes (`command`); what it is given, `sim.cli.study.asked` makes a request of. Nothing
here imports more than click and the standard library until a person asks for completion.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import click

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.cli.table import LANGUAGE
from sim.scenario import Override
from sim.words import DEFAULT_LANGUAGE, LANGUAGES, said

Decorator = Callable[[Any], Any]

RESULTS = "jobs out json quiet resume resume-mixed dry-run lang"
"""What commands take whose runs go into a results folder."""
WORLDS = "worlds world-set world-source at-defaults"
OF_SCENARIOS = (
    "set replications seed weeks outcome until-width max-replications keep with all no-figures answers report costs"
    f" overwrite {WORLDS}"
)
OF_AN_EXPERIMENT = (
    "experiment set replications samples seed weeks quick jobs dask shard out json quiet resume resume-mixed overwrite"
    " with dry-run no-figures lang"
)


def command(name: str, *options: str | Decorator) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function the command of this name, which takes some arguments and options, in the order of its help.

    Parameters
    ----------
    name : str
        As it is typed.
    *options : str or callable
        Names of the table with blanks between them, without dashes; or an option of click's own.
    """

    def decorate(function: Callable[..., Any]) -> click.Command:
        decorators: list[Decorator] = []
        for one in options:
            decorators += [_decorator(_row(name, each)) for each in one.split()] if isinstance(one, str) else [one]
        for decorator in reversed(decorators):
            function = decorator(function)
        return click.command(name=name)(function)

    return decorate


@cache
def _table() -> dict[tuple[str, str], dict[str, str]]:
    """Return the rows by command and name; the command is empty where a row is for all that have none of their own."""
    file = Path(__file__).with_name("data") / "options.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {(of, row["typed"].lstrip("-")): row for row in rows for of in row["of"].split() or [""]}


def _row(of: str, name: str) -> dict[str, str]:
    table = _table()
    return table.get((of, name)) or table["", name]


_HOW: dict[str, dict[str, Any]] = {"many": {"multiple": True}, "two": {"nargs": 2}, "required": {"required": True}}


def _decorator(row: Mapping[str, str]) -> Decorator:
    """Return the decorator of click that a row stands for."""
    typed, kind, how, shown = row["typed"], row["kind"], row["how"], row["shown"]
    names = [typed, row["name"]] if row["name"] else [typed]
    facts: dict[str, Any] = {"metavar": shown or None, **_type(kind)}
    if not typed.startswith("-"):
        n = -1 if shown.endswith("...") or shown.endswith("...]") else 1
        return click.argument(*names, nargs=n, required=not shown.startswith("["), **facts)
    if row["usual"]:
        facts |= {"default": row["usual"], "show_default": True}
    if kind == "language":
        is_known = row["of"] == ""  # a page may start in the language of its reader instead
        facts |= {"default": DEFAULT_LANGUAGE, "show_default": True} if is_known else {}
        facts |= {"is_eager": True, "callback": _remembered}
    facts |= _HOW.get(how, {})
    return click.option(*names, help=row["help"], **facts)


def _type(kind: str) -> dict[str, Any]:
    """Return what click is told of a kind of value, such as ``int 1..9``, ``float >0..`` or ``choice a|b``."""
    word, _, more = kind.partition(" ")
    match word:
        case "flag":
            return {"is_flag": True}
        case "value":
            return {"flag_value": more}
        case "choice":
            return {"type": click.Choice(more.split("|"))}
        case "outcome":
            return {"type": click.Choice(OUTCOME_NAMES)}
        case "language":
            return {"type": click.Choice(LANGUAGES)}
        case "path" | "file" | "folder":
            return {"type": click.Path(path_type=Path, file_okay=word != "folder", dir_okay=word != "file")}
        case "export":
            return {"type": (click.Choice(["csv", "spreadsheet"]), click.Path(path_type=Path))}
        case "worlds":
            return {"type": NumberOrFolder()}
        case "scenario" | "experiment" | "setting":
            return {"shell_complete": _complete_setting if word == "setting" else _complete_name(word)}
        case "int" | "float" if more:
            low, high = more.split("..")
            limits = click.IntRange if word == "int" else click.FloatRange
            least, most = (int(end.lstrip(">")) if end else None for end in (low, high))
            return {"type": limits(least, most, min_open=low.startswith(">"))}
    return {"type": {"int": int, "text": str}[word]}


def _complete_name(kind: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return what offers the shipped scenarios or experiments and, as any shell would, files."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        from sim.scenario.library import experiment_names, shipped_names

        known = shipped_names() if kind == "scenario" else experiment_names()
        names = [CompletionItem(name) for name in known if name.startswith(incomplete)]
        return [*names, CompletionItem(incomplete, type="file")]

    return complete


def _complete_setting(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Offer the keys of a scenario, ready for the value."""
    from click.shell_completion import CompletionItem

    from sim.catalog.registry import PARAMETERS

    found = [each for each in PARAMETERS if each.path.startswith(incomplete)]
    return [CompletionItem(f"{each.path}=", help=each.meaning) for each in found]


def _remembered(context: click.Context, parameter: click.Parameter, language: str | None) -> str | None:
    """Keep the language where refusals find it, whatever is wrong with the rest of what was typed."""
    if language is not None:
        context.meta[LANGUAGE] = language
    return language


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
