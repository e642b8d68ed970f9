"""Differences of two base scenarios, or of two settings of one factor with everything else equal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.scenario.unknown_keys import listed
from sim.scenario.wording import did_you_mean, shown
from sim.study.discovery.cases import Cases, Results, all_cases, scenario_difference
from sim.texts.said import said


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

    Raises
    ------
    InputError
        If one of them is not in the results.
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

    Raises
    ------
    InputError
        If no point has a partner.
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

    Parameters
    ----------
    columns : sequence of array of int (n_rows,)
        At least one.
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

    Parameters
    ----------
    points, worlds : array of int (n_rows,)
        Number of the point, and of the world, of each row.
    uncertainties : sequence of sequence
        Values of each uncertainty, row by row.
    design : mapping
        The experiment as its manifest has it: `method`, `samples`, and `n_points` of the whole design. The points
        of a Morris trajectory or a Sobol base sample stand together and share most of their values.
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
