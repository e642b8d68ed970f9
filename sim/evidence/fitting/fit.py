"""A fit from start to end: runs, learning, checks, files, and the same from Python."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.conduct import conduct_runs
from sim.analysis.over_worlds import plan_over_worlds
from sim.catalog.registry import PROFILES
from sim.errors import InputError, RunError
from sim.evidence.calibration.proposals import next_rise
from sim.evidence.fitting.learning import (
    ENDS,
    NEEDED,
    Check,
    Learner,
    Observed,
    Prior,
    adjusted,
    band,
    checked,
    from_logit,
    logit,
    observed,
)
from sim.experiments.world_sets import ChosenWorlds
from sim.experiments.worlds import MANIFEST_NAME, TABLE_NAME, WorldSet, write_worlds
from sim.exports.usage import UsageFile, in_weeks, read_usage
from sim.kernel.estimates import effective_size, normalized, systematic, weighted_quantile
from sim.kernel.files import open_regular, regular_content, seal, write_text
from sim.kernel.streams import keyed_generator
from sim.runs.code_version import code_version, versions
from sim.runs.executors import Execution
from sim.runs.manifest import now, without_folders
from sim.runs.parquet import checksum, read_parquet, series_files
from sim.runs.plan import Arm, Kept, Plan
from sim.runs.progress import Progress, Silent
from sim.runs.store import Mode, open_store
from sim.runs.worker import Engine
from sim.words import Said, Whole, said

if TYPE_CHECKING:
    from sim.exports.usage import Usage
    from sim.runs.worker import Engine
    from sim.scenario import Scenario


KEPT = Kept(outcomes=tuple(dict.fromkeys((*NEEDED, "alive"))), series="all", groups=False)


class How(NamedTuple):
    """How runs are done."""

    execution: Execution
    mode: Mode
    progress: Progress
    command: Sequence[str]
    engine: Engine | None = None


class Shown(NamedTuple):
    """What the finished runs of some points show."""

    rows: np.ndarray  # int64 (n,): the points whose run finished
    series: dict[str, np.ndarray]  # float64 (n, n_weeks) by outcome
    outcomes: dict[str, np.ndarray]  # float64 (n,): the outcome of the whole run


def plan_at(arm: Arm, names: Sequence[str], values: np.ndarray, source: str, seed: int) -> Plan:
    """Return the plan of one run at each of some points, float64 (n, n_names), each with luck of its own."""
    n = len(values)
    settings = tuple(dict(zip(names, row, strict=True)) for row in values.tolist())
    found = ChosenWorlds(source, settings, {source: np.full(n, 1.0 / n)}, {source: ""}, {source: n})
    return dataclasses.replace(plan_over_worlds([arm], found, 1, seed), kept=KEPT)


def shown_at(folder: Path, plan: Plan, how: How) -> Shown:
    """Do what is left of the runs of a plan and return what they show."""
    with open_store(folder, plan, how.mode, how.command) as store:
        conduct_runs(store, how.engine, how.execution, how.progress)
    runs = read_parquet(folder / "runs.parquet", ["run_id", "point", *KEPT.outcomes])
    ids, points = runs["run_id"].to_numpy(), runs["point"].to_numpy()
    place = {run_id: row for row, run_id in enumerate(ids.tolist())}
    n_weeks = int(plan.arms[0].resolved["run"]["weeks"])
    series = {name: np.full((len(ids), n_weeks), np.nan) for name in KEPT.outcomes}
    for file in series_files(folder):
        part = read_parquet(file, ["run_id", "week", *KEPT.outcomes])
        rows = np.array([place[run_id] for run_id in part["run_id"].to_pylist()], dtype=np.int64)
        weeks = part["week"].to_numpy()
        for name, column in series.items():
            column[rows, weeks - 1] = part[name].to_numpy()
    outcomes = {name: runs[name].to_numpy().astype(float) for name in KEPT.outcomes}
    return Shown(points, series, outcomes)


# A fit from one's scenario and usage to worlds: draws, runs, what is learned, and how well that works.

SUMMARY_NAME = "fitted.json"
FIGURES_NAME, FORECAST_NAME = "figures.csv", "forecast.csv"
POINTS, WORLDS = 1000, 300
"""Runs at draws from before the figures were known, and in the worlds of the fit."""
EFFECTIVE = 0.4
"""Share of the worlds of the fit that stays effective when they are weighed by what they show themselves."""
LARGEST = 5000
"""Employees up to which runs are those of the whole organization."""
TRIALS = 100
FEWEST_RUNS = 60
FORECAST = ("monthly_readers", "monthly_posters", "monthly_active", "registered")
"""Outcomes of the whole run that are told of, all of them shares of staff."""
FAR = 0.99
"""Share of simulated organizations that are nearer to the others; beyond it, what was seen is like none."""
OUTSIDE = 0.05
"""Share of organizations like the simulated ones of which any figure would be called outside of what they show."""
LEAST_COVERAGE = 0.8


class Sizes(NamedTuple):
    """How many runs a fit does."""

    points: int = POINTS
    worlds: int = WORLDS

    @property
    def total(self) -> int:
        """All of them."""
        return self.points + self.worlds


@dataclass(frozen=True)
class Fitted:
    """A finished fit as it lies in a folder.

    Attributes
    ----------
    folder : Path
        Where it is.
    summary : mapping
        ``fitted.json``: how it was made and the numbers that sum it up.
    figures : list of dict
        One row a figure and week: what was seen, and 90% bands of all worlds and of those of the fit.
    curves : mapping
        For the picture: weeks by outcome, bands of both; none of a fit that was read back.
    """

    folder: Path
    summary: Mapping[str, Any]
    figures: list[dict[str, Any]]
    curves: Mapping[str, Mapping[str, np.ndarray]] = dataclasses.field(default_factory=dict)


class Fitting:
    """One scenario and what its platform showed.

    `arm`: the scenario, as it was lived; `usage`: what was seen; `seed`: of draws and runs; `sizes`: how many runs.

    Raises InputError if the figures cannot be those of the organization.
    """

    def __init__(self, arm: Arm, usage: Usage, folder: Path, seed: int, sizes: Sizes = Sizes()) -> None:  # noqa: B008
        from sim.runs.plan import make_plan

        fitted = make_plan([arm], 1, seed).arms[0]  # with the people of its staff file
        self.lived, self.usage, self.folder, self.seed, self.sizes = arm, usage, folder, seed, sizes
        self.n_employees = int(fitted.resolved["organization"]["employees"])
        n_weeks = int(arm.resolved["run"]["weeks"])
        if usage.last_week > n_weeks:
            raise InputError(said("fit.too_late", week=usage.last_week, weeks=n_weeks))
        self.arm = smaller(fitted) if self.n_employees > LARGEST else arm
        self.n_simulated = min(self.n_employees, LARGEST)
        self.seen: Observed = observed(usage.figures, self.n_employees)._replace(n_employees=self.n_simulated)
        self.prior = Prior()

    def first_plan(self) -> Plan:
        """Return the plan of the first runs."""
        return plan_at(self.arm, self.prior.names, self.prior.values(self._first_scores()), "prior", self.seed)

    def _first_scores(self) -> np.ndarray:
        return self.prior.draw(self.sizes.points, keyed_generator("fit", "points", self.seed))

    def conduct(self, how: How) -> Fitted:
        """Do what is left of the runs, learn from them, and write what was found.

        Raises KeyboardInterrupt if interrupted; what was finished is kept. Raises RunError if too few runs finished.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / SUMMARY_NAME).unlink(missing_ok=True)
        scores = self._first_scores()
        how.progress.step(said("fit.points", n=Whole(len(scores))))
        first = self._run("points", scores, "prior", how)
        shown, values = self._shown(first), self._values(first)
        generator = keyed_generator("fit", "learning", self.seed)
        learner = Learner(shown, self.seen.covariance(), generator)
        given = learner.given(self.seen.scaled())
        how.progress.step(said("fit.checking", n=min(TRIALS, len(shown))))
        truths = generator.choice(len(shown), min(TRIALS, len(shown)), replace=False)
        check = checked(learner, shown, values, truths, generator)
        is_far = learner.apart(self.seen.scaled()) > np.quantile(learner.usually_apart(generator), FAR)
        before, after = _quantiles(values), band(given, values)
        worlds = adjusted(given, scores[first.rows])[systematic(given.weights, self.sizes.worlds, generator)]
        how.progress.step(said("fit.worlds", n=Whole(len(worlds))))
        last = self._run("worlds", worlds, "own", how)
        weights = weights_by_runs(self._shown(last) - self.seen.scaled(), learner.root)
        values_of_worlds = self.prior.values(worlds[last.rows])
        return self._write(
            first, last, values_of_worlds, weights, before, after, check, given.effective, bool(is_far), how
        )

    def _run(self, name: str, scores: np.ndarray, source: str, how: How) -> Shown:
        plan = plan_at(self.arm, self.prior.names, self.prior.values(scores), source, self.seed)
        found = shown_at(self.folder / name, plan, how)
        if len(found.rows) < min(FEWEST_RUNS, len(scores) // 2):
            raise RunError(
                said("fit.failed", n=len(scores) - len(found.rows), total=len(scores), folder=self.folder / name)
            )
        return found

    def _shown(self, found: Shown) -> np.ndarray:
        return self.seen.on_scale(self.seen.of_series(found.series))

    def _values(self, found: Shown) -> np.ndarray:
        return np.column_stack([logit(found.outcomes[name], self.n_simulated) for name in FORECAST])

    # --- what is written ----------------------------------------------------------------------------------------------

    def _write(
        self,
        first: Shown,
        last: Shown,
        worlds: np.ndarray,
        weights: np.ndarray,
        before: np.ndarray,
        after: np.ndarray,
        check: Check,
        effective: float,
        is_far: bool,
        how: How,
    ) -> Fitted:
        figures = self._figure_rows(first, last, weights)
        forecast = [
            {
                "outcome": name,
                **_ends("before", from_logit(before[:, place])),
                # A regression can say anything of what lies beyond all runs: it is not asked there.
                **_ends("after", np.full(3, np.nan) if is_far else from_logit(after[:, place])),
                **_ends("worlds", _quantiles(last.outcomes[name][:, None], weights)[:, 0]),
                "coverage": float(check.holds[place]),
                "error_before": float(check.error_before[place]),
                "error": float(check.error[place]),
                "cut": float(check.cut[place]),
            }
            for place, name in enumerate(FORECAST)
        ]
        outside = [row for row in figures if row["is_outside"]]
        summary: dict[str, Any] = {
            "made_by": without_folders(list(how.command), self.first_plan().staff),
            "date": now(),
            "versions": versions(),
            "code_version": code_version(),
            "scenario": self.lived.name,
            "lived": lived_hash(self.lived.resolved),
            "seed": self.seed,
            "employees": self.n_employees,
            "employees_simulated": self.n_simulated,
            "weeks": int(self.arm.resolved["run"]["weeks"]),
            "usage": {
                "files": list(self.usage.files), "kinds": list(self.usage.kinds),
                "launch": None if self.usage.launch is None else self.usage.launch.isoformat(),
                "figures": len(self.usage.figures), "first_week": min(one.week for one in self.usage.figures),
                "last_week": self.usage.last_week, "notes": [str(note) for note in self.usage.notes],
            },
            "runs": {"points": len(first.rows), "worlds": len(last.rows), "planned": self.sizes.total},
            "effective_worlds": effective_size(weights),
            "levels_sha256": self.prior.digest,
            "effective_size": effective,
            "check": {"trials": check.n},
            "forecast": forecast,
            "is_far": is_far,
            "n_outside": len(outside),
        }  # fmt: skip
        made = write_worlds(WorldSet(self.prior.names, worlds, weights, {"set": "own", **summary}), self.folder)
        _write_csv(self.folder / FIGURES_NAME, figures)
        _write_csv(self.folder / FORECAST_NAME, forecast)
        names = [MANIFEST_NAME, TABLE_NAME, FIGURES_NAME, FORECAST_NAME]
        assert {file.name for file in made} <= set(names)
        summary["files"] = {name: checksum(self.folder / name) for name in names}
        summary["checksum"] = seal(json.loads(json.dumps(summary)))
        write_text(self.folder / SUMMARY_NAME, json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
        curves = {
            name: {"before": _quantiles(first.series[name]), "worlds": _quantiles(last.series[name], weights)}
            for name in first.series
        }
        return Fitted(self.folder, summary, figures, curves)

    def _figure_rows(self, first: Shown, last: Shown, weights: np.ndarray) -> list[dict[str, Any]]:
        """Return what was seen beside what all worlds, and those of the fit, show."""
        before, after = self.seen.of_series(first.series), self.seen.of_series(last.series)
        spread = np.sqrt(np.diag(self.seen.covariance()))
        scaled, seen = self.seen.on_scale(before), self.seen.scaled()
        steps = keyed_generator("fit", "outside", self.seed).standard_normal(scaled.shape)
        noisy = scaled + steps * spread
        rows = []
        for place, figure in enumerate(self.seen.figures):
            below = float(np.mean(noisy[:, place] < seen[place]))
            rows.append(
                {
                    "figure": figure.name,
                    "span": figure.span,
                    "week": figure.week,
                    "outcome": self.seen.outcomes[place],
                    "seen": float(self.seen.values[place]),
                    **_ends("all", _quantiles(before[:, [place]])[:, 0]),
                    **_ends("fit", _quantiles(after[:, [place]], weights)[:, 0]),
                    "is_outside": bool(min(below, 1.0 - below) < OUTSIDE / 2 / len(seen)),
                }
            )
        return rows


def weights_by_runs(away: np.ndarray, root: np.ndarray) -> np.ndarray:
    """Return weights of the worlds of a fit by what their own runs show, luck included, float64 (n,).

    The adjustment is right on average; a run that shows something else than was seen, by its coefficients or its luck,
    counts less. The kernel is widened until enough worlds count.

    `away`: float64 (n, n_figures): how far each run is from what was seen; `root`: float64 (n_figures, n_figures), the
    Cholesky factor of the covariance of errors.
    """
    told = -0.5 * np.square(np.linalg.solve(root, away.T)).sum(axis=0)
    # None is lost: the place of a world says which luck it had.
    weights = np.maximum(normalized(next_rise(told, 1.0, EFFECTIVE) * told), 1e-6)
    return np.asarray(weights / weights.sum())


def _quantiles(values: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return 5%, 50% and 95% quantiles of each column, float64 (3, n); NaN where nothing is known."""
    even = np.ones(len(values)) if weights is None else weights
    return np.column_stack([weighted_quantile(values[:, place], even, ENDS) for place in range(values.shape[1])])


def _ends(name: str, ends: np.ndarray) -> dict[str, float | None]:
    """Return the ends of a band by name, None where there is none."""
    told = [None if np.isnan(value) else float(value) for value in ends]
    return {f"{name}_{end}": value for end, value in zip(("low", "middle", "high"), told, strict=True)}


def _write_csv(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    lines = [",".join(rows[0])]
    lines += [",".join(_cell(value) for value in row.values()) for row in rows]
    write_text(file, "\n".join(lines) + "\n")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return "" if value is None else str(value)


def smaller(arm: Arm) -> Arm:
    """Return a scenario with `LARGEST` employees, drawn from its profile where it has a staff file."""
    organization = {**arm.resolved["organization"], "employees": LARGEST}
    if organization["workforce"] not in PROFILES:
        organization["workforce"] = (organization.pop("staff", None) or {}).get("profile") or PROFILES[0]
    return arm._replace(resolved={**arm.resolved, "organization": organization})


def lived_hash(resolved: Mapping[str, Any]) -> str:
    """Return a hash of a scenario as it was lived: how long it is run, and what it is called, aside."""
    from sim.runs.plan import scenario_hash

    return scenario_hash({key: value for key, value in resolved.items() if key != "run"})


def summary_of(folder: Path) -> dict[str, Any] | None:
    """Return what the summary in a folder says; None where there is none.

    Raises InputError if it is not as a fit wrote it.
    """
    file = folder / SUMMARY_NAME
    if not file.exists():
        return None
    try:
        found = json.loads(regular_content(file).decode("utf-8"))
        is_right = isinstance(found, dict) and found.get("checksum") == seal(found)
    except (OSError, ValueError, RecursionError):
        is_right, found = False, None
    if not is_right or found is None:
        raise InputError(said("fit.damaged", file=file))
    wrong = [name for name, expected in found["files"].items() if checksum_or_none(folder / name) != expected]
    if wrong:
        raise InputError(said("fit.damaged", file=folder / wrong[0]))
    return dict(found)


def read_fit(folder: Path) -> Fitted:
    """Return the fit in a folder. Raises InputError if there is none, or a file of it is not as it was written."""
    summary = summary_of(folder)
    if summary is None:
        raise InputError(said("fit.damaged", file=folder / SUMMARY_NAME))
    with io.TextIOWrapper(open_regular(folder / FIGURES_NAME), encoding="utf-8", newline="") as file:
        rows = [{name: _value(name, cell) for name, cell in row.items()} for row in csv.DictReader(file)]
    return Fitted(folder, summary, rows)


def _value(name: str, cell: str) -> Any:
    if name in ("figure", "span", "outcome"):
        return cell
    if name in ("week", "is_outside"):
        return int(cell) if name == "week" else cell == "true"
    return float(cell) if cell else None


def checksum_or_none(file: Path) -> Any:
    """Return the checksum of a file, None where it cannot be read."""
    try:
        return checksum(file)
    except OSError:
        return None


def warnings_of(summary: Mapping[str, Any]) -> list[Said]:
    """Return what has to be said before the numbers of a fit are used."""
    found = []
    n, total = int(summary["n_outside"]), int(summary["usage"]["figures"])
    if n:
        found.append(said("fit.warn.outside", n=n, total=total))
    if summary["is_far"]:
        found.append(said("fit.warn.far"))
    lowest = min(float(row["coverage"]) for row in summary["forecast"])
    if lowest < LEAST_COVERAGE:
        found.append(said("fit.warn.coverage", percent=round(100 * lowest)))
    if float(summary["effective_size"]) < 50.0:
        found.append(said("fit.warn.few", n=round(float(summary["effective_size"]))))
    if summary["employees_simulated"] < summary["employees"]:
        n_all = Whole(summary["employees"])
        found.append(said("fit.warn.smaller", n=Whole(summary["employees_simulated"]), all=n_all))
    return found


# A fit as one Python function.

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
