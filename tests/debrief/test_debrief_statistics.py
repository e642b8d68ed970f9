"""Predictions against results, luck against strategy, levers: on cases whose answer is known."""

from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from sim.analysis.statistics import wilson
from sim.pages.debrief.cards import Checked, Runs, most_repeated, parts_of
from sim.pages.debrief.findings import (
    ALONE,
    FALSE,
    HARDLY,
    PERHAPS,
    TOGETHER,
    TRUE,
    UNKNOWN,
    UNSURE,
    Question,
    age_result,
    fate_of_age,
    fate_of_winner,
    guessing_right,
    levers,
    question,
    sign_test,
    signs_of,
    winner,
)
from sim.pages.debrief.launches import Known
from sim.pages.debrief.writing import winner_findings
from sim.scenario.plain import resolve
from sim.web.answer.card import Card, Launch
from sim.words import text

NAN = math.nan


def made(a: list[float], b: list[float], predicted: str | None = "a", outcome: str = "monthly_posters") -> Checked:
    """Return a card that was run again and gave these values."""
    card = SimpleNamespace(outcome=outcome, winner=predicted, age=None, seeds=tuple(range(len(a))))
    runs = {side: Runs("", {outcome: values}, [], {}) for side, values in (("a", a), ("b", b))}
    return Checked(cast(Any, card), "", "agrees", runs=runs)


def told(a: float | None, b: float | None, predicted: str | None = "a") -> Checked:
    """Return a card that was not run again."""
    card = SimpleNamespace(outcome="monthly_posters", winner=predicted, age=None, result={"a": a, "b": b})
    return Checked(cast(Any, card), "", "not_run")


def test_sign_test_is_the_binomial_one() -> None:
    assert sign_test(6, 6) == pytest.approx(2 / 64)
    assert sign_test(9, 10) == pytest.approx(2 * 11 / 1024)
    assert sign_test(5, 10) == 1.0
    assert guessing_right(0, 7, 1 / 3) == pytest.approx(1.0)
    assert guessing_right(2, 2, 1 / 3) == pytest.approx(1 / 9)
    assert wilson(0.5, 10)[0] < 0.5


def test_signs_leave_out_what_is_unknown() -> None:
    assert signs_of([1, 2, NAN, 3], [0, 2, 1, 4], 1)[:] == (1, 1, 3)
    assert signs_of([1, 2], [0, 1], -1)[:] == (0, 2, 2)


@pytest.mark.parametrize(
    ("card", "ahead", "fate"),
    [
        (made([2] * 6, [1] * 6), ("a", True), TRUE),
        (made([2] * 5, [1] * 5), ("a", False), PERHAPS),  # five runs are too few for anything
        (made([1] * 5 + [3], [2] * 6), ("b", False), HARDLY),
        (made([1] * 6, [2] * 6), ("b", True), FALSE),
        (made([1, 2], [2, 1]), ("same", True), HARDLY),
        (made([1] * 6, [2] * 6, "same"), ("b", True), FALSE),
        (made([1] * 5, [2] * 5, "same"), ("b", False), TRUE),
        (made([1] * 6, [2] * 6, None), ("b", True), UNKNOWN),
        (made([NAN] * 6, [2] * 6), ("", False), UNKNOWN),
        (made([1] * 6, [2] * 6, outcome="days_to_answer"), ("a", True), TRUE),  # fewer days are better
        (told(0.2, 0.1), ("a", False), PERHAPS),
        (told(0.1, 0.2), ("b", False), HARDLY),
        (told(0.1, 0.2, "same"), ("b", False), UNKNOWN),
        (told(0.1, 0.1, "same"), ("same", False), TRUE),
        (told(None, 0.1), ("", False), UNKNOWN),
    ],
)
def test_what_became_of_a_prediction(card: Checked, ahead: tuple[str, bool], fate: str) -> None:
    assert winner(card) == ahead
    assert fate_of_winner(card) == fate


@pytest.mark.parametrize(
    ("younger", "older", "found"),
    [(0.3, 0.2, "younger"), (0.2, 0.3, "older"), (0.3, 0.26, "same"), (None, 0.3, "")],
)
def test_which_age_posted_more(younger: float | None, older: float | None, found: str) -> None:
    card = SimpleNamespace(age="younger", posts={"younger": younger, "older": older})
    one = Checked(cast(Any, card), "", "not_run")
    assert age_result(one) == found
    assert fate_of_age(one) == (UNKNOWN if not found else TRUE if found == "younger" else FALSE)


