"""What a sweep found: tables of strategies, worlds and factors, worked out and read back from a folder."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.notes import added_notes, added_to, kept_notes, same_candidates, same_notes
from sim.analysis.over_worlds import headline_weights
from sim.analysis.results import Stored, read_stored
from sim.analysis.statistics import ALL_MISSING, FEW_EQUAL, ONE_RUN, later, mean_of_given, weeks_of_study, with_times
from sim.analysis.sweeping.cells import (
    Candidate,
    Cells,
    cells_of,
    factor_names,
    settings_text,
    settled_by,
    strategy_settings,
)
from sim.analysis.sweeping.spread import BOTH, Factors, indicators, intervals, spread_of
from sim.analysis.sweeping.standing import SUFFIX, Standing, standing_of, weighted_quantiles
from sim.analysis.wording import OUTCOME_BY_NAME
from sim.catalog.outcomes import YES_OR_NO, both_reasons, reason
from sim.errors import InputError
from sim.experiments.points import DEFAULTS, INTERVIEWS, WEIGHT
from sim.runs.manifest import arms_of
from sim.runs.plan import Arm
from sim.words import DEFAULT_LANGUAGE, said

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


SUMMARY_COLUMNS = {
    "scenario": "string", "strategy": "int64", "outcome": "string", "mean": "float64", "low": "float64",
    "high": "float64", "n": "int64", "n_worlds": "int64", "n_replications": "int64", "covers": "string",
    "reason": "string", "n_not_reached": "int64",
}  # fmt: skip
STRATEGY_COLUMNS = {
    "scenario": "string", "strategy": "int64", "outcome": "string", "rank": "float64", "low": "float64",
    "high": "float64", "share_first": "float64", "is_tied_with_first": "bool", "regret_mean": "float64",
    "regret_p90": "float64", "share_worlds_best": "float64", "share_worlds_alive": "float64", "n_worlds": "int64",
    "n_cells": "int64", "n_units": "int64", "reason": "string",
}  # fmt: skip
BESIDE_COLUMNS = {
    "interviews_share_first": "float64", "interviews_n_units": "int64", "defaults_rank": "float64",
    "defaults_is_tied_with_first": "bool",
}  # fmt: skip
"""What `strategies` has besides where other worlds, or the default values, were run beside those of the answer."""
DISTRIBUTION_COLUMNS = {
    "scenario": "string", "strategy": "int64", "outcome": "string", "n": "int64", "mean": "float64",
    "lowest": "float64", "p5": "float64", "p25": "float64", "p50": "float64", "p75": "float64", "p95": "float64",
    "highest": "float64",
}  # fmt: skip
ASSOCIATION_COLUMNS = {
    "subject": "string", "outcome": "string", "factor": "string", "level": "string", "rho": "float64",
    "low": "float64", "high": "float64", "n": "int64", "q": "float64",
}  # fmt: skip

QUANTILES = {"lowest": 0.0, "p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95, "highest": 1.0}
ALL_CANDIDATES = "all"
DRAW = "draw"
BESIDE = {INTERVIEWS: ("share_first", "n_units"), DEFAULTS: ("rank", "is_tied_with_first")}
"""What is told of what was run beside the worlds of the answer: parts of `Standing`."""
ALIVE = 0.5
"""A platform is alive in a world if it is so in at least half of its replications."""


@dataclass(frozen=True)
class Sweep:
    """What a sweep found."""

    cells: Cells  # what was compared, over which worlds (or points)
    # for each strategy its values of the factors that tell strategies apart; empty where levers and uncertainties vary
    # together
    settings: Mapping[int, Mapping[str, Any]]
    outcomes: tuple[str, ...]  # the outcomes that were kept, the main one first
    # `summary`, `strategies`, `distribution`, `associations`: the tables, with `SUMMARY_COLUMNS` and so on; a table is
    # empty where the design has nothing for it
    summary: pd.DataFrame
    strategies: pd.DataFrame
    distribution: pd.DataFrame
    associations: pd.DataFrame

    @property
    def has_ranks(self) -> bool:
        """Whether there is more than one candidate to rank."""
        return len(self.cells.candidates) > 1

    def arrow(self) -> dict[str, pa.Table]:
        """Return the tables by name, as they are written."""
        return {
            "summary": arrow_table(self.summary, SUMMARY_COLUMNS),
            "strategies": arrow_table(
                self.strategies,
                {
                    **STRATEGY_COLUMNS,
                    **{name: kind for name, kind in BESIDE_COLUMNS.items() if name in self.strategies},
                },
            ),
            "distribution": arrow_table(self.distribution, DISTRIBUTION_COLUMNS),
            "associations": arrow_table(self.associations, ASSOCIATION_COLUMNS),
        }


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table, each with its columns as attributes."""
    yield from table.itertuples()


