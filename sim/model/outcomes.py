"""What is measured, once a week. Reads the state, never writes it, and draws no random numbers.

The definitions are in ``sim.catalog.outcomes``; here each is computed from the arrays. Undefined values are NaN,
never 0.
"""

from __future__ import annotations

import math
from collections import namedtuple
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.catalog.outcomes import NO_WEEK, OUTCOME_NAMES, OUTCOMES, Outcome
from sim.kernel.compiled import compiled, unit
from sim.kernel.tables import ColumnTable, Totals, by_columns, everybody_as_one, plain_as, row_of, total
from sim.model.rules.numbers import gain
from sim.model.state import (
    ANSWERED_QUESTIONS,
    ANSWERS,
    CROSS_AUTHORS,
    CROSS_ITEMS,
    DAYS_PER_MONTH,
    DAYS_PER_WEEK,
    DAYS_REMEMBERED,
    DAYS_TO_ANSWER,
    ITEMS,
    NEVER,
    POSTED_QUESTION,
    POSTED_SOCIAL,
    POSTED_WORK,
    REACTIONS,
    REPLIED_POSTS,
    REPLIES,
    People,
    World,
)
from sim.model.steps.inputs import knowledge_of

if TYPE_CHECKING:
    from sim.views import Person

WEEKS_PER_MONTH = DAYS_PER_MONTH / DAYS_PER_WEEK
YOUNG = 25.0  # years; the two age groups of Treem et al. 2015
NEWCOMER = 1.0  # years of tenure
TOP_SHARE = 0.05
FINAL_WEEKS = 4
QUARTER = 13  # weeks
DAILY = 8  # days of reading among the last DAYS_REMEMBERED, from which someone reads daily

__all__ = ["OUTCOMES", "OUTCOME_NAMES", "Outcome", "Yardsticks", "measure_week", "summarize", "yardsticks"]


# Outcomes that other weeks decide as well, by their places.
WEEKLY_POSTERS, CRITICAL_MASS, PEAK_WEEK, ALIVE, REPLY_RATE, ANSWER_RATE, MONTHLY_READERS, STATIONARITY, AUTHORS = (
    OUTCOME_NAMES.index(name)
    for name in (
        "weekly_posters", "weeks_to_critical_mass", "peak_week", "alive", "reply_rate", "answer_rate",
        "monthly_readers", "stationarity", "cross_department_authors",
    )
)  # fmt: skip

# Made from the table of outcomes, so that none can be left out.
WeekOutcomes: Any = namedtuple("WeekOutcomes", OUTCOME_NAMES)  # type: ignore[misc]


class Yardsticks(NamedTuple):
    """What the weekly measures compare with, fixed from the start of a run."""

    experience_rank: np.ndarray  # float64 (N,), rank of leisure experience, ties averaged, mean 0, length 1
    intention_rank: np.ndarray  # float64 (N,), the same for stated willingness
    intention_gap: float
    critical_share: float
    weeks_to_settle: int  # weeks after which the posts of a week can get no more replies


