"""What a discovery found: the answer in words, what each limit is worth, and what to keep in mind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.discovery.cases import SCENARIO
from sim.analysis.discovery.discovery import Discovery, Found
from sim.analysis.discovery.findings import (
    discovery_json,
    factor_label,
    glossary_entry,
    limit_text,
    sentences,
    told_limits,
    unit_text,
)
from sim.analysis.wording import label
from sim.words import counted, number, percent, text
from sim.words.blocks import Block, Gap, Paragraph, Table, table

SMALLEST_P = 0.001


@dataclass(frozen=True)
class DiscoveryFinding:
    """What a discovery found, in one language; `folder` is where it is kept."""

    discovery: Discovery
    folder: Path
    language: str

    def as_json(self) -> dict[str, Any]:
        """Return what ``discover --json`` prints."""
        return {**discovery_json(self.discovery), "discovery_dir": str(self.folder)}

    def blocks(self) -> Iterator[Block]:
        """Yield the answer, a table of limits and one of choices for each box, and what it rests on."""
        return _blocks(self.discovery, self.folder, self.language)


def _blocks(discovery: Discovery, folder: Path, language: str) -> Iterator[Block]:
    for place, sentence in enumerate(sentences(discovery, language)):
        yield Paragraph(sentence, "lead" if place < max(1, len(discovery.boxes)) else "")
    for place, found in enumerate(discovery.boxes, start=1):
        yield _limits_table(found, discovery, language, text(language, "discover.box", number=place))
        for line in _together_lines(found, discovery, language):
            yield Paragraph(line)
        yield _trade_off_table(found, discovery, language, text(language, "discover.trade_off", number=place))
    yield Gap()
    for line in _facts(discovery, language):
        yield Paragraph(line)
    yield from _glossary(discovery, language)
    yield Gap()
    if discovery.boxes:
        yield Paragraph(text(language, "discover.about", unit=unit_text(discovery, language)))
    yield Paragraph(text(language, "discover.results", folder=folder))


def _limits_table(found: Found, discovery: Discovery, language: str, caption: str) -> Table:
    names = discovery.space.names
    without = text(language, "discover.without").lower()
    numbers = ("discover.density", "discover.coverage", "discover.quasi_p", "discover.again")
    density, coverage = percent(found.counts.density, 0, language), percent(found.coverage, 0, language)
    lines = [(text(language, "discover.whole_box"), density, coverage, "", "")]
    for index, limit in told_limits(found, discovery):
        dropped = found.dropped[index]
        lines.append(
            (
                f"{without}: {limit_text(limit, factor_label(limit.factor.name, names, language), language)}",
                percent(dropped.counts.density, 0, language),
                percent(dropped.counts.weight_of_cases_inside / found.every.weight_of_cases, 0, language),
                p_text(dropped.p, language),
                text(language, "discover.k_of_n", k=dropped.n_found, n=found.held_out.n_folds),
            )
        )
    return table([text(language, "discover.limit"), *(f">{text(language, key)}" for key in numbers)], lines, caption)


def p_text(p: float, language: str) -> str:
    """Return a small probability."""
    return f"<{number(SMALLEST_P, 3, language)}" if p < SMALLEST_P else number(p, 3, language)


def _together_lines(found: Found, discovery: Discovery, language: str) -> list[str]:
    names = discovery.space.names
    return [
        text(
            language,
            "discover.together",
            factor=factor_label(limit.factor.name, names, language),
            others=text(language, "discovery.and").join(
                factor_label(name, names, language) for name in found.dropped[index].together
            ),
        )
        for index, limit in told_limits(found, discovery)
        if found.dropped[index].together
    ]


def _trade_off_table(found: Found, discovery: Discovery, language: str, caption: str) -> Table:
    inside = text(language, "discover.inside", unit=unit_text(discovery, language))
    numbers = ("discover.limits", "discover.coverage", "discover.density")
    lines = [
        (
            str(point.n_limits), percent(point.coverage, 0, language), percent(point.density, 0, language),
            str(point.n_inside), text(language, "discover.chosen") if point.is_chosen else "",
        )
        for point in found.trade_off
    ]  # fmt: skip
    return table([*(f">{text(language, key)}" for key in numbers), f">{inside}", ""], lines, caption)


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


def _glossary(discovery: Discovery, language: str) -> Iterator[Block]:
    """Yield what the factors in the boxes mean."""
    names = discovery.space.names
    shown = [*discovery.boxes, *([discovery.rejected] if discovery.rejected else [])]
    used = dict.fromkeys(limit.factor.name for found in shown for limit in found.limits.values())
    lines = []
    for name in used:
        meaning = glossary_entry(name, language)
        if name != SCENARIO and (meaning or factor_label(name, names, language) != name):
            lines.append(f"  {factor_label(name, names, language)} ({name}){': ' if meaning else ''}{meaning}")
    if lines:
        yield Gap()
        yield Paragraph(text(language, "discover.glossary"), "lead")
    for line in lines:
        yield Paragraph(line)
