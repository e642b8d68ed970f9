"""A study from plan to tables: does the runs, adds replications where asked, and works out the statistics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.analysis.comparison import (
    DIFFERENCE_COLUMNS,
    RANK_COLUMNS,
    SPREAD_COLUMNS,
    SUMMARY_COLUMNS,
    WORLD_COLUMNS,
    Difference,
    Ranking,
    Summary,
    difference_rows,
    differences,
    outcome_values,
    rank_rows,
    summary_rows,
)
from sim.analysis.findings import DECIDES_COLUMNS, Findings, decider_rows, findings, same_scenarios
from sim.analysis.statistics import mean_interval, weeks_of
from sim.analysis.wording import MAIN_OUTCOMES, OUTCOME_BY_NAME, is_share
from sim.catalog.outcomes import YES_OR_NO
from sim.runs.columns import table_from_rows
from sim.runs.executors import Execution
from sim.runs.parquet import read_parquet
from sim.runs.plan import Plan
from sim.runs.progress import Progress
from sim.runs.runner import LostWorkersError, Runner
from sim.runs.store import Store
from sim.runs.worker import Engine
from sim.words import Measured, Whole, said

if TYPE_CHECKING:
    import pyarrow as pa

SMALLEST_BATCH = 5
MOST_REPLICATIONS = 1000


class UntilWidth(NamedTuple):
    """Add replications until the widest 95% interval of `outcome` is at most `width`, or there are `most`.

    One scenario: the interval of its mean. Several: the interval of each difference from the first.
    """

    outcome: str
    width: float
    most: int = MOST_REPLICATIONS

    def widest(self, store: Store) -> float:
        """Return the width of the widest interval so far; NaN where there is none."""
        values = stored_values(store)
        columns = [columns[self.outcome] for columns in values.values()]
        if len(columns) == 1:
            known = OUTCOME_BY_NAME[self.outcome]
            interval = mean_interval(columns[0], known.low, known.high, self.outcome in YES_OR_NO)
            return interval.high - interval.low
        pairs = [row.paired for row in differences(values, weeks_of(store.plan)) if row.outcome == self.outcome]
        return float(np.max([pair.high - pair.low for pair in pairs]))

    def next_size(self, n: int, widest: float) -> int:
        """Return how many replications to have next: widths shrink with the square root of their number."""
        expected = math.ceil(n * (widest / self.width) ** 2)
        return min(self.most, max(n + SMALLEST_BATCH, min(expected, 2 * n)))


@dataclass(frozen=True)
class Study:
    """What a study found."""

    plan: Plan  # the runs
    folder: Path  # the results folder
    n_failed: int  # runs that failed
    is_stored: bool  # true where nothing had to be done: the folder had it all
    found: Findings  # what the runs say
    # where the worlds of a comparison over plausible worlds come from; empty where there are none
    world_source: str = ""
    same: Sequence[Sequence[str]] = ()  # scenarios that are the same in every run, in groups

    @property
    def summaries(self) -> Sequence[Summary]:
        """Every outcome of every scenario."""
        return self.found.summaries

    @property
    def differences(self) -> Sequence[Difference]:
        """The first scenario against each other one; empty for one scenario."""
        return self.found.differences

    @property
    def rankings(self) -> Sequence[Ranking]:
        """The order of the scenarios in each outcome; empty for fewer than three."""
        return self.found.rankings

    @property
    def n_worlds(self) -> int:
        """Different worlds that the answer rests on; 0 where it rests on the default values."""
        if self.plan.points is None:
            return 0
        weights = next(iter(self.plan.points.weights.values()), None)
        return self.plan.n_points if weights is None else sum(weight > 0 for weight in weights)


def conduct(
    store: Store, engine: Engine | None, jobs: int | None, progress: Progress, until: UntilWidth | None = None
) -> Study:
    """Do what is left of a ``run`` or ``compare`` on this machine, and work out what it means (see `conduct_runs`)."""
    return work_out(store, conduct_runs(store, engine, Execution(jobs), progress, until))


def conduct_runs(
    store: Store, engine: Engine | None, execution: Execution, progress: Progress, until: UntilWidth | None = None
) -> bool:
    """Do what is left of the store's plan, make its tables, and say whether nothing had to be done.

    Parameters
    ----------
    store : Store
        An open results folder, of the whole plan or of a shard.
    engine : Engine or None
        The simulation; None for the real one, imported only if there is something to do.
    execution : Execution
        Where runs are done.
    progress : Progress
        Who watches.
    until : UntilWidth, optional
        When to stop adding replications.

    Raises
    ------
    KeyboardInterrupt
        If interrupted; what was finished is in the folder's tables.
    InputError
        If workers cannot start, do not answer or have other code.
    RunError
        If results cannot be written any more, or workers are lost.
    """
    for line in store.notes:
        progress.note(line)
    if store.is_settled and (until is None or is_enough(store, until)):
        return True
    if engine is None and not (store.is_complete and until is None):
        from sim.runs.worker import engine_of

        progress.step(said("progress.loading"))
        engine = engine_of(store.plan, execution)
    if engine is None:
        store.start()
    else:
        runner = Runner(store, engine, execution, progress)
        with runner.workers():  # before anything is written
            store.start()
            try:
                runner.run()
                while until is not None and (size := _more(store, until, progress)):
                    store.extend(store.plan.with_replications(size))
                    runner.run()
            except (KeyboardInterrupt, LostWorkersError):
                store.finish("interrupted")
                raise
    store.finish("failed" if store.failed else "finished")
    return False


def stored_values(store: Store) -> dict[str, dict[str, np.ndarray]]:
    """Return the outcomes in the folder's tables by scenario, paired by position."""
    columns = ["scenario", "replication", *store.plan.kept.outcomes]
    return outcome_values(read_parquet(store.folder / "runs.parquet", columns), store.plan)


