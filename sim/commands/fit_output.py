"""What ``fit`` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.tables import Table, print_table, print_text
from sim.study.fitting.fit import FIGURES_NAME, warnings_of
from sim.texts import Said, in_language, interval, number, per_hundred, percent, text, typed, whole

if TYPE_CHECKING:
    from sim.study.fitting.fit import Fitted

MOST_ROWS = 16


def fit_json(found: Fitted) -> dict[str, Any]:
    """Return a fit as ``--json`` prints it."""
    kept = (
        "scenario", "seed", "employees", "employees_simulated", "weeks", "usage", "runs", "effective_size", "check",
        "forecast", "is_far", "n_outside",
    )  # fmt: skip
    warnings = [str(each) for each in warnings_of(found.summary)]
    return {
        **{name: found.summary[name] for name in kept}, "figures_seen": found.figures, "warnings": warnings,
        "results_dir": str(found.folder),
    }  # fmt: skip


def print_fit(found: Fitted, notes: Sequence[Said], scenario: str, pictures: Sequence[Path], language: str) -> None:
    """Print a fit: warnings first, then what is to be expected, then what was seen."""
    summary, usage = found.summary, found.summary["usage"]
    runs = whole(int(summary["runs"]["planned"]), language)
    employees = whole(int(summary["employees"]), language)
    facts = {"figures": usage["figures"], "first": usage["first_week"], "last": usage["last_week"]}
    opening = text(language, "fit.opening", name=summary["scenario"], runs=runs, employees=employees, **facts)
    print_text(opening, is_strong=True)
    kinds = "; ".join(text(language, f"usage.kind.{kind}") for kind in usage["kinds"])
    files = ", ".join(usage["files"][:4]) + (f", … ({len(usage['files'])})" if len(usage["files"]) > 4 else "")
    print_text(text(language, "fit.files", files=f"{files} ({kinds})"))
    for note in notes:
        print_text(f"- {in_language(note, language)}")
    for warning in warnings_of(summary):
        print_text()
        print_text(in_language(warning, language))
    print_text()
    print_text(text(language, "fit.coming.title", weeks=summary["weeks"]), is_strong=True)
    print_table(_coming(summary["forecast"], language))
    print_text(text(language, "fit.coming.note", n=summary["check"]["trials"]))
    print_text(text(language, "fit.worth", n=round(float(summary["effective_size"]))))
    print_text()
    print_text(text(language, "fit.seen.title"), is_strong=True)
    shown = shown_rows(found.figures)
    print_table(_seen(shown, language))
    if len(shown) < len(found.figures):
        n = len(found.figures) - len(shown)
        print_text(text(language, "fit.seen.more", n=n, file=found.folder / FIGURES_NAME))
    print_text()
    if pictures:
        print_text(text(language, "fit.picture", file=pictures[0]))
    options = ("--worlds", str(found.folder), "--from-week", str(int(usage["last_week"]) + 1))
    command = typed("intranet-sim", "compare", scenario, "other.yaml", *options)
    print_text(text(language, "fit.next", scenario=Path(scenario).name, command=command))


def _coming(rows: Sequence[Mapping[str, Any]], language: str) -> Table:
    names = ("outcome", "before", "after", "cut", "holds")
    table = Table([text(language, f"fit.coming.{name}") for name in names])
    for row in rows:
        table.add(
            text(language, f"outcome.label.{row['outcome']}"), _band(row, "before", language),
            _band(row, "after", language), percent(row["cut"], 0, language), percent(row["coverage"], 0, language),
        )  # fmt: skip
    return table


def _band(row: Mapping[str, Any], name: str, language: str, factor: float = 100.0, decimals: int = 0) -> str:
    if row[f"{name}_middle"] is None:
        return text(language, "study.short.cannot_tell")
    if factor == 100.0 and decimals == 0:
        middle, low, high = (per_hundred(row[f"{name}_{end}"], language) for end in ("middle", "low", "high"))
    else:
        middle, low, high = (
            number(factor * row[f"{name}_{end}"], decimals, language) for end in ("middle", "low", "high")
        )
    return f"{middle} {interval(low, high, language)}"


def shown_rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows for a terminal: of each figure its first and last week and some between, warnings always."""
    if len(rows) <= MOST_ROWS:
        return list(rows)
    by_figure: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        by_figure.setdefault((row["figure"], row["span"]), []).append(row)
    each = max(2, MOST_ROWS // len(by_figure))
    kept: list[dict[str, Any]] = []
    for own in by_figure.values():
        places = {round(step * (len(own) - 1) / (each - 1)) for step in range(each)}
        kept += [row for place, row in enumerate(own) if place in places or row["is_outside"]]
    return kept


def _seen(rows: Sequence[Mapping[str, Any]], language: str) -> Table:
    table = Table([text(language, f"fit.seen.{name}") for name in ("figure", "week", "seen", "fit", "all")])
    for row in rows:
        is_posts = row["figure"] == "posts"
        label = text(language, "fit.posts" if is_posts else f"fit.span.{row['span']}", name=_name(row, language))
        decimals = 1 if is_posts or row["seen"] < 0.1 else 0
        seen = number(100.0 * row["seen"], decimals, language) + (" !" if row["is_outside"] else "")
        table.add(
            label, str(row["week"]), seen, _band(row, "fit", language, 100.0, decimals),
            _band(row, "all", language, 100.0, decimals),
        )  # fmt: skip
    return table


def _name(row: Mapping[str, Any], language: str) -> str:
    return text(language, f"usage.figure.{row['figure']}")
