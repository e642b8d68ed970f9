"""What a folder of sensitivity analysis says, ready to be shown: its tables by subject, and its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.study.manifest import now
from sim.study.sensitivity.folder import TABLES, factors_of, manifest_of, outcomes_of
from sim.study.sensitivity.indices import DUMMY
from sim.study.sensitivity.values import Subject
from sim.study.store import read_parquet

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
    """What a folder of sensitivity analysis says.

    Attributes
    ----------
    name, method : str
        Of the experiment.
    samples, points, replications, runs, seed : int
        Its size.
    is_by_group : bool
        Whether indices are about groups.
    n_movers : int
        Number of factors, or of groups.
    seconds : float
        From the start to the end of the runs.
    outcomes : list of str
        The outcomes that were kept, the main one first.
    subjects : list of SubjectResult
        The main outcome's first.
    folder : Path
        Where it is.
    """

    name: str
    method: str
    samples: int
    points: int
    replications: int
    runs: int
    seed: int
    is_by_group: bool
    n_movers: int
    seconds: float
    outcomes: Sequence[str]
    subjects: Sequence[SubjectResult]
    folder: Path

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
    """Return what a folder says.

    Raises
    ------
    InputError
        If it is no folder of sensitivity analysis.
    """
    manifest = manifest_of(folder)
    experiment = manifest["experiment"]
    rows = {name: read_parquet(folder / f"{name}.parquet").to_pylist() for name in TABLES}
    start, end = (datetime.fromisoformat(manifest[name] or now()) for name in ("start", "end"))
    subjects = []
    for noise in rows["noise"]:
        subject = Subject(noise["scenario"], noise["minus"], noise["outcome"])
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
    )


def sample_movers(manifest: Mapping[str, Any]) -> list[str]:
    """Return what indices are about: factors, or groups."""
    name = "group" if manifest["experiment"]["by_group"] else "name"
    return list(dict.fromkeys(factor[name] for factor in factors_of(manifest)))


def _subject(row: Row) -> Subject:
    return Subject(row["scenario"], row["minus"], row["outcome"])
