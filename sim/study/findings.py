"""What a ``run`` or ``compare`` found: summaries, differences and ranks, over replications or worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.study.analysis import Difference, Ranking, Summary, differences, outcome_values, rankings, summarize
from sim.study.answers import short_name
from sim.study.deciders import FEWEST_ON_A_SIDE, Decisive, Unknowns, decides_lines
from sim.study.notes import same_candidates
from sim.study.over_worlds import Blocks, differences_over_worlds, outcome_blocks, world_means
from sim.study.points import DEFAULTS
from sim.study.statistics import weeks_of
from sim.texts import text

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.study.plan import Plan


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
    """What worlds are, and what came out in them.

    Attributes
    ----------
    blocks : mapping
        For each scenario and outcome the runs of each world, float64 (n_worlds, n_replications).
    factors : mapping of str to ndarray
        For each coefficient its value in each world.
    weights : ndarray
        What each world counts, float64 (n_worlds,).
    """

    blocks: Blocks
    factors: Mapping[str, np.ndarray]
    weights: np.ndarray

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
    values = outcome_values(runs, plan) if plan.points is None else outcome_blocks(runs, plan)
    return same_candidates({name: list(columns.values()) for name, columns in values.items()})


def findings(runs: pa.Table, reasons: pa.Table, plan: Plan) -> Findings:
    """Work out what the runs of a plan say.

    Parameters
    ----------
    runs : Table
        The runs that are done: scenario, point (over worlds), replication, outcomes.
    reasons : Table
        Why outcomes of runs are missing.
    plan : Plan
        The plan; where it has points, these are worlds, and a mean of each world counts as one value.
    """
    if plan.points is None:
        return _over_runs(outcome_values(runs, plan), reasons, plan)
    blocks = outcome_blocks(runs, plan)
    if not plan.points.weights:  # made by an earlier version, which drew heavy worlds several times
        return _over_worlds(blocks, reasons, plan, plan.points.alike(), None)
    found = {}
    for name, column in plan.points.weights.items():
        weights = np.asarray(column, dtype=float)
        of_set = _rows(blocks, weights > 0)
        if name == DEFAULTS:
            values = {each: {key: block.ravel() for key, block in columns.items()} for each, columns in of_set.items()}
            found[name] = _over_runs(values, reasons, plan)
        else:
            found[name] = _over_worlds(of_set, reasons, plan, None, weights[weights > 0])
    answer, *others = found
    weights = np.asarray(plan.points.weights[answer], dtype=float)
    is_of_answer = weights > 0
    factors = {key: np.asarray(values)[is_of_answer] for key, values in plan.points.factors.items()}
    worlds = WorldValues(_rows(blocks, is_of_answer), factors, weights[is_of_answer])
    return _with(found[answer], {name: found[name] for name in others}, worlds)


def _rows(blocks: Blocks, chosen: np.ndarray) -> Blocks:
    return {name: {key: block[chosen] for key, block in columns.items()} for name, columns in blocks.items()}


def _over_runs(values: Mapping[str, Mapping[str, np.ndarray]], reasons: pa.Table, plan: Plan) -> Findings:
    n_arms, n_weeks = len(plan.arms), weeks_of(plan)
    return Findings(
        summarize(values, reasons, n_weeks),
        differences(values, n_weeks) if n_arms > 1 else [],
        rankings(values, n_weeks) if n_arms > 2 else [],
    )


def _over_worlds(
    blocks: Blocks, reasons: pa.Table, plan: Plan, alike: np.ndarray | None, weights: np.ndarray | None
) -> Findings:
    n_arms, n_weeks = len(plan.arms), weeks_of(plan)
    return Findings(
        summarize(blocks, reasons, n_weeks, alike, weights),
        differences_over_worlds(blocks, n_weeks, alike, weights) if n_arms > 1 else [],
        rankings(blocks, n_weeks, alike, weights) if n_arms > 2 else [],
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

    Parameters
    ----------
    worlds : WorldValues
        What came out in the worlds.
    keys : sequence of str
        The keys that answers set.
    a, b : pair of str
        Two launches, each with how to call it.
    outcome : str
        What the advice is about.
    language : str
        ``en`` or ``nl``.
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
