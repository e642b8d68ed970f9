"""What a run is measured by for the scorecard, beside its outcomes; histories and portfolios of organizations.

For claims about many firms. Ranges are those that a plain reader would call usual, written down before any run; each is
drawn evenly and by itself, with the luck of the run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.catalog.outcomes import reason
from sim.catalog.registry import PRESETS
from sim.evidence.scorecard.claims import read_data
from sim.kernel.streams import uniforms
from sim.model.outcomes import FINAL_WEEKS, NEWCOMER, YOUNG
from sim.model.rules.remembering import casual_belonging
from sim.model.simulation import RunResult, Simulation
from sim.model.state import DAYS_PER_MONTH, DAYS_PER_WEEK, ITEMS, NEVER, REACTION, copy_of, set_value
from sim.organization.people import draw_leisure_experience
from sim.organization.profiles import load_profile
from sim.organization.workforce import Workforce, build_workforce

RANGES: dict[str, tuple[float, float]] = {
    "organization.trust": (0.3, 0.8),
    "organization.remote_share": (0.1, 0.7),
    "organization.contacts.department": (2.0, 8.0),
    "organization.contacts.across": (1.0, 6.0),
    "platform.integration": (0.0, 0.6),
    "launch.campaign.weeks": (2.0, 13.0),
    "launch.campaign.reach": (0.1, 0.6),
    "launch.training": (0.0, 0.6),
    "launch.champions.share": (0.0, 0.05),
    "rules.restriction": (0.0, 0.7),
    "rules.guidance": (0.0, 0.7),
    "leadership.participation": (0.0, 0.8),
    "leadership.support": (0.1, 0.9),
}
MANDATED = 0.2  # share of organizations in which there is an order
MANDATE = 0.5
APPROVAL = 0.3  # share of organizations whose platform asks for permission


def drawn_organization(resolved: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return a scenario with another organization and launch in it: the same for the same seed."""
    luck = iter(uniforms(seed, "portfolio", len(RANGES) + 3).tolist())
    drawn = copy_of(resolved)
    for path, (low, high) in RANGES.items():
        value = low + next(luck) * (high - low)
        set_value(drawn, path, round(value) if path == "launch.campaign.weeks" else value)
    presets = list(PRESETS.values())
    drawn["launch"]["framing"] = dict(presets[int(next(luck) * len(presets))]._asdict())
    drawn["launch"]["mandate"] = MANDATE if next(luck) < MANDATED else 0.0
    drawn["platform"]["following"] = "approval" if next(luck) < APPROVAL else "open"
    return drawn


# What claims about single people ask for: who did what in each month of a run, and who replied to whom.
#
# A person's months are looked at together by least squares. Each number is a coefficient of one run, small and noisy
# by itself; the scorecard takes the mean over many worlds. Forms stood here before any run.
#
# * **Stopping** (D2). Of those who were active in a month, who is not active in any of the next three? On the part of
# the contacts who were active in that month and the part of all staff, each in standard deviations, and on how often
# one was active oneself. * **Replies** (D3). Replies to a post, as a part of the mean, on the author's level and on
# the author's posts in standard deviations; an author with many posts counts as often as there are posts. * **Use**
# (D4). Of those who already use it: days of reading next month less those of this one, as a part of the working days,
# on this month's of the own reports, of colleagues with the same manager and of the manager, and on one's own. Who
# has no such colleagues has a term of their own instead.

WEEKS_PER_MONTH = DAYS_PER_MONTH // DAYS_PER_WEEK
MONTHS_SILENT = 3  # after which someone has stopped
FEWEST = 30  # cases for a coefficient

_TOLD = read_data("settings.json")
HISTORY_MEASURES: dict[str, str] = _TOLD["measures_of_histories"]


class Months(NamedTuple):
    """What is known of each person in each month."""

    is_active: np.ndarray  # bool (months, N), posted, replied or reacted
    times_active: np.ndarray  # int64 (months, N), posts, replies and reactions
    days_read: np.ndarray  # int64 (months, N)
    posts: np.ndarray  # int64 (months, N)
    has_used: np.ndarray  # bool (months, N), has ever posted or replied by the end of the month


