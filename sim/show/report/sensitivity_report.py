"""The report about a sensitivity analysis: which factors decide, which are not resolved, and whether that will stay."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError
from sim.show.report.blocks import Block, Heading, Paragraph, Picture, Report, Row, Rows, Section, Table
from sim.show.report.closing import limits, repeat, unfinished
from sim.show.report.drawings import inline_svg
from sim.show.report.known import capital, listed, quoted
from sim.show.sensitivity import convergence_figure, elementary_effects_figure, sensitivity_figure
from sim.show.words import figure_words
from sim.study.sensitivity.results import Row as IndexRow
from sim.study.sensitivity.results import SensitivityResults, SubjectResult, read_results
from sim.study.sensitivity.sampling import FEWEST_TO_JUDGE
from sim.study.sensitivity.values import DUMMY, lasting_share
from sim.study.wording import MISSING, index_text, label
from sim.texts import percent, text
from sim.texts.said import said

MOST_NAMED = 4
RESOLVED, NOT_RESOLVED = "resolved", "not resolved"
SHOWN_AS = {"mu_star": "mu*"}


class SensitivityTeller:
    """Tells of a sensitivity analysis in one language, by one outcome.

    Parameters
    ----------
    results : SensitivityResults
        What was found.
    language : str
        ``en`` or ``nl``.
    outcome : str
        What the report is about.
    """

    def __init__(self, results: SensitivityResults, language: str, outcome: str) -> None:
        self.results = results
        self.language, self.outcome = language, outcome
        self.words = figure_words(language)
        self.main = [each for each in results.subjects if each.subject.outcome == outcome]
        self.main.sort(key=lambda each: not each.subject.minus)

    def _text(self, key: str, **values: Any) -> str:
        return text(self.language, key, **values)

    def _subject(self, each: SubjectResult) -> str:
        scenario, minus, outcome = each.subject
        name = capital(label(outcome, self.language))
        key = "report.sensitivity.contrast" if minus else "report.sensitivity.subject"
        return self._text(key, outcome=name, scenario=quoted(scenario), minus=quoted(minus or ""))

    def _value(self, row: IndexRow, part: str = "value") -> str:
        value = math.nan if row[part] is None else float(row[part])
        return index_text(row["measure"], row["outcome"], value, self.language)

    def _interval(self, row: IndexRow) -> str:
        if row["low"] is None:
            return MISSING
        return text(self.language, "number.interval", low=self._value(row, "low"), high=self._value(row, "high"))

    def _named(self, rows: Sequence[IndexRow]) -> str:
        names = [f"{row['factor']} ({self._value(row)} {self._interval(row)})" for row in rows[:MOST_NAMED]]
        if len(rows) > MOST_NAMED:
            names.append(self._text("report.sensitivity.more", n=len(rows) - MOST_NAMED))
        return listed(names, self.words)

    @property
    def measure(self) -> str:
        """The name of the measure as it is read."""
        return SHOWN_AS.get(self.results.measure, self.results.measure)

    def finding(self, each: SubjectResult) -> str:
        """Say which factors stand out, and how many cannot be told from a factor that does nothing."""
        subject = self._subject(each)
        if not each.indices:
            return self._text("report.sensitivity.not_analyzed", subject=subject, reason=each.noise["reason"])
        ranked = each.of(self.results.measure)
        standing = [row for row in ranked if row["status"] == RESOLVED]
        open_ones = [row for row in ranked if row["status"] == NOT_RESOLVED]
        facts = {"subject": subject, "measure": self.measure, "n": len(ranked)}
        if not standing:
            if self.results.samples < FEWEST_TO_JUDGE[self.results.method]:
                return self._text("report.sensitivity.too_few", samples=self.results.samples, **facts)
            if len(open_ones) < len(ranked):
                return self._text("report.sensitivity.luck_unknown", **facts)
            return self._text("report.sensitivity.nothing", **facts)
        first = self._text("report.sensitivity.stands_out", named=self._named(standing), **facts)
        rivals = sum(row["high"] >= standing[0]["low"] for row in open_ones)
        if rivals:
            return f"{first} {self._text('report.sensitivity.rivals', n=rivals, open=len(open_ones))}"
        key = "report.sensitivity.rest" if open_ones else "report.sensitivity.all"
        return f"{first} {self._text(key, n=len(open_ones))}"

    def first_page(self, manifest: dict[str, Any]) -> Iterator[Block]:
        """Yield question, answer and figures of the outcome."""
        runs = manifest.get("runs", {})
        yield from unfinished(self.language, manifest, int(runs.get("finished", 0)), int(runs.get("failed", 0)))
        yield Paragraph(self._text("report.sensitivity.question", outcome=label(self.outcome, self.language)), "lead")
        described = str(manifest["experiment"].get("description") or "")
        if described:
            yield Paragraph(described, "note")
        for each in self.main:
            yield Paragraph(self.finding(each), "alert")
            yield from self._turns(each)
            yield from self._pictures(each, "indices")
        yield Heading(self._text("report.change_title"))
        yield Paragraph(self._text("report.sensitivity.change"))

    def _turns(self, each: SubjectResult) -> Iterator[Block]:
        """Yield at how many points which of two scenarios is ahead."""
        if not each.subject.minus or each.noise["share_above_zero"] is None:
            return
        above, below = (percent(each.noise[f"share_{side}_zero"], 0, self.language) for side in ("above", "below"))
        a, b = quoted(each.subject.scenario), quoted(each.subject.minus)
        yield Paragraph(self._text("report.sensitivity.turns", a=a, b=b, above=above, below=below))

    def _frame(self, rows: Sequence[IndexRow]) -> pd.DataFrame:
        return pd.DataFrame([dict(row) for row in rows])

    def _pictures(self, each: SubjectResult, *wanted: str) -> Iterator[Picture]:
        """Yield figures of a subject."""
        if not each.indices:
            return
        own = self._frame(each.indices)
        prefix = f"s{self.main.index(each)}"
        finding = self.finding(each)
        if "indices" in wanted:
            alt = self._text("report.alt_indices", finding=finding)
            yield Picture(inline_svg(sensitivity_figure(own, self.words), f"{prefix}i"), "", alt)
        if "effects" in wanted and "sigma" in set(own["measure"]):
            alt = self._text("report.alt_effects", finding=finding)
            yield Picture(inline_svg(elementary_effects_figure(own, self.words), f"{prefix}e"), "", alt)
        sizes = self._frame(each.convergence)
        if "convergence" in wanted and len(sizes) and sizes["samples"].nunique() > 1:
            alt = self._text("report.alt_convergence", finding=self._moved(each))
            yield Picture(inline_svg(convergence_figure(sizes, self.words), f"{prefix}c"), "", alt)

    def factors(self) -> Iterator[Block]:
        """Yield a table of all factors for each subject of the outcome, and what stands out in other outcomes."""
        for each in self.main:
            if each.indices:
                yield self._table(each)
                yield Paragraph(self._luck(each), "note")
                yield from self._pictures(each, "effects")
        yield Paragraph(self._text(f"report.sensitivity.about_{self.results.method}"), "note")
        yield from self._others()

    def _table(self, each: SubjectResult) -> Table:
        rows = [
            Row(str(row["factor"]), [self._value(row), self._interval(row), self._status(row)])
            for row in each.of(self.results.measure)
        ]
        dummy = each.get(self.results.measure, DUMMY)
        if dummy is not None:
            name = self.words["sensitivity.dummy"]
            rows.append(Row(name, [self._value(dummy), self._interval(dummy), self._text("report.status.yardstick")]))
        interval = self._text("report.column.interval").strip("[]")
        headers = [self._text("report.column.factor"), f">{self.measure}", f">{interval}"]
        headers.append(self._text("report.column.verdict"))
        return Table(self._subject(each), headers, [Rows("", rows)])

    def _status(self, row: IndexRow) -> str:
        status = str(row["status"] or "").replace(" ", "_")
        return self._text(f"report.status.{status}") if status else ""

    def _luck(self, each: SubjectResult) -> str:
        noise = each.noise
        if noise["luck_share_of_run"] is None:
            return self._text("report.sensitivity.luck_none")
        run, mean = (percent(noise[f"luck_share_of_{what}"], 0, self.language) for what in ("run", "mean"))
        lasting = percent(lasting_share(noise["luck_share_of_mean"]), 0, self.language)
        return self._text("report.sensitivity.luck", run=run, mean=mean, lasting=lasting, n=noise["replications"])

    def _others(self) -> Iterator[Block]:
        rows = []
        for each in self.results.subjects:
            if each.subject.outcome == self.outcome:
                continue
            standing = [row for row in each.of(self.results.measure) if row["status"] == RESOLVED]
            if not each.indices:
                shown = f"{MISSING} ({each.noise['reason']})"
            else:
                shown = self._named(standing) if standing else self._text("report.sensitivity.none")
            rows.append(Row(self._subject(each), [shown]))
        if rows:
            headers = [self._text("report.column.outcome"), self._text("report.column.stands_out")]
            yield Table(self._text("report.sensitivity.others_caption"), headers, [Rows("", rows)])

    def sample(self) -> Iterator[Block]:
        """Yield whether the indices have come to rest as the sample grew."""
        for each in self.main:
            if each.indices:
                yield Paragraph(f"{self._subject(each)}. {self._moved(each)}")
                yield from self._pictures(each, "convergence")

    def _moved(self, each: SubjectResult) -> str:
        """Say how far indices moved at the last step of the sample."""
        own = [row for row in each.convergence if row["measure"] == self.results.measure and row["factor"] != DUMMY]
        sizes = sorted({row["samples"] for row in own})
        if len(sizes) < 2:
            return self._text("report.sensitivity.one_size")
        before, here = ({row["factor"]: row for row in own if row["samples"] == size} for size in sizes[-2:])
        largest = max(here.values(), key=lambda row: abs(row["value"] - before[row["factor"]]["value"]))
        widest = max(here.values(), key=lambda row: row["high"] - row["low"])
        moved = {**largest, "value": abs(largest["value"] - before[largest["factor"]]["value"])}
        width = {**widest, "value": widest["high"] - widest["low"]}
        return self._text(
            "report.sensitivity.moved", small=sizes[-2], large=sizes[-1], moved=self._value(moved),
            factor=largest["factor"], width=self._value(width),
        )  # fmt: skip


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
    teller = SensitivityTeller(results, language, outcome or results.outcomes[0])
    parts: dict[str, Iterator[Block]] = {
        "answer": teller.first_page(manifest),
        "factors": teller.factors(),
        "sample": teller.sample(),
        "limits": limits(language, manifest),
        "repeat": repeat(language, manifest),
    }
    sections = [Section(name, text(language, f"report.section.{name}"), list(part)) for name, part in parts.items()]
    kind = text(
        language, "report.kind.sensitivity", method=results.method.capitalize(), n=results.n_movers,
        points=results.points, runs=results.runs,
    )  # fmt: skip
    return Report(language, results.name, kind, sections)
