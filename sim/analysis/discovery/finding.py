"""What a discovery found: the answer in words, what each limit is worth, what to keep in mind; and its files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis import wording
from sim.analysis.comparison import json_number, json_numbers
from sim.analysis.discovery.cases import SCENARIO, Condition, Limit
from sim.analysis.discovery.checks import Interval, Sides
from sim.analysis.discovery.discovery import FEWEST_CASES, LARGEST_P, Discovery, Found
from sim.analysis.discovery.search import Factor
from sim.analysis.wording import label
from sim.catalog.registry import PARAMETER_BY_PATH, meaning_of, unit_of
from sim.runs.manifest import DISCOVERY_NAME
from sim.words import counted, number, percent, short_number, text
from sim.words.blocks import Block, Gap, Paragraph, Table, table

BOUNDS = {"<": "below", "<=": "at_most", ">": "above", ">=": "at_least"}
KINDS = ("chosen", "found_out", "nobody_knows")
"""What factors are to an organization, in the order in which they are told."""


def percent_interval(interval: Interval, language: str = "en") -> str:
    """Return the two ends of an interval of a share."""
    low, high = (percent(end, 0, language) for end in interval[1:])
    return f"{low}–{high}"


def bound_text(condition: Condition, is_difference: bool, language: str = "en") -> str:
    """Return what the outcome is compared with: ``below 10%``, ``above 0 points``, ``at least 3 days``."""
    is_share = wording.is_share(condition.outcome)
    value = short_number(100 * condition.bound if is_share else condition.bound, language)
    unit = wording.unit_text(condition.outcome, language, is_difference)
    is_percent = is_share and not is_difference and not wording.is_gap(condition.outcome)
    bound = text(language, "number.percent", number=value) if is_percent else f"{value} {unit}".strip()
    return text(language, f"discovery.bound.{BOUNDS[condition.operator]}", bound=bound)


def sides_text(sides: Sides, language: str = "en") -> str:
    """Return which difference it is: ``collaboration minus like_facebook``."""
    a, b = (name.replace("_", " ") for name in sides.names)
    is_number = isinstance(sides.a, bool | int | float)
    name = f"{factor_label(sides.factor, (), language)} " if sides.factor and is_number else ""
    return text(language, "discovery.minus", a=f"{name}{a}", b=b)


def condition_text(condition: Condition, sides: Sides | None, language: str = "en") -> str:
    """Return the condition in words: ``Monthly posters below 10%``."""
    outcome = wording.label(condition.outcome, language)
    outcome = outcome[0].upper() + outcome[1:]
    bound = bound_text(condition, sides is not None, language)
    if sides is None:
        return text(language, "discovery.condition", outcome=outcome, bound=bound)
    return text(language, "discovery.condition_of", outcome=outcome, sides=sides_text(sides, language), bound=bound)


def factor_label(name: str, others: Sequence[str] = (), language: str = "en") -> str:
    """Return a factor as words: see `wording.short_names`."""
    return wording.short_names([name, *others], language)[name]


def glossary_entry(name: str, language: str = "en") -> str:
    """Return meaning and unit of a factor; nothing where the registry does not have it."""
    known = PARAMETER_BY_PATH.get(name)
    return f"{meaning_of(known, language)} [{unit_of(known, language)}]" if known else ""


def level_text(factor: Factor, value: Any, language: str = "en") -> str:
    """Return one level of a factor."""
    if factor.kind == "switch":
        return text(language, "discovery.on" if value else "discovery.off")
    if factor.kind == "name":
        return str(value).replace("_", " ")
    # A third of a range has no last digit; four say enough. Whole numbers are said in full.
    return short_number(value, language, 4)


def limit_text(limit: Limit, label: str, language: str = "en") -> str:
    """Return what a box allows of one factor: ``trust is below 0.45``."""
    factor = limit.factor
    if not factor.is_ordered:
        others = [level for level in factor.levels if level not in limit.names]
        is_short = len(others) < len(limit.names)
        names = [level_text(factor, level, language) for level in (others if is_short else limit.names)]
        value = text(language, "discovery.or").join(names)
        return text(language, "discovery.limit.is_not" if is_short else "discovery.limit.is", factor=label, value=value)
    low, high = ("" if end is None else level_text(factor, end, language) for end in (limit.low, limit.high))
    is_stepped = factor.is_stepped or factor.kind == "whole"
    if limit.low is None:
        form = "at_most" if is_stepped else "below"
    elif limit.high is None:
        form = "at_least" if is_stepped else "above"
    elif limit.low == limit.high:
        return text(language, "discovery.limit.is", factor=label, value=low)
    else:
        form = "from_to" if is_stepped else "between"
    return text(language, f"discovery.limit.{form}", factor=label, low=low, high=high)


def box_text(found: Found, discovery: Discovery, language: str = "en") -> str:
    """Return a box in words: ``trust is below 0.45 and restriction is above 0.6``.

    What one chooses comes first, then what one can find out, then what nobody knows; where there is more than one of
    these, each is called so.
    """
    names = discovery.space.names
    by_kind: dict[str, list[str]] = {}
    for _, limit in told_limits(found, discovery):
        told = limit_text(limit, factor_label(limit.factor.name, names, language), language)
        by_kind.setdefault(kind_of(limit.factor.name, discovery), []).append(told)
    joined = {kind: text(language, "discovery.and").join(parts) for kind, parts in by_kind.items()}
    if len(joined) == 1:
        return next(iter(joined.values()))
    return "; ".join(text(language, f"discovery.kind.{kind}", limits=limits) for kind, limits in joined.items())


def told_limits(found: Found, discovery: Discovery) -> list[tuple[int, Limit]]:
    """Return the limits of a box as they are told, each with the place of its factor: see `box_text`."""
    return sorted(found.limits.items(), key=lambda item: KINDS.index(kind_of(item[1].factor.name, discovery)))


def kind_of(name: str, discovery: Discovery) -> str:
    """Return whether a factor is chosen (``chosen``), could be found out (``found_out``) or is known to nobody."""
    levers = {str(factor["name"]) for factor in discovery.results.manifest.get("factors") or () if factor["is_lever"]}
    if name in levers or name == SCENARIO:
        return "chosen"
    return "nobody_knows" if name.startswith(("behavior.", "constants.")) else "found_out"


def unit_text(discovery: Discovery, language: str = "en") -> str:
    """Return what the rows of the design are: worlds, strategies or points."""
    return text(language, f"discovery.unit.{discovery.unit}")


def found_sentence(found: Found, discovery: Discovery, is_first: bool, language: str = "en") -> str:
    """Return what a box says, with its numbers."""
    counts = found.counts
    return text(
        language,
        "discovery.found" if is_first else "discovery.found_next",
        condition=condition_text(discovery.condition, discovery.sides, language),
        box=box_text(found, discovery, language),
        unit=unit_text(discovery, language),
        density=percent(counts.density, 0, language),
        k=counts.n_cases_inside,
        n=counts.n_inside,
        n_cases=found.every.n_cases,
        interval=percent_interval(found.density, language),
        coverage=percent(found.coverage, 0, language),
        elsewhere=percent(found.elsewhere.share, 0, language),
        held_out=_held_out_text(found, language),
    )


def _held_out_text(found: Found, language: str) -> str:
    if not found.held_out.n_inside:
        return text(language, "discovery.held_out_none")
    return percent(found.held_out.density.share, 0, language)


def rejected_sentence(found: Found, discovery: Discovery, language: str = "en") -> str:
    """Return why the search ended with this candidate."""
    chance = found.chance
    key = "discovery.rejected_next" if discovery.boxes else "discovery.rejected"
    if found.held_out.is_better_than_all and chance.p <= LARGEST_P:
        key = "discovery.rejected_weak"
    is_rare = chance.p * chance.n_shuffles <= 1.01
    times = text(
        language, "discovery.chance_rare" if is_rare else "discovery.chance_often", share=percent(chance.p, 0, language)
    )
    return text(
        language,
        key,
        box=box_text(found, discovery, language),
        unit=unit_text(discovery, language),
        density=percent(found.counts.density, 0, language),
        k=found.counts.n_cases_inside,
        n=found.counts.n_inside,
        held_out=_held_out_text(found, language),
        base_rate=percent(found.counts.base_rate, 0, language),
        all_rate=percent(discovery.base_rate, 0, language),
        chance=times,
    )


def sentences(discovery: Discovery, language: str = "en") -> list[str]:
    """Return the whole answer, the most important first."""
    if discovery.boxes:
        found = [found_sentence(box, discovery, place == 0, language) for place, box in enumerate(discovery.boxes)]
        return [*found, rejected_sentence(discovery.rejected, discovery, language)] if discovery.rejected else found
    first = text(
        language,
        f"discovery.verdict.{discovery.verdict.replace(' ', '_')}",
        condition=condition_text(discovery.condition, discovery.sides, language),
        unit=unit_text(discovery, language),
        n=len(discovery.holds),
        n_cases=int(discovery.holds.sum()),
        base_rate=percent(discovery.base_rate, 0, language),
        fewest=FEWEST_CASES,
        outcome=wording.label(discovery.condition.outcome, language),
    )
    if discovery.verdict != "cannot tell":
        return [first]
    if discovery.rejected is None:
        return [first, text(language, "discovery.no_candidate")]
    return [first, rejected_sentence(discovery.rejected, discovery, language)]


# What discovery writes: one JSON file, a table of the rows it looked at, and their place in the results folder.

ROWS_NAME = "rows.parquet"
_WORDS = {"<": "below", "<=": "at-most", ">": "above", ">=": "at-least"}
LONGEST_NAME = 120


def folder_name(discovery: Discovery, density: float | None = None) -> str:
    """Return the name of the folder of a discovery, such as ``monthly_posters-below-0.1``."""
    outcome, operator, bound = discovery.condition
    parts = [outcome, _WORDS[operator], f"{bound:g}"]
    if discovery.sides:
        a, b = discovery.sides.names
        parts += [discovery.sides.factor, a, "minus", b] if discovery.sides.factor else [a, "minus", b]
    if density is not None:
        parts += ["density", f"{density:g}"]
    return re.sub(r"[^\w.+-]+", "_", "-".join(parts))[:LONGEST_NAME]


def _interval(interval: Interval) -> dict[str, float | None]:
    return json_numbers(interval, *Interval._fields)


def box_json(found: Found, discovery: Discovery) -> dict[str, Any]:
    """Return one box as JSON holds it; limits are in natural units, both ends allowed."""
    limits = []
    for index, limit in found.limits.items():
        dropped = found.dropped[index]
        limits.append(
            {
                "factor": limit.factor.name,
                "low": limit.low,
                "high": limit.high,
                "values": list(limit.names) or None,
                "without": {
                    "density": dropped.counts.density,
                    "coverage": dropped.counts.weight_of_cases_inside / found.every.weight_of_cases,
                    "n": dropped.counts.n_inside,
                },
                "quasi_p": dropped.p,
                "found_again": dropped.n_found,
                "changes_together_with": list(dropped.together),
            }
        )
    counts, held_out = found.counts, found.held_out
    return {
        "limits": limits,
        "is_better_than_chance": found.is_better_than_chance,
        "density": _interval(found.density),
        "coverage": found.coverage,
        "n": counts.n_inside,
        "n_cases": counts.n_cases_inside,
        "share_of_points": counts.n_inside / len(discovery.holds),
        "base_rate": counts.base_rate,
        "elsewhere": _interval(found.elsewhere),
        "held_out": {
            "density": _interval(held_out.density),
            "coverage": held_out.coverage,
            "n": held_out.n_inside,
            "n_cases": held_out.n_cases_inside,
            "folds": held_out.n_folds,
        },
        "chance": found.chance._asdict(),
        "trade_off": [point._asdict() for point in found.trade_off],
    }


def discovery_json(discovery: Discovery) -> dict[str, Any]:
    """Return everything that was found, as ``discover --json`` prints it."""
    condition, cases = discovery.condition, discovery.cases
    sides = discovery.sides
    difference = None
    if sides:
        difference = {"factor": sides.factor or None, "a": sides.a, "b": sides.b}
    return {
        "condition": condition._asdict(),
        "difference": difference,
        "verdict": discovery.verdict,
        "text": sentences(discovery),
        "unit": discovery.unit,
        "points": len(discovery.holds),
        "cases": int(discovery.holds.sum()),
        "base_rate": json_number(discovery.base_rate),
        "by_weight": discovery.space.weights is not None,
        "blocks": len(np.unique(discovery.blocks)),
        "points_without_value": discovery.n_without_value,
        "points_without_partner": cases.n_without_partner,
        "replications": cases.values.shape[1],
        "replications_without_value": discovery.n_values_missing,
        "runs_not_reached": discovery.results.n_not_reached(condition.outcome),
        "points_where_replications_disagree": cases.n_disputed(condition),
        "dummy_chosen": discovery.dummy_chosen,
        "factors": list(discovery.space.names),
        "boxes": [box_json(found, discovery) for found in discovery.boxes],
        "rejected": box_json(discovery.rejected, discovery) if discovery.rejected else None,
        "plan_hash": discovery.results.manifest.get("plan_hash"),
        "results_dir": str(discovery.results.folder),
    }


def write_discovery(discovery: Discovery, folder: Path) -> None:
    """Write ``discovery.json`` and ``rows.parquet`` (a row a point or pair: factors, value, which box) to `folder`.

    The same results and condition give the same bytes.
    """
    import pyarrow as pa

    from sim.kernel.files import write_text
    from sim.runs.parquet import write_parquet

    facts = discovery_json(discovery)
    del facts["results_dir"]  # where it happens to lie is no part of what was found
    write_text(folder / DISCOVERY_NAME, json.dumps(facts, indent=2) + "\n")
    cases = discovery.cases
    n_given = (~np.isnan(cases.values)).sum(axis=1)
    holding = (discovery.condition.holds(cases.values) & ~np.isnan(cases.values)).sum(axis=1)
    columns: dict[str, Any] = {"point": pa.array(cases.points, pa.int64()), "world": pa.array(cases.worlds, pa.int64())}
    for index, factor in enumerate(discovery.space.factors):
        columns[factor.name] = pa.array(discovery.space.values(index))
    columns |= {
        "value": pa.array(cases.means, pa.float64()),
        "holds": pa.array(discovery.holds, pa.bool_()),
        "replications": pa.array(n_given, pa.int64()),
        "replications_that_hold": pa.array(holding, pa.int64()),
        "box": pa.array(box_numbers(discovery), pa.int64()),
    }
    write_parquet(folder / ROWS_NAME, pa.table(columns))


def box_numbers(discovery: Discovery) -> np.ndarray:
    """Return the number of the box that each row lies in, from 1; 0 where it lies in none."""
    numbers = np.zeros(len(discovery.holds), dtype=np.int64)
    for place, found in enumerate(discovery.boxes, start=1):
        numbers[found.inside] = place
    return numbers


# Everything in blocks.

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
