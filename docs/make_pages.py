"""Write the pages that are made from the code: ``python docs/make_pages.py``.

``parameters.md`` comes from the registry, ``outcomes.md`` from ``sim/words/outcomes.json``,
``sim/scenario/data/shipped.json``, which has the shipped scenarios for where no YAML is read, from ``scenarios/``,
``evidence.md`` from the text in ``parts/evidence.md`` and ``sim/catalog/data/evidence.csv``; ``sim/views.pyi``, what
type checkers see of rows and coefficients, from the tables of the state and the registry. A test fails when one of
them is stale.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from sim.catalog import registry
from sim.catalog.outcomes import OUTCOMES, Outcome
from sim.catalog.registry import PARAMETERS, Parameter
from sim.documents.reference import markdown_page
from sim.evidence.calibration.targets import load_targets
from sim.model.state import PERSON, POST
from sim.scenario import load_scenario
from sim.scenario.library import settings_of, shipped_names
from sim.words import outcome_facts

DOCS = Path(__file__).resolve().parent
EVIDENCE = DOCS.parent / "sim" / "catalog" / "data" / "evidence.csv"
RELATIONS = EVIDENCE.with_name("relations.csv")
VIEWS = DOCS.parent / "sim" / "views.pyi"
SHIPPED = DOCS.parent / "sim" / "scenario" / "data" / "shipped.json"
EVIDENCE_TEXT = DOCS / "parts" / "evidence.md"
WORKFORCE_TABLES = DOCS.parent / "sim" / "organization" / "data"
EVIDENCE_ID = r"\bT\d\.\d\d\b"

ECONOMY_HEAD = """\
# Economy: what was removed, merged or fixed

Made from `sim/catalog/data/coefficients.csv` by `python docs/make_pages.py`; do not edit this page.

Behavior has {n_coefficients} coefficients: what the evidence leaves open, each with a plausible range, varied between
plausible worlds and in sensitivity analysis. {n_constants} numbers more are constants: the unit of something, a span of
time, or a scale that no data could tell from a coefficient beside it. A scenario may set them
(`constants: {{visible_days: 10}}`), and nothing varies them unless asked to.

## Merged or removed

Earlier versions had {n_merged} coefficients more. A scenario that still sets one is told what took its place.

| was | is now | why |
|---|---|---|
{merged}

## Fixed

| constant | value | unit | reason |
|---|---:|---|---|
{fixed}
"""

OUTCOMES_HEAD = """\
# Outcomes

What is measured, how, and when it is undefined. Made from `sim/words/outcomes.json` by
`python docs/make_pages.py`; do not edit this page.

## How to read the definitions

* **Staff** are all N employees, with access or not. **Members** are those who have ever read.
* A **week** has 5 working days, a **month** 20. Outcomes are taken on the evening of the last day of each week; "in
  the last month" means on one of the 20 days that end there.
* **Posts** are work posts, questions and social posts. **Content** is posts and replies. An **answer** is the reply
  of somebody with expertise to a question that was open; it counts as a reply, too. News from management is
  neither.
* `#(...)` counts employees; `mean` is over staff unless it says otherwise.
* **Better** says what an organization usually wants: more (+), less (-), or neither (no sign). It decides the order
  of a ranking and nothing else.

**Over a run.** *Mean of the last 4 weeks*: the mean of the weekly values, weeks without a value left out.
`reply_rate` and `answer_rate` of a week are known only when its posts can no longer be read, so for these two the 4
weeks end that much earlier. *Last week*: the value of the last week; it sums up the whole run. In
`alive` each run has 0 or 1, so the mean over replications is the share of runs.

**Missing values.** What is not defined is missing: `NaN` in Python, null in files and JSON, an en dash in tables.
It is never 0. Every missing value of a run has its reason, in `reasons.parquet` and under the tables of `run` and
`compare`. In a comparison, pairs in which either value is missing are left out, and `n` says how many remain.

