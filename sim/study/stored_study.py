"""The study of a ``run`` or ``compare`` in a results folder, worked out again from the runs there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.study.conduct import Study
from sim.study.findings import findings
from sim.study.plan import Arm, Plan
from sim.study.points import Points
from sim.study.store import read_parquet
from sim.study.stored import Stored
from sim.study.tables import table_from_rows
from sim.texts.said import said

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
    arms = tuple(Arm(str(each["name"]), each["resolved"]) for each in manifest["scenarios"])
    points = _worlds(stored) if stored.manifest.get("points") else None
    seed, n_replications = int(manifest["seed"]), int(manifest["replications"])
    plan = Plan(arms, seed, n_replications, str(manifest["code_version"]), (), points)
    found = findings(pa.Table.from_pandas(stored.runs, preserve_index=False), _reasons(stored), plan)
    source = str(manifest["experiment"]["source"]) if points else ""
    return Study(plan, stored.folder, len(stored.failures), False, *found, world_source=source)


def _worlds(stored: Stored) -> Points:
    """Return the worlds of a comparison over worlds, as far as their number goes."""
    table = stored.points()
    leaves: tuple[dict[str, list[object]], ...] = tuple({} for _ in stored.scenarios)
    return Points({}, {}, leaves, table["strategy"].tolist(), table["world"].tolist())


def _reasons(stored: Stored) -> pa.Table:
    path = stored.folder / "reasons.parquet"
    return read_parquet(path) if path.exists() else table_from_rows(_REASONS, [])
