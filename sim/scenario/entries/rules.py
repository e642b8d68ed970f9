"""Keys of ``rules``: rules differ in kind, so each kind is a key of its own."""

from __future__ import annotations

from sim.scenario.registry import Parameter

RULES: tuple[Parameter, ...] = (
    Parameter(
        path="rules.restriction",
        default=0.2,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of full restriction",
        meaning="How far rules limit what may be said.",
        source="claim 3.5: use fell where rules were set; 51% of US workplaces have rules on social media "
        "(Pew 2016, "
        "T3.17); assumption: mild ones",
        group="rules",
        plausible=(0.0, 0.8),
        is_lever=True,
    ),
    Parameter(
        path="rules.guidance",
        default=0.3,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of full guidance",
        meaning="How well staff are told what the platform is for, and who can see what for how long.",
        source="claims 4.2 and 4.6; Schöndienst et al. 2011 (T3.13); Soens & Claeys 2021 (T3.14); assumption: some",
        group="rules",
        plausible=(0.0, 0.8),
        is_lever=True,
    ),
    Parameter(
        path="rules.work_only",
        default=False,
        kind="bool",
        low=None,
        high=None,
        unit="yes or no",
        meaning="Whether talk that is not about work is banned.",
        source="claim 3.6: chat is fine, too; Pew 2016 (T3.16): 30% take a break on social media where "
        "there is a "
        "policy, 40% where there is none; assumption: no ban",
        group="rules",
        is_lever=True,
    ),
    Parameter(
        path="rules.moderation",
        default=False,
        kind="bool",
        low=None,
        high=None,
        unit="yes or no",
        meaning="Whether moderators look over posts and keep leisure talk out of the communities.",
        source="claims 4.2 and 4.4: being in control; assumption: no checking",
        group="rules",
        is_lever=True,
    ),
)