def _standard_ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks with ties averaged, centered and of Euclidean length 1; zeros if all values are equal."""
    ranks = np.empty(len(values))
    fill_centered_ranks(values, np.argsort(values), ranks)
    length = math.sqrt(float(np.sum(ranks * ranks)))
    return ranks / length if length > 0.0 else np.zeros(len(values))


@compiled
def fill_centered_ranks(values: np.ndarray, order: np.ndarray, ranks: np.ndarray) -> None:
    """Fill the ranks of `values`, of which `order` has the places from the smallest on; equal values share a rank."""
    n = len(values)
    first = 0
    while first < n:
        end = first + 1
        while end < n and values[order[end]] == values[order[first]]:
            end += 1
        for place in range(first, end):
            ranks[order[place]] = end - (end - first - 1) / 2.0 - (n + 1) / 2.0
        first = end


def yardsticks(table: ColumnTable, critical_share: float, item_lifetime: int) -> Yardsticks:
    """Return the yardsticks of a run; call after the announcement, when willingness is known."""
    # Willingness is rounded: its last bits depend on the C library, and must not show or make or break a tie.
    intention, is_young = table["intention"], table["age"] < YOUNG
    gap = math.nan
    if is_young.any() and not is_young.all():
        gap = round(float(intention[~is_young].mean() - intention[is_young].mean()), 12)
    return Yardsticks(
        experience_rank=_standard_ranks(table["leisure_experience"]),
        intention_rank=_standard_ranks(np.round(intention, 9)),
        intention_gap=gap,
        critical_share=critical_share,
        weeks_to_settle=-(-item_lifetime // DAYS_PER_WEEK),
    )


# Places in the array of sums that one pass over the employees fills.
(
    N_REACH, N_ADOPTED, N_WEEK_READ, N_MONTH_READ, N_WEEK_POST, N_MONTH_POST, N_WEEK_ACTIVE, N_MONTH_ACTIVE,
    N_YOUNG, N_YOUNG_POST, N_OLD, N_OLD_POST, N_KNOWN, N_PERSISTENT,
    SUM_KNOWLEDGE, SUM_COHESION, N_NEWCOMERS, SUM_NEWCOMERS, N_REMOTE, SUM_REMOTE,
    N_REGISTERED, N_DAILY, N_YOUNG_READ, N_OLD_READ,
) = range(24)  # fmt: skip
N_SUMS = 24
N_GROUPS = 6  # staff, team leads, middle managers and executives: of each those under 25, then the others


@compiled
def days_read_lately(bits: int, days_passed: int) -> int:
    """Return on how many of the last 10 working days someone read, `days_passed` days after the last such day."""
    lately = (bits << min(days_passed, DAYS_REMEMBERED)) & ((1 << DAYS_REMEMBERED) - 1)
    n_days = 0
    for k in range(DAYS_REMEMBERED):
        n_days += (lately >> k) & 1
    return n_days


@compiled
def count_up(world: World, day: int, sums: np.ndarray) -> None:
    """Fill the counts among the sums after `day`: how many do what.

    Apart from `sum_up`, since whole numbers can be added for several employees at a time.
    """
    people, week_ago, month_ago = world.people, day - DAYS_PER_WEEK, day - DAYS_PER_MONTH
    n_reach, n_week_read, n_month_read, n_week_post, n_month_post = 0, 0, 0, 0, 0
    n_week_active, n_month_active, n_adopted, n_persistent, n_known = 0, 0, 0, 0, 0
    n_registered, n_daily = 0, 0
    for i in range(people.n_rows):
        person = row_of(people, i)
        has_posted = int(person.last_post > NEVER)
        active_month = int(person.last_active > month_ago)
        n_reach += int(person.last_read > NEVER)
        n_week_read += int(person.last_read > week_ago)
        n_month_read += int(person.last_read > month_ago)
        n_week_post += int(person.last_post > week_ago)
        n_month_post += int(person.last_post > month_ago)
        n_week_active += int(person.last_active > week_ago)
        n_month_active += active_month
        n_adopted += has_posted
        n_registered += int(person.days_read >= 2) | has_posted | int(person.n_replies > 0)
        n_daily += int(days_read_lately(person.read_lately, day - person.last_read) >= DAILY)
        n_persistent += has_posted * active_month
        n_known += (person.knows & 1) + ((person.knows >> 1) & 1) + ((person.knows >> 2) & 1)
    sums[N_REACH], sums[N_ADOPTED], sums[N_PERSISTENT], sums[N_KNOWN] = n_reach, n_adopted, n_persistent, n_known
    sums[N_WEEK_READ], sums[N_MONTH_READ] = n_week_read, n_month_read
    sums[N_REGISTERED], sums[N_DAILY] = n_registered, n_daily
    sums[N_WEEK_POST], sums[N_MONTH_POST] = n_week_post, n_month_post
    sums[N_WEEK_ACTIVE], sums[N_MONTH_ACTIVE] = n_week_active, n_month_active


@compiled
def sum_up(world: World, day: int, sums: np.ndarray, groups: np.ndarray) -> None:
    """Fill the other sums after `day`, added employee by employee.

    Parameters
    ----------
    world : World
        The state.
    day : int
        The day that has just ended.
    sums : ndarray
        float64 (N_SUMS,), zeros.
    groups : ndarray
        float64 (N_GROUPS, 4), zeros: members and summed frame shares.
    """
    people, half, month_ago = world.people, world.c.value_half, day - DAYS_PER_MONTH
    # Summed up in local numbers: sums kept in an array would cost a write to memory each.
    n_young, n_young_post, n_old, n_old_post, n_newcomers, n_remote = 0, 0, 0, 0, 0, 0
    n_young_read, n_old_read = 0, 0
    known_worth, cohesion, cohesion_newcomers, cohesion_remote = 0.0, 0.0, 0.0, 0.0
    for i in range(people.n_rows):
        person = row_of(people, i)
        known_worth += gain(knowledge_of(world.knowledge, world.interests, i), half)
        cohesion += person.cohesion
        is_new, is_remote = int(person.tenure < NEWCOMER), int(person.remote_share > 0.0)
        n_newcomers += is_new
        cohesion_newcomers += is_new * person.cohesion
        n_remote += is_remote
        cohesion_remote += is_remote * person.cohesion
        has_posted, is_old = int(person.last_post > month_ago), int(person.age >= YOUNG)
        n_old += is_old
        n_old_post += is_old * has_posted
        n_young += 1 - is_old
        n_young_post += (1 - is_old) * has_posted
        has_read = int(person.last_read > month_ago)
        n_old_read += is_old * has_read
        n_young_read += (1 - is_old) * has_read
        total = person.frame_social + person.frame_collaboration + person.frame_broadcast
        add_to_group(groups, 2 * min(person.level, 2) + is_old, person, 1.0 / total)
    sums[N_YOUNG], sums[N_YOUNG_POST], sums[N_OLD], sums[N_OLD_POST] = n_young, n_young_post, n_old, n_old_post
    sums[N_YOUNG_READ], sums[N_OLD_READ] = n_young_read, n_old_read
    sums[SUM_KNOWLEDGE], sums[SUM_COHESION] = known_worth, cohesion
    sums[N_NEWCOMERS], sums[SUM_NEWCOMERS] = n_newcomers, cohesion_newcomers
    sums[N_REMOTE], sums[SUM_REMOTE] = n_remote, cohesion_remote


@compiled
def count_contents(people: People, contents: np.ndarray, posts: np.ndarray, days: np.ndarray) -> None:
    """Fill, int64 (N,), posts and days of reading so far, and as contents posts and replies of members, else -1."""
    for i in range(people.n_rows):
        person = row_of(people, i)
        posts[i] = person.n_work_posts + person.n_questions + person.n_social_posts
        contents[i] = (posts[i] + person.n_replies + 1) * int(person.last_read > NEVER) - 1
        days[i] = person.days_read


@compiled
def add_to_group(groups: np.ndarray, group: int, person: Person, per_count: float) -> None:
    """Add a person and the shares of their frame to the sums of a group; `per_count` is 1 over all counts."""
    groups[group, 0] += 1.0
    groups[group, 1] += person.frame_social * per_count
    groups[group, 2] += person.frame_collaboration * per_count
    groups[group, 3] += person.frame_broadcast * per_count


def _add_to_groups(groups: np.ndarray, group: np.ndarray, everybody: Any, per_count: np.ndarray) -> None:
    """Do what `add_to_group` does for everybody, in order."""
    shares = (everybody.frame_social, everybody.frame_collaboration, everybody.frame_broadcast)
    group = group.astype(np.intp)  # which has 32 bits in a browser
    groups[:, 0] += np.bincount(group, minlength=N_GROUPS)
    for place, share in enumerate(shares, start=1):
        groups[:, place] += np.bincount(group, share * per_count, N_GROUPS)


def _measured_in_columns(
    world: World, day: int, sums: np.ndarray, groups: np.ndarray, contents: np.ndarray, posts: np.ndarray,
    days: np.ndarray,
) -> None:  # fmt: skip
    """Do what `measured` does."""
    everybody = everybody_as_one(world.people)
    whole = world._replace(people=everybody, interests=world.interests.T[np.newaxis])
    COUNT_UP(whole, day, Totals(sums))  # type: ignore[arg-type]
    SUM_UP(whole, day, Totals(sums), groups)  # type: ignore[arg-type]
    COUNT_CONTENTS(everybody, contents[np.newaxis], posts[np.newaxis], days[np.newaxis])


COUNT_UP, COUNT_CONTENTS = by_columns(count_up), by_columns(count_contents)
SUM_UP = by_columns(sum_up, add_to_group=_add_to_groups)


@plain_as(_measured_in_columns)
@compiled
def measured(
    world: World, day: int, sums: np.ndarray, groups: np.ndarray, contents: np.ndarray, posts: np.ndarray,
    days: np.ndarray,
) -> None:  # fmt: skip
    """Go through everybody after `day`: see `count_up`, `sum_up` and `count_contents`."""
    count_up(world, day, sums)
    sum_up(world, day, sums, groups)
    count_contents(world.people, contents, posts, days)


@compiled
def ratio(part: float, whole: float) -> float:
    """Return `part` of `whole`, NaN of nothing."""
    return part / whole if whole > 0.0 else math.nan


def _histogram(amounts: np.ndarray) -> np.ndarray:
    return np.bincount(amounts[amounts >= 0].astype(np.intp), minlength=1)


@plain_as(_histogram)
@compiled
def histogram(amounts: np.ndarray) -> np.ndarray:
    """Return how many of `amounts` (int64, those below 0 left out) are 0, 1, 2 ..."""
    most = 0
    for i in range(len(amounts)):
        most = max(most, amounts[i])
    # Counted in four places by turns: most amounts are the same, and a count must be written before it is read again.
    counts = np.zeros((4, most + 1), dtype=np.int64)
    for i in range(len(amounts)):
        if amounts[i] >= 0:
            counts[i % 4, amounts[i]] += 1
    return counts[0] + counts[1] + counts[2] + counts[3]


@compiled
def top_share(counts: np.ndarray, share: float) -> float:
    """Return the part of all content by the top `share` of members; a fraction of a member counts in part."""
    members, total = 0, 0
    for amount in range(len(counts)):
        members += counts[amount]
        total += amount * counts[amount]
    if total == 0:
        return math.nan
    left = share * members
    taken = 0.0
    for step in range(len(counts)):
        amount = len(counts) - 1 - step
        n = min(left, float(counts[amount]))
        taken += n * amount
        left -= n
    return taken / total


@compiled
def more_than_once(counts: np.ndarray) -> float:
    """Return the share of members with an amount of two or more, NaN without members."""
    return ratio(float(counts[2:].sum()), float(counts.sum()))


@compiled
def gini_of(counts: np.ndarray) -> float:
    """Return the Gini coefficient of content over members."""
    members, total, weighted = 0.0, 0.0, 0.0
    for amount in range(len(counts)):
        n = float(counts[amount])
        # Members of this amount hold the ranks members + 1 ... members + n; their mean rank stands for each.
        weighted += n * (members + (n + 1.0) / 2.0) * amount
        members += n
        total += n * amount
    if total == 0.0:
        return math.nan
    return 2.0 * weighted / (members * total) - (members + 1.0) / members


def _rank_sums(rank_of: np.ndarray, amounts: np.ndarray, other_rank: np.ndarray) -> tuple[float, float]:
    return total(rank_of[amounts] * other_rank), total(other_rank * other_rank)


@plain_as(_rank_sums)
@compiled
def rank_sums(rank_of: np.ndarray, amounts: np.ndarray, other_rank: np.ndarray) -> tuple[float, float]:
    """Return the sum of the products of the ranks of `amounts` with the other ranks, and of the squares of these."""
    product, other_squares = 0.0, 0.0
    for i in range(len(other_rank)):
        product += rank_of[amounts[i]] * other_rank[i]
        other_squares += other_rank[i] * other_rank[i]
    return product, other_squares


@compiled
def rank_correlation(amounts: np.ndarray, counts: np.ndarray, other_rank: np.ndarray) -> float:
    """Return Spearman's correlation of `amounts` (histogram `counts`) with a quantity given as standard ranks."""
    n = len(other_rank)
    rank_of = np.zeros(len(counts))
    below, squares = 0.0, 0.0
    for amount in range(len(counts)):
        count = float(counts[amount])
        rank_of[amount] = below + (count + 1.0) / 2.0 - (n + 1.0) / 2.0
        squares += count * rank_of[amount] * rank_of[amount]
        below += count
    product, other_squares = rank_sums(rank_of, amounts, other_rank)
    if squares <= 0.0 or other_squares <= 0.0:
        return math.nan
    return product / math.sqrt(squares * other_squares)


