"""What is looked for, condition and limits, and the runs and cases it is looked for in."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.discovery.search import Aim, Box, Factor, Space, count
from sim.analysis.over_worlds import headline_weights
from sim.analysis.statistics import has_times, later, mean_of_given, weeks_of_study, with_times
from sim.catalog.outcomes import OUTCOME_NAMES, TIMES
from sim.errors import InputError
from sim.experiments.points import WEIGHT
from sim.runs.manifest import MANIFEST_NAME, no_results, read_manifest
from sim.runs.parquet import is_there
from sim.scenario.hints import did_you_mean, shown
from sim.words import said

if TYPE_CHECKING:
    import pandas as pd


ROUNDING_ROOM = 0.01
"""How far a limit may move to a rounder number: this share of the range of its factor."""

MOST_SCORE_LOST = 0.005
"""What the box may lose by it."""


class Limit(NamedTuple):
    """What a box allows of one factor."""

    factor: Factor
    # `low`, `high`: both ends allowed; None where that side is free. Both None for named alternatives and switches
    low: float | None
    high: float | None
    names: tuple[Any, ...]  # the alternatives (or the switch position) that are allowed; empty for ordered factors


def _middle(factor: Factor, below: float, above: float) -> float:
    return math.sqrt(below * above) if factor.is_log else (below + above) / 2


def roundest(low: float, high: float, middle: float) -> float:
    """Return the number with the fewest decimals strictly between two others, nearest to `middle`.

    Examples
    --------
    >>> roundest(0.4312, 0.4688, 0.45), roundest(1180.0, 1260.0, 1220.0)
    (0.45, 1200.0)
    """
    start = -math.floor(math.log10(max(abs(low), abs(high)))) - 1
    for decimals in range(start, start + 17):
        rounded = round(middle, decimals) + 0.0
        if low < rounded < high:
            return rounded
    return middle


def _room(factor: Factor, below: float, above: float) -> tuple[float, float]:
    """Return between which numbers a limit that stands between two levels may move."""
    middle = _middle(factor, below, above)
    first, last = factor.levels[0], factor.levels[-1]
    if factor.is_log:
        step = (last / first) ** ROUNDING_ROOM
        return min(below, middle / step), max(above, middle * step)
    step = ROUNDING_ROOM * (last - first)
    return min(below, middle - step), max(above, middle + step)


def _end(factor: Factor, levels: np.ndarray, is_low: bool, has_room: bool) -> float | None:
    """Return the round limit at one end of a range, or None where that end is free.

    Without room it stays between the two levels that it parts, so that nothing changes sides.
    """
    place = int(np.flatnonzero(levels)[0 if is_low else -1])
    if place == (0 if is_low else len(levels) - 1):
        return None
    if factor.is_stepped:
        return factor.levels[place]
    below, above = (factor.levels[k] for k in ((place - 1, place) if is_low else (place, place + 1)))
    low, high = _room(factor, below, above) if has_room else (below, above)
    limit = roundest(max(low, factor.levels[0]), min(high, factor.levels[-1]), _middle(factor, below, above))
    if factor.kind == "whole":
        return math.ceil(limit) if is_low else math.floor(limit)
    return limit


def _between(factor: Factor, low: float | None, high: float | None) -> np.ndarray:
    values = np.array(factor.levels, dtype=float)
    return (values >= (-math.inf if low is None else low)) & (values <= (math.inf if high is None else high))


def rounded(space: Space, holds: np.ndarray, box: Box, aim: Aim) -> tuple[Box, dict[int, tuple[Any, Any]]]:
    """Move the limits of a box to round numbers where that costs (almost) nothing.

    Returns
    -------
    box : Box
        What lies within the limits as said.
    ends : dict of int to (low, high)
        The limits of each ordered factor, None where free.
    """
    ends: dict[int, tuple[Any, Any]] = {}
    for index in [index for index in box.allowed if space.factors[index].is_ordered]:
        factor, exact = space.factors[index], box.allowed[index]
        score = aim.score(count(box.contains(space.codes), holds, space.weights))
        for has_room in (True, False):
            low, high = (_end(factor, exact, is_low, has_room) for is_low in (True, False))
            other = box.limited(index, _between(factor, low, high))
            if (
                index in other.allowed
                and score - aim.score(count(other.contains(space.codes), holds, space.weights)) <= MOST_SCORE_LOST
            ):
                break
        box, ends[index] = other, (low, high)
    return box, ends


def limits_of(space: Space, box: Box, ends: dict[int, tuple[Any, Any]]) -> dict[int, Limit]:
    """Return what a box allows of each factor that it limits, in natural units."""
    found = {}
    for index, levels in box.allowed.items():
        factor = space.factors[index]
        names = () if factor.is_ordered else tuple(factor.levels[k] for k in np.flatnonzero(levels))
        low, high = ends.get(index, (None, None))
        found[index] = Limit(factor, low, high, names)
    return found


# The condition that cases meet: an outcome, a comparison and a number, as a person types it.


OPERATORS = ("<=", ">=", "<", ">")
EXAMPLE = said("refusal.when.example")
_FORM = re.compile(r"\s*(?P<outcome>[^\s<>=!]*)\s*(?P<operator>[<>=!]*)\s*(?P<bound>.*?)\s*")
_NUMBER = re.compile(r"[-+−]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?%?")


class Condition(NamedTuple):
    """An outcome compared with a number; shares are of 1 (10% is 0.1)."""

    outcome: str
    operator: str
    bound: float

    def __str__(self) -> str:
        return f"{self.outcome} {self.operator} {self.bound:g}"

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return where the condition holds, bool of the shape of `values`; a missing value (NaN) never does.

        Whoever asks keeps missing values apart: they are no evidence that it does not hold.
        """
        with np.errstate(invalid="ignore"):
            match self.operator:
                case "<":
                    return values < self.bound
                case "<=":
                    return values <= self.bound
                case ">":
                    return values > self.bound
                case _:
                    return values >= self.bound


