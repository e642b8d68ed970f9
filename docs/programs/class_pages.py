"""Fill the teaching kit in ``docs/class`` with runs actually made: ``python docs/programs/class_pages.py`` (minutes).

Runs every command of the worksheets, keeps what came out in ``docs/class/runs.json``, and fills the marked places of
the pages in both languages. Words around a number that depend on it are chosen here (see ``class_words.py``); all other
text is written by hand. ``--words`` fills the pages again from the kept runs, without running anything.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from class_studies import POSTERS, SHEETS, Record, Study, conducted, paired
from class_words import LANGUAGES, answer, said

from sim.analysis.over_worlds import REPLICATIONS_PER_WORLD
from sim.analysis.statistics import MeanInterval
from sim.analysis.verdict import Verdict, verdict
from sim.analysis.wording import OUTCOME_BY_NAME, difference_number, interval_text, label, value_text
from sim.experiments.world_sets import CALIBRATED, is_there
from sim.kernel.files import write_text
from sim.runs.code_version import code_version, versions
from sim.version import __version__
from sim.words import number, percent

CLASS = Path(__file__).resolve().parents[1] / "class"
RUNS = "runs.json"
KINDS = {"differs slightly": "slight", "alike": "none", "same": "none", "cannot tell": "unsure"}
NAMES_OF_AGES = {"age_gap": ("older", "younger"), "intention_gap": ("older", "younger")}
NAMES_OF_EXPERIENCE = {"experience_gradient": ("experienced", "inexperienced")}


# --- what is run -----------------------------------------------------------------------------------------------------


def run_all(replications: int | None = None) -> Record:
    """Run every study and return all that is kept of them."""
    started = time.monotonic()
    studies: dict[str, Record] = {}
    for study in (study for sheet in SHEETS.values() for study in sheet):
        studies[study.name] = conducted(study, replications)
        if studies[study.name]["failed"]:
            raise RuntimeError(f"runs failed: {study.command}")
        print(f"{time.monotonic() - started:4.0f} s  {study.command}", file=sys.stderr)
    return {
        "made_by": "python docs/programs/class_pages.py",
        "date": datetime.now(UTC).date().isoformat(),
        "version": __version__,
        "code": code_version(),
        "versions": versions(),
        "worlds": "calibrated" if is_there(CALIBRATED) else "prior",
        "studies": studies,
    }


# --- what is said ----------------------------------------------------------------------------------------------------


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], n_left: int = 1) -> str:
    """Return a table, all columns but the first `n_left` and the last aligned to the right."""
    rule = ["---" if place < n_left or place == len(headers) - 1 else "---:" for place in range(len(headers))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [list(headers), rule, *rows])


def judged(study: Record, row: Mapping[str, Any], language: str) -> Verdict:
    """Return what the project says about a difference."""
    is_over_worlds = study["worlds"] is not None or paired(row).spread is not None
    return verdict(row["a"], row["b"], row["outcome"], paired(row), language=language, is_over_worlds=is_over_worlds)


def kind_of(study: Record, row: Mapping[str, Any]) -> str:
    """Return ahead or behind for a difference that matters, or slight, none or unsure."""
    kind = judged(study, row, "en").kind
    return KINDS[kind] if kind in KINDS else "ahead" if paired(row).mean > 0 else "behind"


def chosen_answer(kind: str) -> str:
    """Return which of the three answers belongs to a verdict."""
    return kind if kind in ("ahead", "behind") else "level"


def sentence(study: Record, text: str) -> str:
    """Return a verdict as a sentence; the name of a scenario in front of it stays as it is."""
    is_name = text.startswith(tuple(study["scenarios"]))
    return f"{text if is_name else text[0].upper() + text[1:]}."


def comparison(name: str, study: Record, language: str) -> str:
    """Return question, table, verdict and answer of a comparison of two."""
    first, second = study["scenarios"]
    means = {(row["scenario"], row["outcome"]): row["mean"] for row in study["means"]}
    rows = []
    for row in study["differences"]:
        outcome, difference = row["outcome"], paired(row)
        mean = difference_number(outcome, difference.mean, language, is_signed=True)
        rows.append(
            [
                label(outcome, language),
                *(value_text(outcome, _number(means[scenario, outcome]), language) for scenario in (first, second)),
                f"{mean} {interval_text(outcome, difference.low, difference.high, language)}",
                said(
                    "of_ties" if difference.n_ties else "of", language,
                    k=difference.n_a_greater, n=difference.n, ties=difference.n_ties,
                ),
                said(kind_of(study, row), language),
            ]
        )  # fmt: skip
    heads = [said("outcome", language), first, second, said("difference", language)]
    counted = said("in_worlds" if study["worlds"] else "in_pairs", language)
    heads += [f"{first} {counted}", f"{first}: {said('verdict', language)}"]
    main = study["differences"][0]
    words = answer(name, chosen_answer(kind_of(study, main)), language)
    return (
        f"{heading(answer(name, 'question', language), study)}\n\n{table(heads, rows)}\n\n"
        f"*{sentence(study, judged(study, main, language).text)}* {words}{in_the_page(name, study, language)}"
    )


def in_the_page(name: str, study: Record, language: str) -> str:
    """Return what students see of a pair in the page, in one typical world and at the size of a class."""
    search = kept_search()
    found = search["worksheets"].get(name)
    if found is None:
        return ""
    first, second = study["scenarios"]
    a, b = (value_text(POSTERS, mean, language) for mean in found["means"])
    kind = kind_of(study, study["differences"][0])
    weeks = study["weeks"] if name == "patience-half" else search["weeks"]
    line = said(
        "in_page", language, people=search["employees"], weeks=weeks, runs=search["runs"], n=search["luck_numbers"],
        first=first, second=second, a=a, b=b, k=found["clear"][0], m=found["clear"][1],
    )  # fmt: skip
    differs = chosen_answer(kind) == "level" and max(found["clear"]) > search["luck_numbers"] / 2
    differs |= chosen_answer(kind) != "level" and max(found["clear"]) <= search["luck_numbers"] / 2
    turned, note = said("in_page_turned", language), said("in_page_note", language)
    words = turned if points_the_other_way(kind, found["clear"]) else note if differs else ""
    return f"\n\n{line} {words}".rstrip()


def points_the_other_way(kind: str, clear: Sequence[int]) -> bool:
    """Say whether the typical world of the page has another winner than the worlds of a worksheet on average."""
    ahead, behind = (n > 1 for n in clear)
    return (kind == "ahead" and behind) or (kind == "behind" and ahead)


def people(name: str, study: Record, language: str) -> str:
    """Return question, tables and answer of a run that is about who posts."""
    rows, kinds = [], []
    for row in study["means"]:
        interval = MeanInterval(*(_number(row[key]) for key in ("mean", "low", "high")), row["n"], "")
        kinds.append(kind_of_mean(row["outcome"], interval))
        names = {**NAMES_OF_AGES, **NAMES_OF_EXPERIENCE}[row["outcome"]]
        kind = {"ahead": names[0], "behind": names[1]}.get(kinds[-1], kinds[-1])
        rows.append(
            [
                label(row["outcome"], language),
                difference_number(row["outcome"], interval.mean, language, is_signed=True),
                interval_text(row["outcome"], interval.low, interval.high, language),
                said(kind, language),
            ]
        )
    heads = [said(key, language) for key in ("outcome", "mean", "interval", "verdict")]
    ages = [
        [
            said(f"age.{band['group'].replace(' ', '_')}", language),
            value_text(POSTERS, _number(band["mean"]), language),
            interval_text(POSTERS, _number(band["low"]), _number(band["high"]), language),
        ]
        for band in study["ages"]
    ]
    age_heads = [said("age", language), label(POSTERS, language), said("interval", language)]
    return (
        f"{heading(answer(name, 'question', language), study)}\n\n{table(heads, rows)}\n\n{table(age_heads, ages)}\n\n"
        f"{answer(name, chosen_answer(kinds[0]), language)}"
    )


def kind_of_mean(outcome: str, interval: MeanInterval) -> str:
    """Return on which side of zero an interval lies: ahead (above), behind, slight, none or unsure."""
    smallest = 0.01 if OUTCOME_BY_NAME[outcome].unit != "1" else 0.05  # a point of staff, or a correlation worth a word
    is_small = -smallest < interval.low and interval.high < smallest
    if interval.low <= 0 <= interval.high:
        return "none" if is_small else "unsure"
    return "slight" if is_small else "ahead" if interval.low > 0 else "behind"


def ranking(name: str, study: Record, language: str) -> str:
    """Return question, table and answer of a comparison of many."""
    means = {row["scenario"]: row for row in study["means"]}
    rows = []
    for row in study["ranks"]:
        mean = means[row["scenario"]]
        interval = interval_text(POSTERS, _number(mean["low"]), _number(mean["high"]), language)
        rows.append(
            [
                row["scenario"],
                f"{value_text(POSTERS, _number(mean['mean']), language)} {interval}",
                number(_number(row["rank"]), 0, language),
                f"{number(_number(row['low']), 0, language)}–{number(_number(row['high']), 0, language)}",
                percent(_number(row["share_first"]), 0, language),
            ]
        )
    heads = [said("plan", language), label(POSTERS, language)]
    heads += [said(key, language) for key in ("place", "places", "first")]
    first, *others = study["ranks"]
    rivals = [row["scenario"] for row in others if _number(row["low"]) <= 1]
    result = (
        said("first_some", language, name=first["scenario"], others=said("or", language).join(rivals))
        if rivals or _number(first["high"]) > 1
        else said("first_one", language, name=first["scenario"])
    )
    verdicts = [f"* {sentence(study, judged(study, row, language).text)}" for row in study["differences"]]
    return f"{heading(answer(name, 'question', language), study)}\n\n{table(heads, rows)}\n\n{result}\n\n" + "\n".join(
        verdicts
    )


def heading(question: str, study: Record) -> str:
    """Return what stands above the answer to a question."""
    return f"### {question}\n\n`{study['command']}`"


def answers(study: Study, kept: Record, language: str) -> str:
    """Return all that a worksheet says about a study."""
    if "ranks" in kept:
        return ranking(study.name, kept, language)
    return (people if len(study.scenarios) == 1 else comparison)(study.name, kept, language)


def made(sheet: Sequence[Study], runs: Record, language: str) -> str:
    """Return from what runs a worksheet's numbers come."""
    kept = [runs["studies"][study.name] for study in sheet]
    pairs = [row["n"] for study in kept if not study["worlds"] for row in study["means"]]
    worlds = [study["worlds"] for study in runs["studies"].values() if study["worlds"]]
    return said(
        "made", language, date=runs["date"], version=runs["version"], code=runs["code"].partition("+")[2],
        employees=kept[0]["employees"], weeks=kept[0]["weeks"], seed=kept[0]["seed"], pairs=max(pairs),
        worlds=worlds[0], source=said(runs["worlds"], language), per_world=REPLICATIONS_PER_WORLD,
    )  # fmt: skip


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


