"""Made-up results folders of sweeps whose answer is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Outcome = Callable[[pd.DataFrame], np.ndarray]
LEVERS = ("launch.", "rules.")


def sampled(n: int, seed: int = 1) -> pd.DataFrame:
    """Points of a sampled design: numbers, a choice, a switch, whole numbers on a logarithmic scale."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "point": np.arange(n),
            "strategy": np.arange(n),
            "world": np.arange(n),
            "organization.trust": draw.uniform(0.2, 0.9, n),
            "rules.restriction": draw.uniform(0, 1, n),
            "launch.framing": draw.choice(["like_facebook", "collaboration", "unframed", "news"], n),
            "rules.work_only": draw.random(n) < 0.5,
            "organization.employees": np.exp(draw.uniform(np.log(50), np.log(5000), n)).astype(np.int64),
        }
    )


def crossed(n_worlds: int, framings: Sequence[str], seed: int = 1) -> pd.DataFrame:
    """Points of a grid: every framing in every drawn world."""
    draw = np.random.default_rng(seed)
    trust, share = draw.uniform(0.2, 0.9, n_worlds), draw.uniform(0, 1, n_worlds)
    world, strategy = (grid.ravel() for grid in np.meshgrid(np.arange(n_worlds), np.arange(len(framings))))
    return pd.DataFrame(
        {
            "point": np.arange(len(world)),
            "strategy": strategy,
            "world": world,
            "launch.framing": [framings[k] for k in strategy],
            "organization.trust": trust[world],
            "organization.remote_share": share[world],
        }
    )


def write_folder(
    folder: Path,
    points: pd.DataFrame,
    posters: Outcome,
    *,
    scenarios: Sequence[str] = ("baseline",),
    n_replications: int = 2,
    noise: float = 0.0,
    experiment: dict[str, Any] | None = None,
) -> Path:
    """Write a results folder; `posters` gets the points with columns scenario and replication."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [
        points.assign(scenario=scenario, replication=replication)
        for replication in range(n_replications)
        for scenario in scenarios
    ]
    runs = pd.concat(parts).sort_values(["replication", "point"], kind="stable").reset_index(drop=True)
    luck = noise * np.random.default_rng(9).standard_normal(len(runs))
    runs["monthly_posters"] = posters(runs) + luck
    runs["reply_rate"] = np.where(runs["monthly_posters"] < 0.05, np.nan, 0.5)
    runs.insert(0, "run_id", np.arange(len(runs)))
    kept = ["run_id", "scenario", "point", "strategy", "world", "replication", "monthly_posters", "reply_rate"]
    runs[kept].to_parquet(folder / "runs.parquet")
    points.to_parquet(folder / "points.parquet")
    factors = [name for name in points.columns if name not in ("point", "strategy", "world") and "weight." not in name]
    manifest = {
        "project": "intranet-sim",
        "plan_hash": "made-up",
        "replications": n_replications,
        "points": len(points),
        "runs": {"planned": len(runs), "finished": len(runs), "failed": 0},
        "factors": [{"name": name, "is_lever": name.startswith(LEVERS)} for name in factors],
        "experiment": experiment or {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def low_trust_and_rules(runs: pd.DataFrame) -> np.ndarray:
    """Few posters where trust is below 0.5 and restriction above 0.6, else many."""
    is_case = (runs["organization.trust"] < 0.5) & (runs["rules.restriction"] > 0.6)
    return np.where(is_case, 0.06, 0.2)


def nothing_matters(runs: pd.DataFrame) -> np.ndarray:
    """The same everywhere; with noise added, luck alone decides."""
    return np.full(len(runs), 0.1)


def with_times(folder: Path, weeks: np.ndarray, n_weeks: int) -> Path:
    """Give the runs of a folder a time to critical mass (NaN: not reached), and its scenarios a length."""
    runs = pd.read_parquet(folder / "runs.parquet")
    runs.assign(weeks_to_critical_mass=weeks[runs["point"]]).to_parquet(folder / "runs.parquet")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    names = dict.fromkeys(runs["scenario"])
    manifest["scenarios"] = [
        {"name": name, "hash": "made-up", "resolved": {"run": {"weeks": n_weeks}}} for name in names
    ]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
