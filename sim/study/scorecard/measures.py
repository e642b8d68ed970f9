"""What the scorecard looks at beyond the outcomes of every run: measures that only some claims need.

A run is the run of any other study; these are read off its table of employees before the first and after the last
day. Measuring changes nothing and draws nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.behavior.remembering import casual_belonging
from sim.organization.people import draw_leisure_experience
from sim.organization.profiles import load_profile
from sim.organization.workforce import Workforce, build_workforce
from sim.outcomes import FINAL_WEEKS, NEWCOMER, YOUNG
from sim.simulation import RunResult, Simulation
from sim.state import DAYS_PER_MONTH, ITEMS
from sim.study.scorecard.histories import HISTORY_MEASURES, of_histories, run_with_history
from sim.study.scorecard.portfolio import drawn_organization

EARLY_WEEKS = 13
SMALLEST_TEAM = 3

# Not among the keys of a scenario: the profile whose experience by age the staff is given.
SECTION = "scorecard"
EXPERIENCE_KEY = "experience_of"
# Whether the months of each person are looked at, and who replied to whom.
HISTORIES_KEY = "histories"
# Whether it is one organization of many, which differ in all that organizations choose and are.
PORTFOLIO_KEY = "portfolio"

MEASURES: dict[str, str] = {
    "young_posters": "share of those under 25 who posted in the last month",
    "intention_by_experience": "rank correlation of leisure experience with willingness to come before the launch",
    "experience_gap": "mean leisure experience, under 25 minus 25 and over",
    "social_frame_gap": "mean social share of the frame at the announcement, under 25 minus 25 and over",
    "collaboration_frame_gap": "mean collaboration share of the frame at the announcement, 25 and over minus under 25",
    "team_spread": "standard deviation of the frame shares within teams of three or more, at the end",
    "early_readers": "most weekly readers in the first 13 weeks, as a share of staff",
    "low_trust_posters": "share of staff (no leaders) in the lowest third of trust who posted in the last month",
    "high_trust_posters": "share of staff (no leaders) in the highest third of trust who posted in the last month",
    "cohesion_gained": "belonging of staff who work remotely, at the end minus before the first day",
    "experts_gained": "share of one's topics on which one knows an expert, at the end minus before the first day",
    "contacts_elsewhere": "contacts in other departments, mean over staff",
    "tie_growth_newcomers": "belonging that a year more of casual contact would give newcomers (less than a year)",
    "tie_growth_others": "belonging that a year more of casual contact would give those who are longer there",
    "posters_per_reader": "monthly posters for each monthly reader",
    "items_a_day": "items that a reader finds on a day of reading, mean over the run",
    "posts_in_month_30": "posts per employee and month in the four weeks up to week 30",
    "posts_in_month_52": "posts per employee and month in the four weeks up to week 52",
    "posts_in_month_70": "posts per employee and month in the four weeks up to week 70",
    "work_posts": "work posts and questions per employee and month, mean of the last four weeks",
    "adopted_at_peak": "part of those who ever posted who had done so when most people were active in a week",
    "readers_kept": "readers of the last month as a part of those who ever read",
    "early_cohesion": "sense of belonging after 13 weeks",
    "early_congruence": "closeness of frames after 13 weeks",
    **HISTORY_MEASURES,
}


def simulate(
    resolved: Mapping[str, Any], seed: int, with_groups: bool = True, keeps_replies: bool = False
) -> RunResult:
    """Run a scenario once and return its outcomes together with the measures of the scorecard; never its groups."""
    asked = resolved.get(SECTION, {})
    if asked.get(PORTFOLIO_KEY):
        resolved = drawn_organization(resolved, seed)
    has_histories = bool(asked.get(HISTORIES_KEY))
    simulation = Simulation(resolved, seed, _staff(resolved, seed), keeps_replies=has_histories)
    measures = before(simulation)
    if has_histories:
        measures |= of_histories(simulation, run_with_history(simulation))
    else:
        measures |= dict.fromkeys(HISTORY_MEASURES, math.nan)
        simulation.run()
    measures |= after(simulation, measures.pop("_cohesion"), measures.pop("_experts"))
    reasons = simulation.reasons() | {
        name: "nobody to compare, or a run too short" for name, value in measures.items() if math.isnan(value)
    }
    return RunResult(simulation.outcomes() | measures, reasons, simulation.series, [])


def _staff(resolved: Mapping[str, Any], seed: int) -> Workforce | None:
    """Return the workforce with the experience by age of another profile, where one is asked for."""
    profile = resolved.get(SECTION, {}).get(EXPERIENCE_KEY, "")
    if not profile:
        return None
    staff = build_workforce(resolved["organization"], resolved["platform"]["communities"], seed)
    return staff._replace(leisure_experience=draw_leisure_experience(load_profile(profile), staff.age, seed))


def before(simulation: Simulation) -> dict[str, float]:
    """Return what is measured at the announcement, and the starting points of what is gained."""
    table = simulation.table
    is_young = table["age"] < YOUNG
    shares = _shares(table)
    world = simulation.world
    departments = table["department"]
    of_contact = departments[world.neighbors]
    of_own = np.repeat(departments, np.diff(world.offsets))
    tie_growth, is_new = _tie_growth(simulation), table["tenure"] < NEWCOMER
    return {
        "intention_by_experience": _rank_correlation(table["leisure_experience"], np.round(table["intention"], 9)),
        "experience_gap": _gap(table["leisure_experience"], is_young),
        "social_frame_gap": _gap(shares[0], is_young),
        "collaboration_frame_gap": _gap(shares[1], ~is_young),
        "contacts_elsewhere": float((of_contact != of_own).sum()) / len(table["age"]),
        "tie_growth_newcomers": _mean(tie_growth[is_new]),
        "tie_growth_others": _mean(tie_growth[~is_new]),
        "_cohesion": _mean(table["cohesion"][table["remote_share"] > 0.0]),
        "_experts": _mean(_known(table)),
    }


def after(simulation: Simulation, cohesion_before: float, experts_before: float) -> dict[str, float]:
    """Return what is measured after the last day."""
    table = simulation.table
    posted = (table["last_post"] > simulation.day - 1 - DAYS_PER_MONTH).astype(float)
    is_staff = table["level"] == 0
    trust = table["trust"][is_staff]
    low, high = (np.quantile(trust, share) for share in (1 / 3, 2 / 3)) if trust.size else (math.nan, math.nan)
    return {
        "young_posters": _mean(posted[table["age"] < YOUNG]),
        "team_spread": _team_spread(table),
        "items_a_day": _ratio(float(simulation.world.tally[:, ITEMS].sum()), float(table["days_read"].sum())),
        "early_readers": float(simulation.series["weekly_readers"][:EARLY_WEEKS].max()),
        "low_trust_posters": _mean(posted[is_staff][trust <= low]),
        "high_trust_posters": _mean(posted[is_staff][trust >= high]),
        "cohesion_gained": _mean(table["cohesion"][table["remote_share"] > 0.0]) - cohesion_before,
        "experts_gained": _mean(_known(table)) - experts_before,
        **_of_series(simulation.series),
    }


def _of_series(series: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Return what is read off the weeks of a run; NaN where it had not that many, or nobody to divide by."""
    posts, work = series["posts_per_employee_month"], series["work_share"]
    adoption, reach = float(series["adoption"][-1]), float(series["reach"][-1])
    posters, readers = (float(series[name][-FINAL_WEEKS:].mean()) for name in ("monthly_posters", "monthly_readers"))
    peak = int(series["weekly_active"].argmax())

    def in_week(name: str, week: int) -> float:
        return float(series[name][week - 1]) if len(series[name]) >= week else math.nan

    return {
        **{f"posts_in_month_{week}": in_week("posts_per_employee_month", week) for week in (30, 52, 70)},
        "work_posts": float((posts * np.where(posts > 0.0, work, 0.0))[-FINAL_WEEKS:].mean()),
        "adopted_at_peak": _ratio(float(series["adoption"][peak]), adoption),
        "readers_kept": _ratio(float(series["monthly_readers"][-1]), reach),
        "posters_per_reader": _ratio(posters, readers),
        "early_cohesion": in_week("cohesion", EARLY_WEEKS),
        "early_congruence": in_week("frame_congruence", EARLY_WEEKS),
    }


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else math.nan


