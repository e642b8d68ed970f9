"""Would the worlds that ship show the published numbers? Runs each in every organization of the calibration.

Run as ``python docs/programs/worlds_check.py``; it takes some minutes and fills the block ``worlds`` of
``docs/calibration.md``. These runs had no part in choosing the worlds, and each world has luck of its own.
"""

from __future__ import annotations

import dataclasses
import tempfile
from array import array
from pathlib import Path

import numpy as np
from calibration_page import PAGE, interval, markdown, number, replaced

from sim.analysis.conduct import conduct_runs
from sim.evidence.calibration.checks import Predicted, predicted
from sim.evidence.calibration.inference import as_published
from sim.evidence.calibration.observables import needed_outcomes, read_simulated
from sim.evidence.calibration.targets import Target, compared, load_targets
from sim.evidence.calibration.weighing import Yardstick
from sim.experiments import experiment_from_mapping, load_experiment
from sim.experiments.worlds import SETS, load_worlds
from sim.runs.designs import design_points, plan_for_experiment
from sim.runs.executors import Execution
from sim.runs.progress import Silent
from sim.runs.store import open_store

REPLICATIONS = 8


def runs_of(name: str, folder: Path, targets: list[Target]) -> np.ndarray:
    """Run the worlds of a set in all organizations; return what they show (n_worlds, n_targets, REPLICATIONS)."""
    worlds = load_worlds(name)
    shipped = load_experiment("calibration")
    rows = [dict(zip(worlds.names, row, strict=True)) for row in worlds.values.tolist()]
    experiment = experiment_from_mapping(
        {
            "name": f"worlds-{name}",
            "base": [f"experiments/{base}" for base in shipped.base_names],
            "design": "list",
            "strategies": [{"set": row} for row in rows],
            "replications": REPLICATIONS,
            "seed": shipped.seed,
            "outcomes": list(needed_outcomes(targets)),
            "series": shipped.series,
        }
    )
    luck = array("q", range(len(rows)))
    plan = plan_for_experiment(experiment, dataclasses.replace(design_points(experiment), luck=luck))
    with open_store(folder, plan, "new") as store:
        conduct_runs(store, None, Execution(jobs=None), Silent())
    return read_simulated(folder, targets, len(rows), REPLICATIONS)


def check(name: str, folder: Path, targets: list[Target]) -> list[Predicted]:
    """Return what the worlds of a set predict for each target, from runs of their own."""
    yardstick = Yardstick.of(targets)
    is_mean = np.array([target.organizations > 1 for target in targets])
    runs = as_published(runs_of(name, folder, targets), is_mean)
    weights = np.tile(load_worlds(name).weights / REPLICATIONS, REPLICATIONS)
    return predicted(np.concatenate([runs[:, :, run] for run in range(REPLICATIONS)]), yardstick, weights)


def table(targets: list[Target], found: dict[str, list[Predicted]]) -> str:
    """Return how many targets the worlds of each set show, and all of them in a table."""
    lines = []
    for name, rows in found.items():
        used = [row.is_inside for row, target in zip(rows, targets, strict=True) if target.is_used]
        lines.append(f"* `{name}`: {sum(used)} of {len(used)} used targets lie inside the 90% interval.")
    cells = []
    for place, target in enumerate(targets):
        rows = [one[place] for one in found.values()]
        goal = ("≥ " if target.kind == "at least" else "") + number(target.value)
        told = [
            text
            for row in rows
            for text in (interval(row.bare_low, row.bare_high), interval(row.low, row.high), _verdict(row, target))
        ]
        cells.append([f"{target.id} `{target.observable}`", f"`{target.scenario}`", goal, *told])
    headers = ["target", "organization", "published"]
    headers += [head for name in found for head in (f"`{name}`: worlds", "predicted", "90% interval")]
    return "\n".join([*lines, "", markdown(headers, cells, 2)])


def _verdict(row: Predicted, target: Target) -> str:
    return ("inside" if row.is_inside else "**outside**") + ("" if target.is_used else ", only compared")


def main() -> None:
    """Run the worlds and fill the block of the page."""
    targets = list(compared(load_targets()))
    with tempfile.TemporaryDirectory() as folder:
        found = {name: check(name, Path(folder) / name, targets) for name in SETS}
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(replaced(page, "worlds", table(targets, found)), encoding="utf-8")


if __name__ == "__main__":
    main()
