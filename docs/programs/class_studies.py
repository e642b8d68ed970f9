"""The studies behind the worksheets in ``docs/class``: what is run, and what is kept of it.

A study is what one command of a worksheet does, run by the same functions, so who types the command sees these numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.statistics import PairedDifference, Spread, mean_interval
from sim.kernel.estimates import majority, units_of
from sim.scenario import load_scenario
from sim.studies import CompareTables, compare, run

ROOT = Path(__file__).resolve().parents[2]
TOWN_HALL = "docs/class/town-hall"
READERS, POSTERS, KNOWLEDGE, ALIVE = "monthly_readers", "monthly_posters", "knowledge", "alive"
USE = (POSTERS, READERS, KNOWLEDGE, ALIVE)
PEOPLE = ("age_gap", "experience_gradient", "intention_gap")
N_WORLDS = 60

Record = dict[str, Any]


class Study(NamedTuple):
    """One command of a worksheet.

    Attributes
    ----------
    name : str
    scenarios : tuple of str
        One is run, two are compared, and more are ranked.
    settings : mapping
        Dotted key to value, for all of the scenarios.
    outcomes : tuple of str
        What the worksheet shows; the first is what the verdict is about.
    n_worlds : int or None
        Over how many plausible worlds.
    """

    name: str
    scenarios: tuple[str, ...]
    settings: Mapping[str, Any] = {}
    outcomes: tuple[str, ...] = USE
    n_worlds: int | None = None

    @property
    def command(self) -> str:
        """What to type for it."""
        verb = ["run"] if len(self.scenarios) == 1 else ["compare"]
        parts = ["intranet-sim", *verb, *self.scenarios, *(["--all"] if verb == ["run"] else [])]
        for key, value in self.settings.items():
            parts += ["--weeks", str(value)] if key == "run.weeks" else ["--set", f"{key}={value}"]
        if self.n_worlds:
            parts += ["--worlds", str(self.n_worlds)]
        return " ".join(parts)


# The studies of each worksheet, in the order in which it shows them.
SHEETS: dict[str, tuple[Study, ...]] = {
    "1-framing": (
        Study("framing", ("collaboration", "like-facebook")),
        Study("framing-unease", ("collaboration", "like-facebook"), {"behavior.read_inappropriate": 0}),
        Study("framing-silence", ("unframed", "like-facebook")),
        Study("framing-worlds", ("collaboration", "like-facebook"), n_worlds=N_WORLDS),
    ),
    "2-rules": (
        Study("rules", ("no-rules", "strict-rules")),
        Study("rules-late", ("rules-arrive-late", "no-rules")),
        Study("rules-guidance", ("clear-guidance", "baseline")),
        Study("rules-work-only", ("work-only", "baseline")),
    ),
    "3-leaders": (
        Study("leaders", ("leaders-post", "leaders-announce-only")),
        Study("leaders-distrust", ("leaders-post", "leaders-announce-only"), {"organization.trust": 0.2}),
        Study("leaders-appraisal", ("appraisal-rewards", "baseline")),
    ),
    "4-digital-natives": (
        Study("natives", ("baseline",), outcomes=PEOPLE),
        Study("natives-facebook", ("like-facebook",), outcomes=PEOPLE),
        Study("natives-champions", ("champions-central", "champions-digital-natives")),
        Study(
            "natives-worlds", ("champions-central", "champions-digital-natives"),
            outcomes=(POSTERS, READERS), n_worlds=N_WORLDS,
        ),
    ),
    "5-patience": (
        Study("patience", ("patient-rollout", "big-bang")),
        Study("patience-half", ("patient-rollout", "big-bang"), {"run.weeks": 13}),
        Study(
            "patience-alone", ("patient-rollout", "big-bang"), {"launch.training": 0.2, "rules.guidance": 0.3},
        ),
        Study("patience-mandate", ("mandated", "baseline")),
        Study("patience-migration", ("imposed-migration", "mandated")),
    ),
    "6-your-organization": (
        Study(
            "own", tuple(f"{TOWN_HALL}/{plan}.yaml" for plan in ("base", "training", "leaders", "guidance")),
            outcomes=(POSTERS,),
        ),
        Study(
            "own-worlds", tuple(f"{TOWN_HALL}/{plan}.yaml" for plan in ("base", "training", "leaders", "guidance")),
            outcomes=(POSTERS,), n_worlds=N_WORLDS,
        ),
    ),
}  # fmt: skip


def conducted(study: Study, replications: int | None = None, jobs: int | None = None) -> Record:
    """Run a study and return what the worksheets need of it, all of it plain values.

    Parameters
    ----------
    study : Study
    replications : int, optional
        Runs of each scenario (in each world); what the command does by itself if left out.
    jobs : int, optional
        Processes; more where it pays if left out.
    """
    loaded = [
        load_scenario(ROOT / name if name.endswith(".yaml") else name, study.settings) for name in study.scenarios
    ]
    facts: Record = {
        "command": study.command,
        "scenarios": [scenario.name for scenario in loaded],
        "employees": loaded[0].organization.employees,
        "weeks": loaded[0].run.weeks,
        "seed": loaded[0].run.seed,
        "worlds": study.n_worlds,
    }
    if len(loaded) == 1:
        found = run(loaded[0], replications=replications, jobs=jobs)
        means = _means(found.summary, study.outcomes)
        return {**facts, "failed": len(found.failures), "means": means, "ages": _ages(found.groups)}
    tables = compare(loaded, n_worlds=study.n_worlds, replications=replications, jobs=jobs)
    facts |= {"failed": len(tables.failures), "means": _means(tables.summary, study.outcomes)}
    facts["differences"] = [_difference(row) for row in _rows(tables.differences, study.outcomes)]
    return facts | ({"ranks": _ranks(tables, study)} if len(loaded) > 2 else {})


OVER_WORLDS = ("p5", "median", "p95", "share_of_worlds_a_greater", "share_of_worlds_b_greater")


def _rows(table: pd.DataFrame, outcomes: Sequence[str]) -> list[Record]:
    chosen = table[table["outcome"].isin(outcomes)]
    rows: list[Record] = chosen.to_dict("records")
    return sorted(rows, key=lambda row: list(outcomes).index(row["outcome"]))


def _means(summary: pd.DataFrame, outcomes: Sequence[str]) -> list[Record]:
    names = ("scenario", "outcome", "mean", "low", "high", "n")
    return [{name: _plain(row[name]) for name in names} for row in _rows(summary, outcomes)]


def _difference(row: Mapping[str, Any]) -> Record:
    names = ("a", "b", "outcome", *(name for name in PairedDifference._fields if name != "spread"))
    over_worlds = [name for name in OVER_WORLDS if name in row]
    return {name: _plain(row[name]) for name in (*names, *over_worlds)}


def _ranks(tables: CompareTables, study: Study) -> list[Record]:
    assert tables.ranks is not None
    names = ("scenario", "rank", "low", "high", "share_first")
    rows = [{name: _plain(row[name]) for name in names} for row in _rows(tables.ranks, study.outcomes[:1])]
    return sorted(rows, key=lambda row: (row["rank"], row["scenario"]))


def _ages(groups: pd.DataFrame) -> list[Record]:
    """Return the monthly posters of each age band, with intervals over the runs."""
    bands = groups[groups["grouping"] == "age_band"].sort_values("order")
    found = []
    for name, rows in bands.groupby("group", sort=False):
        interval = mean_interval(rows[POSTERS].to_numpy(), 0.0, 1.0)
        found.append({"group": name, "mean": interval.mean, "low": interval.low, "high": interval.high})
    return found


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: null for a missing number, text for an endless one."""
    if isinstance(value, str):
        return value
    number = float(value)
    if math.isnan(number):
        return None
    if math.isinf(number):
        return "inf"
    return int(number) if number.is_integer() and not isinstance(value, float) else number


def paired(row: Mapping[str, Any]) -> PairedDifference:
    """Return a kept difference as the statistics have it."""
    values = {
        name: math.nan if row[name] is None else math.inf if row[name] == "inf" else row[name]
        for name in PairedDifference._fields
        if name in row
    }
    if all(row.get(name) is not None for name in OVER_WORLDS):
        up, down = row["n_a_greater"], row["n_b_greater"]
        worlds = units_of(np.repeat([1.0, -1.0, 0.0], [up, down, row["n"] - up - down]))
        values["spread"] = Spread(*(row[name] for name in OVER_WORLDS), majority(worlds), float(row["n"]))
    return PairedDifference(**values)
