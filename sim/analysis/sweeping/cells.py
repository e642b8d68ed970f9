"""The cells of a sweep: strategies by worlds by replications, and how settings are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.statistics import mean_of_given
from sim.analysis.wording import short_names
from sim.experiments.points import WEIGHT
from sim.scenario.hints import number as as_typed
from sim.words import DEFAULT_LANGUAGE, short_number, text

if TYPE_CHECKING:
    import pandas as pd


NOT_FACTORS = ("point", "strategy", "world", "draw")


def factor_names(points: pd.DataFrame) -> list[str]:
    """Return the factors of a design: the columns of its points that are no numbers or weights of points."""
    return [str(name) for name in points.columns if name not in NOT_FACTORS and not str(name).startswith(WEIGHT)]


def settled_by(points: pd.DataFrame, by: str) -> list[str]:
    """Return the factors that vary, but not between points with the same number in the column `by`."""
    groups = np.unique(points[by].to_numpy(), return_inverse=True)[1]
    first = np.unique(groups, return_index=True)[1]
    found = []
    for name in factor_names(points):
        values = np.unique(points[name].astype(str).to_numpy(), return_inverse=True)[1]
        if values.max(initial=0) > 0 and (values == values[first][groups]).all():
            found.append(name)
    return found


def strategy_settings(points: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """Return for each strategy the value of every factor that tells strategies apart."""
    names = settled_by(points, "strategy")
    rows = points.drop_duplicates("strategy").sort_values("strategy")
    values = rows[names].astype(object).to_numpy().tolist()
    numbers = rows["strategy"].tolist()
    return {int(number): dict(zip(names, row, strict=True)) for number, row in zip(numbers, values, strict=True)}


def setting_text(value: Any, language: str | None = None) -> str:
    """Return a value of a factor as one reads it in a language, or without one as it is typed in a file."""
    if isinstance(value, bool | np.bool_):
        if language is None:
            return "true" if value else "false"
        return text(language, "sweep.yes" if value else "sweep.no")
    if not isinstance(value, int | float | np.number):
        return str(value)
    return as_typed(float(value)) if language is None else short_number(float(value), language, 4)


def setting_in_words(typed: str, language: str) -> str:
    """Return a value as one reads it in a language, of one that is written as it is typed in a file."""
    if typed in ("true", "false"):
        return setting_text(typed == "true", language)
    return setting_text(float(typed), language) if _is_number(typed) else typed


def settings_text(settings: Mapping[str, Any], language: str = DEFAULT_LANGUAGE) -> str:
    """Return a strategy in one line: ``framing unframed, restriction 0.5``; named alternatives speak for themselves."""
    short = short_names(list(settings), language)
    parts = []
    for name, value in settings.items():
        shown = setting_text(value, language)
        is_name = isinstance(value, str) and not _is_number(value)
        parts.append(shown if is_name else f"{short[name]} {shown}")
    return ", ".join(parts)


def _is_number(written: str) -> bool:
    try:
        float(written)
    except ValueError:
        return False
    return True


# The runs of an experiment as a block of numbers: candidates x worlds x replications.
#
# Whatever is compared (a candidate) met the same worlds with the same luck as all others, so everything that follows
# can be worked out pair by pair.


class Candidate(NamedTuple):
    """What is compared: a base scenario, with one setting of the levers where the design separates these."""

    scenario: str
    strategy: int | None


@dataclass(frozen=True)
class Cells:
    """Where each run belongs."""

    candidates: tuple[Candidate, ...]  # what is compared, scenario by scenario
    # int (n_worlds,): number of the world of each column; that of the point where the design has no separate strategies
    worlds: np.ndarray
    # int (n_worlds,): a point of the design in each world (the only one where the design has no separate strategies)
    points: np.ndarray
    # int (n_worlds,): number of the draw of each world. Where some uncertainties are listed and others drawn, every
    # draw is met with every listed value: such worlds are no independent draws
    draws: np.ndarray
    is_new: np.ndarray  # bool (n_worlds,): whether no world before it has the same settings
    n_replications: int  # replications that were planned
    # whether every strategy was to meet every world. If not, levers and uncertainties vary together from point to
    # point, the candidates are the base scenarios, and points take the place of worlds
    is_crossed: bool
    weights: np.ndarray  # (n_worlds,): what each world counts: 1 on average
    is_over_worlds: bool  # whether worlds are plausible ones of a set, each with luck of its own
    _place: np.ndarray

    @property
    def n_points(self) -> int:
        """Number of points of the design."""
        return len(self.worlds) * len({candidate.strategy for candidate in self.candidates})

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of candidates, worlds and replications."""
        return len(self.candidates), len(self.worlds), self.n_replications

    def values(self, outcome: np.ndarray) -> np.ndarray:
        """Return a column of the table of runs as float64 (candidates, worlds, replications), NaN where there is none.

        `outcome`: (n_runs,): one outcome, in the order of the runs these cells were made from.
        """
        block = np.full(self.shape, np.nan)
        block.reshape(-1)[self._place] = outcome
        return block

    def units(self, values: np.ndarray) -> np.ndarray:
        """Return a block as one of independent units: (candidates, worlds, 1) where worlds have luck of their own."""
        return mean_of_given(values, 2, keepdims=True) if self.is_over_worlds else values

    def by_draw(self, values: np.ndarray) -> np.ndarray:
        """Return (candidates, worlds, ...) as (candidates, draws, ...): means over the worlds of one draw."""
        return mean_by(values, self.draws)

    def counts(self, values: np.ndarray) -> np.ndarray:
        """Return of how many worlds each mean of `by_draw` is, by what these count."""
        counts = counts_by(values, self.draws)
        first = np.unique(self.draws, return_index=True)[1]
        return counts * self.weights[first][None, :, None] if self.is_over_worlds else counts


