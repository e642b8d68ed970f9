"""What a ``run`` or ``compare`` found: summaries, differences and ranks, over replications or worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.comparison import (
    Difference,
    Ranking,
    Summary,
    differences,
    outcome_blocks,
    outcome_values,
    rankings,
    summarize,
)
from sim.analysis.notes import same_candidates
from sim.analysis.over_worlds import Blocks, differences_over_worlds, short_name, world_means
from sim.analysis.statistics import weeks_of
from sim.analysis.wording import OUTCOME_BY_NAME, phrase_for
from sim.catalog.outcomes import reason
from sim.catalog.registry import PARAMETER_BY_PATH, meaning_of
from sim.experiments.points import DEFAULTS
from sim.kernel.streams import keyed_generator
from sim.words import percent, text

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.runs.plan import Plan


@dataclass(frozen=True)
class Findings:
    """Summaries of each scenario, differences of the first from the others, ranks of three or more.

    `beside` has the same of what was run beside the worlds of the answer: another set of worlds, the default values;
    `worlds` is what is known of each world of the answer, None where there are none.
    """

    summaries: Sequence[Summary]
    differences: Sequence[Difference]
    rankings: Sequence[Ranking]
    beside: Mapping[str, Findings] = field(default_factory=dict)
    worlds: WorldValues | None = None

    def decisive(self, row: Difference) -> Decisive | None:
        """Return what decides in one difference; None where there are no worlds."""
        return None if self.worlds is None else self.worlds.decisive(row.a, row.b, row.outcome)


@dataclass(frozen=True)
class WorldValues:
    """What worlds are, and what came out in them."""

    blocks: Blocks  # for each scenario and outcome the runs of each world, float64 (n_worlds, n_replications)
    factors: Mapping[str, np.ndarray]  # for each coefficient its value in each world
    weights: np.ndarray  # what each world counts, float64 (n_worlds,)

    @cached_property
    def _unknowns(self) -> Unknowns:
        return Unknowns(self.factors, self.weights)

    @cached_property
    def _found(self) -> dict[tuple[str, str, str], Decisive]:
        return {}

    def decisive(self, a: str, b: str, outcome: str) -> Decisive:
        """Return what separates the worlds in which `a` has more of an outcome from those in which `b` has."""
        key = (a, b, outcome)
        if key not in self._found:
            self._found[key] = self._unknowns.decisive(world_means(self.blocks[a][outcome] - self.blocks[b][outcome]))
        return self._found[key]


def same_scenarios(runs: pa.Table, plan: Plan) -> list[tuple[str, ...]]:
    """Return the scenarios of a plan that are the same in every run, in groups of two or more."""
    return same_candidates({name: list(columns.values()) for name, columns in outcome_blocks(runs, plan).items()})


def findings(runs: pa.Table, reasons: pa.Table, plan: Plan) -> Findings:
    """Work out what the runs of a plan say.

    `runs`: the runs that are done: scenario, point (over worlds), replication, outcomes; `reasons`: why outcomes of
    runs are missing; `plan`: the plan; where it has points, these are worlds, and a mean of each world counts as one
    value.
    """
    if plan.points is None:
        return _found(outcome_values(runs, plan), reasons, plan, differences)
    blocks = outcome_blocks(runs, plan)
    if not plan.points.weights:  # made by an earlier version, which drew heavy worlds several times
        return _found(blocks, reasons, plan, differences_over_worlds, plan.points.alike())
    found = {}
    for name, column in plan.points.weights.items():
        weights = np.asarray(column, dtype=float)
        of_set = _rows(blocks, weights > 0)
        if name == DEFAULTS:
            values = {each: {key: block.ravel() for key, block in columns.items()} for each, columns in of_set.items()}
            found[name] = _found(values, reasons, plan, differences)
        else:
            found[name] = _found(of_set, reasons, plan, differences_over_worlds, None, weights[weights > 0])
    answer, *others = found
    weights = np.asarray(plan.points.weights[answer], dtype=float)
    is_of_answer = weights > 0
    factors = {key: np.asarray(values)[is_of_answer] for key, values in plan.points.factors.items()}
    worlds = WorldValues(_rows(blocks, is_of_answer), factors, weights[is_of_answer])
    return _with(found[answer], {name: found[name] for name in others}, worlds)


def _rows(blocks: Blocks, chosen: np.ndarray) -> Blocks:
    return {name: {key: block[chosen] for key, block in columns.items()} for name, columns in blocks.items()}


def _found(
    values: Blocks, reasons: pa.Table, plan: Plan, compare: Callable[..., list[Difference]], *of: Any
) -> Findings:
    """Return what some runs say; over worlds `of` says which are one world and what each counts (see `summarize`)."""
    n_arms, n_weeks = len(plan.arms), weeks_of(plan)
    return Findings(
        summarize(values, reasons, n_weeks, *of),
        compare(values, n_weeks, *of) if n_arms > 1 else [],
        rankings(values, n_weeks, *of) if n_arms > 2 else [],
    )


def _with(answer: Findings, beside: Mapping[str, Findings], worlds: WorldValues) -> Findings:
    """Return findings whose differences know what was found beside them."""
    differences = []
    for place, row in enumerate(answer.differences):
        assert row.over_worlds is not None
        told = {name: found.differences[place].paired for name, found in beside.items()}
        differences.append(row._replace(over_worlds=row.over_worlds._replace(beside=told)))
    return Findings(answer.summaries, differences, answer.rankings, beside, worlds)


# What an organization should find out about itself first: the answers that would change the advice most.


SELDOM, FEWEST_WORLDS = 0.1, 20
"""Who is ahead in at most this share of so many worlds is so hardly anywhere, and no answer changes that."""


def what_turns(worlds: WorldValues, keys: Sequence[str], a: str, b: str, outcome: str) -> tuple[Decisive, list[str]]:
    """Return which answers decide between two launches, and all others, those that go with it most first."""
    from scipy.stats import rankdata

    difference = world_means(worlds.blocks[a][outcome] - worlds.blocks[b][outcome])
    factors = {key: worlds.factors[key] for key in keys}
    found = Unknowns(factors, worlds.weights).decisive(difference)
    known = ~np.isnan(difference)
    ranks = rankdata(difference[known])
    told = {one.key for one in found.deciders}

    def strength(key: str) -> float:
        own = np.asarray(factors[key], dtype=float)[known]
        if known.sum() < 2 or not np.ptp(own) or not np.ptp(ranks):
            return 0.0
        return abs(float(np.corrcoef(rankdata(own), ranks)[0, 1]))

    return found, sorted((key for key in keys if key not in told), key=lambda key: -strength(key))


def find_out_lines(
    worlds: WorldValues, keys: Sequence[str], a: tuple[str, str], b: tuple[str, str], outcome: str, language: str
) -> list[str]:
    """Say what to find out first about oneself: the answers that turn the advice, then those that do not clearly.

    `worlds`: what came out in the worlds; `keys`: the keys that answers set; `a`, `b`: two launches, each with how to
    call it; `outcome`: what the advice is about.
    """
    found, others = what_turns(worlds, keys, a[0], b[0], outcome)
    rest = ", ".join(short_name(key, language) for key in others)
    if found.is_all_ties or not found.is_enough:
        is_never = found.n_worlds >= FEWEST_WORLDS and min(found.shares) <= SELDOM
        key = "study.answers.never" if found.is_all_ties or is_never else "study.answers.few"
        return [text(language, key, a=a[1], b=b[1], names=rest, fewest=FEWEST_ON_A_SIDE)]
    if not found.deciders:
        return [text(language, "study.answers.nothing", a=a[1], b=b[1], names=rest)]
    lines = decides_lines(
        a[1], b[1], outcome, found, language, has_keys=False, name_of=lambda key: short_name(key, language)
    )
    told = [text(language, "study.answers.first"), *lines[1:]]
    return [*told, text(language, "study.answers.rest", names=rest)] if others else told


# What decides: the unknowns that separate the worlds in which a launch is ahead from those in which it is behind.
#
# A small tree with fixed splits: each unknown divides the worlds into halves, at its median, or into those in which
# its mechanism is off and those in which it is on, so that no split is chosen to look good. The unknown whose ranks
# go most with being ahead comes first, if it does so more than any unknown would by chance: the worlds are shuffled
# many times, and each time the best of all unknowns counts (Westfall and Young 1993, Resampling-Based Multiple
# Testing). The next one is looked for in the same way within the halves of those before. Where none passes, nothing
# clearly decides.


MOST = 3
"""More unknowns than this nobody can hold in mind, and 120 worlds cannot tell apart."""
FEWEST_ON_A_SIDE = 10
"""Worlds in which the one, and in which the other is ahead, below which nothing is looked for."""
N_SHUFFLES = 499
LEVEL = 0.05
SMALLEST_PART = 0.15
"""A mechanism that is off (or on) in a smaller share of the worlds divides them at the median instead."""
DECIDES_COLUMNS = {
    "a": "text", "b": "text", "outcome": "text", "place": "int", "key": "text", "is_switch": "bool",
    "share_high": "float", "share_low": "float", "share_high_b": "float", "share_low_b": "float", "n_high": "int",
    "n_low": "int", "p": "float", "n_worlds": "int", "n_unknowns": "int", "reason": "text",
}  # fmt: skip
NOTHING, TOO_FEW = map(reason, ("nothing_decides", "few_ahead"))
# Differences below this are ties.
DECIMALS = 12


class Decider(NamedTuple):
    """One unknown that separates the worlds."""

    key: str  # dotted key of the coefficient
    # whether the worlds are divided into those in which its mechanism is on and off; otherwise into halves
    is_switch: bool
    # `share_high`, `share_low`: share of the worlds with more of it (or where it is on), and of the others, in which
    # `a` has more, by weight
    share_high: float
    share_low: float
    # `share_high_b`, `share_low_b`: the same for `b`; what is left are ties
    share_high_b: float
    share_low_b: float
    # `n_high`, `n_low`: how many worlds these are
    n_high: int
    n_low: int
    p: float  # how often chance alone gives an unknown, any of all, that goes with being ahead as much


class Decisive(NamedTuple):
    """What decides between two scenarios in one outcome."""

    # the unknowns that clearly separate the worlds, the one that does so most first; empty where none does
    deciders: tuple[Decider, ...]
    # `n_worlds`, `n_unknowns`: worlds, and unknowns that differ between them, that were looked at
    n_worlds: int
    n_unknowns: int
    n_greater: tuple[int, int]  # worlds in which `a`, and in which `b`, has more; a tie is neither
    shares: tuple[float, float]  # the shares of these worlds, by weight

    @property
    def is_enough(self) -> bool:
        """Whether there were enough worlds on each side to look for anything."""
        return min(self.n_greater) >= FEWEST_ON_A_SIDE

    @property
    def is_all_ties(self) -> bool:
        """Whether there is no world in which the two differ, so that nothing can decide."""
        return not any(self.n_greater)


class Unknowns:
    """The coefficients of some worlds, ranked and divided once for all outcomes.

    `factors`: for each coefficient its value in each world; `weights`: what each world counts in shares; all the same
    if left out. Chance is judged by counting worlds.
    """

    def __init__(self, factors: Mapping[str, Any], weights: np.ndarray | None = None) -> None:
        columns = {key: np.asarray(values, dtype=float) for key, values in factors.items()}
        varied = {key: values for key, values in columns.items() if len(values) and np.ptp(values) > 0.0}
        self.keys = tuple(varied)
        n = len(next(iter(columns.values()), ()))
        self.values = np.array(list(varied.values())).reshape(len(varied), n)
        divided = [_divided(key, values) for key, values in varied.items()]
        self.is_switch = [is_switch for _, is_switch in divided]
        self.is_high = np.array([is_high for is_high, _ in divided], dtype=bool).reshape(len(varied), n)
        self.weights = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
        generator = keyed_generator("what decides", n)
        self._luck = generator.random((N_SHUFFLES, n))
        self._orders = np.argsort(self._luck, axis=1)

    def decisive(self, difference: np.ndarray) -> Decisive:
        """Return what separates the worlds in which a difference is above zero from those in which it is below.

        `difference`: float64 (n_worlds,); NaN where a world has no value.
        """
        known = ~np.isnan(difference)
        side = np.sign(np.round(difference[known], DECIMALS))  # 0: a tie, which is neither ahead nor behind
        weights = self.weights[known]
        counts = int((side > 0).sum()), int((side < 0).sum())
        nothing = Decisive((), int(known.sum()), len(self.keys), counts, _shares(side, weights))
        if not nothing.is_enough or not self.keys:
            return nothing
        found: list[Decider] = []
        values, is_high, luck = self.values[:, known], self.is_high[:, known], self._luck[:, known]
        strata = np.zeros(len(side), dtype=np.int64)
        left = list(range(len(self.keys)))
        while len(found) < MOST and left:
            orders = self._orders if known.all() and not found else np.argsort(np.sort(strata) + luck, axis=1)
            best, p = _strongest(values[left], side, strata, orders)
            if p > LEVEL:
                break
            place = left.pop(best)
            high = is_high[place]
            more, less = _shares(side[high], weights[high]), _shares(side[~high], weights[~high])
            found.append(
                Decider(
                    self.keys[place], self.is_switch[place], more[0], less[0], more[1], less[1],
                    int(high.sum()), int((~high).sum()), p,
                )
            )  # fmt: skip
            strata = 2 * strata + high
        return nothing._replace(deciders=tuple(found))


def _shares(side: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return the shares of some worlds, by weight, on the one side of zero and on the other; NaN without worlds."""
    total = float(weights.sum())
    if not total:
        return float("nan"), float("nan")
    return float(weights[side > 0].sum()) / total, float(weights[side < 0].sum()) / total


