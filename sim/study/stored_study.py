"""The study of a ``run`` or ``compare`` in a results folder, worked out again from the runs there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.study.analysis import differences, outcome_values, rankings, summarize
from sim.study.conduct import Study
from sim.study.plan import Arm, Plan
from sim.study.store import read_parquet
from sim.study.stored import Stored
from sim.study.tables import table_from_rows

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
        raise InputError(f"{stored.folder} holds no finished run.")
    manifest = stored.manifest
    arms = tuple(Arm(str(each["name"]), each["resolved"]) for each in manifest["scenarios"])
    plan = Plan(arms, int(manifest["seed"]), int(manifest["replications"]), str(manifest["code_version"]), ())
    values = outcome_values(pa.Table.from_pandas(stored.runs, preserve_index=False), plan)
    return Study(
        plan=plan,
        folder=stored.folder,
        n_failed=len(stored.failures),
        is_stored=False,
        summaries=summarize(values, _reasons(stored)),
        differences=differences(values, (plan.seed,)) if len(arms) > 1 else [],
        rankings=rankings(values, (plan.seed,)) if len(arms) > 2 else [],
    )


def _reasons(stored: Stored) -> pa.Table:
    path = stored.folder / "reasons.parquet"
    return read_parquet(path) if path.exists() else table_from_rows(_REASONS, [])
