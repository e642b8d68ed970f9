"""What a folder of sensitivity analysis says, ready to be shown: its tables by subject, and its size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.notes import added_to
from sim.analysis.over_worlds import headline_weights
from sim.analysis.sensitivity.analysis import (
    CONVERGENCE_COLUMNS,
    INDEX_COLUMNS,
    NOISE_COLUMNS,
    Kinds,
    analyze,
    convergence_rows,
    index_rows,
    noise_rows,
)
from sim.analysis.sensitivity.sampling import Sample, draw_sample, refuse_wrong_size
from sim.analysis.sensitivity.values import DUMMY, OutcomeValues, RunTables, Subject, gather
from sim.analysis.statistics import weeks_of_study
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError, RunError
from sim.experiments.factors import USUAL_OUTCOME
from sim.runs.columns import table_from_rows
from sim.runs.manifest import complete_shape, now, read_manifest, write_manifest
from sim.runs.parquet import is_there, read_parquet, write_parquet
from sim.words import said

if TYPE_CHECKING:
    import pyarrow as pa


Row = Mapping[str, Any]

MAIN_MEASURE = {"sobol": "ST", "morris": "mu_star", "pawn": "KS"}
"""The measure of each method that tells what a factor does in all."""


@dataclass(frozen=True)
class SubjectResult:
    """Everything about one outcome of a scenario or of a contrast; rows as in the tables, missing numbers None."""

    subject: Subject
    noise: Row
    indices: Sequence[Row]
    convergence: Sequence[Row]

    def of(self, measure: str) -> list[Row]:
        """Return the indices of one measure, largest first, without the dummy."""
        own = [row for row in self.indices if row["measure"] == measure and row["factor"] != DUMMY]
        return sorted(own, key=lambda row: -row["value"])

    def get(self, measure: str, factor: str) -> Row | None:
        """Return one index, or None."""
        return next((row for row in self.indices if (row["measure"], row["factor"]) == (measure, factor)), None)


@dataclass(frozen=True)
class SensitivityResults:
    """What a folder of sensitivity analysis says."""

    # `name`, `method`: of the experiment
    name: str
    method: str
    # `samples`, `points`, `replications`, `runs`, `seed`: its size
    samples: int
    points: int
    replications: int
    runs: int
    seed: int
    is_by_group: bool  # whether indices are about groups
    n_movers: int  # number of factors, or of groups
    seconds: float  # from the start to the end of the runs
    outcomes: Sequence[str]  # the outcomes that were kept, the main one first
    subjects: Sequence[SubjectResult]  # the main outcome's first
    folder: Path  # where it is
    added: str = ""  # the file that was added to the model

    @property
    def measure(self) -> str:
        """The measure that tells what a factor does in all."""
        return MAIN_MEASURE[self.method]

    @property
    def main(self) -> list[SubjectResult]:
        """The subjects of the main outcome: contrasts first, which are what two bases are given for."""
        own = [each for each in self.subjects if each.subject.outcome == self.outcomes[0]]
        return sorted(own, key=lambda each: not each.subject.minus)


def read_results(folder: Path) -> SensitivityResults:
    """Return what a folder says. Raises InputError if it is no folder of sensitivity analysis."""
    manifest = manifest_of(folder)
    experiment = manifest["experiment"]
    rows = {name: read_parquet(folder / f"{name}.parquet").to_pylist() for name in TABLES}
    start, end = (datetime.fromisoformat(manifest[name] or now()) for name in ("start", "end"))
    subjects = []
    reasons = _reasons_again(folder, manifest) if any(row["reason"] for row in rows["noise"]) else {}
    for told in rows["noise"]:
        subject = _subject(told)
        noise = {**told, "reason": reasons.get(subject, told["reason"])}
        own = {name: [row for row in rows[name] if _subject(row) == subject] for name in ("indices", "convergence")}
        subjects.append(SubjectResult(subject, noise, own["indices"], own["convergence"]))
    return SensitivityResults(
        name=experiment["name"],
        method=experiment["method"],
        samples=experiment["samples"],
        points=manifest["points"],
        replications=manifest["replications"],
        runs=manifest["runs"]["planned"],
        seed=manifest["seed"],
        is_by_group=experiment["by_group"],
        n_movers=len(sample_movers(manifest)),
        seconds=(end - start).total_seconds(),
        outcomes=outcomes_of(manifest),
        subjects=subjects,
        folder=folder,
        added=added_to(manifest),
    )


def _reasons_again(folder: Path, manifest: Mapping[str, Any]) -> dict[Subject, str]:
    """Return why subjects were not analyzed, told again from the runs: the table has the English words alone.

    Of a sweep that was analyzed the runs lie elsewhere, and there may be none any more.
    """
    source = Path(manifest.get("from", folder))
    if not all(is_there(source / f"{name}.parquet") for name in ("runs", "failures", "reasons", "points")):
        return {}
    return {each.subject: each.reason for each in gathered(source, manifest, int(manifest["points"]))}


def sample_movers(manifest: Mapping[str, Any]) -> list[str]:
    """Return what indices are about: factors, or groups."""
    name = "group" if manifest["experiment"]["by_group"] else "name"
    return list(dict.fromkeys(factor[name] for factor in factors_of(manifest)))


def _subject(row: Row) -> Subject:
    return Subject(row["scenario"], row["minus"], row["outcome"])


# From a results folder with finished runs to the tables that sensitivity analysis adds to it.


TABLES = {"indices": INDEX_COLUMNS, "convergence": CONVERGENCE_COLUMNS, "noise": NOISE_COLUMNS}


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a results folder of sensitivity analysis. Raises InputError if the folder is none."""
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("kind") != "sensitivity":
        raise InputError(said("refusal.sensitivity.none", folder=folder))
    complete_shape(folder, manifest, also=("experiment", "factors", "kept"))
    return manifest


