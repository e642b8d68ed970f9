"""What the plain model records each week: the outcomes of ``sim.catalog.outcomes``, by their definitions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from benchmarks.plain_platform import WeekTally
from sim.model.rules.numbers import gain
from sim.model.rules.posting import QUESTION, SOCIAL_POST

if TYPE_CHECKING:
    from benchmarks.plain_employee import PlainEmployee
    from benchmarks.plain_mesa import PlainIntranetModel

RATES = ("reply_rate", "answer_rate")  # known only once the posts of a week are no longer read
WEEK, MONTH = 5, 20  # working days
TOP_SHARE = 0.05


def ratio(part: float, whole: float) -> float:
    """Return `part` over `whole`, NaN without a whole."""
    return part / whole if whole > 0 else math.nan


def mean(values: Sequence[float]) -> float:
    """Return the mean, NaN without values."""
    return ratio(sum(values), len(values))


def ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 1, with the mean rank for ties."""
    order = sorted(range(len(values)), key=values.__getitem__)
    result = [0.0] * len(values)
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and values[order[last + 1]] == values[order[first]]:
            last += 1
        for place in order[first : last + 1]:
            result[place] = (first + last) / 2 + 1
        first = last + 1
    return result


def correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Pearson's correlation, NaN if one of the two is the same for all."""
    mean_first, mean_second = mean(first), mean(second)
    product = sum((a - mean_first) * (b - mean_second) for a, b in zip(first, second, strict=True))
    squares = sum((a - mean_first) ** 2 for a in first) * sum((b - mean_second) ** 2 for b in second)
    return ratio(product, math.sqrt(squares))


def top_share(content: Sequence[int]) -> float:
    """Return the share of all content written by the top 5%; a fraction of a person counts in part."""
    n_top = TOP_SHARE * len(content)
    whole = int(n_top)
    falling = [*sorted(content, reverse=True), 0]
    return ratio(sum(falling[:whole]) + (n_top - whole) * falling[whole], sum(content))


def gini(content: Sequence[int]) -> float:
    """Return the Gini coefficient."""
    n = len(content)
    weighted = sum(rank * amount for rank, amount in enumerate(sorted(content), start=1))
    return ratio(2 * weighted, n * sum(content)) - (n + 1) / n if n else math.nan


class Yardsticks:
    """What the weekly measures compare with, fixed at the announcement."""

    def __init__(self, employees: Sequence[PlainEmployee]) -> None:
        self.experience_ranks = ranks([employee.leisure_experience for employee in employees])
        self.intention_ranks = ranks([round(employee.intention, 9) for employee in employees])
        young, old = by_age(employees)
        self.intention_gap = mean([e.intention for e in old]) - mean([e.intention for e in young])


def by_age(employees: Sequence[PlainEmployee]) -> tuple[list[PlainEmployee], list[PlainEmployee]]:
    """Return those under 25, and those of 25 and over."""
    return [e for e in employees if e.age < 25.0], [e for e in employees if e.age >= 25.0]


def congruence(employees: Sequence[PlainEmployee]) -> float:
    """Return 1 minus the mean distance between the frames of levels, and of age groups."""
    levels = [[e for e in employees if min(e.level, 2) == level] for level in range(3)]
    distances = []
    for grouping in (levels, by_age(employees)):
        frames = [mean_frame(group) for group in grouping if group]
        distances += [
            sum(abs(a - b) for a, b in zip(one, other, strict=True)) / 2 for one, other in combinations(frames, 2)
        ]
    return 1.0 - mean(distances)


def mean_frame(employees: Sequence[PlainEmployee]) -> list[float]:
    """Return the mean share of each meaning."""
    return [mean(shares) for shares in zip(*(employee.frame_shares for employee in employees), strict=True)]


