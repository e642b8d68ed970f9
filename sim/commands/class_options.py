"""Options of the commands of a class: what a lecturer wants of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.errors import InputError
from sim.texts import said

if TYPE_CHECKING:
    from sim.show.page.files import Wishes

Command = TypeVar("Command", bound=Callable[..., Any])

MOST_PEOPLE, MOST_WEEKS, MOST_RUNS = 2_000, 260, 50
LONGEST_QUESTION = 300


def wishes_options(command: Command) -> Command:
    """Add the options that say what the page is to be about; they arrive as ``launches``, ``people`` and so on."""
    options = [
        click.option(
            "--launches", nargs=2, metavar="A B",
            help="Make the lesson about these two scenarios, instead of the rounds that lead through it.",
        ),
        click.option("--people", type=click.IntRange(10, MOST_PEOPLE), metavar="N", help="Employees, with --launches."),
        click.option("--weeks", type=click.IntRange(1, MOST_WEEKS), metavar="N", help="Weeks, with --launches."),
        click.option("--runs", type=click.IntRange(1, MOST_RUNS), metavar="N", help="Pairs of runs, with --launches."),
        click.option("--question", metavar="TEXT", help="A question of your own, shown with each prediction."),
        click.option("--lock", is_flag=True, help="Let students change nothing but their predictions."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def wishes_of(
    launches: tuple[str, str] | None, people: int | None, weeks: int | None, runs: int | None,
    question: str | None, lock: bool,
) -> Wishes:  # fmt: skip
    """Return what is wanted of the page.

    Raises
    ------
    sim.errors.InputError
        If a launch is none that ships, or sizes are given for the rounds, which have their own.
    """
    from sim.scenario.hints import did_you_mean
    from sim.scenario.library import plain_names
    from sim.show.page.files import Wishes

    wrong = []
    for name in launches or ():
        if name not in plain_names():
            wrong.append(f"--launches {name}: {said('refusal.no_shipped', hint=did_you_mean(name, plain_names()))}")
    if launches and launches[0] == launches[1]:
        wrong.append(said("refusal.class.same_launches"))
    sizes = {"--people": people, "--weeks": weeks, "--runs": runs}
    if launches is None:
        wrong += [said("refusal.class.own_sizes", option=name) for name, value in sizes.items() if value is not None]
    if question is not None and len(question) > LONGEST_QUESTION:
        wrong.append(said("refusal.class.long_question", most=LONGEST_QUESTION))
    if wrong:
        raise InputError(wrong)
    return Wishes(launches, people, weeks, runs, question, is_locked=lock)
