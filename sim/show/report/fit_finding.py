"""What a fit found: what is to be expected, and what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.show.report.blocks import Block, Gap, Paragraph, Table, table
from sim.study.fitting.fit import FIGURES_NAME, warnings_of
from sim.texts import Said, in_language, interval, number, per_hundred, percent, text, typed, whole

if TYPE_CHECKING:
    from sim.study.fitting.fit import Fitted

MOST_ROWS = 16


@dataclass(frozen=True)
class FitFinding:
    """What a fit found, in one language.

    Attributes
    ----------
    found : Fitted
        The fit.
    notes : sequence of Said
        What there is to know of the files of usage.
    scenario : str
        As it was typed.
    pictures : sequence of Path
        What was drawn.
    language : str
        ``en`` or ``nl``.
    """

    found: Fitted
    notes: Sequence[Said]
    scenario: str
    pictures: Sequence[Path]
    language: str

    def as_json(self) -> dict[str, Any]:
        """Return what ``fit --json`` prints."""
        summary = self.found.summary
        names = (
            "scenario", "seed", "employees", "employees_simulated", "weeks", "usage", "runs", "effective_size",
            "check", "forecast", "is_far", "n_outside",
        )  # fmt: skip
        return {
            **{name: summary[name] for name in names}, "figures_seen": self.found.figures,
            "warnings": [str(each) for each in warnings_of(summary)], "results_dir": str(self.found.folder),
            "figures": [str(one) for one in self.pictures],
        }  # fmt: skip

    def blocks(self) -> Iterator[Block]:
        """Yield warnings first, then what is to be expected, then what was seen."""
        return _blocks(self.found, self.notes, self.scenario, self.pictures, self.language)


def _blocks(
    found: Fitted, notes: Sequence[Said], scenario: str, pictures: Sequence[Path], language: str
) -> Iterator[Block]:
    summary, usage = found.summary, found.summary["usage"]
    runs = whole(int(summary["runs"]["planned"]), language)
    employees = whole(int(summary["employees"]), language)
    facts = {"figures": usage["figures"], "first": usage["first_week"], "last": usage["last_week"]}
    opening = text(language, "fit.opening", name=summary["scenario"], runs=runs, employees=employees, **facts)
    yield Paragraph(opening, "lead")
    kinds = "; ".join(text(language, f"usage.kind.{kind}") for kind in usage["kinds"])
    files = ", ".join(usage["files"][:4]) + (f", … ({len(usage['files'])})" if len(usage["files"]) > 4 else "")
    yield Paragraph(text(language, "fit.files", files=f"{files} ({kinds})"))
    for note in notes:
        yield Paragraph(f"- {in_language(note, language)}")
    for warning in warnings_of(summary):
        yield Gap()
        yield Paragraph(in_language(warning, language))
    yield _coming(summary["forecast"], language, text(language, "fit.coming.title", weeks=summary["weeks"]))
    yield Paragraph(text(language, "fit.coming.note", n=summary["check"]["trials"]))
    yield Paragraph(text(language, "fit.worth", n=round(float(summary["effective_size"]))))
    shown = shown_rows(found.figures)
    yield _seen(shown, language)
    if len(shown) < len(found.figures):
        n = len(found.figures) - len(shown)
        yield Paragraph(text(language, "fit.seen.more", n=n, file=found.folder / FIGURES_NAME))
    yield Gap()
    if pictures:
        yield Paragraph(text(language, "fit.picture", file=pictures[0]))
    options = ("--worlds", str(found.folder), "--from-week", str(int(usage["last_week"]) + 1))
    command = typed("intranet-sim", "compare", scenario, "other.yaml", *options)
    yield Paragraph(text(language, "fit.next", scenario=Path(scenario).name, command=command))


def _coming(rows: Sequence[Mapping[str, Any]], language: str, caption: str) -> Table:
    names = ("outcome", "before", "after", "cut", "holds")
    lines = [
        (
            text(language, f"outcome.label.{row['outcome']}"), _band(row, "before", language),
            _band(row, "after", language), percent(row["cut"], 0, language), percent(row["coverage"], 0, language),
        )
        for row in rows
    ]  # fmt: skip
    return table([text(language, f"fit.coming.{name}") for name in names], lines, caption)


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
    lines = []
    for row in rows:
        is_posts = row["figure"] == "posts"
        label = text(language, "fit.posts" if is_posts else f"fit.span.{row['span']}", name=_name(row, language))
        decimals = 1 if is_posts or row["seen"] < 0.1 else 0
        seen = number(100.0 * row["seen"], decimals, language) + (" !" if row["is_outside"] else "")
        bands = [_band(row, worlds, language, 100.0, decimals) for worlds in ("fit", "all")]
        lines.append((label, str(row["week"]), seen, *bands))
    headers = [text(language, f"fit.seen.{name}") for name in ("figure", "week", "seen", "fit", "all")]
    return table(headers, lines, text(language, "fit.seen.title"))


def _name(row: Mapping[str, Any], language: str) -> str:
    return text(language, f"usage.figure.{row['figure']}")
