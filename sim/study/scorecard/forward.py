"""The forward test: what becomes of the age gap as the experience of the generations converges?

Between 2012 and 2021 older people took up social media, so that young and old came to differ less in experience. If
experience makes the age gap, the gap has to follow. The staff is one and the same (ages, tenure, boundaries, luck, all
of the profile nl-2014); only their experience with social media is drawn from the tables of another year, with the same
luck in the drawing. So whatever moves is due to experience by age.

No pattern depends on it and no verdict is given: it shows what the model says, whatever that is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.scorecard.judging import Estimate, estimate
from sim.study.scorecard.settings import Setting
from sim.study.scorecard.statistic import Parts, Values

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
