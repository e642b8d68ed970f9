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
    PEERS_OFF,
    SWITCHES,
    Parts,
    Switch,
    Values,
    measures_needed,
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


# The mixed message of the baseline, with its likeness to outside media and its clarity to be varied.
def _mixed(association: float = 0.3, clarity: float = 0.4) -> dict[str, float]:
    return {"social": 0.3, "collaboration": 0.4, "broadcast": 0.3, "association": association, "clarity": clarity}


def _collaboration(clarity: float) -> dict[str, float]:
    return {"social": 0.1, "collaboration": 0.8, "broadcast": 0.1, "association": 0.0, "clarity": clarity}


# A roll-out of a department a month ends after 28 weeks and its last campaign after 54: half a year is left to look at.
LONG = {"run.weeks": 78}
LOW_TRUST = {"organization.trust": 0.2}
PUSH = {"leadership.appraisal": 0.8, "changes": [{"week": 8, "set": {"leadership.appraisal": 0.0}}]}

# Points from week 26 to 52, then none, and 18 weeks to see what is left.
POINTS = {
    "launch.mandate": 0.0,
    "run.weeks": 70,
    "changes": [
        {"week": 26, "set": {"leadership.appraisal": 1.0}},
        {"week": 52, "set": {"leadership.appraisal": 0.0}},
    ],
}
NOT_LED = {"leadership.participation": 0.0, "leadership.support": 0.0}
NO_PEERS = dict.fromkeys((PATH_OF[name] for name in PEERS_OFF.off), 0.0)


def _framing(*numbers: float) -> dict[str, float]:
    names = ("social", "collaboration", "broadcast", "association", "clarity")
    return dict(zip(names, numbers, strict=True))


SHIPPED = (
    "baseline", "collaboration", "like-facebook", "unframed", "champions-central", "champions-digital-natives",
    "low-trust", "appraisal-rewards", "change-program", "remote-first", "no-rules", "strict-rules",
    "rules-arrive-late", "integrated-tools", "approval-following", "clear-guidance", "leaders-post",
    "leaders-announce-only", "work-only",
)  # fmt: skip

