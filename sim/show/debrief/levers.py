"""Which settings went with the better result, and how sure that is.

Each pair of launches that some card compares is looked at once: same staff, same luck, other settings. A setting counts
in the pairs that differ in it, also if they differ in other things. Where a pair differs in one setting alone, its runs
tell about that setting. Both are sign tests; since many settings are tried, Holm's step-down keeps the chance of even
one false finding at 5% (Holm 1979, Scand. J. Stat. 6).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.answer.card import SIDES
from sim.show.debrief.known import Known
from sim.show.debrief.launches import CHANGES, FRAMING, WAVES, differing, preset_of
from sim.show.debrief.predictions import LUCK, Signs, sign_test, signs_of

ALONE, TOGETHER, UNSURE = "alone", "together", "unsure"
HIGHER, YES, INSTEAD = "higher", "yes", "instead"


@dataclass
class Pair:
    """Two launches that cards compare; the difference is first minus second, more being better."""

    first: int
    second: int
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
        The same for runs of pairs that differ in nothing else.
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
        pair = found.setdefault((first, second), Pair(first, second))
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
    alone = _together([_signs_of_runs(pair, is_first) for pair, is_first in own])
    mean = sum(differences) / len(differences)
    is_turned = (signs.n_first, mean) < (signs.n_second, -mean)
    if is_turned:
        signs, alone, mean = _turned(signs), _turned(alone), -mean
    return Lever(asked, is_turned, signs, alone, mean, UNSURE)


def _signs_of_runs(pair: Pair, is_first: bool) -> Signs:
    first, second = ([values[place] for values in pair.runs.values()] for place in (0, 1))
    return signs_of(first, second, 1) if is_first else signs_of(second, first, 1)


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
