"""The points of an experiment: which settings of levers and uncertainties are run.

``grid``, ``list`` and ``zip`` combine what is listed, and draw the uncertainties that are ranges as worlds that every
strategy meets. ``latin_hypercube`` and ``sobol`` draw everything together. Draws come from `scipy.stats.qmc` with a
generator of their own, made from the seed of the experiment, so that one experiment always has the same points.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, product
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.experiments.grammar import LISTED_DESIGNS
from sim.experiments.points import Points
from sim.runs.plan import About, Arm, Kept, Plan, make_plan

if TYPE_CHECKING:
    import numpy as np

    from sim.experiments import Experiment, Factor
    from sim.scenario.contradictions import Contradiction

Row = tuple[Any, ...]
"""The values of all factors at one point, levers first."""

_DRAWS = 0x646573
"""Sets the draws of a design apart from those of replications with the same seed ("des" in ASCII)."""
_SHOWN = 10


def design_points(experiment: Experiment) -> Points:
    """Return the points of the design of an experiment.

    Where worlds are drawn or listed, they are in the outer loop: the first points of a grid are all strategies in the
    first world.

    Raises
    ------
    InputError
        If the settings of a point contradict each other; it names the points with their values.
    ValueError
        If the experiment has a method instead of a design: its points come from `points_from_unit`.
    """
    if experiment.design is None:
        raise ValueError(f"{experiment.name} has no design; the points of a method come from points_from_unit")
    if experiment.design not in LISTED_DESIGNS:
        return points_from_unit(experiment, unit_draws(experiment, len(experiment.factors)))
    return _points(experiment, list(_listed_rows(experiment)))


def points_from_unit(experiment: Experiment, unit: np.ndarray) -> Points:
    """Return the points for draws between 0 and 1.

    Parameters
    ----------
    experiment : Experiment
        Levers and uncertainties, in this order, are the columns.
    unit : array of float, shape (number of points, number of factors)
        Each from 0 to 1: the share of all draws of the factor that are below.

    Raises
    ------
    InputError
        If the settings of a point contradict each other; it names the points with their values.
    ValueError
        If `unit` does not have a column for each factor, or holds anything outside 0 to 1.
    """
    factors = experiment.factors
    if unit.ndim != 2 or unit.shape[1] != len(factors):
        raise ValueError(f"draws must have {len(factors)} columns, one a factor, have the shape {unit.shape}")
    if not ((unit >= 0) & (unit <= 1)).all():
        raise ValueError("draws must be from 0 to 1")
    return _points(experiment, [_valued(factors, draws) for draws in unit.tolist()])


def _valued(factors: Sequence[Factor], draws: Sequence[float]) -> Row:
    return tuple(factor.value(draw) for factor, draw in zip(factors, draws, strict=True))


def unit_draws(experiment: Experiment, n_factors: int) -> np.ndarray:
    """Return `samples` draws between 0 and 1 for some factors, spread evenly over the space that they span.

    Scrambled Sobol points for the design ``sobol``, a Latin hypercube for every other.
    """
    from numpy.random import SeedSequence, default_rng
    from scipy.stats import qmc

    rng = default_rng(SeedSequence([experiment.seed, _DRAWS]))
    if experiment.design == "sobol":
        return qmc.Sobol(n_factors, scramble=True, rng=rng).random_base2(experiment.samples.bit_length() - 1)
    return qmc.LatinHypercube(n_factors, rng=rng).random(experiment.samples)


def _listed_rows(experiment: Experiment) -> Iterator[Row]:
    """Yield the rows of a grid, list or zip: drawn worlds in the outer loop, levers in the inner one."""
    factors = experiment.factors
    drawn = [factor for factor in factors if factor.spread is not None]
    worlds = [_valued(drawn, draws) for draws in unit_draws(experiment, len(drawn)).tolist()] if drawn else [()]
    positions = {factor.name: position for position, factor in enumerate(drawn)}
    for world in worlds:
        for listed in _combined(experiment):
            yield tuple(
                world[positions[factor.name]] if factor.spread is not None else listed[factor.name]
                for factor in factors
            )


def _combined(experiment: Experiment) -> Iterable[dict[str, Any]]:
    """Yield the values of all factors with listed values, combined as the design says."""
    # Uncertainties first: they change most slowly, so that the strategies of one world stand together.
    listed = [one for one in (*experiment.uncertainties, *experiment.levers) if one.levels is not None]
    names = [factor.name for factor in listed]
    levels = [factor.levels or () for factor in listed]
    combined = zip(*levels, strict=True) if experiment.design == "zip" and levels else product(*levels)
    return (dict(zip(names, values, strict=True)) for values in combined)


def _points(experiment: Experiment, rows: list[Row]) -> Points:
    """Return the points with these values of the factors, each checked."""
    n_levers = len(experiment.levers)
    names = [factor.name for factor in experiment.factors]
    columns = list(zip(*rows, strict=True)) if names else []
    return Points(
        factors={name: compact(column) for name, column in zip(names, columns, strict=True)},
        is_lever={factor.name: factor.is_lever for factor in experiment.factors},
        leaves=_leaves(experiment, rows),
        strategy=_numbered(row[:n_levers] for row in rows),
        world=_numbered(row[n_levers:] for row in rows),
    )


def _numbered(settings: Iterable[Row]) -> Sequence[int]:
    """Return a number for each setting, the same for the same one, counted as they first appear."""
    numbers: dict[Row, int] = {}
    return array("q", [numbers.setdefault(setting, len(numbers)) for setting in settings])


def compact(values: Sequence[Any]) -> Sequence[Any]:
    """Return the values in as little memory as their type allows; reading one gives the same Python value."""
    types = {type(value) for value in values}
    if types == {float}:
        return array("d", values)
    return array("q", values) if types == {int} else list(values)


def _leaves(experiment: Experiment, rows: Sequence[Row]) -> tuple[dict[str, Sequence[Any]], ...]:
    """Return for each arm what its points change, after checking that every point is a valid scenario.

    Raises
    ------
    InputError
        If any is not.
    """
    from sim.experiments.overlay import Overlay
    from sim.scenario.staffing import kept_keys

    keys = tuple(dict.fromkeys(key for factor in experiment.factors for key in factor.keys))
    wrong: dict[int, list[Contradiction]] = {}
    leaves: list[dict[str, Sequence[Any]]] = []
    for base in experiment.bases:
        overlay = Overlay(base, keys)
        own = overlay.leaf_values(base)
        given = kept_keys(base)
        is_varied = [not factor.is_kept(given) for factor in experiment.factors]
        columns: list[list[Any]] = [[] for _ in overlay.leaves]
        for point, row in enumerate(rows):
            laid = overlay.lay(_settings(list(compress(experiment.factors, is_varied)), list(compress(row, is_varied))))
            if laid.scenario is None:
                known = wrong.setdefault(point, [])
                known += [one for one in laid.wrong if one not in known]
                continue
            for column, value in zip(columns, overlay.leaf_values(laid.scenario), strict=True):
                column.append(value)
        leaves.append(
            {
                leaf: compact(column)
                for leaf, column, usual in zip(overlay.leaves, columns, own, strict=True)
                if any(value != usual for value in column)
            }
        )
    if wrong:
        raise InputError(_refusals(experiment, rows, wrong))
    return tuple(leaves)


def _settings(factors: Sequence[Factor], row: Sequence[Any]) -> dict[str, Any]:
    """Return the keys that a row sets, with their values."""
    settings: dict[str, Any] = {}
    for factor, value in zip(factors, row, strict=True):
        if factor.spread is not None:
            settings[factor.name] = value
        else:
            settings.update(factor.settings(value))
    return settings


def _refusals(experiment: Experiment, rows: Sequence[Row], wrong: dict[int, list[Contradiction]]) -> Iterator[str]:
    """Yield a line for each of the first points that contradict themselves, with the values that take part."""
    for point in list(wrong)[:_SHOWN]:
        for one in wrong[point]:
            yield f"{experiment.file}: point {point} ({_values_of(experiment, rows[point], one)}): {one}"
    if len(wrong) > _SHOWN:
        yield f"{experiment.file}: ... and {len(wrong) - _SHOWN} more of {len(rows)} points contradict themselves"


def _values_of(experiment: Experiment, row: Row, one: Contradiction) -> str:
    """Return the values of the factors that take part in a contradiction, or of all where none can be told."""
    from sim.experiments.factors import overlap

    paths = [".".join(str(part) for part in path if isinstance(part, str)) for path in (one.path, *one.involves)]
    pairs = [(factor, f"{factor.name}={value}") for factor, value in zip(experiment.factors, row, strict=True)]
    taking_part = [text for factor, text in pairs if any(overlap(key, path) for key in factor.keys for path in paths)]
    return ", ".join(taking_part or [text for _, text in pairs])


def plan_for_experiment(experiment: Experiment, points: Points, worlds: Mapping[str, Any] | None = None) -> Plan:
    """Return the plan of an experiment: every base scenario at every point, all with the same seeds.

    Parameters
    ----------
    experiment : Experiment
        Its bases are the arms.
    points : Points
        The design; `leaves` in the order of the bases.
    worlds : mapping, optional
        What the manifest is to say about plausible worlds (`over_worlds.facts_of`).
    """
    arms = [Arm(base.name, base.resolved(), base.own_coefficients()) for base in experiment.bases]
    kept = Kept(experiment.outcomes, experiment.series, experiment.groups, "replies" in experiment.keep)
    described = {**experiment.as_mapping(), **(worlds or {})}
    about = About(experiment.kind, described, _factor_facts(experiment.factors, points))
    return make_plan(arms, experiment.replications, experiment.seed, points=points, kept=kept, about=about)


def _factor_facts(factors: tuple[Factor, ...], points: Points) -> list[dict[str, Any]]:
    """Return what the manifest says about each column of the points; one that sets nothing has no keys."""
    known = {factor.name: factor for factor in factors}
    facts = []
    for name, is_lever in points.is_lever.items():
        factor = known.get(name)
        facts.append(
            {
                "name": name,
                "is_lever": is_lever,
                "group": factor.group if factor else "",
                "kind": factor.kind if factor else "",
                "keys": list(factor.keys) if factor else [],
                "levels": list(factor.levels) if factor and factor.levels is not None else None,
                "registry": factor.registry if factor else "",
            }
        )
    return facts
