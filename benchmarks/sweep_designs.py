"""The designs whose sweeps are measured."""

from __future__ import annotations

import os

from sim.experiments import experiment_from_mapping
from sim.runs.designs import design_points, plan_for_experiment
from sim.runs.plan import Plan

# Runs that are done both ways: the first replication of every point.
N_COMPARED = 8


def processor_seconds() -> float:
    """Return the processor time of this process so far, and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def design_plan(n_points: int, n_replications: int, n_employees: int, n_weeks: int, series: str | int = "none") -> Plan:
    """Return the plan of a sampled design around the baseline: three levers, three uncertainties."""
    experiment = experiment_from_mapping(
        {
            "name": "benchmark",
            "base": "baseline",
            "set": {"organization.employees": n_employees, "run.weeks": n_weeks},
            "design": "latin_hypercube",
            "levers": {
                "launch.framing": ["like_facebook", "collaboration", "unframed"],
                "rules.restriction": {"low": 0.0, "high": 0.6},
                "leadership.participation": {"low": 0.0, "high": 0.6},
            },
            "uncertainties": {
                "organization.trust": {"low": 0.4, "high": 0.8},
                "behavior.peers": {"low": 1.0, "high": 2.0},
                "behavior.worth": {"low": 1.0, "high": 2.0},
            },
            "samples": n_points,
            "replications": n_replications,
            "seed": 1,
            "outcomes": ["monthly_posters", "monthly_readers", "alive"],
            "series": series,
        }
    )
    return plan_for_experiment(experiment, design_points(experiment))


def throughput_plan(n_replications: int) -> Plan:
    """Return the design that is done both ways: 500 employees, 260 days; of the series the last week is kept."""
    return design_plan(N_COMPARED, n_replications, n_employees=500, n_weeks=52, series=52)
