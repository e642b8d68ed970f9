"""Why one employee did or did not post in one week, as numbers and names of texts for a page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.model.simulation import Simulation
from sim.model.state import DAYS_PER_WEEK, NEVER
from sim.model.why import facts as told
from sim.model.why.explanation import (
    DayExplained,
    PostingExplained,
    ReadingExplained,
    WeekExplained,
    explain_week,
    telling_day,
)
from sim.web.answer.requests import PROTOCOL, checked_request, is_whole
from sim.words import said

if TYPE_CHECKING:
    from sim.views import Coefficients

DECIMALS = 9
MOST_CONTACTS = 60  # shown of one employee


def why(request: Mapping[str, Any], seed: Any, employee: Any, week: Any) -> dict[str, Any]:
    """Return what an employee decided in a week, and why, in a form that JSON can hold.

    The keys of words are those of the catalog: a row ``habit`` of reading is told by ``explain.reading_term.habit``
    with the `facts` in its places.

    Parameters
    ----------
    request : mapping
        As for ``sim.web.answer.answer``; its seeds and details play no part.
    seed : int
        Seed of the run.
    employee : int
        Position, 0 to N - 1.
    week : int
        Counted from 1.

    Returns
    -------
    dict
        ``version``, ``employee``, ``week``, ``person`` (columns of the state at the start of the week),
        ``person_after``, ``opens_in`` (week of access), ``days``, ``telling`` (the day that tells most,
        None without access) and ``contacts``.

    Raises
    ------
    sim.errors.InputError
        If the request is wrong, or there is no such seed, employee or week.
    """
    resolved = checked_request({**request, "seeds": [seed]}).resolved
    simulation = Simulation(resolved, seed)
    if not is_whole(employee, 0, simulation.n_employees - 1):
        raise InputError(said("refusal.page.employee", last=simulation.n_employees - 1))
    if not is_whole(week, 1, simulation.n_weeks):
        raise InputError(said("refusal.page.week", last=simulation.n_weeks))
    explained = explain_week(simulation, employee, week)
    day = telling_day(explained)
    return {
        "version": PROTOCOL,
        "employee": employee,
        "week": week,
        "person": _short(explained.before),
        "person_after": _short(explained.person),
        "opens_in": int(explained.person["access_day"]) // DAYS_PER_WEEK + 1,
        "days": [_day(one) for one in explained.days],
        "telling": None if day is None else _telling(day, simulation.world.c),
        "contacts": _contacts(simulation, employee, explained),
    }


def plain(value: Any, decimals: int | None = None) -> Any:
    """Return a value as JSON can hold it: named tuples as mappings, what is infinite or undefined as None."""
    if hasattr(value, "_asdict"):
        return plain(value._asdict(), decimals)
    if isinstance(value, dict):
        return {name: plain(part, decimals) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part, decimals) for part in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return value if decimals is None else round(value, decimals)
    return value


def _short(value: Any) -> Any:
    return plain(value, DECIMALS)


def _kind(posting: PostingExplained) -> str:
    return posting.chosen.replace(" ", "_")


def _day(day: DayExplained) -> dict[str, Any]:
    reading, posting = day.reading, day.posting
    return {
        "weekday": day.day % DAYS_PER_WEEK,
        "has_access": day.has_access,
        "reading": reading and _short({"p": reading.p, "draw": reading.draw, "did_read": reading.did_read}),
        "n_items": _short(day.n_items),
        "posting": posting and _short({"p": posting.p, "draw": posting.draw, "chosen": _kind(posting)}),
    }


def _telling(day: DayExplained, c: Coefficients) -> dict[str, Any]:
    reading, posting = day.reading, day.posting
    assert reading is not None
    most = told.N_WHAT_IF if posting is None else told.N_WHAT_IF_BESIDE
    return {
        "weekday": day.day % DAYS_PER_WEEK,
        "kind": "not_read" if posting is None else "posted" if posting.did_post else "read",
        "reading": _short({**_reading(reading, most), "facts": told.facts_of(reading.situation, c)}),
        "posting": posting and _short({**_posting(posting), "facts": told.facts_of(posting.situation, c)}),
    }


def _reading(reading: ReadingExplained, most: int) -> dict[str, Any]:
    rows = told.reading_rows(reading)
    cases = told.strongest_cases(reading.what_if, reading.p, reading.did_read, most)
    return {
        "rows": [{"name": name, "utility": value} for name, value in rows.items()],
        "sum": round(sum(rows.values()), told.DECIMALS),
        "nothing_from": told.silent_reading_terms(reading),
        "p": reading.p,
        "p_own": told.own_chance(reading),
        "p_prompt": reading.p_prompt,
        "draw": reading.draw,
        "outcome": told.reading_outcome(reading),
        "lacking": reading.lacking,
        "what_if": [
            {"case": case.change, "p": case.p, "outcome": told.case_outcome(case, "reads", reading.did_read)}
            for case in cases
        ],
    }


def _posting(posting: PostingExplained) -> dict[str, Any]:
    rows = told.posting_rows(posting)
    cases = told.strongest_cases(posting.what_if, posting.p, posting.did_post, told.N_WHAT_IF)
    return {
        "rows": rows,
        "sums": told.posting_sums(rows),
        "nothing_from": told.silent_posting_terms(posting),
        "may_be_social": posting.may_be_social,
        "probabilities": posting.probabilities,
        "p": posting.p,
        "draw": posting.draw,
        "chosen": _kind(posting),
        "outcome": told.posting_outcome(posting),
        "lacking": posting.lacking,
        "what_if": [
            {"case": case.change, "p": case.p, "outcome": told.case_outcome(case, "posts", posting.did_post)}
            for case in cases
        ],
    }


def _contacts(simulation: Simulation, employee: int, explained: WeekExplained) -> dict[str, Any]:
    """Return who is around the employee at the end of the week: the most recent posters first."""
    world, table = simulation.world, simulation.table
    contacts = world.neighbors[world.offsets[employee] : world.offsets[employee + 1]]
    last_post = table["last_post"][contacts]
    order = sorted(range(len(contacts)), key=lambda place: (-int(last_post[place]), int(contacts[place])))
    shown = [contacts[place] for place in order[:MOST_CONTACTS]]
    first_day = (explained.week - 1) * DAYS_PER_WEEK
    return {
        "n": len(contacts),
        "n_posted_this_week": int((last_post >= first_day).sum()),
        "shown": [
            {
                "employee": int(one),
                "level": int(table["level"][one]),
                "department": int(table["department"][one]),
                "is_manager": int(one) == int(table["manager"][employee]),
                "posted_in_week": None
                if table["last_post"][one] == NEVER
                else int(table["last_post"][one]) // DAYS_PER_WEEK + 1,
            }
            for one in shown
        ],
    }
