"""Keys of ``run``: how long, how often and with what luck, and where critical mass is drawn."""

from __future__ import annotations

from sim.scenario.registry import Parameter

RUN: tuple[Parameter, ...] = (
    Parameter(
        path="run.weeks",
        default=52,
        kind="int",
        low=1,
        high=1040,
        unit="weeks of 5 working days",
        meaning="Length of the run.",
        source="assumption: a year, in which the published launches took off or did not (T4.10, T4.14)",
        group="run",
    ),
    Parameter(
        path="run.replications",
        default=20,
        kind="int",
        low=1,
        high=1_000_000,
        unit="runs",
        meaning="Number of runs, each with its own workforce, network and luck.",
        source="assumption: enough to tell differences of several points; --until-width adapts it",
        group="run",
    ),
    Parameter(
        path="run.seed",
        default=1,
        kind="int",
        low=0,
        high=2**63 - 1,
        unit="1",
        meaning="Seed of the study, from which that of each run follows; equal seeds give equal bytes, and scenarios "
        "with one seed share their luck.",
        source="assumption: any number will do",
        group="run",
    ),
    Parameter(
        path="run.critical_share",
        default=0.01,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of staff",
        meaning="Share of staff that must post in a week for the platform to count as alive.",
        source="claim 3.7; Markus 1987: below a critical mass use dies out; assumption: one in a hundred, since HP's "
        "blogs lived on 0.6% authors in a year (T2.08)",
        group="run",
        plausible=(0.005, 0.05),
    ),
)
