"""The tables of a results folder: their columns, and the rows that a run gives.

Missing values are null in the files, which pandas shows as NaN and DuckDB and polars skip in a mean. Rows are
sorted by run; the rows of one run stand together.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.scenario.outcome_table import OUTCOME_NAMES
from sim.study.columns import Value, flatten, parameter_columns
from sim.study.plan import Plan, PlannedRun
from sim.study.records import Failed, Finished

if TYPE_CHECKING:
    import pyarrow as pa

# Order matters to whoever reads the folder while it is being completed: what is in `runs` is in all others.
RUN_TABLES = ("groups", "reasons", "timing", "failures", "runs")
_ARROW_TYPES = {"bool": "bool", "int": "int64", "float": "float64", "text": "string"}
_KEYS = {"run_id": "int", "scenario": "text", "replication": "int"}
_GROUPS = {
    "grouping": "text", "group": "text", "order": "int", "n_employees": "int", "monthly_posters": "float",
    "monthly_readers": "float", "posts_per_employee_month": "float", "frame_social": "float",
    "frame_collaboration": "float", "frame_broadcast": "float",
}  # fmt: skip


def _schema(kinds: Mapping[str, str]) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(name, pa.type_for_alias(_ARROW_TYPES[kind])) for name, kind in kinds.items()])


def _plain(value: Any, kind: str) -> Any:
    """Return `value` as what a column of `kind` holds; NaN becomes None (null)."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if kind == "text":
        return value if isinstance(value, str) else json.dumps(value)
    if kind == "float":
        return float(value)
    return int(value) if kind == "int" else bool(value)


def _table(kinds: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    import pyarrow as pa

    rows = list(rows)
    schema = _schema(kinds)
    columns = [
        pa.array([_plain(row.get(name), kind) for row in rows], schema.field(name).type) for name, kind in kinds.items()
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def table_from_rows(kinds: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return an Arrow table with the columns of `kinds` (name -> bool, int, float or text)."""
    return _table(kinds, rows)


def plan_table(plan: Plan) -> pa.Table:
    """Return the plan, one row a run to do."""
    kinds = {**_KEYS, "seed": "int", "content_hash": "text"}
    return _table(kinds, (run._asdict() for run in plan.runs))


class TableMaker:
    """Makes the tables of a study from the records of its runs.

    Parameters
    ----------
    plan : Plan
        What the runs were to do.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        parameters = parameter_columns([arm.resolved for arm in plan.arms])
        self._parameters: dict[str, dict[str, Value]] = {arm.name: flatten(arm.resolved) for arm in plan.arms}
        outcomes = dict.fromkeys(OUTCOME_NAMES, "float")
        self.kinds: dict[str, dict[str, str]] = {
            "runs": {
                "run_id": "int", "scenario": "text", **parameters, "replication": "int", "seed": "int",
                **outcomes,
            },
            "series": {**_KEYS, "week": "int", **outcomes},
            "groups": {**_KEYS, **_GROUPS},
            "reasons": {**_KEYS, "outcome": "text", "reason": "text"},
            "timing": {**_KEYS, "run_seconds": "float"},
            "failures": {
                **_KEYS, "seed": "int", "content_hash": "text", "error": "text", "traceback": "text",
                "parameters": "text",
            },
        }  # fmt: skip

    def _keys(self, run: PlannedRun) -> dict[str, Any]:
        return {"run_id": run.run_id, "scenario": run.scenario, "replication": run.replication}

    def _rows(self, name: str, record: Finished | Failed) -> list[dict[str, Any]]:
        """Return the rows of one record in the table `name` (all but ``series``)."""
        run = self.plan.runs[record.run_id]
        keys = self._keys(run)
        if isinstance(record, Failed):
            if name != "failures":
                return []
            failure = {
                "seed": run.seed, "content_hash": run.content_hash, "error": record.error,
                "traceback": record.traceback, "parameters": json.dumps(self.plan.resolved(run)),
            }  # fmt: skip
            return [{**keys, **failure}]
        match name:
            case "runs":
                return [{**keys, **self._parameters[run.scenario], "seed": run.seed, **record.outcomes}]
            case "groups":
                return [{**keys, **row} for row in record.groups]
            case "reasons":
                return [
                    {**keys, "outcome": outcome, "reason": record.reasons[outcome]}
                    for outcome in OUTCOME_NAMES
                    if outcome in record.reasons
                ]
            case "timing":
                return [{**keys, "run_seconds": record.run_seconds}]
            case _:
                return []

    def table(self, name: str, records: Iterable[Finished | Failed]) -> pa.Table:
        """Return the rows that `records` (sorted by run id) give in the table `name`."""
        if name == "series":
            return self._series([record for record in records if isinstance(record, Finished)])
        return _table(self.kinds[name], (row for record in records for row in self._rows(name, record)))

    def _series(self, records: Sequence[Finished]) -> pa.Table:
        """Return one row a run and week; weeks count from 1, a week's values are those at its end."""
        import numpy as np
        import pyarrow as pa

        schema = _schema(self.kinds["series"])
        runs = [self.plan.runs[record.run_id] for record in records]
        n_weeks = np.array([len(next(iter(record.series.values()), ())) for record in records], dtype=np.int64)
        missing = [np.full(n, np.nan) for n in n_weeks]
        columns = [
            pa.array(np.repeat([run.run_id for run in runs], n_weeks), pa.int64()),
            pa.array([run.scenario for run, n in zip(runs, n_weeks, strict=True) for _ in range(n)], pa.string()),
            pa.array(np.repeat([run.replication for run in runs], n_weeks), pa.int64()),
            pa.array(np.concatenate([np.arange(1, n + 1) for n in n_weeks] or [np.empty(0)]), pa.int64()),
        ]
        for name in OUTCOME_NAMES:
            parts = [record.series.get(name, gap) for record, gap in zip(records, missing, strict=True)]
            columns.append(pa.array(np.concatenate(parts or [np.empty(0)]), pa.float64(), from_pandas=True))
        return pa.Table.from_arrays(columns, schema=schema)
