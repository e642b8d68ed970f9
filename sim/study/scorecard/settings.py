"""What the patterns compare: shipped scenarios, some with a few keys changed. Chosen by the claims, before any run.

All have the same size and length, except where a claim needs more time. A name says what is special about a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.scenario.coefficients import PATH_OF
from sim.study.scorecard.switches import PEERS_OFF


class Setting(NamedTuple):
    """One thing to run.

    Attributes
    ----------
    name : str
        Unique; how formulas call it.
    scenario : str
        Shipped scenario that it starts from.
    changes : mapping
        Dotted keys with values, as for ``--set``. A coefficient set here has this value in every world.
    experience_of : str
        Profile whose experience by age the staff has, everybody else about them as it is; empty for the scenario's own.
    asks : str
        ``histories`` to look at the months of each person, ``portfolio`` for another organization in each world; empty
        for neither.
    """

    name: str
    scenario: str
    changes: Mapping[str, Any] = {}
    experience_of: str = ""
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