def is_of_sweep(folder: Path) -> bool:
    """Say whether a folder has what `analyze_sweep` wrote: tables alone, of runs that lie elsewhere."""
    manifest = read_manifest(folder, is_checked=False) or {}
    return manifest.get("kind") == "sensitivity" and "from" in manifest


def factors_of(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the manifest says about each factor, without the dummy."""
    return [factor for factor in manifest["factors"] if factor["name"] != DUMMY]


def outcomes_of(manifest: Mapping[str, Any]) -> list[str]:
    """Return the outcomes, the main one first."""
    outcomes = list(manifest["kept"]["outcomes"])
    if set(outcomes) >= set(OUTCOME_NAMES):
        return [USUAL_OUTCOME, *(name for name in outcomes if name != USUAL_OUTCOME)]
    return outcomes


def sample_of(manifest: Mapping[str, Any]) -> Sample:
    """Return the sample of an experiment, drawn again: it follows from what the manifest says."""
    experiment, factors = manifest["experiment"], factors_of(manifest)
    groups = [factor["group"] for factor in factors] if experiment["by_group"] else []
    names = [factor["name"] for factor in factors]
    return draw_sample(experiment["method"], names, groups, experiment["samples"], manifest["seed"])


def _refuse_other_points(folder: Path, sample: Sample) -> None:
    """Refuse to analyze points that are not those of the sample: another library may have drawn them.

    Raises RunError if they are others.
    """
    there = read_parquet(folder / "points.parquet", [DUMMY])[DUMMY].to_numpy()
    if len(there) != len(sample.dummy) or not np.array_equal(there, sample.dummy):
        raise RunError(said("refusal.sensitivity.libraries", folder=folder))


def derived_tables(folder: Path) -> dict[str, pa.Table]:
    """Return the tables ``indices``, ``convergence`` and ``noise`` of a results folder.

    Raises InputError if the folder is not one of sensitivity analysis. Raises RunError if its points cannot be drawn
    again.
    """
    manifest = manifest_of(folder)
    sample = sample_of(manifest)
    _refuse_other_points(folder, sample)
    return tables_of(folder, manifest, sample)


def tables_of(folder: Path, manifest: Mapping[str, Any], sample: Sample) -> dict[str, pa.Table]:
    """Return the tables of a results folder whose points are those of `sample`."""
    kinds = Kinds({each["name"]: len(each["levels"]) for each in factors_of(manifest) if each["levels"] is not None})
    found = [analyze(sample, each, kinds) for each in gathered(folder, manifest, len(sample.unit))]
    rows = {"indices": index_rows(found), "convergence": convergence_rows(found, sample), "noise": noise_rows(found)}
    return {name: table_from_rows(columns, rows[name]) for name, columns in TABLES.items()}


def gathered(folder: Path, manifest: Mapping[str, Any], n_points: int) -> Iterator[OutcomeValues]:
    """Return what came out at each of the first points of a results folder, and why some of it cannot be analyzed."""
    import pyarrow.compute as pc

    scenarios, outcomes = [each["name"] for each in manifest["scenarios"]], outcomes_of(manifest)
    runs = RunTables(
        read_parquet(folder / "runs.parquet", ["scenario", "point", "replication", *outcomes]),
        read_parquet(folder / "failures.parquet", ["scenario", "point", "error"]),
        read_parquet(folder / "reasons.parquet", ["scenario", "point", "outcome", "reason"]),
    )
    shape = n_points, int(manifest["replications"])
    # What a sweep ran beside the worlds of its answer comes after their points.
    runs = RunTables(*(table.filter(pc.less(table["point"], shape[0])) for table in runs))
    n_weeks = weeks_of_study(
        manifest["scenarios"], read_parquet(folder / "points.parquet").to_pandas(use_threads=False)
    )
    return gather(runs, scenarios, outcomes, shape, n_weeks)


# PAWN on the runs of a finished sweep: it needs points that are spread evenly, whoever drew them, and no new runs.


FITTING_DESIGNS = ("latin_hypercube", "sobol", "grid")
"""Designs in which every factor meets all values of the others; in a list or zip they go together."""


def sample_of_points(points: pa.Table, factors: Sequence[Mapping[str, Any]]) -> Sample:
    """Return the points of a sweep as a sample of PAWN.

    The coordinate of a point is its place among all points in the order of the factor's values, between 0 and 1;
    alternatives have the order of the file, equal values that of the points.

    `points`: ``points.parquet``: a column for each factor; `factors`: what the manifest says about each.
    """
    n = points.num_rows
    columns = [_places(points[factor["name"]].to_pylist(), factor["levels"]) for factor in factors]
    names = tuple(str(factor["name"]) for factor in factors)
    unit = np.column_stack(columns) if columns else np.empty((n, 0))
    return Sample("pawn", names, (), n, unit, (np.arange(n) + 0.5) / n)


def _places(values: Sequence[Any], levels: Sequence[Any] | None) -> np.ndarray:
    if levels is None:
        ordered = np.array(values, dtype=float)
    else:
        known = {str(level): place for place, level in enumerate(levels)}
        ordered = np.array([known[str(value)] for value in values], dtype=float)
    places = np.empty(len(values))
    places[np.argsort(ordered, kind="stable")] = (np.arange(len(values)) + 0.5) / len(values)
    return places


def analyze_sweep(folder: Path, target: Path) -> None:
    """Work out PAWN indices from a finished sweep and write them, with a manifest, into `target`.

    Raises InputError if the folder holds no finished sweep, or its points do not fit. Raises OSError if `target` cannot
    be written.
    """
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("kind") != "sweep":
        raise InputError(said("refusal.sensitivity.no_sweep", folder=folder))
    complete_shape(folder, manifest, also=("experiment", "factors", "kept"))
    if manifest["status"] == "running" or "shard" in manifest or not is_there(folder / "runs.parquet"):
        raise InputError(said("refusal.sensitivity.unfinished", folder=folder))
    design = manifest["experiment"]["design"]
    if design not in FITTING_DESIGNS:
        raise InputError(
            said("refusal.sensitivity.design", folder=folder, design=design, names=", ".join(FITTING_DESIGNS))
        )
    points = read_parquet(folder / "points.parquet")
    weights = headline_weights(points.to_pandas(use_threads=False))
    if weights is not None:
        points = points.slice(0, int((weights > 0).sum()))
    n_runs = points.num_rows * len(manifest["scenarios"]) * int(manifest["replications"])
    factors = [factor for factor in factors_of(manifest) if len(set(points[factor["name"]].to_pylist())) > 1]
    sample = sample_of_points(points, factors)
    refuse_wrong_size("pawn", sample.n, len(factors))
    described = {
        **manifest,
        "kind": "sensitivity",
        "experiment": {**manifest["experiment"], "method": "pawn", "by_group": False, "samples": sample.n},
        "factors": factors,
        "points": points.num_rows,
        "runs": {**manifest["runs"], "planned": n_runs},
        "from": str(folder),
        "figures": [],
    }
    target.mkdir(parents=True, exist_ok=True)
    for name, table in tables_of(folder, described, sample).items():
        write_parquet(target / f"{name}.parquet", table)
    write_manifest(target, described)
