"""Explanations add up, and say what the engine did, for all employees on all days."""

from __future__ import annotations

import math

import numpy as np
import pytest
from engine_runs import make_values, state_hash

from sim.model.simulation import Simulation
from sim.model.state import DAYS_PER_WEEK
from sim.model.why.explanation import KINDS, explain_week

N_EMPLOYEES, WEEKS = 30, 5
SETTINGS = {
    "open": {},
    "approval, work only, waves": {
        "platform__following": "approval",
        "rules__work_only": True,
        "launch__waves": {"pilot": [0], "every_weeks": 1},
        "organization__departments": 4,
    },
    "forced, with changes": {
        "launch__mandate": 0.8,
        "launch__wording": "migration",
        "changes": [{"week": 2, "set": {"platform.following": "approval", "rules.restriction": 0.9}}],
    },
}


@pytest.fixture(params=SETTINGS)
def values(request):
    """A small organization."""
    return make_values(
        N_EMPLOYEES, WEEKS, {"read_base": 1.0, "unawareness": 0.3, "post_again": 0.4}, **SETTINGS[request.param]
    )


@pytest.fixture
def history(values) -> list[dict[str, np.ndarray]]:
    """What everyone did on each day: read, and number of posts by kind."""
    simulation, days = Simulation(values, 6), []
    before = simulation.table.copy()
    while simulation.day < simulation.n_days:
        simulation.step()
        table = simulation.table
        days.append(
            {
                "read": table["last_read"] == simulation.day - 1,
                "work post": table["n_work_posts"] - before["n_work_posts"],
                "question": table["n_questions"] - before["n_questions"],
                "social post": table["n_social_posts"] - before["n_social_posts"],
                "n_items": table["n_items"].copy(),
                "access": table["access_day"] < simulation.day,
            }
        )
        before = table.copy()
    return days


def test_explanations_are_what_the_engine_did(values, history) -> None:
    seen, n_most = dict.fromkeys(["read", "no access", *KINDS.values()], 0), 0
    for employee in range(N_EMPLOYEES):
        for week in (1, 3, 5):
            explained = explain_week(Simulation(values, 6), employee, week)
            assert [day.day for day in explained.days] == list(range((week - 1) * DAYS_PER_WEEK, week * DAYS_PER_WEEK))
            for day in explained.days:
                happened = history[day.day]
                assert day.has_access == happened["access"][employee] == (day.reading is not None)
                seen["no access"] += not day.has_access
                did_read = day.reading is not None and day.reading.did_read
                assert did_read == happened["read"][employee] == (day.posting is not None)
                seen["read"] += did_read
                if day.posting is not None:
                    assert day.n_items == happened["n_items"][employee]
                    seen[day.posting.chosen] += 1
                n_most = max(n_most, day.n_posts)
                for kind in ("work post", "question", "social post"):
                    is_chosen = day.posting is not None and day.posting.chosen == kind
                    assert happened[kind][employee] == (day.n_posts if is_chosen else 0)
    assert n_most >= 3
    assert min(count for name, count in seen.items() if name not in ("no access", "social post")) > 5


def test_terms_add_up(values) -> None:
    n_readings, n_postings = 0, 0
    for employee in range(0, N_EMPLOYEES, 3):
        for day in explain_week(Simulation(values, 6), employee, 4).days:
            reading, posting = day.reading, day.posting
            if reading is not None:
                n_readings += 1
                assert sum(reading.terms.values()) == pytest.approx(reading.utility, abs=1e-12)
                own_accord = reading.present / (1.0 + math.exp(-reading.utility))
                assert reading.p == pytest.approx(1.0 - (1.0 - own_accord) * (1.0 - reading.p_prompt))
                assert reading.did_read == (reading.draw < reading.p)
            if posting is not None:
                n_postings += 1
                check_posting(posting)
    assert n_readings > 30
    assert n_postings > 5


def check_posting(posting) -> None:
    """Check that terms make utilities, utilities probabilities, and these with the draw the choice."""
    kinds = ("work", "question", "social")
    shared = sum(
        value for name, value in posting.terms.items() if not name.startswith(tuple(f"{kind}_" for kind in kinds))
    )
    weights = {}
    for kind in kinds:
        own = sum(value for name, value in posting.terms.items() if name.startswith(f"{kind}_"))
        if kind == "social" and not posting.may_be_social:
            assert posting.utilities[kind] == -math.inf
        else:
            assert posting.utilities[kind] == pytest.approx(shared + own, abs=1e-12)
        weights[kind] = math.exp(shared + own)  # what is banned counts, and turns into nothing
    total = 1.0 + sum(weights.values())
    edge, chosen = 0.0, "nothing"
    for kind, name in zip(kinds, ("work post", "question", "social post"), strict=True):
        is_banned = kind == "social" and not posting.may_be_social
        assert posting.probabilities[kind] == pytest.approx(0.0 if is_banned else weights[kind] / total)
        if edge <= posting.draw < edge + posting.probabilities[kind]:
            chosen = name
        edge += posting.probabilities[kind]
    assert posting.chosen == chosen
    assert posting.p == pytest.approx(edge)


def test_explaining_is_running(values) -> None:
    explained, plain = Simulation(values, 6), Simulation(values, 6)
    explain_week(explained, 3, 4)
    plain.run(until_week=4)
    assert state_hash(explained) == state_hash(plain)
    for name, series in plain.series.items():
        np.testing.assert_array_equal(explained.series[name], series, err_msg=name)


@pytest.mark.parametrize(
    ("employee", "week", "message"),
    [
        (-1, 1, "employee -1: allowed are 0 to 29"),
        (30, 1, "employee 30: allowed are 0 to 29"),
        (0, 0, "week 0: allowed are 1 to 5"),
        (0, 6, "week 6: allowed are 1 to 5"),
    ],
)
def test_no_such_employee_or_week(employee: int, week: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explain_week(Simulation(make_values(N_EMPLOYEES, WEEKS), 1), employee, week)


def test_too_late() -> None:
    simulation = Simulation(make_values(N_EMPLOYEES, WEEKS), 1)
    simulation.run(until_week=2)
    with pytest.raises(ValueError, match="already past the start of week 2"):
        explain_week(simulation, 0, 2)