def arrow_table(frame: pd.DataFrame, columns: Mapping[str, str]) -> pa.Table:
    """Return a table with these columns and types; NaN becomes null."""
    import pyarrow as pa

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()])
    return pa.Table.from_pandas(frame[list(columns)], schema, preserve_index=False).replace_schema_metadata(None)


def analyze(
    runs: pd.DataFrame,
    points: pd.DataFrame,
    scenarios: Sequence[str],
    n_replications: int,
    outcomes: Sequence[str],
    drawn: Sequence[str] = (),
    n_weeks: int | None = None,
) -> Sweep:
    """Work out what a sweep found, from the runs there are.

    Parameters
    ----------
    runs : DataFrame
        One row a finished run: scenario, point, replication and the outcomes. Runs may be missing.
    points : DataFrame
        One row a point: point, strategy, world and the factors.
    scenarios : sequence of str
        Base scenarios, in the order of the experiment.
    n_replications : int
        Replications that were planned.
    outcomes : sequence of str
        Outcomes that were kept, the main one first.
    drawn : sequence of str
        The uncertainties that are ranges: worlds in which these are equal are one draw.
    n_weeks : int, optional
        Weeks that every run has, for times that are not reached (see `times`); left out where no time was kept.
    """
    if n_weeks is not None:
        runs = with_times(runs, n_weeks)
    cells = cells_of(runs, points, scenarios, n_replications, drawn)
    blocks = _Blocks(cells, runs)
    has_ranks = len(cells.candidates) > 1
    return Sweep(
        cells=cells,
        settings=strategy_settings(points) if cells.is_crossed else {},
        outcomes=tuple(outcomes),
        summary=_together([_summary(cells, name, blocks(name), n_weeks) for name in outcomes], SUMMARY_COLUMNS),
        strategies=_together(
            [_standing(cells, name, blocks) for name in outcomes if has_ranks and OUTCOME_BY_NAME[name].better],
            STRATEGY_COLUMNS,
        ),
        distribution=_together(
            [_distribution(cells, name, blocks(name)) for name in outcomes if len(cells.worlds) > 1],
            DISTRIBUTION_COLUMNS,
        ),
        associations=_associations(cells, points, outcomes, blocks),
    )


def with_beside(
    sweep: Sweep, runs: pd.DataFrame, points: pd.DataFrame, scenarios: Sequence[str], n_replications: int
) -> Sweep:
    """Return a sweep whose places know what was run beside the worlds of the answer.

    `sweep`: over the worlds of the answer; `runs`, `points`: all there are, see `analyze`.
    """
    columns: dict[str, list[Any]] = {}
    for name, wanted in BESIDE.items():
        weight = f"{WEIGHT}{name}"
        if weight not in [column for column in points.columns if str(column).startswith(WEIGHT)][1:]:
            continue
        others = [column for column in points.columns if str(column).startswith(WEIGHT) and column != weight]
        own = points[points[weight] > 0].drop(columns=others).reset_index(drop=True)
        own_runs = runs[runs["point"].isin(own["point"])]
        if own_runs.empty:
            continue
        cells = cells_of(own_runs, own, scenarios, n_replications)
        for outcome in dict.fromkeys(sweep.strategies["outcome"]):
            values = cells.values(own_runs[outcome].to_numpy(dtype=float))
            known = OUTCOME_BY_NAME[outcome]
            # Runs at one point are each a unit of their own.
            units = values.reshape(len(values), -1, 1) if name == DEFAULTS else cells.units(values)
            found = standing_of(
                units, known.better > 0, None, known.high - known.low, outcome in YES_OR_NO, None,
                None if name == DEFAULTS else cells.weights,
            )  # fmt: skip
            for column in wanted:
                part = getattr(found, column)
                each = [part] * len(values) if isinstance(part, int) else part.tolist()
                columns.setdefault(f"{name}_{column}", []).extend(each)
    return replace(sweep, strategies=sweep.strategies.assign(**columns))


def by_world(sweep: Sweep, runs: pd.DataFrame, outcomes: Sequence[str]) -> dict[str, np.ndarray]:
    """Return outcomes in each world (or point), mean over replications, as arrays (candidates, worlds)."""
    return {name: mean_of_given(sweep.cells.values(runs[name].to_numpy(dtype=float)), 2) for name in outcomes}


