"""The sweep in a results folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.study.manifest import arms_of
from sim.study.notes import kept_notes, same_candidates, same_notes
from sim.study.over_worlds import headline_weights
from sim.study.plan import Arm
from sim.study.points import DEFAULTS, INTERVIEWS, WEIGHT
from sim.study.stored import Stored, read_stored
from sim.study.sweeping.cells import Candidate
from sim.study.sweeping.plausible import SUFFIX
from sim.study.sweeping.sweep import Sweep, analyze, with_beside
from sim.study.times import weeks_of_study, with_times
from sim.study.wording import OUTCOME_BY_NAME
from sim.texts.said import said

if TYPE_CHECKING:
    import pandas as pd


class SweepFacts(NamedTuple):
    """What the tables of a sweep do not say about it.

    `arms` are the scenarios, some of which may keep coefficients as they set them, whatever the `factors` say; `same`
    are groups of candidates that are the same in every run; `worlds` says which plausible worlds it was made in (see
    `over_worlds.facts_of`), nothing where coefficients are as the experiment has them; `beside` says what was run
    beside these: ``interviews`` and ``shared`` worlds, runs at the ``defaults``.
    """

    name: str
    seed: int
    folder: Path
    n_done: int
    n_planned: int
    arms: Sequence[Arm] = ()
    factors: Sequence[Mapping[str, Any]] = ()
    same: Sequence[Sequence[Candidate]] = ()
    worlds: Mapping[str, Any] = {}
    beside: Mapping[str, int] = {}

    def notes(self, language: str, name_of: Callable[[Candidate], str]) -> list[str]:
        """Return what has to be said before the numbers; `name_of` gives the name of a candidate."""
        by_worlds = bool(self.worlds)
        groups = [[name_of(candidate) for candidate in group] for group in self.same]
        return [*kept_notes(self.arms, self.factors, language, by_worlds), *same_notes(groups, language)]


class StoredSweep(NamedTuple):
    """A sweep, worked out from the runs in a folder, and the outcome that comes first.

    Of the worlds, `stored` has the runs of those that the answer rests on.
    """

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
    runs, n_done = with_times(stored.runs, n_weeks), len(stored.runs)
    weights = headline_weights(points)
    every = points
    if weights is not None:
        points = points[points["point"].map(weights) > 0].reset_index(drop=True)
        stored = dataclasses.replace(stored, runs=runs[runs["point"].isin(points["point"])].reset_index(drop=True))
        if stored.runs.empty:
            raise InputError(said("refusal.sweep.none", folder=stored.folder))
    else:
        stored = dataclasses.replace(stored, runs=runs)
    sweep = analyze(stored.runs, points, stored.scenarios, n_replications, outcomes, drawn, n_weeks)
    if weights is not None and sweep.has_ranks:
        sweep = with_beside(sweep, runs, every, stored.scenarios, n_replications, outcomes)
    facts = SweepFacts(
        stored.name, seed, stored.folder, n_done, stored.n_planned,
        arms_of(stored.manifest), stored.manifest["factors"], _same(sweep, stored.runs, outcomes),
        _worlds(stored.manifest["experiment"]), _beside(every, n_replications),
    )  # fmt: skip
    return StoredSweep(sweep, facts, main, stored)


def _worlds(experiment: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says about plausible worlds."""
    found = {name: experiment[name] for name in ("worlds", "source", "world_sets") if name in experiment}
    if not found and str(experiment["name"]).endswith(SUFFIX):  # made by an earlier version
        found = {"source": "calibrated"}
    return found


def _beside(points: pd.DataFrame, n_replications: int) -> dict[str, int]:
    """Return how many worlds of another set, and runs at the default values, there are beside those of the answer."""
    weights = [name for name in points.columns if str(name).startswith(WEIGHT)]
    worlds = points.drop_duplicates("world")
    found = {}
    if f"{WEIGHT}{INTERVIEWS}" in weights[1:]:
        is_other = worlds[f"{WEIGHT}{INTERVIEWS}"] > 0
        found[INTERVIEWS] = int(is_other.sum())
        found["shared"] = int((is_other & (worlds[weights[0]] > 0)).sum())
    if f"{WEIGHT}{DEFAULTS}" in weights:
        found[DEFAULTS] = int((worlds[f"{WEIGHT}{DEFAULTS}"] > 0).sum()) * n_replications
    return found


def _same(sweep: Sweep, runs: pd.DataFrame, outcomes: Sequence[str]) -> list[tuple[Candidate, ...]]:
    """Return the candidates that are the same in every run, in groups of two or more."""
    candidates = sweep.cells.candidates
    blocks = [sweep.cells.values(runs[name].to_numpy(dtype=float)) for name in outcomes]
    numbered = {str(number): [block[number] for block in blocks] for number in range(len(candidates))}
    return [tuple(candidates[int(number)] for number in group) for group in same_candidates(numbered)]