def _tie_growth(simulation: Simulation) -> np.ndarray:
    """Return what a year more of casual contact would add to everyone's belonging, float64 (N,)."""
    table, c = simulation.table, simulation.world.c
    pairs = zip(table["remote_share"].tolist(), table["tenure"].tolist(), strict=True)
    grown = [casual_belonging(remote, years + 1.0, c) - casual_belonging(remote, years, c) for remote, years in pairs]
    return np.array(grown)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else math.nan


def _gap(values: np.ndarray, is_young: np.ndarray) -> float:
    # Sums of equal numbers differ in the last bit; no gap is to be no gap.
    return round(_mean(values[is_young]) - _mean(values[~is_young]), 12)


def _shares(table: np.ndarray) -> np.ndarray:
    """Return the frame shares, float64 (3, N)."""
    counts = np.array([table[name] for name in ("frame_social", "frame_collaboration", "frame_broadcast")])
    shares: np.ndarray = counts / counts.sum(axis=0)
    return shares


def _known(table: np.ndarray) -> np.ndarray:
    """Return for each employee the share of the three topics on which an expert is known."""
    knows = table["knows"]
    return ((knows & 1) + ((knows >> 1) & 1) + ((knows >> 2) & 1)) / 3.0


def _team_spread(table: np.ndarray) -> float:
    """Return the root of the mean squared distance of frame shares to the mean of the own team."""
    shares, team = _shares(table), table["team"]
    size = np.bincount(team)
    is_counted = size[team] >= SMALLEST_TEAM
    means = np.array([np.bincount(team, share) / np.maximum(size, 1) for share in shares])[:, team]
    # Sums and means of equal numbers differ in the last bit; no spread is to be no spread.
    distances = np.round(shares - means, 12)[:, is_counted]
    return math.sqrt(_mean((distances**2).sum(axis=0))) if is_counted.any() else math.nan


def _rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Return Spearman's correlation, ties averaged; NaN where one of the two is the same for everyone."""
    ranks = [_ranks(values) for values in (first, second)]
    lengths = [float(np.sqrt((rank * rank).sum())) for rank in ranks]
    if min(lengths) == 0.0:
        return math.nan
    return float((ranks[0] * ranks[1]).sum() / (lengths[0] * lengths[1]))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return centered ranks, ties averaged."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    rank: np.ndarray = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse] - (len(values) + 1) / 2.0
    return rank
