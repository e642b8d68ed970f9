"""Scenarios with one key at an end of its range, the others as in a lively small organization."""

from __future__ import annotations

from typing import Any

from reference_scenarios import LIVELY

from sim.catalog.registry import PARAMETERS, SHARES, Parameter, by_section
from sim.scenario import scenario_from_mapping

SEED = 5
N_EMPLOYEES = 16
N_WEEKS = 4

# What a run of this size cannot be: the end is one that it can, and the reason why.
NEARER_ENDS = {
    "organization.employees": 300,  # the compiled engine alone would need hours for two million, uncompiled weeks
}
NEED_A_FILE = tuple(
    f"organization.staff.{name}" for name in ("file", "columns", "date", "contacts")
)  # see tests of staff files
NOT_IN_A_RUN = ("run.replications", "run.seed")  # which runs there are, not what one is; seeds are tried below
SEEDS = (0, 2**63 - 1)

# Mechanisms that more than one key has to be at an end for.
TOGETHER: dict[str, dict[str, Any]] = {
    "certainty fades for twenty years": {
        "constants.forgetting": 0.15, "behavior.learning": 0.0, "run.weeks": 1040, "organization.employees": 3,
    },
    "everything is forgotten in a day": {
        "constants.forgetting": 1.0, "behavior.learning": 0.0, "constants.frame_prior": 0.01,
        "behavior.message_weight": 0.0, "behavior.talk": 0.0,
    },
    "forgotten, and much to learn": {"constants.forgetting": 1.0, "behavior.learning": 10.0},
    "nothing but chance": {"behavior.post_base": -50.0, "constants.post_social": 50.0},
    "hopeless": {"behavior.post_base": -50.0, "behavior.read_base": 50.0},
    "contact requests, no trust": {"platform.following": "approval", "organization.trust": 0.0},
}  # fmt: skip


def base() -> dict[str, Any]:
    """Return the settings in which single keys are set."""
    return {
        "organization": {"employees": N_EMPLOYEES, "departments": 3},
        "launch": {"waves": {"pilot": [0], "every_weeks": 1}, "champions": {"share": 0.2}},
        "rules": {"work_only": False},
        "leadership": {"appraisal": 0.3},
        **by_section(LIVELY),
        "run": {"weeks": N_WEEKS},
    }


def ends_of(entry: Parameter) -> tuple[Any, ...]:
    """Return the values at the ends of the range of a key: all of them where it has few."""
    if entry.path in NOT_IN_A_RUN:
        return ()
    if entry.kind == "bool":
        return (False, True)
    if entry.kind in ("choice", "text"):
        return entry.choices
    if entry.kind == "list":
        return ([0], [0, 1, 2], [2])
    return (entry.low, NEARER_ENDS.get(entry.path, entry.high))


def with_setting(settings: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return the overrides that put one key where it is wanted, and what has to come with it."""
    share = path.removeprefix("launch.framing.")
    if share in SHARES and share != path:
        others = [name for name in SHARES if name != share]
        numbers = {share: value, others[0]: 1.0 - value, others[1]: 0.0}
        return {**settings, "launch.framing": numbers}
    if path == "organization.sector":
        return {**settings, "organization.workforce": "nl-2014", path: value}
    return {**settings, path: value}


def cases() -> dict[str, dict[str, Any]]:
    """Return the resolved scenario of each case by a name that says what is at which end."""
    found = {}
    for entry in PARAMETERS:
        for value in ends_of(entry):
            found[f"{entry.path}={value}"] = with_setting({}, entry.path, value)
    found |= TOGETHER
    return {name: scenario_from_mapping(base(), overrides).resolved() for name, overrides in found.items()}
