"""The manifest of a results folder: everything needed to know what is in it and to make it again."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.study.code_version import versions
from sim.study.columns import Value, flatten, flatten_value
from sim.study.files import write_text
from sim.study.plan import Arm, Plan, scenario_hash
from sim.study.shard import WHOLE, Shard
from sim.texts.said import said

MANIFEST_NAME = "manifest.json"
FORMAT = 1
PROJECT = "intranet-sim"
# Settings of an experiment that are compared as facts of the plan, or do not enter it.
_ELSEWHERE = ("name", "description", "seed", "replications", "quick", "outcomes", "series", "groups")
_FACTS = {
    "kind": "refusal.plan.kind",
    "points": "refusal.plan.points",
    "seed": "refusal.plan.seed",
    "replications": "refusal.plan.replications",
    "code_version": "refusal.plan.code",
}


def now() -> str:
    """Return the present time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_manifest(plan: Plan, command: Sequence[str], shard: Shard = WHOLE) -> dict[str, Any]:
    """Return the manifest of a study, or of a shard of it, that starts now."""
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
        **shard_facts(shard),
        **plan_facts(plan),
    }


def shard_facts(shard: Shard) -> dict[str, Any]:
    """Return what the manifest says about the shard: nothing where it is the whole plan."""
    return {} if shard == WHOLE else {"shard": shard._asdict()}


def shard_of(manifest: Mapping[str, Any]) -> Shard:
    """Return which shard a manifest is about."""
    return Shard(**manifest["shard"]) if "shard" in manifest else WHOLE


def plan_facts(plan: Plan) -> dict[str, Any]:
    """Return what the manifest says about the plan."""
    with plan.as_planned():
        hashes = [scenario_hash(arm.resolved) for arm in plan.arms]
    facts = {
        "code_version": plan.code_version,
        "plan_hash": plan.content_hash,
        "seed": plan.seed,
        "replications": plan.n_replications,
        "seeds": list(plan.seeds),
        "scenarios": [
            {
                "name": arm.name,
                "hash": digest,
                "resolved": arm.resolved,
                **({"own_coefficients": list(arm.own_coefficients)} if arm.own_coefficients else {}),
            }
            for arm, digest in zip(plan.arms, hashes, strict=True)
        ],
    }
    return facts | _design_facts(plan)


def arms_of(manifest: Mapping[str, Any]) -> tuple[Arm, ...]:
    """Return the scenarios of a study from what its manifest says."""
    return tuple(
        Arm(str(each["name"]), each["resolved"], tuple(each.get("own_coefficients", ())))
        for each in manifest["scenarios"]
    )


def _design_facts(plan: Plan) -> dict[str, Any]:
    """Return what the manifest says about the design; nothing where there is none."""
    facts: dict[str, Any] = {}
    if plan.about is not None:
        facts |= {
            "kind": plan.about.kind,
            "experiment": dict(plan.about.experiment),
            "factors": [dict(factor) for factor in plan.about.factors],
        }
    if plan.points is not None:
        facts |= {"points": plan.n_points, "points_hash": plan.points_hash, "kept": plan.kept.as_mapping()}
    return facts


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


Places = tuple[str, str]


def _there_and_here() -> Places:
    """Return how to call what is stored, and what is asked for."""
    return said("refusal.plan.there"), said("refusal.plan.here")


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], what: str, places: Places) -> list[str]:
    """Return a line for each key whose value is another one."""
    unset = said("refusal.plan.not_set")
    lines: list[str] = []
    for key in dict.fromkeys([*old, *new]):
        if key not in old or key not in new or old[key] != new[key]:
            values = {"old": old.get(key, unset), "new": new.get(key, unset)}
            lines.append(said("refusal.plan.key", what=what, key=key, there=places[0], here=places[1], **values))
    return lines


def _scenario_differences(old: Mapping[str, Any], new: Mapping[str, Any], places: Places) -> list[str]:
    lines = _differences(flatten(old["resolved"]), flatten(new["resolved"]), f"{new['name']}: ", places)
    own = [", ".join(facts.get("own_coefficients", ())) or "-" for facts in (old, new)]
    if own[0] != own[1]:
        values = {"old": own[0], "new": own[1]}
        lines.append(said("refusal.plan.own", name=new["name"], there=places[0], here=places[1], **values))
    if not lines and old["hash"] != new["hash"]:
        lines.append(said("refusal.plan.workforce", name=new["name"]))
    return lines


def plan_differences(there: Mapping[str, Any], here: Mapping[str, Any], places: Places | None = None) -> list[str]:
    """Return, a line each, what differs between two plans.

    Parameters
    ----------
    there, here : mapping
        What a manifest says about a plan (`plan_facts`).
    places : pair of str, optional
        How to call the two; left out: there and here.
    """
    places = places or _there_and_here()
    lines: list[str] = []
    names_there, names_here = ([scenario["name"] for scenario in facts["scenarios"]] for facts in (there, here))
    if names_there != names_here:
        values = {"old": ", ".join(names_there), "new": ", ".join(names_here)}
        lines.append(said("refusal.plan.scenarios", there=places[0], here=places[1], **values))
    else:
        for old, new in zip(there["scenarios"], here["scenarios"], strict=True):
            lines += _scenario_differences(old, new, places)
    lines += _design_differences(there, here, places)
    for key, message in _FACTS.items():
        old, new = (facts.get(key, said("refusal.plan.none")) for facts in (there, here))
        if old != new:
            lines.append(said(message, old=old, there=places[0], new=new, here=places[1]))
    return lines


def _design_differences(there: Mapping[str, Any], here: Mapping[str, Any], places: Places) -> list[str]:
    """Return, a line each, what differs between two designs: their settings, else their points."""
    lines = []
    for part, what, left_out in (("experiment", "", _ELSEWHERE), ("kept", said("refusal.plan.kept"), ())):
        old, new = (_flat_part(facts, part, left_out) for facts in (there, here))
        lines += _differences(old, new, what, places)
    if not lines and there.get("points_hash") != here.get("points_hash"):
        lines.append(said("refusal.plan.design"))
    return lines


def _flat_part(facts: Mapping[str, Any], part: str, left_out: Sequence[str]) -> dict[str, Value]:
    return {key: value for key, value in flatten_value("", facts.get(part, {})).items() if key not in left_out}
