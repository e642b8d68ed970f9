"""The scorecard of a plan: its runs, what they come to, and reading it back from its folder."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.comparison import json_number, json_numbers
from sim.analysis.conduct import conduct_runs
from sim.errors import InputError
from sim.evidence.scorecard.claims import FRAMES_OFF, FULL, PATTERN_BY_ID, PATTERNS, SWITCHES, Pattern, Values
from sim.evidence.scorecard.plan import (
    GAPS,
    KIND,
    LAUNCHES,
    PROFILES,
    ForwardRow,
    Places,
    ScorecardPlan,
    Size,
    arm_name,
    forward_rows,
)
from sim.evidence.scorecard.verdicts import Estimate, Result, is_built_in, judged, shares_over_prior, supports_frames
from sim.runs.columns import table_from_rows
from sim.runs.executors import Execution
from sim.runs.manifest import read_manifest
from sim.runs.parquet import is_there, read_parquet
from sim.runs.progress import Progress
from sim.runs.store import Store
from sim.runs.worker import Engine
from sim.words import said

if TYPE_CHECKING:
    import pandas as pd


SCORECARD_COLUMNS = {
    "pattern": "text", "group": "text", "source": "text", "claim": "text", "statistic": "text", "unit": "text",
    "shape": "text", "margin": "float", "arm": "text", "value": "float", "low": "float", "high": "float",
    "n_worlds": "int", "n_above": "int", "n_below": "int", "verdict": "text", "supports_frames": "bool",
    "out_of_range": "bool", "as_claimed": "float",
}  # fmt: skip
FORWARD_COLUMNS = {
    "arm": "text", "launch": "text", "gap": "text", "profile": "text", "value": "float", "low": "float",
    "high": "float", "n_worlds": "int", "n_above": "int", "n_below": "int",
}  # fmt: skip
ESTIMATE_COLUMNS = ("value", "low", "high", "n_worlds", "n_above", "n_below")
CHANGE = "change"
LEVELS = ["alive", "monthly_readers", "monthly_active", "monthly_posters"]


@dataclass(frozen=True)
class Score:
    """One pattern in all arms."""

    pattern: Pattern
    results: Mapping[str, Result]  # by arm
    share_over_prior: float = math.nan  # of worlds of the prior in which it comes out, in the full model

    @property
    def supports_frames(self) -> bool | None:
        """Whether it speaks for the theory of frames; None where one cannot tell."""
        return supports_frames(self.pattern, self.results[FULL.name], self.results[FRAMES_OFF.name])

    @property
    def is_built_in(self) -> bool | None:
        """Whether it comes out over nearly all of the prior, so that the rules have it in them; None if unknown."""
        return is_built_in(self.share_over_prior)


@dataclass(frozen=True)
class Scorecard:
    """What a scorecard found."""

    scores: tuple[Score, ...]  # a row a pattern
    forward: tuple[ForwardRow, ...]  # the forward test
    # for each arm, share of worlds in which the baseline is alive, and mean monthly readers and active staff of it
    levels: Mapping[str, Mapping[str, float]]
    source: str  # which worlds: ``calibrated`` or ``prior``
    size: Size  # how much was run
    # `n_runs`, `n_failed`: runs planned, and how many failed
    n_runs: int
    n_failed: int
    manifest: Mapping[str, Any]  # what the results folder says of itself
    folder: Path  # the results folder


def scorecard_engine() -> Engine:
    """Return the simulation with the measures of the scorecard (imported only now: it brings numba)."""
    from sim.evidence.scorecard.measures import simulate
    from sim.model.simulation import warm_up

    return Engine(simulate, warm_up)


def conduct_scorecard(
    store: Store, planned: ScorecardPlan, execution: Execution, progress: Progress, engine: Engine | None = None
) -> Scorecard:
    """Do what is left of the runs and judge the patterns.

    `store`: an open results folder for the plan; `planned`: the plan, and what is found where in it; `execution`: where
    runs are done; `progress`: who watches; `engine`: another simulation, for tests.

    Raises KeyboardInterrupt if interrupted; what was finished is kept. Raises RunError if results cannot be written any
    more.
    """
    if not store.is_settled:
        progress.step(said("progress.loading"))
        conduct_runs(store, engine or scorecard_engine(), execution, progress)
    progress.step(said("progress.judging"))
    found = judge_all(store, planned)
    store.write_derived("scorecard", table_from_rows(SCORECARD_COLUMNS, score_rows(found.scores)))
    store.write_derived("forward", table_from_rows(FORWARD_COLUMNS, change_rows(found.forward)))
    return found


def judge_all(store: Store, planned: ScorecardPlan) -> Scorecard:
    """Return the scorecard of the runs in a folder."""
    by_arm = values_by_arm(store, planned.places)
    assert planned.plan.points is not None
    alike = planned.plan.points.alike()
    source = store.manifest["experiment"]["worlds"]
    scores = tuple(
        scored(pattern, {arm: judged(pattern, values, alike) for arm, values in by_arm.items()}, source)
        for pattern in PATTERNS
    )
    forward = tuple(row for arm, values in by_arm.items() for row in forward_rows(arm, values, alike))
    return _scorecard(store.folder, store.manifest, scores, forward, len(store.plan.runs), len(store.failed))


def _scorecard(
    folder: Path,
    manifest: Mapping[str, Any],
    scores: tuple[Score, ...],
    forward: tuple[ForwardRow, ...],
    n_runs: int,
    n_failed: int,
) -> Scorecard:
    about = manifest["experiment"]
    size = Size(**about["size"])
    return Scorecard(
        scores, forward, baseline_levels(folder), about["worlds"], size, n_runs, n_failed, manifest, folder
    )


def scored(pattern: Pattern, results: Mapping[str, Result], source: str) -> Score:
    """Return the score of a pattern: over the prior these very worlds say whether it is built in."""
    if source == "prior":
        return Score(pattern, results, results[FULL.name].as_claimed)
    return Score(pattern, results, shares_over_prior().get((pattern.id, pattern.statistic.text), math.nan))


def baseline_levels(folder: Path) -> dict[str, dict[str, float]]:
    """Return what the baseline comes to in each arm: means over worlds of how alive and how used it is."""
    runs = read_parquet(folder / "runs.parquet", ["scenario", *LEVELS]).to_pandas(use_threads=False)
    means = runs.groupby("scenario").mean()
    return {
        switch.name: {name: float(means.loc[arm_name("baseline", switch), name]) for name in LEVELS}
        for switch in SWITCHES
    }


def values_by_arm(store: Store, places: Places) -> dict[str, Values]:
    """Return arm -> setting -> measure -> value in each world; NaN where a run failed or has none."""
    plan = store.plan
    table = read_parquet(store.folder / "runs.parquet", ["scenario", "point", *plan.kept.outcomes])
    numbers = {arm.name: number for number, arm in enumerate(plan.arms)}
    rows = np.array([numbers[name] for name in table["scenario"].to_pylist()])
    columns = table["point"].to_numpy()
    found: dict[str, np.ndarray] = {}
    for name in plan.kept.outcomes:
        found[name] = np.full((len(plan.arms), plan.n_points), np.nan)
        found[name][rows, columns] = table[name].to_numpy().astype(float)
    return {
        switch.name: {
            setting: {name: values[numbers[arm]] for name, values in found.items()}
            for (setting, switch_name), arm in places.items()
            if switch_name == switch.name
        }
        for switch in SWITCHES
    }


def _cells(found: Estimate) -> dict[str, float]:
    return dict(zip(ESTIMATE_COLUMNS, found, strict=True))


def _estimate(row: Mapping[Any, Any]) -> Estimate:
    value, low, high, *counts = (row[name] for name in ESTIMATE_COLUMNS)
    return Estimate(value, low, high, *map(int, counts))


def score_rows(scores: Sequence[Score]) -> list[dict[str, Any]]:
    """Return the scores as rows with `SCORECARD_COLUMNS`."""
    return [
        {
            "pattern": pattern.id, "group": pattern.group, "source": pattern.source, "claim": pattern.claim,
            "statistic": pattern.statistic.text, "unit": pattern.statistic.unit, "shape": pattern.shape,
            "margin": pattern.margin, "arm": arm, **_cells(result.estimate), "verdict": result.verdict,
            "supports_frames": score.supports_frames, "out_of_range": result.out_of_range,
            "as_claimed": result.as_claimed,
        }
        for score in scores
        for pattern in [score.pattern]
        for arm, result in score.results.items()
    ]  # fmt: skip


def change_rows(rows: Sequence[ForwardRow]) -> list[dict[str, Any]]:
    """Return the forward test as rows with `FORWARD_COLUMNS`."""
    return [
        {"arm": row.arm, "launch": row.launch, "gap": row.gap, "profile": profile, **_cells(found)}
        for row in rows
        for profile, found in [*zip(PROFILES, row.at, strict=True), (CHANGE, row.change)]
    ]  # fmt: skip


def scorecard_json(found: Scorecard) -> dict[str, Any]:
    """Return what ``scorecard --json`` prints."""
    return {
        "arms": [switch.name for switch in SWITCHES],
        "patterns": [
            {
                "id": score.pattern.id,
                "claim": score.pattern.claim,
                "source": score.pattern.source,
                "results": {
                    arm: {
                        **json_numbers(result.estimate, "value", "low", "high"),
                        "verdict": result.verdict,
                        "out_of_range": result.out_of_range,
                    }
                    for arm, result in score.results.items()
                },
                "supports_frames": score.supports_frames,
                "built_in": score.is_built_in,
                "share_over_prior": json_number(score.share_over_prior),
            }
            for score in found.scores
        ],
        "worlds": {"source": found.source, "n": found.size.n_worlds},
        "results_dir": str(found.folder),
    }


# Reading a scorecard back from its results folder: the verdicts as they were given.


def read_scorecard(folder: Path) -> Scorecard:
    """Return the scorecard in a results folder.

    Raises InputError if there is none, it is not finished, or it is of a version with other patterns.
    """
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("kind") != KIND:
        raise InputError(said("refusal.scorecard.none", folder=folder))
    if not all(is_there(folder / f"{name}.parquet") for name in ("scorecard", "forward")):
        raise InputError(said("refusal.scorecard.unfinished", folder=folder))
    scores = read_parquet(folder / "scorecard.parquet").to_pandas(use_threads=False)
    forward = read_parquet(folder / "forward.parquet").to_pandas(use_threads=False)
    if set(scores["pattern"]) != set(PATTERN_BY_ID) or not set(SCORECARD_COLUMNS) <= set(scores.columns):
        raise InputError(said("refusal.scorecard.other", folder=folder))
    runs, found = manifest["runs"], _scores(scores, manifest["experiment"]["worlds"])
    return _scorecard(folder, manifest, found, _forward(forward), runs["planned"], runs["failed"])


def _scores(table: pd.DataFrame, source: str) -> tuple[Score, ...]:
    rows = {(row["pattern"], row["arm"]): row for row in table.to_dict("records")}
    found = []
    for name, pattern in PATTERN_BY_ID.items():
        own = {switch.name: rows[name, switch.name] for switch in SWITCHES}
        results = {
            arm: Result(_estimate(row), row["verdict"], bool(row["out_of_range"]), row["as_claimed"])
            for arm, row in own.items()
        }
        found.append(scored(pattern, results, source))
    return tuple(found)


def _forward(table: pd.DataFrame) -> tuple[ForwardRow, ...]:
    rows = {(row["arm"], row["launch"], row["gap"], row["profile"]): _estimate(row) for row in table.to_dict("records")}
    return tuple(
        ForwardRow(
            switch.name, launch, gap,
            tuple(rows[switch.name, launch, gap, profile] for profile in PROFILES),
            rows[switch.name, launch, gap, CHANGE],
        )
        for switch in SWITCHES
        for launch in LAUNCHES
        for gap in GAPS
    )  # fmt: skip
