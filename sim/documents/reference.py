"""The registry as people read it: rows of a table, records for JSON, ``docs/parameters.md``, new files to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.catalog.registry import (
    CHANGEABLE,
    GROUPS,
    PRESETS,
    PROFILES,
    TOP_LEVEL,
    FramingNumbers,
    Parameter,
    keys_of,
    meaning_of,
    parameter,
    unit_of,
)
from sim.experiments.grammar import DESIGNS, DISTRIBUTIONS, METHODS
from sim.scenario.hints import number, shown
from sim.words import DEFAULT_LANGUAGE, text

HEADER = ("key", "default", "range", "unit", "meaning", "source")

_SECTION_TITLES = {
    "organization": "Organization: who works there",
    "platform": "Platform: what the product lets people do",
    "launch": "Launch: how it is introduced",
    "rules": "Rules of use",
    "leadership": "Leadership",
    "behavior": "Behavior: the coefficients",
    "constants": "Constants: numbers of behavior that are fixed, with the reason",
    "run": "Run: how long, how often, with what luck",
}


def written(value: Any) -> str:
    """Return a default as it is written in a scenario file.

    Examples
    --------
    >>> written(None), written(False), written((0,)), written(1e-9), written("nl-2014")
    ('null', 'false', '[0]', '1e-09', 'nl-2014')
    """
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return value if isinstance(value, str) else shown(value)


def allowed_range(entry: Parameter, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the values that a parameter may have, as they are written in a file."""
    choices = ", ".join(entry.choices)
    if entry.kind == "bool":
        return "true, false"
    if entry.kind == "text":
        key = "parameter.range.or_file" if choices else "parameter.range.text"
        return text(language, key, choices=choices)
    if choices:
        return choices
    if entry.low is None:
        return text(language, "parameter.range.any")
    if entry.high is None:
        return text(language, "parameter.range.from", low=number(entry.low))
    return text(language, "parameter.range.between", low=number(entry.low), high=number(entry.high))


def plausible_range(entry: Parameter) -> str:
    """Return the range that the evidence leaves open, empty where none is given; or where a mechanism is off and on."""
    if entry.when_on is not None:
        off = "" if entry.off_at is None else f"off at {number(entry.off_at)}; "
        return f"{off}{number(entry.when_on[0])} to {number(entry.when_on[1])} when on"
    return "" if entry.plausible is None else f"{number(entry.plausible[0])} to {number(entry.plausible[1])}"


def header(language: str = DEFAULT_LANGUAGE) -> list[str]:
    """Return the names of the columns of `table_rows`."""
    return [text(language, f"parameter.header.{name}") for name in HEADER]


def table_rows(entries: Sequence[Parameter], language: str = DEFAULT_LANGUAGE) -> list[list[str]]:
    """Return one row under `header` for each parameter."""
    return [
        [
            entry.path,
            written(entry.default),
            allowed_range(entry, language),
            unit_of(entry, language),
            meaning_of(entry, language),
            entry.source,
        ]
        for entry in entries
    ]


def as_records(entries: Sequence[Parameter], language: str = DEFAULT_LANGUAGE) -> list[dict[str, Any]]:
    """Return each parameter as a dict that JSON can hold; unit and meaning in the language of the reader."""
    changeable = {entry.path for entry in CHANGEABLE}
    return [
        {
            "path": entry.path,
            "default": entry.default,
            "kind": entry.kind,
            "low": entry.low,
            "high": entry.high,
            "choices": list(entry.choices),
            "plausible": entry.plausible,
            "off_at": entry.off_at,
            "when_on": entry.when_on,
            "unit": unit_of(entry, language),
            "meaning": meaning_of(entry, language),
            "source": entry.source,
            "group": entry.group,
            "is_lever": entry.is_lever,
            "can_change": entry.path in changeable,
        }
        for entry in entries
    ]


def markdown_page(entries: Sequence[Parameter]) -> str:
    """Return the page that documents the parameters, one table a section."""
    lines = [
        "# Parameters",
        "",
        "Every key of a scenario file, made from the registry by `intranet-sim parameters --markdown`.",
        "Do not edit this page: change `parameters.json` or `coefficients.csv` in `sim/catalog/data/` instead.",
        "",
        "*Range* is what is allowed. *Plausible* is what the evidence leaves open, for sweeps and sensitivity",
        "analysis; a mechanism that is off by default says at which value, and what range it has when on: sweeps over",
        "all of behavior leave it off. A lever (L) is chosen by the organization; the rest is how the world is. A key",
        "marked C can",
        "change during the run (`changes`). *Source* names an evidence id (T3.17) with a short reference, a",
        "claim of the source articles (claim 3.5, see [sources](sources.md)), or an assumption.",
        "",
        "## Keys that are no parameters",
        "",
        "| key | meaning |",
        "|---|---|",
        *(f"| `{key}` | {_cell(meaning)} |" for key, meaning in TOP_LEVEL.items()),
    ]
    for section in dict.fromkeys(entry.section for entry in entries):
        lines += ["", f"## {_SECTION_TITLES[section]}", "", *_markdown_table(entries, section)]
        if section == "launch":
            lines += ["", *_preset_table()]
    return "\n".join(lines) + "\n"


def _markdown_table(entries: Sequence[Parameter], section: str) -> list[str]:
    changeable = {entry.path for entry in CHANGEABLE}
    lines = [
        "| key | default | range | plausible | unit | | meaning | source |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for entry in entries:
        if entry.section != section:
            continue
        marks = " ".join(["L"] * entry.is_lever + ["C"] * (entry.path in changeable))
        cells = [
            f"`{entry.path}`",
            f"`{written(entry.default)}`",
            allowed_range(entry),
            plausible_range(entry),
            entry.unit,
            marks,
            entry.meaning,
            entry.source,
        ]
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return lines


def _preset_table() -> list[str]:
    """Return the numbers behind each framing preset."""
    lines = [
        "### Framing presets",
        "",
        "`launch.framing` is one of these names, or the numbers themselves. In numbers, `association` and",
        "`clarity` may be left out; the defaults in the table above then hold.",
        "",
        f"| preset | {' | '.join(FramingNumbers._fields)} |",
        f"|---{'|---' * len(FramingNumbers._fields)}|",
    ]
    for name, numbers in PRESETS.items():
        lines.append(f"| `{name}` | {' | '.join(f'{value:.3g}' for value in numbers)} |")
    return lines


def _cell(text: str) -> str:
    """Return text that cannot break a table."""
    return text.replace("|", "\\|")


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
        A valid name (`sim.scenario.grammar.is_valid_name`).
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
        A valid name (`sim.scenario.grammar.is_valid_name`).
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
