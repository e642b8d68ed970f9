"""Prediction against result: what the class expected before anything ran, and what came out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from sim.analysis.wording import OUTCOME_BY_NAME
from sim.pages.debrief.cards import Checked
from sim.pages.debrief.launches import CHANGES, FRAMING, WAVES, Known, differing, preset_of
from sim.web.answer.card import AGES, SIDES, WINNERS

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


# Which settings went with the better result, and how sure that is.


ALONE, TOGETHER, UNSURE = "alone", "together", "unsure"
HIGHER, YES, INSTEAD = "higher", "yes", "instead"


@dataclass
class Pair:
    """Two launches that cards compare; the difference is first minus second, more being better."""

    first: int
    second: int
    organization: int
    runs: dict[int, tuple[float, float]] = field(default_factory=dict)
    means: list[float] = field(default_factory=list)

    @property
    def difference(self) -> float:
        """Mean difference over the runs, or over what cards say."""
        known = [first - second for first, second in self.runs.values() if not math.isnan(first - second)]
        known = known or [mean for mean in self.means if not math.isnan(mean)]
        return sum(known) / len(known) if known else math.nan


class Question(NamedTuple):
    """A setting and two sides of it: higher and lower, yes and no, or one choice instead of another."""

    path: str
    kind: str
    first: Any = None
    second: Any = None


@dataclass(frozen=True)
class Lever:
    """What went with one side of a setting.

    Attributes
    ----------
    question : Question
        The setting; the first side is the one that more often had the better result.
    is_turned : bool
        Whether the sides are the other way round than in `question` (lower, no, the second choice).
    pairs : Signs
        Pairs of launches in which the better side was ahead, and the other.
    alone : Signs
        The same for runs of pairs that differ in nothing else; for these pairs where they are of several organizations.
    difference : float
        Mean difference over the pairs, better minus other side.
    verdict : str
        ``alone`` (this setting made the difference), ``together`` (it went with it, and so did others) or ``unsure``.
    """

    question: Question
    is_turned: bool
    pairs: Signs
    alone: Signs
    difference: float
    verdict: str


def pairs_of(known: Known) -> list[Pair]:
    """Return the pairs of launches that cards compare, each once, however often and in which order."""
    found: dict[tuple[int, int], Pair] = {}
    for one in known.about_outcome:
        sides = {known.number(one, side): side for side in SIDES}
        if len(sides) < 2:
            continue
        first, second = sorted(sides)
        pair = found.setdefault((first, second), Pair(first, second, known.places[first].organization))
        results = [known.better * known.result(one, sides[number]) for number in (first, second)]
        pair.means.append(results[0] - results[1])
        if one.runs:
            values = (one.runs[sides[number]].outcomes[known.outcome] for number in (first, second))
            for seed, x, y in zip(one.card.seeds, *values, strict=True):
                pair.runs[seed] = (known.better * x, known.better * y)
    return list(found.values())


def levers(known: Known) -> list[Lever]:
    """Return the settings in which launches of pairs differ: the surest first."""
    pairs = pairs_of(known)
    asked: dict[Question, list[tuple[Pair, bool, bool]]] = {}
    for pair in pairs:
        one, other = (known.places[number].settings for number in (pair.first, pair.second))
        paths = differing(one, other)
        for path in paths:
            found = question(path, one[path], other[path])
            if found is not None and not math.isnan(pair.difference):
                asked.setdefault(found[0], []).append((pair, found[1], len(paths) == 1))
    counted = [_counted(each, rows) for each, rows in asked.items()]
    sure = _holm([lever.alone for lever in counted] + [lever.pairs for lever in counted])
    judged = [
        _judged(lever, sure[place], sure[place + len(counted)]) for place, lever in enumerate(counted)
    ]  # fmt: skip
    order = (ALONE, TOGETHER, UNSURE)
    return sorted(judged, key=lambda lever: (order.index(lever.verdict), -abs(lever.difference), lever.question.path))


def question(path: str, one: Any, other: Any) -> tuple[Question, bool] | None:
    """Return the two sides of a setting that differs, and whether `one` is on the first; None if there are no sides."""
    if path == CHANGES:
        return (Question(path, YES), bool(one)) if bool(one) != bool(other) else None
    if path == WAVES:
        if isinstance(one, str) == isinstance(other, str):
            return None
        return Question(path, INSTEAD, "all_at_once", "in_turn"), isinstance(one, str)
    if path == FRAMING:
        return _question_of_framing(one, other)
    if isinstance(one, bool) and isinstance(other, bool):
        return Question(path, YES), one
    if isinstance(one, int | float) and isinstance(other, int | float):
        return Question(path, HIGHER), one > other
    if isinstance(one, str) and isinstance(other, str):
        return Question(path, INSTEAD, *sorted((one, other))), one < other
    return None


def _question_of_framing(one: Any, other: Any) -> tuple[Question, bool] | None:
    """Compare two messages by name; those in numbers of one's own by how much they are about collaboration."""
    names = preset_of(one), preset_of(other)
    if None not in names:
        first, second = sorted(str(name) for name in names)
        return Question(FRAMING, INSTEAD, first, second), names[0] == first
    shares = one["collaboration"], other["collaboration"]
    if shares[0] == shares[1]:
        return None
    return Question(f"{FRAMING}.collaboration", HIGHER), shares[0] > shares[1]


