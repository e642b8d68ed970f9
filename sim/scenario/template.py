"""The text of a new scenario file, made from the registry: the common keys, each with a comment."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.entries import PROFILES
from sim.scenario.experiment.keys import DESIGNS, DISTRIBUTIONS, METHODS
from sim.scenario.framing import PRESETS
from sim.scenario.parameter_tables import allowed_range, written
from sim.scenario.parameters import parameter
from sim.scenario.registry import Parameter
from sim.scenario.structure import GROUPS, keys_of

_SECTIONS = ("organization", "platform", "launch", "rules", "leadership", "run")
_TITLES = {
    "organization": "Who works there.",
    "platform": "What the product lets people do.",
    "launch": "How it is introduced.",
    "rules": "Rules of use. They differ in kind: restriction deters, guidance helps.",
    "leadership": "What directors and managers do and reward.",
    "run": "How long, how often, and with what luck.",
}
_COMMENT_COLUMN = 34
_FRAMING_IN_NUMBERS = "framing: {social: 0.3, collaboration: 0.4, broadcast: 0.3, association: 0.3, clarity: 0.4}"
_IN_WAVES = "waves: {pilot: [0], every_weeks: 4}"

_HEAD = """\
# A scenario of intranet-sim: one launch of a social intranet in one organization.
# Every key has a default, written here; change what you want and delete the rest.
#
#   intranet-sim validate {file}     check this file
#   intranet-sim run {file}          run it
#   intranet-sim compare {file} collaboration
#   intranet-sim parameters          every key, with unit, range and source
#
# For help while you type, run: intranet-sim schema > scenario.schema.json, and keep the next line.
# yaml-language-server: $schema=scenario.schema.json

name: {name}
description: >-
  What this scenario changes, and why.
# extends: baseline    # start from another scenario: a file, or a shipped one (intranet-sim scenarios)

"""

_FOOT = """\
# Changes during the run, each after so many weeks.
changes: []
#  - {week: 26, set: {rules.restriction: 0.8, leadership.participation: 0.9}}
#  - {week: 39, departments: [0, 3], set: {rules.guidance: 0.8}}    # for these departments only

# Coefficients of behavior; see intranet-sim parameters behavior.
behavior: {}
#  post_risk: 2.0
"""


def new_scenario(name: str, file_name: str) -> str:
    """Return the text of a scenario file with all defaults and comments.

    Parameters
    ----------
    name : str
        A valid name (`sim.scenario.structure.is_valid_name`).
    file_name : str
        What the comments call the file.
    """
    in_quotes = "'" + name.replace("'", "''") + "'"
    text = _HEAD.format(name=in_quotes, file=file_name)
    for section in _SECTIONS:
        lines = [f"# {_TITLES[section]}", f"{section}:", *_group(section, indent=2)]
        text += "\n".join(lines) + "\n\n"
    return text + _FOOT


def _group(path: str, indent: int) -> Iterator[str]:
    """Yield the lines of the keys of one group."""
    for key in keys_of(path):
        inner = f"{path}.{key}"
        if inner in GROUPS:
            yield f"{' ' * indent}{key}:"
            yield from _group(inner, indent + 2)
        else:
            yield from _entry(key, parameter(inner), indent)


def _entry(key: str, entry: Parameter, indent: int) -> Iterator[str]:
    """Yield the line of one key, or its lines where it has more than one form."""
    start = f"{' ' * indent}{key}: {written(entry.default)}"
    if entry.path.startswith("organization.staff."):
        start = f"{' ' * indent}# {start.strip()}"  # there is no staff file yet
    yield f"{start.ljust(_COMMENT_COLUMN)}# {entry.meaning}{_allowed(entry)}"
    if entry.path == "launch.framing":
        yield f"{' ' * indent}# {_FRAMING_IN_NUMBERS}"
    if entry.path == "launch.waves":
        yield f"{' ' * indent}# {_IN_WAVES}"


def _allowed(entry: Parameter) -> str:
    """Return what may be written, in brackets."""
    if entry.path == "launch.framing":
        return f" ({', '.join(PRESETS)})"
    if entry.path == "launch.waves":
        return " (all_at_once, or as below)"
    if entry.path == "organization.workforce":
        return f" ({', '.join(PROFILES)})"
    return f" ({allowed_range(entry)})"


# The text of a new experiment file, with comments; it runs as it is.


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