def parse_condition(text: str, outcomes: Sequence[str] = OUTCOME_NAMES, n_weeks: int | None = None) -> Condition:
    """Read a condition such as ``monthly_posters < 0.1`` or ``monthly_posters >= 10%``.

    `text`: what the person typed; `outcomes`: names that may stand on the left; `n_weeks`: weeks of the runs: in which
    week after these a time is reached is not known, so none may be compared with one.

    Raises InputError pointing at the place that is wrong.

    Examples
    --------
    >>> parse_condition("monthly_posters<10%")
    Condition(outcome='monthly_posters', operator='<', bound=0.1)
    """
    found = _FORM.fullmatch(text.replace("\n", " "))
    if found is None or not found["outcome"]:
        raise _wrong(text, 0, len(text), said("refusal.when.begin", example=EXAMPLE))
    if found["operator"] not in OPERATORS:
        place = found.span("operator")
        given = said("refusal.when.not", value=shown(found["operator"])) if found["operator"] else ""
        names = ", ".join(OPERATORS)
        raise _wrong(text, *place, said("refusal.when.operator", names=names, given=given, example=EXAMPLE))
    if not _NUMBER.fullmatch(found["bound"]):
        hint = _about_number(found["bound"])
        raise _wrong(text, *found.span("bound"), said("refusal.when.number", example=EXAMPLE, hint=hint))
    if found["outcome"] not in outcomes:
        raise _wrong(text, *found.span("outcome"), _unknown(found["outcome"], outcomes))
    number = float(found["bound"].rstrip("%").replace("−", "-"))
    bound = round(number / 100, 15) if found["bound"].endswith("%") else number
    if not math.isfinite(bound):
        raise _wrong(text, *found.span("bound"), said("refusal.when.large"))
    if n_weeks is not None and found["outcome"] in TIMES and bound > n_weeks:
        raise _wrong(text, *found.span("bound"), said("refusal.when.weeks", n=n_weeks))
    return Condition(found["outcome"], found["operator"], bound)


def _wrong(text: str, start: int, end: int, message: str) -> InputError:
    """Return an error with the text and a mark under what is wrong in it."""
    line = text.replace("\n", " ").replace("\t", " ")
    mark = " " * start + "^" * max(end - start, 1)
    return InputError([said("refusal.when.read"), "  " + line, said("refusal.when.mark", mark=mark, message=message)])


def _about_number(given: str) -> str:
    if re.fullmatch(r"[-+]?\d+,\d+%?", given):
        return said("refusal.when.point", value=given.replace(",", "."))
    if re.search(r"\b(and|or)\b|&|\|", given):
        return said("refusal.when.one")
    return ""


