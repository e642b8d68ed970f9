"""The words of an experiment file: its keys, designs, methods and distributions. Plain data."""

from __future__ import annotations

from sim.scenario.outcome_table import OUTCOME_NAMES
from sim.scenario.parameters import PARAMETER_BY_PATH, PARAMETERS
from sim.scenario.structure import GROUPS

KEYS: dict[str, str] = {
    "name": "Short name of the experiment, also of its results folder; without it, the name of the file.",
    "description": "Which question it answers, and what to look for.",
    "base": "Scenario that everything starts from: a file, relative to this one, or the name of a shipped scenario. "
    "A list of them makes each an arm, run at every point.",
    "set": "Keys of a scenario that hold for every run, as with --set.",
    "design": "How settings of levers and uncertainties are combined: "
    "grid, list, zip, latin_hypercube or sobol (for sweep).",
    "method": "Method of sensitivity analysis: morris, sobol or pawn (for sensitivity; takes the place of design).",
    "by_group": "Whether sensitivity is worked out for groups of factors rather than for single ones.",
    "levers": "What the organization chooses: each a list, a range, named alternatives, or registry.",
    "uncertainties": "What the world is like, written in the same ways.",
    "strategies": "Rows of design list, each {name: ..., set: {key: value}} or the keys and values themselves.",
    "samples": "Number of draws: points, worlds (in a grid, list or zip), base samples or trajectories (of a method).",
    "replications": "Runs at each point, each with its own luck, which all points share.",
    "seed": "Seed of the design and of all luck.",
    "outcomes": "Outcomes to keep; the first is the main one. All, if left out.",
    "series": "How much of the weekly series to keep: none, all, or N for every N-th week and the last.",
    "groups": "Whether to keep the table of who posts.",
    "keep": "Tables that are kept only where they are asked for: replies (who replied to whom).",
    "quick": "What --quick lays over the file: samples, replications and set, for a first look in under a minute.",
}
QUICK_KEYS = ("samples", "replications", "set")
TELLING_KEYS = ("base", "levers", "uncertainties", "design", "method", "strategies", "samples", "quick")
"""Keys that no scenario has: a file with one of them is meant as an experiment."""

LISTED_DESIGNS = ("grid", "list", "zip")
SAMPLED_DESIGNS = ("latin_hypercube", "sobol")
DESIGNS = (*LISTED_DESIGNS, *SAMPLED_DESIGNS)
METHODS = ("morris", "sobol", "pawn")
LEAST_SAMPLES = {"morris": 2, "sobol": 4, "pawn": 20}
"""The smallest samples with which the estimators of a method are defined; sensible ones are far larger."""
DISTRIBUTIONS = ("uniform", "log_uniform", "triangular", "normal")
RANGE_KEYS = ("low", "high", "distribution", "mode", "mean", "sd", "steps", "off_at", "off_share")
SERIES_WORDS = ("none", "all")
KEEP_WORDS = ("replies",)

REGISTRY = "registry"
REGISTRY_GROUPS = tuple(dict.fromkeys(entry.group for entry in PARAMETERS))
ROW_FACTOR = "strategy_name"
"""The factor of design list: which row."""

CHANGES = "changes"
SETTABLE = frozenset({*PARAMETER_BY_PATH, *GROUPS, CHANGES})
OWN_KEYS = {"run.replications": "replications", "run.seed": "seed"}
"""Keys of a scenario that an experiment has instead under a name of its own."""

RESERVED_NAMES = frozenset(
    {
        "point", "strategy", "world", "run_id", "scenario", "replication", "seed", "content_hash", "dummy", "week",
        "outcome", ROW_FACTOR, *OUTCOME_NAMES,
    }
)  # fmt: skip
"""Columns of the results, which no bundle can be called by."""

RUNS_LIMIT = 1_000_000
DEFAULT_REPLICATIONS = PARAMETER_BY_PATH["run.replications"].default
DEFAULT_SEED = PARAMETER_BY_PATH["run.seed"].default
