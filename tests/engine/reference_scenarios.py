"""Scenarios that together use every rule, for comparing the engine with the plain Mesa model."""

from __future__ import annotations

from typing import Any

from hand_settings import HAND

from sim.catalog.registry import by_section
from sim.scenario import scenario_from_mapping

SEED = 3
N_EMPLOYEES = 120
N_WEEKS = 12  # 60 working days

# More reading and posting than anywhere in life, so that feeds overflow and every branch is taken in 60 days.
LIVELY = {
    "read_base": -1.0,
    "read_inclination": 0.7,
    "post_base": -1.5,
    "post_question": 0.0,
    "respond_base": -2.0,
    "follow": 0.3,
}

CASES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "waves, feeds that overflow, champions among managers": {
        "launch": {
            "waves": {"pilot": [1], "every_weeks": 2},
            "champions": {"share": 0.1, "choose": "managers"},
            "training": 0.5,
            "campaign": {"weeks": 3, "reach": 0.7},
        },
        "organization": {"departments": 4},
        "platform": {"feed_length": 2},
        "behavior": {**LIVELY, "visible_days": 6.0},
    },
    "approval, work only, moderation, strict, penalized": {
        "platform": {"following": "approval", "feed_length": 5},
        "rules": {"restriction": 0.9, "guidance": 1.0, "work_only": True, "moderation": True},
        "leadership": {"appraisal": -1.0, "participation": 1.0},
        "launch": {"champions": {"share": 0.05, "choose": "youngest"}},
        "organization": {"trust": 0.9},
        "behavior": {**LIVELY, "compliance": 0.5},
    },
    "appraisal rewards, moderation with social talk, one community": {
        "platform": {"communities": 1, "integration": 1.0, "feed_length": 10},
        "rules": {"moderation": True},
        "leadership": {"appraisal": 1.0},
        "launch": {"champions": {"share": 0.2, "choose": "experienced"}, "framing": "like_facebook"},
        "behavior": LIVELY,
    },
    "two communities, attention for one item, short lives, decreasing returns": {
        "platform": {"communities": 2},
        "behavior": {**LIVELY, "attention": 1.0, "item_lifetime": 1.0, "peer_exponent": 0.5, "visible_days": 1.0},
        "launch": {"champions": {"share": 0.1, "choose": "random"}},
    },
    "hardly anybody has heard of it": {
        "platform": {"integration": 0.1},
        "launch": {
            "champions": {"share": 0.02, "choose": "random"},
            "training": 0.0,
            "campaign": {"weeks": 2, "reach": 0.1},
        },
        "behavior": {**LIVELY, "unawareness": 0.97, "word_of_mouth": 0.1},
    },
    "nobody to follow, increasing returns, news every hour": {
        "behavior": {**LIVELY, "follow_limit": 0.0, "peer_exponent": 2.5, "item_lifetime": 3.5, "attention": 12.5},
        "leadership": {"announcements": 50.0, "participation": 0.0, "support": 1.0},
        "launch": {"framing": "news"},
    },
    "few to follow, with approval": {
        "platform": {"following": "approval"},
        "behavior": {**LIVELY, "follow_limit": 3.0, "follow": 1.0, "reply_share": 1.0, "visible_days": 7.5},
    },
    "migration by mandate": {
        "launch": {"mandate": 1.0, "wording": "migration", "framing": "unframed"},
        "organization": {"trust": 0.3, "remote_share": 1.0},
        "platform": {"communities": 2},
        "behavior": {**LIVELY, "reply_share": 0.0},
    },
    "one employee": {"organization": {"employees": 1}, "behavior": LIVELY},
    "everything changes on the way": {
        "launch": {
            "wording": "intervention",
            "campaign": {"weeks": 2, "reach": 0.3},
            "waves": {"pilot": [0, 2], "every_weeks": 1},
        },
        "platform": {"feed_length": 3},
        "changes": [
            {"week": 1, "set": {"platform.following": "approval", "leadership.announcements": 0.0}},
            {"week": 3, "set": {"launch.framing": "collaboration", "rules.restriction": 1.0}},
            {"week": 5, "set": {"platform.following": "open", "rules.work_only": True}},
            {"week": 4, "set": {"organization.remote_share": 0.9}},
            {"week": 7, "set": {"organization.remote_share": 0.1}},
            {"week": 6, "set": {"launch.mandate": 0.8, "leadership.support": 0.1, "rules.moderation": True}},
            {"week": 6, "set": {"launch.campaign.reach": 1.0, "launch.campaign.weeks": 1}},
            {"week": 8, "set": {"rules.work_only": False, "platform.following": "approval"}},
            {"week": 9, "set": {"launch.framing.clarity": 1.0, "leadership.appraisal": 0.7}},
        ],
        "behavior": {**LIVELY, "visible_days": 4.0},
    },
    "departments go their own way": {
        "organization": {"departments": 4},
        "platform": {"following": "approval"},
        "leadership": {"appraisal": 0.6},
        "changes": [
            {"week": 2, "departments": [1, 3], "set": {"rules.restriction": 1.0, "launch.mandate": 0.9}},
            {"week": 3, "departments": [0], "set": {"launch.framing": "collaboration", "launch.campaign.reach": 0.9}},
            {"week": 4, "set": {"rules.guidance": 0.9, "leadership.participation": 0.9}},
            {"week": 4, "departments": [3], "set": {"rules.guidance": 0.0, "rules.work_only": True}},
            {"week": 5, "departments": [2], "set": {"organization.remote_share": 0.9, "leadership.appraisal": -0.5}},
            {"week": 6, "departments": [1], "set": {"platform.integration": 0.9, "leadership.announcements": 9.0}},
            {"week": 7, "set": {"platform.following": "open", "organization.remote_share": 0.2}},
            {"week": 8, "departments": [0, 2], "set": {"leadership.support": 0.0, "organization.remote_share": 0.7}},
        ],
        "behavior": LIVELY,
    },
    "everyone knows everyone, everyone talks": {
        "organization": {"contacts": {"everyone": True}, "departments": 1},
        "platform": {"feed_length": 7, "communities": 3},
        "behavior": {**LIVELY, "post_social": 3.5, "item_lifetime": 2.0},
    },
    "frames act on everything": {
        "launch": {"framing": "like_facebook"},
        "platform": {"following": "approval"},
        "changes": [{"week": 4, "set": {"launch.framing": "collaboration"}}],
        "behavior": {
            **LIVELY, "ease": 0.6, "skill_leisure": 0.4, "unease_post": 1.2, "post_mix": 2.0, "imagined_audience": 0.5,
            "risk_social": 1.5, "prompt_push": 1.5, "frame_strength": 0.9, "word_of_mouth": 0.15,
        },
    },
    "people talk, learn what to expect, and know each other by name": {
        "organization": {"remote_share": 0.8},
        "behavior": {
            **LIVELY, "talk": 0.3, "worth_learning": 0.2, "inclination_correlation": 0.6,
            "frame_work_tools": 4.0, "peer_exponent": 1.5, "peer_reference": 0.2,
            "acquaintance": 0.8, "acquaintance_half": 6.0, "acquaintance_decay": 0.01,
        },
    },
    "rewards wear off, answers are hard to get, several posts a day": {
        "leadership": {"appraisal": 0.8},
        "changes": [{"week": 7, "set": {"leadership.appraisal": 0.3}}],
        "behavior": {
            **LIVELY, "reward_half": 0.4, "reward_floor": 0.3, "reward_half_life": 3.0, "reward_crowding": 0.6,
            "post_again": 0.4, "answer_base": -1.0, "answer_bystanders": 0.1, "visible_days": 5.0,
        },
    },
    "no mechanism but habit": {
        "launch": {"campaign": {"weeks": 0, "reach": 0.0}},
        "behavior": {
            "frame_outside": 0.0, "message_weight": 0.0, "learning": 0.0, "forgetting": 0.0,
            "conformity": 0.0, "word_of_mouth": 0.0, "campaign_prompt": 0.0, "feedback_gain": 0.0, "follow": 0.0,
            "knowledge_decay": 0.0, "unread_decay": 0.0, "cohesion_newcomer": 0.0, "expert_level": 0.0,
            "read_base": -1.0, "post_base": -2.0,
        },
    },
}  # fmt: skip


def resolved_cases() -> dict[str, dict[str, Any]]:
    """Return each case with all values filled in."""
    cases = {}
    for name, settings in CASES.items():
        organization = {"employees": N_EMPLOYEES, **settings.get("organization", {})}
        numbers = by_section({**HAND, **settings.get("behavior", {})})
        whole = {**settings, **numbers, "organization": organization, "run": {"weeks": N_WEEKS}}
        cases[name] = scenario_from_mapping(whole)
    return {name: scenario.resolved() for name, scenario in cases.items()}