def run_with_history(simulation: Simulation) -> Months:
    """Run a simulation to its end, and return the months of everyone. Looking on changes nothing."""
    table, found = simulation.table, []
    counts = _counts(table)
    for month in range(simulation.n_weeks // WEEKS_PER_MONTH):
        simulation.run((month + 1) * WEEKS_PER_MONTH)
        before, counts = counts, _counts(table)
        is_active = table["last_active"] > simulation.day - 1 - DAYS_PER_MONTH
        has_used = (table["last_post"] > NEVER) | (table["n_replies"] > 0)
        found.append((is_active, *(counts - before), has_used))
    simulation.run()
    n = len(table["age"])
    return Months(*(np.array(column).reshape(-1, n) for column in (zip(*found, strict=True) if found else [[]] * 5)))


def _counts(table: Any) -> np.ndarray:
    """Return times active, days of reading and posts so far, int64 (3, N)."""
    posts = sum(table[name].astype(np.int64) for name in ("n_work_posts", "n_questions", "n_social_posts"))
    return np.array([posts + table["n_replies"] + table["n_reactions"], table["days_read"], posts])


def of_histories(simulation: Simulation, months: Months) -> dict[str, float]:
    """Return all `HISTORY_MEASURES` after a run."""
    return {**stopping(simulation, months), **replies(simulation, months), **use(simulation, months)}


def coefficients(outcome: np.ndarray, columns: list[np.ndarray], weights: np.ndarray | None = None) -> np.ndarray:
    """Return least-squares coefficients of some columns beside a constant term, float64 (columns,).

    A column that is the same throughout is left out, and its coefficient is NaN. All are NaN with few cases, or where
    columns cannot be told apart.
    """
    found = np.full(len(columns), math.nan)
    if len(outcome) < FEWEST:
        return found
    varies = np.array([np.ptp(column) > 0.0 for column in columns])
    design = np.column_stack([np.ones(len(outcome)), *np.array(columns)[varies]])
    root = np.sqrt(np.ones(len(outcome)) if weights is None else weights)[:, None]
    fitted, _, rank, _ = np.linalg.lstsq(design * root, outcome * root[:, 0], rcond=1e-10)
    if rank == design.shape[1]:
        found[varies] = fitted[1:]
    return found


def standardized(values: np.ndarray) -> np.ndarray:
    """Return values in standard deviations from their mean; zeros where all are the same."""
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0.0 else np.zeros(len(values))


def stopping(simulation: Simulation, months: Months) -> dict[str, float]:
    """Return how the chance of stopping goes with the activity of contacts, and of all."""
    active = months.is_active
    last = len(active) - MONTHS_SILENT
    stopped, of_contacts, of_all, own = [], [], [], []
    for month in range(last):
        here = active[month]
        later = np.any(active[month + 1 : month + 1 + MONTHS_SILENT], axis=0)
        stopped.append(~np.asarray(later)[here])
        of_contacts.append(_share_of_contacts(simulation, here)[here])
        of_all.append(np.full(here.sum(), here.mean()))
        own.append(np.log(np.maximum(months.times_active[month][here], 1)))
    found = np.full(3, math.nan)
    if last > 0:
        columns = [standardized(np.concatenate(parts)) for parts in (of_contacts, of_all, own)]
        found = coefficients(np.concatenate(stopped).astype(float), columns)
    return {"stopping_by_contacts": float(found[0]), "stopping_by_all": float(found[1])}


def _share_of_contacts(simulation: Simulation, chosen: np.ndarray) -> np.ndarray:
    """Return the share of everyone's contacts who are among the chosen; 0 without contacts."""
    world = simulation.world
    n_contacts = np.diff(world.offsets)
    owner = np.repeat(np.arange(len(n_contacts)), n_contacts)
    n_chosen = np.bincount(owner, chosen[world.neighbors].astype(float), minlength=len(n_contacts))
    share: np.ndarray = n_chosen / np.maximum(n_contacts, 1)
    return share


def replies(simulation: Simulation, months: Months) -> dict[str, float]:
    """Return how replies to a post go with the level and the activity of its author."""
    n = len(simulation.table["age"])
    kept = simulation.replies()
    in_words = kept[kept["kind"] != REACTION]
    of_month = in_words["day"] // DAYS_PER_MONTH
    n_months = len(months.posts)
    third = n_months // 3

    def of_months(first: int, end: int) -> np.ndarray:
        chosen = (of_month >= first) & (of_month < end)
        received = np.bincount(in_words["author"][chosen], minlength=n)
        return _by_level(simulation.table["level"], months.posts[first:end].sum(axis=0), received)

    whole = of_months(0, n_months)
    return {
        "replies_by_level": float(whole[0]),
        "replies_by_level_sd": float(whole[1]),
        "replies_by_activity": float(whole[2]),
        "replies_by_level_first": float(of_months(0, third)[0]),
        "replies_by_level_last": float(of_months(n_months - third, n_months)[0]),
    }


def _by_level(level: np.ndarray, posts: np.ndarray, received: np.ndarray) -> np.ndarray:
    """Return the effects of a level, of a standard deviation of it, and of one of the author's posts."""
    wrote = posts > 0
    if received.sum() == 0:
        return np.full(3, math.nan)
    weights = posts[wrote].astype(float)
    a_post = received[wrote] / weights / (received[wrote].sum() / weights.sum())
    levels, activity = level[wrote].astype(float), np.log(weights)
    spread = [_weighted_deviation(values, weights) for values in (levels, activity)]
    of_level, of_activity = coefficients(a_post, [levels, activity], weights)
    return np.array([of_level, of_level * spread[0], of_activity * spread[1]])


def _weighted_deviation(values: np.ndarray, weights: np.ndarray) -> float:
    mean = np.average(values, weights=weights)
    return math.sqrt(np.average((values - mean) ** 2, weights=weights))


def use(simulation: Simulation, months: Months) -> dict[str, float]:
    """Return how use a month later goes with that of the own reports, of peers and of the manager."""
    read = months.days_read / DAYS_PER_MONTH
    manager = np.asarray(simulation.table["manager"])
    n, has_manager = len(manager), manager >= 0
    above = np.where(has_manager, manager, n)  # one place more, for nobody
    n_reports = np.bincount(above, minlength=n + 1)
    has_reports, has_peers = n_reports[:n] > 0, has_manager & (n_reports[above] > 1)
    changes, columns = [], []
    for month in range(len(read) - 1):
        here, own = months.has_used[month] & has_manager, read[month]
        of_reports = np.bincount(above, own, minlength=n + 1)
        reports = np.where(has_reports, of_reports[:n] / np.maximum(n_reports[:n], 1), 0.0)
        peers = np.where(has_peers, (of_reports[above] - own) / np.maximum(n_reports[above] - 1, 1), 0.0)
        superior = own[np.maximum(manager, 0)]
        changes.append((read[month + 1] - own)[here])
        terms = (reports, peers, superior, own, has_reports.astype(float), has_peers.astype(float))
        columns.append(np.array([term[here] for term in terms]))
    found = np.full(3, math.nan)
    if changes:
        found = coefficients(np.concatenate(changes), list(np.concatenate(columns, axis=1)))
    names = ("use_by_subordinates", "use_by_peers", "use_by_superior")
    return dict(zip(names, map(float, found[:3]), strict=True))


# What the scorecard looks at beyond the outcomes of every run: measures that only some claims need.
#
# A run is the run of any other study; these are read off its table of employees before the first and after the last
# day. Measuring changes nothing and draws nothing.

EARLY_WEEKS = 13
SMALLEST_TEAM = 3

# Not among the keys of a scenario: the profile whose experience by age the staff is given.
SECTION = "scorecard"
EXPERIENCE_KEY = "experience_of"
# Whether the months of each person are looked at, and who replied to whom.
HISTORIES_KEY = "histories"
# Whether it is one organization of many, which differ in all that organizations choose and are.
PORTFOLIO_KEY = "portfolio"

MEASURES: dict[str, str] = {**_TOLD["measures"], **HISTORY_MEASURES}


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
        name: str(reason("not_measured")) for name, value in measures.items() if math.isnan(value)
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
