"""Reading a results folder as pandas tables."""

from __future__ import annotations

import csv
import dataclasses
import html
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sim.analysis.conduct import Study
from sim.analysis.findings import findings, same_scenarios
from sim.analysis.notes import added_to
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError
from sim.experiments.points import Points
from sim.kernel.files import written_whole
from sim.runs.columns import DERIVED_TABLES, RUN_TABLES, SERIES, points_of_table, table_from_rows
from sim.runs.folder import JOURNAL_NAME, PARTS_NAME, PLAN_NAME, POINTS_NAME, has_waiting, is_merged
from sim.runs.manifest import arms_of, complete_manifest, made_with, no_results, read_manifest, shard_of
from sim.runs.parquet import DamagedFileError, is_there, opened, read_parquet, series_files
from sim.runs.plan import About, Kept, Plan
from sim.runs.records import DamagedJournalError, Failed, Finished, Journal, Record, decode, made_of
from sim.words import said

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


Tables = TypeVar("Tables", bound=tuple[Any, ...])


def in_a_line(tables: Any) -> str:
    """Return what some tables are, for a person who looks at them in Python: their names and sizes, not their rows."""
    parts = [
        f"{name}: {value.shape[0]} x {value.shape[1]}" if hasattr(value, "shape") else f"{name}={value!r}"
        for name, value in tables._asdict().items()
        if value is not None
    ]
    return f"{type(tables).__name__}({', '.join(parts)})"


def in_html(tables: Any) -> str:
    """Return what a notebook shows of some tables: the first one, and the names and sizes of all."""
    first = next((value for value in tables if hasattr(value, "to_html")), None)
    table = "" if first is None else first.head(12).to_html(index=False, float_format="{:.3g}".format)
    return f"<p><code>{html.escape(in_a_line(tables))}</code></p>{table}"


