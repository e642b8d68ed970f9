"""New defaults from a calibration: the plausible settings nearest to the targets, found by running them.

Run as ``python docs/programs/calibrated_defaults.py FOLDER [--write]``; FOLDER is where ``intranet-sim calibrate`` put
its results. Shows old and new defaults, and what each gives in the organizations behind the targets. With ``--write``
the new ones replace the old ones in ``sim/scenario/coefficients.py``, with *calibrated* before their source, and the
table of ``docs/calibration.md`` that compares them is filled in; shipped scenarios, golden results and pages are to be
made anew afterwards (see CONTRIBUTING.md).

The mean of the plausible worlds is not plausible itself: what agrees with the numbers lies on a bent surface (little
base inclination with a strong habit, or the other way round), and the middle of a bend lies off it. The search begins
at worlds drawn by weight and looks for the smallest sum of squared misfits over the used targets. It moves the
coefficients that the calibration found to be informed, and those that only set levels of activity (`LEVELS`); nothing
that takes part in frames, rules or leadership moves unless the numbers say something about it. All others keep their
defaults: nothing was learned about them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from calibration_page import PAGE, markdown, number, replaced

from sim.scenario import load_scenario
from sim.scenario.coefficients import COEFFICIENTS
from sim.simulation import simulate
from sim.study.calibration.folder import Calibration, read_calibration
from sim.study.calibration.observables import OBSERVABLES
from sim.study.calibration.targets import Target, compared, load_targets
from sim.study.calibration.weighing import Yardstick
from sim.study.calibration.worlds import load_worlds
from sim.study.plan import replication_seed

ROOT = Path(__file__).resolve().parents[2]
ORGANIZATIONS = ROOT / "experiments" / "calibration"
REGISTRY = ROOT / "sim" / "scenario" / "coefficients.py"
MARK = "calibrated; "
SEED = 1
REPLICATIONS = 20
SEARCH_SEED, SEARCH_REPLICATIONS = 2, 5  # other luck than that of the comparison
PROCESSES, STARTS, MOST_STEPS = 2, 6, 12
STEP = 0.06  # of the range and more, for derivatives: less would drown in luck
INSIDE = 0.02
UNDEFINED = 8.0  # standard deviations off, for what is undefined; nothing counts for more
LEVELS = (
    "read_base", "read_habit", "read_inclination", "word_of_mouth", "habit_weight", "post_base",
    "post_inclination", "respond_base", "respond_inclination",
)  # fmt: skip
BEFORE = {entry.name: float(entry.default) for entry in COEFFICIENTS}


def free_coefficients(found: Calibration) -> list[str]:
    """Return the coefficients that move, by short name: the informed ones and those that set levels."""
    informed = [name.removeprefix("behavior.") for name in found.summary["informed"]]
    return list(dict.fromkeys([*informed, *LEVELS]))


def nearest(found: Calibration) -> dict[str, float]:
    """Return the new defaults by short name: the best end of least squares from several plausible worlds.

    In shares of the plausible range, with derivatives from runs that share their luck (trust region: Branch, Coleman &
    Li 1999, in the form of SciPy).
    """
    from multiprocessing import get_context

    names = free_coefficients(found)
    middle = middle_of_worlds(found, names)
    with get_context("spawn").Pool(PROCESSES) as pool:
        ends = pool.starmap(descend, [(names, start, *middle) for start in starts(found, names)], chunksize=1)
    best = min(ends, key=lambda end: end[1])[0]
    return {name: float(f"{value:.3g}") for name, value in from_shares(names, best).items()}


def middle_of_worlds(found: Calibration, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return weighted mean and standard deviation of the worlds, in shares of the ranges."""
    worlds = load_worlds(found.folder / "worlds")
    low, width = _ranges(names)
    shares = (worlds.values[:, [worlds.names.index(f"behavior.{name}") for name in names]] - low) / width
    mean = worlds.weights @ shares
    return mean, np.sqrt(worlds.weights @ np.square(shares - mean))


def starts(found: Calibration, names: list[str]) -> list[np.ndarray]:
    """Return where searches begin, in shares of the ranges: the heaviest worlds."""
    worlds = load_worlds(found.folder / "worlds")
    columns = [worlds.names.index(f"behavior.{name}") for name in names]
    heaviest = np.argsort(-worlds.weights, kind="stable")[:STARTS]
    low, width = _ranges(names)
    return [np.clip((row - low) / width, INSIDE, 1.0 - INSIDE) for row in worlds.values[np.ix_(heaviest, columns)]]


