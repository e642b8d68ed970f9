"""What a ``run`` or ``compare`` found: summaries, differences and ranks, over replications or worlds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.study.analysis import Difference, Ranking, Summary, differences, outcome_values, rankings, summarize
from sim.study.over_worlds import differences_over_worlds, mean_by_world, outcome_blocks

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.study.plan import Plan


class Findings(NamedTuple):
    """Summaries of each scenario, differences of the first from the others, ranks of three or more."""

    summaries: Sequence[Summary]
    differences: Sequence[Difference]
    rankings: Sequence[Ranking]


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
    n_arms = len(plan.arms)
    key = (plan.seed,)
    if plan.points is None:
        values = outcome_values(runs, plan)
        compared = differences(values, key) if n_arms > 1 else []
    else:
        blocks = outcome_blocks(runs, plan)
        values = mean_by_world(blocks)
        compared = differences_over_worlds(blocks, key, plan.points.alike()) if n_arms > 1 else []
    ranked = rankings(values, key) if n_arms > 2 else []
    units = "runs" if plan.points is None else "worlds"
    return Findings(summarize(values, reasons, units), compared, ranked)
