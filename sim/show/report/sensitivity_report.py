"""The report about a sensitivity analysis: which factors decide, which are not resolved, and whether that will stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import InputError
from sim.show.report.blocks import Block, Heading, Paragraph, Picture, Report, Section
from sim.show.report.closing import limits, repeat, unfinished
from sim.show.report.drawings import inline_svg
from sim.show.report.sensitivity_finding import SensitivityFinding
from sim.show.sensitivity import convergence_figure, elementary_effects_figure, sensitivity_figure
from sim.show.words import Words, figure_words
from sim.study.sensitivity.results import Row as IndexRow
from sim.study.sensitivity.results import SubjectResult, read_results
from sim.study.wording import label
from sim.texts import said, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class _Pages:
    """The pages about one outcome: what was found, with figures."""

    def __init__(self, finding: SensitivityFinding, outcome: str) -> None:
        self.finding, self.outcome = finding, outcome
        self.language = finding.language
        self.words = figure_words(finding.language)
        self.main = finding.main(outcome)

    def _text(self, key: str, **values: Any) -> str:
        return text(self.language, key, **values)

    def first_page(self, manifest: dict[str, Any]) -> Iterator[Block]:
        """Yield question, answer and figures of the outcome."""
        runs = manifest.get("runs", {})
        yield from unfinished(self.language, manifest, int(runs.get("finished", 0)), int(runs.get("failed", 0)))
        yield Paragraph(self._text("report.sensitivity.question", outcome=label(self.outcome, self.language)), "lead")
        described = str(manifest["experiment"].get("description") or "")
        if described:
            yield Paragraph(described, "note")
        for each in self.main:
            yield Paragraph(self.finding.answer(each), "alert")
            yield from self.finding.spread(each)
            yield from self._picture(each, "indices", each.indices, sensitivity_figure)
        yield Heading(self._text("report.change_title"))
        yield Paragraph(self._text("report.sensitivity.change"))

    def _picture(
        self, each: SubjectResult, name: str, rows: Sequence[IndexRow], draw: Callable[[pd.DataFrame, Words], Figure]
    ) -> Iterator[Picture]:
        """Yield a figure of a subject."""
        if rows:
            figure = draw(pd.DataFrame([dict(row) for row in rows]), self.words)
            alt = self._text(f"report.alt_{name}", finding=self.finding.answer(each))
            yield Picture(inline_svg(figure, f"s{self.main.index(each)}{name[0]}"), "", alt)

    def factors(self) -> Iterator[Block]:
        """Yield a table of all factors for each subject of the outcome, and what stands out in other outcomes."""
        for each in self.main:
            if each.indices:
                yield from self.finding.details(each)
                has_effects = any(row["measure"] == "sigma" for row in each.indices)
                yield from self._picture(
                    each, "effects", each.indices if has_effects else (), elementary_effects_figure
                )
        yield self.finding.about(self.outcome)
        yield from self.finding.others(self.outcome)

    def sample(self) -> Iterator[Block]:
        """Yield whether the indices have come to rest as the sample grew."""
        for each in self.main:
            tables = list(self.finding.convergence(each))
            if tables:
                yield Paragraph(f"{self.finding.subject(each)}. {self._text('report.sensitivity.moved')}")
                yield from tables
                yield from self._picture(each, "convergence", each.convergence, convergence_figure)
            elif each.indices:
                yield Paragraph(f"{self.finding.subject(each)}. {self._text('report.sensitivity.one_size')}")


def sensitivity_report(folder: Path, language: str, outcome: str | None = None) -> Report:
    """Return the report about a sensitivity analysis.

    Raises
    ------
    InputError
        If the folder holds none that is worked out, or not the outcome.
    """
    from sim.study.checksums import is_there
    from sim.study.sensitivity.results import TABLES, manifest_of

    manifest = manifest_of(folder)
    missing = [name for name in TABLES if not is_there(folder / f"{name}.parquet")]
    if missing:
        raise InputError(said("refusal.report.not_worked_out", folder=folder))
    results = read_results(folder)
    if outcome is not None and outcome not in results.outcomes:
        raise InputError(said("refusal.cli.outcome", outcome=outcome, folder=folder, names=", ".join(results.outcomes)))
    pages = _Pages(SensitivityFinding(results, language), outcome or results.outcomes[0])
    parts: dict[str, Iterator[Block]] = {
        "answer": pages.first_page(manifest),
        "factors": pages.factors(),
        "sample": pages.sample(),
        "limits": limits(language, manifest),
        "repeat": repeat(language, manifest),
    }
    sections = [Section(name, text(language, f"report.section.{name}"), list(part)) for name, part in parts.items()]
    kind = text(
        language, "report.kind.sensitivity", method=results.method.capitalize(), n=results.n_movers,
        points=results.points, runs=results.runs,
    )  # fmt: skip
    return Report(language, results.name, kind, sections)
