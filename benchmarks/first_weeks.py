"""How much the first weeks tell of the end of the year: measured on simulated organizations whose ending is known.

``python -m benchmarks.first_weeks`` runs the baseline at points of the prior (about 3,000 runs, some minutes), and lets
400 of the runs play the organization in turn: what it showed in its first weeks, with the errors that exports have, is
told to a fit that has not seen it. Without ``--worlds N`` what is measured is the forecast that ``intranet-sim fit``
prints; with it, the worlds of N fits are run too, and what they say is measured.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.evidence.fitting.fit import FORECAST, How, Shown, plan_at, shown_at, weights_by_runs
from sim.evidence.fitting.learning import (
    COMPARED,
    ENDS,
    Check,
    Learner,
    Observed,
    Prior,
    adjusted,
    band,
    checked,
    logit,
)
from sim.experiments.worlds import load_worlds
from sim.exports.usage import EVER, MONTH, WEEK, Figure
from sim.kernel.estimates import effective_size, normalized, systematic, weighted_quantile
from sim.kernel.streams import keyed_generator
from sim.runs.executors import Execution
from sim.runs.plan import Arm
from sim.runs.progress import Silent
from sim.scenario import load_scenario

EMPLOYEES = 1000
POINTS = 1600
TRIALS = 400
EXPORTS = {
    "readers alone": ("weeks", (("readers", WEEK),)),
    "the plain form": ("weeks", (("readers", WEEK), ("posters", WEEK), ("active", WEEK), ("posts", WEEK))),
    "Viva Engage, a line a person": (
        "people", (("readers", WEEK), ("posters", WEEK), ("active", WEEK), ("posts", WEEK)),
    ),
    "Slack, a line a person and day": (
        "slack", tuple((name, span) for name in ("readers", "posters", "active") for span in (WEEK, MONTH)),
    ),
    "members who joined": ("joined", (("members", EVER),)),
}  # fmt: skip


class Bank:
    """Runs of the baseline at some points."""

    def __init__(self, folder: Path, scores: np.ndarray | None, values: np.ndarray, jobs: int | None) -> None:
        self.jobs, self.folder = jobs, folder
        resolved = load_scenario("baseline", [f"organization.employees={EMPLOYEES}"]).resolved()
        self.arm = Arm("baseline", resolved, ())
        self.found = self.run(folder, values)
        self.scores = scores
        self.values = ends_of(self.found)

    def run(self, folder: Path, values: np.ndarray, seed: int = 1) -> Shown:
        """Return what runs at some values of the coefficients show."""
        plan = plan_at(self.arm, Prior().names, values, "prior", seed)
        return shown_at(folder, plan, How(Execution(jobs=self.jobs), "resume", Silent(), ["benchmark"]))


def ends_of(found: Shown) -> np.ndarray:
    """Return the outcomes of whole runs on the scale of forecasts, float64 (n, n_outcomes)."""
    return np.column_stack([logit(found.outcomes[name], EMPLOYEES) for name in FORECAST])


def figures_of(export: str, n_weeks: int) -> Observed:
    """Return what an export tells of the first weeks, without values."""
    kind, names = EXPORTS[export]
    figures = tuple(
        Figure(name, span, week, 0.0, False, kind, 0.0, "") for name, span in names for week in range(1, n_weeks + 1)
    )
    outcomes = tuple(COMPARED[figure.name, figure.span] for figure in figures)
    return Observed(figures, outcomes, np.zeros(len(figures)), EMPLOYEES)


def line(label: str, check: Check) -> str:
    """Return a check as a row of a table."""
    cells = [f"{100 * cut:.0f}% ({100 * holds:.0f}%)" for cut, holds in zip(check.cut, check.holds, strict=True)]
    return f"| {label} | {' | '.join(cells)} |"


def header(first: str) -> str:
    """Return the head of a table."""
    return f"| {first} | {' | '.join(FORECAST)} |\n|---|{'---|' * len(FORECAST)}"


def forecast(bank: Bank, export: str, n_weeks: int, trials: Sequence[int] | None = None) -> Check:
    """Return how well the forecast does for some truths, the first ones if none are named."""
    seen = figures_of(export, n_weeks)
    shown = seen.on_scale(seen.of_series(bank.found.series))
    generator = keyed_generator("benchmark", export, n_weeks)
    learner = Learner(shown, seen.covariance(), generator)
    truths = np.arange(TRIALS) if trials is None else np.asarray(trials)
    return checked(learner, shown, bank.values, truths, generator)


def of_others(bank: Bank, others: Bank, export: str, n_weeks: int) -> Check:
    """Return how well the forecast does where the truths are runs of another bank."""
    seen = figures_of(export, n_weeks)
    shown, theirs = (seen.on_scale(seen.of_series(each.found.series)) for each in (bank, others))
    generator = keyed_generator("benchmark", "others", export, n_weeks)
    learner = Learner(shown, seen.covariance(), generator)
    rows = []
    for truth in range(min(TRIALS, len(theirs))):
        told = theirs[truth] + learner.root @ generator.standard_normal(len(learner.root))
        rows.append((band(learner.given(told), bank.values), others.values[truth]))
    return judged(rows, np.median(bank.values, axis=0))


def reweighed(bank: Bank, shipped: Bank, export: str, n_weeks: int) -> tuple[Check, float]:
    """Return how well it does to weigh the shipped worlds alone, and how many of them are left on average."""
    seen = figures_of(export, n_weeks)
    shown, theirs = (seen.on_scale(seen.of_series(each.found.series)) for each in (bank, shipped))
    root = np.linalg.cholesky(seen.covariance())
    generator = keyed_generator("benchmark", "alone", export, n_weeks)
    rows, left = [], []
    for truth in range(TRIALS):
        told = shown[truth] + root @ generator.standard_normal(len(root))
        weights = normalized(-0.5 * np.square(np.linalg.solve(root, (theirs - told).T)).sum(axis=0))
        left.append(effective_size(weights))
        rows.append((quantiles(shipped.values, weights), bank.values[truth]))
    return judged(rows, np.median(bank.values, axis=0)), float(np.mean(left))


def of_worlds(bank: Bank, export: str, n_weeks: int, n_fits: int, n_worlds: int) -> Check:
    """Return how well the worlds of whole fits do, each run with luck of its own."""
    assert bank.scores is not None
    seen = figures_of(export, n_weeks)
    shown = seen.on_scale(seen.of_series(bank.found.series))
    generator = keyed_generator("benchmark", "worlds", export, n_weeks)
    learner = Learner(shown, seen.covariance(), generator)
    prior, rows = Prior(), []
    for truth in range(n_fits):
        told = shown[truth] + learner.root @ generator.standard_normal(len(learner.root))
        given = learner.given(told, truth)
        chosen = adjusted(given, bank.scores[bank.found.rows])[systematic(given.weights, n_worlds, generator)]
        last = bank.run(bank.folder.parent / f"fit-{truth}", prior.values(chosen), seed=1000 + truth)
        weights = weights_by_runs(seen.on_scale(seen.of_series(last.series)) - told, learner.root)
        rows.append((quantiles(ends_of(last), weights), bank.values[truth]))
    return judged(rows, np.median(bank.values, axis=0))


def quantiles(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted quantiles of each column, float64 (3, n)."""
    return np.column_stack([weighted_quantile(values[:, place], weights, ENDS) for place in range(values.shape[1])])


