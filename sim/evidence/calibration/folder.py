"""What a calibration leaves in its folder: tables, the set of worlds, and how all of it was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.evidence.calibration.checks import Coverage, LeftOut
from sim.evidence.calibration.inference import Findings
from sim.evidence.calibration.learning import ChanceOn, Learned, is_fitted
from sim.evidence.calibration.observables import OBSERVABLES
from sim.evidence.calibration.targets import TARGETS_FILE, Target
from sim.evidence.calibration.waves import WaveDone, Waves
from sim.evidence.calibration.weighing import Bank
from sim.experiments.worlds import WorldSet, write_worlds
from sim.kernel.files import regular_content, seal, write_text
from sim.runs.code_version import code_version, versions
from sim.runs.manifest import now
from sim.runs.parquet import DamagedFileError, checksum, is_whole, read_parquet, write_parquet
from sim.words import said

if TYPE_CHECKING:
    import pandas as pd

SUMMARY_NAME = "calibration.json"
TABLES = ("targets", "parameters", "conflicts", "pulls", "growth", "waves", "switches", "left_out")
LOWEST_COVERAGE, HIGHEST_COVERAGE = 0.86, 0.94
ENOUGH_EFFECTIVE, LARGEST_WEIGHT, ENOUGH_INSIDE = 400.0, 0.02, 0.85


@dataclass(frozen=True)
class Calibration:
    """A finished calibration as it lies in a folder.

    Attributes
    ----------
    folder : Path
        Where it is.
    summary : mapping
        ``calibration.json``: how it was made and the numbers that sum it up.
    tables : mapping of str to DataFrame
        `TABLES` by name.
    """

    folder: Path
    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]


def write_calibration(waves: Waves, targets: Sequence[Target], bank: Bank, findings: Findings, command: str) -> None:
    """Write tables, worlds and summary into the folder of the waves; the summary last."""
    folder = waves.folder
    (folder / SUMMARY_NAME).unlink(missing_ok=True)
    for name, frame in _frames(waves, targets, bank, findings).items():
        import pyarrow as pa

        write_parquet(folder / f"{name}.parquet", pa.Table.from_pandas(frame, preserve_index=False))
    summary = _summary(waves, targets, bank, findings, command)
    (folder / "worlds").mkdir(exist_ok=True)
    files = write_worlds(world_set(waves, bank, findings, summary), folder / "worlds")
    files += [folder / f"{name}.parquet" for name in TABLES]
    summary["files"] = {file.relative_to(folder).as_posix(): checksum(file) for file in files}
    # As it will be read: a tuple is a list there.
    summary["checksum"] = seal(json.loads(json.dumps(summary)))
    write_text(folder / SUMMARY_NAME, json.dumps(summary, indent=1) + "\n")


def world_set(waves: Waves, bank: Bank, findings: Findings, manifest: Mapping[str, Any]) -> WorldSet:
    """Return the set of plausible worlds of a calibration."""
    kept = findings.worlds.places
    columns = [waves.values_of(place, bank.unit[kept, place]) for place in range(len(bank.names))]
    return WorldSet(bank.names, np.column_stack(columns), findings.worlds.weights, manifest)


def is_calibration(folder: Path) -> bool:
    """Say whether a folder is that of a calibration, whole or not."""
    return (folder / SUMMARY_NAME).exists()


def read_calibration(folder: Path) -> Calibration:
    """Return the calibration in a folder.

    Raises
    ------
    InputError
        If there is none, or a file of it is missing or not as it was written.
    """
    summary = _read_summary(folder)
    for name, expected in summary["files"].items():
        if not is_whole(folder / name, expected):
            reason = "refusal.result.other" if (folder / name).exists() else "refusal.result.missing"
            raise DamagedFileError(folder / name, said(reason))
    tables = {name: read_parquet(folder / f"{name}.parquet").to_pandas(use_threads=False) for name in TABLES}
    return Calibration(folder, summary, tables)


def _read_summary(folder: Path) -> dict[str, Any]:
    """Return what the summary of a folder says, if it is as `write_calibration` wrote it."""
    file = folder / SUMMARY_NAME
    try:
        summary = json.loads(regular_content(file).decode("utf-8"))
        # What has its seal is ours: nobody need ask whether it says all that a calibration does.
        is_right = isinstance(summary, dict) and "files" in summary and summary.get("checksum") == seal(summary)
        reason: str = said("refusal.manifest.changed")
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(said("refusal.calibration.none", folder=folder, file=SUMMARY_NAME)) from None
    except OSError as error:
        raise InputError(said("refusal.manifest.unreadable", file=file, reason=error.strerror or error)) from None
    except (ValueError, RecursionError) as error:
        is_right, reason = False, next(iter(str(error).splitlines()), type(error).__name__)
    if not is_right:
        raise InputError(said("refusal.calibration.damaged", file=file, reason=reason))
    return summary


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a table; a column is an attribute."""
    return list(frame.itertuples())


