"""The sweep in a results folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError
from sim.study.stored import Stored, read_stored
from sim.study.sweeping.sweep import Sweep, analyze
from sim.study.times import weeks_of_study, with_times
from sim.study.wording import OUTCOME_BY_NAME
from sim.texts.said import said


class SweepFacts(NamedTuple):
    """What the tables of a sweep do not say about it."""

    name: str
    seed: int
    folder: Path
    n_done: int
    n_planned: int


class StoredSweep(NamedTuple):
    """A sweep, worked out from the runs in a folder, and the outcome that comes first."""

    sweep: Sweep
    facts: SweepFacts
    main_outcome: str
    stored: Stored


def read_sweep(folder: Path) -> StoredSweep:
    """Work out the sweep in a results folder, from the runs there are.

    Raises
    ------
    InputError
        If the folder holds no sweep, or nothing of it is done.
    """
    return sweep_of(read_stored(folder))


def sweep_of(stored: Stored) -> StoredSweep:
    """Work out a sweep from what a folder holds.

    Raises
    ------
    InputError
        If it is no sweep, or nothing of it is done.
    """
    if stored.runs.empty or "point" not in stored.runs.columns:
        raise InputError(said("refusal.sweep.none", folder=stored.folder))
    main = stored.main_outcome
    outcomes = [name for name in dict.fromkeys([main, *stored.outcomes]) if name in OUTCOME_BY_NAME]
    seed, n_replications = int(stored.manifest["seed"]), int(stored.manifest["replications"])
    drawn = [each["name"] for each in stored.manifest["factors"] if not each["is_lever"] and each["levels"] is None]
    points = stored.points()
    n_weeks = weeks_of_study(stored.manifest["scenarios"], points)
    stored = dataclasses.replace(stored, runs=with_times(stored.runs, n_weeks))
    sweep = analyze(stored.runs, points, stored.scenarios, n_replications, outcomes, (seed,), drawn, n_weeks)
    facts = SweepFacts(stored.name, seed, stored.folder, len(stored.runs), stored.n_planned)
    return StoredSweep(sweep, facts, main, stored)