def _counted(asked: Question, rows: Sequence[tuple[Pair, bool, bool]]) -> Lever:
    """Count in how many pairs, and runs, which side is ahead; the side that is ahead more often comes first."""
    differences = [pair.difference if is_first else -pair.difference for pair, is_first, _ in rows]
    signs = Signs(sum(x > 0 for x in differences), sum(x < 0 for x in differences), len(differences))
    own = [(pair, is_first) for pair, is_first, is_alone in rows if is_alone]
    if len({pair.organization for pair, _ in own}) > 1:  # runs of one world are no evidence of another
        alone = _together([_signs_of_pair(pair, is_first) for pair, is_first in own])
    else:
        alone = _together([_signs_of_runs(pair, is_first) for pair, is_first in own])
    mean = sum(differences) / len(differences)
    is_turned = (signs.n_first, mean) < (signs.n_second, -mean)
    if is_turned:
        signs, alone, mean = _turned(signs), _turned(alone), -mean
    return Lever(asked, is_turned, signs, alone, mean, UNSURE)


def _signs_of_runs(pair: Pair, is_first: bool) -> Signs:
    first, second = ([values[place] for values in pair.runs.values()] for place in (0, 1))
    return signs_of(first, second, 1) if is_first else signs_of(second, first, 1)


def _signs_of_pair(pair: Pair, is_first: bool) -> Signs:
    return signs_of([pair.difference], [0.0], 1 if is_first else -1)


def _together(signs: Sequence[Signs]) -> Signs:
    return Signs(*(sum(each[place] for each in signs) for place in range(3)))


def _turned(signs: Signs) -> Signs:
    return Signs(signs.n_second, signs.n_first, signs.n)


def _holm(found: Sequence[Signs]) -> list[bool]:
    """Return which findings hold among so many: Holm's step-down at 5%.

    Too few pairs for any finding do not count as a try (Tarone 1990, Biometrics 46).
    """
    tried = [place for place, signs in enumerate(found) if _can_be_sure(signs.n_first + signs.n_second)]
    sure = [False] * len(found)
    for step, place in enumerate(sorted(tried, key=lambda place: found[place].p)):
        if found[place].p > LUCK / (len(tried) - step):
            break
        sure[place] = True
    return sure


def _can_be_sure(n: int) -> bool:
    return sign_test(n, n) <= LUCK


def _judged(lever: Lever, is_alone: bool, is_together: bool) -> Lever:
    agrees = lever.alone.n_first > lever.alone.n_second
    verdict = ALONE if is_alone and agrees else TOGETHER if is_together else UNSURE
    return Lever(lever.question, lever.is_turned, lever.pairs, lever.alone, lever.difference, verdict)