Weekly values have the same names, in `series/part-*.parquet` and `IntranetModel.series()`.
"""

LEVELS = {
    "operational": ("Operational: messages", "Who reads and writes, and how much."),
    "tactical": ("Tactical: communities and people", "Who writes for whom, who replies, and how groups differ."),
    "strategic": (
        "Strategic: the organization",
        "What the organization gets: the cost of finding knowledge, knowledge that only it has, identity and cohesion.",
    ),
    "course": ("Course of the adoption", "When it took off, when it peaked, and whether it lasted."),
}

THEMES = {
    "T1": "frames and framing",
    "T2": "use and its inequality",
    "T3": "what helps and hinders",
    "T4": "growth",
    "T5": "age and boundaries",
    "T6": "remote work",
    "T7": "workforce and use outside work",
    "T8": "earlier models",
}

# How a finding came about; the column `kind` of the table of evidence.
KINDS = {
    "official": "official statistics",
    "counted": "counted by a system or an administration",
    "experiment": "experiment",
    "persons": "survey among persons, who speak for themselves",
    "organizations": "survey among organizations, in which one person speaks for all",
    "interviews": "interviews and case studies",
    "opinion": "advice and accounts of practitioners",
    "model": "theory, simulation, or a curve fitted to numbers of others",
    "not said": "the source, as we read it, does not say",
}

# Who gathered it, whoever retells it; the column `publisher`.
PUBLISHERS = {
    "statistics": "statistical offices",
    "research": "researchers",
    "user": "the organization that uses the platform, or somebody who works there",
    "vendor": "who sells such a platform or measures its use",
    "adviser": "consultants and market researchers",
    "press": "journalists and web magazines",
}

OBSERVED = {"official", "counted", "experiment"}
WITHOUT_STAKE = {"statistics", "research"}
GRADES = "ABCD"
# Units that count what was studied instead of saying what was found.
NOT_A_SIZE = {"interviews", "respondents", "employees", "types", "factors"}

TARGET_USES = {"used": "used", "check": "only compared", "unused": "unused"}

# Sections of the registry as the page on evidence counts them: the coefficients in their tables.
BEHAVIOR_GROUPS = {f"behavior: {part}": entries for part, entries in registry.BEHAVIOR_BY_PART.items()}


def economy_page() -> str:
    """Return the page on what was removed, merged or fixed."""
    merged = [
        f"| `{name}` | {f'`{successor}`' if successor else '(removed)'} | {why} |"
        for name, (successor, why) in sorted(registry.MERGED.items())
    ]
    fixed = [
        f"| `{entry.path}` | {entry.default:g} | {entry.unit} | {entry.source.removeprefix('fixed: ')} |"
        for entry in registry.CONSTANTS
    ]
    return ECONOMY_HEAD.format(
        n_coefficients=len(registry.COEFFICIENTS),
        n_constants=len(registry.CONSTANTS),
        n_merged=len(registry.MERGED),
        merged="\n".join(merged),
        fixed="\n".join(fixed),
    )


def outcomes_page() -> str:
    """Return the page that defines the outcomes."""
    parts = [OUTCOMES_HEAD]
    for level, (title, meaning) in LEVELS.items():
        parts.append(f"## {title}\n\n{meaning}\n")
        parts += [_outcome(outcome) for outcome in OUTCOMES if outcome.level == level]
    return "\n".join(parts)


def _outcome(outcome: Outcome) -> str:
    facts = outcome_facts()["outcomes"][outcome.name]
    low, high = f"{outcome.low:g}", "no limit" if outcome.high == float("inf") else f"{outcome.high:g}"
    over_run = "last week" if outcome.over_run == "last" else "mean of the last 4 weeks"
    better = {1: "; better: +", -1: "; better: -", 0: ""}[outcome.better]
    unit = "pure number" if outcome.unit == "1" else outcome.unit
    lines = [
        f"### `{outcome.name}`\n",
        f"{outcome.meaning}\n",
        f"* computed as: {facts['formula']}",
        f"* unit: {unit}, {low} to {high}{better}",
        f"* over a run: {over_run}",
        f"* undefined: {outcome.when_undefined or 'never'}",
    ]
    if "note" in facts:
        lines.append(f"* note: {facts['note']}")
    return "\n".join(lines) + "\n"


def read_evidence() -> list[dict[str, str]]:
    """Return the rows of the table of evidence."""
    with open(EVIDENCE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_relations() -> list[dict[str, str]]:
    """Return the rows of the table of relations that bound the coefficients."""
    with open(RELATIONS, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def relations_table() -> str:
    """Return the relations, each with the coefficients that it bears on and what the model makes of it."""
    rows = []
    for row in read_relations():
        bears = ", ".join(f"`{registry.parameter(path).path}`" for path in filter(None, row["bears"].split("; ")))
        anchor = f'<a id="{row["id"].lower()}"></a>{row["id"]}'
        rows.append([anchor, f"{row['relation']}.", row["source"], row["reading"], bears or "–", row["acts"]])
    return _table(["id", "relation", "source", "read", "bears on", "in the model"], rows, 6)


def base_id(row: dict[str, str]) -> str:
    """Return the id without its band: T7.01 for T7.01_15-24."""
    return row["id"].split("_")[0]


def grade(row: dict[str, str]) -> str:
    """Return how a row came to us: A without any of three doubts, D with all of them.

    The doubts: it was not read in full (second-hand, derived, or from an abstract); it was not observed but asked,
    told or worked out; it was not published by researchers or a statistical office.
    """
    doubts = (
        row["reading"] != "read" or "abstract" in row["source"],
        row["kind"] not in OBSERVED,
        row["publisher"] not in WITHOUT_STAKE,
    )
    return GRADES[sum(doubts)]


def evidence_page() -> str:
    """Return the page on evidence: the text, with its counts filled in, and the table, the bands of a row together."""
    lines = [
        evidence_text(),
        "| id | statistic | value | of whom | source | read | kind | published by | grade | taken up by |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, group in groupby(read_evidence(), key=base_id):
        rows = list(group)
        taken = taken_up_by(name)
        for position, (statistic, same) in enumerate(groupby(rows, key=_without_band)):
            anchor = "" if position else f'<a id="{name.lower()}"></a>'
            lines.append(_evidence_line(anchor + name, statistic, list(same), taken))
    return "\n".join(lines) + "\n"


def evidence_text() -> str:
    """Return the hand-written part of the page on evidence, with counts, and every id linked to its row.

    Raises
    ------
    KeyError
        If the text asks for a count that there is not.
    """
    counts = evidence_counts()
    text = EVIDENCE_TEXT.read_text(encoding="utf-8").replace("](../", "](")
    text = re.sub(EVIDENCE_ID, lambda match: f"[{match[0]}](#{match[0].lower()})", text)
    return re.sub(r"\{\{([^}]+)\}\}", lambda match: counts[match[1]], text)


def evidence_counts() -> dict[str, str]:
    """Return every number and table that the text may ask for."""
    findings = [next(group) for _, group in groupby(read_evidence(), key=base_id)]
    reading = Counter(row["reading"] for row in findings)
    abstracts = sum(row["reading"] == "read" and "abstract" in row["source"] for row in findings)
    levels, of_behavior = Counter(map(support, PARAMETERS)), Counter(map(support, registry.BEHAVIOR))
    numbers = {
        "findings": len(findings),
        "rows": len(read_evidence()),
        "relations": len(read_relations()),
        "sized": sum(map(has_size, findings)),
        "unsized": len(findings) - sum(map(has_size, findings)),
        "read": reading["read"],
        "full": reading["read"] - abstracts,
        "abstracts": abstracts,
        "second-hand": reading["second-hand"],
        "derived": reading["derived"],
        "parameters": len(PARAMETERS),
        "coefficients": len(registry.COEFFICIENTS),
        **{f"parameters {level}": levels[level] for level in SUPPORT},
        **{f"coefficients {level}": of_behavior[level] for level in SUPPORT},
        **{f"grade {letter}": sum(grade(row) == letter for row in findings) for letter in GRADES},
    }
    tables = {
        "table themes": theme_table(findings),
        "table kinds": count_table("kind", KINDS, findings),
        "table publishers": count_table("publisher", PUBLISHERS, findings),
        "table targets": target_grade_table(findings),
        "table support": support_table(),
        "table relations": relations_table(),
        "list assumed": assumed_list(),
    }
    return {name: str(number) for name, number in numbers.items()} | tables


def has_size(row: dict[str, str]) -> bool:
    """Return whether a finding says how much, and not only in which direction or in words."""
    return bool(row["value"]) and row["unit"] not in NOT_A_SIZE


def _table(headers: Sequence[str], rows: Iterable[Sequence[object]], n_left: int = 1) -> str:
    rule = ["---"] * n_left + ["---:"] * (len(headers) - n_left)
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in [headers, rule, *rows])


def _grade_counts(rows: Sequence[dict[str, str]]) -> list[int]:
    counts = Counter(map(grade, rows))
    return [counts[letter] for letter in GRADES]


def theme_table(findings: Sequence[dict[str, str]]) -> str:
    """Return how many findings there are on each theme, and how good they are."""
    rows = []
    for prefix, theme in THEMES.items():
        mine = [row for row in findings if row["id"].startswith(prefix)]
        rows.append([f"{prefix}, {theme}", len(mine), sum(map(has_size, mine)), *_grade_counts(mine)])
    return _table(["theme", "findings", "with a size", *GRADES], rows)


def count_table(column: str, meanings: dict[str, str], findings: Sequence[dict[str, str]]) -> str:
    """Return how many findings there are of each kind, or from each publisher, and how they were read."""
    rows = []
    for value, meaning in meanings.items():
        mine = [row for row in findings if row[column] == value]
        reading = Counter(row["reading"] for row in mine)
        rows.append([value, meaning, len(mine), *(reading[way] for way in ("read", "second-hand", "derived"))])
    return _table([column, "which means", "findings", "read", "second-hand", "derived"], rows, 2)


def target_grade_table(findings: Sequence[dict[str, str]]) -> str:
    """Return the grades of the findings behind the targets of the calibration."""
    rows = []
    for use, words in TARGET_USES.items():
        ids = [target.row for target in load_targets() if target.use == use]
        mine = [row for name in ids for row in findings if base_id(row) == name]
        rows.append([words, len(ids), *_grade_counts(mine)])
    return _table(["targets", "number", *GRADES], rows)


SUPPORT = {
    "published": "value or choice from a source",
    "calibrated": "default set by the calibration",
    "direction": "a source or claim behind it, size or choice assumed",
    "assumed": "assumed",
}


def support(entry: Parameter) -> str:
    """Return how far a parameter rests on anything published, as its source says."""
    if entry.source.startswith("calibrated"):
        return "calibrated"
    if entry.source.startswith("assumption"):
        return "assumed"
    return "direction" if "assumption" in entry.source or "direction" in entry.source else "published"


def registry_groups() -> dict[str, Sequence[Parameter]]:
    """Return the parameters by group, the coefficients of behavior by table."""
    names = dict.fromkeys(entry.group for entry in PARAMETERS if entry.group != "behavior")
    others = {name: [entry for entry in PARAMETERS if entry.group == name] for name in names}
    return {**others, **BEHAVIOR_GROUPS}


def support_table() -> str:
    """Return how many parameters of each group rest on what."""
    rows = []
    for name, entries in registry_groups().items():
        counts = Counter(map(support, entries))
        rows.append([name, len(entries), *(counts[level] for level in SUPPORT)])
    counts = Counter(map(support, PARAMETERS))
    rows.append(["all", len(PARAMETERS), *(counts[level] for level in SUPPORT)])
    return _table(["group", "parameters", *SUPPORT.values()], rows)


def assumed_list() -> str:
    """Return the names of the parameters that nothing published stands behind, by group."""
    lines = []
    for name, entries in registry_groups().items():
        mine = [f"`{entry.path}`" for entry in entries if support(entry) == "assumed"]
        if mine:
            lines.append(f"* **{name}** ({len(mine)}): {', '.join(mine)}.")
    return "\n".join(lines)


def taken_up_by(name: str) -> str:
    """Return what of the model names a finding: parameters, the workforce, targets of the calibration."""
    keys = [f"`{entry.path}`" for entry in PARAMETERS if name in entry.source]
    targets = [f"target, {TARGET_USES[target.use]}" for target in load_targets() if target.row == name]
    tables = [
        path.name
        for path in sorted(WORKFORCE_TABLES.glob("*.csv"))
        if path.name != "profiles.csv" and name in path.read_text(encoding="utf-8")
    ]
    return "; ".join([*keys, *dict.fromkeys(targets), *(f"workforce, `{table}`" for table in tables)]) or "–"


def _without_band(row: dict[str, str]) -> str:
    """Return the statistic without the band that ends it."""
    band = row["id"].rpartition("_")[2] if "_" in row["id"] else ""
    return row["statistic"].removesuffix(f": {band}") if band else row["statistic"]


def _evidence_line(name: str, statistic: str, rows: list[dict[str, str]], taken: str) -> str:
    first = rows[0]
    values = [f"{row['id'].rpartition('_')[2]}: {_value(row)}" for row in rows] if len(rows) > 1 else [_value(first)]
    value = " ".join(filter(None, ["; ".join(filter(None, values)), first["unit"]]))
    source = f"[{first['source']}]({first['url']})" if first["url"] else f"{first['source']}, see [sources](sources.md)"
    origin = [first["reading"], first["kind"], first["publisher"], grade(first)]
    cells = [name, statistic, value, first["population"], source, *origin, taken]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _value(row: dict[str, str]) -> str:
    """Return a value with its range, as in ``31 [31, 85]``."""
    if not row["low"] and not row["high"]:
        return row["value"]
    return f"{row['value']} [{row['low'] or '-'}, {row['high'] or '-'}]"


VIEWS_HEAD = """\
# What the rules see, for type checkers alone: a coefficient, column or field that does not exist is refused.
# Made from `sim/catalog/data/coefficients.csv` and `sim/model/state.py` by `python docs/make_pages.py`; do not edit it.