@compiled
def congruence(groups: np.ndarray) -> float:
    """Return 1 minus the mean total variation between the mean frames of levels and of age groups with members."""
    levels, ages = np.zeros((3, 4)), np.zeros((2, 4))
    for group in range(N_GROUPS):
        for place in range(4):
            levels[group // 2, place] += groups[group, place]
            ages[group % 2, place] += groups[group, place]
    distance, n_pairs = 0.0, 0
    for sums in (levels, ages):
        for one in range(len(sums)):
            for other in range(one + 1, len(sums)):
                if sums[one, 0] > 0.0 and sums[other, 0] > 0.0:
                    distance += total_variation(sums[one], sums[other])
                    n_pairs += 1
    return 1.0 - distance / n_pairs if n_pairs > 0 else math.nan


@compiled
def total_variation(one: np.ndarray, other: np.ndarray) -> float:
    """Return the distance [0-1] between the mean frames of two groups, given as members and summed shares."""
    distance = 0.0
    for meaning in range(1, 4):
        distance += abs(one[meaning] / one[0] - other[meaning] / other[0])
    return 0.5 * distance


@unit(makes_arrays=True)
def measure_week(world: World, fixed: Yardsticks, week: int, series: np.ndarray) -> None:
    """Write the outcomes of `week`, whose last day has just ended, into `series`.

    Parameters
    ----------
    world : World
        The state; it is only read.
    fixed : Yardsticks
        Of this run.
    week : int
        Counted from 0.
    series : ndarray
        float64 (outcomes, weeks), in the order of `OUTCOME_NAMES`; weeks before this one are filled.
    """
    outcomes = outcomes_of_week(world, fixed, week)
    for place in range(len(outcomes)):
        series[place, week] = outcomes[place]
    measure_course(series, week, fixed.critical_share)
    measure_month(world, week, series)
    settled = week - fixed.weeks_to_settle
    if settled >= 0:
        settle_cohort(world.tally[settled], settled, series)


@compiled
def outcomes_of_week(world: World, fixed: Yardsticks, week: int) -> WeekOutcomes:
    """Return the outcomes of `week`, whose last day has just ended; NaN for those that other weeks decide as well."""
    people, tally, day = world.people, world.tally[week], (week + 1) * DAYS_PER_WEEK - 1
    n = float(people.n_rows)
    s, groups = np.zeros(N_SUMS), np.zeros((N_GROUPS, 4))
    contents, posts = np.empty(people.n_rows, dtype=np.int64), np.empty(people.n_rows, dtype=np.int64)
    days = np.empty(people.n_rows, dtype=np.int64)
    measured(world, day, s, groups, contents, posts, days)
    content_counts, post_counts, day_counts = histogram(contents), histogram(posts), histogram(days)
    n_posts = tally[POSTED_WORK] + tally[POSTED_QUESTION] + tally[POSTED_SOCIAL]
    everyone = groups[0] + groups[1] + groups[2] + groups[3] + groups[4] + groups[5]
    return WeekOutcomes(  # type: ignore[call-arg]
        reach=s[N_REACH] / n,
        adoption=s[N_ADOPTED] / n,
        registered=s[N_REGISTERED] / n,
        daily_readers=s[N_DAILY] / n,
        weekly_readers=s[N_WEEK_READ] / n,
        monthly_readers=s[N_MONTH_READ] / n,
        weekly_posters=s[N_WEEK_POST] / n,
        monthly_posters=s[N_MONTH_POST] / n,
        weekly_active=s[N_WEEK_ACTIVE] / n,
        monthly_active=s[N_MONTH_ACTIVE] / n,
        posts_per_employee_month=n_posts / n * WEEKS_PER_MONTH,
        interactions_per_employee_month=(n_posts + tally[REPLIES] + tally[REACTIONS]) / n * WEEKS_PER_MONTH,
        work_share=ratio(tally[POSTED_WORK] + tally[POSTED_QUESTION], n_posts),
        reply_rate=math.nan,
        answer_rate=math.nan,
        days_to_answer=ratio(tally[DAYS_TO_ANSWER], tally[ANSWERS]),
        top5_share=top_share(content_counts, TOP_SHARE),
        repeat_writers=more_than_once(content_counts),
        gini=gini_of(content_counts),
        age_gap=ratio(s[N_OLD_POST], s[N_OLD]) - ratio(s[N_YOUNG_POST], s[N_YOUNG]),
        age_gap_readers=ratio(s[N_OLD_READ], s[N_OLD]) - ratio(s[N_YOUNG_READ], s[N_YOUNG]),
        experience_gradient=rank_correlation(posts, post_counts, fixed.experience_rank),
        reading_gradient=rank_correlation(days, day_counts, fixed.experience_rank),
        intention_gap=fixed.intention_gap,
        intention_use_correlation=rank_correlation(posts, post_counts, fixed.intention_rank),
        frame_social=everyone[1] / n,
        frame_collaboration=everyone[2] / n,
        frame_broadcast=everyone[3] / n,
        frame_congruence=congruence(groups),
        cross_department_share=ratio(tally[CROSS_ITEMS], tally[ITEMS]),
        cross_department_authors=math.nan,
        knowledge=s[SUM_KNOWLEDGE] / n,
        metaknowledge=s[N_KNOWN] / (3.0 * n),
        cohesion=s[SUM_COHESION] / n,
        cohesion_newcomers=ratio(s[SUM_NEWCOMERS], s[N_NEWCOMERS]),
        cohesion_remote=ratio(s[SUM_REMOTE], s[N_REMOTE]),
        weeks_to_critical_mass=math.nan,
        peak_week=math.nan,
        stationarity=math.nan,
        persistence=ratio(s[N_PERSISTENT], s[N_ADOPTED]),
        alive=math.nan,
    )


@compiled
def measure_course(series: np.ndarray, week: int, critical_share: float) -> None:
    """Write what depends on the weeks so far: critical mass, peak, change in a quarter, being alive."""
    posters = series[WEEKLY_POSTERS, : week + 1]
    reached = series[CRITICAL_MASS, week - 1] if week > 0 else math.nan
    if math.isnan(reached) and posters[week] >= critical_share and posters[week] > 0.0:
        reached = week + 1.0
    series[CRITICAL_MASS, week] = reached
    peak = 0
    for earlier in range(week + 1):
        if posters[earlier] > posters[peak]:
            peak = earlier
    series[PEAK_WEEK, week] = peak + 1.0 if posters[peak] > 0.0 else math.nan
    if week >= QUARTER:
        readers = series[MONTHLY_READERS]
        series[STATIONARITY, week] = readers[week] - readers[week - QUARTER]
    lowest = posters[week]
    for earlier in range(max(0, week + 1 - FINAL_WEEKS), week):
        lowest = min(lowest, posters[earlier])
    series[ALIVE, week] = 1.0 if lowest >= critical_share and lowest > 0.0 else 0.0


@compiled
def measure_month(world: World, week: int, series: np.ndarray) -> None:
    """Write how many authors of other departments a reader read in the last whole month; between months it stays."""
    n_weeks = DAYS_PER_MONTH // DAYS_PER_WEEK
    if week % n_weeks < n_weeks - 1:
        series[AUTHORS, week] = series[AUTHORS, week - 1] if week > 0 else math.nan
        return
    people, panel = world.people, world.panel
    spacing = (people.n_rows + len(panel) - 1) // len(panel)
    month_ago = (week + 1) * DAYS_PER_WEEK - 1 - DAYS_PER_MONTH
    n_readers, n_authors = 0, 0.0
    for i in range(0, people.n_rows, spacing):
        n_readers += int(row_of(people, i).last_read > month_ago)
    for earlier in range(week + 1 - n_weeks, week + 1):
        n_authors += world.tally[earlier, CROSS_AUTHORS]
    series[AUTHORS, week] = ratio(n_authors, float(n_readers))


@compiled
def settle_cohort(tally: np.ndarray, week: int, series: np.ndarray) -> None:
    """Write reply and answer rates of a week whose posts can get no more replies.

    Weeks whose posts are still being read stay NaN: a rate that can still rise is not yet known.
    """
    n_posts = tally[POSTED_WORK] + tally[POSTED_QUESTION] + tally[POSTED_SOCIAL]
    series[REPLY_RATE, week] = ratio(tally[REPLIED_POSTS], n_posts)
    series[ANSWER_RATE, week] = ratio(tally[ANSWERED_QUESTIONS], tally[POSTED_QUESTION])


def empty_series(n_weeks: int) -> np.ndarray:
    """Return a series of `n_weeks` NaN for every outcome, float64 (outcomes, weeks)."""
    return np.full((len(OUTCOME_NAMES), n_weeks), math.nan)


def by_name(series: np.ndarray) -> dict[str, np.ndarray]:
    """Return the series of each outcome under its name, live."""
    return dict(zip(OUTCOME_NAMES, series, strict=True))


def summarize(
    series: dict[str, np.ndarray], n_weeks: int, weeks_to_settle: int
) -> tuple[dict[str, float], dict[str, str]]:
    """Return the outcomes of a run after `n_weeks` weeks, and for each missing one the reason.

    Rates are the mean of the last 4 weeks, weeks without a value left out; reply and answer rates that of the last 4
    weeks whose posts can get no more replies (`weeks_to_settle` weeks have passed since); cumulative outcomes those of
    the last week.
    """
    outcomes: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for outcome in OUTCOMES:
        is_settled_later = outcome.name in ("reply_rate", "answer_rate")
        values = series[outcome.name][: max(0, n_weeks - weeks_to_settle) if is_settled_later else n_weeks]
        if outcome.over_run == "last":
            value = float(values[-1]) if len(values) else math.nan
        else:
            value = _mean_of_last(values)
        outcomes[outcome.name] = value
        if math.isnan(value):
            reasons[outcome.name] = outcome.when_undefined or NO_WEEK
    return outcomes, reasons


def _mean_of_last(values: np.ndarray) -> float:
    final = values[-FINAL_WEEKS:]
    final = final[~np.isnan(final)]
    return float(final.mean()) if len(final) else math.nan
