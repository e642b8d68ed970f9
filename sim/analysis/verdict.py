"""What a paired comparison means, in one plain sentence that says "cannot tell" when it cannot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.analysis import wording
from sim.analysis.statistics import FEWEST_PAIRS, PairedDifference, Spread, weeks_of
from sim.analysis.wording import label, quantile_text, unit_text
from sim.experiments.points import DEFAULTS, INTERVIEWS
from sim.words import catalog, percent, text

if TYPE_CHECKING:
    from sim.analysis.conduct import Study


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
    beside: Mapping[str, PairedDifference]

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
    beside: Mapping[str, PairedDifference] | None = None,
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
    beside : mapping of str to PairedDifference, optional
        What was run beside the worlds (`OverWorlds.beside`): the sentence names it.
    """
    smallest = wording.smallest_interesting(outcome) if smallest is None else smallest
    case = _Case(a, b, outcome, difference, language, is_over_worlds, beside or {})
    dropped = ""
    if difference.n_not_reached and not difference.is_undecided:
        dropped = case.text("verdict.not_reached", n=difference.n_not_reached)
    if n_dropped:
        dropped += case.text("verdict.dropped", n=n_dropped)
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
    if difference.spread is not None:
        return _judge_over_worlds(case, difference.spread, smallest, is_small)
    if low <= 0 <= high:
        if is_small:
            return "alike", case.text("verdict.alike", **values, smallest=limit)
        return "cannot tell", case.text("verdict.unsure", **values) + _needed(case)
    if is_small:
        return "differs slightly", _who_has_more(case) + case.text("verdict.small", smallest=limit)
    return "differs", _who_has_more(case)


def _judge_over_worlds(case: _Case, spread: Spread, smallest: float, is_small: bool) -> tuple[str, str]:
    """Say in which share of the worlds who is ahead, and how far: in one typical world, and in nine of ten."""
    limit = case.signed(smallest).lstrip("+")
    is_small = is_small and -smallest < spread.p5 and spread.p95 < smallest
    told = _beside(case, spread)
    if not case.difference.is_sure:
        if is_small:
            ends = {"low": case.bare(spread.p5), "high": case.bare(spread.p95)}
            return "alike", case.text("verdict.alike", n=case.difference.n, smallest=limit, **ends) + told
        return "cannot tell", case.text("verdict.unsure", finding=_in_worlds(case, spread)) + told
    if is_small:
        return "differs slightly", _in_worlds(case, spread) + told + case.text("verdict.small", smallest=limit)
    return "differs", _in_worlds(case, spread) + told


def _names_a(case: _Case, spread: Spread) -> bool:
    """Say whether the sentence is about `a`: the one that is better in more of the worlds."""
    a, b = spread.share_a_greater, spread.share_b_greater
    return a <= b if _is_about_less(case) else a >= b


def _is_about_less(case: _Case) -> bool:
    return wording.OUTCOME_BY_NAME[case.outcome].better < 0


def _in_worlds(case: _Case, spread: Spread) -> str:
    """Say in which share of the worlds somebody has more (or less, where that is better), and typically how much."""
    is_a, is_less = _names_a(case, spread), _is_about_less(case)
    phrase = wording.phrase_for(case.outcome, case.language)
    sign = 1 if is_a else -1
    share, reverse = _shares(case.difference, is_a != is_less)
    return case.text(
        "verdict.more",
        winner=case.a if is_a else case.b,
        phrase=phrase.less if is_less else phrase.more,
        share=percent(share, 0, case.language),
        n=case.difference.n,
        # What is left are ties; where there are none it need not be said.
        reverse=case.text("verdict.worlds.reverse", reverse=percent(reverse, 0, case.language))
        if share + reverse < 1 - 1e-9
        else "",
        median=case.signed(sign * spread.median),
        ends=_ends(case, sign, spread),
    )


def _ends(case: _Case, sign: int, spread: Spread) -> str:
    """Say between what nine in ten worlds lie, or that there are too few of them to say so."""
    if math.isnan(spread.p5):
        return case.text("verdict.worlds.no_ends")
    low, high = (case.signed(end) for end in sorted((sign * spread.p5, sign * spread.p95)))
    return case.text("verdict.worlds.ends", low=low.removesuffix(_unit(case)), high=high)


def _unit(case: _Case) -> str:
    unit = wording.unit_text(case.outcome, case.language, is_difference=True)
    return f" {unit}" if unit else ""


def _shares(difference: PairedDifference, is_of_a: bool) -> tuple[float, float]:
    """Return the share of units in which one side is greater, and in which the other is."""
    a, b = difference.shares
    return (a, b) if is_of_a else (b, a)


