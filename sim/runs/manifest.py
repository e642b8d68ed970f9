"""The manifest of a results folder: everything needed to know what is in it and to make it again."""

from __future__ import annotations

import json
import math
import os
import platform
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.kernel.files import regular_content, seal, write_text
from sim.runs.code_version import libraries, versions
from sim.runs.columns import Value, flatten, flatten_value
from sim.runs.plan import WHOLE, Arm, Plan, Shard, scenario_hash
from sim.scenario.staffing import DECIDED, WORKFORCE, is_staff_file
from sim.words import said, typed

MANIFEST_NAME = "manifest.json"
DISCOVERIES_NAME, DISCOVERY_NAME = "discoveries", "discovery.json"
FORMAT = 1
PROJECT = "intranet-sim"
# Settings of an experiment that are compared as facts of the plan, or do not enter it.
_ELSEWHERE = ("name", "description", "seed", "replications", "quick", "outcomes", "series", "groups", "keep")
_FACTS = {
    "kind": "refusal.plan.kind",
    "points": "refusal.plan.points",
    "seed": "refusal.plan.seed",
    "replications": "refusal.plan.replications",
    "keep": "refusal.plan.keep",
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
        "command": without_folders(list(command), plan.staff),
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


_OWN = ("own_coefficients", "own_settings")  # of an arm; said where there are any


def plan_facts(plan: Plan) -> dict[str, Any]:
    """Return what the manifest says about the plan."""
    with plan.as_planned():
        hashes = [scenario_hash(arm.resolved) for arm in plan.arms]
        written = [_as_written(arm.resolved) for arm in plan.arms]
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
                "resolved": resolved,
                **{key: list(own) for key in _OWN if (own := getattr(arm, key))},
            }
            for arm, digest, resolved in zip(plan.arms, hashes, written, strict=True)
        ],
    }
    return without_folders(facts | _design_facts(plan), plan.staff)