def descend(names: list[str], start: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> tuple[np.ndarray, float]:
    """Return where a search from `start` ends, in shares of the ranges, and the sum of squares there.

    Distances from the middle of the plausible worlds, in their standard deviations, count as misfits do: what the
    targets leave open stays in the middle, and nothing goes to the end of its range for the sake of a decimal.
    """
    from scipy.optimize import least_squares

    targets = [target for target in compared(load_targets()) if target.use == "used"]
    yardstick = Yardstick.of(targets)

    def misfits(shares: np.ndarray) -> np.ndarray:
        runs = shown(targets, from_shares(names, shares), SEARCH_REPLICATIONS, SEARCH_SEED)
        defined = np.isfinite(runs).any(axis=1)
        off = yardstick.misfit(np.nanmean(np.where(defined[:, None], runs, 0.0), axis=1))
        off = np.clip(np.where(defined, off, -UNDEFINED), -UNDEFINED, UNDEFINED)
        return np.concatenate([off, (shares - mean) / sd])

    # SciPy's steps are relative to the value: counted from 1 on, they hardly depend on it.
    found = least_squares(
        lambda moved: misfits(moved - 1.0), start + 1.0, bounds=(1.0, 2.0), diff_step=STEP, max_nfev=MOST_STEPS
    )
    print(f"from {np.square(misfits(start)).sum():.1f} to {2 * found.cost:.1f}", file=sys.stderr, flush=True)
    return found.x - 1.0, 2 * float(found.cost)


def from_shares(names: list[str], shares: np.ndarray) -> dict[str, float]:
    """Return values by name from shares of the plausible ranges."""
    low, width = _ranges(names)
    return dict(zip(names, (low + width * shares).tolist(), strict=True))


def _ranges(names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    plausible = {entry.name: entry.plausible or entry.when_on for entry in COEFFICIENTS}
    ends = np.array([plausible[name] for name in names])
    return ends[:, 0], ends[:, 1] - ends[:, 0]


def shown(targets: list[Target], settings: Mapping[str, float], replications: int, seed: int) -> np.ndarray:
    """Return the observable of each target at some settings, float64 (n_targets, replications)."""
    values = np.full((len(targets), replications), np.nan)
    overrides = {f"behavior.{name}": value for name, value in settings.items()}
    for name in dict.fromkeys(target.scenario for target in targets):
        resolved = load_scenario(str(ORGANIZATIONS / f"{name}.yaml"), overrides).resolved()
        for replication in range(replications):
            result = simulate(resolved, replication_seed(seed, replication))
            for place, target in enumerate(targets):
                if target.scenario == name:
                    values[place, replication] = _observed(target, result)
    return values


def _observed(target: Target, result: object) -> float:
    observable = OBSERVABLES[target.observable]
    series, outcomes = result.series, result.outcomes  # type: ignore[attr-defined]
    if observable.over_weeks:
        weeks = np.arange(1, len(series["reach"]) + 1)
        return float(observable.compute(weeks, *(series[name][None, :] for name in observable.outcomes))[0])
    if target.week is not None:
        return float(
            observable.compute(*(series[name][target.week - 1 : target.week] for name in observable.outcomes))[0]
        )
    return float(observable.compute(*(np.array([outcomes[name]]) for name in observable.outcomes))[0])


def comparison(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Return what the old and the new defaults give for each target."""
    targets = list(compared(load_targets()))
    yardstick = Yardstick.of(targets)
    columns = [np.nanmean(shown(targets, settings, REPLICATIONS, SEED), axis=1) for settings in (before, after)]
    misfits = [yardstick.misfit(column) for column in columns]
    rows = []
    for place, target in enumerate(targets):
        cells = [number(column[place]) for column in columns]
        off = [number(misfit[place]) for misfit in misfits]
        goal = ("≥ " if target.kind == "at least" else "") + number(target.value)
        mark = "" if target.use == "used" else " (only compared)"
        rows.append(
            [
                f"{target.id} `{target.observable}`{mark}",
                f"`{target.scenario}`",
                goal,
                cells[0],
                off[0],
                cells[1],
                off[1],
            ]
        )
    used = np.array([target.use == "used" for target in targets])
    sums = [float(np.nansum(np.square(misfit[used]))) for misfit in misfits]
    rows.append([f"sum of squares over {used.sum()} used", "", "", "", number(sums[0]), "", number(sums[1])])
    headers = ["target", "organization", "published", "before", "off by", "now", "off by"]
    return markdown(headers, rows, 2)


def default_table(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Return old and new defaults."""
    rows = [[f"`behavior.{name}`", f"{before[name]:g}", f"{value:g}"] for name, value in after.items()]
    return markdown(["coefficient", "before", "now"], rows)


def rewritten(source: str, defaults: Mapping[str, float]) -> str:
    """Return the registry's source with new defaults, marked as calibrated.

    Raises
    ------
    ValueError
        If a coefficient is not found as expected.
    """
    for name, value in defaults.items():
        entry = re.compile(rf'(    _coefficient\(\n        "{name}",\n        )[-\d.]+(,\n.*?\n    \),\n)', re.DOTALL)
        match = entry.search(source)
        if match is None:
            raise ValueError(name)
        lines = match[2].split("\n")
        places = [place for place, line in enumerate(lines) if line.strip().startswith('"')]
        last = places[-1]
        if MARK not in lines[last]:
            lines[last] = lines[last].replace('"', f'"{MARK}', 1)
        text = f"{value:g}" if "." in f"{value:g}" else f"{value:g}.0"
        source = source[: match.start()] + match[1] + text + "\n".join(lines) + source[match.end() :]
    return source


def main(folder: Path, is_written: bool) -> None:
    """Show the new defaults, and put them in place if wanted."""
    after = nearest(read_calibration(folder))
    before = {name: BEFORE[name] for name in after}
    defaults, fit = default_table(before, after), comparison(before, after)
    print(defaults, fit, sep="\n\n")
    if is_written:
        REGISTRY.write_text(rewritten(REGISTRY.read_text(encoding="utf-8"), after), encoding="utf-8")
        page = replaced(PAGE.read_text(encoding="utf-8"), "defaults", f"{defaults}\n\n{fit}")
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--write" in sys.argv[2:])
