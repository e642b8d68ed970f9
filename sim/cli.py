"""The command ``intranet-sim``: a table of commands, each imported only when it is called.

So ``--help``, ``validate`` and completion start without numpy, numba, Mesa, pandas and matplotlib. A new
command is a module in ``sim/commands`` with a click command named ``command``, and one line in `COMMANDS`.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from typing import Any

import click

from sim.version import __version__

COMMANDS: dict[str, str] = {
    "run": "Run one scenario and show its outcomes.",
    "compare": "Compare scenarios that share their luck, and say which one does better.",
    "sweep": "Run a design of many strategies in many possible worlds, and rank the strategies.",
    "sensitivity": "Find out which levers and uncertainties decide an outcome.",
    "discover": "Find the conditions under which something happens in the runs of a sweep.",
    "results": "Show what a results folder holds, or export it.",
    "report": "Write an HTML report about a results folder, to read, print and pass on.",
    "app": "Open the page in the browser: two launches side by side.",
    "merge": "Put the shards of one experiment together.",
    "calibrate": "Fit the coefficients to published numbers, and say what those leave open.",
    "scorecard": "Run what the literature claims, with and without frames, and say what holds.",
    "explain": "Tell why one employee did or did not read and post.",
    "validate": "Check scenario and experiment files and show everything that is wrong.",
    "new": "Write a new scenario or experiment file with comments.",
    "parameters": "Show every parameter with unit, range, meaning and source.",
    "scenarios": "List the scenarios that come with the project.",
    "experiments": "List the experiments that come with the project.",
    "schema": "Print the JSON schema of scenario or experiment files, for editors.",
    "completion": "Print the completion script of a shell.",
}


class OutputClosedError(Exception):
    """Whoever read our output has stopped reading, as ``head`` does."""


class CommandTable(click.Group):
    """A group whose commands are imported when they are called; its help comes from `COMMANDS` alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"sim.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from sim.scenario.wording import did_you_mean, shown

            ctx.fail(f"There is no command {shown(args[0])}{did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        with _told_when_output_closes():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        with _told_when_output_closes():
            return super().invoke(ctx)


@contextlib.contextmanager
def _told_when_output_closes() -> Iterator[None]:
    """Turn a broken pipe into an error of our own: click would exit with 1, which means a failed run here."""
    try:
        yield
    except BrokenPipeError as error:
        raise OutputClosedError from error


@click.command(cls=CommandTable, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="intranet-sim", message="%(prog)s %(version)s")
def cli() -> None:
    """Simulate how staff take up a social intranet, and how its launch decides.

    SCENARIO is a file, or the name of one that comes with the project, such as collaboration.

    Start with: intranet-sim compare like-facebook collaboration
    """