def measure_week(
    model: PlainIntranetModel, fixed: Yardsticks, earlier: Mapping[str, Sequence[float]]
) -> dict[str, float]:
    """Return the outcomes of the week that ends today, except the rates that are not yet known.

    Parameters
    ----------
    model : PlainIntranetModel
    fixed : Yardsticks
    earlier : mapping of str to sequence of float
        The outcomes of the weeks before.
    """
    staff = list(model.agents)
    n, tally = len(staff), model.tally
    week_ago, month_ago = model.day - WEEK, model.day - MONTH
    members = [e for e in staff if e.last_read >= 0]
    adopters = [e for e in staff if e.last_post >= 0]
    content = [sum(e.n_posts.values()) + e.n_replies for e in members]
    n_posts = [sum(e.n_posts.values()) for e in staff]
    post_ranks = ranks(n_posts)
    young, old = by_age(staff)
    frame = mean_frame(staff)
    week_posters = sum(e.last_post > week_ago for e in staff) / n
    month_readers = sum(e.last_read > month_ago for e in staff) / n
    return {
        "reach": len(members) / n,
        "adoption": len(adopters) / n,
        "registered": sum(len(e.days_of_reading) > 1 or e.last_post >= 0 or e.n_replies > 0 for e in staff) / n,
        "daily_readers": sum(sum(day > model.day - 10 for day in e.days_of_reading) >= 8 for e in staff) / n,
        "weekly_readers": sum(e.last_read > week_ago for e in staff) / n,
        "monthly_readers": month_readers,
        "weekly_posters": week_posters,
        "monthly_posters": sum(e.last_post > month_ago for e in staff) / n,
        "weekly_active": sum(e.last_active > week_ago for e in staff) / n,
        "monthly_active": sum(e.last_active > month_ago for e in staff) / n,
        "posts_per_employee_month": tally.n_posts / n * MONTH / WEEK,
        "interactions_per_employee_month": (tally.n_posts + tally.replies + tally.reactions) / n * MONTH / WEEK,
        "work_share": ratio(tally.n_posts - tally.posts[SOCIAL_POST], tally.n_posts),
        "days_to_answer": ratio(tally.days_to_answer, tally.answers),
        "top5_share": top_share(content),
        "repeat_writers": mean([amount > 1 for amount in content]),
        "gini": gini(content),
        "age_gap": mean([e.last_post > month_ago for e in old]) - mean([e.last_post > month_ago for e in young]),
        "age_gap_readers": mean([e.last_read > month_ago for e in old])
        - mean([e.last_read > month_ago for e in young]),
        "experience_gradient": correlation(post_ranks, fixed.experience_ranks),
        "reading_gradient": correlation(ranks([len(e.days_of_reading) for e in staff]), fixed.experience_ranks),
        "intention_gap": fixed.intention_gap,
        "intention_use_correlation": correlation(post_ranks, fixed.intention_ranks),
        "frame_social": frame[0],
        "frame_collaboration": frame[1],
        "frame_broadcast": frame[2],
        "frame_congruence": congruence(staff),
        "cross_department_share": ratio(tally.cross_items, tally.items),
        "cross_department_authors": authors_a_reader(staff, model.day, earlier.get("cross_department_authors", ())),
        "knowledge": mean([worth_of_knowledge(model, e) for e in staff]),
        "metaknowledge": mean([sum(topic in e.knows for topic in e.interests) / 3 for e in staff]),
        "cohesion": mean([e.cohesion for e in staff]),
        "cohesion_newcomers": mean([e.cohesion for e in staff if e.tenure < 1.0]),
        "cohesion_remote": mean([e.cohesion for e in staff if e.remote_share > 0.0]),
        "stationarity": month_readers - earlier["monthly_readers"][-13] if model.week >= 13 else math.nan,
        "persistence": mean([e.last_active > month_ago for e in adopters]),
        **course([*earlier["weekly_posters"], week_posters], model.resolved["run"]["critical_share"]),
    }


def authors_a_reader(staff: Sequence[PlainEmployee], day: int, earlier: Sequence[float]) -> float:
    """Return the different authors of other departments that each reader of the last whole month read in it."""
    if (day + 1) % MONTH > 0:
        return earlier[-1] if earlier else math.nan
    return ratio(sum(len(e.authors_elsewhere) for e in staff), sum(e.last_read > day - MONTH for e in staff))


def worth_of_knowledge(model: PlainIntranetModel, employee: PlainEmployee) -> float:
    """Return what the knowledge on one's topics is worth [0-1]."""
    stocks = [model.communities[topic].knowledge for topic in employee.interests]
    return gain(sum(stocks) / 3, model.c.value_half)


def course(posters: Sequence[float], critical_share: float) -> dict[str, float]:
    """Return what depends on the weeks so far."""
    critical = [week for week, share in enumerate(posters, start=1) if share >= critical_share and share > 0.0]
    lowest = min(posters[-4:])
    return {
        "weeks_to_critical_mass": critical[0] if critical else math.nan,
        "peak_week": posters.index(max(posters)) + 1 if max(posters) > 0.0 else math.nan,
        "alive": float(lowest >= critical_share and lowest > 0.0),
    }


def rates_of(tally: WeekTally) -> dict[str, float]:
    """Return the share of the posts of a week that got a reply, and of its questions that got an answer."""
    return {
        "reply_rate": ratio(tally.replied_posts, tally.n_posts),
        "answer_rate": ratio(tally.answered_questions, tally.posts[QUESTION]),
    }
