"""The manifest of a results folder: everything needed to know what is in it and to make it again."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.study.code_version import versions
from sim.study.columns import flatten
from sim.study.files import write_text
from sim.study.plan import Arm, Plan, scenario_hash

MANIFEST_NAME = "manifest.json"
FORMAT = 1
PROJECT = "intranet-sim"


def now() -> str:
    """Return the present time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_manifest(plan: Plan, command: Sequence[str]) -> dict[str, Any]:
    """Return the manifest of a study that starts now."""
    return {
        "project": PROJECT,
        "format": FORMAT,
        "status": "running",
        "command": list(command),
        "start": now(),
        "end": None,
        "versions": versions(),
        "platform": platform.platform(terse=True),
        "figures": [],
        **plan_facts(plan),
    }


def plan_facts(plan: Plan) -> dict[str, Any]:
    """Return what the manifest says about the plan."""
    seeds = [run.seed for run in plan.runs[:: len(plan.arms)]]
    return {
        "code_version": plan.code_version,
        "plan_hash": plan.content_hash,
        "seed": plan.seed,
        "replications": plan.n_replications,
        "seeds": seeds,
        "scenarios": [
            {"name": arm.name, "hash": scenario_hash(arm.resolved), "resolved": arm.resolved} for arm in plan.arms
        ],
    }


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest in `folder`, or None if there is none of this project."""
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("project") == PROJECT else None


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest to `folder`."""
    write_text(folder / MANIFEST_NAME, json.dumps(manifest, indent=2) + "\n")


def _scenario_differences(there: dict[str, Any], here: Arm) -> list[str]:
    old, new = flatten(there["resolved"]), flatten(here.resolved)
    lines = []
    for key in dict.fromkeys([*old, *new]):
        if key not in old or key not in new or old[key] != new[key]:
            lines.append(f"{here.name}: {key} is {old.get(key, 'not set')} there, {new.get(key, 'not set')} here")
    if not lines and there["hash"] != scenario_hash(here.resolved):
        lines.append(f"{here.name}: the content of the workforce file is another one")
    return lines


def plan_differences(manifest: dict[str, Any], plan: Plan) -> list[str]:
    """Return, a line each, what differs between the plan that a manifest describes and `plan`."""
    lines = []
    names_there = [scenario["name"] for scenario in manifest["scenarios"]]
    names_here = [arm.name for arm in plan.arms]
    if names_there != names_here:
        lines.append(f"scenarios are {', '.join(names_there)} there, {', '.join(names_here)} here")
    else:
        for there, here in zip(manifest["scenarios"], plan.arms, strict=True):
            lines += _scenario_differences(there, here)
    facts = (
        ("the seed is", manifest["seed"], plan.seed),
        ("the number of replications is", manifest["replications"], plan.n_replications),
        ("the code is", manifest["code_version"], plan.code_version),
    )
    lines += [f"{what} {old} there, {new} here" for what, old, new in facts if old != new]
    return lines
