"""The outcomes: name, meaning, unit, range and direction of each, in the order of the tables.

Read from ``sim/words/outcomes.json``, where their words, formulas and notes are, too; without third-party imports, so
that the command line and the schema can read it quickly. "Share of staff" counts all employees, with access or not.
A month is 20 working days, a week 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

from sim.words import DEFAULT_LANGUAGE, Said, outcome_facts, said

INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a run.

    Attributes
    ----------
    name : str
        Key in tables, files and ``--json``.
    meaning : str
        Definition in one sentence.
    unit : str
        ``share`` (of 1), ``per month``, ``days``, ``weeks``, ``correlation``, ``difference of shares``, ``people``,
        ``1``.
    low, high : float
        Range of possible values.
    level : str
        ``operational`` (messages), ``tactical`` (communities and people), ``strategic`` (the organization),
        ``course`` (how the adoption went).
    better : int
        +1 if an organization wants more of it, -1 if less, 0 if neither is better.
    when_undefined : str
        Why the value can be missing (NaN); empty if it never is.
    over_run : str
        How a run is summed up: ``mean`` of the last 4 weeks (that are defined), or ``last`` week.
    kind : str
        ``number``; ``yes or no`` (0 or 1 in each run, so that its mean over runs is a share of them); or ``time``, a
        week that may lie after the end of the run: a missing value then means *later than the run*.
    """

    name: str
    meaning: str
    unit: str
    low: float
    high: float
    level: str
    better: int
    when_undefined: str = ""
    over_run: str = "mean"
    kind: str = "number"


def of_ones_own(name: str) -> Outcome:
    """Return what is known of an outcome that somebody has added: nothing but its name."""
    return Outcome(name, name.replace("_", " "), "1", -INFINITE, INFINITE, "course", 0)


def reason(name: str, /, **values: Any) -> Said:
    """Return why a number is missing: ``report.reason.`` and `name` is its key, `values` are its counts."""
    return said(f"report.reason.{name}", **values)


@cache
def _reasons_of_runs() -> dict[str, Said]:
    return {str(one): one for one in map(reason, outcome_facts()["reasons"])}


def reason_of_run(told: str) -> str:
    """Return a reason as the table of a study's runs has it, in English, with its key; an unknown one as it is."""
    return _reasons_of_runs().get(told, told)


def both_reasons(parts: Sequence[str]) -> str:
    """Return several reasons as one, an empty text where there are none."""
    return reduce(lambda one, other: reason("both", one=one, other=other), parts) if parts else ""


def _outcome(name: str, given: Mapping[str, Any]) -> Outcome:
    high, why = given["high"], given.get("when_undefined")
    return Outcome(
        name,
        given[DEFAULT_LANGUAGE]["meaning"],
        given["unit"],
        given["low"],
        INFINITE if high is None else high,
        given["level"],
        given["better"],
        str(reason(why)) if why else "",
        given.get("over_run", "mean"),
        given.get("kind", "number"),
    )


OUTCOMES: tuple[Outcome, ...] = tuple(_outcome(name, given) for name, given in outcome_facts()["outcomes"].items())
NO_WEEK = str(reason("no_week"))

YES_OR_NO: frozenset[str] = frozenset(outcome.name for outcome in OUTCOMES if outcome.kind == "yes or no")
TIMES: frozenset[str] = frozenset(outcome.name for outcome in OUTCOMES if outcome.kind == "time")
OUTCOME_NAMES: tuple[str, ...] = tuple(outcome.name for outcome in OUTCOMES)


def outcomes_named(names: Iterable[str]) -> tuple[Outcome, ...]:
    """Return the outcomes of these names, in this order; also those that somebody has added."""
    known = {outcome.name: outcome for outcome in OUTCOMES}
    return tuple(known.get(name) or of_ones_own(name) for name in names)
