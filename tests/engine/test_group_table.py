"""Who reads and posts, group by group, equals a count by hand."""

from __future__ import annotations

import numpy as np
import pytest
from engine_runs import make_values

from sim.model.simulation import Simulation

GROUPS = {
    "age_band": {
        "under 25": lambda t: t["age"] < 25,
        "25-34": lambda t: (t["age"] >= 25) & (t["age"] < 35),
        "35-44": lambda t: (t["age"] >= 35) & (t["age"] < 45),
        "45-54": lambda t: (t["age"] >= 45) & (t["age"] < 55),
        "55 and over": lambda t: t["age"] >= 55,
    },
    "level": {
        "staff": lambda t: t["level"] == 0,
        "team lead": lambda t: t["level"] == 1,
        "middle manager": lambda t: t["level"] == 2,
        "executive": lambda t: t["level"] == 3,
    },
    "department": {f"department {d}": (lambda t, d=d: t["department"] == d) for d in range(4)},
    "remote": {
        "never remote": lambda t: t["remote_share"] == 0,
        "sometimes or mostly remote": lambda t: t["remote_share"] > 0,
    },
    "tenure": {
        "under 1 year": lambda t: t["tenure"] < 1,
        "1-4 years": lambda t: (t["tenure"] >= 1) & (t["tenure"] < 5),
        "5-9 years": lambda t: (t["tenure"] >= 5) & (t["tenure"] < 10),
        "10 years and over": lambda t: t["tenure"] >= 10,
    },
}


@pytest.mark.parametrize("weeks", [3, 4, 9])
def test_groups(weeks: int) -> None:
    simulation = Simulation(make_values(150, weeks, organization__departments=4), 3)
    n_last_weeks = min(4, weeks)
    simulation.run(until_week=weeks - n_last_weeks)
    before = sum(simulation.table[name].copy() for name in ("n_work_posts", "n_questions", "n_social_posts"))
    simulation.run()
    table = simulation.table
    last_day = weeks * 5 - 1
    counts = np.array([table[f"frame_{name}"] for name in ("social", "collaboration", "broadcast")])
    shares = counts / counts.sum(axis=0)
    posts = table["n_work_posts"] + table["n_questions"] + table["n_social_posts"] - before
    rows = simulation.groups()
    by_name = {(row["grouping"], row["group"]): row for row in rows}
    assert len(by_name) == len(rows)
    for grouping, labels in GROUPS.items():
        for order, (label, belongs) in enumerate(labels.items()):
            members = belongs(table)
            if not members.any():
                assert (grouping, label) not in by_name
                continue
            row = by_name[grouping, label]
            assert row["order"] == order
            assert row["n_employees"] == members.sum()
            assert row["monthly_posters"] == pytest.approx((table["last_post"][members] > last_day - 20).mean())
            assert row["monthly_readers"] == pytest.approx((table["last_read"][members] > last_day - 20).mean())
            assert row["posts_per_employee_month"] == pytest.approx(posts[members].mean())
            for name, share in zip(("social", "collaboration", "broadcast"), shares, strict=True):
                assert row[f"frame_{name}"] == pytest.approx(share[members].mean())


def test_every_grouping_covers_all_staff_and_the_outcomes_of_the_run() -> None:
    simulation = Simulation(make_values(150, 6), 3)
    simulation.run()
    rows = simulation.groups()
    groupings = {row["grouping"] for row in rows}
    assert groupings == {*GROUPS, "leisure_experience"}
    for grouping in groupings:
        mine = [row for row in rows if row["grouping"] == grouping]
        assert sum(row["n_employees"] for row in mine) == 150
        posters = sum(row["n_employees"] * row["monthly_posters"] for row in mine) / 150
        assert posters == pytest.approx(simulation.series["monthly_posters"][-1])
