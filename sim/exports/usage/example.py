"""Usage exports to try it all with: the first weeks of nobody's platform, as three systems would tell of them."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

LAUNCH = datetime.date(2025, 2, 3)  # a Monday
DIALECTS = ("graph", "slack", "weeks")
FILE_NAMES = {"graph": ".csv", "slack": ".jsonl", "weeks": ".csv"}


class _Day(NamedTuple):
    """What one person did on one day."""

    week: int
    day: datetime.date
    who: int
    has_read: bool
    n_posts: int
    n_likes: int


def example_usage(n: int, dialect: str, n_weeks: int = 8, seed: int = 1) -> bytes:
    """Return the first weeks of a platform for `n` people, as a system would export them.

    Parameters
    ----------
    n : int
        People.
    dialect : str
        ``graph`` (Microsoft's report on Viva Engage, one of 7 days after another), ``slack`` (member analytics) or
        ``weeks`` (the plain form).
    n_weeks : int
        Weeks since the launch.
    seed : int
        Other people for another number.
    """
    days = list(_days(n, n_weeks, Random(f"usage {seed} {n}")))
    if dialect == "slack":
        return "".join(json.dumps(row) + "\n" for row in _slack(days)).encode()
    text = io.StringIO(newline="")
    rows = _graph(days, n, n_weeks) if dialect == "graph" else _weeks(days, n_weeks)
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _days(n: int, n_weeks: int, luck: Random) -> Iterator[_Day]:
    """Yield days of people who come to know of the platform by and by, come more or less often, and seldom write."""
    people = [(luck.random(), min(0.9, luck.betavariate(0.8, 3.0)), luck.betavariate(0.5, 12.0)) for _ in range(n)]
    for week in range(1, n_weeks + 1):
        known = 0.25 + 0.5 * week / (week + 4)
        for weekday in range(5):
            day = LAUNCH + datetime.timedelta(days=7 * (week - 1) + weekday)
            for who, (hears, comes, writes) in enumerate(people):
                has_read = hears < known and luck.random() < comes
                n_posts = int(has_read and luck.random() < writes)
                n_likes = int(has_read and luck.random() < 0.12) * luck.choice((1, 1, 2))
                if has_read:
                    yield _Day(week, day, who, has_read, n_posts, n_likes)


def _graph(days: list[_Day], n: int, n_weeks: int) -> Iterator[list[str]]:
    yield [
        "Report Refresh Date", "User Principal Name", "Display Name", "User State", "State Change Date",
        "Last Activity Date", "Posted Count", "Read Count", "Liked Count", "Assigned Products", "Report Period",
    ]  # fmt: skip
    last: dict[int, datetime.date] = {}
    for week in range(1, n_weeks + 1):
        end = LAUNCH + datetime.timedelta(days=7 * week - 1)
        done: dict[int, list[int]] = {}
        for day in days:
            if day.week == week:
                counts = done.setdefault(day.who, [0, 0, 0])
                last[day.who] = day.day
                for place, value in enumerate((day.n_posts, 3 * day.has_read, day.n_likes)):
                    counts[place] += value
        for who in range(n):
            counts = done.get(who, [0, 0, 0])
            yield [
                end.isoformat(), f"someone{who}@example.example", f"Someone {who}", "Active", "",
                last[who].isoformat() if who in last else "", *map(str, counts), "OFFICE 365 E3", "7",
            ]  # fmt: skip


def _slack(days: list[_Day]) -> Iterator[dict[str, object]]:
    for day in days:
        yield {
            "date": day.day.isoformat(), "team_id": "T000", "user_id": f"W{day.who:06d}",
            "email_address": f"someone{day.who}@example.example", "is_guest": False, "is_active": day.has_read,
            "messages_posted_count": day.n_posts + 2, "channel_messages_posted_count": day.n_posts,
            "reactions_added_count": day.n_likes, "files_added_count": 0,
        }  # fmt: skip


def _weeks(days: list[_Day], n_weeks: int) -> Iterator[list[str]]:
    yield ["week", "readers", "posters", "active", "posts"]
    for week in range(1, n_weeks + 1):
        here = [day for day in days if day.week == week]
        posters = {day.who for day in here if day.n_posts}
        active = posters | {day.who for day in here if day.n_likes}
        counts = (len({day.who for day in here}), len(posters), len(active), sum(day.n_posts for day in here))
        yield [str(week), *map(str, counts)]
