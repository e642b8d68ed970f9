"""New defaults at the center of the plausible worlds, for the coefficients that the targets say something about.

Run as ``python docs/programs/calibrated_defaults.py FOLDER [--write]``; FOLDER is where ``intranet-sim calibrate`` put
its results. Shows old and new defaults, and what each gives in the organizations behind the targets. With ``--write``
the new ones replace the old ones in ``sim/scenario/coefficients.py``, with *calibrated* before their source, and the
table of ``docs/calibration.md`` that compares them is filled in; shipped scenarios, golden results and pages are to be
made anew afterwards (see CONTRIBUTING.md).

The center is the weighted mean of each informed coefficient, to two digits. The others keep their defaults: a mean over
a prior that nothing was learned about is no knowledge.
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
REPLICATIONS = 20


def center(found: Calibration) -> dict[str, float]:
    """Return the new default of each informed coefficient by its short name."""
    worlds = load_worlds(found.folder / "worlds")
    means = dict(zip(worlds.names, worlds.weights @ worlds.values, strict=True))
    informed = found.summary["informed"]
    return {name.removeprefix("behavior."): float(f"{means[name]:.2g}") for name in informed}


def shown(targets: list[Target], settings: Mapping[str, float]) -> np.ndarray:
    """Return the observable of each target at some settings, float64 (n_targets, replications)."""
    values = np.full((len(targets), REPLICATIONS), np.nan)
    overrides = {f"behavior.{name}": value for name, value in settings.items()}
    for name in dict.fromkeys(target.scenario for target in targets):
        resolved = load_scenario(str(ORGANIZATIONS / f"{name}.yaml"), overrides).resolved()
        for replication in range(REPLICATIONS):
            result = simulate(resolved, replication_seed(1, replication))
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
        return float(observable.compute(*(series[name][target.week - 1 : target.week] for name in observable.outcomes))[0])
    return float(observable.compute(*(np.array([outcomes[name]]) for name in observable.outcomes))[0])


def comparison(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Return what the old and the new defaults give for each target."""
    targets = list(compared(load_targets()))
    yardstick = Yardstick.of(targets)
    columns = [np.nanmean(shown(targets, settings), axis=1) for settings in (before, after)]
    misfits = [yardstick.misfit(column) for column in columns]
    rows = []
    for place, target in enumerate(targets):
        cells = [number(column[place]) for column in columns]
        off = [number(misfit[place]) for misfit in misfits]
        goal = ("≥ " if target.kind == "at least" else "") + number(target.value)
        mark = "" if target.use == "used" else " (only compared)"
        rows.append([f"{target.id} `{target.observable}`{mark}", f"`{target.scenario}`", goal, cells[0], off[0], cells[1], off[1]])
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
    after = center(read_calibration(folder))
    before = {entry.name: float(entry.default) for entry in COEFFICIENTS if entry.name in after}
    defaults, fit = default_table(before, after), comparison(before, after)
    print(defaults, fit, sep="\n\n")
    if is_written:
        REGISTRY.write_text(rewritten(REGISTRY.read_text(encoding="utf-8"), after), encoding="utf-8")
        page = replaced(PAGE.read_text(encoding="utf-8"), "defaults", f"{defaults}\n\n{fit}")
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--write" in sys.argv[2:])
