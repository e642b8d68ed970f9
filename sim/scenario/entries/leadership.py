"""Keys of ``leadership``: what directors and managers do and reward."""

from __future__ import annotations

from sim.scenario.registry import Parameter

LEADERSHIP: tuple[Parameter, ...] = (
    Parameter(
        path="leadership.participation",
        default=0.3,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of full participation",
        meaning="How far leaders are expected to read and post visibly themselves.",
        source="claim 4.3; visible managers are one of six adoption factors (Evolve 2025, T3.08); assumption: some do",
        group="leadership",
        plausible=(0.0, 0.9),
        is_lever=True,
    ),
    Parameter(
        path="leadership.support",
        default=0.5,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of full support",
        meaning="How far leaders back the platform in word and time.",
        source="claim 4.3; Othman & Salim 2021 (T3.10): r = 0.52 with the intention to adopt; assumption: the middle",
        group="leadership",
        plausible=(0.1, 0.9),
        is_lever=True,
    ),
    Parameter(
        path="leadership.appraisal",
        default=0.0,
        kind="float",
        low=-1.0,
        high=1.0,
        unit="-1 penalizes, +1 rewards",
        meaning="Whether contributing counts against (-1) or for (+1) an employee in the appraisal.",
        source="claim 0.6: 'I am not appraised on that'; assumption: it does not count",
        group="leadership",
        plausible=(-0.5, 0.5),
        is_lever=True,
    ),
    Parameter(
        path="leadership.announcements",
        default=2.0,
        kind="float",
        low=0.0,
        high=50.0,
        unit="news items a week",
        meaning="News items that management publishes on the platform.",
        source="claims 0.7 and 3.3: push beside pull; assumption: as a weekly newsletter and one more",
        group="leadership",
        plausible=(0.0, 10.0),
        is_lever=True,
    ),
)
