"""Pairs, folds and blocks of cases, and the checks that a box is better than chance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.discovery.cases import Cases, Results, all_cases, scenario_difference
from sim.analysis.discovery.search import Aim, Box, Counts, Space, count, fewest_rows, find_box
from sim.analysis.statistics import wilson
from sim.errors import InputError
from sim.kernel.streams import keyed_generator
from sim.scenario.hints import did_you_mean, listed, shown
from sim.words import said


class Sides(NamedTuple):
    """What is compared: `a` minus `b`; base scenarios where `factor` is empty, else settings of that factor."""

    factor: str
    a: Any
    b: Any

    @property
    def names(self) -> tuple[str, str]:
        """How the two sides are called."""
        return side_name(self.a), side_name(self.b)


def side_name(value: Any) -> str:
    """Return a setting as it stands in a file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def parse_sides(a: str, b: str, results: Results) -> Sides:
    """Read the two arguments of ``--difference``.

    Each is the name of a base scenario, or ``factor=value``, both of one factor.

    Raises InputError if one of them is not in the results.
    """
    sides = [_side(text, results) for text in (a, b)]
    (factor, first), (other, second) = sides
    if factor != other:
        raise InputError(said("refusal.difference.pair", a=shown(a), b=shown(b)))
    if first == second:
        raise InputError(said("refusal.difference.same", a=shown(a)))
    return Sides(factor, first, second)


def _side(text: str, results: Results) -> tuple[str, Any]:
    if text in results.scenarios:
        return "", text
    name, sign, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not sign:
        hint = did_you_mean(text, results.scenarios) or "."
        raise InputError(
            said("refusal.difference.scenario", text=shown(text), names=listed(results.scenarios), hint=hint)
        )
    if name not in results.factors:
        hint = did_you_mean(name, results.factors) or "."
        raise InputError(said("refusal.difference.factor", name=shown(name), names=listed(results.factors), hint=hint))
    levels = list(dict.fromkeys(_plain(level) for level in results.points[name].tolist()))
    found = [level for level in levels if _is_same(level, value)]
    if not found:
        names = [side_name(level) for level in levels]
        raise InputError(
            said(
                "refusal.difference.value",
                name=name,
                value=shown(value),
                names=listed(names),
                hint=did_you_mean(value, names) or ".",
            )
        )
    return name, found[0]


def _plain(level: Any) -> Any:
    return level.item() if isinstance(level, np.generic) else level


def _is_same(level: Any, text: str) -> bool:
    if isinstance(level, bool):
        return text.lower() == str(level).lower()
    if isinstance(level, int | float):
        try:
            return math.isclose(float(text), level, rel_tol=1e-12)
        except ValueError:
            return False
    return str(level) == text


def difference_cases(results: Results, outcome: str, sides: Sides) -> Cases:
    """Return the pairs of points that differ in one factor alone, or every point of both scenarios, with `a` minus `b`.

    Raises InputError if no point has a partner.
    """
    if not sides.factor:
        return scenario_difference(results, outcome, sides.a, sides.b)
    every = all_cases(results, outcome)
    own = every.columns[sides.factor]
    others = [name for name in every.columns if name != sides.factor]
    keys = list(zip(*(every.columns[name] for name in others), strict=True)) if others else [()] * len(own)
    places: dict[Any, dict[Any, list[int]]] = {sides.a: {}, sides.b: {}}
    for place, (setting, key) in enumerate(zip(own, keys, strict=True)):
        if setting in places:
            places[setting].setdefault(key, []).append(place)
    pairs = [
        pair
        for key, first in places[sides.a].items()
        for pair in zip(first, places[sides.b].get(key, ()), strict=False)
    ]
    n_sided = sum(len(rows) for by_key in places.values() for rows in by_key.values())
    if not pairs:
        raise InputError(said("refusal.discover.no_partner", factor=sides.factor, a=sides.names[0], b=sides.names[1]))
    a, b = np.array(pairs).T
    columns = {name: [every.columns[name][k] for k in a] for name in others}
    dummy = [every.dummy[k] for k in a] if every.dummy else []
    values = every.values[a] - every.values[b]
    return Cases(
        columns,
        every.points[a],
        every.worlds[a],
        values,
        dummy,
        n_sided - 2 * len(pairs),
        results.weights_of(every.points[a]),
    )


