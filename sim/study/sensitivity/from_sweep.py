"""PAWN on the runs of a finished sweep: it needs points that are spread evenly, whoever drew them, and no new runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.study.checksums import is_there
from sim.study.manifest import complete_shape, read_manifest, write_manifest
from sim.study.sensitivity.folder import factors_of, tables_of
from sim.study.sensitivity.sampling import Sample, refuse_wrong_size
from sim.study.store import read_parquet, write_parquet
from sim.texts.said import said

if TYPE_CHECKING:
    import pyarrow as pa

FITTING_DESIGNS = ("latin_hypercube", "sobol", "grid")
"""Designs in which every factor meets all values of the others; in a list or zip they go together."""


def sample_of_points(points: pa.Table, factors: Sequence[Mapping[str, Any]]) -> Sample:
    """Return the points of a sweep as a sample of PAWN.

    The coordinate of a point is its place among all points in the order of the factor's values, between 0 and 1;
    alternatives have the order of the file, equal values that of the points.

    Parameters
    ----------
    points : Table
        ``points.parquet``: a column for each factor.
    factors : sequence of mapping
        What the manifest says about each.
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

    Raises
    ------
    InputError
        If the folder holds no finished sweep, or its points do not fit.
    OSError
        If `target` cannot be written.
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
    factors = [factor for factor in factors_of(manifest) if len(set(points[factor["name"]].to_pylist())) > 1]
    sample = sample_of_points(points, factors)
    refuse_wrong_size("pawn", sample.n, len(factors))
    described = {
        **manifest,
        "kind": "sensitivity",
        "experiment": {**manifest["experiment"], "method": "pawn", "by_group": False, "samples": sample.n},
        "factors": factors,
        "from": str(folder),
        "figures": [],
    }
    target.mkdir(parents=True, exist_ok=True)
    for name, table in tables_of(folder, described, sample).items():
        write_parquet(target / f"{name}.parquet", table)
    write_manifest(target, described)