def _divided(key: str, values: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return which worlds have more of an unknown, and whether that means that its mechanism is on."""
    entry = PARAMETER_BY_PATH.get(key)
    if entry is not None and entry.off_at is not None:
        is_on = values != entry.off_at
        if SMALLEST_PART <= is_on.mean() <= 1.0 - SMALLEST_PART:
            return is_on, True
    above = values > np.median(values)
    # Where the median is also the largest value, those that have it are the half with more.
    return (above if above.any() else values >= np.median(values)), False


def _strongest(values: np.ndarray, side: np.ndarray, strata: np.ndarray, orders: np.ndarray) -> tuple[int, float]:
    """Return which unknown goes most with being ahead within strata, and how often chance gives one as strong.

    `values`: float64 (n_unknowns, n_worlds); `side`: float64 (n_worlds,): 1 ahead, -1 behind, 0 a tie; `strata`: int64
    (n_worlds,); `orders`: int64 (n_shuffles, n_worlds): shuffles of the worlds, sorted by their strata, that stay
    within these.
    """
    from scipy.stats import rankdata

    order = np.argsort(strata, kind="stable")
    of_strata = strata[order]
    ranks, y = np.empty(values.shape), side[order].copy()
    for stratum in np.unique(of_strata):
        rows = of_strata == stratum
        part = rankdata(values[:, order[rows]], axis=1)
        ranks[:, rows] = part - part.mean(axis=1, keepdims=True)
        y[rows] -= y[rows].mean()
    lengths = np.sqrt((ranks**2).sum(axis=1))
    scaled = ranks / np.where(lengths > 0.0, lengths, np.inf)[:, None]
    strength = np.abs(scaled @ y)
    strongest = np.abs(y[orders] @ scaled.T).max(axis=1)
    best = int(strength.argmax())
    p = (1 + int((strongest >= strength[best] - 1e-12).sum())) / (1 + len(orders))
    return best, p


def decider_rows(a: str, b: str, outcome: str, found: Decisive) -> Iterator[dict[str, Any]]:
    """Yield what decides as rows with `DECIDES_COLUMNS`; one without a key where nothing does."""
    facts = {"a": a, "b": b, "outcome": outcome, "n_worlds": found.n_worlds, "n_unknowns": found.n_unknowns}
    if not found.deciders:
        yield {**facts, "place": 0, "reason": NOTHING if found.is_enough else TOO_FEW}
    for place, one in enumerate(found.deciders, start=1):
        yield {**facts, "place": place, **one._asdict(), "reason": ""}


def decides_lines(
    a: str,
    b: str,
    outcome: str,
    found: Decisive,
    language: str,
    has_keys: bool = True,
    name_of: Callable[[str], str] | None = None,
) -> list[str]:
    """Return what decides in words, as a board reads them: a line to begin with, then one for each unknown.

    They are about the one that the first line names: who has more (of some outcomes, less) in most of the worlds.
    Nothing is said where the two are the same in every world. Keys of unknowns are told where `has_keys`,
    and their meanings are those of the registry unless `name_of` has other words.
    """
    if found.is_all_ties:
        return []
    is_less = OUTCOME_BY_NAME[outcome].better < 0
    phrase = phrase_for(outcome, language).less if is_less else phrase_for(outcome, language).more
    of_a, of_b = found.shares
    is_about_b = of_a > of_b if is_less else of_a < of_b
    if is_about_b:
        a, b = b, a
    if not found.is_enough:
        return [text(language, "study.decides.few", a=a, b=b, phrase=phrase, fewest=FEWEST_ON_A_SIDE)]
    if not found.deciders:
        return [text(language, "study.decides.nothing", a=a, b=b, phrase=phrase, n=found.n_unknowns)]
    lines = [text(language, "study.decides.title", a=a, b=b, phrase=phrase, n=found.n_unknowns)]
    for one in found.deciders:
        has_b = is_about_b != is_less  # less of one is more of the other
        high, low = (one.share_high_b, one.share_low_b) if has_b else (one.share_high, one.share_low)
        lines.append(
            text(
                language,
                "study.decides.switch" if one.is_switch else "study.decides.half",
                meaning=name_of(one.key) if name_of else meaning_of(PARAMETER_BY_PATH[one.key], language).rstrip("."),
                key=f" ({one.key})" if has_keys else "",
                high=percent(high, 0, language),
                low=percent(low, 0, language),
            )
        )
    return lines
