"""Keys of ``launch``: how the platform is introduced. All of it is chosen by the organization."""

from __future__ import annotations

from sim.scenario.framing import DEFAULT_PRESET, PRESETS
from sim.scenario.registry import Parameter

_MIXED = PRESETS[DEFAULT_PRESET]


def _framing_number(name: str, default: float, unit: str, meaning: str, source: str) -> Parameter:
    return Parameter(
        path=f"launch.framing.{name}",
        default=default,
        kind="float",
        low=0.0,
        high=1.0,
        unit=unit,
        meaning=meaning,
        source=source,
        group="launch",
        plausible=(0.0, 1.0),
        is_lever=True,
    )


FRAMING: tuple[Parameter, ...] = (
    Parameter(
        path="launch.framing",
        default=DEFAULT_PRESET,
        kind="choice",
        low=None,
        high=None,
        unit="preset or five numbers",
        meaning="What the launch says that the platform is for: a preset, or the numbers below.",
        source="claims 0.1 and 1.6; Treem et al. 2015 (T1.01); van den Hooff 2013 (T1.09): launched as "
        "Facebook; "
        "assumption: the numbers of each preset",
        group="launch",
        choices=tuple(PRESETS),
        is_lever=True,
    ),
    _framing_number(
        "social", _MIXED.social, "share of the message",
        "Part of the message about contact, fun and friends; the three parts sum to 1.",
        "Treem et al. 2015 (T1.04, T1.07); assumption: size",
    ),
    _framing_number(
        "collaboration", _MIXED.collaboration, "share of the message",
        "Part of the message about working together and knowledge.",
        "Treem et al. 2015 (T1.04, T1.06); assumption: size",
    ),
    _framing_number(
        "broadcast", _MIXED.broadcast, "share of the message",
        "Part of the message about news from the organization.",
        "van Uden, MSc thesis (T1.15): the schema of the old intranet; assumption: size",
    ),
    _framing_number(
        "association", 0.0, "share of full likeness",
        "How loudly the launch likens the platform to social media outside work.",
        "claim 1.6; Treem et al. 2015 (T1.09); assumption: none unless the launch says so",
    ),
    _framing_number(
        "clarity", 0.5, "share of full clarity",
        "How clearly the launch states what the platform is for.",
        "claim 1.7: without stated goals an existing frame is projected; assumption: half clear",
    ),
)  # fmt: skip

INTRODUCTION: tuple[Parameter, ...] = (
    Parameter(
        path="launch.campaign.weeks",
        default=6,
        kind="int",
        low=0,
        high=1040,
        unit="weeks",
        meaning="Length of the campaign, from the day a group gets access or a change renews the campaign.",
        source="claims 0.4 and 1.8; Grundfos gained 1,500 of 19,000 users in three weeks (T4.11); assumption: size",
        group="launch",
        plausible=(0, 26),
        is_lever=True,
    ),
    Parameter(
        path="launch.campaign.reach",
        default=0.4,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of staff a week",
        meaning="Share of the employees with access whom a campaign message reaches in a campaign week.",
        source="assumption: a newsletter or poster that fewer than half of its readers notice",
        group="launch",
        plausible=(0.1, 0.8),
        is_lever=True,
    ),
    Parameter(
        path="launch.waves",
        default="all_at_once",
        kind="choice",
        low=None,
        high=None,
        unit="all_at_once or two keys",
        meaning="Whether all departments get access on the first day, or a pilot first and the others in turn.",
        source="claims 1.8 and 4.5: introduce it with patience; assumption: at once is the usual way",
        group="launch",
        choices=("all_at_once",),
        is_lever=True,
    ),
    Parameter(
        path="launch.waves.pilot",
        default=(0,),
        kind="list",
        low=0,
        high=None,
        unit="department numbers, from 0, or names",
        meaning="Departments that get access on the first day; by name where a staff file has names.",
        source="claim 1.8; assumption: the first department",
        group="launch",
        is_lever=True,
    ),
    Parameter(
        path="launch.waves.every_weeks",
        default=4,
        kind="int",
        low=1,
        high=520,
        unit="weeks",
        meaning="Weeks between the opening of one further department and the next.",
        source="claim 1.8; assumption: about a month for each group to settle",
        group="launch",
        plausible=(1, 13),
        is_lever=True,
    ),
    Parameter(
        path="launch.training",
        default=0.2,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of staff",
        meaning="Share of employees who are trained when they get access.",
        source="claim 0.4; Bloemendal 2017 (T3.24): training starts basic use; assumption: one in five",
        group="launch",
        plausible=(0.0, 0.8),
        is_lever=True,
    ),
    Parameter(
        path="launch.champions.share",
        default=0.02,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of staff",
        meaning="Share of employees asked to set the example from the first day.",
        source="assumption: about one in fifty, two or three in a department of this size",
        group="launch",
        plausible=(0.0, 0.1),
        is_lever=True,
    ),
    Parameter(
        path="launch.champions.choose",
        default="central",
        kind="choice",
        low=None,
        high=None,
        unit="way of choosing",
        meaning="Whom to ask: anyone, those with most contacts, managers, the youngest or the most experienced users.",
        source="claim 0.2: digital natives do not embrace it by themselves; assumption: the best connected",
        group="launch",
        choices=("random", "central", "managers", "youngest", "experienced"),
        is_lever=True,
    ),
    Parameter(
        path="launch.wording",
        default="addition",
        kind="choice",
        low=None,
        high=None,
        unit="word",
        meaning="Word that management uses for the change; the later in this list, the more it threatens.",
        source="claim 2.6: an intervention intrudes, a migration breaks with the past, better an addition "
        "or catalyst; "
        "Pappas 2011 (T1.17)",
        group="launch",
        choices=("addition", "catalyst", "intervention", "migration"),
        is_lever=True,
    ),
    Parameter(
        path="launch.mandate",
        default=0.0,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of full obligation",
        meaning="How far using the platform is made an obligation.",
        source="claim 1.8: imposing it fails; Zhang et al. 2013 on forced adoption (T8.09); assumption: voluntary",
        group="launch",
        plausible=(0.0, 0.5),
        is_lever=True,
    ),
)

LAUNCH: tuple[Parameter, ...] = FRAMING + INTRODUCTION
