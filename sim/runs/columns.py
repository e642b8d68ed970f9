"""Resolved scenarios as flat columns: dotted names, one plain value each."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.experiments.points import WEIGHT, Points, weight_columns
from sim.runs.plan import NOT_IN_A_RUN, NOT_IN_A_RUN_SECTION, Plan, PlannedRun, plain_values
from sim.runs.records import Failed, Finished

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


Value = bool | int | float | str | None
WORKFORCE = "organization.workforce"
OWN_FILES = frozenset({WORKFORCE, "organization.staff.contacts"})


def flatten(resolved: Mapping[str, Any]) -> dict[str, Value]:
    """Return the values of a resolved scenario by dotted key, in its order.

    Lists (timed changes, departments of a pilot) become JSON text. Name, description and the study's own
    settings are left out: they are no parameters of a run.
    """
    flat = flatten_value("", {key: value for key, value in resolved.items() if key not in NOT_IN_A_RUN})
    for key in NOT_IN_A_RUN_SECTION:
        flat.pop(f"run.{key}", None)
    return flat


def flatten_value(path: str, value: Any) -> dict[str, Value]:
    """Return one value of a resolved scenario by dotted key: itself, or what is in it."""
    flat: dict[str, Value] = {}

    def visit(prefix: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                visit(f"{prefix}.{key}" if prefix else str(key), inner)
        elif isinstance(value, list | tuple):
            flat[prefix] = json.dumps(value)
        elif prefix in OWN_FILES and isinstance(value, str):
            flat[prefix] = os.path.basename(value)  # of one's own files: folders tell of people, too
        else:
            flat[prefix] = value

    visit(path, value)
    return flat


@cache
def _kinds() -> dict[str, str]:
    """Return the kind of each parameter in the registry, by path."""
    from sim.catalog.registry import PARAMETERS

    return {parameter.path: parameter.kind for parameter in PARAMETERS}


def column_kind(path: str, values: Sequence[Value]) -> str:
    """Return ``bool``, ``int``, ``float`` or ``text``: what the column of a parameter holds.

    The registry decides, so that the files of two studies fit together; for keys that it does not have (parts
    of a structured value) the values do.
    """
    kind = _kinds().get(path, "")
    given = [value for value in values if value is not None]
    if all(isinstance(value, bool) for value in given):
        found = "bool" if given else "text"
    elif any(isinstance(value, bool | str) for value in given):
        found = "text"
    else:
        found = "int" if all(isinstance(value, int) for value in given) else "float"
    if kind in {"bool", "int", "float"} and (not given or found == kind or (kind, found) == ("float", "int")):
        return kind
    return found


class FlatScenarios:
    """The scenario of each run of a plan as flat columns, without working it out anew for each run.

    Parameters
    ----------
    plan : Plan
        The runs.

    Attributes
    ----------
    kinds : dict of str to str
        The columns that the runs need: dotted name -> kind.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._leaves: dict[str, Mapping[str, Sequence[Any]]] = {
            arm.name: {} if plan.points is None else plan.points.leaves[index] for index, arm in enumerate(plan.arms)
        }
        self._fixed = {arm.name: _without(flatten(arm.resolved), self._leaves[arm.name]) for arm in plan.arms}
        self.kinds = self._kinds(plan)

    def _kinds(self, plan: Plan) -> dict[str, str]:
        examples: dict[str, dict[type, Value]] = {}  # one value of each type is all that a kind depends on
        for name in self._fixed:
            flats = [self.at(name, 0), *(self._varying(name, point) for point in range(plan.n_points))]
            for key, value in (item for flat in flats for item in flat.items()):
                examples.setdefault(key, {})[type(value)] = value
        order = dict.fromkeys(key for arm in plan.arms for key in flatten(arm.resolved))
        names = [*(key for key in order if key in examples), *(key for key in examples if key not in order)]
        return {name: column_kind(name, list(examples[name].values())) for name in names}

    def _varying(self, scenario: str, point: int) -> dict[str, Value]:
        leaves = self._leaves[scenario]
        if WORKFORCE in leaves:  # a staff file settles other keys too
            return flatten(self._plan.scenario_at(scenario, point))
        flat: dict[str, Value] = {}
        for path, values in leaves.items():
            value = values[point]
            if isinstance(value, Mapping | list | tuple):
                flat.update(flatten_value(path, value))
            else:
                flat[path] = value
        return flat

    def at(self, scenario: str, point: int) -> dict[str, Value]:
        """Return the values of one scenario at one point by dotted key."""
        return {**self._fixed[scenario], **self._varying(scenario, point)}


