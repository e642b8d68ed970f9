"""Write the pages that are made from the code: ``python docs/make_pages.py``.

``parameters.md`` comes from the registry, ``outcomes.md`` from the table of outcomes and the formulas below,
``evidence.md`` from ``sim/scenario/data/evidence.csv``. A test fails when one of them is stale.
"""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

from sim.scenario.outcome_table import OUTCOMES, Outcome
from sim.scenario.parameter_tables import markdown_page
from sim.scenario.parameters import PARAMETERS

DOCS = Path(__file__).resolve().parent
EVIDENCE = DOCS.parent / "sim" / "scenario" / "data" / "evidence.csv"

OUTCOMES_HEAD = """\
# Outcomes

What is measured, how, and when it is undefined. Made from `sim/scenario/outcome_table.py` and the formulas in
`docs/make_pages.py` by `python docs/make_pages.py`; do not edit this page.

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

KNOWN_LATER = "known when its posts are too old to be read, `item_lifetime` / 5 weeks later (rounded up)"

# How each outcome is computed; the definition in one sentence is in the table of outcomes.
FORMULAS = {
    "reach": "#(has ever read) / N",
    "adoption": "#(has ever posted) / N",
    "weekly_readers": "#(read in the last week) / N",
    "monthly_readers": "#(read in the last month) / N",
    "weekly_posters": "#(posted in the last week) / N",
    "monthly_posters": "#(posted in the last month) / N",
    "weekly_active": "#(posted, replied or reacted in the last week) / N",
    "monthly_active": "#(posted, replied or reacted in the last month) / N",
    "posts_per_employee_month": "posts of the week / N x 20 / 5",
    "interactions_per_employee_month": "(posts + replies + reactions of the week) / N x 20 / 5",
    "work_share": "(work posts + questions of the week) / posts of the week",
    "reply_rate": f"posts of the week with at least one reply / posts of the week; {KNOWN_LATER}",
    "answer_rate": f"questions of the week with an answer / questions of the week; {KNOWN_LATER}",
    "days_to_answer": (
        "sum over first answers of the week of (day of the answer - day of the question) / number of these answers"
    ),
    "top5_share": (
        "content so far by the first 5% of members in the order of content / content so far by all members; "
        "a fraction of a member counts in part"
    ),
    "repeat_writers": "#(members with more than one post or reply) / #(members)",
    "gini": (
        "2 x sum(rank x content) / (M x sum(content)) - (M + 1) / M over the M members; rank 1 has the least content"
    ),
    "age_gap": (
        "#(25 and over, posted in the last month) / #(25 and over) "
        "- #(under 25, posted in the last month) / #(under 25)"
    ),
    "experience_gradient": "Spearman correlation over staff of `leisure_experience` and posts so far, ties averaged",
    "intention_gap": "mean `intention` of those of 25 and over - that of those under 25; fixed from the start",
    "intention_use_correlation": "Spearman correlation over staff of `intention` and posts so far, ties averaged",
    "frame_social": "mean of `frame_social` / sum of the three counts",
    "frame_collaboration": "mean of `frame_collaboration` / sum of the three counts",
    "frame_broadcast": "mean of `frame_broadcast` / sum of the three counts",
    "frame_congruence": (
        "1 - mean over pairs of groups of half the sum of the absolute differences of their mean shares; the pairs are "
        "those of staff, team leads, and managers above them, and that of the two age groups"
    ),
    "cross_department_share": (
        "items read in the week whose author is in another department / items read in the week; news is left out"
    ),
    "knowledge": "mean of k / (k + `value_half`), k the mean stock of one's three topics",
    "metaknowledge": "sum over staff of topics on which an expert is known / 3 N",
    "cohesion": "mean of `cohesion`",
    "cohesion_newcomers": "mean of `cohesion` over staff with less than a year of tenure at the start",
    "cohesion_remote": "mean of `cohesion` over staff with a `remote_share` above 0",
    "weeks_to_critical_mass": "first week with `weekly_posters` of at least `run.critical_share` (and above 0)",
    "peak_week": "first week with the largest `weekly_posters` so far",
    "persistence": "#(has ever posted, and posted, replied or reacted in the last month) / #(has ever posted)",
    "alive": "1 if `weekly_posters` of each of the last 4 weeks is at least `run.critical_share` (and above 0), else 0",
}

# What a reader should know before using the number.
NOTES = {
    "reply_rate": "answers count as replies; reactions do not",
    "answer_rate": "only those with expertise on the topic answer",
    "top5_share": "who has never written is among the members, too",
    "age_gap": "age has no effect of its own; whatever shows up here came about by experience, tenure and boundaries",
    "experience_gradient": "includes staff without access",
    "intention_gap": "`intention` is the chance of posting on a day of reading, before anybody has used the platform",
    "knowledge": "1 would be an endless stock",
    "metaknowledge": "starts above 0: people know the experts among themselves and their contacts",
    "cohesion": "starts at what casual contact gives; no access, no change",
    "peak_week": "in a run that still grows, the last week",
    "alive": "look at the share of runs, not at one run",
    "weeks_to_critical_mass": "missing in runs that never got there, so its mean covers the successful runs only",
}

EVIDENCE_HEAD = """\
# Evidence

