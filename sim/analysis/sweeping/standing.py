"""How strategies stand: places and regret, with intervals over worlds or luck."""

from __future__ import annotations

import dataclasses
import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.comparison import DECIMALS, can_be_ranked, places_of, shares_first
from sim.analysis.over_worlds import RUNS_AT_DEFAULTS, facts_of, facts_of_answers, varied_keys, with_answers, without
from sim.analysis.statistics import FEWEST_PAIRS
from sim.analysis.sweeping.cells import counts_by, mean_by
from sim.analysis.sweeping.spread import Spread, intervals, spread_of, variances
from sim.catalog.registry import PARAMETER_BY_PATH
from sim.errors import InputError
from sim.experiments.factors import is_drawn
from sim.experiments.grammar import LISTED_DESIGNS
from sim.experiments.points import DEFAULTS, Points
from sim.experiments.questionnaire import Answers
from sim.experiments.world_sets import GROUP, SECTION, ChosenWorlds, InWorlds, chosen_worlds, own_worlds
from sim.experiments.worlds import SETS
from sim.kernel.estimates import Units, majority, quantiles, score_ends
from sim.kernel.streams import keyed_generator
from sim.runs.designs import compact, design_points, plan_for_experiment
from sim.runs.plan import Plan
from sim.words import said

if TYPE_CHECKING:
    from sim.experiments import Experiment, Factor
    from sim.scenario.overrides import Overrides


ROBUST_QUANTILE = 0.9


class Standing(NamedTuple):
    """Places of the candidates in one outcome; arrays (k,), NaN where there is no number."""

    # `rank`, `low`, `high`: place (1 = best) by mean, ties sharing the better one, and the places that pairs leave open
    # (`ranking`)
    rank: np.ndarray
    low: np.ndarray
    high: np.ndarray
    # share of different worlds (with one world, of replications) in which it is ahead of all others; a tie is not ahead
    share_first: np.ndarray
    is_tied_with_first: np.ndarray  # whether nobody is surely ahead of it: who is best cannot be told between those
    # `regret_mean`, `regret_p90`: how much worse than the best candidate of the same world: mean, and 90th percentile
    # over worlds
    regret_mean: np.ndarray
    regret_p90: np.ndarray
    share_worlds_best: np.ndarray  # share of different worlds in which it alone is the best
    # `n_worlds`, `n_cells`: worlds, and worlds x replications, in which every ranked candidate has a value
    n_worlds: int
    n_cells: int
    n_units: int  # different worlds (with one world, replications) in which every ranked candidate has a value
    n_given: np.ndarray  # cells in which the candidate itself has one