def _beside(case: _Case, spread: Spread) -> str:
    """Say what the worlds that fit the interviews say, and the default values alone if they say the opposite."""
    told = ""
    is_a, is_less = _names_a(case, spread), _is_about_less(case)
    interviews = case.beside.get(INTERVIEWS)
    if interviews is not None:
        if interviews.n < FEWEST_PAIRS:
            told += case.text("verdict.worlds.interviews_few", n=interviews.n)
        else:
            share = percent(_shares(interviews, is_a != is_less)[0], 0, case.language)
            told += case.text("verdict.worlds.interviews", share=share)
    defaults = case.beside.get(DEFAULTS)
    if defaults is not None and is_opposite(case.difference, defaults):
        sign = -1 if is_a else 1
        low, high = sorted((sign * defaults.low, sign * defaults.high))
        phrase = wording.phrase_for(case.outcome, case.language)
        told += case.text(
            "verdict.worlds.opposite",
            winner=case.b if is_a else case.a,
            phrase=phrase.less if is_less else phrase.more,
            mean=case.signed(sign * defaults.mean), low=case.bare(low), high=case.bare(high),
        )  # fmt: skip
    return told


def is_opposite(over_worlds: PairedDifference, at_defaults: PairedDifference) -> bool:
    """Say whether the default values alone surely say the opposite of most of the worlds."""
    a, b = over_worlds.shares
    return at_defaults.is_sure and at_defaults.mean * (a - b) < 0


def _who_has_more(case: _Case) -> str:
    """Name the scenario that has more; where less is better, the one that has less."""
    difference = case.difference
    phrase = wording.phrase_for(case.outcome, case.language)
    is_less_better = _is_about_less(case)
    is_a = (difference.mean > 0) != is_less_better
    sign = 1 if is_a else -1
    low, high = sorted((sign * difference.low, sign * difference.high))
    return case.text(
        "verdict.more",
        winner=case.a if is_a else case.b,
        phrase=phrase.less if is_less_better else phrase.more,
        k=difference.n_a_greater if difference.mean > 0 else difference.n_b_greater,
        n=difference.n,
        mean=case.signed(sign * difference.mean),
        low=case.bare(low),
        high=case.bare(high),
    )


def _needed(case: _Case) -> str:
    needed = case.difference.replications_needed
    if math.isnan(needed):
        return ""
    if math.isinf(needed):
        return case.text("verdict.needed_many")
    # More than there are: with these the interval does span zero.
    return case.text("verdict.needed", needed=about(max(needed, case.difference.n + 1)))


# The first line of a ``run`` over plausible worlds, and how that of a sweep ends; a comparison has its verdict.


def beside_sentence(first: Any, best_at_defaults: str, language: str) -> str:
    """Say what other worlds, and the default values, say of the strategy that comes first in a sweep.

    `first`: its places, with the columns `BESIDE_COLUMNS` of a sweep where there are any; `best_at_defaults`: who comes
    first at the default values.
    """
    told = ""
    n = getattr(first, "interviews_n_units", None)
    if n is not None:
        share = percent(first.interviews_share_first, 0, language)
        key = "interviews" if n >= FEWEST_PAIRS else "interviews_few"
        told += text(language, f"verdict.worlds.{key}", **({"share": share} if key == "interviews" else {"n": int(n)}))
    is_tied = getattr(first, "defaults_is_tied_with_first", None)
    if is_tied is not None and not is_tied and not math.isnan(first.defaults_rank):
        told += text(language, "sweep.opposite", name=best_at_defaults)
    return told


def run_sentence(study: Study, outcome: str, language: str, name: str | None = None) -> str:
    """Say what one scenario brings in a typical plausible world, and in nine of ten.

    `study`: a ``run`` over plausible worlds; `outcome`: what is told; `name`: how to call the scenario; by its name if
    left out.
    """
    interval = next(row.interval for row in study.summaries if row.outcome == outcome)
    name, n = name or study.plan.arms[0].name, interval.n
    if interval.spread is None or not n:
        return text(language, "study.run_nothing", name=name, outcome=label(outcome, language))
    beside = study.found.beside.get(INTERVIEWS)
    told = ""
    if beside is not None:
        other = next(row.interval for row in beside.summaries if row.outcome == outcome)
        if other.spread is not None and other.n >= FEWEST_PAIRS:
            median = quantile_text(outcome, other.spread.median, weeks_of(study.plan), language)
            told = text(language, "study.run_interviews", median=median)
    unit, n_weeks = unit_text(outcome, language), weeks_of(study.plan)
    median, low, high = (
        quantile_text(outcome, end, n_weeks, language)
        for end in (interval.spread.median, interval.spread.p5, interval.spread.p95)
    )
    is_few = math.isnan(interval.spread.p5)
    ends = text(language, "verdict.worlds.no_ends" if is_few else "verdict.worlds.ends", low=low, high=high)
    return text(
        language, "study.run_worlds", name=name, outcome=label(outcome, language), n=n, beside=told,
        unit=f" {unit}" if unit else "", median=median, ends=ends,
    )  # fmt: skip
