"""Prediction against result: what the class expected before anything ran, and what came out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from sim.answer.card import AGES, SIDES, WINNERS
from sim.show.debrief.rerunning import Checked
from sim.study.wording import OUTCOME_BY_NAME

LUCK = 0.05  # two-sided sign test, as on the page
POINTS = 0.05  # shares of ages less far apart than this are the same
FEWEST_RUNS = 6  # with fewer pairs of runs even a clean sweep may be luck

TRUE, PERHAPS, HARDLY, FALSE, UNKNOWN = "true", "perhaps", "hardly", "false", "unknown"
FATES = (TRUE, PERHAPS, HARDLY, FALSE)


class Signs(NamedTuple):
    """In how many pairs of runs one side has the better value, and the other."""

    n_first: int
    n_second: int
    n: int

    @property
    def p(self) -> float:
        """How likely at least so many on one side are if each is as good (two-sided sign test)."""
        return sign_test(max(self.n_first, self.n_second), self.n_first + self.n_second)


def sign_test(wins: int, n: int) -> float:
    """Return how likely at least so many wins on one side are if each side is as good.

    Examples
    --------
    >>> sign_test(6, 6), sign_test(5, 5), sign_test(0, 0)
    (0.03125, 0.0625, 1.0)
    """
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(wins, n + 1)) / 2**n)


def guessing_right(k: int, n: int, share: float) -> float:
    """Return how likely at least `k` of `n` are right by blind guessing, each with this chance."""
    return sum(math.comb(n, j) * share**j * (1 - share) ** (n - j) for j in range(k, n + 1))


def signs_of(first: Sequence[float], second: Sequence[float], better: int) -> Signs:
    """Count pairs of runs; those in which either has no value are left out."""
    pairs = [(better * x, better * y) for x, y in zip(first, second, strict=True) if not math.isnan(x + y)]
    return Signs(sum(x > y for x, y in pairs), sum(x < y for x, y in pairs), len(pairs))


def winner(one: Checked) -> tuple[str, bool]:
    """Return which launch of a card was ahead on average (``a``, ``b``, ``same``, or empty), and whether for sure.

    What is sure is so by a sign test over the runs; of a card that was not run again only the means are known.
    """
    outcome = one.card.outcome
    better = -1 if OUTCOME_BY_NAME[outcome].better < 0 else 1
    if one.runs:
        signs = signs_of(one.runs["a"].outcomes[outcome], one.runs["b"].outcomes[outcome], better)
        if signs.n == 0:
            return "", False
        if signs.n_first == signs.n_second:
            return "same", True
        return ("a" if signs.n_first > signs.n_second else "b"), signs.p <= LUCK
    a, b = (better * one.mean(side) for side in SIDES)
    if math.isnan(a + b):
        return "", False
    return ("a" if a > b else "b" if b > a else "same"), False


def fate_of_winner(one: Checked) -> str:
    """Return what became of the prediction about the launches.

    ``true`` and ``false``; where luck may have decided ``perhaps`` (the launch named was ahead) and ``hardly`` (it was
    not); ``unknown`` where there is no prediction or no result. That it makes no difference is true where luck may have
    decided, and unknown of a card that was not run again.
    """
    predicted = one.card.winner
    ahead, is_sure = winner(one)
    if predicted is None or not ahead:
        return UNKNOWN
    if predicted == "same":
        if not one.runs and ahead != "same":
            return UNKNOWN
        return FALSE if is_sure and ahead != "same" else TRUE
    if ahead == "same":
        return HARDLY
    if ahead == predicted:
        return TRUE if is_sure else PERHAPS
    return FALSE if is_sure else HARDLY


def age_result(one: Checked) -> str:
    """Return which age posted more: ``younger``, ``older``, ``same``, or empty where it is not known."""
    younger, older = one.posted("younger"), one.posted("older")
    if math.isnan(younger + older):
        return ""
    if abs(younger - older) < POINTS:
        return "same"
    return "younger" if younger > older else "older"


def fate_of_age(one: Checked) -> str:
    """Return what became of the prediction about the ages: ``true``, ``false`` or ``unknown``."""
    found = age_result(one)
    if one.card.age is None or not found:
        return UNKNOWN
    return TRUE if one.card.age == found else FALSE


def fates(
    cards: Sequence[Checked], answers: Sequence[str], predicted: Callable[[Checked], str | None],
    fate: Callable[[Checked], str],
) -> pd.DataFrame:  # fmt: skip
    """Return how many cards gave an answer and what became of it: a row for each answer, a column for each fate."""
    rows = []
    for answer in answers:
        own = [fate(one) for one in cards if predicted(one) == answer]
        rows.append({"answer": answer, **{name: own.count(name) for name in (*FATES, UNKNOWN)}})
    return pd.DataFrame(rows)


def winner_fates(cards: Sequence[Checked]) -> pd.DataFrame:
    """Return what became of the predictions about the launches."""
    return fates(cards, WINNERS, lambda one: one.card.winner, fate_of_winner)


def age_fates(cards: Sequence[Checked]) -> pd.DataFrame:
    """Return what became of the predictions about the ages."""
    return fates(cards, AGES, lambda one: one.card.age, fate_of_age)


def is_short(one: Checked) -> bool:
    """Say whether a card has too few runs for any launch to be ahead for sure."""
    return len(one.card.seeds) < FEWEST_RUNS