def _frames(waves: Waves, targets: Sequence[Target], bank: Bank, findings: Findings) -> dict[str, pd.DataFrame]:
    import pandas as pd

    return {
        "targets": _target_frame(targets, bank, findings, waves.targets),
        "parameters": _parameter_frame(findings),
        "conflicts": pd.DataFrame(findings.conflicts, columns=["a", "b", "share", "expected", "nearest"]),
        "pulls": pd.DataFrame(findings.pulls, columns=["id", "parameter", "correlation"]),
        "growth": pd.DataFrame(findings.growth, columns=["points", "effective"]),
        "waves": pd.DataFrame([_wave_row(wave) for wave in waves.done]),
        "switches": pd.DataFrame(findings.chances_on, columns=ChanceOn._fields),
        "left_out": pd.DataFrame(
            [{**one._asdict(), "outside": ", ".join(one.outside)} for one in findings.left_out], columns=LeftOut._fields
        ),
    }


def _wave_row(wave: WaveDone) -> dict[str, Any]:
    middle = float(np.median(wave.explained)) if wave.explained else np.nan
    return {
        "wave": wave.number, "points": wave.n_points, "runs": wave.n_runs, "failed": wave.n_failed, "heat": wave.heat,
        "explained": middle,
    }  # fmt: skip


def _target_frame(targets: Sequence[Target], bank: Bank, findings: Findings, shown: Sequence[Target]) -> pd.DataFrame:
    import pandas as pd

    places = {target.id: place for place, target in enumerate(shown)}
    rows = []
    for target in targets:
        row: dict[str, Any] = {
            "id": target.id, "reading": target.reading, "source": target.source, "scenario": target.scenario,
            "observable": target.observable, "week": target.week, "value": target.value, "kind": target.kind,
            "scale": target.scale, "tolerance": target.tolerance, "use": target.use, "use_why": target.use_why,
        }  # fmt: skip
        place = places.get(target.id)
        if place is not None:
            reach, told = findings.reaches[place], findings.predicted[place]
            # The error is normal, so that an interval can leave what is possible.
            low, high = np.clip([told.low, told.high], 0.0, OBSERVABLES[target.observable].highest).tolist()
            row |= {
                "is_fitted": bool(findings.is_used[place]), "luck": float(np.sqrt(bank.luck.covariance[place, place])),
                "nearest": reach.nearest,
                "share_near": reach.share, "prior_low": reach.low, "prior_middle": reach.middle,
                "prior_high": reach.high, "undefined": reach.undefined, "is_reached": reach.is_reached,
                "low": low, "middle": told.middle, "high": high, "bare_low": told.bare_low,
                "bare_high": told.bare_high, "is_inside": told.is_inside, "tail": told.tail, "off": told.off,
            }  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows)


def _parameter_frame(findings: Findings) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(findings.learned, columns=Learned._fields)
    frame["is_fitted"] = [is_fitted(name) for name in frame["parameter"]]
    for end in ("low", "middle", "high"):
        frame[f"second_{end}"] = [getattr(row, end) for row in findings.second]
    frame["apart"] = [row.apart for row in findings.agreements]
    frame["apart_by_chance"] = [row.by_chance for row in findings.agreements]
    frame["coverage"] = findings.recovery.holds
    frame["coverage_here"] = findings.recovery_here.holds
    return frame


