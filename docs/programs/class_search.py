"""Search the pairs of the lesson in the model's own results: ``python docs/programs/class_search.py`` (minutes).

Every launch that ships runs at the size of the class edition with ten luck numbers, in organizations that differ in one
thing. Then by rule: which pairs have a clear winner for at least eight of ten students, which of these go against what
is commonly expected, and for which the clear winner is another one in another organization. What is kept is
``docs/class/search.json``; ``docs/class/search.md`` tells it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from class_studies import SHEETS, Study

from sim.kernel.files import write_text
from sim.pages.debrief.findings import LUCK, signs_of
from sim.runs.code_version import code_version
from sim.scenario.library import plain_names, plain_values
from sim.web.answer import answer
from sim.web.page.arc import EMPLOYEES, ROUNDS, RUNS, WEEKS, luck_numbers, seeds_of

CLASS = Path(__file__).resolve().parents[1] / "class"
OUTCOME = "monthly_posters"
N_LUCK = 10
ENOUGH = 8  # of ten students
OF_THE_LAUNCH = ("launch.", "rules.", "leadership.", "platform.", "changes")
ORGANIZATIONS: dict[str, dict[str, Any]] = {
    "as shipped": {},
    "little trust": {"organization.trust": 0.2},
    "much trust": {"organization.trust": 0.9},
    "social is fit for work": {"behavior.read_inappropriate": 0.0},
    "social is unfit for work": {"behavior.read_inappropriate": 1.5},
}
# What is commonly expected to win, written down before the search: (expected to win, expected to lose, who expects it).
EXPECTED = (
    ("like-facebook", "news-channel", "fun draws people, news from management does not"),
    ("like-facebook", "mandated", "fun draws people, an obligation does not (claim 1.8)"),
    ("like-facebook", "unframed", "any message is better than none (claim 1.7)"),
    ("champions-digital-natives", "champions-central", "the young pull the others along (claim 0.2)"),
    ("leaders-post", "no-rules", "the attitude of leaders decides (claim 4.3)"),
    ("leaders-post", "clear-guidance", "the attitude of leaders decides (claim 4.3)"),
    ("appraisal-rewards", "clear-guidance", "people do what they are appraised on (claim 0.6)"),
    ("appraisal-rewards", "no-rules", "people do what they are appraised on (claim 0.6)"),
    ("baseline", "mandated", "what is imposed fails (claim 1.8)"),
    ("baseline", "imposed-migration", "what is imposed fails (claim 1.8)"),
    ("rules-arrive-late", "strict-rules", "rules from the start are worse than rules later"),
    ("no-rules", "clear-guidance", "rules of any kind keep people from writing (claim 3.5)"),
    ("big-bang", "patient-rollout", "everybody at once makes a critical mass"),
)  # fmt: skip

Found = Mapping[str, Mapping[str, Sequence[float]]]


def launches() -> list[str]:
    """Return the scenarios that differ from the usual launch in nothing but the launch."""
    usual = _flat(plain_values("baseline"))
    own = {name: _flat(plain_values(name)) for name in plain_names()}
    differing = {
        name: [key for key in {**usual, **values} if values.get(key) != usual.get(key)] for name, values in own.items()
    }
    words = ("name", "description")
    return [
        name for name, keys in differing.items() if all(key.startswith(OF_THE_LAUNCH) or key in words for key in keys)
    ]


def _flat(values: Mapping[str, Any], start: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{start}{key}.") if isinstance(value, dict) else {start + key: value}
    return flat


def values_of(job: tuple[str, str]) -> list[float]:
    """Return the outcome of every run of a launch in an organization."""
    organization, launch = job
    overrides = {"organization.employees": EMPLOYEES, "run.weeks": WEEKS, **ORGANIZATIONS[organization]}
    detail = {"network": False, "people": False}
    found: list[float] = []
    for luck in luck_numbers(N_LUCK):
        asked = {"scenario": launch, "overrides": overrides, "seeds": seeds_of(luck), "detail": detail}
        found += answer(asked)["outcomes"][OUTCOME]
    return found


def clear(first: Sequence[float], second: Sequence[float]) -> tuple[int, int]:
    """Return for how many luck numbers each of two launches is clearly ahead, as the page has it."""
    found = [0, 0]
    for start in range(0, len(first), RUNS):
        signs = signs_of(first[start : start + RUNS], second[start : start + RUNS], 1)
        if signs.n_first != signs.n_second and signs.p <= LUCK:
            found[signs.n_first < signs.n_second] += 1
    return found[0], found[1]


def against_expectation(found: Found) -> Iterator[dict[str, Any]]:
    """Yield what became of each common expectation."""
    for winner, loser, why in EXPECTED:
        runs = found["as shipped"]
        ahead, behind = clear(runs[winner], runs[loser])
        yield {
            "expected": winner, "other": loser, "because": why, "expected_clear": ahead, "other_clear": behind,
            "means": [_mean(runs[winner]), _mean(runs[loser])],
        }  # fmt: skip


def reversals(found: Found) -> Iterator[dict[str, Any]]:
    """Yield the pairs with one clear winner in one organization and the other one in another."""
    for first, second in combinations(sorted(found["as shipped"]), 2):
        for one, other in combinations(found, 2):
            counts = [clear(found[place][first], found[place][second]) for place in (one, other)]
            for side in (0, 1):
                if counts[0][side] >= ENOUGH and counts[1][1 - side] >= ENOUGH:
                    yield {
                        "pair": [first, second], "organizations": [one, other], "clear": [list(n) for n in counts],
                        "means": [[_mean(found[place][name]) for name in (first, second)] for place in (one, other)],
                    }  # fmt: skip


def of_pair(found: Found, *pair: str) -> Iterator[dict[str, Any]]:
    """Yield, for each organization, what became of two launches."""
    for place, runs in found.items():
        counts = clear(*(runs[name] for name in pair))
        yield {"organization": place, "clear": list(counts), "means": [_mean(runs[name]) for name in pair]}


def _of_study(study: Study) -> dict[str, Any]:
    """Return what a pair of a worksheet gives in the page, at the size of a class, with each luck number."""
    runs: list[list[float]] = []
    for launch in study.scenarios:
        overrides = {"organization.employees": EMPLOYEES, "run.weeks": WEEKS, **study.settings}
        found: list[float] = []
        for luck in luck_numbers(N_LUCK):
            asked = {"scenario": launch, "overrides": overrides, "seeds": seeds_of(luck)}
            found += answer({**asked, "detail": {"network": False, "people": False}})["outcomes"][OUTCOME]
        runs.append(found)
    return {"means": [_mean(values) for values in runs], "clear": list(clear(*runs))}


def pairs_of_worksheets() -> list[Study]:
    """Return the studies of worksheets that a page can show: two launches that ship, in one world."""
    every = [study for sheet in SHEETS.values() for study in sheet]
    return [study for study in every if len(study.scenarios) == 2 and study.n_worlds is None]


def of_worksheets(pool: ProcessPoolExecutor) -> dict[str, Any]:
    """Return what the pairs of all worksheets give in the page, by the name of the study."""
    studies = pairs_of_worksheets()
    return {study.name: found for study, found in zip(studies, pool.map(_of_study, studies), strict=True)}


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)


def searched() -> dict[str, Any]:
    """Run everything and return what is kept."""
    jobs = [(place, launch) for place in ORGANIZATIONS for launch in launches()]
    found: dict[str, dict[str, list[float]]] = {place: {} for place in ORGANIZATIONS}
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for (place, launch), values in zip(jobs, pool.map(values_of, jobs), strict=True):
            found[place][launch] = values
            print(f"{place}: {launch}", file=sys.stderr)
        worksheets = of_worksheets(pool)
    return {
        "made_by": "python docs/programs/class_search.py",
        "code": code_version(),
        "employees": EMPLOYEES, "weeks": WEEKS, "runs": RUNS, "luck_numbers": N_LUCK,
        "means": {place: {name: _mean(values) for name, values in runs.items()} for place, runs in found.items()},
        "expectations": list(against_expectation(found)),
        "reversals": list(reversals(found)),
        "framing": list(of_pair(found, "like-facebook", "collaboration")),
        "first": list(of_pair(found, ROUNDS[0].a, ROUNDS[0].b)),
        "worksheets": worksheets,
    }  # fmt: skip


def clearest(reversals: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return of each pair the two organizations between which the reversal is clearest."""
    best: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for one in reversals:
        pair = tuple(one["pair"])
        if pair not in best or sum(map(max, one["clear"])) > sum(map(max, best[pair]["clear"])):
            best[pair] = one
    return list(best.values())


