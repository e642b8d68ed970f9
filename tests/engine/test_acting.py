"""What is set acts, is refused, or is named: every key of the registry is changed in several settings."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hand_settings import HAND
from reference_scenarios import LIVELY

from sim.catalog.registry import PARAMETER_BY_PATH, PARAMETERS, PATH_OF, SHARES, Parameter
from sim.model.simulation import Simulation
from sim.scenario import ScenarioError, scenario_from_mapping
from sim.scenario.acting import ACTS_WHEN, NOT_IN_A_RUN, idle_keys, values_of
from sim.scenario.staffing import DECIDED, counted, idle_reading

SEED = 11
BASE: dict[str, Any] = {
    "organization.employees": 70, "organization.departments": 3, "run.weeks": 8,
    **{PATH_OF[name]: value for name, value in {**HAND, **LIVELY}.items()},
    "behavior.respond_base": -1.0, "constants.unawareness": 0.7, "behavior.word_of_mouth": 0.05,
    "launch.champions.share": 0.1, "organization.trust": 0.5,
}  # fmt: skip
EVERYTHING_ON: dict[str, Any] = {
    "launch.mandate": 0.3, "launch.wording": "intervention", "leadership.appraisal": 0.5, "rules.moderation": True,
    "constants.compliance": 0.4, "rules.work_only": True, "rules.restriction": 0.5, "rules.guidance": 0.5,
    "platform.following": "approval",
}  # fmt: skip
EVERYTHING_OFF: dict[str, Any] = {
    "launch.campaign.weeks": 0, "launch.champions.share": 0.0, "launch.training": 0.0, "launch.mandate": 0.0,
    "rules.restriction": 0.0, "rules.guidance": 0.0, "leadership.participation": 0.0, "leadership.support": 0.0,
    "leadership.appraisal": 0.0, "platform.integration": 0.0, "constants.unawareness": 0.5,
}  # fmt: skip
NO_MECHANISM: dict[str, Any] = {
    PATH_OF[name]: 0.0
    for name in (
        "post_risk", "post_guidance", "post_appraisal", "peers", "post_feedback", "ease", "worth", "post_expertise",
        "read_inappropriate", "read_habit", "learning", "talk", "follow_limit", "acceptance", "cohesion_weight",
        "leaders", "frame_outside", "reactance", "acquaintance",
    )
}  # fmt: skip
MODES: dict[str, dict[str, Any]] = {
    "as usual": {},
    "everything on": EVERYTHING_ON,
    "everything off": EVERYTHING_OFF,
    "no mechanism": {**EVERYTHING_ON, **NO_MECHANISM},
    "waves": {"launch.waves": {"pilot": [1], "every_weeks": 2}, "launch.framing": "like_facebook"},
    "three weeks": {"run.weeks": 3},
    "no leisure": {"rules.work_only": True, "constants.compliance": 1.0},
    "pilot of all": {"launch.waves": {"pilot": [0, 1, 2], "every_weeks": 2}, "launch.campaign.reach": 0.0},
    "one department, all know each other": {
        "organization.departments": 1, "organization.contacts.everyone": True, "constants.attention": 40.0,
    },
    "wholly clear": {"launch.framing": {"social": 0.4, "collaboration": 0.4, "broadcast": 0.2, "clarity": 1.0}},
    "wholly unclear": {"launch.framing": {"social": 0.4, "collaboration": 0.4, "broadcast": 0.2, "clarity": 0.0}},
    "wholly alike": {"launch.framing": "like_facebook", "launch.framing.association": 1.0, "launch.mandate": 1.0},
    "rules arrive late": {"changes": [{"week": 3, "set": {
        "rules.work_only": True, "rules.restriction": 0.7, "leadership.appraisal": -0.5, "rules.moderation": True,
        "platform.following": "approval", "launch.mandate": 0.5,
    }}]},
}  # fmt: skip


@cache
def bits_of(frozen: str) -> bytes:
    """Return all weekly outcomes and the groups of a run of a scenario that is written as text."""
    resolved = eval(frozen)
    simulation = Simulation(resolved, SEED)
    simulation.run()
    series = [np.ascontiguousarray(column).tobytes() for column in simulation.series.values()]
    return b"".join(series) + repr((simulation.groups(), simulation.outcomes())).encode()


def run_of(resolved: dict[str, Any]) -> bytes:
    """Return what comes of a run, whatever the scenario is called."""
    return bits_of(repr({**resolved, "name": "", "description": ""}))


def other_values(entry: Parameter, mode: dict[str, Any]) -> list[dict[str, Any]]:
    """Return settings that change one key of a mode."""
    path = entry.path
    if path.startswith("organization.staff."):
        return [{path: value} for value in OTHER_READINGS[path]] if "organization.workforce" in mode else []
    if entry.kind == "bool":
        return [{path: True}, {path: False}]
    if entry.kind == "list":
        return [{path: [0]}, {path: [2, 1]}]
    if path == "launch.waves":
        return [{path: "all_at_once"}, {path: {"pilot": [0], "every_weeks": 2}}]
    if entry.kind in ("choice", "text"):
        return [{path: choice} for choice in entry.choices]
    if path.removeprefix("launch.framing.") in SHARES:
        others = [name for name in SHARES if not path.endswith(name)]
        numbers = {path.removeprefix("launch.framing."): 0.9, others[0]: 0.1, others[1]: 0.0}
        return [{f"launch.framing.{name}": value for name, value in numbers.items()}]
    if path == "organization.employees":
        return [{path: 60}]
    if path == "run.weeks":
        return [{path: 7}]
    if path == "launch.campaign.weeks":
        return [{path: 1}]
    low, high = entry.plausible or (entry.low or 0.0, entry.high or 1.0)
    values = {
        "constants.follow_limit": [0.0, 1.0],
        "run.critical_share": [0.0, 1.0],
        "platform.feed_length": [1],
        "constants.visible_days": [3.0],
        "constants.item_lifetime": [1.0],
        "constants.attention": [1.0],
    }
    mostly = 0.9 * high + 0.1 * low
    return [
        {path: value} for value in values.get(path, [int(low), int(high)] if entry.kind == "int" else [low, mostly])
    ]


def _base(mode: dict[str, Any]) -> dict[str, Any]:
    """Return what all modes have; where there is a staff file, without what it decides."""
    return {path: value for path, value in BASE.items() if "organization.workforce" not in mode or path not in DECIDED}


def resolved_with(mode: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any] | None:
    """Return a mode with some settings, or None where that is refused."""
    try:
        return scenario_from_mapping({}, {**_base(mode), **mode, **settings}).resolved()
    except ScenarioError:
        return None


def _staff_file(folder: Path, columns: dict[str, list[str]]) -> str:
    """Write a staff file of 70 people in 3 departments, with more columns perhaps, and return its name."""
    rows = [["employee", "age", "department", *columns]]
    rows += [
        [f"e{i}", str(22 + i % 40), f"d{i % 3}", *(values[i % len(values)] for values in columns.values())]
        for i in range(70)
    ]
    file = folder / "staff.csv"
    file.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return str(file)


FULL_COLUMNS = {
    "trust": ["0.2", "0.5", "0.8"], "remote_share": ["0", "0.6"], "tenure": ["0", "1", "3"],
    "leisure_experience": ["0.1", "0.9", "0.5"],
}  # fmt: skip
EVERY_COLUMN = {
    **FULL_COLUMNS, "professional_experience": ["0.3", "0.7"], "segmentation": ["0.2", "0.9"],
    "level": ["executive", *["team_lead"] * 9, *["staff"] * 60], "team": [f"t{i}" for i in range(9)],
    "manager": ["", *["e0"] * 9, *[f"e{1 + i % 9}" for i in range(60)]],
}  # fmt: skip
OTHER_COLUMNS = {"Hire date": ["2019-05-01", "2025-11-01", "2026-06-01"], "Desk": ["yes", "yes", "no"]}
STAFF_FILES: dict[str, dict[str, list[str]]] = {
    "a staff file": {}, "a staff file of all columns": FULL_COLUMNS, "a staff file that says all": EVERY_COLUMN,
    "a staff file of dates and desks": {**OTHER_COLUMNS, "Trust": ["0.2", "0.9"]},
}  # fmt: skip
OTHER_READINGS: dict[str, list[Any]] = {
    "organization.staff.file": [], "organization.staff.contacts": [],  # see tests of contacts files
    "organization.staff.date": ["2026-01-01", "2026-09-01"],
    "organization.staff.deskless": ["keep", "leave_out"],
    "organization.staff.profile": ["nl-2014", "us-2021"],
    "organization.staff.columns": [{"trust": None}, {"remote_share": "age"}],
}  # fmt: skip
"""Other ways to read a staff file, and its columns; the file itself is a setting of the workforce."""


def is_named(path: str, resolved: dict[str, Any]) -> bool:
    """Return whether a key is named as doing nothing, with the staff file opened where there is one."""
    idle = [*idle_keys([path], values_of(counted(resolved))), *idle_reading(resolved)]
    return path in [one.key for one in idle]


@pytest.mark.parametrize("name", [*MODES, *STAFF_FILES])
def test_every_key_acts_is_refused_or_is_named(name: str, tmp_path: Path) -> None:
    if name in STAFF_FILES:
        mode: dict[str, Any] = {**EVERYTHING_ON, "organization.workforce": _staff_file(tmp_path, STAFF_FILES[name])}
    else:
        mode = MODES[name]
    base = resolved_with(mode, {})
    assert base is not None
    wrong = []
    for entry in PARAMETERS:
        if entry.path in NOT_IN_A_RUN or entry.path == "launch.framing":
            continue
        changed = [one for one in (resolved_with(mode, each) for each in other_values(entry, mode)) if one is not None]
        if entry.path.startswith("launch.waves.") and not isinstance(base["launch"]["waves"], dict):
            continue  # setting one of them makes it waves
        acts = [run_of(one) != run_of(base) for one in changed]
        idle = [is_named(entry.path, one) for one in (base, *changed)]
        if changed and not any(acts) and not all(idle[1:]):
            wrong.append(f"{entry.path} changes nothing and is not named")
        for did_act, is_idle in zip(acts, idle[1:], strict=True):
            if did_act and is_idle and idle[0]:
                wrong.append(f"{entry.path} acts and is named")
    assert not wrong, "\n".join(wrong)


def test_every_key_that_needs_something_is_in_the_registry() -> None:
    assert set(ACTS_WHEN) <= set(PARAMETER_BY_PATH)
