"""Made-up results tables with the columns studies write, for looking at and testing figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

LEVELS = {
    "like-facebook": (0.46, 0.055, 0.45),
    "collaboration": (0.62, 0.115, 0.15),
    "unframed": (0.50, 0.080, 0.33),
    "strict-rules": (0.41, 0.040, 0.25),
    "leaders-post": (0.66, 0.125, 0.22),
    "patient-rollout": (0.58, 0.100, 0.28),
}
GROUPS = {
    "age_band": ({"under 25": 90, "25-34": 210, "35-44": 250, "45-54": 270, "55-64": 177, "65 and over": 3}, 0.12),
    "leisure_experience": ({"none": 180, "little": 190, "some": 380, "much": 190, "very much": 60}, -0.18),
}
"""Groups with their numbers of staff, and how posting rises or falls from one to the next."""


def weekly_rows(scenario: str, replication: int, weeks: int, levels: tuple[float, float, float]) -> pd.DataFrame:
    """One run by week: a rise, an overshoot and a plateau, with luck."""
    luck = np.random.default_rng(replication)  # the same luck for every scenario: runs are paired
    own = np.random.default_rng([replication, sum(map(ord, scenario))])
    week = np.arange(1, weeks + 1)
    rise = (1 - np.exp(-week / 5)) * (1 + 0.35 * np.exp(-(((week - 10) / 7) ** 2)))
    readers = levels[0] * (1 + 0.08 * luck.standard_normal()) * rise + 0.008 * own.standard_normal(weeks)
    posters = levels[1] * (1 + 0.22 * luck.standard_normal()) * rise**1.5 + 0.004 * own.standard_normal(weeks)
    social = levels[2] + (0.33 - levels[2]) * np.exp(-week / 4) + 0.03 * luck.standard_normal()
    broadcast = 0.28 + 0.15 * np.exp(-week / 9)
    posters = posters.clip(0, 1)
    return pd.DataFrame(
        {
            "run_id": f"{scenario}-{replication}",
            "scenario": scenario,
            "replication": replication,
            "week": week,
            "monthly_readers": readers.clip(0, 1),
            "monthly_active": (1.9 * posters + 0.02).clip(0, 1),
            "monthly_posters": posters,
            "frame_social": social,
            "frame_collaboration": 1 - social - broadcast,
            "frame_broadcast": broadcast,
        }
    )


def series_table(scenarios: list[str], replications: int = 20, weeks: int = 52) -> pd.DataFrame:
    """All runs by week."""
    levels = list(LEVELS.values())
    parts = [
        weekly_rows(name, replication, weeks, LEVELS.get(name, levels[place % len(levels)]))
        for place, name in enumerate(scenarios)
        for replication in range(replications)
    ]
    return pd.concat(parts, ignore_index=True)


def runs_table(series: pd.DataFrame) -> pd.DataFrame:
    """One row a run: the weekly outcomes at the end, and others that hang together with them."""
    last = series[series["week"] > series["week"].max() - 4]
    runs = last.groupby(["scenario", "run_id", "replication"], sort=False).mean().drop(columns="week").reset_index()
    luck = np.random.default_rng(7).standard_normal((9, len(runs)))
    posters = runs["monthly_posters"].to_numpy()
    return runs.assign(
        adoption=(2.1 * posters + 0.01 * luck[0]).clip(0, 1),
        work_share=(0.9 - 0.8 * (runs["frame_social"] - 0.15) + 0.02 * luck[1]).clip(0, 1),
        reply_rate=0.42 + 0.03 * luck[2],
        answer_rate=(0.5 + 2 * posters + 0.04 * luck[3]).clip(0, 1),
        top5_share=0.55 - posters + 0.03 * luck[4],
        cross_department_share=0.31 + 0.02 * luck[5],
        posts_per_employee_month=3 * posters + 0.02 * luck[6],
        interactions_per_employee_month=9 * posters + 0.06 * luck[7],
        days_to_answer=4.5 - 20 * posters + 0.3 * luck[8],
        weeks_to_critical_mass=np.where(posters > 0.05, np.round(12 - 40 * posters), np.nan),
    )


def groups_table(series: pd.DataFrame) -> pd.DataFrame:
    """One row a run and group: fewer of the young and of the experienced post; the oldest group is tiny."""
    rows = []
    for run in series[series["week"] == series["week"].max()].itertuples():
        luck = np.random.default_rng([int(run.replication), 5])
        for grouping, (sizes, slope) in GROUPS.items():
            for order, (name, size) in enumerate(sizes.items()):
                p_post = float(np.clip(run.monthly_posters * (1 + slope * (order - 2.5)), 0, 1))
                rows.append(
                    {
                        "run_id": run.run_id,
                        "scenario": run.scenario,
                        "replication": run.replication,
                        "grouping": grouping,
                        "group": name,
                        "order": order,
                        "n_employees": size,
                        "monthly_posters": luck.binomial(size, p_post) / size,
                        "monthly_readers": min(1.0, 4 * p_post),
                        "posts_per_employee_month": 3 * p_post,
                        "frame_social": 0.3,
                        "frame_collaboration": 0.4,
                        "frame_broadcast": 0.3,
                    }
                )
    return pd.DataFrame(rows)


def differences_table(runs: pd.DataFrame, outcomes: list[str] | None = None) -> pd.DataFrame:
    """The first scenario minus each other one, with a plain 95% interval of the mean."""
    names = list(runs["scenario"].drop_duplicates())
    columns = outcomes or [name for name in runs.columns if name not in ("run_id", "scenario", "replication")]
    rows = []
    for other in names[1:]:
        for outcome in columns:
            wide = runs.pivot(index="replication", columns="scenario", values=outcome)
            pairs = (wide[names[0]] - wide[other]).dropna().to_numpy()
            n = len(pairs)
            mean = float(pairs.mean()) if n else np.nan
            half = 1.96 * float(pairs.std(ddof=1)) / n**0.5 if n > 1 else np.nan
            greater = float((pairs > 0).mean() + 0.5 * (pairs == 0).mean()) if n else np.nan
            rows.append(
                {
                    "a": names[0],
                    "b": other,
                    "outcome": outcome,
                    "mean": mean,
                    "low": mean - half,
                    "high": mean + half,
                    "p_a_greater": greater,
                    "n": n,
                    "verdict": "differs" if mean - half > 0 or mean + half < 0 else "cannot tell",
                }
            )
    return pd.DataFrame(rows, columns=["a", "b", "outcome", "mean", "low", "high", "p_a_greater", "n", "verdict"])


def all_tables(scenarios: list[str], replications: int = 20, weeks: int = 52) -> dict[str, pd.DataFrame]:
    """All tables of one command; differences only where there is something to compare."""
    series = series_table(scenarios, replications, weeks)
    runs = runs_table(series)
    tables = {"runs": runs, "series": series, "groups": groups_table(series)}
    if len(scenarios) > 1:
        tables["differences"] = differences_table(runs)
    return tables


OUTCOME_COLUMNS = (
    "monthly",
    "frame",
    "adoption",
    "work",
    "reply",
    "answer",
    "top5",
    "cross",
    "posts",
    "inter",
    "days",
    "weeks_",
)


def with_outcomes(tables: dict[str, pd.DataFrame], value: float) -> dict[str, pd.DataFrame]:
    """The same tables with every outcome of every run set to one value."""
    changed = {}
    for name in ("runs", "series", "groups"):
        table = tables[name]
        columns = [column for column in table.columns if column.startswith(OUTCOME_COLUMNS)]
        changed[name] = table.assign(**dict.fromkeys(columns, value))
    if "differences" in tables:
        changed["differences"] = differences_table(changed["runs"])
    return changed
