"""``python -m benchmarks.coverage``: how often the 95% intervals of the program hold what they claim to hold.

Every figure comes from `sim.analysis.statistics`, the functions that ``compare``, ``run`` and the reports call.
Yes-or-no outcomes are counted through exactly (every table of pairs with its probability); the rest is simulated.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.analysis.statistics import FEWEST_PAIRS, MeanInterval, PairedDifference, mean_interval, paired_difference
from sim.evidence.scorecard.claims import Parts
from sim.evidence.scorecard.verdicts import estimate
from sim.kernel.streams import keyed_generator

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
SIZES = (2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100)
WORLDS = (5, 10, 20, 50, 100)
N_STUDIES, N_QUICK = 10_000, 400

Draw = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]


class Case(NamedTuple):
    """Something to compare: how pairs are drawn, and the true mean difference."""

    name: str
    draw: Draw
    truth: float
    floor: float  # coverage that is asked for
    enough: int  # from so many pairs on


class Table(NamedTuple):
    """Two yes-or-no outcomes: the share of yes of each, and how far one run's luck decides both (0 to 1)."""

    name: str
    a: float
    b: float
    shared: float


class Cell(NamedTuple):
    """What came out for one case and number of pairs (or worlds).

    Attributes
    ----------
    group, name : str
        Section and row.
    n : int
        Pairs, runs or worlds.
    coverage : float
        Share of studies whose interval holds the truth; NaN where few have an interval.
    width : float
        Mean width of the interval.
    misled : float
        Share of studies in which a verdict rests on an interval that does not hold the truth.
    floor : float
        What is asked for; 0 where nothing is.
    """

    group: str
    name: str
    n: int
    coverage: float
    width: float
    misled: float
    floor: float

    @property
    def holds(self) -> bool:
        """Whether the interval covers as asked."""
        return not self.coverage < self.floor


