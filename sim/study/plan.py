"""The plan of a study: one row a run to do, known in full before the first run starts.

A row has everything that its numbers depend on: the arm (a resolved scenario), the seed, and the version of
the code, summed up in a content hash. Two rows with one hash are the same run, so finished work can be
recognized.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from sim.study.code_version import code_version

# Facts of the study or names for the reader: they do not enter a run.
NOT_IN_A_RUN = ("name", "description")
NOT_IN_A_RUN_SECTION = ("replications", "seed")


class Arm(NamedTuple):
    """One thing to try: a resolved scenario under a name that is unique in the study."""

    name: str
    resolved: Mapping[str, Any]


class PlannedRun(NamedTuple):
    """One run to do. `run_id` is its place in the plan; `replication` counts from 0."""

    run_id: int
    scenario: str
    replication: int
    seed: int
    content_hash: str


@dataclass(frozen=True)
class Plan:
    """All runs of a study, replication by replication, so that partial results cover every arm.

    Attributes
    ----------
    arms : tuple of Arm
        What is tried, in the order given.
    seed : int
        Seed of the study, from which the seed of each replication follows.
    n_replications : int
        Runs per arm.
    code_version : str
        Version of the code that is to do the runs.
    runs : tuple of PlannedRun
        Sorted by `run_id`, which counts from 0 without gaps.
    """

    arms: tuple[Arm, ...]
    seed: int
    n_replications: int
    code_version: str
    runs: tuple[PlannedRun, ...]

    @cached_property
    def _by_name(self) -> dict[str, Mapping[str, Any]]:
        return {arm.name: arm.resolved for arm in self.arms}

    def resolved(self, run: PlannedRun) -> Mapping[str, Any]:
        """Return the resolved scenario of `run`."""
        return self._by_name[run.scenario]

    def with_replications(self, n_replications: int) -> Plan:
        """Return this plan with another number of replications; rows that are in both are equal."""
        return make_plan(self.arms, n_replications, self.seed, self.code_version)

    @cached_property
    def content_hash(self) -> str:
        """Hash of the whole plan."""
        rows = "\n".join(f"{run.run_id} {run.scenario} {run.content_hash}" for run in self.runs)
        return hashlib.sha256(rows.encode()).hexdigest()


def replication_seed(seed: int, replication: int) -> int:
    """Return the seed of one replication, in [0, 2**63).

    It depends on nothing else: all arms share it (paired by seed), and it stays when replications are added.
    Uses NumPy's SeedSequence with the replication as spawn key.
    """
    from numpy import uint64
    from numpy.random import SeedSequence

    return int(SeedSequence(seed, spawn_key=(replication,)).generate_state(1, uint64)[0] >> uint64(1))


def _own_workforce(resolved: Mapping[str, Any]) -> str:
    """Return a hash of the user's own workforce file, or an empty string where a profile is used."""
    workforce = resolved.get("organization", {}).get("workforce", "")
    path = Path(str(workforce))
    # A scenario names a file in full; anything else is the name of a profile.
    if not path.is_absolute() or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def scenario_hash(resolved: Mapping[str, Any]) -> str:
    """Return a hash of everything in a resolved scenario that its runs depend on.

    Name, description and the study's own settings (replications, seed) are left out. A workforce file counts
    by its content, not by where it lies.
    """
    content = {key: value for key, value in resolved.items() if key not in NOT_IN_A_RUN}
    if "run" in content:
        content["run"] = {key: value for key, value in content["run"].items() if key not in NOT_IN_A_RUN_SECTION}
    if own := _own_workforce(resolved):
        content["organization"] = {**content["organization"], "workforce": own}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _run_hash(scenario: str, seed: int, version: str) -> str:
    return hashlib.sha256(f"{scenario} {seed} {version}".encode()).hexdigest()


def _fitted(arm: Arm) -> Arm:
    """Return an arm whose scenario fits the user's own workforce file, if it names one."""
    if not _own_workforce(arm.resolved):
        return arm
    from sim.organization.importing import fitted_to_staff

    return Arm(arm.name, fitted_to_staff(arm.resolved))


def make_plan(arms: Sequence[Arm], n_replications: int, seed: int, version: str | None = None) -> Plan:
    """Return the plan for every arm with `n_replications` each.

    Parameters
    ----------
    arms : sequence of Arm
        At least one, with unique names.
    n_replications : int
        Runs per arm, at least 1.
    seed : int
        Seed of the study, at least 0.
    version : str, optional
        Version of the code; that of this installation if left out.

    Raises
    ------
    ValueError
        If there are no arms, names repeat, or `n_replications` is below 1.
    InputError
        If a scenario does not fit the workforce file that it names.
    """
    names = [arm.name for arm in arms]
    if not names or len(set(names)) < len(names):
        raise ValueError(f"a plan needs arms with unique names, got {names}")
    if n_replications < 1:
        raise ValueError(f"a plan needs at least 1 replication, got {n_replications}")
    version = code_version() if version is None else version
    arms = [_fitted(arm) for arm in arms]
    hashes = [scenario_hash(arm.resolved) for arm in arms]
    runs: list[PlannedRun] = []
    for replication in range(n_replications):
        run_seed = replication_seed(seed, replication)
        for name, digest in zip(names, hashes, strict=True):
            runs.append(PlannedRun(len(runs), name, replication, run_seed, _run_hash(digest, run_seed, version)))
    return Plan(tuple(arms), seed, n_replications, version, tuple(runs))
