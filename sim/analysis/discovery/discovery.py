"""From a results folder and a condition to boxes that were checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.analysis.discovery.cases import (
    DUMMY,
    SCENARIO,
    Cases,
    Condition,
    Limit,
    Results,
    all_cases,
    limits_of,
    own_outcomes,
    parse_condition,
    read_results,
    rounded,
)
from sim.analysis.discovery.checks import (
    Chance,
    Dropped,
    HeldOut,
    Interval,
    Sides,
    blocks_of,
    chance,
    difference_cases,
    drop_each,
    hold_out,
    parse_sides,
    share_interval,
    share_of,
    weights_of,
)
from sim.analysis.discovery.search import (
    Aim,
    Box,
    Counts,
    Space,
    candidate_boxes,
    count,
    fewest_rows,
    find_box,
    looser,
    make_space,
)
from sim.catalog.outcomes import OUTCOME_NAMES

LARGEST_P = 0.02
"""A box is kept if shuffled designs give as good a one at most this often."""
MOST_BOXES = 3
FEWEST_CASES = 5
"""With fewer cases (or fewer rows that are none) nothing is looked for."""

Verdict = Literal["found", "cannot tell", "never", "always", "too few", "nothing varies", "no value"]


class TradeOff(NamedTuple):
    """A candidate that no other beats in both coverage and density."""

    coverage: float
    density: float
    n_inside: int
    n_limits: int
    is_chosen: bool


@dataclass(frozen=True)
class Found:
    """A box with everything that was found out about it."""

    box: Box
    limits: dict[int, Limit]  # what it allows of each factor (by its column), the most important first
    inside: np.ndarray  # bool (n_rows,): the rows in it that no earlier box holds
    counts: Counts  # among the rows outside earlier boxes
    every: Counts  # among all rows, those of earlier boxes included
    density: Interval  # share of cases in the box
    elsewhere: Interval  # share of cases among the rows outside this and earlier boxes
    held_out: HeldOut  # the same search on points that it had not seen
    chance: Chance  # how often a shuffled design gives as good a box
    dropped: dict[int, Dropped]  # what is lost without each of its factors
    trade_off: tuple[TradeOff, ...]  # the candidates to choose from, from wide to full of cases

    @property
    def is_better_than_chance(self) -> bool:
        """Whether both checks say so, and held-out points in it are fuller of cases than all points together."""
        is_fuller = self.held_out.density.share > self.every.base_rate
        return self.chance.p <= LARGEST_P and self.held_out.is_better_than_all and is_fuller

    @property
    def coverage(self) -> float:
        """Share of all cases that lie in the box (and in no earlier one)."""
        return self.counts.weight_of_cases_inside / self.every.weight_of_cases


@dataclass(frozen=True)
class Discovery:
    """What was found where a condition holds."""

    results: Results  # where it was looked for
    condition: Condition  # when a row is a case
    sides: Sides | None  # what is compared, where the condition is about a difference
    cases: Cases  # the rows that have a value
    space: Space  # where they lie
    holds: np.ndarray  # bool (n_rows,): which of them are cases
    blocks: np.ndarray  # int (n_rows,): which rows belong together
    n_without_value: int  # rows left out as no replication has a value
    n_values_missing: int  # single replications without a value at the rows that are used
    verdict: Verdict  # ``found``, or why there is no box
    boxes: tuple[Found, ...]  # boxes better than chance, in the order found
    rejected: Found | None  # the best candidate that is not better than chance, where the search ended with one
    # whether the search would have limited the dummy, which sets nothing; None where there is none
    dummy_chosen: bool | None
    unit: str  # what a row is: ``worlds``, ``strategies`` or ``points``

    @property
    def base_rate(self) -> float:
        """Share of cases among all rows."""
        return share_of(self.holds, self.space.weights) if len(self.holds) else float("nan")


def discover(
    folder: Path,
    when: str,
    difference: tuple[str, str] | None = None,
    density: float | None = None,
    n_boxes: int = MOST_BOXES,
) -> Discovery:
    """Find where a condition holds.

    Parameters
    ----------
    folder : Path
        Results of a sweep or a sensitivity analysis.
    when : str
        The condition, such as ``monthly_posters < 0.1``.
    difference : tuple of str, optional
        Two base scenarios, or two settings of a factor (``launch.framing=collaboration``): the condition is then
        about the first minus the second, paired by seed.
    density : float, optional
        The least share of cases that a box should have; left out, density and coverage are balanced.
    n_boxes : int
        Look for at most so many boxes.

    Raises
    ------
    InputError
        If the folder, the condition or the difference is not what it must be.
    """
    parse_condition(when, (*OUTCOME_NAMES, *own_outcomes(folder)))
    results = read_results(folder)
    condition = parse_condition(when, results.outcomes, None if difference else results.n_weeks)
    sides = parse_sides(*difference, results) if difference else None
    every = difference_cases(results, condition.outcome, sides) if sides else all_cases(results, condition.outcome)
    is_given = ~np.isnan(every.means)
    cases = every.rows(is_given)
    space = replace(make_space(cases.columns, log_factors(results.experiment)), weights=cases.weights)
    holds = condition.holds(cases.means)
    blocks = _blocks(results, cases)
    verdict, found, rejected = _look(space, holds, blocks, density, n_boxes)
    return Discovery(
        results=results,
        condition=condition,
        sides=sides,
        cases=cases,
        space=space,
        holds=holds,
        blocks=blocks,
        n_without_value=int((~is_given).sum()),
        n_values_missing=int(np.isnan(cases.values).sum()),
        verdict=verdict,
        boxes=tuple(found),
        rejected=rejected,
        dummy_chosen=_dummy_chosen(space, cases, holds, density) if found else None,
        unit=_unit(results, sides),
    )


def _look(
    space: Space, holds: np.ndarray, blocks: np.ndarray, density: float | None, n_boxes: int
) -> tuple[Verdict, list[Found], Found | None]:
    """Look for boxes, if there is anything to look for."""
    if not len(holds):
        return "no value", [], None
    if not holds.any() or holds.all():
        return "always" if holds.all() else "never", [], None
    if not space.factors:
        return "nothing varies", [], None
    if min(holds.sum(), (~holds).sum()) < FEWEST_CASES:
        return "too few", [], None
    found, rejected = find_boxes(space, holds, blocks, density, n_boxes)
    return "found" if found else "cannot tell", found, rejected


def find_boxes(
    space: Space, holds: np.ndarray, blocks: np.ndarray, density: float | None = None, n_boxes: int = MOST_BOXES
) -> tuple[list[Found], Found | None]:
    """Find boxes one after another, each among the rows that no earlier one holds.

    Returns
    -------
    found : list of Found
        Boxes better than chance.
    rejected : Found or None
        The candidate at which the search ended.
    """
    found: list[Found] = []
    is_left = np.ones(len(holds), dtype=bool)
    while len(found) < n_boxes:
        if min(holds[is_left].sum(), (~holds[is_left]).sum()) < FEWEST_CASES:
            return found, None
        one = _one_box(space, holds, blocks, is_left, density, (len(found), len(holds)))
        if one is None or not one.is_better_than_chance:
            return found, one
        found.append(one)
        is_left &= ~one.inside
    return found, None


def _one_box(
    space: Space, holds: np.ndarray, blocks: np.ndarray, is_left: np.ndarray, density: float | None, key: Sequence[int]
) -> Found | None:
    """Find and check the best box among the rows that are left."""
    part, part_holds = space.rows(is_left), holds[is_left]
    _, part_blocks = np.unique(blocks[is_left], return_inverse=True)
    aim = Aim(density, fewest_rows(len(part_holds), int(part_holds.sum())))
    candidate = find_box(part, part_holds, aim)
    if candidate is None:
        return None
    box, ends = rounded(part, part_holds, candidate.box, aim)
    inside = box.contains(part.codes)
    held_out = hold_out(part, part_holds, part_blocks, aim, key)
    dropped = drop_each(part, part_holds, box, held_out)
    limits = limits_of(part, box, ends)
    order = sorted(limits, key=lambda index: (dropped[index].counts.density, index))
    everywhere = np.zeros(len(holds), dtype=bool)
    every = count(everywhere, holds, space.weights)
    everywhere[np.flatnonzero(is_left)[inside]] = True
    return Found(
        box=box,
        limits={index: limits[index] for index in order},
        inside=everywhere,
        counts=count(inside, part_holds, part.weights),
        every=every,
        density=share_interval(part_holds[inside], part_blocks[inside], weights_of(part, inside)),
        elsewhere=share_interval(part_holds[~inside], part_blocks[~inside], weights_of(part, ~inside)),
        held_out=held_out,
        chance=chance(part, part_holds, part_blocks, aim, key),
        dropped={index: dropped[index] for index in order},
        trade_off=trade_off(part, part_holds, box, aim, every.weight_of_cases),
    )


def trade_off(space: Space, holds: np.ndarray, chosen: Box, aim: Aim, weight_of_cases: float) -> tuple[TradeOff, ...]:
    """Return the candidates that no other beats in both coverage and density, and the chosen one, from wide to dense.

    `space`, `holds`: the rows among which the box was looked for; `chosen`: the box that was chosen; `aim`: what the
    search was for; `weight_of_cases`: of all cases, which coverage is the share of.
    """

    def place(box: Box, is_chosen: bool) -> TradeOff:
        counts = count(box.contains(space.codes), holds, space.weights)
        coverage = counts.weight_of_cases_inside / weight_of_cases
        return TradeOff(coverage, counts.density, counts.n_inside, box.n_limits(space), is_chosen)

    mine = place(chosen, True)
    boxes = [box for found in candidate_boxes(space, holds, aim.n_fewest) for box in (found, *looser(space, found))]
    others = {place(box, False) for box in [Box({}), *boxes, *_parts(space, chosen)]}
    points = [mine, *(other for other in others if other[:2] != mine[:2])]
    kept = [one for one in points if one.is_chosen or not any(_beats(other, one) for other in points)]
    return tuple(sorted(kept, key=lambda one: (-one.coverage, one.density, one.n_limits)))


def _parts(space: Space, box: Box) -> Iterator[Box]:
    """Yield every box that some of the limits of a box make, except none of them."""
    for other in looser(space, box):
        if other.allowed:
            yield other
            yield from _parts(space, other)


def _beats(one: TradeOff, other: TradeOff) -> bool:
    """Say whether a candidate is better in coverage or density and worse in neither, or as good with fewer limits."""
    if one[:2] == other[:2]:
        return one.n_limits < other.n_limits
    return one.coverage >= other.coverage and one.density >= other.density


def _blocks(results: Results, cases: Cases) -> np.ndarray:
    if not len(cases.points):
        return np.empty(0, dtype=np.int64)
    uncertainties = [cases.columns[name] for name in _uncertainties(results) if name in cases.columns]
    facts = {**results.experiment, "n_points": len(results.points)}
    return blocks_of(cases.points, cases.worlds, uncertainties, facts)


def _uncertainties(results: Results) -> list[str]:
    """Return the factors that are the same at every point of a world."""
    points = results.points
    by_world = points.groupby("world")
    return [name for name in results.factors if (by_world[name].nunique(dropna=False) == 1).all()]


def _dummy_chosen(space: Space, cases: Cases, holds: np.ndarray, density: float | None) -> bool | None:
    """Say whether the first box would limit the dummy if it were a factor like the others."""
    if not cases.dummy:
        return None
    names = {name: space.values(k) for k, name in enumerate(space.names)}
    wider = replace(make_space({**names, DUMMY: cases.dummy}), weights=space.weights)
    aim = Aim(density, fewest_rows(len(holds), int(holds.sum())))
    found = find_box(wider, holds, aim)
    return DUMMY in wider.names and found is not None and wider.names.index(DUMMY) in found.box.allowed


def log_factors(experiment: dict[str, Any]) -> list[str]:
    """Return the factors that an experiment draws on a logarithmic scale."""
    settings = {**(experiment.get("levers") or {}), **(experiment.get("uncertainties") or {})}
    return [
        name for name, setting in settings.items()
        if isinstance(setting, dict) and setting.get("distribution") == "log_uniform"
    ]  # fmt: skip


def _unit(results: Results, sides: Sides | None) -> str:
    """Return what a row is called: worlds where only uncertainties vary, strategies where only levers do."""
    is_varied = [name for name in results.factors if results.points[name].nunique(dropna=False) > 1]
    left = [name for name in is_varied if sides is None or name != sides.factor]
    levers = {factor["name"] for factor in results.manifest.get("factors") or () if factor["is_lever"]}
    is_lever = [name in levers for name in left]
    has_scenarios = len(results.scenarios) > 1 and (sides is None or bool(sides.factor))
    if not left or has_scenarios or len(set(is_lever)) > 1:
        return "points"
    return "strategies" if is_lever[0] else "worlds"


__all__ = ["SCENARIO", "Discovery", "Found", "TradeOff", "discover", "find_boxes"]