def judged(rows: Sequence[tuple[np.ndarray, np.ndarray]], before: np.ndarray) -> Check:
    """Return bands beside truths as a check."""
    bands, truths = (np.array(each) for each in zip(*rows, strict=True))
    holds = (bands[:, 0] <= truths) & (truths <= bands[:, 2])
    errors = [np.sqrt(np.square(told - truths).mean(axis=0)) for told in (bands[:, 1], before)]
    return Check(len(rows), holds.mean(axis=0), *errors)


def main() -> None:
    """Measure and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=None)
    parser.add_argument("--worlds", type=int, default=0, metavar="N", help="also run the worlds of N fits")
    parser.add_argument("--folder", type=Path, default=None, help="keep the runs here, and take those that are there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        measure(options.folder or Path(temporary), options.jobs, options.worlds)


def measure(folder: Path, jobs: int | None, n_fits: int) -> None:
    """Measure everything, with runs in some folder."""
    prior = Prior()
    scores = prior.draw(POINTS, keyed_generator("benchmark", "organizations", 1))
    bank = Bank(folder / "organizations", scores, prior.values(scores), jobs)
    shipped_set = load_worlds()
    shipped = Bank(folder / "shipped", None, shipped_set.values, jobs)
    print(f"{len(bank.values)} organizations of {EMPLOYEES}; {TRIALS} trials a row. Cells: error cut by (band holds)\n")
    print(header("weeks known, the plain form"))
    for n_weeks in (2, 4, 8, 16):
        print(line(str(n_weeks), forecast(bank, "the plain form", n_weeks)))
    print("\n" + header("8 weeks of"))
    for export in EXPORTS:
        print(line(export, forecast(bank, export, 8)))
    alone, left = reweighed(bank, shipped, "the plain form", 8)
    print("\n" + header("8 weeks of the plain form"))
    print(line("organizations from the shipped worlds alone", of_others(bank, shipped, "the plain form", 8)))
    print(line(f"shipped worlds weighed, {left:.1f} of 400 left", alone))
    if n_fits:
        print(line(f"the worlds of {n_fits} whole fits", of_worlds(bank, "the plain form", 8, n_fits, 150)))


if __name__ == "__main__":
    main()