# Which rows belong together: they are held out together, and shuffled as one.
#
# Two rows that share a world are not two independent looks at what that world's values do. Were one held out and
# the other not, a box could recognize the world instead of explaining it.


def connected(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Return the block of each row, int (n_rows,): rows that share a value in any column are in one block.

    `columns`: int (n_rows,): at least one.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(columns[0])
    rows, groups, n_groups = [], [], 0
    for column in columns:
        _, group = np.unique(column, return_inverse=True)
        rows.append(np.arange(n))
        groups.append(group + n + n_groups)
        n_groups += int(group.max(initial=-1)) + 1
    row, group = np.concatenate(rows), np.concatenate(groups)
    size = n + n_groups
    graph = coo_array((np.ones(len(row), dtype=np.int8), (row, group)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    _, block = np.unique(labels[:n], return_inverse=True)
    return block.astype(np.int64)


def is_factorial(worlds: np.ndarray, uncertainties: Sequence[Sequence[Any]]) -> bool:
    """Say whether the worlds are all combinations of a few values, so that each value stands in several of them.

    Then what one value does is seen in several worlds (or there is but one uncertainty), and rows can stand for
    themselves.
    """
    n_worlds = len(np.unique(worlds))
    n_combinations = 1
    for values in uncertainties:
        n_combinations *= len(set(values))
        if n_combinations > n_worlds:
            return False
    return True


def blocks_of(
    points: np.ndarray, worlds: np.ndarray, uncertainties: Sequence[Sequence[Any]], design: Mapping[str, Any]
) -> np.ndarray:
    """Return the block of each row, int (n_rows,).

    `points`, `worlds`: int (n_rows,): number of the point, and of the world, of each row; `uncertainties`: values of
    each uncertainty, row by row; `design`: the experiment as its manifest has it: `method`, `samples`, and `n_points`
    of the whole design. The points of a Morris trajectory or a Sobol base sample stand together and share most of their
    values.
    """
    columns = [points]
    n_points, samples = design.get("n_points") or 0, design.get("samples") or 0
    if design.get("method") in ("morris", "sobol") and samples and n_points % samples == 0:
        columns.append(points // (n_points // samples))
    if not is_factorial(worlds, uncertainties):
        columns.append(worlds)
    return connected(columns)


def shuffled(blocks: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return an order of the rows, int (n_rows,), in which whole blocks changed places with others of their size.

    Rows are shuffled within blocks too. So rows of a block stay together, and neither the values of the blocks nor
    those within them tell anything any more.
    """
    order = np.empty(len(blocks), dtype=np.int64)
    by_block = np.argsort(blocks, kind="stable")
    starts = np.flatnonzero(np.diff(blocks[by_block], prepend=-1))
    members = np.split(by_block, starts[1:])
    sizes = np.array([len(rows) for rows in members])
    for size in np.unique(sizes):
        same = np.flatnonzero(sizes == size)
        for to, source in zip(same, generator.permutation(same), strict=True):
            order[members[to]] = generator.permutation(members[source])
    return order


def folds_of(blocks: np.ndarray, n_folds: int, generator: np.random.Generator) -> np.ndarray:
    """Return the fold of each row, int (n_rows,), blocks whole, folds of nearly equal numbers of blocks."""
    n_blocks = int(blocks.max()) + 1
    fold_of_block = np.empty(n_blocks, dtype=np.int64)
    fold_of_block[generator.permutation(n_blocks)] = np.arange(n_blocks) % n_folds
    return fold_of_block[blocks]


# Is a box more than chance, and does it hold for points that it was not found with?

N_FOLDS = 10
N_SHUFFLES = 199
ENOUGH_BETTER = 10
"""With so many shuffled designs as good, nothing more is to be learned (Besag and Clifford 1991, Biometrika 78)."""
MOST_ROWS_SHUFFLED = 2000
"""Of more rows the test takes these, to stay within seconds."""


class Interval(NamedTuple):
    """A share with its 95% interval."""

    share: float
    low: float
    high: float


class HeldOut(NamedTuple):
    """How boxes do that are found without a tenth of the points, on that tenth."""

    # `n_inside`, `n_cases_inside`: Held-out rows, and cases, in the box of their fold, over all folds
    n_inside: int
    n_cases_inside: int
    density: Interval  # share of cases among them
    coverage: float  # share of all cases that lie in the box of their fold
    base_rate: float  # share of cases among all rows
    n_folds: int  # parts that were held out in turn
    found_again: Counter[int]  # in how many of them each factor (its column) was limited

    @property
    def is_better_than_all(self) -> bool:
        """Whether the density is surely above the base rate."""
        return self.density.low > self.base_rate


class Chance(NamedTuple):
    """How often a shuffled design gives as good a box."""

    p: float
    n_shuffles: int
    n_rows: int


def share_of(holds: np.ndarray, weights: np.ndarray | None) -> float:
    """Return the share of cases among rows, by weight."""
    return float(np.average(holds, weights=weights))


def weights_of(space: Space, chosen: np.ndarray) -> np.ndarray | None:
    """Return how much some rows (bool) count; None where all count alike."""
    return None if space.weights is None else space.weights[chosen]


def share_interval(holds: np.ndarray, blocks: np.ndarray, weights: np.ndarray | None = None) -> Interval:
    """Return the share of cases with Wilson's interval, wider where rows of one block are alike.

    The number of rows is divided by the design effect (Korn and Graubard 1998, Survey Methodology 24).

    Parameters
    ----------
    holds : array of bool (n_rows,)
        Which rows are cases.
    blocks : array of int (n_rows,)
        The block of each.
    weights : array of float (n_rows,), optional
        How much each counts: unequal weights are worth fewer rows (Kish 1965).
    """
    n = len(holds)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan)
    if weights is not None and weights.max() > weights.min():
        return _weighted_interval(holds, blocks, weights / weights.sum())
    share = float(holds.mean())
    _, block = np.unique(blocks, return_inverse=True)
    n_blocks = int(block.max()) + 1
    effective = float(n)
    if n_blocks == 1:
        effective = 1.0
    elif n_blocks < n:
        sums = np.bincount(block, weights=holds - share)
        variance = n_blocks / (n_blocks - 1) * float(sums @ sums) / n**2
        expected = share * (1 - share) / n
        # Where all rows agree nothing shows how alike blocks are: each then counts once.
        effective = n_blocks if expected == 0 else n * min(1.0, expected / variance) if variance > 0 else n
    return Interval(share, *wilson(share, effective))


def _weighted_interval(holds: np.ndarray, blocks: np.ndarray, weights: np.ndarray) -> Interval:
    """Return the same for weights that sum to 1."""
    share = float(weights @ holds)
    _, block = np.unique(blocks, return_inverse=True)
    worth, n_blocks = 1.0 / float(weights @ weights), int(block.max()) + 1
    if n_blocks == 1:
        return Interval(share, *wilson(share, 1.0))
    off = np.bincount(block, weights=weights * (holds - share))
    variance = n_blocks / (n_blocks - 1) * float(off @ off)
    whole = np.bincount(block, weights=weights)
    expected = share * (1 - share)
    # Where all rows agree nothing shows how alike blocks are: each then counts once.
    effective = 1.0 / float(whole @ whole) if expected == 0 or variance == 0 else min(worth, expected / variance)
    return Interval(share, *wilson(share, effective))


def hold_out(space: Space, holds: np.ndarray, blocks: np.ndarray, aim: Aim, key: Sequence[object]) -> HeldOut:
    """Find a box without each tenth of the blocks in turn, and count what it holds of that tenth."""
    n_folds = min(N_FOLDS, int(blocks.max()) + 1)
    folds = folds_of(blocks, n_folds, keyed_generator("discovery folds", *key))
    inside = np.zeros(len(holds), dtype=bool)
    found_again: Counter[int] = Counter()
    for fold in range(n_folds):
        held = folds == fold
        rest = holds[~held]
        part = aim._replace(n_fewest=min(aim.n_fewest, fewest_rows(len(rest), int(rest.sum()))))
        found = find_box(space.rows(~held), rest, part)
        if found is not None:
            inside[held] = found.box.contains(space.codes[held])
            found_again.update(found.box.allowed.keys())
    counts = count(inside, holds, space.weights)
    density = share_interval(holds[inside], blocks[inside], weights_of(space, inside))
    return HeldOut(
        counts.n_inside, counts.n_cases_inside, density, counts.coverage, counts.base_rate, n_folds, found_again
    )


def chance(space: Space, holds: np.ndarray, blocks: np.ndarray, aim: Aim, key: Sequence[object]) -> Chance:
    """Return how often the same search finds as good a box where the factors cannot matter.

    Whole blocks change places, and rows within them, so that cases keep standing together as they do.
    """
    generator = keyed_generator("discovery shuffles", *key)
    chosen = _some_blocks(blocks, generator)
    space, holds, blocks = space.rows(chosen), holds[chosen], blocks[chosen]
    aim = aim._replace(n_fewest=min(aim.n_fewest, fewest_rows(len(holds), int(holds.sum()))))
    found = find_box(space, holds, aim)
    if found is None:
        return Chance(1.0, 0, len(holds))
    n_better = 0
    for n_done in range(1, N_SHUFFLES + 1):
        other = find_box(space, holds[shuffled(blocks, generator)], aim)
        n_better += other is not None and other.worth >= found.worth
        if n_better == ENOUGH_BETTER:
            return Chance(n_better / n_done, n_done, len(holds))
    return Chance((n_better + 1) / (N_SHUFFLES + 1), N_SHUFFLES, len(holds))


def _some_blocks(blocks: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return which rows to use, bool (n_rows,): all, or whole blocks drawn until there are enough rows."""
    if len(blocks) <= MOST_ROWS_SHUFFLED:
        return np.ones(len(blocks), dtype=bool)
    sizes = np.bincount(blocks)
    drawn = generator.permutation(len(sizes))
    n_before = np.cumsum(sizes[drawn]) - sizes[drawn]
    return np.isin(blocks, drawn[n_before < MOST_ROWS_SHUFFLED])


class Dropped(NamedTuple):
    """What a box is without one of its factors."""

    counts: Counts  # the box without the factor
    # chance that a draw of as many rows from that wider box holds as many cases as the box (quasi-p-value, Bryant and
    # Lempert 2010). The limit was chosen to be good, so this is too small; a large one says that the limit can go
    p: float
    n_found: int  # in how many of the parts of the cross-check the factor was limited too
    together: tuple[str, ...]  # other factors that could take its place: over these points they change together with it


def drop_each(space: Space, holds: np.ndarray, box: Box, held_out: HeldOut) -> dict[int, Dropped]:
    """Return what is lost with each factor of a box."""
    from scipy.stats import binom

    own = count(box.contains(space.codes), holds, space.weights)
    found = {}
    for index in box.allowed:
        counts = count(box.without(index).contains(space.codes), holds, space.weights)
        p = float(binom.sf(own.n_cases_inside - 1, own.n_inside, counts.density))
        together = _together(space, index, box.allowed[index][space.codes[:, index]])
        found[index] = Dropped(counts, p, held_out.found_again[index], together)
    return found


def _together(space: Space, index: int, inside: np.ndarray) -> tuple[str, ...]:
    """Return the factors of which some levels single out the same rows."""
    names = []
    for k, factor in enumerate(space.factors):
        codes_in, codes_out = np.unique(space.codes[inside, k]), np.unique(space.codes[~inside, k])
        if k == index or np.intersect1d(codes_in, codes_out).size:
            continue
        merged = np.isin(np.unique(space.codes[:, k]), codes_in)
        if not factor.is_ordered or np.count_nonzero(np.diff(merged)) <= 2:
            names.append(factor.name)
    return tuple(names)
