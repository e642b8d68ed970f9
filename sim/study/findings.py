"""What a ``run`` or ``compare`` found: summaries, differences and ranks, over replications or worlds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.study.analysis import Difference, Ranking, Summary, differences, outcome_values, rankings, summarize
from sim.study.notes import same_candidates
from sim.study.over_worlds import differences_over_worlds, outcome_blocks
from sim.study.times import weeks_of

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.study.plan import Plan


class Findings(NamedTuple):
    """Summaries of each scenario, differences of the first from the others, ranks of three or more."""

    summaries: Sequence[Summary]
    differences: Sequence[Difference]
    rankings: Sequence[Ranking]


def same_scenarios(runs: pa.Table, plan: Plan) -> list[tuple[str, ...]]:
    """Return the scenarios of a plan that are the same in every run, in groups of two or more."""
    values = outcome_values(runs, plan) if plan.points is None else outcome_blocks(runs, plan)
    return same_candidates({name: list(columns.values()) for name, columns in values.items()})


def findings(runs: pa.Table, reasons: pa.Table, plan: Plan) -> Findings:
    """Work out what the runs of a plan say.

    Parameters
    ----------
    runs : Table
        The runs that are done: scenario, point (over worlds), replication, outcomes.
    reasons : Table
        Why outcomes of runs are missing.
    plan : Plan
        The plan; where it has points, these are worlds, and a mean of each world counts as one value.
    """
    n_arms, n_weeks = len(plan.arms), weeks_of(plan)
    if plan.points is None:
        values = outcome_values(runs, plan)
        summaries = summarize(values, reasons, n_weeks)
        compared = differences(values, n_weeks) if n_arms > 1 else []
        ranked = rankings(values, n_weeks) if n_arms > 2 else []
    else:
        blocks, alike = outcome_blocks(runs, plan), plan.points.alike()
        summaries = summarize(blocks, reasons, n_weeks, alike)
        compared = differences_over_worlds(blocks, n_weeks, alike) if n_arms > 1 else []
        ranked = rankings(blocks, n_weeks, alike) if n_arms > 2 else []
    return Findings(summaries, compared, ranked)
