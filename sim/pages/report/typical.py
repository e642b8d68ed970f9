"""Typical employees of a scenario: who it is, what happened on the day that tells most, and why, in words.

Chosen by rule from the first run: of everybody who did so in the last four weeks, the one nearest to the mean of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.model.simulation import Simulation
from sim.model.state import DAYS_PER_MONTH, DAYS_PER_WEEK, NEVER
from sim.model.why.explanation import (
    OPTIONS,
    DayExplained,
    PostingExplained,
    ReadingExplained,
    Situation,
    WeekExplained,
    WhatIf,
    explain_week,
    telling_day,
)
from sim.model.why.facts import (
    DECIMALS,
    case_outcome,
    frame_counts,
    posting_outcome,
    posting_rows,
    reading_outcome,
    reading_rows,
    shares_of,
    strongest_cases,
)
from sim.model.why.finding import fact_words, person_lines
from sim.pages.report.basis import capital
from sim.words import number, percent, text
from sim.words.blocks import Block, Bullets, Card, Facts, Paragraph

if TYPE_CHECKING:
    from sim.views import Coefficients


ROLES = ("writer", "reader", "absent")
FEATURES = (
    "age", "tenure", "leisure_experience", "professional_experience", "segmentation", "trust", "remote_share",
    "inclination",
)  # fmt: skip


class Typical(NamedTuple):
    """One typical employee, and the week that is told.

    Attributes
    ----------
    role : str
        ``writer``, ``reader`` or ``absent``.
    n : int
        How many employees have this role.
    n_staff : int
        Of how many.
    department : int
        Where the employee works.
    explained : WeekExplained
        The last week in which a writer posted or a reader read; the last week of the run for who stays away.
    coefficients : Any
        Those of the run.
    """

    role: str
    n: int
    n_staff: int
    department: int
    explained: WeekExplained
    coefficients: Coefficients


class FirstRun(NamedTuple):
    """The outcomes of the run that was done again, and its typical employees; a role that nobody has is left out."""

    outcomes: dict[str, float]
    people: list[Typical]


def first_run(resolved: Mapping[str, Any], seed: int) -> FirstRun:
    """Do a run again and tell of its typical employees.

    Parameters
    ----------
    resolved : mapping
        A scenario with all values filled in.
    seed : int
        Seed of the run.
    """
    simulation = Simulation(resolved, seed)
    simulation.run()
    people = []
    for role, members in roles(simulation).items():
        if not members.any():
            continue
        employee = nearest_to_mean(simulation.table, members)
        week = told_week(simulation, role, employee)
        again = Simulation(resolved, seed)
        people.append(
            Typical(
                role=role,
                n=int(members.sum()),
                n_staff=simulation.n_employees,
                department=int(simulation.table["department"][employee]),
                explained=explain_week(again, employee, week),
                coefficients=again.world.c,
            )
        )
    return FirstRun(simulation.outcomes(), people)


def roles(simulation: Simulation) -> dict[str, np.ndarray]:
    """Return who has which role at the end of a run: bool (N,) by role."""
    table, since = simulation.table, simulation.day - DAYS_PER_MONTH
    writes = table["last_post"] >= max(0, since)
    reads = ~writes & (table["last_read"] >= max(0, since))
    return dict(zip(ROLES, (writes, reads, ~writes & ~reads), strict=True))


def nearest_to_mean(table: Any, members: np.ndarray) -> int:
    """Return the member nearest to the mean of all members; of several the first.

    Distance is Euclidean, in standard deviations of all staff.
    """
    rows = np.array([table[name] for name in FEATURES], dtype=float).T
    spread = rows.std(axis=0)
    rows = rows / np.where(spread > 0, spread, 1.0)
    distance = ((rows - rows[members].mean(axis=0)) ** 2).sum(axis=1)
    return int(np.argmin(np.where(members, np.round(distance, 9), np.inf)))


def told_week(simulation: Simulation, role: str, employee: int) -> int:
    """Return the week to tell, counted from 1."""
    last = {"writer": "last_post", "reader": "last_read"}.get(role)
    if last is None:
        return simulation.n_weeks
    day = int(simulation.table[last][employee])
    assert day != NEVER
    return day // DAYS_PER_WEEK + 1


# A typical employee in words: who it is, what happened on the day that tells most, and why.

N_REASONS = 3


class CardWriter:
    """Tells of one typical employee in one language."""

    def __init__(self, person: Typical, language: str) -> None:
        self.person = person
        self.week = person.explained
        self.language = language

    def card(self) -> Card:
        """Return everything in a box."""
        title = self._text(
            f"report.role.{self.person.role}", employee=self.week.employee, n=self.person.n, of=self.person.n_staff
        )
        blocks: list[Block] = [Facts(self._who())]
        day = telling_day(self.week)
        if day is None:
            blocks.append(Paragraph(self._no_access()))
        else:
            blocks += self._telling(day)
        return Card(title, blocks)

    def _text(self, key: str, **values: Any) -> str:
        return text(self.language, key, **values)

    def _percent(self, share: float, decimals: int = 0) -> str:
        return percent(share, decimals, self.language)

    def _who(self) -> list[tuple[str, str]]:
        person, words = self.week.before, self._text
        shares = {name: self._percent(share) for name, share in shares_of(frame_counts(person)).items()}
        sees = words("report.frame", **shares)
        lines = person_lines(person, self.week.week, self.person.department, sees, self.language, has_numbers=False)
        return list(lines.items())

    def _no_access(self) -> str:
        return self._text("report.no_access", week=int(self.week.person["access_day"]) // DAYS_PER_WEEK + 1)

    # --- the day that tells most ---

    def _telling(self, day: DayExplained) -> list[Block]:
        reading, posting = day.reading, day.posting
        assert reading is not None
        weekday = self._text(f"report.weekday.{day.day % DAYS_PER_WEEK}")
        kind = "not_read" if posting is None else "posted" if posting.did_post else "read"
        chosen = "" if posting is None else self._text(f"explain.kind.{posting.chosen.replace(' ', '_')}")
        told = self._text(f"report.telling.{kind}", week=self.week.week, day=weekday, kind=chosen)
        if posting is None:
            return [Paragraph(f"{told} {self._reading_chance(reading)}"), *self._reading_reasons(reading)]
        return [Paragraph(f"{told} {self._posting_chance(posting)}"), *self._posting_reasons(posting)]

    def _reading_chance(self, reading: ReadingExplained) -> str:
        happened = reading_outcome(reading)
        return self._text(f"report.chance.{happened}", p=self._percent(reading.p, 1))

    def _posting_chance(self, posting: PostingExplained) -> str:
        happened = posting_outcome(posting)
        return self._text(f"report.chance.{happened}", p=self._percent(posting.p, 1))

    def _reading_reasons(self, reading: ReadingExplained) -> list[Block]:
        facts = self._facts(reading.situation)
        terms = {
            self._text(f"explain.reading_term.{name}", **facts): value
            for name, value in reading_rows(reading).items()
            if name != "base"
        }
        cases = strongest_cases(reading.what_if, reading.p, reading.did_read, N_REASONS)
        return [*self._reasons(terms), *self._what_if(cases, "reads", reading.did_read)]

    def _posting_reasons(self, posting: PostingExplained) -> list[Block]:
        """Tell the terms of the post that was written, or else of the likeliest one."""
        facts = self._facts(posting.situation)
        chosen = posting.chosen.split(" ")[0]
        kind = chosen if chosen in OPTIONS else max(OPTIONS, key=lambda name: posting.probabilities[name])
        terms = {}
        for row in posting_rows(posting):
            value = getattr(row, kind)
            if row.name != "base" and value is not None:
                terms[self._text(f"explain.posting_term.{row.name}", **facts)] = value
        cases = strongest_cases(posting.what_if, posting.p, posting.did_post, N_REASONS)
        return [*self._reasons(terms), *self._what_if(cases, "posts", posting.did_post)]

    def _facts(self, situation: Situation) -> dict[str, str]:
        return fact_words(situation, self.person.coefficients, self.language)

    def _reasons(self, terms: dict[str, float]) -> list[Block]:
        """Return what spoke for it and what against, the strongest first."""
        ordered = sorted(terms, key=lambda name: -abs(terms[name]))
        found: list[tuple[str, str]] = []
        for key, sign in (("for", 1), ("against", -1)):
            named = [name for name in ordered if sign * terms[name] > 0][:N_REASONS]
            shown = [f"{name} ({number(terms[name], DECIMALS, self.language, is_signed=True)})" for name in named]
            if shown:
                found.append((self._text(f"report.reasons.{key}"), "; ".join(shown) + "."))
        return [Bullets(found)]

    def _what_if(self, cases: Sequence[WhatIf], verb: str, happened: bool) -> list[Block]:
        if not cases:
            return [Paragraph(capital(self._text("explain.nothing_helps")) + ".")]
        told = []
        for case in cases:
            outcome = self._text(f"explain.would.{case_outcome(case, verb, happened)}")
            change = self._text(f"explain.case.{case.change}")
            told.append(self._text("report.case", change=change, p=self._percent(case.p, 1), outcome=outcome))
        return [Bullets([(self._text("report.what_if"), "; ".join(told) + ".")])]