def table(values: dict[int, list[float]]) -> pd.DataFrame:
    rows = [(launch, seed, value) for launch, many in values.items() for seed, value in enumerate(many)]
    return pd.DataFrame(rows, columns=["launch", "seed", "value"])


def test_luck_and_strategy_are_found_again() -> None:
    random = np.random.default_rng(5)
    means = random.normal(0, 3.0, 400)
    parts = parts_of(table({k: list(mean + random.normal(0, 2.0, 6)) for k, mean in enumerate(means)}))
    assert parts.luck == pytest.approx(2.0, rel=0.05)
    assert parts.strategy == pytest.approx(3.0, rel=0.1)
    assert parts.share == pytest.approx(9 / 13, abs=0.05)
    assert parts.is_sure


def test_launches_that_do_not_differ_are_not_said_to() -> None:
    random = np.random.default_rng(6)
    found = [parts_of(table({k: list(random.normal(0, 1, 5)) for k in range(6)})) for _ in range(60)]
    assert sum(parts.is_sure for parts in found) <= 8  # 5% of 60 are 3
    assert all(parts.is_known for parts in found)


def test_what_cannot_be_known_is_not() -> None:
    assert not parts_of(table({})).is_known
    assert not parts_of(table({0: [1.0, 2.0]})).is_known
    assert not parts_of(table({0: [1.0], 1: [2.0]})).is_known
    assert parts_of(table({0: [1.0, 1.0], 1: [1.0, NAN]})).strategy == 0.0


def test_the_launch_with_most_cards() -> None:
    means = pd.DataFrame(
        {"card": [0, 1, 2, 3], "launch": [7, 7, 8, 7], "seeds": ["a", "b", "a", "b"], "value": [1.0, 3.0, 9.0, 3.0]}
    )
    assert most_repeated(means) == (7, 2, 1.0, 3.0)
    assert most_repeated(means.iloc[[0, 2]]) is None


def known_with(launches: list[dict[str, Any]], pairs: list[tuple[int, int, list[float], list[float]]]) -> Known:
    """Return as much of a class as levers look at: settings by launch, and cards (first, second, values of each)."""
    cards = []
    for a, b, first, second in pairs:
        one = made(first, second)
        cards.append((one, {"a": a, "b": b}))
    numbers = {id(one): sides for one, sides in cards}

    def number(one: Checked, side: str) -> int:
        return numbers[id(one)][side]

    def result(one: Checked, side: str) -> float:
        return float(np.mean(one.runs[side].outcomes["monthly_posters"]))

    made_up = SimpleNamespace(
        about_outcome=[one for one, _ in cards], number=number, result=result, better=1, outcome="monthly_posters",
        places=[SimpleNamespace(settings=settings, organization=settings.get("world", 0)) for settings in launches],
    )  # fmt: skip
    return cast(Known, made_up)


def test_one_pair_that_differs_in_one_setting_tells_about_it() -> None:
    launches = [{"rules.restriction": 0.0, "x": 1}, {"rules.restriction": 0.8, "x": 1}]
    (lever,) = levers(known_with(launches, [(0, 1, [2.0] * 8, [1.0] * 8)]))
    assert lever.verdict == ALONE
    assert lever.is_turned  # lower is better
    assert lever.alone[:] == (8, 0, 8)
    assert lever.difference == 1.0


