"""The weekly outcomes computed once more, from the table and from each post, with other means than the engine's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from engine_runs import post_at
from scipy.stats import rankdata, spearmanr

from sim.model.simulation import Simulation
from sim.model.state import N_POSTS, N_READERS

WORK, QUESTION, SOCIAL = 0, 1, 2


class Recount:
    """Follows a simulation day by day and keeps what each week's outcomes are made of.

    Parameters
    ----------
    simulation : Simulation
        Before its first day.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        n, n_days = simulation.n_employees, simulation.n_days
        self.read = np.zeros((n, n_days), dtype=bool)
        self.wrote = np.zeros((n, n_days), dtype=int)  # posts
        self.responded = np.zeros((n, n_days), dtype=int)  # replies and reactions
        self.replied = np.zeros((n, n_days), dtype=int)
        self.posts: dict[int, dict[str, int]] = {}  # by number
        self.items: list[tuple[int, bool]] = []  # day, from another department
        self.met: list[tuple[int, int, int]] = []  # day, reader, author from another department
        self.answers: list[tuple[int, int]] = []  # day, days it took
        self.frames: list[np.ndarray] = []
        self.series: dict[str, list[float]] = {}

    def run(self) -> None:
        """Run to the end, recomputing each week that ends."""
        while self.simulation.day < self.simulation.n_days:
            before = self.simulation.table.copy()
            first = int(self.simulation.world.counts[N_POSTS])
            self.simulation.step()
            self.follow_day(self.simulation.day - 1, before, first)
            if self.simulation.day % 5 == 0:
                for name, value in self.outcomes(self.simulation.day // 5 - 1).items():
                    self.series.setdefault(name, []).append(value)

    def follow_day(self, day: int, before: np.ndarray, first: int) -> None:
        """Note what happened on a day, given the table as it was and the number of the first new post."""
        world, table = self.simulation.world, self.simulation.table
        changed = {name: table[name].astype(int) - before[name] for name in table.dtype.names if name[:2] == "n_"}
        self.wrote[:, day] = changed["n_work_posts"] + changed["n_questions"] + changed["n_social_posts"]
        self.replied[:, day] = changed["n_replies"]
        self.responded[:, day] = changed["n_replies"] + changed["n_reactions"]
        n_readers, budget = int(world.counts[N_READERS]), int(world.c.attention)
        self.read[world.readers[:n_readers], day] = True
        for reader in range(n_readers):
            own = table["department"][world.readers[reader]]
            for code in world.items[reader * budget : reader * budget + int(world.n_found[reader])]:
                author = post_at(self.simulation, int(code) >> 1)["author"]
                self.items.append((day, bool(table["department"][author] != own)))
                if table["department"][author] != own:
                    self.met.append((day, int(world.readers[reader]), int(author)))
        for number, known in self.posts.items():  # as they are after the responses of the day
            if day - known["day"] <= int(world.c.item_lifetime):
                row = post_at(self.simulation, number % len(world.posts))
                if known["answered"] < 0 <= row["answered"]:
                    self.answers.append((day, row["answered"] - known["day"]))
                known.update(n_replies=row["n_replies"], answered=row["answered"])
        for number in range(first, int(world.counts[N_POSTS])):
            self.posts[number] = post_at(self.simulation, number % len(world.posts))

    def outcomes(self, week: int) -> dict[str, float]:
        """Return all outcomes of a week, but for the rates that are settled later."""
        table, world = self.simulation.table, self.simulation.world
        n, end = len(table), week * 5 + 5
        days = slice(end - 5, end)
        month = slice(max(0, end - 20), end)
        kinds = [post["kind"] for post in self.posts.values() if post["day"] // 5 == week]
        active = self.wrote + self.responded
        posted_month, read_month = self.wrote[:, month].any(axis=1), self.read[:, month].any(axis=1)
        young = table["age"] < 25
        n_posts, content = self.wrote.sum(axis=1), self.wrote.sum(axis=1) + self.replied.sum(axis=1)
        members = content[self.read.any(axis=1)]
        has_posted = n_posts > 0
        counts = np.array([table[f"frame_{name}"] for name in ("social", "collaboration", "broadcast")])
        shares = counts / counts.sum(axis=0)
        stock = world.knowledge[world.interests].mean(axis=1)
        items = [other for day, other in self.items if day // 5 == week]
        knows = sum((table["knows"] >> k) & 1 for k in range(3))
        return {
            "reach": float(self.read.any(axis=1).mean()),
            "adoption": float(has_posted.mean()),
            "registered": float(((self.read.sum(axis=1) >= 2) | (content > 0)).mean()),
            "daily_readers": float((self.read[:, max(0, end - 10) : end].sum(axis=1) >= 8).mean()),
            "weekly_readers": float(self.read[:, days].any(axis=1).mean()),
            "monthly_readers": float(self.read[:, month].any(axis=1).mean()),
            "weekly_posters": float(self.wrote[:, days].any(axis=1).mean()),
            "monthly_posters": float(posted_month.mean()),
            "weekly_active": float(active[:, days].any(axis=1).mean()),
            "monthly_active": float(active[:, month].any(axis=1).mean()),
            "posts_per_employee_month": 4.0 * self.wrote[:, days].sum() / n,
            "interactions_per_employee_month": 4.0 * active[:, days].sum() / n,
            "work_share": mean([kind != SOCIAL for kind in kinds]),
            "days_to_answer": mean([took for day, took in self.answers if day // 5 == week]),
            "top5_share": top_share(members),
            "repeat_writers": mean([amount >= 2 for amount in members]),
            "gini": gini(members),
            "age_gap": mean(posted_month[~young]) - mean(posted_month[young]),
            "age_gap_readers": mean(read_month[~young]) - mean(read_month[young]),
            "experience_gradient": rank_correlation(table["leisure_experience"], n_posts),
            "reading_gradient": rank_correlation(table["leisure_experience"], self.read.sum(axis=1)),
            "intention_gap": mean(table["intention"][~young]) - mean(table["intention"][young]),
            "intention_use_correlation": rank_correlation(np.round(table["intention"], 9), n_posts),
            "frame_social": float(shares[0].mean()),
            "frame_collaboration": float(shares[1].mean()),
            "frame_broadcast": float(shares[2].mean()),
            "frame_congruence": congruence(shares, table),
            "cross_department_share": mean(items),
            "cross_department_authors": self.authors_met(end // 20),
            "knowledge": float((stock / (stock + world.c.value_half)).mean()),
            "metaknowledge": float(knows.mean() / 3.0),
            "cohesion": float(table["cohesion"].mean()),
            "cohesion_newcomers": mean(table["cohesion"][table["tenure"] < 1.0]),
            "cohesion_remote": mean(table["cohesion"][table["remote_share"] > 0.0]),
            "stationarity": read_month.mean() - self.readers_of(week - 13) if week >= 13 else math.nan,
            "persistence": mean(active[has_posted][:, month].any(axis=1)),
        }

    def authors_met(self, n_months: int) -> float:
        """Return the authors of other departments that a reader of the last whole month met in it."""
        days = range(20 * n_months - 20, 20 * n_months)
        readers = self.read[:, days.start : days.stop].any(axis=1).sum() if n_months else 0
        return len({(i, j) for day, i, j in self.met if day in days}) / readers if readers else math.nan

    def readers_of(self, week: int) -> float:
        """Return the share of staff who had read within a month at the end of a week."""
        return float(self.read[:, max(0, week * 5 - 15) : week * 5 + 5].any(axis=1).mean())

    def settled(self, week: int) -> tuple[float, float]:
        """Return the reply rate and the answer rate of the posts of a week."""
        posts = [post for post in self.posts.values() if post["day"] // 5 == week]
        return (
            mean([post["n_replies"] > 0 for post in posts]),
            mean([post["answered"] >= 0 for post in posts if post["kind"] == QUESTION]),
        )


def mean(values: Any) -> float:
    """Return the mean, NaN of nothing."""
    return float(np.mean(values)) if len(values) else math.nan


def top_share(content: np.ndarray) -> float:
    """Return the part of all content by the top 5%, a fraction of a person in part."""
    if content.sum() == 0:
        return math.nan
    ordered, left = np.sort(content)[::-1], 0.05 * len(content)
    weights = np.clip(left - np.arange(len(ordered)), 0.0, 1.0)
    return float((ordered * weights).sum() / content.sum())


def gini(content: np.ndarray) -> float:
    """Return half the mean difference between any two members, relative to the mean."""
    if content.sum() == 0:
        return math.nan
    differences = np.abs(content[:, np.newaxis] - content[np.newaxis, :])
    return float(differences.mean() / (2.0 * content.mean()))


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Return Spearman's correlation, NaN without spread."""
    if len(np.unique(rankdata(first))) < 2 or len(np.unique(second)) < 2:
        return math.nan
    return float(spearmanr(first, second).statistic)


def congruence(shares: np.ndarray, table: np.ndarray) -> float:
    """Return 1 minus the mean total variation between groups: pairs of levels, and the two age groups."""
    distances = []
    for group in (np.minimum(table["level"], 2), (table["age"] >= 25).astype(int)):
        means = [shares[:, group == one].mean(axis=1) for one in np.unique(group)]
        distances += [
            0.5 * np.abs(means[a] - means[b]).sum() for a in range(len(means)) for b in range(a + 1, len(means))
        ]
    return 1.0 - mean(distances) if distances else math.nan