def mean_by(values: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Return means over the entries of axis 1 with one number in `blocks`; missing ones (NaN) are left out."""
    n_blocks = int(blocks.max(initial=-1)) + 1
    if n_blocks == len(blocks):
        return values
    return np.stack([mean_of_given(values[:, blocks == block], 1) for block in range(n_blocks)], axis=1)


def counts_by(values: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Return of how many entries each mean of `mean_by` is."""
    given = ~np.isnan(values)
    if int(blocks.max(initial=-1)) + 1 == len(blocks):
        return given.astype(float)
    return np.stack([given[:, blocks == block].sum(axis=1) for block in range(int(blocks.max()) + 1)], axis=1).astype(
        float
    )


def is_crossed(strategy: np.ndarray, world: np.ndarray) -> bool:
    """Say whether every strategy meets every world once."""
    n_strategies, n_worlds = len(np.unique(strategy)), len(np.unique(world))
    n_pairs = len(np.unique(np.stack([strategy, world]), axis=1).T)
    return n_pairs == n_strategies * n_worlds == len(strategy)


def cells_of(
    runs: pd.DataFrame, points: pd.DataFrame, scenarios: Sequence[str], n_replications: int, drawn: Sequence[str] = ()
) -> Cells:
    """Return where the runs of an experiment belong.

    Parameters
    ----------
    runs : DataFrame
        One row a finished run: scenario, point, replication. Runs may be missing.
    points : DataFrame
        One row a point of the design: point, strategy, world.
    scenarios : sequence of str
        The base scenarios, in the order of the experiment.
    n_replications : int
        Replications that were planned.
    drawn : sequence of str
        The uncertainties that are ranges.
    """
    point, strategy, world = (points[name].to_numpy() for name in ("point", "strategy", "world"))
    crossed = is_crossed(strategy, world)
    columns = world if crossed else point
    rows = strategy if crossed else np.zeros_like(point)
    worlds, first = np.unique(columns, return_index=True)
    strategies = np.unique(rows)
    candidates = [
        Candidate(scenario, int(number) if crossed else None) for scenario in scenarios for number in strategies
    ]
    order = np.argsort(point)
    at = order[np.searchsorted(point, runs["point"].to_numpy(), sorter=order)]
    arm = np.array([scenarios.index(name) for name in runs["scenario"].tolist()], dtype=np.int64)
    candidate = arm * len(strategies) + np.searchsorted(strategies, rows[at])
    column = np.searchsorted(worlds, columns[at])
    place = (candidate * len(worlds) + column) * n_replications + runs["replication"].to_numpy()
    draws = _draws(points.iloc[first], drawn)
    names = settled_by(points, "world") if crossed else factor_names(points)
    is_new = ~points.iloc[first][names].duplicated().to_numpy() if names else np.ones(len(worlds), dtype=bool)
    columns_of_weights = [name for name in points.columns if str(name).startswith(WEIGHT)]
    weights = np.ones(len(worlds))
    if columns_of_weights:
        weights = points[columns_of_weights[0]].to_numpy(dtype=float)[first]
        weights = weights / weights.mean()
    return Cells(
        tuple(candidates), worlds, point[first], draws, is_new, n_replications, crossed, weights,
        bool(columns_of_weights), place,
    )  # fmt: skip


def _draws(worlds: pd.DataFrame, drawn: Sequence[str]) -> np.ndarray:
    """Return the number of the draw of each world; each is its own where nothing is drawn."""
    names = [name for name in drawn if name in worlds.columns]
    numbers = worlds.groupby(names, sort=False, dropna=False).ngroup().to_numpy() if names else np.zeros(0)
    return numbers if len(np.unique(numbers)) > 1 else np.arange(len(worlds))
