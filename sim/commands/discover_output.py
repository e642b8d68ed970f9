"""What ``discover`` prints: the answer in words, what each limit is worth, and what to keep in mind."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.commands.tables import Table, print_table, print_text
from sim.study.discovery.cases import SCENARIO
from sim.study.discovery.discovery import Discovery, Found
from sim.study.discovery.findings import factor_label, glossary_entry, limit_text, sentences, told_limits, unit_text
from sim.study.wording import label
from sim.texts import counted, number, percent, text

SMALLEST_P = 0.001


def print_discovery(discovery: Discovery, folder: Path, language: str = "en") -> None:
    """Print what was found, on stdout."""
    for place, sentence in enumerate(sentences(discovery, language)):
        print_text(sentence, is_strong=place < max(1, len(discovery.boxes)))
    for place, found in enumerate(discovery.boxes, start=1):
        print_text()
        print_text(text(language, "discover.box", number=place), is_strong=True)
        print_table(_limits_table(found, discovery, language))
        for line in _together_lines(found, discovery, language):
            print_text(line)
        print_text()
        print_text(text(language, "discover.trade_off", number=place), is_strong=True)
        print_table(_trade_off_table(found, discovery, language))
    print_text()
    for line in _facts(discovery, language):
        print_text(line)
    _print_glossary(discovery, language)
    print_text()
    if discovery.boxes:
        print_text(text(language, "discover.about", unit=unit_text(discovery, language)))
    print_text(text(language, "discover.results", folder=folder))


def _limits_table(found: Found, discovery: Discovery, language: str) -> Table:
    names = discovery.space.names
    without = text(language, "discover.without").lower()
    numbers = ("discover.density", "discover.coverage", "discover.quasi_p", "discover.again")
    table = Table([text(language, "discover.limit"), *(f">{text(language, key)}" for key in numbers)])
    table.add(
        text(language, "discover.whole_box"),
        percent(found.counts.density, 0, language),
        percent(found.coverage, 0, language),
        "",
        "",
    )
    for index, limit in told_limits(found, discovery):
        dropped = found.dropped[index]
        table.add(
            f"{without}: {limit_text(limit, factor_label(limit.factor.name, names), language)}",
            percent(dropped.counts.density, 0, language),
            percent(dropped.counts.weight_of_cases_inside / found.every.weight_of_cases, 0, language),
            p_text(dropped.p, language),
            text(language, "discover.k_of_n", k=dropped.n_found, n=found.held_out.n_folds),
        )
    return table


def p_text(p: float, language: str) -> str:
    """Return a small probability."""
    return f"<{number(SMALLEST_P, 3, language)}" if p < SMALLEST_P else number(p, 3, language)


def _together_lines(found: Found, discovery: Discovery, language: str) -> list[str]:
    names = discovery.space.names
    return [
        text(
            language,
            "discover.together",
            factor=factor_label(limit.factor.name, names),
            others=text(language, "discovery.and").join(
                factor_label(name, names) for name in found.dropped[index].together
            ),
        )
        for index, limit in told_limits(found, discovery)
        if found.dropped[index].together
    ]


def _trade_off_table(found: Found, discovery: Discovery, language: str) -> Table:
    inside = text(language, "discover.inside", unit=unit_text(discovery, language))
    numbers = ("discover.limits", "discover.coverage", "discover.density")
    table = Table([*(f">{text(language, key)}" for key in numbers), f">{inside}", ""])
    for point in found.trade_off:
        table.add(
            str(point.n_limits),
            percent(point.coverage, 0, language),
            percent(point.density, 0, language),
            str(point.n_inside),
            text(language, "discover.chosen") if point.is_chosen else "",
        )
    return table


def _facts(discovery: Discovery, language: str) -> list[str]:
    """Return what the answer rests on, a line each."""
    unit = unit_text(discovery, language)
    cases, n = discovery.cases, len(discovery.holds)
    n_replications = cases.values.shape[1]
    lines = []
    if n:
        replications = counted(language, "count.replications_each", n_replications)
        facts = {"n_cases": int(discovery.holds.sum()), "base_rate": percent(discovery.base_rate, 0, language)}
        lines.append(text(language, "discover.rows", n=n, unit=unit, replications=replications, **facts))
    if discovery.space.weights is not None:
        lines.append(text(language, "discover.by_weight", unit=unit))
    if discovery.sides:
        lines.append(text(language, "discover.pairs"))
    n_blocks = len(np.unique(discovery.blocks))
    if n_blocks < n:
        lines.append(text(language, "discover.blocks", n=n_blocks))
    if n:
        n_disputed = cases.n_disputed(discovery.condition)
        several = "discover.disputed" if n_disputed else "discover.undisputed"
        key = "discover.one_replication" if n_replications == 1 else several
        lines.append(text(language, key, n=n_disputed, total=n, unit=unit))
    return lines + _left_out(discovery, language)


def _left_out(discovery: Discovery, language: str) -> list[str]:
    unit = unit_text(discovery, language)
    lines = []
    if discovery.n_without_value:
        outcome = label(discovery.condition.outcome, language)
        lines.append(text(language, "discover.no_value", n=discovery.n_without_value, unit=unit, outcome=outcome))
    if discovery.n_values_missing:
        lines.append(text(language, "discover.no_value_runs", n=discovery.n_values_missing))
    results, outcome = discovery.results, discovery.condition.outcome
    if n_later := results.n_not_reached(outcome):
        facts = {"n": n_later, "total": len(results.runs), "weeks": results.n_weeks, "later": results.n_weeks + 1}
        lines.append(text(language, "discover.not_reached", **facts))
    if discovery.cases.n_without_partner:
        lines.append(text(language, "discover.no_partner", n=discovery.cases.n_without_partner))
    runs = discovery.results.manifest.get("runs") or {}
    if runs.get("finished", 0) < runs.get("planned", 0):
        lines.append(text(language, "discover.unfinished", n=runs["finished"], total=runs["planned"]))
    if discovery.dummy_chosen is not None:
        lines.append(text(language, "discover.dummy" if discovery.dummy_chosen else "discover.dummy_not"))
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
        print_text(text(language, "discover.glossary"), is_strong=True)
    for line in lines:
        print_text(line)
