"""From a results folder with finished runs to the tables that sensitivity analysis adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError, RunError
from sim.scenario.experiment.experiment import USUAL_OUTCOME
from sim.scenario.outcome_table import OUTCOME_NAMES
from sim.study.manifest import complete_shape, read_manifest
from sim.study.sensitivity.analysis import (
    CONVERGENCE_COLUMNS,
    INDEX_COLUMNS,
    NOISE_COLUMNS,
    Kinds,
    analyze,
    convergence_rows,
    index_rows,
    noise_rows,
)
from sim.study.sensitivity.indices import DUMMY
from sim.study.sensitivity.sampling import Sample, draw_sample
from sim.study.sensitivity.values import RunTables, gather
from sim.study.store import read_parquet
from sim.study.tables import table_from_rows
from sim.study.times import weeks_of_study
from sim.texts.said import said

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = {"indices": INDEX_COLUMNS, "convergence": CONVERGENCE_COLUMNS, "noise": NOISE_COLUMNS}


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a results folder of sensitivity analysis.

    Raises
    ------
    InputError
        If the folder is none.
    """
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("kind") != "sensitivity":
        raise InputError(said("refusal.sensitivity.none", folder=folder))
    complete_shape(folder, manifest, also=("experiment", "factors", "kept"))
    return manifest


def factors_of(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the manifest says about each factor, without the dummy."""
    return [factor for factor in manifest["factors"] if factor["name"] != DUMMY]


def outcomes_of(manifest: Mapping[str, Any]) -> list[str]:
    """Return the outcomes, the main one first."""
    outcomes = list(manifest["kept"]["outcomes"])
    if set(outcomes) == set(OUTCOME_NAMES):
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

    Raises
    ------
    RunError
        If they are others.
    """
    there = read_parquet(folder / "points.parquet", [DUMMY])[DUMMY].to_numpy()
    if len(there) != len(sample.dummy) or not np.array_equal(there, sample.dummy):
        raise RunError(said("refusal.sensitivity.libraries", folder=folder))


def derived_tables(folder: Path) -> dict[str, pa.Table]:
    """Return the tables ``indices``, ``convergence`` and ``noise`` of a results folder.

    Raises
    ------
    InputError
        If the folder is not one of sensitivity analysis.
    RunError
        If its points cannot be drawn again.
    """
    manifest = manifest_of(folder)
    sample = sample_of(manifest)
    _refuse_other_points(folder, sample)
    return tables_of(folder, manifest, sample)


def tables_of(folder: Path, manifest: Mapping[str, Any], sample: Sample) -> dict[str, pa.Table]:
    """Return the tables of a results folder whose points are those of `sample`."""
    kinds = Kinds({each["name"]: len(each["levels"]) for each in factors_of(manifest) if each["levels"] is not None})
    scenarios, outcomes = [each["name"] for each in manifest["scenarios"]], outcomes_of(manifest)
    runs = RunTables(
        read_parquet(folder / "runs.parquet", ["scenario", "point", "replication", *outcomes]),
        read_parquet(folder / "failures.parquet", ["scenario", "point", "error"]),
        read_parquet(folder / "reasons.parquet", ["scenario", "point", "outcome", "reason"]),
    )
    shape = len(sample.unit), int(manifest["replications"])
    n_weeks = weeks_of_study(
        manifest["scenarios"], read_parquet(folder / "points.parquet").to_pandas(use_threads=False)
    )
    found = [analyze(sample, each, kinds) for each in gather(runs, scenarios, outcomes, shape, n_weeks)]
    rows = {
        "indices": index_rows(found),
        "convergence": convergence_rows(found, sample),
        "noise": noise_rows(found),
    }
    return {name: table_from_rows(columns, rows[name]) for name, columns in TABLES.items()}
