"""What has to be said about a study before its numbers: what differs between scenarios, and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.runs.columns import flatten
from sim.runs.plan import Arm, kept_coefficients
from sim.scenario.departments import Opening
from sim.words import in_language, short_number, text

if TYPE_CHECKING:
    from sim.analysis.conduct import Study

# What a key of a resolved scenario belongs to; everything else is the launch.
_KINDS = {"organization": "organization", "behavior": "behavior", "constants": "behavior", "run": "yardstick"}
KINDS = ("launch", "organization", "behavior", "yardstick")
MOST_NAMED = 6
MOST_GROUPS = 3
_EMPTY = "null"


def kind_of(key: str) -> str:
    """Return what a dotted key is part of: ``launch``, ``organization``, ``behavior`` or ``yardstick``.

    A yardstick is what a run is measured with: how long it is, and which share of staff counts as critical.
    """
    return _KINDS.get(key.split(".", 1)[0], "launch")


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the keys in which two resolved scenarios differ, by kind, in the order of `KINDS`."""
    flat = flatten(one), flatten(other)
    keys = [key for key in dict.fromkeys([*flat[0], *flat[1]]) if flat[0].get(key, _EMPTY) != flat[1].get(key, _EMPTY)]
    found = {kind: [key for key in keys if kind_of(key) == kind] for kind in KINDS}
    return {kind: keys for kind, keys in found.items() if keys}


def shares_staff(arms: Sequence[Arm]) -> bool:
    """Return whether runs of all scenarios with one seed have the same staff: their organizations are the same."""
    return not any("organization" in differing(arms[0].resolved, arm.resolved) for arm in arms[1:])


def same_candidates(values: Mapping[str, Sequence[np.ndarray]]) -> list[tuple[str, ...]]:
    """Return the candidates that are the same in every run, in groups of two or more.

    `values`: for each candidate its outcomes, each an array over worlds and replications that are paired by position;
    NaN is the same as NaN.
    """
    groups: dict[bytes, list[str]] = {}
    for name, arrays in values.items():
        outcomes = np.concatenate([np.ravel(array).astype(float) for array in arrays])
        if np.isnan(outcomes).all():
            continue  # no run is done
        outcomes = np.where(np.isnan(outcomes), np.nan, outcomes + 0.0)  # one way to write each value
        groups.setdefault(outcomes.tobytes(), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def study_notes(study: Study, language: str, beyond_launch: bool = False) -> list[str]:
    """Return what has to be said about a ``run`` or ``compare`` (see `difference_notes`)."""
    plan = study.plan
    factors = [] if plan.about is None else plan.about.factors
    return [
        *added_notes(plan.added, language),
        *difference_notes(plan.arms, language, beyond_launch),
        *kept_notes(plan.arms, factors, language, plan.points is not None),
        *same_notes(study.same, language, _alike(plan.arms)),
        *late_notes(plan.arms, language),
    ]


def added_notes(added: str, language: str) -> list[str]:
    """Say that the model is not as it comes, where somebody has `added` a file to it."""
    return [text(language, "notes.added", file=added)] if added else []


def added_to(manifest: Mapping[str, Any]) -> str:
    """Return the name of the file that was added to the model; empty where none was."""
    return str(manifest.get("with", {}).get("file", ""))


def _alike(arms: Sequence[Arm]) -> list[str]:
    """Return the scenarios that have the settings of the first, itself included."""
    return [arm.name for arm in arms if not differing(arms[0].resolved, arm.resolved)]


def opening_lines(resolved: Mapping[str, Any], language: str) -> list[str]:
    """Return which departments open in which week, a line each; none where all open at once."""
    if not isinstance(resolved["launch"]["waves"], Mapping):
        return []
    from sim.organization.own_staff import openings  # brings the core, which not every study needs here

    by_week: dict[int, list[Opening]] = {}
    for one in sorted(openings(resolved), key=lambda one: one.week):
        by_week.setdefault(one.week, []).append(one)
    n_weeks = int(resolved["run"]["weeks"])
    return [
        text(
            language,
            "study.opens" if week <= n_weeks else "study.never_opens",
            week=week,
            departments=", ".join(one.name for one in ones),
        )
        for week, ones in by_week.items()
    ]


def late_notes(arms: Sequence[Arm], language: str) -> list[str]:
    """Say of each scenario which departments open too late to count."""
    in_waves = [arm for arm in arms if isinstance(arm.resolved["launch"]["waves"], Mapping)]
    if not in_waves:
        return []
    from sim.organization.own_staff import openings  # brings the core, which not every study needs here
    from sim.scenario.loading import late_openings

    return [
        f"“{arm.name}”: {in_language(message, language)}."
        for arm in in_waves
        for message in late_openings(openings(arm.resolved), int(arm.resolved["run"]["weeks"]))
    ]


def kept_notes(arms: Sequence[Arm], factors: Sequence[Mapping[str, Any]], language: str, by_worlds: bool) -> list[str]:
    """Say which coefficients scenarios keep as they set them, while worlds (or draws) set the others."""
    key = "notes.kept.worlds" if by_worlds else "notes.kept.draws"
    found = kept_coefficients(arms, factors)
    return [
        text(
            language,
            key,
            name=name,
            settings=_listed([f"{path} = {short_number(value, language)}" for path, value in kept.items()], language),
        )
        for name, kept in found.items()
    ]


def difference_notes(arms: Sequence[Arm], language: str, beyond_launch: bool = False) -> list[str]:
    """Say in what each scenario differs from the first: launch, organization, behavior, or how it is measured.

    With `beyond_launch` nothing is said of those that differ in the launch alone.
    """
    notes = []
    first = arms[0]
    for other in arms[1:]:
        found = differing(first.resolved, other.resolved)
        if beyond_launch and list(found) == ["launch"]:
            continue
        if not found:
            notes.append(text(language, "notes.same_settings", a=first.name, b=other.name))
            continue
        parts = [text(language, f"notes.in.{kind}", keys=_listed(keys, language)) for kind, keys in found.items()]
        key = "notes.differ" if list(found) == ["launch"] else "notes.differ_not_only"
        notes.append(text(language, key, a=first.name, b=other.name, parts=text(language, "notes.and").join(parts)))
    return notes


def same_notes(groups: Sequence[Sequence[str]], language: str, alike: Sequence[str] = ()) -> list[str]:
    """Name the candidates that are the same in every run; some, `alike`, have the same settings to begin with."""
    return [
        text(
            language,
            "notes.same_runs" if set(group) <= set(alike) else "notes.same_runs_idle",
            names=_listed([f"“{name}”" for name in group], language),
        )
        for group in groups[:MOST_GROUPS]
    ]


def _listed(parts: Sequence[str], language: str) -> str:
    shown = ", ".join(parts[:MOST_NAMED])
    return shown if len(parts) <= MOST_NAMED else text(language, "notes.more", shown=shown, n=len(parts) - MOST_NAMED)


def drawn_line(drawn: Sequence[str], profile: str, language: str) -> str:
    """Return which columns are drawn, and from what."""
    if not drawn:
        return text(language, "staff.nothing_drawn")
    names = ", ".join(column_name(name, language) for name in drawn)
    return text(language, "staff.drawn", columns=names, profile=profile)


def column_name(column: str, language: str) -> str:
    return text(language, f"staff.column.{column}")