def _summary(waves: Waves, targets: Sequence[Target], bank: Bank, findings: Findings, command: str) -> dict[str, Any]:
    compared = list(zip(waves.targets, findings.predicted, findings.reaches, strict=True))
    fitted = [told.is_inside for place, (_, told, _) in enumerate(compared) if findings.is_used[place]]
    inside = [told.is_inside for _, told, _ in compared]
    return {
        "made_by": command,
        "date": now(),
        "versions": versions(),
        "code_version": code_version(),
        "targets_sha256": hashlib.sha256(TARGETS_FILE.read_bytes()).hexdigest(),
        "experiment": waves.experiment.as_mapping(),
        "seed": waves.experiment.seed,
        "waves": [{**_plain(_wave_row(wave)), "plan_hash": wave.plan_hash} for wave in waves.done],
        "worlds": len(findings.worlds.places),
        "runs_again": waves.run_beside[-1].n_runs,
        "points": bank.n_points,
        "runs": sum(wave.n_runs for wave in (*waves.done, *waves.run_beside)),
        "failed": sum(wave.n_failed for wave in (*waves.done, *waves.run_beside)),
        "effective_size": findings.effective,
        "effective_size_lowest": findings.effective_lowest,
        "effective_size_first_wave": findings.prior_only,
        "tail_shape": findings.tail_shape,
        "is_effective_enough": findings.effective >= ENOUGH_EFFECTIVE,
        "is_light_enough": bool(findings.weights.max(initial=0.0) <= LARGEST_WEIGHT),
        "is_inside_enough": sum(fitted) >= ENOUGH_INSIDE * len(fitted),
        "squares": findings.squares,
        "squares_most": findings.squares_most,
        "largest_weight": float(findings.weights.max(initial=0.0)),
        "targets": {
            "rows": len({target.row for target in targets}), "numbers": len(targets), "compared": len(compared),
            "used": int(waves.is_wanted.sum()), "fitted": int(findings.is_used.sum()),
            "fitted_inside": int(sum(fitted)), "compared_inside": int(sum(inside)),
        },
        "out_of_reach": [reach.id for _, _, reach in compared if not reach.is_reached],
        "misfits": [told.id for _, told, _ in compared if not told.is_inside],
        "parameters": len(bank.names),
        "fitted_parameters": [name for name in bank.names if is_fitted(name)],
        "informed": [row.parameter for row in findings.learned if row.is_informed],
        "ways_apart": {
            "median": float(np.median([row.apart for row in findings.agreements])),
            "largest": max(row.apart for row in findings.agreements),
            "largest_of": max(findings.agreements, key=lambda row: row.apart).parameter,
            "beyond_chance": [row.parameter for row in findings.agreements if row.apart > row.by_chance],
        },
        "left_out": {
            "targets": sum(one.n_targets for one in findings.left_out),
            "inside": sum(one.n_inside for one in findings.left_out),
        },
        "recovery": _coverage(findings.recovery, bank.names),
        "recovery_here": _coverage(findings.recovery_here, bank.names),
    }  # fmt: skip


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: None if isinstance(value, float) and np.isnan(value) else value for key, value in row.items()}


def _coverage(found: Coverage, names: Sequence[str]) -> dict[str, Any]:
    """Return a simulation-based check in a few numbers: of the fitted parameters, or of all where none is."""
    if not found.n_trials:
        return {"trials": 0}
    fitted = found.holds[np.array([is_fitted(name) for name in names], dtype=bool)]
    judged = fitted if len(fitted) else found.holds
    return {
        "trials": found.n_trials,
        "parameters": len(judged),
        "mean": float(judged.mean()),
        "lowest": float(judged.min()),
        "highest": float(judged.max()),
        "share_within": float(np.mean((judged >= LOWEST_COVERAGE) & (judged <= HIGHEST_COVERAGE))),
        "mean_of_all": float(found.holds.mean()),
    }
