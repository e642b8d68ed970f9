"""What a paired comparison means, in one plain sentence that says "cannot tell" when it cannot."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.study import wording
from sim.study.statistics import FEWEST_PAIRS, PairedDifference
from sim.texts import catalog, percent, text


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
    is_over_worlds: bool

    def text(self, key: str, **values: object) -> str:
        """Return a text about pairs of runs, or where there is one, its form about worlds."""
        over_worlds = f"verdict.worlds.{key.removeprefix('verdict.')}"
        is_other = self.is_over_worlds and over_worlds in catalog(self.language)
        return text(self.language, over_worlds if is_other else key, **values)

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
    is_over_worlds: bool = False,
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
    is_over_worlds : bool
        Whether the units of the comparison are plausible worlds rather than pairs of runs.
    """
    smallest = wording.smallest_interesting(outcome) if smallest is None else smallest
    case = _Case(a, b, outcome, difference, language, is_over_worlds)
    dropped = ""
    if difference.n_not_reached and not difference.is_undecided:
        dropped = case.text("verdict.not_reached", n=difference.n_not_reached)
    if n_dropped:
        dropped += case.text("verdict.dropped_one") if n_dropped == 1 else case.text("verdict.dropped", n=n_dropped)
    kind, sentence = _judge(case, smallest)
    return Verdict(kind, sentence + dropped)


def _judge(case: _Case, smallest: float) -> tuple[str, str]:
    difference = case.difference
    mean, low, high = difference.mean, difference.low, difference.high
    if difference.n == 0:
        return "cannot tell", case.text("verdict.no_pair")
    if difference.is_undecided:
        return "cannot tell", case.text("verdict.never_reached", n=difference.n)
    if difference.is_same_run:
        return "same", case.text("verdict.same", n=difference.n)
    if difference.n == 1:
        return "cannot tell", case.text("verdict.one_pair", mean=case.signed(mean))
    values = {"mean": case.signed(mean), "low": case.bare(low), "high": case.bare(high)}
    if math.isnan(low + high):
        return "cannot tell", case.text("verdict.no_interval", n=difference.n, fewest=FEWEST_PAIRS, **values)
    if not difference.is_enough:
        return "cannot tell", case.text("verdict.too_few", n=difference.n, fewest=FEWEST_PAIRS, **values)
    limit = case.signed(smallest).lstrip("+")
    is_small = smallest > 0 and -smallest < low and high < smallest
    if low <= 0 <= high:
        if is_small:
            return "alike", case.text("verdict.alike", **values, smallest=limit)
        return "cannot tell", case.text("verdict.unsure", **values, **_share_of_a(case)) + _needed(case)
    if is_small:
        return "differs slightly", _who_has_more(case) + case.text("verdict.small", smallest=limit)
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
    k = difference.n_a_greater if difference.mean > 0 else difference.n_b_greater
    return case.text(
        "verdict.more",
        winner=case.a if is_a else case.b,
        phrase=phrase.less if is_less_better else phrase.more,
        k=k,
        n=difference.n,
        share=_share(k, difference.n),
        reverse=_share(difference.n_a_greater + difference.n_b_greater - k, difference.n),
        mean=case.signed(sign * difference.mean),
        low=case.bare(low),
        high=case.bare(high),
    )


def _share(k: int, n: int) -> str:
    return percent(k / n)


def _share_of_a(case: _Case) -> dict[str, object]:
    """Say in which share of the units the first scenario has more, whatever the mean says."""
    phrase = wording.phrase_for(case.outcome, case.language)
    share = _share(case.difference.n_a_greater, case.difference.n)
    return {"a": case.a, "phrase": phrase.more, "share": share, "n": case.difference.n}


def _needed(case: _Case) -> str:
    needed = case.difference.replications_needed
    if math.isnan(needed):
        return ""
    if math.isinf(needed):
        return case.text("verdict.needed_many")
    # More than there are: with these the interval does span zero.
    return case.text("verdict.needed", needed=about(max(needed, case.difference.n + 1)))