from typing import NamedTuple
"""


def views() -> str:
    """Return the types of the rows and records that are made from tables, so that no type checker sees into them."""
    kinds = {np.float64: "float", np.int32: "int"}
    posts = ["def __getitem__(self, slot: int, /) -> Post: ...", "def __len__(self) -> int: ..."]
    classes = {
        "Coefficients(NamedTuple)": [f"{entry.name}: float" for entry in registry.BEHAVIOR],
        "Person": [f"{name}: {kinds[kind]}" for name, kind in PERSON],
        "Post": [f"{name}: {kinds[kind]}" for name, kind in POST],
        "Posts": posts,
    }
    return VIEWS_HEAD + "".join(
        f"\nclass {name}:\n" + "".join(f"    {line}\n" for line in lines) for name, lines in classes.items()
    )


def shipped() -> str:
    """Return what each shipped scenario sets other than the defaults."""
    settings = {name: settings_of(load_scenario(name).resolved()) for name in shipped_names()}
    return json.dumps(settings, indent=1, ensure_ascii=False) + "\n"


def pages() -> dict[Path, str]:
    """Return the text of every page that is made from the code."""
    return {
        VIEWS: views(),
        SHIPPED: shipped(),
        DOCS / "parameters.md": markdown_page(PARAMETERS),
        DOCS / "outcomes.md": outcomes_page(),
        DOCS / "economy.md": economy_page(),
        DOCS / "evidence.md": evidence_page(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {path.name}")
