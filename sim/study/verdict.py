"""What a paired comparison means, in one plain sentence that says "cannot tell" when it cannot."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.study import wording
from sim.study.statistics import PairedDifference


class Verdict(NamedTuple):
    """The sentence, and its kind: ``differs``, ``differs slightly``, ``alike``, ``same`` or ``cannot tell``."""

    kind: str
    text: str


class _Case(NamedTuple):
    """What is judged, and how to write its numbers."""

    a: str
    b: str
    outcome: str
    difference: PairedDifference
    language: str

    def signed(self, value: float) -> str:
        return wording.difference_text(self.outcome, value, self.language)

    def bare(self, value: float) -> str:
        return wording.difference_number(self.outcome, value, self.language)


def about(n: float) -> int:
    """Return a number of replications as one says it, rounded up: to 5 from 20, to two digits from 100."""
    if n < 20:
        return math.ceil(n)
    step = 5 if n < 100 else 10 ** (math.floor(math.log10(n)) - 1)
    return math.ceil(n / step) * step


def verdict(
    a: str,
    b: str,
    outcome: str,
    difference: PairedDifference,
    *,
    n_dropped: int = 0,
    language: str = "en",
    smallest: float | None = None,
) -> Verdict:
    """Say what is known about the difference between two scenarios.

    Parameters
    ----------
    a, b : str
        Names; `difference` is a - b.
    outcome : str
        What was compared.
    difference : PairedDifference
        The comparison.
    n_dropped : int
        Pairs that were left out because one of them has no value.
    language : str
        ``en`` or ``nl``.
    smallest : float, optional
        Smallest difference that would matter, in the unit of the outcome; that of `smallest_interesting` if
        left out.
    """
    texts = wording.TEXTS[language]
    smallest = wording.smallest_interesting(outcome) if smallest is None else smallest
    dropped = ""
    if n_dropped:
        dropped = texts["dropped one"] if n_dropped == 1 else texts["dropped"].format(n=n_dropped)
    kind, text = _judge(_Case(a, b, outcome, difference, language), smallest)
    return Verdict(kind, text + dropped)


def _judge(case: _Case, smallest: float) -> tuple[str, str]:
    difference, texts = case.difference, wording.TEXTS[case.language]
    mean, low, high = difference.mean, difference.low, difference.high
    if difference.n == 0:
        return "cannot tell", texts["no pair"]
    if difference.n == difference.n_ties:
        return "same", texts["same"].format(n=difference.n)
    if difference.n == 1:
        return "cannot tell", texts["one pair"].format(mean=case.signed(mean))
    values = {"mean": case.signed(mean), "low": case.bare(low), "high": case.bare(high)}
    limit = case.signed(smallest).lstrip("+")
    is_small = smallest > 0 and -smallest < low and high < smallest
    if low <= 0 <= high:
        if is_small:
            return "alike", texts["alike"].format(**values, smallest=limit)
        return "cannot tell", texts["unsure"].format(**values) + _needed(difference, texts)
    if is_small:
        return "differs slightly", _who_has_more(case) + texts["small"].format(smallest=limit)
    return "differs", _who_has_more(case)


def _who_has_more(case: _Case) -> str:
    """Name the scenario that has more; where less is better, the one that has less."""
    difference = case.difference
    known = wording.OUTCOME_BY_NAME.get(case.outcome)
    phrase = wording.phrase_for(case.outcome, case.language)
    is_less_better = known is not None and known.better < 0
    is_a = (difference.mean > 0) != is_less_better
    sign = 1 if is_a else -1
    low, high = sorted((sign * difference.low, sign * difference.high))
    return wording.TEXTS[case.language]["more"].format(
        winner=case.a if is_a else case.b,
        phrase=phrase.less if is_less_better else phrase.more,
        k=difference.n_a_greater if difference.mean > 0 else difference.n_b_greater,
        n=difference.n,
        mean=case.signed(sign * difference.mean),
        low=case.bare(low),
        high=case.bare(high),
    )


def _needed(difference: PairedDifference, texts: dict[str, str]) -> str:
    needed = difference.replications_needed
    if math.isnan(needed):
        return ""
    if math.isinf(needed):
        return texts["needed many"]
    # More than there are: with these the interval does span zero.
    return texts["needed"].format(needed=about(max(needed, difference.n + 1)))
