"""A fit as one Python function."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.study.executors import Execution
from sim.study.fitting.fit import POINTS, WORLDS, Fitted, Fitting, Sizes
from sim.study.fitting.running import How
from sim.study.plan import Arm
from sim.study.progress import Progress, Silent
from sim.study.store import Mode
from sim.usage import UsageFile, in_weeks, read_usage

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario
    from sim.study.worker import Engine

RUNS = POINTS + WORLDS


def sizes_of(runs: int) -> Sizes:
    """Return how a number of runs is divided over the steps of a fit.

    Examples
    --------
    >>> sizes_of(1300)
    Sizes(points=1000, worlds=300)
    """
    worlds = round(runs * WORLDS / RUNS)
    return Sizes(runs - worlds, worlds)


def fitting_of(
    scenario: Scenario,
    usage: Sequence[str | os.PathLike[str]],
    folder: Path,
    launch: datetime.date | None = None,
    weeks: int | None = None,
    runs: int = RUNS,
) -> Fitting:
    """Return a fit that is ready to be done; the parameters are those of `fit`."""
    found = in_weeks(_read_all(usage), launch, weeks)
    arm = Arm(scenario.name, scenario.resolved(), scenario.own_coefficients())
    return Fitting(arm, found, folder, scenario.run.seed, sizes_of(runs))


def _read_all(usage: Sequence[str | os.PathLike[str]]) -> list[UsageFile]:
    """Return what all files say; what is wrong with any of them is told at once."""
    found: list[UsageFile] = []
    wrong: list[str] = []
    for file in usage:
        try:
            found.append(read_usage(file))
        except InputError as error:
            wrong += error.lines
    if wrong:
        raise InputError(wrong)
    return found


def fit(
    scenario: Scenario | str | Path,
    usage: Sequence[str | os.PathLike[str]],
    *,
    out: str | Path,
    launch: datetime.date | str | None = None,
    weeks: int | None = None,
    runs: int = RUNS,
    jobs: int | None = 1,
    mode: Mode = "new",
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Fitted:
    """Learn from the first weeks after a launch: which worlds agree with what is published and with one's own figures.

    Parameters
    ----------
    scenario : Scenario, str or Path
        What was done, in the organization in which it was done.
    usage : sequence of path
        Usage exports.
    out : str or Path
        Folder for the worlds and tables; ``compare(..., worlds=out)`` answers from them.
    launch : date or str, optional
        First day of week 1; the first day of the files if left out.
    weeks : int, optional
        Weeks to learn from; all that are there if left out.
    runs : int
        Runs in all.
    jobs : int or None
        Number of processes; None chooses. More than one needs the script's work under
        ``if __name__ == "__main__":``.
    mode : str
        What to do if `out` has results: ``new``, ``resume`` or ``overwrite`` (see `open_store`).
    engine : Engine, optional
        Another simulation, for tests.
    progress : Progress, optional
        Who watches.

    Returns
    -------
    Fitted
        Its `summary` says what is to be expected; its `figures` what was seen beside what worlds show.

    Raises
    ------
    InputError
        If the scenario, a file or the folder is wrong.
    RunError
        If too few runs finished.
    """
    if isinstance(scenario, str | Path):
        from sim.scenario import load_scenario

        scenario = load_scenario(scenario)
    day = datetime.date.fromisoformat(launch) if isinstance(launch, str) else launch
    prepared = fitting_of(scenario, usage, Path(out), day, weeks, runs)
    return prepared.conduct(How(Execution(jobs=jobs), mode, progress or Silent(), ["sim.fit"], engine))
