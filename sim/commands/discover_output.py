"""What ``discover`` prints: the answer in words, what each limit is worth, and what to keep in mind."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.commands.discover_texts import DISCOVER_TEXTS
from sim.commands.tables import Table, print_table, print_text
from sim.study.discovery.cases import SCENARIO
from sim.study.discovery.discovering import Discovery, Found
from sim.study.discovery.wording import (
    TEXTS,
    factor_label,
    glossary_entry,
    limit_text,
    percent,
    sentences,
)
from sim.study.wording import label, number

SMALLEST_P = 0.001


def print_discovery(discovery: Discovery, folder: Path, language: str = "en") -> None:
    """Print what was found, on stdout."""
    texts = DISCOVER_TEXTS[language]
    for place, sentence in enumerate(sentences(discovery, language)):
        print_text(sentence, is_strong=place < max(1, len(discovery.boxes)))
    for place, found in enumerate(discovery.boxes, start=1):
        print_text()
        print_text(texts["box"].format(number=place), is_strong=True)
        print_table(_limits_table(found, discovery, language))
        for line in _together_lines(found, discovery, language):
            print_text(line)
        print_text()
        print_text(texts["trade-off"].format(number=place), is_strong=True)
        print_table(_trade_off_table(found, discovery, language))
    print_text()
    for line in _facts(discovery, language):
        print_text(line)
    _print_glossary(discovery, language)
    print_text()
    if discovery.boxes:
        print_text(texts["about"].format(unit=TEXTS[language][discovery.unit]))
    print_text(texts["results"].format(folder=folder))


def _limits_table(found: Found, discovery: Discovery, language: str) -> Table:
    texts, names = DISCOVER_TEXTS[language], discovery.space.names
    headers = [texts["limit"], *(f">{texts[key]}" for key in ("density", "coverage", "quasi p", "again"))]
    table = Table(headers)
    table.add(texts["whole box"], percent(found.counts.density, language), percent(found.coverage, language), "", "")
    for index, limit in found.limits.items():
        dropped = found.dropped[index]
        table.add(
            f"{texts['without'].lower()}: {limit_text(limit, factor_label(limit.factor.name, names), language)}",
            percent(dropped.counts.density, language),
            percent(dropped.counts.n_cases_inside / found.n_all_cases, language),
            p_text(dropped.p, language),
            texts["k of n"].format(k=dropped.n_found, n=found.held_out.n_folds),
        )
    return table


def p_text(p: float, language: str) -> str:
    """Return a small probability."""
    return f"<{number(SMALLEST_P, 3, language)}" if p < SMALLEST_P else number(p, 3, language)


def _together_lines(found: Found, discovery: Discovery, language: str) -> list[str]:
    names = discovery.space.names
    return [
        DISCOVER_TEXTS[language]["together"].format(
            factor=factor_label(limit.factor.name, names),
            others=TEXTS[language]["and"].join(factor_label(name, names) for name in found.dropped[index].together),
        )
        for index, limit in found.limits.items()
        if found.dropped[index].together
    ]


def _trade_off_table(found: Found, discovery: Discovery, language: str) -> Table:
    texts = DISCOVER_TEXTS[language]
    inside = texts["inside"].format(unit=TEXTS[language][discovery.unit])
    headers = [f">{text}" for text in (texts["limits"], texts["coverage"], texts["density"], inside)]
    table = Table([*headers, ""])
    for point in found.trade_off:
        table.add(
            str(point.n_limits),
            percent(point.coverage, language),
            percent(point.density, language),
            str(point.n_inside),
            texts["chosen"] if point.is_chosen else "",
        )
    return table


def _facts(discovery: Discovery, language: str) -> list[str]:
    """Return what the answer rests on, a line each."""
    texts, unit = DISCOVER_TEXTS[language], TEXTS[language][discovery.unit]
    cases, n = discovery.cases, len(discovery.holds)
    n_replications = cases.values.shape[1]
    lines = []
    if n:
        replications = texts["replication" if n_replications == 1 else "replications"].format(n=n_replications)
        facts = {"n_cases": int(discovery.holds.sum()), "base_rate": percent(discovery.base_rate, language)}
        lines.append(texts["rows"].format(n=n, unit=unit, replications=replications, **facts))
    if discovery.sides:
        lines.append(texts["pairs"])
    n_blocks = len(np.unique(discovery.blocks))
    if n_blocks < n:
        lines.append(texts["blocks"].format(n=n_blocks))
    if n:
        n_disputed = cases.n_disputed(discovery.condition)
        key = "one replication" if n_replications == 1 else "disputed" if n_disputed else "undisputed"
        lines.append(texts[key].format(n=n_disputed, total=n, unit=unit))
    return lines + _left_out(discovery, language)


def _left_out(discovery: Discovery, language: str) -> list[str]:
    texts, unit = DISCOVER_TEXTS[language], TEXTS[language][discovery.unit]
    lines = []
    if discovery.n_without_value:
        outcome = label(discovery.condition.outcome, language)
        lines.append(texts["no value"].format(n=discovery.n_without_value, unit=unit, outcome=outcome))
    if discovery.n_values_missing:
        lines.append(texts["no value runs"].format(n=discovery.n_values_missing))
    if discovery.cases.n_without_partner:
        lines.append(texts["no partner"].format(n=discovery.cases.n_without_partner))
    runs = discovery.results.manifest.get("runs") or {}
    if runs.get("finished", 0) < runs.get("planned", 0):
        lines.append(texts["unfinished"].format(n=runs["finished"], total=runs["planned"]))
    if discovery.dummy_chosen is not None:
        lines.append(texts["dummy" if discovery.dummy_chosen else "dummy not"])
    return lines


def _print_glossary(discovery: Discovery, language: str) -> None:
    """Print what the factors in the boxes mean."""
    names = discovery.space.names
    shown = [*discovery.boxes, *([discovery.rejected] if discovery.rejected else [])]
    used = dict.fromkeys(limit.factor.name for found in shown for limit in found.limits.values())
    lines = []
    for name in used:
        meaning = glossary_entry(name)
        if name != SCENARIO and (meaning or factor_label(name, names) != name):
            lines.append(f"  {factor_label(name, names)} ({name}){': ' if meaning else ''}{meaning}")
    if lines:
        print_text()
        print_text(DISCOVER_TEXTS[language]["glossary"], is_strong=True)
    for line in lines:
        print_text(line)
