"""The program in Python: a function for each command, with its name and options, over what the command itself calls.

Studies (``run``, ``compare``, ``sweep``, ``sensitivity``) are in ``sim.studies``; here is all else. Nothing is worked
out here: a function puts together what its command does between reading its options and printing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.analysis.results import shown_in_short
from sim.errors import RunError
from sim.request import loaded_experiment, loaded_scenario, with_named
from sim.runs.progress import Progress, Silent
from sim.studies import kept_folder
from sim.words import said

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.discovery.discovery import Discovery
    from sim.evidence.calibration.folder import Calibration
    from sim.experiments import Experiment
    from sim.experiments.world_sets import Source
    from sim.model.why.explanation import WeekExplained
    from sim.runs.store import Mode
    from sim.runs.worker import Engine
    from sim.scenario import Scenario
    from sim.scenario.overrides import Overrides
    from sim.scenario.places import Problem

CALIBRATION_WAVES = 7


@shown_in_short
class ScorecardTables(NamedTuple):
    """What `scorecard` returns: a row for each pattern and arm, and the forward test."""

    patterns: pd.DataFrame
    forward: pd.DataFrame
    runs: pd.DataFrame
    failures: pd.DataFrame
    results_dir: Path | None


class WorldTable(NamedTuple):
    """What `worlds` returns.

    Attributes
    ----------
    settings : DataFrame
        A row a world, a column a coefficient by its dotted key.
    weights : DataFrame
        What each world counts in each set of worlds, summing to 1.
    source : str
        The set that an answer rests on.
    """

    settings: pd.DataFrame
    weights: pd.DataFrame
    source: str


def simulate(scenario: Scenario | str | Path = "baseline", rng: int | None = None, **settings: Any) -> dict[str, float]:
    """Run a scenario once from plain values, and return its outcomes; NaN where undefined.

    What tools take that vary the inputs of a function, such as EMA workbench. No agents are made.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, the name of a shipped one, or a file.
    rng : int, optional
        Seed; what the scenario says if left out.
    **settings
        By the last part of their key, where only one can be meant (``trust=0.5``), or by the whole key.

    Examples
    --------
    >>> 0 <= simulate("collaboration", rng=1, employees=60, weeks=2)["reach"] <= 1
    True
    """
    from sim.model.simulation import Simulation
    from sim.scenario.loading import as_scenario
    from sim.scenario.places import plain_value

    loaded = as_scenario(scenario, (), settings)
    simulation = Simulation(loaded.resolved(), loaded.run.seed if rng is None else plain_value(rng))
    simulation.run()
    return simulation.outcomes()


def discover(
    results: str | Path,
    when: str,
    *,
    difference: tuple[str, str] | None = None,
    density: float | None = None,
    boxes: int = 3,
    out: str | Path | None = None,
) -> Discovery:
    """Find where a condition holds: the limits on levers and uncertainties that single it out.

    Parameters
    ----------
    results : str or Path
        Folder of a sweep or a sensitivity analysis.
    when : str
        The condition, such as ``monthly_posters < 0.1``.
    difference : tuple of str, optional
        Look at the first minus the second: two base scenarios, or two settings of a factor.
    density : float, optional
        The least share of cases that a box should have.
    boxes : int
        Look for at most so many.
    out : str or Path, optional
        Folder for what is found; nothing is written if left out.

    Returns
    -------
    Discovery
        ``verdict``, ``boxes`` and the rows they were looked for in; "cannot tell" is a verdict.

    Raises
    ------
    InputError
        If folder, condition or difference is not what it must be.
    """
    from sim.analysis.discovery.discovery import discover as look
    from sim.analysis.discovery.finding import write_discovery

    found = look(Path(results), when, difference, density, boxes)
    if out is not None:
        folder = Path(out)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_discovery(found, folder)
        except OSError as error:
            raise RunError(said("refusal.cli.folder", folder=folder, reason=error.strerror or error)) from error
    return found


def calibrate(
    experiment: Experiment | str | Path = "calibration",
    *,
    out: str | Path,
    waves: int = CALIBRATION_WAVES,
    overrides: Overrides = (),
    replications: int | None = None,
    samples: int | None = None,
    seed: int | None = None,
    quick: bool = False,
    jobs: int | None = 1,
    dask: str | None = None,
    worlds: str | Path | None = None,
    mode: Mode = "new",
    progress: Progress | None = None,
) -> Calibration:
    """Fit the coefficients to published numbers, and say what those leave open.

    Parameters
    ----------
    experiment : Experiment, str or Path
        Its base scenarios stand for the organizations behind the numbers, its uncertainties are the prior.
    out : str or Path
        Folder of the calibration; interrupted, it goes on there with ``mode="resume"``.
    waves : int
        Waves of runs; each later one looks where the earlier ones agree with the targets.
    worlds : str or Path, optional
        Folder into which both sets of plausible worlds go, too.

    Notes
    -----
    The other parameters are those of `sensitivity`.

    Returns
    -------
    Calibration
        ``summary`` and ``tables``: targets, parameters, conflicts and what else the folder holds.
    """
    from sim.cli.evidence import work_out
    from sim.evidence.calibration.folder import read_calibration
    from sim.evidence.calibration.targets import load_targets
    from sim.evidence.calibration.waves import Waves
    from sim.runs.executors import Execution

    named = {"replications": replications, "samples": samples, "seed": seed}
    loaded = loaded_experiment(experiment, with_named(overrides, named), quick)
    made = Waves(loaded, load_targets(), Path(out), waves)
    work_out(
        made,
        Execution(jobs, dask),
        mode,
        progress or Silent(),
        ["sim.calibrate"],
        worlds_folder=None if worlds is None else Path(worlds),
    )
    return read_calibration(made.folder)


def scorecard(
    *,
    quick: bool = False,
    source: Source | None = None,
    worlds: int | None = None,
    seed: int = 1,
    out: str | Path | None = None,
    jobs: int | None = 1,
    mode: Mode = "new",
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> ScorecardTables:
    """Run the published patterns at plausible worlds, with and without frames, and say which of them hold.

    Parameters
    ----------
    quick : bool
        Fewer worlds and staff.
    source : str, optional
        ``calibrated`` or ``prior``.
    worlds : int, optional
        How many worlds.

    Notes
    -----
    The other parameters are those of `run`.

    Returns
    -------
    ScorecardTables
        In `patterns`, ``verdict`` is one of ``holds``, ``does not hold``, ``cannot tell``.
    """
    from sim.analysis.results import read_tables
    from sim.evidence.scorecard.plan import usual_plan
    from sim.evidence.scorecard.score import conduct_scorecard
    from sim.runs.executors import Execution
    from sim.runs.store import open_store

    planned = usual_plan(quick, worlds, seed, source)
    with kept_folder(out) as folder, open_store(folder, planned.plan, mode) as store:
        conduct_scorecard(store, planned, Execution(jobs=jobs), progress or Silent(), engine)
        found = read_tables(folder)
    patterns, forward = found["scorecard"], found["forward"]
    return ScorecardTables(patterns, forward, found["runs"], found["failures"], None if out is None else folder)


def results(folder: str | Path) -> dict[str, Any]:
    """Return the tables of a results folder by name, whatever made it; of a calibration its tables.

    Raises
    ------
    InputError
        If it is none, or a file of it is damaged.
    """
    from sim.analysis.results import read_tables
    from sim.evidence.calibration.folder import is_calibration, read_calibration

    if is_calibration(Path(folder)):
        return dict(read_calibration(Path(folder)).tables)
    return dict(read_tables(Path(folder)))


def report(
    results: str | Path,
    *,
    lang: str = "en",
    outcome: str | None = None,
    out: str | Path | None = None,
    costs: str | Path | None = None,
) -> Path:
    """Write a report about a results folder, one HTML file that loads nothing from elsewhere, and return its path.

    Parameters
    ----------
    results : str or Path
        The folder of a run, comparison, sweep or sensitivity analysis.
    lang : str
        ``en`` or ``nl``.
    outcome : str, optional
        What the answer on the first page is about.
    out : str or Path, optional
        Where to write it; ``report.html`` in the folder if left out.
    costs : str or Path, optional
        Your own table of the hours that a launch takes (TOML).
    """
    from sim.pages.report.report import write_report

    files = (None if file is None else Path(file) for file in (out, costs))
    return write_report(Path(results), lang, outcome, *files)


def merge(
    out: str | Path, shards: Sequence[str | Path], *, overwrite: bool = False, mixed: bool = False
) -> dict[str, pd.DataFrame]:
    """Put the shards of one experiment together in the folder `out`, and return its tables by name.

    The tables are byte for byte those of the experiment done in one go.

    Raises
    ------
    InputError
        If shards are missing, double, unfinished or of different plans, or `out` is refused.
    """
    from sim.analysis.results import read_tables
    from sim.request import derived
    from sim.runs.shards import merge as put_together

    with put_together(Path(out), [Path(shard) for shard in shards], overwrite, ["sim.merge"], mixed) as found:
        if found.manifest["runs"]["finished"]:
            for name, table in derived(Path(out), str(found.manifest.get("kind", ""))).items():
                found.write_derived(name, table)
    return read_tables(Path(out))


def explain(
    scenario: Scenario | str | Path,
    employee: int | str,
    week: int,
    *,
    overrides: Overrides = (),
    seed: int | None = None,
    identify: bool = False,
) -> WeekExplained:
    """Tell why one employee did or did not read and post in one week: each term of each decision.

    Parameters
    ----------
    scenario : Scenario, str or Path
        The run explained is the first replication at the default values, as that of ``intranet-sim explain``.
    employee : int or str
        Number from 0; ``top`` for who posted most by the end of the week, ``silent`` for who reads most without ever
        having posted; with `identify`, the id in one's own staff file.
    week : int
        Counted from 1.

    Raises
    ------
    InputError
        If there is no such employee or week.
    """
    from sim.cli.explain import explained

    loaded = loaded_scenario(scenario, overrides, seed=seed)
    return explained(loaded, str(employee), week, identify).week


def validate(*files: str | Path) -> list[Problem]:
    """Return everything that is wrong with scenario and experiment files, each with file, line, column and key.

    Nothing is run and nothing is written; right files give an empty list.
    """
    from sim.cli.files import check_points_with_staff, check_staff
    from sim.experiments import is_experiment, load_experiment
    from sim.scenario import ScenarioError, load_scenario

    found: dict[Problem, None] = {}
    for file in map(str, files):
        try:
            if is_experiment(file):
                check_points_with_staff(load_experiment(file), file)
            else:
                check_staff(load_scenario(file), file)
        except ScenarioError as error:
            found |= dict.fromkeys(error.problems)
    return list(found)


def worlds(
    n: int = 120, *, seed: int = 1, world_set: str | None = None, world_source: Source | None = None
) -> WorldTable:
    """Return plausible worlds: the settings of the coefficients that ``run`` and ``compare`` answer from.

    Parameters
    ----------
    n : int
        How many different ones.
    seed : int
        Seed of the choice: that of the study.
    world_set : str, optional
        ``levels`` or ``interviews``; left out, those of ``levels`` with what ``interviews`` adds.
    world_source : str, optional
        ``calibrated`` or ``prior``.
    """
    import pandas as pd

    from sim.experiments.world_sets import chosen_worlds, named_source

    found = chosen_worlds(n, seed, named_source(world_set, world_source))
    weights = pd.DataFrame({name: list(values) for name, values in found.weights.items()})
    return WorldTable(pd.DataFrame([dict(one) for one in found.settings]), weights, found.source)


def parameters(*sections: str, lang: str = "en") -> pd.DataFrame:
    """Return every parameter with unit, range, default, meaning and source, a row each.

    Parameters
    ----------
    *sections : str
        Sections or keys to show: ``rules``, ``launch.framing``; all if left out.

    Raises
    ------
    InputError
        If there is no such section or key.
    """
    import pandas as pd

    from sim.cli.reference import chosen
    from sim.documents.reference import as_records

    return pd.DataFrame(as_records(chosen(sections), lang))


def scenarios() -> pd.DataFrame:
    """Return the scenarios that ship: name, description and file."""
    import pandas as pd

    from sim.scenario import list_scenarios

    return pd.DataFrame(list_scenarios())


def experiments() -> pd.DataFrame:
    """Return the experiments that ship: name, kind, design, size, description and file."""
    import pandas as pd

    from sim.cli.reference import entries

    return pd.DataFrame(entries())


def staff(
    file: str | Path,
    *,
    date: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    leave_out_deskless: bool = False,
    profile: str | None = None,
    contacts: str | Path | None = None,
    out: str | Path | None = None,
    lang: str = "en",
) -> dict[str, Any]:
    """Return what is made of your own staff file: people, departments, what is drawn, what is not read.

    Parameters
    ----------
    file : str or Path
        CSV or a workbook, as an HR system exports it.
    date : str, optional
        The day of ages and years here; today if left out.
    columns : mapping, optional
        What a column is called in the file: ``{"age": "Leeftijd op 1 januari"}``; None leaves one unread.
    leave_out_deskless : bool
        Whether people without a desk or computer at work are left out.
    profile : str, optional
        Tables that what is missing is drawn from.
    contacts : str or Path, optional
        A list of who is in touch with whom, by the ids of the staff file.
    out : str or Path, optional
        Folder for the picture of the organization; none is drawn if left out.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    from sim.cli.staff import draw, read
    from sim.evidence.organization_finding import staff_finding

    edges = None if contacts is None else Path(contacts)
    scenario, _ = read(Path(file), date, columns, leave_out_deskless, profile, edges)
    figures = [] if out is None else draw(scenario, Path(out), lang)
    told = staff_finding(scenario.resolved(), Path(file).name, lang).as_json()
    return {**told, "figures": [str(one) for one in figures]}


def new_staff(
    file: str | Path,
    *,
    dialect: str = "afas",
    people: int = 1000,
    contacts: str | Path | None = None,
    seed: int = 1,
    force: bool = False,
) -> Path:
    """Write an example of a staff file, of nobody's staff, and return its path.

    Parameters
    ----------
    file : str or Path
        Where to.
    dialect : str
        Whose export it looks like, as in the help of the command.
    people : int
        Rows of people.
    contacts : str or Path, optional
        Where a list of who is in touch with whom goes; none is written if left out.
    seed : int
        Other people for another number.
    force : bool
        Whether a file that exists is replaced.
    """
    from sim.cli.staff import write

    write(Path(file), dialect, people, seed, force, None if contacts is None else Path(contacts))
    return Path(file)