def _as_written(resolved: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a scenario as results hold it; scenarios without a staff file need nothing of the core."""
    if not is_staff_file(resolved.get("organization", {}).get("workforce", "")):
        return resolved
    from sim.organization.own_staff import as_written

    return as_written(resolved)


def without_folders(value: Any, staff: Mapping[str, str]) -> Any:
    """Return a value in which staff files, by their path, have their names alone: folders tell of people, too."""
    if not staff:
        return value
    if isinstance(value, str):
        for path in staff:
            name = os.path.basename(path)
            value = re.sub(rf"[^\s'\"=,{{}}:]*[/\\](?={re.escape(name)})", "", value)
        return value
    if isinstance(value, Mapping):
        return {key: without_folders(inner, staff) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_folders(inner, staff) for inner in value]
    return value


def arms_of(manifest: Mapping[str, Any]) -> tuple[Arm, ...]:
    """Return the scenarios of a study from what its manifest says."""
    return tuple(
        Arm(str(each["name"]), each["resolved"], *(tuple(each.get(key, ())) for key in _OWN))
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
    if plan.extension is not None:
        facts |= {"with": plan.extension.facts(), "kept": plan.kept.as_mapping()}
    if plan.kept.replies:
        facts |= {"keep": "replies"}
    return facts


def read_manifest(folder: Path, is_checked: bool = True) -> dict[str, Any] | None:
    """Return the manifest in `folder`, or None if there is none of this project.

    Parameters
    ----------
    folder : Path
        A folder, of results or of something else.
    is_checked : bool
        Whether one that was changed after it was written is refused.

    Raises
    ------
    InputError
        If there is one that cannot be read or is damaged.
    """
    file = folder / MANIFEST_NAME
    try:
        manifest = json.loads(regular_content(file).decode("utf-8"))
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    except OSError as error:
        raise InputError(said("refusal.manifest.unreadable", file=file, reason=error.strerror or error)) from None
    except (ValueError, RecursionError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise InputError(said("refusal.manifest.damaged", file=file, reason=reason)) from None
    if not isinstance(manifest, dict) or manifest.get("project") != PROJECT:
        return None
    if is_checked:
        check_manifest(folder, manifest)
    else:
        _check_shape(file, manifest)
    return manifest


def check_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a manifest that is not as it was written.

    Raises
    ------
    InputError
        If its checksum is not its own, or a part of it is not of the kind that we write.
    """
    file = folder / MANIFEST_NAME
    _check_shape(file, manifest)
    if "checksum" not in manifest and "files" not in manifest:
        return  # made by an earlier version
    if manifest.get("checksum") != seal(manifest):
        raise InputError(said("refusal.manifest.damaged", file=file, reason=said("refusal.manifest.changed")))


def complete_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a results folder with all that a study writes.

    Raises
    ------
    InputError
        If `folder` is none, or its manifest is damaged.
    """
    if not folder.is_dir():
        raise InputError(
            said("refusal.folder.not", folder=folder) if folder.exists() else said("refusal.folder.none", folder=folder)
        )
    manifest = read_manifest(folder)
    if manifest is None:
        raise no_results(folder)
    complete_shape(folder, manifest)
    return manifest


def no_results(folder: Path) -> InputError:
    """Return the refusal of a folder without a manifest, which says what it is where that can be seen."""
    if not (folder / DISCOVERY_NAME).is_file():
        return InputError(said("refusal.folder.no_manifest", folder=folder, file=MANIFEST_NAME))
    whole = Path(os.path.abspath(folder))
    if whole.parent.name != DISCOVERIES_NAME:
        return InputError(said("refusal.folder.discovery", folder=folder, file=DISCOVERY_NAME))
    runs = typed("intranet-sim", "results", Path(os.path.normpath(folder / ".." / "..")))
    return InputError(said("refusal.folder.discovery_of", folder=folder, file=DISCOVERY_NAME, command=runs))


def complete_shape(folder: Path, manifest: Mapping[str, Any], also: Sequence[str] = ()) -> None:
    """Refuse a manifest that lacks something which every study writes, or something of `also`.

    Raises
    ------
    InputError
        With what is missing.
    """
    wanted = [*_ALWAYS, *also]
    # One with its checksum says what its plan had to say: a plan that no command made need not say what it is about.
    if "checksum" not in manifest and any(name in manifest for name in _OF_DESIGNS):
        wanted += _OF_DESIGNS
    if manifest.get("status") not in ("running", "merging"):
        wanted.append("runs")
    missing = [name for name in wanted if name not in manifest]
    missing += [f"versions: {name}" for name in ("intranet-sim", "python") if name not in manifest.get("versions", ())]
    if "runs" in wanted and manifest.get("end") is None:
        missing.append("end")
    if manifest.get("kind") in ("sweep", "sensitivity") and "name" not in manifest.get("experiment", ()):
        missing.append("experiment: name")
    if missing:
        reason = said("refusal.manifest.lacks", names=", ".join(missing))
        raise InputError(said("refusal.manifest.damaged", file=folder / MANIFEST_NAME, reason=reason))


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest to `folder`, with a checksum of its own as its last line."""
    content = {key: value for key, value in manifest.items() if key != "checksum"}
    write_text(folder / MANIFEST_NAME, json.dumps({**content, "checksum": seal(content)}, indent=2) + "\n")


def files_of(manifest: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the SHA-256 of each file that a manifest lists, by its name in the folder."""
    found: Mapping[str, str] = manifest.get("files", {})
    return found


def made_with(manifest: Mapping[str, Any]) -> list[str]:
    """Return, in words, the versions of Python, NumPy and numba that the runs of a folder were made with."""
    return [libraries(each) for each in (manifest["versions"], *manifest.get("also_made_with", ()))]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _is_list_of(is_one: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(is_one, value))


def _has(**parts: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return whether a value is a mapping with at least these parts."""
    return lambda value: (
        isinstance(value, dict) and all(name in value and is_right(value[name]) for name, is_right in parts.items())
    )


def _is_moment(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value) is not None
    except (TypeError, ValueError):
        return False


def _is_versions(value: Any) -> bool:
    return isinstance(value, dict) and all(each is None or isinstance(each, str) for each in value.values())


def _is_plain(value: Any) -> bool:
    """Say whether a value holds no number that JSON does not have."""
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, float) or math.isfinite(value)


# What a manifest that says so must say; one without a checksum was made by an earlier version, or by somebody else.
_SHAPE: dict[str, Callable[[Any], bool]] = {
    "status": _is_text,
    "command": _is_list_of(_is_text),
    "start": _is_moment,
    "end": lambda value: value is None or _is_moment(value),
    "versions": _is_versions,
    "also_made_with": _is_list_of(_is_versions),
    "code_version": _is_text,
    "plan_hash": _is_text,
    "points_hash": _is_text,
    "checksum": _is_text,
    "kind": _is_text,
    "keep": _is_text,
    "seed": _is_count,
    "replications": _is_count,
    "points": _is_count,
    "seeds": _is_list_of(_is_count),
    "figures": _is_list_of(_is_text),
    "figures_language": _is_text,
    "merged_from": _is_list_of(_is_text),
    "scenarios": lambda value: (
        bool(value) and _is_list_of(_has(name=_is_text, hash=_is_text, resolved=_has()))(value) and _is_plain(value)
    ),
    "factors": _is_list_of(_has(name=_is_text)),
    "experiment": _has(),
    "with": _has(file=_is_text, sha256=_is_text),
    "kept": _has(outcomes=_is_list_of(_is_text)),
    "runs": _has(planned=_is_count, finished=_is_count, failed=_is_count),
    "shard": lambda value: (
        _has(number=_is_count, n_shards=_is_count)(value)
        and len(value) == 2
        and 1 <= value["number"] <= value["n_shards"]
    ),
    "files": lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
}  # fmt: skip
_ALWAYS = (
    "status", "command", "start", "end", "versions", "platform", "code_version", "plan_hash", "seed", "replications",
    "scenarios", "figures",
)  # fmt: skip


# What a design adds.
_OF_DESIGNS = ("kind", "experiment", "factors", "points", "points_hash", "kept")


def _check_shape(file: Path, manifest: Mapping[str, Any]) -> None:
    wrong = [name for name, is_right in _SHAPE.items() if name in manifest and not is_right(manifest[name])]
    if wrong:
        reason = said("refusal.manifest.kind", names=", ".join(wrong))
        raise InputError(said("refusal.manifest.damaged", file=file, reason=reason))


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
    there, here = flatten(old["resolved"]), flatten(new["resolved"])
    if here.get(WORKFORCE) == there.get(WORKFORCE) and is_staff_file(here.get(WORKFORCE)):
        # What one file decides differs since its content does, which is what has to be said.
        there, here = ({key: value for key, value in each.items() if key not in DECIDED} for each in (there, here))
    lines = _differences(there, here, f"{new['name']}: ", places)
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
    if there.get("with") != here.get("with"):
        old, new = (_extension_in_words(facts) for facts in (there, here))
        lines.append(said("refusal.plan.with", old=old, there=places[0], new=new, here=places[1]))
    for key, message in _FACTS.items():
        old, new = (facts.get(key, said("refusal.plan.none")) for facts in (there, here))
        if old != new:
            lines.append(said(message, old=old, there=places[0], new=new, here=places[1]))
    return lines


def _extension_in_words(facts: Mapping[str, Any]) -> str:
    found = facts.get("with")
    return f"{found['file']} ({found['sha256'][:12]})" if found else said("refusal.plan.none")


def _design_differences(there: Mapping[str, Any], here: Mapping[str, Any], places: Places) -> list[str]:
    """Return, a line each, what differs between two designs: their settings, else their points."""
    lines = []
    for part, what, left_out in (("experiment", "", _ELSEWHERE), ("kept", said("refusal.plan.kept"), ("replies",))):
        old, new = (_flat_part(facts, part, left_out) for facts in (there, here))
        lines += _differences(old, new, what, places)
    if not lines and there.get("points_hash") != here.get("points_hash"):
        lines.append(said("refusal.plan.design"))
    return lines


def _flat_part(facts: Mapping[str, Any], part: str, left_out: Sequence[str]) -> dict[str, Value]:
    return {key: value for key, value in flatten_value("", facts.get(part, {})).items() if key not in left_out}
