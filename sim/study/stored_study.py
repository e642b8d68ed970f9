"""The study of a ``run`` or ``compare`` in a results folder, worked out again from the runs there are."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.study.conduct import Study
from sim.study.findings import findings, same_scenarios
from sim.study.kept import Kept
from sim.study.manifest import arms_of
from sim.study.notes import added_to
from sim.study.plan import About, Plan
from sim.study.points import Points
from sim.study.records import Finished
from sim.study.store import read_parquet
from sim.study.stored import Stored, has_table, unmerged
from sim.study.tables import points_of_table, table_from_rows
from sim.texts import said

if TYPE_CHECKING:
    import pyarrow as pa

_REASONS = {"scenario": "text", "outcome": "text", "reason": "text"}


def study_of(stored: Stored) -> Study:
    """Return what a ``run`` or ``compare`` found, from the runs that are done.

    Raises
    ------
    InputError
        If none is done.
    """
    import pyarrow as pa

    if stored.runs.empty:
        raise InputError(said("refusal.folder.no_run", folder=stored.folder))
    manifest = stored.manifest
    arms = arms_of(manifest)
    points = _worlds(stored) if stored.manifest.get("points") else None
    seed, n_replications = int(manifest["seed"]), int(manifest["replications"])
    about = About(str(manifest["kind"]), manifest["experiment"], manifest["factors"]) if points else None
    plan = Plan(arms, seed, n_replications, str(manifest["code_version"]), (), points, Kept(stored.outcomes), about)
    plan = dataclasses.replace(plan, added=added_to(manifest))
    runs = pa.Table.from_pandas(stored.runs, preserve_index=False)
    found = findings(runs, _reasons(stored), plan)
    source = str(manifest["experiment"]["source"]) if points else ""
    same = same_scenarios(runs, plan)
    return Study(plan, stored.folder, len(stored.failures), False, found, world_source=source, same=same)


def _worlds(stored: Stored) -> Points:
    """Return the worlds of a comparison over worlds."""
    import pyarrow as pa

    table = pa.Table.from_pandas(stored.points(), preserve_index=False)
    is_lever = {str(factor["name"]): bool(factor["is_lever"]) for factor in stored.manifest["factors"]}
    return points_of_table(table, is_lever, len(stored.scenarios))


def _reasons(stored: Stored) -> pa.Table:
    """Return why outcomes are missing: what the table says, and the runs that are not in the tables yet."""
    path = stored.folder / "reasons.parquet"
    told = read_parquet(path).select(["run_id", *_REASONS]).to_pylist() if has_table(path) else []
    there = {row["run_id"] for row in told}
    scenarios = dict(zip(stored.runs["run_id"], stored.runs["scenario"], strict=True))
    fresh = {
        record.run_id: record.reasons for record in unmerged(stored.folder, stored.plan) if isinstance(record, Finished)
    }
    told += [
        {"run_id": run_id, "scenario": scenarios[run_id], "outcome": outcome, "reason": reason}
        for run_id, reasons in fresh.items()
        if run_id in scenarios and run_id not in there
        for outcome, reason in reasons.items()
    ]
    return table_from_rows(_REASONS, [{name: row[name] for name in _REASONS} for row in told])