def _normal(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    luck = generator.normal(0, 3, n)
    return luck + generator.normal(1, 1, n), luck + generator.normal(0, 1, n)


def _skewed(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    luck = generator.normal(0, 3, n)
    return luck + generator.exponential(1, n), luck


def _both_skewed(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    return generator.exponential(1, n), generator.exponential(0.3, n)


def _flat(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    return generator.uniform(0, 1, n), np.zeros(n)


def _two_humps(share: float) -> Draw:
    def draw(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        return (generator.random(n) < share) + generator.normal(0, 0.1, n), np.zeros(n)

    return draw


NUMBERS = (
    Case("normal", _normal, 1.0, 0.92, 5),
    Case("even between two ends", _flat, 0.5, 0.92, 5),
    Case("skewed (exponential)", _skewed, 1.0, 0.89, 10),
    Case("skewed, both scenarios", _both_skewed, 0.7, 0.89, 10),
    Case("two humps, half and half", _two_humps(0.5), 0.5, 0.0, 0),
    Case("two humps, one in five", _two_humps(0.2), 0.2, 0.0, 0),
)
YES_OR_NO = (
    Table("half against half", 0.5, 0.5, 0.0),
    Table("50% against 30%", 0.5, 0.3, 0.0),
    Table("50% against 30%, luck shared", 0.5, 0.3, 0.7),
    Table("90% against 60%", 0.9, 0.6, 0.0),
    Table("90% against 10%", 0.9, 0.1, 0.0),
    Table("80% against 75%, luck shared", 0.8, 0.75, 0.7),
    Table("always against half", 1.0, 0.5, 0.0),
    Table("10% against 10%", 0.1, 0.1, 0.0),
    Table("rare: 5% against 2%", 0.05, 0.02, 0.3),
    Table("rare: 2% against 2%", 0.02, 0.02, 0.0),
)


def number_cells(n_studies: int, sizes: Sequence[int] = SIZES, cases: Sequence[Case] = NUMBERS) -> Iterator[Cell]:
    """Yield the coverage of differences of numbers, and of their means."""
    for case, n in itertools.product(cases, sizes):
        generator = keyed_generator("coverage", case.name, n)
        found = [paired_difference(*case.draw(generator, n)) for _ in range(n_studies)]
        yield _cell("differences of numbers", case.name, n, found, case.truth, case.floor if n >= case.enough else 0.0)


def yes_or_no_cells(sizes: Sequence[int] = SIZES, tables: Sequence[Table] = YES_OR_NO) -> Iterator[Cell]:
    """Yield the coverage of differences of yes-or-no outcomes, exactly."""
    from scipy.special import gammaln, xlogy

    for table, n in itertools.product(tables, sizes):
        up, down = _split(table)
        counts = np.array([(k, m, n - k - m) for k in range(n + 1) for m in range(n + 1 - k)])
        chances = np.array([up, down, max(1.0 - up - down, 0.0)])
        p = np.exp(gammaln(n + 1) - gammaln(counts + 1).sum(axis=1) + xlogy(counts, chances).sum(axis=1))
        likely = p > 1e-9
        found = [_of_counts(*row) for row in counts[likely].tolist()]
        floor = 0.92 if n >= FEWEST_PAIRS else 0.0
        yield _cell("differences of yes or no", table.name, n, found, table.a - table.b, floor, p[likely])


def _split(table: Table) -> tuple[float, float]:
    """Return the shares of pairs with yes for the first alone, and for the second alone."""
    independent = table.a * table.b
    most = min(table.a, table.b)
    both = independent + table.shared * (most - independent)
    return table.a - both, table.b - both


@cache
def _of_counts(up: int, down: int, agree: int) -> PairedDifference:
    """Return what is said of these pairs; those that agree are half yes, half no, which makes no difference."""
    same = np.arange(agree) % 2
    a, b = (np.r_[np.full(up, x), np.full(down, 1.0 - x), same] for x in (1.0, 0.0))
    return paired_difference(a, b, 1.0, is_yes_or_no=True)


def mean_cells(n_studies: int, sizes: Sequence[int] = SIZES) -> Iterator[Cell]:
    """Yield the coverage of the mean of one scenario."""
    for case, n in itertools.product(NUMBERS[:3], sizes):
        generator = keyed_generator("coverage of a mean", case.name, n)
        floor = case.floor if n >= case.enough else 0.0
        found = [mean_interval(np.subtract(*case.draw(generator, n))) for _ in range(n_studies)]
        ends = np.array([(each.low, each.high) for each in found])
        yield _of_ends("means of one scenario", case.name, n, ends, case.truth, floor)
    for share, n in itertools.product((0.5, 0.9, 0.02), sizes):
        generator = keyed_generator("coverage of a share", share, n)
        ends = np.array([(each.low, each.high) for each in (_of_yes(int(k), n) for k in range(n + 1))])
        drawn = ends[generator.binomial(n, share, 4 * n_studies)]
        yield _of_ends("means of one scenario", f"yes in {100 * share:.0f}% of runs", n, drawn, share, 0.0)


def _of_yes(k: int, n: int) -> MeanInterval:
    return mean_interval(np.r_[np.ones(k), np.zeros(n - k)], 0.0, 1.0, is_yes_or_no=True)


def world_cells(n_studies: int, sizes: Sequence[int] = WORLDS) -> Iterator[Cell]:
    """Yield the coverage over plausible worlds that are drawn by weight, some several times, with two runs in each."""
    for kind, n in itertools.product(("numbers", "skewed numbers", "yes or no", "yes or no, luck alone"), sizes):
        generator = keyed_generator("coverage over worlds", kind, n)
        found = [_over_worlds(kind, n, generator) for _ in range(n_studies)]
        truth = {"numbers": 1.0, "skewed numbers": 1.0}.get(kind, 0.2)
        yield _cell("over plausible worlds", kind, n, found, truth, 0.92)


RATIOS = {"even": 0.92, "skewed": 0.89, "very skewed": 0.0, "very skewed, drawn by weight": 0.0}


def ratio_cells(n_studies: int, sizes: Sequence[int] = WORLDS[1:]) -> Iterator[Cell]:
    """Yield the coverage of ratios of sums over worlds, as the scorecard has them; the true one is a half."""
    for kind, n in itertools.product(RATIOS, sizes):
        generator = keyed_generator("coverage of a ratio", kind, n)
        found = [estimate(*_ratio(kind, n, generator)) for _ in range(n_studies)]
        ends = np.array([(each.low, each.high) for each in found])
        yield _of_ends("ratios over plausible worlds", kind, n, ends, 0.5, RATIOS[kind])


def _ratio(kind: str, n: int, generator: np.random.Generator) -> tuple[Parts, np.ndarray | None]:
    if kind == "even":
        below = generator.uniform(0.5, 1.5, n)
        return Parts(0.5 * below + generator.normal(0, 0.2, n), below), None
    below = generator.gamma(2.0, 0.5, n)
    if kind == "skewed":
        return Parts(generator.exponential(0.5, n), below), None
    above = 0.5 * below * generator.exponential(1.0, n)
    if kind == "very skewed":
        return Parts(above, below), None
    weights = generator.exponential(1.0, n)
    drawn = generator.choice(n, n, p=weights / weights.sum())
    return Parts(above[drawn], below[drawn]), drawn


def _over_worlds(kind: str, n: int, generator: np.random.Generator) -> PairedDifference:
    """Compare over n draws, by unequal weights, from twice as many plausible worlds, which are drawn anew each time."""
    weights = generator.exponential(1.0, 2 * n)
    drawn = generator.choice(2 * n, n, p=weights / weights.sum())
    if kind in ("numbers", "skewed numbers"):
        worlds = generator.normal(1, 1, 2 * n) if kind == "numbers" else generator.exponential(1, 2 * n)
        return paired_difference(worlds[drawn, None] + generator.normal(0, 1, (n, 2)), np.zeros((n, 2)), alike=drawn)
    # The share of yes of a: 0.6 on average; of b: 0.2 below it.
    p = np.full(2 * n, 0.6) if kind.endswith("alone") else generator.choice([0.25, 0.95], 2 * n)
    luck = generator.random((n, 2))
    a = luck < p[drawn, None]
    b = luck < p[drawn, None] - 0.2
    return paired_difference(a.astype(float), b.astype(float), 1.0, is_yes_or_no=True, alike=drawn)


def _cell(
    group: str,
    name: str,
    n: int,
    found: Sequence[PairedDifference],
    truth: float,
    floor: float,
    p: np.ndarray | None = None,
) -> Cell:
    ends = np.array([(each.low, each.high) for each in found])
    is_enough = np.array([each.is_enough for each in found])
    return _of_ends(group, name, n, ends, truth, floor, p, is_enough)


def _of_ends(
    group: str,
    name: str,
    n: int,
    ends: np.ndarray,
    truth: float,
    floor: float,
    p: np.ndarray | None = None,
    is_enough: np.ndarray | None = None,
) -> Cell:
    p = np.full(len(ends), 1.0) if p is None else p
    known = ~np.isnan(ends).any(axis=1)
    holds = (ends[:, 0] <= truth + 1e-12) & (truth - 1e-12 <= ends[:, 1])
    total = float(p[known].sum())
    if total < 0.5 * p.sum():
        return Cell(group, name, n, math.nan, math.nan, 0.0, floor)
    coverage = float(p[known & holds].sum()) / total
    width = float((p[known] * (ends[known, 1] - ends[known, 0])).sum()) / total
    misled = math.nan if is_enough is None else float(p[known & is_enough & ~holds].sum() / p.sum())
    return Cell(group, name, n, coverage, width, misled, floor)


def cells(n_studies: int) -> list[Cell]:
    """Return every figure."""
    return [
        *number_cells(n_studies), *yes_or_no_cells(), *mean_cells(n_studies), *world_cells(n_studies),
        *ratio_cells(n_studies),
    ]  # fmt: skip


def tables(found: Sequence[Cell]) -> str:
    """Return the figures as Markdown: a table for each group, rows for a case, a column for each number of units."""
    parts = []
    for group in dict.fromkeys(cell.group for cell in found):
        own = [cell for cell in found if cell.group == group]
        sizes = sorted({cell.n for cell in own})
        lines = [f"| {group} | " + " | ".join(map(str, sizes)) + " |", "|---|" + "--:|" * len(sizes)]
        for name in dict.fromkeys(cell.name for cell in own):
            by_size = {cell.n: cell for cell in own if cell.name == name}
            lines.append(f"| {name} | " + " | ".join(_shown(by_size[n]) for n in sizes) + " |")
            lines.append("| *width* | " + " | ".join(_number(by_size[n].width) for n in sizes) + " |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _shown(cell: Cell) -> str:
    if math.isnan(cell.coverage):
        return "–"
    shown = f"{100 * cell.coverage:.1f}%"
    return f"**{shown}**" if not cell.holds else shown


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


HALL = "https://doi.org/10.1111/j.2517-6161.1992.tb01876.x"
TANGO = "https://doi.org/10.1002/%28SICI%291097-0258%2819980430%2917:8%3C891::AID-SIM780%3E3.0.CO;2-B"
INTRODUCTION = """# How often the intervals hold what they claim

Made by `python -m benchmarks.coverage --write` ({n_studies:,} studies a figure; yes-or-no differences are counted
through exactly). Do not edit.

Every interval of a mean or a difference is one of three, computed in one place (`sim/kernel/estimates.py`):

* **numbers**: Student's interval, corrected for skewness ([Hall 1992]({hall})). Without the correction it holds 90% at
  10 skewed pairs, and errs to one side;
* **yes or no, difference over pairs**: Tango's score interval ([Tango 1998]({tango})).
  It never has no width: five pairs that agree leave −43 to +43 points;
* **yes or no, one scenario**: Wilson's interval.

The scorecard has ratios of sums over worlds, too: their interval is that of numbers, about how far each world moves
the ratio.

A plausible world that was drawn several times is one unit with more weight. With fewer than {fewest} pairs (or
different worlds) no verdict is given, whatever the interval: "cannot tell". The width says how little is known.

The figures are the share of studies in which the 95% interval holds the truth; below each stands its mean width. Asked
for: at least 92% from 5 pairs on for normal and yes-or-no differences and from 5 draws on over worlds, at least 89%
from 10 pairs on for skewed ones. Figures below that are **bold**: {verdict}. Of all these cases, a verdict rests on an
interval that misses the truth in at most {worst} of studies.

What the intervals do not do:

* *Two humps* (a launch that takes off in some runs and dies in the others): while no run of the rarer hump has come up,
  nothing in the runs shows that there is one. With 5 pairs and a hump of one in five the interval holds {rare_5}, with
  10 pairs {rare_10}, with 20 {rare_20}. Where outcomes can tip over, take 20 pairs or more.
* *Rare yes or no* (2% or 5% of runs) with few pairs: the interval of a difference holds nearly always, as it must be
  wide enough for what was not seen. Wilson's interval of a rare share dips below 90% at some numbers of runs.
* *Very skewed ratios* (what is above and what is below the line are large in the same few worlds): the interval holds
  {very_10} with 10 worlds and {very_50} with 50; where a few worlds carry the weight {weighed_20} with 20 draws and
  {weighed_100} with 100. A bootstrap (bias-corrected and accelerated), which the scorecard had before, does no better.
* Worlds: few worlds with two runs each are treated as if the runs of a world were alike until they show otherwise, so
  that the interval is wide rather than narrow.
* All of it is about luck and, over worlds, about which of the plausible worlds were drawn: not about worlds that nobody
  thought of.

"""


def page(found: Sequence[Cell], n_studies: int) -> str:
    """Return the page of the docs."""
    n_short = sum(not cell.holds for cell in found)
    rare = {cell.n: f"{100 * cell.coverage:.0f}%" for cell in found if cell.name == "two humps, one in five"}
    ratio = {(cell.name, cell.n): f"{100 * cell.coverage:.0f}%" for cell in found if cell.name in RATIOS}
    worst = max(cell.misled for cell in found if cell.floor and not math.isnan(cell.misled))
    head = INTRODUCTION.format(
        n_studies=n_studies, fewest=FEWEST_PAIRS, hall=HALL, tango=TANGO, verdict=n_short or "none",
        worst=f"{100 * worst:.1f}%", **{f"rare_{n}": rare[n] for n in (5, 10, 20)},
        **{f"very_{n}": ratio["very skewed", n] for n in (10, 50)},
        **{f"weighed_{n}": ratio["very skewed, drawn by weight", n] for n in (20, 100)},
    )  # fmt: skip
    return head + tables(found) + "\n"


def main(given: Sequence[str] | None = None) -> int:
    """Simulate, print, and return 0 if every interval covers as asked, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="400 studies a figure: rough")
    parser.add_argument("--write", action="store_true", help="write docs/coverage.md")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON on standard output")
    arguments = parser.parse_args(given)
    n_studies = N_QUICK if arguments.quick else N_STUDIES
    found = cells(n_studies)
    if arguments.write:
        PAGE.write_text(page(found, n_studies), encoding="utf-8")
    if arguments.as_json:
        print(json.dumps([{**cell._asdict(), "holds": cell.holds} for cell in found]))
    else:
        print(tables(found))
    # A rough figure may fall short by chance.
    return 0 if arguments.quick or all(cell.holds for cell in found) else 1


if __name__ == "__main__":
    sys.exit(main())