# --- where it is put -------------------------------------------------------------------------------------------------


def blocks(runs: Record, language: str) -> Iterator[tuple[Path, str, str]]:
    """Yield page, name and text of every marked place."""
    folder = CLASS / language
    for name, sheet in SHEETS.items():
        text = "\n\n".join(answers(study, runs["studies"][study.name], language) for study in sheet)
        yield folder / f"{name}.md", "answers", text
        yield folder / f"{name}.md", "made", made(sheet, runs, language)


def replaced(page: str, name: str, text: str) -> str:
    """Return the page with another text between the marks of `name`.

    Raises
    ------
    ValueError
        If the page has no such marks.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    before, mark, rest = page.partition(start)
    _, end_mark, after = rest.partition(end)
    if not mark or not end_mark:
        raise ValueError(f"no place {name}")
    return f"{before}{start}{text}\n{end_mark}{after}"


def filled(runs: Record) -> dict[Path, str]:
    """Return the text of every page of the kit that has marked places, filled."""
    pages: dict[Path, str] = {}
    for language in LANGUAGES:
        for path, name, text in blocks(runs, language):
            page = pages[path] if path in pages else path.read_text(encoding="utf-8")
            pages[path] = replaced(page, name, text)
    return pages


@cache
def kept_search() -> Record:
    """Return what the search kept, the pairs of worksheets at the size of a class among them."""
    found: Record = json.loads((CLASS / "search.json").read_text(encoding="utf-8"))
    return found


def kept_runs() -> Record:
    """Return the runs kept beside the pages."""
    found: Record = json.loads((CLASS / RUNS).read_text(encoding="utf-8"))
    return found


def main(is_words_only: bool = False, replications: int | None = None) -> None:
    """Run the studies, unless they are kept, and fill the pages."""
    if not is_words_only:
        write_text(CLASS / RUNS, json.dumps(run_all(replications), indent=1, ensure_ascii=False) + "\n")
    for path, text in filled(kept_runs()).items():
        write_text(path, text)


if __name__ == "__main__":
    main(is_words_only="--words" in sys.argv[1:])