def shown_in_short(tables: type[Tables]) -> type[Tables]:
    """Have tables shown by their names and sizes where a person looks at them in Python."""
    tables.__repr__ = in_a_line  # type: ignore[method-assign]
    tables._repr_html_ = in_html  # type: ignore[attr-defined]
    return tables


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a results folder by name; ``series`` has all its parts.

    Parameters
    ----------
    folder : Path
        A results folder of any study.

    Raises
    ------
    InputError
        If it is none.
    """
    import pandas as pd

    if read_manifest(folder) is None:
        raise no_results(folder)
    paths = {name: folder / f"{name}.parquet" for name in ("plan", "points", *RUN_TABLES, *DERIVED_TABLES)}
    tables = {name: read_parquet(path).to_pandas(use_threads=False) for name, path in paths.items() if is_there(path)}
    parts = [read_parquet(path).to_pandas(use_threads=False) for path in series_files(folder)]
    tables["series"] = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return tables


# Reading a results folder as it is: finished, interrupted, partly failed, or still being filled.
#
# Nothing is locked and nothing is changed, so it can be done while runs go on.


USUAL_OUTCOME = "monthly_posters"
FINISHED_AND_FAILED = ("runs", "failures")


class FailureGroup(NamedTuple):
    """Failed runs with one error, and one of them as an example.

    `parameters` is the resolved scenario of the example; `place` is the last line of its traceback that names code.
    """

    error: str
    n: int
    run_id: int
    scenario: str
    point: int | None
    replication: int
    seed: int
    place: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """What a results folder holds."""

    folder: Path
    manifest: dict[str, Any]  # what ``manifest.json`` says
    # one row a run that was planned: run_id, scenario, point, replication, seed ... (of a shard, its part)
    plan: pd.DataFrame
    runs: pd.DataFrame  # one row a finished run: the columns of `plan` that say which run it is, and the outcomes
    failures: pd.DataFrame  # one row a failed run: run_id, scenario, replication, seed, error, traceback, parameters

    @property
    def kind(self) -> str:
        """The command that made it: ``run``, ``compare``, ``sweep``, ``sensitivity`` ..."""
        usual = "run" if len(self.scenarios) == 1 else "compare"
        return str(self.manifest.get("kind", usual))

    @property
    def name(self) -> str:
        """Name of the experiment, or of the scenarios."""
        experiment = self.manifest.get("experiment")
        return str(experiment["name"]) if experiment else " vs ".join(self.scenarios)

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in order."""
        return [str(scenario["name"]) for scenario in self.manifest["scenarios"]]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that were kept."""
        return kept_outcomes(self.manifest)

    @property
    def main_outcome(self) -> str:
        """The outcome that comes first in what is shown."""
        return USUAL_OUTCOME if USUAL_OUTCOME in self.outcomes and self.is_about_everything else self.outcomes[0]

    @property
    def is_about_everything(self) -> bool:
        """Whether all outcomes were kept."""
        return set(self.outcomes) >= set(OUTCOME_NAMES)

    @property
    def n_planned(self) -> int:
        """Number of runs to do."""
        return len(self.plan)

    @property
    def n_missing(self) -> int:
        """Number of runs that neither finished nor failed."""
        return self.n_planned - len(self.runs) - len(self.failures)

    def points(self) -> pd.DataFrame:
        """Return the points of the design: point, strategy, world, factors.

        Raises InputError if they are missing or damaged.
        """
        path = self.folder / POINTS_NAME
        try:
            return read_parquet(path).to_pandas(use_threads=False)
        except DamagedFileError as error:
            raise InputError(said("refusal.folder.points", path=path, error=error.reason)) from None

    def failure_groups(self) -> list[FailureGroup]:
        """Return the failures by error, the most frequent first."""
        counts = Counter(self.failures["error"])
        groups = []
        for error, n in counts.most_common():
            row = self.failures[self.failures["error"] == error].iloc[0]
            groups.append(
                FailureGroup(
                    error=str(error), n=n, run_id=int(row["run_id"]), scenario=str(row["scenario"]),
                    point=int(row["point"]) if "point" in row and row["point"] == row["point"] else None,
                    replication=int(row["replication"]), seed=int(row["seed"]), place=_place(str(row["traceback"])),
                    parameters=json.loads(row["parameters"]) if isinstance(row["parameters"], str) else {},
                )
            )  # fmt: skip
        return groups


def kept_outcomes(manifest: dict[str, Any]) -> tuple[str, ...]:
    """Return the outcomes that a study kept, in order."""
    return tuple(manifest.get("kept", {}).get("outcomes", OUTCOME_NAMES))


def _place(traceback: str) -> str:
    """Return where the error was raised, as ``file, line: function``."""
    lines = [line.strip() for line in traceback.splitlines() if line.strip().startswith("File ")]
    return lines[-1] if lines else ""


def read_stored(folder: Path) -> Stored:
    """Read a results folder. Raises InputError if it is none, or a file of it is damaged."""
    manifest = complete_manifest(folder)
    try:
        try:
            return _read(folder, manifest)
        except FileNotFoundError:  # a study that goes on has just put the runs of its parts into tables
            return _read(folder, complete_manifest(folder))
    except (KeyError, ValueError, OSError) as error:  # of a folder without checksums, made by an earlier version
        raise InputError(said("refusal.folder.unreadable", folder=folder, reason=error)) from None
    except DamagedFileError as error:
        raise InputError(said("refusal.folder.unreadable", folder=folder, reason=error.lines[0])) from None


def _read(folder: Path, manifest: dict[str, Any]) -> Stored:
    plan = read_parquet(folder / PLAN_NAME).to_pandas(use_threads=False)
    if "shard" in manifest:
        plan = plan.iloc[list(shard_of(manifest).runs(len(plan)))].reset_index(drop=True)
    runs, failures = _merged(folder, plan, kept_outcomes(manifest))
    return Stored(folder, manifest, plan, runs, failures)


def _merged(folder: Path, plan: pd.DataFrame, outcomes: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return finished and failed runs: those in the tables, and those of a study that was killed or goes on."""
    import pandas as pd

    tables = {}
    for name in FINISHED_AND_FAILED:
        path = folder / f"{name}.parquet"
        columns = ["run_id", *outcomes] if name == "runs" else None
        tables[name] = read_parquet(path, columns).to_pandas(use_threads=False) if has_table(path) else pd.DataFrame()
    fresh: dict[int, Record] = {record.run_id: record for record in unmerged(folder, plan)}
    finished = [record for record in fresh.values() if isinstance(record, Finished)]
    failed = [record for record in fresh.values() if isinstance(record, Failed)]
    rows = pd.DataFrame([{"run_id": one.run_id, **one.outcomes} for one in finished], columns=["run_id", *outcomes])
    runs = _rows_of(plan, _joined([tables["runs"], rows]).reindex(columns=["run_id", *outcomes]))
    columns = ["run_id", "error", "traceback", "parameters"]
    told = tables["failures"].reindex(columns=columns)
    more = pd.DataFrame([(one.run_id, one.error, one.traceback, None) for one in failed], columns=columns)
    failures = _rows_of(plan, _joined([told, more]))
    return runs, failures[~failures["run_id"].isin(runs["run_id"])].reset_index(drop=True)