_OWN = (
    Setting(
        "shown what for",
        "baseline",
        {
            "launch.framing": _mixed(clarity=0.8), "launch.campaign.weeks": 13, "launch.campaign.reach": 0.6,
            "launch.training": 0.6,
        },
    ),
    Setting(
        "shown nothing",
        "baseline",
        {"launch.framing": _mixed(clarity=0.0), "launch.campaign.weeks": 0, "launch.training": 0.0},
    ),
    Setting("not likened", "baseline", {"launch.framing": _mixed(association=0.0)}),
    Setting("likened", "baseline", {"launch.framing": _mixed(association=1.0)}),
    Setting("goals stated", "collaboration", {"launch.framing": _collaboration(0.9)}),
    Setting("goals not stated", "collaboration", {"launch.framing": _collaboration(0.1)}),
    Setting("patient", "patient-rollout", LONG),
    Setting("big bang", "big-bang", LONG),
    Setting("patient, low trust", "patient-rollout", LONG | LOW_TRUST),
    Setting("big bang, low trust", "big-bang", LONG | LOW_TRUST),
    Setting("called an intervention", "baseline", {"launch.wording": "intervention"}),
    Setting("called a migration", "baseline", {"launch.wording": "migration"}),
    Setting("hardly remote", "baseline", {"organization.remote_share": 0.1}),
    Setting(
        "in control",
        "baseline",
        {"rules.restriction": 0.8, "rules.moderation": True, "organization.trust": 0.3},
    ),
    Setting(
        "self-managing",
        "baseline",
        {"rules.restriction": 0.0, "rules.moderation": False, "organization.trust": 0.8},
    ),
    Setting("connective only", "baseline", {"behavior.worth": 0.0}),
    Setting("communal only", "baseline", {"behavior.peers": 0.0}),
    Setting("knowledge lasts", "baseline", {"constants.knowledge_decay": 0.005}),
    Setting("knowledge fades", "baseline", {"constants.knowledge_decay": 0.1}),
    Setting("10 items a day", "baseline", {"constants.attention": 10.0, "platform.feed_length": 160}),
    Setting("40 items a day", "baseline", {"constants.attention": 40.0, "platform.feed_length": 160}),
    Setting("160 items a day", "baseline", {"constants.attention": 160.0, "platform.feed_length": 160}),
    Setting("nothing hidden", "baseline", {"constants.risk_moderation": 0.0}),
    Setting("off-topic hidden", "baseline", {"constants.risk_moderation": 0.0, "rules.moderation": True}),
    Setting("small start", "baseline", {"launch.campaign.reach": 0.1, "launch.champions.share": 0.0}),
    Setting("large start", "baseline", {"launch.campaign.reach": 0.8, "launch.champions.share": 0.05}),
    Setting("increasing returns", "baseline", {"behavior.peer_exponent": 2.0}),
    Setting("increasing returns, pushed", "baseline", {"behavior.peer_exponent": 2.0} | PUSH),
    Setting("decreasing returns", "baseline", {"behavior.peer_exponent": 0.5}),
    Setting("decreasing returns, pushed", "baseline", {"behavior.peer_exponent": 0.5} | PUSH),
    Setting("no attraction", "baseline", {"constants.group_attraction": 0.0}),
    Setting("strong attraction", "baseline", {"constants.group_attraction": 2.0}),
    Setting("well mixed", "baseline", {"organization.contacts.department": 2.0, "organization.contacts.across": 6.0}),
    Setting("modular", "baseline", {"organization.contacts.department": 7.5, "organization.contacts.across": 0.5}),
    Setting("no conformity", "baseline", {"constants.conformity": 0.0}),
    Setting("strong conformity", "baseline", {"constants.conformity": 2.0}),
    Setting("leaders take part", "baseline", {"leadership.participation": 0.9}),
    Setting("leaders stay away", "baseline", {"leadership.participation": 0.0}),
    Setting("leaders take part, low trust", "like-facebook", {"leadership.participation": 0.9} | LOW_TRUST),
    Setting("leaders stay away, low trust", "like-facebook", {"leadership.participation": 0.0} | LOW_TRUST),
    Setting("like-facebook, nothing familiar", "like-facebook", {"behavior.skill_leisure": 0.0}),
    Setting("like-facebook, no unease", "like-facebook", {"behavior.read_inappropriate": 0.0}),
    Setting(
        "like-facebook, neither",
        "like-facebook",
        {"behavior.skill_leisure": 0.0, "behavior.read_inappropriate": 0.0},
    ),
    # The claim is about what an order brings once nobody orders it any more.
    Setting("order ended", "mandated", {"changes": [{"week": 26, "set": {"launch.mandate": 0.0}}]}),
    Setting("points for half a year", "unframed", POINTS),
    Setting("no points", "unframed", {"launch.mandate": 0.0, "run.weeks": 70}),
    Setting(
        "small launch, four years",
        "unframed",
        {
            "launch.campaign.weeks": 2, "launch.campaign.reach": 0.1, "leadership.participation": 0.1,
            "leadership.support": 0.1, "run.weeks": 208,
        },
        asks="histories",
    ),
    Setting(
        "collaboration, led",
        "collaboration",
        {"leadership.participation": 0.6, "leadership.support": 0.6, "run.weeks": 78},
        asks="histories",
    ),
    Setting("portfolio", "baseline", {}, asks="portfolio"),
    Setting("wrong expectation", "unframed", NOT_LED | {"launch.framing": _framing(1.0, 0.0, 0.0, 1.0, 1.0)}),
    Setting("no expectation", "unframed", NOT_LED | {"launch.framing": _framing(0.33, 0.33, 0.34, 0.0, 0.0)}),
    Setting("fitting expectation", "unframed", NOT_LED | {"launch.framing": _framing(0.0, 1.0, 0.0, 0.0, 1.0)}),
    Setting("open, two years", "baseline", {"run.weeks": 104}),
    Setting("approval, two years", "approval-following", {"run.weeks": 104}),
    Setting("half the reward", "baseline", {"leadership.appraisal": 0.5}),
    Setting("all the reward", "baseline", {"leadership.appraisal": 1.0}),
    Setting("collaboration, leisure banned", "collaboration", {"rules.work_only": True}),
    Setting("collaboration, nobody heeds peers", "collaboration", NO_PEERS),
    Setting("nobody moves", "baseline", {"organization.remote_share": 0.37}),
    Setting(
        "everybody goes home",
        "baseline",
        {
            "organization.remote_share": 0.37,
            "changes": [{"week": 26, "set": {"organization.remote_share": 0.9}}],
        },
    ),
)  # fmt: skip

SETTINGS: tuple[Setting, ...] = (*(Setting(name, name) for name in SHIPPED), *_OWN)
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