def _without(flat: Mapping[str, Value], paths: Iterable[str]) -> dict[str, Value]:
    """Return the values that are not at or below one of `paths`."""
    gone = set(paths)

    def is_replaced(key: str) -> bool:
        names = key.split(".")
        return any(".".join(names[:depth]) in gone for depth in range(1, len(names) + 1))

    return {key: value for key, value in flat.items() if not is_replaced(key)}


# The tables of a results folder: their columns, and the rows that a run gives.
#
# Missing values are null in the files, which pandas shows as NaN and DuckDB and polars skip in a mean. Rows are
# sorted by run; the rows of one run stand together.


# Order matters to whoever reads the folder while it is being completed: what is in `runs` is in all others.
RUN_TABLES = ("groups", "replies", "reasons", "timing", "failures", "runs")
SERIES = "series"
# Results that a study derives from its runs; removed with them by --overwrite.
DERIVED_TABLES = (
    "summary", "differences", "decides", "ranks", "strategies", "distribution", "associations", "indices",
    "convergence", "noise", "scorecard", "forward",
)  # fmt: skip
_ARROW_TYPES = {"bool": "bool", "int": "int64", "float": "float64", "text": "string"}
_PYTHON_TYPES = {"bool": bool, "int": int, "float": float, "text": str}
_KEYS = {"run_id": "int", "scenario": "text", "replication": "int"}
_POINT_KEYS = ("point", "strategy", "world")
_GROUPS = {
    "grouping": "text", "group": "text", "order": "int", "n_employees": "int", "monthly_posters": "float",
    "monthly_readers": "float", "posts_per_employee_month": "float", "frame_social": "float",
    "frame_collaboration": "float", "frame_broadcast": "float",
}  # fmt: skip

_REPLIES = {"week": "int", "day": "int", "author": "int", "replier": "int", "kind": "text"}
KINDS_OF_REPLIES = ("reply", "answer", "reaction")
"""In the order of their numbers in `sim.model.state`."""
DAYS_PER_WEEK = 5


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


def _array(values: Iterable[Any], kind: str) -> pa.Array:
    """Return a column; NaN becomes null."""
    import pyarrow as pa

    given = list(values)
    arrow_type = pa.type_for_alias(_ARROW_TYPES[kind])
    if set(map(type, given)) <= {_PYTHON_TYPES[kind]}:
        return pa.array(given, arrow_type, from_pandas=True)
    return pa.array([_plain(value, kind) for value in given], arrow_type)


