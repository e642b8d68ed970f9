"""Reading a scorecard back from its results folder: the verdicts as they were given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.study.checksums import is_there
from sim.study.manifest import read_manifest
from sim.study.scorecard.conducting import CHANGE, SCORECARD_COLUMNS, Score, Scorecard, baseline_levels, scored
from sim.study.scorecard.forward import GAPS, LAUNCHES, PROFILES, ForwardRow
from sim.study.scorecard.judging import Estimate, Result
from sim.study.scorecard.patterns import PATTERN_BY_ID
from sim.study.scorecard.planning import KIND, Size
from sim.study.scorecard.switches import SWITCHES
from sim.study.store import read_parquet
from sim.texts.said import said

if TYPE_CHECKING:
    import pandas as pd


def read_scorecard(folder: Path) -> Scorecard:
    """Return the scorecard in a results folder.

    Raises
    ------
    InputError
        If there is none, it is not finished, or it is of a version with other patterns.
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
    about, runs = manifest["experiment"], manifest["runs"]
    return Scorecard(
        scores=_scores(scores, about["worlds"]),
        forward=_forward(forward),
        levels=baseline_levels(folder),
        source=about["worlds"],
        size=Size(**about["size"]),
        n_runs=runs["planned"],
        n_failed=runs["failed"],
        manifest=manifest,
        folder=folder,
    )


def _scores(table: pd.DataFrame, source: str) -> tuple[Score, ...]:
    rows = {(row["pattern"], row["arm"]): row for row in table.to_dict("records")}
    found = []
    for name, pattern in PATTERN_BY_ID.items():
        results = {}
        for switch in SWITCHES:
            row = rows[name, switch.name]
            counts = (int(row[column]) for column in ("n_worlds", "n_above", "n_below"))
            results[switch.name] = Result(
                Estimate(row["value"], row["low"], row["high"], *counts),
                row["verdict"],
                bool(row["out_of_range"]),
                row["as_claimed"],
            )
        found.append(scored(pattern, results, source))
    return tuple(found)


def _forward(table: pd.DataFrame) -> tuple[ForwardRow, ...]:
    rows = {
        (row["arm"], row["launch"], row["gap"], row["profile"]): Estimate(
            row["value"], row["low"], row["high"], int(row["n_worlds"]), int(row["n_above"]), int(row["n_below"])
        )
        for row in table.to_dict("records")
    }
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