class _Blocks:
    """The outcomes of a sweep, one block of numbers each."""

    def __init__(self, cells: Cells, runs: pd.DataFrame) -> None:
        self._cells, self._runs = cells, runs

    def __call__(self, outcome: str) -> np.ndarray:
        return self._cells.values(self._runs[outcome].to_numpy(dtype=float))

    def has(self, outcome: str) -> bool:
        return outcome in self._runs.columns


def _together(parts: Sequence[dict[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the parts of a table below each other."""
    import pandas as pd

    frames = [pd.DataFrame({name: part[name] for name in columns}) for part in parts]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    return pd.concat(frames, ignore_index=True)


def _names(candidates: Sequence[Candidate], outcome: str) -> dict[str, Any]:
    import pandas as pd

    return {
        "scenario": [candidate.scenario for candidate in candidates],
        "strategy": pd.array([candidate.strategy for candidate in candidates], dtype="Int64"),
        "outcome": [outcome] * len(candidates),
    }


def _told(reasons: Sequence[str]) -> pd.Series[Any]:
    """Return reasons as a column that keeps their keys: one of texts alone would keep the English."""
    import pandas as pd

    return pd.Series(reasons, dtype=object)


def _summary(cells: Cells, outcome: str, values: np.ndarray, n_weeks: int | None) -> dict[str, Any]:
    """Return mean and interval of one outcome for every candidate."""
    known = OUTCOME_BY_NAME[outcome]
    units = cells.units(values)
    spread = spread_of(cells.by_draw(units), cells.counts(units))
    covers = BOTH if cells.is_over_worlds and spread.covers else spread.covers
    spread = spread._replace(n=(~np.isnan(values)).sum(axis=(1, 2)), covers=covers)
    low, high = intervals(spread, known.low, known.high, outcome in YES_OR_NO)
    given = ~np.isnan(values)
    n_all = values.shape[1] * values.shape[2]
    n_later = (values >= (math.inf if n_weeks is None else later(outcome, n_weeks))).sum(axis=(1, 2))
    reasons = [
        _why(int(n), n_all, np.isnan(end), int(after)) for n, end, after in zip(spread.n, low, n_later, strict=True)
    ]
    return {
        **_names(cells.candidates, outcome), "mean": spread.mean, "low": low, "high": high, "n": spread.n,
        "n_worlds": given.any(axis=2).sum(axis=1), "n_replications": given.any(axis=1).sum(axis=1),
        "covers": [spread.covers] * len(low), "reason": _told(reasons),
        "n_not_reached": n_later,
    }  # fmt: skip


def _why(n: int, n_all: int, has_no_interval: bool, n_later: int) -> str:
    """Say why a number is missing, over fewer runs than planned, or no more than "at least"."""
    if n == 0:
        return ALL_MISSING
    parts = [reason("runs_without", missing=n_all - n, n=n_all)] if n < n_all else []
    parts += [reason("late_runs", later=n_later, n=n)] if n_later else []
    parts += [ONE_RUN if n == 1 else FEW_EQUAL] if has_no_interval else []
    return both_reasons(parts)


def _standing(cells: Cells, outcome: str, blocks: _Blocks) -> dict[str, Any]:
    """Return the places of the candidates in one outcome."""
    known = OUTCOME_BY_NAME[outcome]
    found = standing_of(
        cells.units(blocks(outcome)),
        known.better > 0,
        cells.draws,
        known.high - known.low,
        outcome in YES_OR_NO,
        cells.is_new,
        cells.weights if cells.is_over_worlds else None,
    )
    n = len(cells.candidates)
    alive = np.full(n, np.nan)
    if blocks.has("alive"):
        alive = _share_alive(blocks("alive"), cells.weights)
    return {
        **_names(cells.candidates, outcome),
        **{name: getattr(found, name) for name in STRATEGY_COLUMNS if hasattr(found, name)},
        "share_worlds_alive": alive, "n_worlds": [found.n_worlds] * n, "n_cells": [found.n_cells] * n,
        "n_units": [found.n_units] * n,
        "reason": _told(_why_not_ranked(found)),
    }  # fmt: skip


def _why_not_ranked(standing: Standing) -> list[str]:
    most = int(standing.n_given.max(initial=0))
    if most == 0:
        return [ALL_MISSING] * len(standing.n_given)
    if standing.n_cells == 0:
        return [reason("no_common_run")] * len(standing.n_given)
    return [
        reason("not_ranked", missing=most - n, n=most) if np.isnan(rank) else ""
        for n, rank in zip(standing.n_given.tolist(), standing.rank, strict=True)
    ]


def _share_alive(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the share of worlds in which the platform is alive in at least half of the replications.

    `values`: (k, n_worlds, n_replications): whether it is alive at the end; `weights`: (n_worlds,): what each world
    counts.
    """
    given = ~np.isnan(values)
    n = given.sum(axis=2)
    alive = np.where(given, values, 0.0).sum(axis=2) >= ALIVE * n
    n_worlds = ((n > 0) * weights).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(((alive & (n > 0)) * weights).sum(axis=1) / np.where(n_worlds, n_worlds, np.nan))


def _distribution(cells: Cells, outcome: str, values: np.ndarray) -> dict[str, Any]:
    """Return quantiles over worlds (or points) of one outcome for every candidate."""
    means = mean_of_given(values, 2)
    n = (~np.isnan(means)).sum(axis=1)
    quantiles = np.full((len(QUANTILES), len(means)), np.nan)
    known = n > 0
    if known.any():
        quantiles[:, known] = weighted_quantiles(means[known], list(QUANTILES.values()), cells.weights)
    weights = np.where(np.isnan(means), 0.0, cells.weights)
    mean = (np.where(np.isnan(means), 0.0, means) * weights).sum(axis=1) / np.where(known, weights.sum(axis=1), np.nan)
    return {
        **_names(cells.candidates, outcome), "n": n, "mean": mean,
        **dict(zip(QUANTILES, quantiles, strict=True)),
    }  # fmt: skip


def _associations(cells: Cells, points: pd.DataFrame, outcomes: Sequence[str], blocks: _Blocks) -> pd.DataFrame:
    """Return what goes with what over worlds (or points)."""
    import pandas as pd

    names = settled_by(points, "world") if cells.is_crossed else factor_names(points)
    rows = points.set_index("point").loc[cells.points, names].assign(**{DRAW: cells.draws})
    first = np.unique(cells.draws, return_index=True)[1]
    by_draw = settled_by(rows, DRAW) if len(first) < len(rows) else [name for name in names if rows[name].nunique() > 1]
    per_draw = Factors(indicators({name: rows[name].astype(object).to_numpy()[first] for name in by_draw}))
    per_world = Factors(
        indicators({name: rows[name].astype(object).to_numpy() for name in names if name not in by_draw})
    )
    found = []
    for outcome in outcomes:
        for subject, means in _subjects(cells, points, mean_of_given(blocks(outcome), 2)):
            some = [*per_draw.associations(cells.by_draw(means[None])[0]), *per_world.associations(means)]
            some.sort(key=lambda row: -abs(row.rho))
            found += [{"subject": subject, "outcome": outcome, **row._asdict()} for row in some]
    return pd.DataFrame(found, columns=list(ASSOCIATION_COLUMNS))


def _subjects(cells: Cells, points: pd.DataFrame, means: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Return what is associated with factors: the mean of all strategies, or each candidate where they are few.

    Two candidates are also subtracted: what goes with the difference is often the question.
    """
    if len(means) > 2 and cells.is_crossed:
        return [(ALL_CANDIDATES, means.mean(axis=0))]
    named = list(zip(candidate_names(cells, points), means, strict=True))
    if len(named) == 2:
        (a, first), (b, second) = named
        named.append((f"{a} minus {b}", first - second))
    return named


def candidate_names(cells: Cells, points: pd.DataFrame, language: str = DEFAULT_LANGUAGE) -> list[str]:
    """Return what to call each candidate: its scenario where there are several, and what sets its strategy apart."""
    settings = strategy_settings(points) if cells.is_crossed else {}
    has_scenarios = len({candidate.scenario for candidate in cells.candidates}) > 1
    names = []
    for scenario, strategy in cells.candidates:
        told = settings_text(settings.get(strategy, {}), language) if strategy is not None else ""
        names.append(": ".join([scenario] * (has_scenarios or not told) + [told] * bool(told)))
    return names


# The sweep in a results folder.


class SweepFacts(NamedTuple):
    """What the tables of a sweep do not say about it.

    `arms` are the scenarios, some of which may keep coefficients as they set them, whatever the `factors` say; `same`
    are groups of candidates that are the same in every run; `worlds` says which plausible worlds it was made in (see
    `over_worlds.facts_of`), nothing where coefficients are as the experiment has them; `beside` says what was run
    beside these: ``interviews`` and ``shared`` worlds, runs at the ``defaults``; `added` is the file that was added to
    the model.
    """

    name: str
    seed: int
    folder: Path
    n_done: int
    n_planned: int
    arms: Sequence[Arm] = ()
    factors: Sequence[Mapping[str, Any]] = ()
    same: Sequence[Sequence[Candidate]] = ()
    worlds: Mapping[str, Any] = {}
    beside: Mapping[str, int] = {}
    added: str = ""

    def notes(self, language: str, name_of: Callable[[Candidate], str]) -> list[str]:
        """Return what has to be said before the numbers; `name_of` gives the name of a candidate."""
        by_worlds = bool(self.worlds)
        groups = [[name_of(candidate) for candidate in group] for group in self.same]
        added = added_notes(self.added, language)
        return [*added, *kept_notes(self.arms, self.factors, language, by_worlds), *same_notes(groups, language)]


class StoredSweep(NamedTuple):
    """A sweep, worked out from the runs in a folder, and the outcome that comes first.

    Of the worlds, `stored` has the runs of those that the answer rests on.
    """

    sweep: Sweep
    facts: SweepFacts
    main_outcome: str
    stored: Stored


def read_sweep(folder: Path) -> StoredSweep:
    """Work out the sweep in a results folder, from the runs there are.

    Raises InputError if the folder holds no sweep, or nothing of it is done.
    """
    return sweep_of(read_stored(folder))


def sweep_of(stored: Stored) -> StoredSweep:
    """Work out a sweep from what a folder holds. Raises InputError if it is no sweep, or nothing of it is done."""
    if stored.runs.empty or "point" not in stored.runs.columns:
        raise InputError(said("refusal.sweep.none", folder=stored.folder))
    main = stored.main_outcome
    outcomes = [name for name in dict.fromkeys([main, *stored.outcomes]) if name in OUTCOME_BY_NAME]
    seed, n_replications = int(stored.manifest["seed"]), int(stored.manifest["replications"])
    drawn = [each["name"] for each in stored.manifest["factors"] if not each["is_lever"] and each["levels"] is None]
    points = stored.points()
    n_weeks = weeks_of_study(stored.manifest["scenarios"], points)
    runs, n_done = with_times(stored.runs, n_weeks), len(stored.runs)
    weights = headline_weights(points)
    every = points
    if weights is not None:
        points = points[points["point"].map(weights) > 0].reset_index(drop=True)
        stored = dataclasses.replace(stored, runs=runs[runs["point"].isin(points["point"])].reset_index(drop=True))
        if stored.runs.empty:
            raise InputError(said("refusal.sweep.none", folder=stored.folder))
    else:
        stored = dataclasses.replace(stored, runs=runs)
    sweep = analyze(stored.runs, points, stored.scenarios, n_replications, outcomes, drawn, n_weeks)
    if weights is not None and sweep.has_ranks:
        sweep = with_beside(sweep, runs, every, stored.scenarios, n_replications)
    facts = SweepFacts(
        stored.name, seed, stored.folder, n_done, stored.n_planned,
        arms_of(stored.manifest), stored.manifest["factors"], _same(sweep, stored.runs, outcomes),
        _worlds(stored.manifest["experiment"]), _beside(every, n_replications),
        added_to(stored.manifest),
    )  # fmt: skip
    return StoredSweep(sweep, facts, main, stored)


def _worlds(experiment: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says about plausible worlds."""
    found = {name: experiment[name] for name in ("worlds", "source", "world_sets") if name in experiment}
    if not found and str(experiment["name"]).endswith(SUFFIX):  # made by an earlier version
        found = {"source": "calibrated"}
    return found


def _beside(points: pd.DataFrame, n_replications: int) -> dict[str, int]:
    """Return how many worlds of another set, and runs at the default values, there are beside those of the answer."""
    weights = [name for name in points.columns if str(name).startswith(WEIGHT)]
    worlds = points.drop_duplicates("world")
    found = {}
    if f"{WEIGHT}{INTERVIEWS}" in weights[1:]:
        is_other = worlds[f"{WEIGHT}{INTERVIEWS}"] > 0
        found[INTERVIEWS] = int(is_other.sum())
        found["shared"] = int((is_other & (worlds[weights[0]] > 0)).sum())
    if f"{WEIGHT}{DEFAULTS}" in weights:
        found[DEFAULTS] = int((worlds[f"{WEIGHT}{DEFAULTS}"] > 0).sum()) * n_replications
    return found


def _same(sweep: Sweep, runs: pd.DataFrame, outcomes: Sequence[str]) -> list[tuple[Candidate, ...]]:
    """Return the candidates that are the same in every run, in groups of two or more."""
    candidates = sweep.cells.candidates
    blocks = [sweep.cells.values(runs[name].to_numpy(dtype=float)) for name in outcomes]
    numbered = {str(number): [block[number] for block in blocks] for number in range(len(candidates))}
    return [tuple(candidates[int(number)] for number in group) for group in same_candidates(numbered)]
