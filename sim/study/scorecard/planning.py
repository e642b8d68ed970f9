"""The runs of the scorecard: every setting in every arm, at every world, each of which has luck of its own.

Arms that come down to the same runs (a switch that sets what a setting sets already) are run once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario import load_scenario
from sim.scenario.coefficients import PATH_OF
from sim.study.code_version import code_version
from sim.study.kept import Kept
from sim.study.plan import About, Arm, Plan, make_plan, scenario_hash
from sim.study.points import Points
from sim.study.scorecard import histories, measures, portfolio
from sim.study.scorecard.forward import FORWARD_MEASURES, FORWARD_SETTINGS
from sim.study.scorecard.patterns import PATTERNS, measures_needed, settings_needed
from sim.study.scorecard.settings import SETTING_BY_NAME, Setting
from sim.study.scorecard.switches import SWITCHES, Switch
from sim.study.scorecard.worlds import Worlds

KIND = "scorecard"


class Size(NamedTuple):
    """How much is run: staff, weeks (where a setting does not say otherwise), and worlds."""

    employees: int
    weeks: int
    n_worlds: int


FULL_SIZE = Size(employees=300, weeks=52, n_worlds=200)
QUICK_SIZE = Size(employees=150, weeks=52, n_worlds=20)

# (setting, switch) -> name of the arm of the plan that runs it.
Places = Mapping[tuple[str, str], str]


class ScorecardPlan(NamedTuple):
    """The plan, and where in it each setting of each arm is found."""

    plan: Plan
    places: Places


class _Variant(NamedTuple):
    """A setting under a switch: the resolved scenario, and the coefficients that no world changes."""

    resolved: Mapping[str, Any]
    fixed: frozenset[str]

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        return scenario_hash(self.resolved), self.fixed


def settings_to_run() -> tuple[Setting, ...]:
    """Return the settings of all patterns and of the forward test."""
    # The baseline first, so that its arms have its name.
    names = dict.fromkeys(["baseline", *settings_needed()])
    return (*(SETTING_BY_NAME[name] for name in names), *FORWARD_SETTINGS)


def plan_for_scorecard(
    size: Size, worlds: Worlds, seed: int, settings: Sequence[Setting] | None = None
) -> ScorecardPlan:
    """Return the plan of a scorecard.

    Parameters
    ----------
    size : Size
        How much is run.
    worlds : Worlds
        As many as `size` says.
    seed : int
        Seed of all luck.
    settings : sequence of Setting, optional
        What is run; what all patterns and the forward test need, if left out.
    """
    arms: dict[tuple[str, frozenset[str]], Arm] = {}
    fixed: list[frozenset[str]] = []
    places: dict[tuple[str, str], str] = {}
    for setting in settings_to_run() if settings is None else settings:
        resolved = resolve(setting, size)
        for switch in SWITCHES:
            variant = switched(setting, resolved, switch, worlds.keys)
            if variant.key not in arms:
                arms[variant.key] = Arm(arm_name(setting.name, switch), variant.resolved)
                fixed.append(variant.fixed)
            places[setting.name, switch.name] = arms[variant.key].name
    columns = {key: [world[key] for world in worlds.settings] for key in worlds.keys}
    numbers = range(len(worlds.settings))
    points = Points(
        factors=columns,
        is_lever=dict.fromkeys(columns, False),
        leaves=tuple({key: values for key, values in columns.items() if key not in held} for held in fixed),
        strategy=[0] * len(numbers),
        world=numbers,
        luck=numbers,
    )
    kept = Kept(measures_kept(), "none", groups=False)
    about = About(KIND, _about(size, worlds), [])
    plan = make_plan(list(arms.values()), 1, seed, version_of_runs(), points=points, kept=kept, about=about)
    return ScorecardPlan(plan, places)


def arm_name(setting: str, switch: Switch) -> str:
    """Return what the arm of a plan is called that runs a setting under a switch (and whatever comes to the same)."""
    return f"{setting} | {switch.name}"


def version_of_runs() -> str:
    """Return the version of the code with that of the measures: runs measured differently are not the same runs."""
    digest = hashlib.sha256()
    for module in (measures, histories, portfolio):
        digest.update(Path(str(module.__file__)).read_bytes())
    return f"{code_version()}.{digest.hexdigest()[:6]}"


def measures_kept() -> tuple[str, ...]:
    """Return what is kept of each run."""
    return tuple(dict.fromkeys([*measures_needed(PATTERNS), *FORWARD_MEASURES, "monthly_readers", "monthly_active"]))


def _about(size: Size, worlds: Worlds) -> dict[str, Any]:
    return {"name": KIND, "size": size._asdict(), "worlds": worlds.source}


def resolve(setting: Setting, size: Size) -> dict[str, Any]:
    """Return the resolved scenario of a setting."""
    common = {"organization.employees": size.employees, "run.weeks": size.weeks}
    resolved = load_scenario(setting.scenario, common | dict(setting.changes)).resolved()
    # Staff that has the experience of its own profile is that staff.
    if setting.experience_of not in ("", resolved["organization"]["workforce"]):
        resolved[measures.SECTION] = {measures.EXPERIENCE_KEY: setting.experience_of}
    if setting.asks:
        resolved[measures.SECTION] = {**resolved.get(measures.SECTION, {}), setting.asks: True}
    return resolved


def switched(setting: Setting, resolved: Mapping[str, Any], switch: Switch, world_keys: Sequence[str]) -> _Variant:
    """Return a setting with the coefficients of a switch at 0, which wins over worlds and setting alike."""
    off = {PATH_OF[name] for name in switch.off}
    silenced = {
        section: {name: 0.0 if f"{section}.{name}" in off else value for name, value in resolved[section].items()}
        for section in ("behavior", "constants")
    }
    held = off.union(setting.changes).intersection(world_keys)
    return _Variant({**resolved, **silenced}, frozenset(held))