def _unknown(name: str, outcomes: Sequence[str]) -> str:
    if name in OUTCOME_NAMES:
        return said("refusal.when.not_kept", name=name, names=", ".join(outcomes))
    hint = did_you_mean(name, outcomes) or did_you_mean(name, OUTCOME_NAMES)
    return said("refusal.when.no_outcome", value=shown(name), hint=hint or said("refusal.when.list"))


# The rows that boxes are looked for in: a point of a design with what the outcome was there.
#
# A row is a point of one base scenario, or, for a difference, a pair of points; its value is the mean over
# replications.

SCENARIO = "scenario"
DUMMY = "dummy"
POINTS_NAME = "points.parquet"
_KEYS = ("point", "strategy", "world")


@dataclass(frozen=True)
class Results:
    """A results folder as far as discovery needs it."""

    folder: Path
    manifest: dict[str, Any]
    points: pd.DataFrame  # one row a point: point, strategy, world, and a column for each factor
    # one row a finished run: scenario, point, replication, and the outcomes kept; times that were not reached as later
    # than the run (`times`)
    runs: pd.DataFrame
    n_weeks: int = 0  # weeks that every run has; 0 where no time was kept

    def weights_of(self, points: np.ndarray) -> np.ndarray | None:
        """Return how much each of some points counts, as its world is plausible; None where all count alike."""
        weights = headline_weights(self.points)
        if weights is None or not len(points):
            return None
        found = weights[points].to_numpy(dtype=float)
        return None if np.ptp(found) <= 1e-9 * found.max() else found

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors, in the order of the design; without the dummy of a sensitivity analysis."""
        return tuple(
            name for name in self.points.columns if name not in (*_KEYS, DUMMY) and not name.startswith(WEIGHT)
        )

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the base scenarios, in the order of the experiment."""
        return tuple(dict.fromkeys(self.runs["scenario"]))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that the runs have."""
        kept = self.manifest.get("kept", {}).get("outcomes", OUTCOME_NAMES)
        return tuple(name for name in dict.fromkeys((*OUTCOME_NAMES, *kept)) if name in self.runs.columns)

    def n_not_reached(self, outcome: str) -> int:
        """Return in how many runs a time was not reached within the run; 0 for what is no time."""
        return int((self.runs[outcome] >= later(outcome, self.n_weeks)).sum())

    @property
    def experiment(self) -> dict[str, Any]:
        """The experiment as the manifest tells it."""
        return self.manifest.get("experiment") or {}

    @property
    def replications(self) -> int:
        """Replications that were planned."""
        return int(self.manifest.get("replications") or self.runs["replication"].max() + 1)


NEEDED = ("plan_hash", "factors", "experiment")
"""What the manifest of a design says that boxes are made from."""


def read_results(folder: Path) -> Results:
    """Read the points and runs of a sweep or sensitivity analysis.

    Raises InputError if the folder holds none, or no finished run.
    """
    from sim.runs.parquet import read_parquet

    manifest = read_manifest(folder)
    if manifest is None:
        raise no_results(folder)
    if not is_there(folder / POINTS_NAME):
        raise InputError(said("refusal.discover.no_points", folder=folder, file=POINTS_NAME))
    if not is_there(folder / "runs.parquet"):
        raise InputError(said("refusal.discover.no_runs", folder=folder))
    missing = [name for name in NEEDED if name not in manifest]
    if missing:
        reason = said("refusal.manifest.lacks", names=", ".join(missing))
        raise InputError(said("refusal.manifest.damaged", file=folder / MANIFEST_NAME, reason=reason))
    runs = read_parquet(folder / "runs.parquet", _columns(folder / "runs.parquet", manifest)).to_pandas(
        use_threads=False
    )
    if runs.empty:
        raise InputError(said("refusal.discover.none_finished", folder=folder))
    points = read_parquet(folder / POINTS_NAME).to_pandas(use_threads=False)
    weights = headline_weights(points)
    if weights is not None:  # what was run beside the worlds of the answer is no part of it
        points = points[points["point"].map(weights) > 0].reset_index(drop=True)
        runs = runs[runs["point"].isin(points["point"])].reset_index(drop=True)
    if not has_times(runs):
        return Results(folder, manifest, points, runs)
    n_weeks = weeks_of_study(manifest["scenarios"], points)
    return Results(folder, manifest, points, with_times(runs, n_weeks), n_weeks)


def own_outcomes(folder: Path) -> tuple[str, ...]:
    """Return the outcomes that somebody has added to the runs in a folder; none where it holds no results."""
    manifest = read_manifest(folder, is_checked=False) or {}
    return tuple(manifest.get("with", {}).get("outcomes", ()))


def _columns(path: Path, manifest: Mapping[str, Any]) -> list[str]:
    from sim.runs.parquet import read_schema

    own = manifest.get("with", {}).get("outcomes", ())
    wanted = ("scenario", "point", "replication", *OUTCOME_NAMES, *own)
    there = set(read_schema(path).names)
    return [name for name in wanted if name in there]


@dataclass(frozen=True)
class Cases:
    """Rows with their values, before any condition."""

    columns: dict[str, list[Any]]  # values of each factor, row by row; with several base scenarios ``scenario`` is one
    # `points`, `worlds`: int (n_rows,): number of the point and of the world of each row (of a pair: those of its first
    # point)
    points: np.ndarray
    worlds: np.ndarray
    # (n_rows, n_replications): the outcome (or the difference) of each replication; NaN where it is missing
    values: np.ndarray
    dummy: list[Any]  # value of the dummy of a sensitivity analysis, row by row; empty where there is none
    n_without_partner: int = 0  # points that have no partner to be compared with
    # (n_rows,): how much each row counts: as much as its world does; left out where all count alike
    weights: np.ndarray | None = None

    @property
    def means(self) -> np.ndarray:
        """Mean of each row over the replications that have a value; NaN where none has."""
        return mean_of_given(self.values, 1)

    def rows(self, chosen: np.ndarray) -> Cases:
        """Return some of the rows (bool)."""
        at = np.flatnonzero(chosen)
        columns = {name: [values[k] for k in at] for name, values in self.columns.items()}
        dummy = [self.dummy[k] for k in at] if self.dummy else []
        return Cases(
            columns, self.points[at], self.worlds[at], self.values[at], dummy, self.n_without_partner,
            None if self.weights is None else self.weights[at],
        )  # fmt: skip

    def n_disputed(self, condition: Condition) -> int:
        """Return at how many rows some replications meet the condition and others do not."""
        is_given = ~np.isnan(self.values)
        holds = condition.holds(self.values) & is_given
        return int((holds.any(axis=1) & (is_given & ~holds).any(axis=1)).sum())


def value_table(results: Results, outcome: str, scenario: str) -> np.ndarray:
    """Return an outcome of one base scenario, float64 (n_points, n_replications), in the order of the points.

    What failed or was not done is NaN, as is what is undefined.
    """
    runs = results.runs[results.runs["scenario"] == scenario]
    points = results.points["point"].to_numpy()
    order = np.argsort(points)
    values = np.full((len(points), results.replications), np.nan)
    at = order[np.searchsorted(points, runs["point"].to_numpy(), sorter=order)]
    values[at, runs["replication"].to_numpy()] = runs[outcome].to_numpy(dtype=float)
    return values


def all_cases(results: Results, outcome: str) -> Cases:
    """Return every point of every base scenario, with the outcome itself."""
    names = results.scenarios
    values = np.concatenate([value_table(results, outcome, name) for name in names])
    return _cases(results, names, values)


def _cases(results: Results, names: Sequence[str], values: np.ndarray) -> Cases:
    """Return the points as often as there are names (of base scenarios, or one name for a difference of two)."""
    points, times = results.points, len(names)
    columns: dict[str, list[Any]] = {}
    if times > 1:
        columns[SCENARIO] = [name for name in names for _ in range(len(points))]
    for factor in results.factors:
        columns[factor] = points[factor].tolist() * times
    dummy = points[DUMMY].tolist() * times if DUMMY in points.columns else []
    numbers = [np.tile(points[name].to_numpy(), times) for name in ("point", "world")]
    return Cases(columns, numbers[0], numbers[1], values, dummy, weights=results.weights_of(numbers[0]))


def scenario_difference(results: Results, outcome: str, a: str, b: str) -> Cases:
    """Return every point with the outcome of scenario `a` minus that of `b`, replication by replication."""
    values = value_table(results, outcome, a) - value_table(results, outcome, b)
    return _cases(results, (f"{a} minus {b}",), values)