def _table(kinds: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    import pyarrow as pa

    rows = list(rows)
    columns = [_array((row.get(name) for row in rows), kind) for name, kind in kinds.items()]
    return pa.Table.from_arrays(columns, schema=_schema(kinds))


def table_from_rows(kinds: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return an Arrow table with the columns of `kinds` (name -> bool, int, float or text)."""
    return _table(kinds, rows)


def plan_table(plan: Plan, runs: range) -> pa.Table:
    """Return some rows of the plan, one row a run to do."""
    import numpy as np
    import pyarrow as pa

    kinds = {**_kinds_of_keys(plan, is_full=True), "seed": "int", "content_hash": "text"}
    run_ids = np.arange(runs.start, runs.stop)
    points = run_ids // len(plan.arms) % plan.n_points
    replications = run_ids // (len(plan.arms) * plan.n_points)
    rows = plan.runs[runs.start : runs.stop]
    columns = {
        "run_id": run_ids,
        "scenario": np.array([arm.name for arm in plan.arms], dtype=object)[run_ids % len(plan.arms)],
        "point": points,
        "replication": replications,
        "seed": [row.seed for row in rows],
        "content_hash": [row.content_hash for row in rows],
    }
    if plan.points is not None:
        columns["strategy"] = np.asarray(plan.points.strategy)[points]
        columns["world"] = np.asarray(plan.points.world)[points]
    schema = _schema(kinds)
    return pa.Table.from_arrays([pa.array(columns[name], schema.field(name).type) for name in kinds], schema=schema)


def points_table(points: Points) -> pa.Table:
    """Return the points of a design: what each factor is there, as a person would write it."""
    import pyarrow as pa

    weights = weight_columns(points)
    kinds = {
        "point": "int", "strategy": "int", "world": "int", **dict.fromkeys(weights, "float"), **_factor_kinds(points),
    }  # fmt: skip
    columns = {
        "point": range(points.n_points), "strategy": points.strategy, "world": points.world, **weights,
        **points.factors,
    }  # fmt: skip
    arrays = [_array(plain_values(columns[name]), kind) for name, kind in kinds.items()]
    return pa.Table.from_arrays(arrays, schema=_schema(kinds))


def points_of_table(table: pa.Table, is_lever: Mapping[str, bool], n_arms: int) -> Points:
    """Return the points that `points_table` wrote, as it wrote them.

    What they set in each arm (`Points.leaves`) is not in the table and is left empty: for what follows from runs,
    not for doing any.
    """
    weights = [name for name in table.column_names if name.startswith(WEIGHT)]
    factors = {name: table[name].to_pylist() for name in table.column_names if name not in (*_POINT_KEYS, *weights)}
    nothing: tuple[dict[str, list[Any]], ...] = tuple({} for _ in range(n_arms))
    return Points(
        factors, dict(is_lever), nothing, table["strategy"].to_pylist(), table["world"].to_pylist(),
        weights={name.removeprefix(WEIGHT): table[name].to_pylist() for name in weights},
    )  # fmt: skip


def _factor_kinds(points: Points) -> dict[str, str]:
    """Return the kind of column that each factor needs."""
    kinds = {}
    for name, column in points.factors.items():
        examples = {type(value): value for value in plain_values(column)}
        kinds[name] = column_kind(name, list(examples.values()))
    return kinds


def _kinds_of_keys(plan: Plan, is_full: bool = False) -> dict[str, str]:
    """Return the columns that say which run a row belongs to; in full with strategy and world."""
    if plan.points is None:
        return dict(_KEYS)
    numbers = ("point", "strategy", "world") if is_full else ("point",)
    return {"run_id": "int", "scenario": "text", **dict.fromkeys(numbers, "int"), "replication": "int"}


def _keys(plan: Plan, run: PlannedRun, is_full: bool = False) -> dict[str, Any]:
    keys = {"run_id": run.run_id, "scenario": run.scenario, "point": run.point, "replication": run.replication}
    if is_full and plan.points is not None:
        keys |= {"strategy": int(plan.points.strategy[run.point]), "world": int(plan.points.world[run.point])}
    return keys


class TableMaker:
    """Makes the tables of a study from the records of its runs.

    Parameters
    ----------
    plan : Plan
        What the runs were to do.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._scenarios = FlatScenarios(plan)
        parameters = self._scenarios.kinds
        factors = {} if plan.points is None else _factor_kinds(plan.points)
        # What a factor is called, where its values stand under other names: a framing, a bundle.
        self._labels = [name for name in factors if name not in parameters]
        self._weights = {} if plan.points is None else weight_columns(plan.points)
        outcomes = dict.fromkeys(plan.kept.outcomes, "float")
        keys, full = _kinds_of_keys(plan), _kinds_of_keys(plan, is_full=True)
        del full["replication"]
        self.kinds: dict[str, dict[str, str]] = {
            "runs": {
                **full, **dict.fromkeys(self._weights, "float"), **parameters,
                **{name: factors[name] for name in self._labels}, "replication": "int", "seed": "int", **outcomes,
            },
            "series": {**keys, "week": "int", **outcomes},
            "groups": {**keys, **_GROUPS},
            "replies": {**keys, **_REPLIES},
            "reasons": {**keys, "outcome": "text", "reason": "text"},
            "timing": {**keys, "run_seconds": "float"},
            "failures": {
                **keys, "seed": "int", "content_hash": "text", "error": "text", "traceback": "text",
                "parameters": "text",
            },
        }  # fmt: skip

    def schemas(self) -> dict[str, pa.Schema]:
        """Return the columns of each table that this study has."""
        kept = self.plan.kept
        tables = (("groups", kept.groups), ("replies", kept.replies), (SERIES, kept.has_series))
        left_out = {name for name, is_kept in tables if not is_kept}
        return {name: _schema(kinds) for name, kinds in self.kinds.items() if name not in left_out}

    def _replies(self, records: Sequence[Finished]) -> pa.Table:
        """Return one row a reply, answer or reaction; days and weeks count from 1, employees from 0."""
        import numpy as np
        import pyarrow as pa

        schema = _schema(self.kinds["replies"])
        kept = [record for record in records if record.replies is not None and len(record.replies)]
        numbers = [len(record.replies) for record in kept if record.replies is not None]
        runs = [self.plan.runs[record.run_id] for record in kept]

        def together(name: str) -> np.ndarray:
            parts = [record.replies[name] for record in kept if record.replies is not None]
            return np.concatenate([np.empty(0, dtype=np.int32), *parts])

        days = together("day")
        columns: dict[str, Any] = {
            "week": days // DAYS_PER_WEEK + 1, "day": days + 1, "author": together("author"),
            "replier": together("replier"), "kind": np.array(KINDS_OF_REPLIES, dtype=object)[together("kind")],
        }  # fmt: skip
        for name in (name for name in schema.names if name not in columns):
            dtype = object if self.kinds["replies"][name] == "text" else np.int64
            columns[name] = np.repeat(np.array([getattr(run, name) for run in runs], dtype=dtype), numbers)
        return pa.Table.from_arrays([pa.array(columns[field.name], field.type) for field in schema], schema=schema)

    def _rows(self, name: str, record: Finished | Failed) -> list[dict[str, Any]]:
        """Return the rows of one record in the table `name` (all but ``series``)."""
        if isinstance(record, Failed) != (name == "failures"):
            return []
        if name == "reasons" and isinstance(record, Finished) and not record.reasons:
            return []  # so with most runs
        run = self.plan.runs[record.run_id]
        keys = _keys(self.plan, run, is_full=name == "runs")
        if isinstance(record, Failed):
            failure = {
                "seed": run.seed, "content_hash": run.content_hash, "error": record.error,
                "traceback": record.traceback, "parameters": json.dumps(self.plan.resolved(run)),
            }  # fmt: skip
            return [{**keys, **failure}]
        match name:
            case "runs":
                parameters = self._scenarios.at(run.scenario, run.point)
                weights = {name: column[run.point] for name, column in self._weights.items()}
                return [
                    {**keys, **weights, **parameters, **self._label_values(run), "seed": run.seed, **record.outcomes}
                ]
            case "groups":
                return [{**keys, **row} for row in record.groups]
            case "reasons":
                return [
                    {**keys, "outcome": outcome, "reason": record.reasons[outcome]}
                    for outcome in self.plan.kept.outcomes
                    if outcome in record.reasons
                ]
            case _:
                return [{**keys, "run_seconds": record.run_seconds}]

    def _label_values(self, run: PlannedRun) -> dict[str, Any]:
        points = self.plan.points
        return {} if points is None else {name: points.factors[name][run.point] for name in self._labels}

    def table(self, name: str, records: Iterable[Finished | Failed]) -> pa.Table:
        """Return the rows that `records` (sorted by run id) give in the table `name`."""
        if name == "series":
            return self._series([record for record in records if isinstance(record, Finished)])
        if name == "replies":
            return self._replies([record for record in records if isinstance(record, Finished)])
        return _table(self.kinds[name], (row for record in records for row in self._rows(name, record)))

    def _series(self, records: Sequence[Finished]) -> pa.Table:
        """Return one row a run and kept week; weeks count from 1, a week's values are those at its end."""
        import numpy as np
        import pyarrow as pa

        kinds = self.kinds["series"]
        schema = _schema(kinds)
        runs = [self.plan.runs[record.run_id] for record in records]
        n_weeks = np.array([len(next(iter(record.series.values()), ())) for record in records], dtype=np.int64)
        missing = [np.full(n, np.nan) for n in n_weeks]
        weeks = [self._weeks(run, int(n)) for run, n in zip(runs, n_weeks, strict=True)]
        columns = []
        for name in (name for name in kinds if name in _KEYS or name == "point"):
            values = np.array([getattr(run, name) for run in runs], dtype=object if kinds[name] == "text" else np.int64)
            columns.append(pa.array(np.repeat(values, n_weeks), schema.field(name).type))
        columns.append(pa.array(np.concatenate([np.empty(0, dtype=np.int64), *weeks]), pa.int64()))
        for name in self.plan.kept.outcomes:
            parts = [record.series.get(name, gap) for record, gap in zip(records, missing, strict=True)]
            columns.append(pa.array(np.concatenate(parts or [np.empty(0)]), pa.float64(), from_pandas=True))
        return pa.Table.from_arrays(columns, schema=schema)

    def _weeks(self, run: PlannedRun, n_kept: int) -> np.ndarray:
        """Return which weeks of a run its series has."""
        kept = self.plan.kept
        if kept.series == "all":
            return kept.weeks(n_kept)
        return kept.weeks(self.plan.resolved(run)["run"]["weeks"])
