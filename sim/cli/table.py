"""The command ``intranet-sim``: a table of commands, each imported only when it is called.

So ``--help``, ``validate`` and completion start without numpy, numba, Mesa, pandas and matplotlib. A new command
``do-this`` is one line in `COMMANDS` and a function ``do_this_command`` in a module that `MODULES` names.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import click

from sim.documents.output import refuse_lost_output
from sim.errors import InputError, ReportedError, RunError
from sim.version import __version__
from sim.words import said

LANGUAGE = "sim.language"
"""Where click keeps what ``--lang`` says."""

COMMANDS: dict[str, str] = {
    "run": "Run one scenario and show its outcomes.",
    "compare": "Compare scenarios that share their luck, and say which one does better.",
    "sweep": "Run a design of many strategies in many possible worlds, and rank the strategies.",
    "sensitivity": "Find out which levers and uncertainties decide an outcome.",
    "discover": "Find the conditions under which something happens in the runs of a sweep.",
    "results": "Show what a results folder holds, or export it.",
    "report": "Write an HTML report about a results folder, to read, print and pass on.",
    "app": "Open the page in the browser: two launches side by side.",
    "class": "Build and serve the page for a class, and collect what the class found.",
    "merge": "Put the shards of one experiment together.",
    "calibrate": "Fit the coefficients to published numbers, and say what those leave open.",
    "scorecard": "Run what the literature claims, with and without frames, and say what holds.",
    "explain": "Tell why one employee did or did not read and post.",
    "validate": "Check scenario and experiment files and show everything that is wrong.",
    "staff": "Show what is made of your own staff file, and draw the organization.",
    "ask": "Ask ten questions about your organization, whose answers compare, run and sweep draw over.",
    "fit": "Learn from your own first weeks after the launch, and say what is to be expected.",
    "new-staff": "Write examples of staff and usage files to try it all with.",
    "new": "Write a new scenario or experiment file with comments.",
    "parameters": "Show every parameter with unit, range, meaning and source.",
    "scenarios": "List the scenarios that come with the project.",
    "experiments": "List the experiments that come with the project.",
    "schema": "Print the JSON schema of scenario or experiment files, for editors.",
    "completion": "Print the completion script of a shell.",
}
MODULES: dict[str, str] = {
    **dict.fromkeys(("run", "compare", "sweep", "sensitivity", "discover"), "studies"),
    **dict.fromkeys(("results", "report", "merge"), "results"),
    **dict.fromkeys(("calibrate", "scorecard", "fit"), "evidence"),
    **dict.fromkeys(("app", "class"), "page"),
    **dict.fromkeys(("staff", "new-staff"), "staff"),
    **dict.fromkeys(("new", "ask"), "new"),
    **dict.fromkeys(("parameters", "scenarios", "experiments", "schema", "completion"), "reference"),
    "explain": "explain",
    "validate": "files",
}
"""The module in ``sim.cli`` that each command is in."""

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
"""What a disk says that takes no more."""


class CommandTable(click.Group):
    """A group whose commands are imported when they are called; its help comes from a table alone.

    Parameters
    ----------
    table : mapping, optional
        Name and help of each command, in order; left out: `COMMANDS`.
    modules : mapping, optional
        The module of each in ``sim.cli``; left out: `MODULES`.
    """

    def __init__(
        self, *arguments: Any, table: Mapping[str, str] = COMMANDS, modules: Mapping[str, str] = MODULES, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self._table, self._modules = table, modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._table:
            return None
        module = importlib.import_module(f"sim.cli.{self._modules[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self._table:
            from sim.scenario.hints import did_you_mean, shown

            hint = did_you_mean(args[0], self._table)
            ctx.fail(said("refusal.cli.unknown_command", name=shown(args[0]), hint=hint))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _told_when_disk_is_full():
                result = super().invoke(ctx)
            refuse_lost_output()
        except click.NoSuchOption as error:
            if error.option_name != "--with":
                raise
            command = ctx.invoked_subcommand or ""
            raise InputError(said("refusal.with.elsewhere", command=command)) from None
        except ReportedError as error:
            error.language = ctx.meta.get(LANGUAGE, error.language)
            raise
        return result


@contextlib.contextmanager
def _told_when_disk_is_full() -> Iterator[None]:
    """Turn what a full or failing disk says, wherever something was to be written, into a line."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        where = error.filename or "a file"
        raise RunError(said("refusal.disk_full", file=where, reason=error.strerror)) from error


@click.command(cls=CommandTable, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="intranet-sim", message="%(prog)s %(version)s")
def cli() -> None:
    """Simulate how staff take up a social intranet, and how its launch decides.

    SCENARIO is a file, or the name of one that comes with the project, such as collaboration.

    Start with: intranet-sim compare like-facebook collaboration
    """
