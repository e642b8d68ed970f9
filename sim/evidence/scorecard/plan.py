"""What the scorecard runs: worlds, settings that claims compare, the forward test, and the plan of all of it.

Two sources. The *calibrated* set comes with the package: parameter sets with weights, resampled here to equal weight.
The *prior* is a Latin hypercube over the plausible ranges of the registry, each drawn evenly and independently of the
others. Every output says which of the two it rests on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.catalog.registry import PATH_OF
from sim.evidence.scorecard import measures
from sim.evidence.scorecard.claims import (
    PATTERNS,
    SWITCH_BY_NAME,
    SWITCHES,
    Parts,
    Switch,
    Values,
    measures_needed,
    read_data,
    settings_needed,
)
from sim.evidence.scorecard.verdicts import Estimate, estimate
from sim.experiments.points import Points
from sim.experiments.world_sets import Source, Worlds, worlds
from sim.runs.code_version import code_version
from sim.runs.plan import About, Arm, Kept, Plan, make_plan, scenario_hash
from sim.scenario import load_scenario

# What the patterns compare: shipped scenarios, some with a few keys changed. Chosen by the claims, before any run.
#
# All have the same size and length, except where a claim needs more time. A name says what is special about a
# setting.


class Setting(NamedTuple):
    """One thing to run."""

    name: str  # unique; how formulas call it
    scenario: str  # shipped scenario that it starts from
    # dotted keys with values, as for ``--set``. A coefficient set here has this value in every world
    changes: Mapping[str, Any] = {}
    # profile whose experience by age the staff has, everybody else about them as it is; empty for the scenario's own
    experience_of: str = ""
    # ``histories`` to look at the months of each person, ``portfolio`` for another organization in each world; empty
    # for neither
    asks: str = ""


def _setting(told: Mapping[str, Any]) -> Setting:
    """Return a setting as ``data/settings.json`` has it; `off` is an arm whose coefficients it sets to 0."""
    off = SWITCH_BY_NAME[told["off"]].off if "off" in told else ()
    changes = {**told.get("changes", {}), **dict.fromkeys((PATH_OF[name] for name in off), 0.0)}
    return Setting(told["name"], told["scenario"], changes, asks=told.get("asks", ""))


_TOLD = read_data("settings.json")
SETTINGS: tuple[Setting, ...] = (*(Setting(name, name) for name in _TOLD["shipped"]), *map(_setting, _TOLD["settings"]))
SETTING_BY_NAME: dict[str, Setting] = {setting.name: setting for setting in SETTINGS}


# The forward test: what becomes of the age gap as the experience of the generations converges?
#
# Between 2012 and 2021 older people took up social media, so that young and old came to differ less in experience. If
# experience makes the age gap, the gap has to follow. The staff is one and the same (ages, tenure, boundaries, luck,
# all of the profile nl-2014); only their experience with social media is drawn from the tables of another year, with
# the same luck in the drawing. So whatever moves is due to experience by age.
#
# No pattern depends on it and no verdict is given: it shows what the model says, whatever that is.

PROFILES = ("nl-2012", "nl-2014", "nl-2016", "us-2021")
LAUNCHES = ("baseline", "like-facebook")
GAPS = ("experience_gap", "intention_gap", "age_gap")
FORWARD_MEASURES = (*GAPS, "young_posters", "intention_by_experience", "experience_gradient")


def setting_name(launch: str, profile: str) -> str:
    """Return what a setting of the forward test is called."""
    return f"{launch}, experience of {profile}"


FORWARD_SETTINGS: tuple[Setting, ...] = tuple(
    Setting(setting_name(launch, profile), launch, {"organization.workforce": "nl-2014"}, profile)
    for launch in LAUNCHES
    for profile in PROFILES
)


class ForwardRow(NamedTuple):
    """One gap under one launch in one arm: at each profile, and from the first to the last."""

    arm: str
    launch: str
    gap: str
    at: tuple[Estimate, ...]  # one a profile
    change: Estimate


def forward_rows(arm: str, values: Values, alike: np.ndarray | None = None) -> list[ForwardRow]:
    """Return the forward test of one arm; `alike` as for `estimate`."""
    rows = []
    for launch in LAUNCHES:
        for gap in GAPS:
            columns = [values[setting_name(launch, profile)][gap] for profile in PROFILES]
            ones = columns[0] * 0.0 + 1.0
            at = tuple(estimate(Parts(column, ones), alike) for column in columns)
            change = estimate(Parts(columns[-1] - columns[0], ones), alike)
            rows.append(ForwardRow(arm, launch, gap, at, change))
    return rows


# The runs of the scorecard: every setting in every arm, at every world, each of which has luck of its own.
#
# Arms that come down to the same runs (a switch that sets what a setting sets already) are run once.

KIND = "scorecard"


class Size(NamedTuple):
    """How much is run: staff, weeks (where a setting does not say otherwise), and worlds."""

    employees: int
    weeks: int
    n_worlds: int


FULL_SIZE = Size(employees=300, weeks=52, n_worlds=200)
QUICK_SIZE = Size(employees=150, weeks=52, n_worlds=20)
SEED = 1

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


def usual_plan(
    quick: bool = False, n_worlds: int | None = None, seed: int = SEED, source: Source | None = None
) -> ScorecardPlan:
    """Return the plan of a scorecard as it is asked for, at its full size or for a first look."""
    size = QUICK_SIZE if quick else FULL_SIZE
    size = size._replace(n_worlds=n_worlds or size.n_worlds)
    return plan_for_scorecard(size, worlds(size.n_worlds, seed, source), seed)


def plan_for_scorecard(
    size: Size, worlds: Worlds, seed: int, settings: Sequence[Setting] | None = None
) -> ScorecardPlan:
    """Return the plan of a scorecard.

    `size`: how much is run; `worlds`: as many as `size` says; `seed`: seed of all luck; `settings`: what is run; what
    all patterns and the forward test need, if left out.
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
    digest = hashlib.sha256(Path(str(measures.__file__)).read_bytes())
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