def told(search: Mapping[str, Any]) -> str:
    """Return the page about the search."""
    n = search["luck_numbers"]

    def percent(value: float) -> str:
        return f"{100 * value:.1f}%"

    lines = [
        "# How the pairs of the lesson were found", "",
        f"Made by `{search['made_by']}`: {len(search['means']['as shipped'])} launches that ship, "
        f"{search['employees']} people, {search['weeks']} weeks, {n} luck numbers with {search['runs']} runs each, in "
        "five organizations. A "
        "winner is clear for a student if a sign test over the pairs of runs says so at 5%, as on the page.", "",
        "## Against what is commonly expected", "",
        "That most people guess wrong is an assumption; what a class guessed is counted in its debrief. Written down "
        "before the search:", "",
        "| expected to win | against | because | posters at the end | clear for it | clear for the other |",
        "|---|---|---|---|---:|---:|",
    ]  # fmt: skip
    for one in search["expectations"]:
        means, clear_ones = " and ".join(map(percent, one["means"])), (one["expected_clear"], one["other_clear"])
        lines.append(
            f"| {one['expected']} | {one['other']} | {one['because']} | {means} | {clear_ones[0]} of {n} "
            f"| {clear_ones[1]} of {n} |"
        )
    lines += ["", "## Where the winner turns around", ""]
    lines += ["Of each pair, the two organizations between which it does so most clearly.", ""]
    lines += ["| pair | in | posters at the end | clear for each |", "|---|---|---|---|"]
    for one in clearest(search["reversals"]):
        for place, means, counts in zip(one["organizations"], one["means"], one["clear"], strict=True):
            lines.append(
                f"| {' – '.join(one['pair'])} | {place} | {' and '.join(map(percent, means))} "
                f"| {counts[0]} and {counts[1]} of {n} |"
            )
    lines += ["", "## The two messages", "", "like-facebook against collaboration:", ""]
    lines += ["| in | posters at the end | clear for each |", "|---|---|---|"]
    for one in search["framing"]:
        means = " and ".join(map(percent, one["means"]))
        lines.append(f"| {one['organization']} | {means} | {one['clear'][0]} and {one['clear'][1]} of {n} |")
    is_turned = any({"like-facebook", "collaboration"} == set(one["pair"]) for one in search["reversals"])
    lines += ["", (
        "The winner turns around for the two messages, too." if is_turned else
        "**For the two messages the model shows no such reversal**: in no organization here is one of them clearly "
        "ahead for eight of ten students and the other one in another organization. The lesson therefore turns around "
        "another pair."
    ), ""]  # fmt: skip
    return "\n".join(lines)


def main(is_words_only: bool = False) -> None:
    """Search, unless what was found is kept, and tell it."""
    if not is_words_only:
        write_text(CLASS / "search.json", json.dumps(searched(), indent=1, ensure_ascii=False) + "\n")
    write_text(CLASS / "search.md", told(json.loads((CLASS / "search.json").read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main(is_words_only="--words" in sys.argv[1:])