def standing_of(
    values: np.ndarray,
    is_more_better: bool,
    draws: np.ndarray | None = None,
    largest: float = np.inf,
    is_yes_or_no: bool = False,
    is_new: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> Standing:
    """Rank candidates over the worlds and luck that all of them met.

    Places are by the means over the cells in which all have a value, what they leave open by the cells of each pair;
    candidates with a value in fewer than half of the cells are not ranked.

    Parameters
    ----------
    values : array (k, n_worlds, n_replications)
        One outcome; NaN where a cell has none.
    is_more_better : bool
        Whether the largest mean is best.
    draws : array of int (n_worlds,), optional
        Worlds with one number are from one draw, which counts with their weight; each is its own if left out.
    largest : float
        Largest difference that the outcome allows.
    is_yes_or_no : bool
        True for an outcome that is 0 or 1 in each run.
    is_new : array of bool (n_worlds,), optional
        False for worlds that are one before them again: these count once where worlds are counted. All are new if left
        out.
    weights : array (n_worlds,), optional
        What each world counts, where these are plausible ones: nobody is then surely ahead of another who is not ahead
        in surely most of them, as in a comparison.
    """
    n_given = (~np.isnan(values)).sum(axis=(1, 2))
    ranked = can_be_ranked(n_given)
    own = values[ranked] * (-1.0 if is_more_better else 1.0)  # from here on, the smallest is best
    complete = ~np.isnan(own).any(axis=0) if ranked.any() else np.zeros(values.shape[1:], dtype=bool)
    cells = np.where(complete, own, np.nan)
    found = {name: np.full(len(values), np.nan) for name in _PLACES + _LOSSES + _SHARES}
    tied, n_units = np.zeros(len(values), dtype=bool), 0
    if complete.any():
        numbers = np.arange(values.shape[1]) if draws is None else draws
        each = np.ones(values.shape[1]) if weights is None else weights
        is_ahead = _surely_ahead(own, numbers, largest, is_yes_or_no, weights)
        for name, part in zip(_PLACES, places_of(_means(cells, each), is_ahead), strict=True):
            found[name][ranked] = part
        is_first = np.ones(values.shape[1], dtype=bool) if is_new is None else is_new
        units, worlds, chosen = _units(cells, is_first)
        shares = each[chosen] / each[chosen].sum()
        found["share_first"][ranked] = shares_first(units, shares if units.shape[1] == len(shares) else None)
        found["share_worlds_best"][ranked] = shares_first(worlds, shares)
        for name, part in zip(_LOSSES, _losses(cells, each), strict=True):
            found[name][ranked] = part
        n_units = units.shape[1]
        tied = found["low"] == 1.0
    return Standing(
        **found,
        is_tied_with_first=tied,
        n_worlds=int(complete.any(axis=1).sum()),
        n_cells=int(complete.sum()),
        n_units=n_units,
        n_given=n_given,
    )


_PLACES = ("rank", "low", "high")
_LOSSES = ("regret_mean", "regret_p90")
_SHARES = ("share_worlds_best", "share_first")


def _means(cells: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the mean of each candidate over its cells, by what their worlds count."""
    if np.ptp(weights) == 0.0:
        return np.asarray(np.nanmean(cells, axis=(1, 2)))
    counts = np.where(np.isnan(cells), 0.0, weights[None, :, None])
    return np.asarray((np.nan_to_num(cells) * counts).sum(axis=(1, 2)) / counts.sum(axis=(1, 2)))


def weighted_quantiles(values: np.ndarray, shares: Sequence[float], weights: np.ndarray) -> np.ndarray:
    """Return quantiles over worlds, (number of shares, k), by what these count; NaN are left out.

    `values`: (k, n_worlds): one value a world; `shares`: what lies below each quantile; `weights`: (n_worlds,): what
    each world counts.
    """
    if np.ptp(weights) == 0.0:
        return np.asarray(np.nanquantile(values, shares, axis=1))
    found = []
    for row in values:
        known = ~np.isnan(row)
        own = weights[known] / weights[known].sum()
        found.append(quantiles(Units(row[known], own, int(known.sum()), own), *shares))
    return np.array(found).T


def _surely_ahead(
    cells: np.ndarray, draws: np.ndarray, largest: float, is_yes_or_no: bool, weights: np.ndarray | None = None
) -> np.ndarray:
    """Return whether the one of the row is surely ahead of (smaller than) the one of the column, bool (k, k)."""
    k = len(cells)
    is_ahead = np.zeros((k, k), dtype=bool)
    by_draw, counts = mean_by(cells, draws), counts_by(cells, draws)
    of_draws = np.ones(counts.shape[1]) if weights is None else weights[np.unique(draws, return_index=True)[1]]
    counts = counts * of_draws[None, :, None]
    is_full = not np.isnan(cells).any()
    for one in range(k - 1):
        others = slice(one + 1, k)
        if is_full:
            differences, n = by_draw[one] - by_draw[others], counts[:1]
        else:
            of_worlds = cells[one] - cells[others]
            differences, n = mean_by(of_worlds, draws), counts_by(of_worlds, draws) * of_draws[None, :, None]
        low, high = _paired_intervals(differences, n, largest, is_yes_or_no)
        is_ahead[one, others] = high < 0.0
        is_ahead[others, one] = low > 0.0
        if weights is not None:
            sides = _majorities(differences, n)
            is_ahead[one, others] &= sides < 0
            is_ahead[others, one] &= sides > 0
    return is_ahead


def _majorities(differences: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return on which side of zero surely most worlds lie, see `estimates.majority`, (k,)."""
    found = []
    for row, own in zip(differences, np.broadcast_to(counts, differences.shape), strict=True):
        known = (~np.isnan(row)).any(axis=1)
        values, weights = np.asarray(np.nanmean(row[known], axis=1)), own[known].max(axis=1)
        shares = weights / max(weights.sum(), 1e-300)
        found.append(majority(Units(values.round(DECIMALS), shares, len(values), shares)))
    return np.array(found)


def _paired_intervals(
    differences: np.ndarray, counts: np.ndarray, largest: float, is_yes_or_no: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of each mean difference, (k,) and (k,); NaN where it is nothing to rest on.

    With one world, or one replication, it is that of `paired_difference` over the other.
    """
    spread = spread_of(differences, counts)
    low, high = intervals(spread, -largest, largest, False)
    if is_yes_or_no and spread.covers:
        low, high = _score_intervals(differences, counts, spread)
    is_enough = spread.n_units >= FEWEST_PAIRS
    return np.where(is_enough, low, np.nan), np.where(is_enough, high, np.nan)


def _score_intervals(differences: np.ndarray, counts: np.ndarray, spread: Spread) -> tuple[np.ndarray, np.ndarray]:
    """Return Tango's interval of each difference of shares, with as many independent pairs as give this variance."""
    n_pairs = np.maximum(counts.sum(axis=(1, 2)), 1.0)
    up, down = (
        (np.nan_to_num(np.maximum(sign * differences, 0.0)) * counts).sum(axis=(1, 2)) / n_pairs for sign in (1.0, -1.0)
    )
    of_a_pair, variance = up + down - (up - down) ** 2, variances(spread)
    fewest = np.minimum(spread.effective.max(axis=1), n_pairs)
    n = np.clip(of_a_pair / np.where(variance > 0.0, variance, np.inf), fewest, n_pairs)
    return score_ends(up, down, n)


def _units(cells: np.ndarray, is_new: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the value of each unit, (k, n), that of each different world, and which worlds these are.

    Units are replications if it is one world.
    """
    given = ~np.isnan(cells[0]).all(axis=1)
    chosen = given & is_new if (given & is_new).any() else given
    worlds = np.asarray(np.nanmean(cells[:, chosen], axis=2))
    if chosen.sum() > 1:
        return worlds, worlds, chosen
    of_one = cells[:, chosen][:, 0]
    return of_one[:, ~np.isnan(of_one[0])], worlds, chosen


def _losses(cells: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and 90th percentile of the regret over worlds, by what these count."""
    given = ~np.isnan(cells[0]).all(axis=1)
    by_world = np.nanmean(cells[:, given], axis=2)
    regret = np.round(by_world - by_world.min(axis=0), DECIMALS)
    own = weights[given]
    mean = regret.mean(axis=1) if np.ptp(own) == 0.0 else regret @ (own / own.sum())
    return mean, weighted_quantiles(regret, [ROBUST_QUANTILE], own)[0]


# A sweep over plausible worlds: every strategy meets every world that is taken of a set, with luck of its own.
#
# The coefficients of behavior then come together, as a world has them, and not each from its own range.

SUFFIX = "-over-worlds"
"""What the name of a sweep ends with where worlds were asked for."""
USUAL_WORLDS, QUICK_WORLDS = 60, 20
"""Worlds that every strategy meets unless the experiment draws worlds of its own: as many as it draws then."""


def plan_of_sweep(
    experiment: Experiment, where: InWorlds, keeps_replications: bool, answers: Answers | None = None
) -> tuple[Experiment, Plan]:
    """Return the experiment as it is done, and its plan: over plausible worlds, or as the file has it.

    Parameters
    ----------
    experiment : Experiment
        As the file has it. Where it sets every coefficient itself, worlds have nothing to say, and it is done as it is
        unless they are asked for.
    where : InWorlds
        In which worlds.
    keeps_replications : bool
        Whether the replications were asked for; else there is one run in each world, which has luck of its own.
    answers : Answers, optional
        What is known of the organization: its ranges join the uncertainties (`with_answers`).

    Raises
    ------
    InputError
        If what is asked contradicts itself, or the settings of a point do.
    """
    if where.at_defaults and where.is_asked_for:
        raise InputError(said("refusal.cli.at_defaults"))
    told: dict[str, Any] = {}
    if answers is not None:
        experiment, told = with_answers(experiment, answers)[0], facts_of_answers(answers)
    if where.at_defaults:
        return experiment, plan_for_experiment(experiment, design_points(experiment), told)
    if where.folder is None:
        found = worlds_for(experiment, where.n, where.named)
    else:
        found = own_worlds(where.folder, USUAL_WORLDS, experiment.seed)
    try:
        in_worlds = over_worlds(experiment, found, SUFFIX if where.is_asked_for else "")
    except InputError:
        if where.is_asked_for:
            raise
        return experiment, plan_for_experiment(experiment, design_points(experiment), told)
    if not keeps_replications:
        in_worlds = dataclasses.replace(in_worlds, replications=1)
    return in_worlds, plan_for_experiment(in_worlds, points_over_worlds(in_worlds, found), facts_of(found) | told)


def asks_for_replications(overrides: Overrides) -> bool:
    """Return whether settings beside an experiment's file say how many replications there are."""
    given = list(overrides) if isinstance(overrides, Mapping) else [getattr(each, "text", each) for each in overrides]
    return any(str(each).partition("=")[0].strip() in ("replications", "run.replications") for each in given)


def worlds_for(experiment: Experiment, n: int | None = None, source: str | None = None) -> ChosenWorlds:
    """Return the worlds that an experiment is made in, chosen with its seed.

    If none is named they are of ``levels``; where the whole design is repeated in each, there are some of
    ``interviews`` besides.

    Parameters
    ----------
    experiment : Experiment
        As the file has it.
    n : int, optional
        How many; if left out, as many as it draws of its own, or else the usual number.
    source : str, optional
        ``levels``, ``interviews`` or ``prior``.
    """
    own = (*experiment.levers, *(each for each in experiment.uncertainties if not _is_for_worlds(each)))
    is_repeated = not _is_sampled(experiment) and not is_drawn(own)
    if n is None:
        usual = QUICK_WORLDS if experiment.quick else USUAL_WORLDS
        n = usual if is_repeated else experiment.samples
    return chosen_worlds(n, experiment.seed, source or (None if is_repeated else SETS[0]))


def _is_sampled(experiment: Experiment) -> bool:
    return experiment.design not in LISTED_DESIGNS


def over_worlds(experiment: Experiment, found: ChosenWorlds, suffix: str = SUFFIX) -> Experiment:
    """Return an experiment with the coefficients of the worlds among its uncertainties.

    The worlds take the place of the ranges of the registry. What a base sets itself, and what a lever or an uncertainty
    of its own range sets, stays as set in every world.

    Raises InputError if nothing is left for the worlds to say.
    """
    own = [factor for factor in experiment.uncertainties if not _is_for_worlds(factor)]
    always_set = {key for factor in (*experiment.levers, *own) for key in factor.always_set}
    given = [base.own_coefficients() for base in experiment.bases]
    keys = [key for key in varied_keys(given, found.keys) if key not in always_set]
    if not keys:
        raise InputError(said("refusal.worlds_nothing"))
    return dataclasses.replace(
        experiment,
        name=experiment.name + suffix,
        samples=experiment.samples if _is_sampled(experiment) else len(found.settings),
        uncertainties=(*own, *(_factor(key, [world[key] for world in found.settings]) for key in keys)),
    )


def _is_for_worlds(factor: Factor) -> bool:
    """Return whether a factor is a coefficient with the range of the registry, in whose place the worlds come."""
    return bool(factor.registry) and _is_behavior(factor)


def _is_behavior(factor: Factor) -> bool:
    return any(key.startswith(SECTION) for key in factor.keys)


def points_over_worlds(experiment: Experiment, found: ChosenWorlds) -> Points:
    """Return the points of an experiment that `over_worlds` returned.

    Where the experiment draws uncertainties of its own, each draw is met with a world of its own; where it draws none,
    the whole design is repeated in each world, and where there is anything to compare, as often beside these as tells
    luck apart at the default values. In a design that draws everything together each point has a world. All points in
    one world share luck that no other world has.
    """
    from_worlds = [factor.name for factor in experiment.uncertainties if _is_from_worlds(factor)]
    own = tuple(factor for factor in experiment.uncertainties if not _is_from_worlds(factor))
    plain = design_points(dataclasses.replace(experiment, uncertainties=own))
    settings, n_worlds, n_defaults = list(found.settings), len(found.settings), 0
    if _is_sampled(experiment):
        rows = list(range(plain.n_points))
        shuffled = keyed_generator("worlds of points", experiment.seed).permutation(n_worlds).tolist()
        worlds = [shuffled[point % n_worlds] for point in rows]
    elif is_drawn((*experiment.levers, *own)):
        rows = list(range(plain.n_points))
        worlds = [point * n_worlds // plain.n_points for point in rows]  # draws are in the outer loop
    else:
        if plain.n_points * len(experiment.bases) > 1:
            n_defaults = math.ceil(RUNS_AT_DEFAULTS / experiment.replications)
        settings += [{key: float(PARAMETER_BY_PATH[key].default) for key in found.keys}] * n_defaults
        rows = list(range(plain.n_points)) * len(settings)
        worlds = [world for world in range(len(settings)) for _ in range(plain.n_points)]
    coefficients = {key: compact([settings[world][key] for world in worlds]) for key in from_worlds}
    set_at = _coefficients_set(experiment, own, plain)
    leaves = []
    for base, own_leaves in zip(experiment.bases, plain.leaves, strict=True):
        columns = {leaf: _picked(values, rows) for leaf, values in own_leaves.items()}
        for key, values in without(coefficients, base.own_coefficients()).items():
            is_set = [key in set_at[row] for row in rows]
            usual = getattr(base.behavior, key.removeprefix(SECTION))
            there = columns.get(key, [usual] * len(rows))
            columns[key] = compact([a if is_own else b for a, b, is_own in zip(there, values, is_set, strict=True)])
        leaves.append(columns)
    weights = {name: [*each.tolist(), *[0.0] * n_defaults] for name, each in found.weights.items()}
    if n_defaults:
        weights[DEFAULTS] = [0.0] * n_worlds + [1.0 / n_defaults] * n_defaults
    n_points = Counter(worlds)
    # In a design that draws everything each point is a unit of its own, so that luck may be its own too. That of the
    # default values is the luck of a study without worlds.
    luck = (
        rows if _is_sampled(experiment) else [world if world < n_worlds else n_worlds - 1 - world for world in worlds]
    )
    return Points(
        factors={**{name: _picked(values, rows) for name, values in plain.factors.items()}, **coefficients},
        is_lever={**plain.is_lever, **dict.fromkeys(from_worlds, False)},
        leaves=tuple(leaves),
        strategy=array("q", [plain.strategy[row] for row in rows]),
        world=_numbered([(plain.world[row], world) for row, world in zip(rows, worlds, strict=True)]),
        luck=array("q", luck),
        weights={
            name: array("d", [each[world] / n_points[world] for world in worlds]) for name, each in weights.items()
        },
    )


def _is_from_worlds(factor: Factor) -> bool:
    """Return whether a factor is a coefficient that worlds set; `over_worlds` left no other range of the registry."""
    return factor.registry == GROUP and _is_behavior(factor)


def _coefficients_set(experiment: Experiment, own: Sequence[Factor], plain: Points) -> list[frozenset[str]]:
    """Return for each point the coefficients that a lever or an own uncertainty sets there."""
    setting = [factor for factor in (*experiment.levers, *own) if _is_behavior(factor)]
    return [
        frozenset(key for factor in setting for key in factor.settings(plain.factors[factor.name][point]))
        for point in range(plain.n_points)
    ]


def _picked(values: Sequence[Any], rows: Sequence[int]) -> Sequence[Any]:
    return compact([values[row] for row in rows])


def _numbered(pairs: Sequence[tuple[int, int]]) -> Sequence[int]:
    numbers: dict[tuple[int, int], int] = {}
    return array("q", [numbers.setdefault(pair, len(numbers)) for pair in pairs])


def _factor(key: str, values: Sequence[float]) -> Factor:
    """Return a coefficient as an uncertainty of its plausible range, of which the worlds are a part.

    A mechanism that is off by default has none; it has the range of the worlds then.
    """
    from sim.experiments.factors import Factor, Range

    entry = PARAMETER_BY_PATH[key]
    low, high = map(float, entry.plausible or (min(values), max(values)))
    return Factor(key, False, entry.group, "range", (key,), Range(low, high), registry=GROUP)