The published numbers and findings that the parameters, the workforce and these pages name by an id, such as T3.17.
Made from `sim/scenario/data/evidence.csv` by `python docs/make_pages.py`; do not edit this page.

*Read* says how the number was read: `read` in the source itself or its abstract, `second-hand` quoted elsewhere,
`derived` worked out from published numbers. A range in brackets has its own meaning, which stands behind the unit.
Many rows give a direction and no number; where the model needs a size all the same, its source says *assumption:
size*.

Ids of the form T1 are about frames and framing, T2 about the distribution of use, T3 about what helps and hinders,
T4 about growth, T5 about age and boundaries, T6 about remote work, T7 about who works where and uses what, T8 about
earlier models. Claims with ids from 0.1 to 4.7 are those of the [source articles](sources.md).
"""


def outcomes_page() -> str:
    """Return the page that defines the outcomes."""
    parts = [OUTCOMES_HEAD]
    for level, (title, meaning) in LEVELS.items():
        parts.append(f"## {title}\n\n{meaning}\n")
        parts += [_outcome(outcome) for outcome in OUTCOMES if outcome.level == level]
    return "\n".join(parts)


def _outcome(outcome: Outcome) -> str:
    low, high = f"{outcome.low:g}", "no limit" if outcome.high == float("inf") else f"{outcome.high:g}"
    over_run = "last week" if outcome.over_run == "last" else "mean of the last 4 weeks"
    better = {1: "; better: +", -1: "; better: -", 0: ""}[outcome.better]
    unit = "pure number" if outcome.unit == "1" else outcome.unit
    lines = [
        f"### `{outcome.name}`\n",
        f"{outcome.meaning}\n",
        f"* computed as: {FORMULAS[outcome.name]}",
        f"* unit: {unit}, {low} to {high}{better}",
        f"* over a run: {over_run}",
        f"* undefined: {outcome.when_undefined or 'never'}",
    ]
    if outcome.name in NOTES:
        lines.append(f"* note: {NOTES[outcome.name]}")
    return "\n".join(lines) + "\n"


def read_evidence() -> list[dict[str, str]]:
    """Return the rows of the table of evidence."""
    with open(EVIDENCE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def base_id(row: dict[str, str]) -> str:
    """Return the id without its band: T7.01 for T7.01_15-24."""
    return row["id"].split("_")[0]


def evidence_page() -> str:
    """Return the page that lists the evidence, the bands of a row together."""
    lines = [
        EVIDENCE_HEAD,
        "| id | statistic | value | of whom | source | read |",
        "|---|---|---|---|---|---|",
    ]
    for name, group in groupby(read_evidence(), key=base_id):
        rows = list(group)
        for position, (statistic, same) in enumerate(groupby(rows, key=_without_band)):
            anchor = "" if position else f'<a id="{name.lower()}"></a>'
            lines.append(_evidence_line(anchor + name, statistic, list(same)))
    return "\n".join(lines) + "\n"


def _without_band(row: dict[str, str]) -> str:
    """Return the statistic without the band that ends it."""
    band = row["id"].rpartition("_")[2] if "_" in row["id"] else ""
    return row["statistic"].removesuffix(f": {band}") if band else row["statistic"]


def _evidence_line(name: str, statistic: str, rows: list[dict[str, str]]) -> str:
    first = rows[0]
    values = [f"{row['id'].rpartition('_')[2]}: {_value(row)}" for row in rows] if len(rows) > 1 else [_value(first)]
    value = " ".join(filter(None, ["; ".join(filter(None, values)), first["unit"]]))
    source = f"[{first['source']}]({first['url']})" if first["url"] else f"{first['source']}, see [sources](sources.md)"
    cells = [name, statistic, value, first["population"], source, first["reading"]]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _value(row: dict[str, str]) -> str:
    """Return a value with its range, as in ``31 [31, 85]``."""
    if not row["low"] and not row["high"]:
        return row["value"]
    return f"{row['value']} [{row['low'] or '-'}, {row['high'] or '-'}]"


def pages() -> dict[Path, str]:
    """Return the text of every page that is made from the code."""
    return {
        DOCS / "parameters.md": markdown_page(PARAMETERS),
        DOCS / "outcomes.md": outcomes_page(),
        DOCS / "evidence.md": evidence_page(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {path.name}")