def test_runs_of_one_world_are_no_evidence_of_another() -> None:
    """Ahead in every run of two worlds, behind in a few runs of three: nothing made the difference everywhere."""
    launches = [{"p": float(k % 2), "world": k // 2} for k in range(10)]
    cards = [(2 * k, 2 * k + 1, [2.0] * 10, [1.0] * 10) for k in range(2)]
    cards += [(2 * k, 2 * k + 1, [1.0] * 3, [2.0] * 3) for k in range(2, 5)]
    (lever,) = levers(known_with(launches, cards))
    assert lever.alone == lever.pairs == (3, 2, 5)
    assert lever.verdict == UNSURE


@pytest.mark.parametrize("language", ["en", "nl"])
def test_predictions_of_each_question_are_told_apart(language: str) -> None:
    """Everybody is right about the first question and wrong about the second, whose trust is another."""

    def answered(b: str, trust: float, world: float, predicted: str) -> Checked:
        both = {"organization.trust": trust, "organization.employees": 60, "behavior.post_risk": world}
        one = made([2.0] * 8, [1.0] * 8, predicted)
        card = SimpleNamespace(**vars(one.card), both=both, launches={"a": Launch("baseline", {}), "b": Launch(b, {})})
        resolved = {side: resolve(launch.scenario, both) for side, launch in card.launches.items()}
        return dataclasses.replace(one, card=cast(Card, card), resolved=resolved)

    rows = [("collaboration", 0.9, "a"), ("collaboration", 0.9, "a"), ("collaboration", 0.2, "b")]
    known = Known(
        cast(Any, None),
        [answered(b, trust, 1.0 + k, p) for k, (b, trust, p) in enumerate(rows)],
        "monthly_posters",
        language,
    )
    assert [len(cards) for cards in known.asked.values()] == [2, 1]
    found = winner_findings(known)
    assert [title for title, _ in found] == [f"{name}." for name in known.asked]
    assert found[0][1] == text(language, "debrief.predicted.winner", n=2, true=2, false=0)  # and nothing of luck


def test_the_same_pair_on_many_cards_is_one_pair() -> None:
    launches = [{"p": 0.0, "q": 0.0}, {"p": 1.0, "q": 1.0}]
    cards = [(0, 1, [1.0] * 8, [2.0] * 8)] * 20 + [(1, 0, [2.0] * 8, [1.0] * 8)] * 20
    found = levers(known_with(launches, cards))
    assert [lever.verdict for lever in found] == [UNSURE, UNSURE]
    assert [lever.pairs[:] for lever in found] == [(1, 0, 1), (1, 0, 1)]
    assert [lever.alone.n for lever in found] == [0, 0]


def test_settings_that_always_go_together_are_not_told_apart() -> None:
    launches = [{"p": float(k % 2), "q": float(k % 2), "r": float(k)} for k in range(20)]
    cards = [(k, k + 1, [float(k % 2)] * 6, [float((k + 1) % 2)] * 6) for k in range(0, 20, 2)]
    found = {lever.question.path: lever for lever in levers(known_with(launches, cards))}
    assert found["p"].verdict == found["q"].verdict == TOGETHER
    assert found["p"].pairs[:] == (10, 0, 10)


def test_pure_luck_gives_hardly_any_finding() -> None:
    random = np.random.default_rng(8)
    n_found = 0
    for _ in range(40):
        launches = [{f"s{j}": float(random.integers(0, 3)) for j in range(6)} for _ in range(24)]
        cards = [(k, k + 1, list(random.normal(0, 1, 6)), list(random.normal(0, 1, 6))) for k in range(0, 24, 2)]
        n_found += any(lever.verdict != UNSURE for lever in levers(known_with(launches, cards)))
    assert n_found <= 5  # 5% of 40 are 2


@pytest.mark.parametrize(
    ("path", "one", "other", "asked", "is_first"),
    [
        ("rules.work_only", True, False, Question("rules.work_only", "yes"), True),
        ("rules.restriction", 0.2, 0.8, Question("rules.restriction", "higher"), False),
        ("launch.wording", "migration", "addition", Question("launch.wording", "instead", "addition", "migration"),
         False),
        ("changes", [], [{"week": 3}], Question("changes", "yes"), False),
        ("launch.waves", "all_at_once", {"pilot": [0]}, Question("launch.waves", "instead", "all_at_once", "in_turn"),
         True),
    ],
)  # fmt: skip
def test_sides_of_a_setting(path: str, one: Any, other: Any, asked: Question, is_first: bool) -> None:
    assert question(path, one, other) == (asked, is_first)
    assert question(path, other, one) == (asked, not is_first)


def test_some_settings_have_no_sides() -> None:
    assert question("changes", [{"week": 3}], [{"week": 4}]) is None
    assert question("launch.waves", {"pilot": [0]}, {"pilot": [1]}) is None
    assert question("anything", None, 3.0) is None