def is_enough(store: Store, until: UntilWidth) -> bool:
    """Say whether the interval is as narrow as asked, or the replications as many as allowed."""
    return until.widest(store) <= until.width or store.plan.n_replications >= until.most


def _more(store: Store, until: UntilWidth, progress: Progress) -> int:
    """Return how many replications to have next, and say why; 0 where there are enough."""
    store.finish("running")
    n, widest = store.plan.n_replications, until.widest(store)
    facts = {
        "n": Whole(n),
        "outcome": said(f"outcome.label.{until.outcome}"),
        "widest": _width(until.outcome, widest, until.width),
        "width": _width(until.outcome, until.width, widest),
    }
    size = until.next_size(n, widest) if widest > until.width and n < until.most else 0
    if size:
        progress.note(said("progress.width_more", size=Whole(size), **facts))
    elif math.isnan(widest):
        progress.note(said("progress.width_none", **facts))
    else:
        progress.note(said("progress.width_enough" if widest <= until.width else "progress.width_stopped", **facts))
    return size


def _width(outcome: str, width: float, other: float) -> str | Measured:
    """Return the width of an interval, in points for shares, with digits enough to tell it from another."""
    digits = 3 if f"{width:.3g}" != f"{other:.3g}" else 6
    return said("progress.points", n=Measured(100 * width, digits)) if is_share(outcome) else Measured(width, digits)


def work_out(store: Store, is_stored: bool) -> Study:
    """Work out the statistics from the stored runs, and write the tables that are missing or out of date."""
    plan = store.plan
    columns = ["scenario", *(["point"] if plan.points else []), "replication", *plan.kept.outcomes]
    runs = read_parquet(store.folder / "runs.parquet", columns)
    found = findings(runs, read_parquet(store.folder / "reasons.parquet"), plan)
    for name, table in _tables_of(found):
        if not (is_stored and store.has_table(name)):
            store.write_derived(name, table)
    source = str(plan.about.experiment["source"]) if plan.about is not None else ""
    same = same_scenarios(runs, plan)
    return Study(plan, store.folder, len(store.failed), is_stored, found, world_source=source, same=same)


def _tables_of(found: Findings) -> list[tuple[str, pa.Table]]:
    has_spread = any(row.interval.spread is not None for row in found.summaries)
    columns = {**SUMMARY_COLUMNS, **SPREAD_COLUMNS} if has_spread else SUMMARY_COLUMNS
    tables = [("summary", table_from_rows(columns, summary_rows(found.summaries)))]
    if found.differences:
        is_over_worlds = found.differences[0].over_worlds is not None
        columns = {**DIFFERENCE_COLUMNS, **WORLD_COLUMNS} if is_over_worlds else DIFFERENCE_COLUMNS
        tables.append(("differences", table_from_rows(columns, difference_rows(found.differences))))
    if found.differences and found.worlds is not None:
        rows = [
            cells
            for row in found.differences
            if row.outcome in MAIN_OUTCOMES
            for cells in decider_rows(row.a, row.b, row.outcome, found.worlds.decisive(row.a, row.b, row.outcome))
        ]
        tables.append(("decides", table_from_rows(DECIDES_COLUMNS, rows)))
    if found.rankings:
        tables.append(("ranks", table_from_rows(RANK_COLUMNS, rank_rows(found.rankings))))
    return tables