def has_table(path: Path) -> bool:
    """Say whether a table of a results folder is there; where runs wait in parts, it may not have been made.

    Raises DamagedFileError if it should be there, and is not.
    """
    return path.exists() or (not has_waiting(path.parent) and is_there(path))


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Return tables below each other; of two rows of one run the later counts."""
    import pandas as pd

    filled = [table for table in tables if len(table)]
    if not filled:
        return tables[-1]
    return pd.concat(filled, ignore_index=True).drop_duplicates("run_id", keep="last").sort_values("run_id")


def _rows_of(plan: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with the columns of the plan in front."""
    keys = plan.drop(columns="content_hash")
    return keys.merge(table.astype({"run_id": keys["run_id"].dtype}), on="run_id", how="inner")


def unmerged(folder: Path, plan: pd.DataFrame) -> Iterator[Record]:
    """Yield the runs of a study that are not in its tables yet, later attempts after earlier ones.

    `plan`: its plan; runs that were made of something else are left out.

    Raises DamagedFileError if the journal is not as it was written.
    """
    journal = Journal(folder / PARTS_NAME / JOURNAL_NAME)
    try:
        records = list(journal.records())
    except DamagedJournalError as error:
        raise DamagedFileError(journal.path, error.args[0]) from None
    if not records:
        return
    made = made_with(complete_manifest(folder))
    hashes = dict(zip(plan["run_id"].tolist(), plan["content_hash"].tolist(), strict=True))
    for record in records:
        content = hashes.get(record.run_id)
        # Who wrote it need not have noted what it was made of.
        if content is not None and record.made_of in {"", *(made_of(content, each) for each in made)}:
            yield decode(record)


# The study of a ``run`` or ``compare`` in a results folder, worked out again from the runs there are.


_REASONS = {"scenario": "text", "outcome": "text", "reason": "text"}


def study_of(stored: Stored) -> Study:
    """Return what a ``run`` or ``compare`` found, from the runs that are done. Raises InputError if none is done."""
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


# The tables of a results folder as CSV: RFC 4180, UTF-8, missing values empty.


SUFFIX = ".csv"
ROWS_AT_ONCE = 10_000
_FORMULA = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")  # the wide signs count in some locales


