"""The text of a new experiment file, with comments; it runs as it is."""

from __future__ import annotations

from sim.scenario.experiment.keys import DESIGNS, DISTRIBUTIONS, METHODS

_TEXT = """\
# An experiment of intranet-sim: many settings around a scenario, run and compared.
# It runs as it is; change what you want and delete the rest. docs/experiments.md explains every key.
#
#   intranet-sim validate {file}     check this file
#   intranet-sim sweep {file} --quick
#   intranet-sim parameters          every key of a scenario, with unit, range and source
#
# For help while you type, run: intranet-sim schema --experiment > experiment.schema.json, and keep the next line.
# yaml-language-server: $schema=experiment.schema.json

name: {name}
description: >-
  Which question this experiment answers, and what to look for.

# What everything starts from: a shipped scenario (intranet-sim scenarios) or a file. A list makes each an arm.
base: baseline

# What holds for every run, the same keys as with --set.
set: {{organization.employees: 300, run.weeks: 26}}

# How settings are combined: {designs}.
# For a sensitivity analysis write method: {methods}, in the place of design.
design: grid

# What the organization chooses.
levers:
  launch.framing: [like_facebook, collaboration, unframed]    # a list of values
  rules.restriction: {{low: 0, high: 0.8, steps: 3}}            # a range: 0, 0.4 and 0.8
  rollout:                                                    # named alternatives, each sets several keys
    big_bang: {{launch.waves: all_at_once, launch.training: 0.05}}
    patient: {{launch.waves: {{pilot: [0], every_weeks: 2}}, launch.training: 0.6}}

# What the world is like. Ranges are drawn `samples` times; every strategy meets every one of these worlds.
# Distributions: {distributions}.
uncertainties:
  organization.trust: {{low: 0.3, high: 0.8}}
  organization.contacts.department: {{low: 2, high: 15, distribution: log_uniform}}
  leadership: registry            # every key below it, with its plausible range

samples: 20                       # worlds
replications: 2                   # runs of each strategy in each world
seed: 1

# The first outcome is the main one; all are kept if you leave this out.
outcomes: [monthly_posters, monthly_readers, alive]
series: none                      # none, all, or N to keep every N-th week
groups: false                     # true keeps the table of who posts
# keep: replies                   # who replied to whom, a row a reply

# What --quick lays over it, for a first look.
quick: {{samples: 4, replications: 1, set: {{organization.employees: 100, run.weeks: 12}}}}
"""


def new_experiment(name: str, file_name: str) -> str:
    """Return the text of an experiment file with comments.

    Parameters
    ----------
    name : str
        A valid name (`sim.scenario.structure.is_valid_name`).
    file_name : str
        What the comments call the file.
    """
    return _TEXT.format(
        name="'" + name.replace("'", "''") + "'",
        file=file_name,
        designs=", ".join(DESIGNS),
        methods=" or ".join(METHODS),
        distributions=", ".join(DISTRIBUTIONS),
    )