class Signs(NamedTuple):
    """How a file is written: its encoding, what stands between cells, and the decimal sign."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."


PLAIN = Signs()
SPREADSHEET = {"en": Signs("utf-8-sig"), "nl": Signs("utf-8-sig", ";", ",")}
"""As a spreadsheet of the language opens it by a double click: it knows UTF-8 by the byte order mark alone."""


class Exported(NamedTuple):
    """A file that was written, and its number of rows without the header."""

    path: Path
    n_rows: int


def export_csv(stored: Stored, target: Path, signs: Signs = PLAIN) -> list[Exported]:
    """Write the tables of a results folder as CSV.

    Parameters
    ----------
    stored : Stored
        The results folder.
    target : Path
        A folder for all tables, one file each; or a name that ends in ``.csv`` for the table of runs alone, with
        ``<name>-reasons.csv`` beside it, which says why values are missing.
    signs : Signs
        How they are written.

    Raises
    ------
    InputError
        If a file is there already, or cannot be written; nothing was replaced.
    """
    plan = dict(_files(stored, target))
    present = [path.name for path in plan.values() if path.exists()]
    if present:
        raise InputError(said("refusal.export.present", target=target, names=", ".join(present)))
    folder = target.parent if target.suffix == SUFFIX else target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [Exported(path, write_csv(path, _batches(stored, name), signs)) for name, path in plan.items()]
    except OSError as error:
        raise InputError(said("refusal.export.target", target=target, reason=error.strerror)) from None


def _files(stored: Stored, target: Path) -> Iterator[tuple[str, Path]]:
    """Yield the tables to write, each with its file."""
    if target.suffix == SUFFIX:
        yield "runs", target
        if has_table(stored.folder / "reasons.parquet"):
            yield "reasons", target.with_name(f"{target.stem}-reasons{SUFFIX}")
        return
    for name in ("plan", "points", *RUN_TABLES[::-1], *DERIVED_TABLES):
        if name == "runs" or has_table(stored.folder / f"{name}.parquet"):
            yield name, target / f"{name}{SUFFIX}"
    if series_files(stored.folder):
        yield SERIES, target / f"{SERIES}{SUFFIX}"


def _batches(stored: Stored, name: str) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    # A study that was killed, or goes on, has runs that are in no table yet.
    if name == "runs" and not is_merged(stored.folder):
        yield from pa.Table.from_pandas(stored.runs, preserve_index=False).to_batches(ROWS_AT_ONCE)
        return
    files = series_files(stored.folder) if name == SERIES else [stored.folder / f"{name}.parquet"]
    for path in files:
        with opened(path) as file:
            parquet = pq.ParquetFile(file, pre_buffer=False)
            yield pa.RecordBatch.from_pylist([], parquet.schema_arrow)  # a header, even without rows
            yield from parquet.iter_batches(ROWS_AT_ONCE)


def write_csv(path: Path, batches: Iterable[pa.RecordBatch], signs: Signs = PLAIN) -> int:
    """Write batches of one schema to `path`, whole or not at all, and return the number of rows."""
    n_rows = 0
    with written_whole(path) as file:
        text = io.TextIOWrapper(file, encoding=signs.encoding, newline="")
        writer = csv.writer(text, delimiter=signs.delimiter, lineterminator="\r\n")
        names: list[str] = []
        for batch in batches:
            if not names:
                names = list(batch.schema.names)
                writer.writerow(map(_cell, names))
            columns = [[_cell(value, signs.decimal) for value in column.to_pylist()] for column in batch.columns]
            writer.writerows(zip(*columns, strict=True))
            n_rows += batch.num_rows
        text.flush()
        text.detach()
    return n_rows


def _cell(value: Any, decimal: str = ".") -> Any:
    """Return a value as it stands in a cell: switches as ``true`` and ``false``, missing ones empty.

    A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers.
    """
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and decimal != ".":
        return repr(value).replace(".", decimal)
    return ("true" if value else "false") if isinstance(value, bool) else value


def export_json(files: Iterable[Exported]) -> Mapping[str, Any]:
    """Return what was written, as JSON can hold it."""
    return {"exported": [{"file": str(path), "rows": n_rows} for path, n_rows in files]}
