"""The reports about a sweep and about a sensitivity analysis."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.results import Stored
from sim.analysis.sensitivity.finding import SensitivityFinding
from sim.analysis.sensitivity.results import Row as IndexRow
from sim.analysis.sensitivity.results import SubjectResult, read_results
from sim.analysis.statistics import MeanInterval
from sim.analysis.sweeping.cells import setting_text
from sim.analysis.sweeping.levers import effects_of, lever_lines, never_bad, never_bad_line
from sim.analysis.sweeping.sweep import BESIDE_COLUMNS, StoredSweep, candidate_names, rows_of, sweep_of
from sim.analysis.verdict import beside_sentence
from sim.analysis.wording import MISSING, OUTCOME_BY_NAME, difference_text, label, phrase_for
from sim.documents.printers import inline_svg
from sim.errors import InputError
from sim.figures.layout import Words, figure_words
from sim.figures.plots import sweep_figures
from sim.figures.sensitivity import convergence_figure, elementary_effects_figure, sensitivity_figure
from sim.pages.report.basis import capital, cell_text, interval_words, limits, quoted, repeat, unfinished
from sim.words import number, percent, said, text, typed
from sim.words.blocks import Block, Bullets, Heading, Paragraph, Picture, Report, Row, Rows, Section, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


N_BEST, N_WORST = 30, 5
COVERS = {"worlds and luck": "both", "worlds": "worlds", "luck": "luck"}


class SweepTeller:
    """Tells of a sweep in one language, by one outcome.

    Parameters
    ----------
    found : StoredSweep
        The sweep.
    language : str
        ``en`` or ``nl``.
    outcome : str
        What the strategies are ranked by.
    """

    def __init__(self, found: StoredSweep, language: str, outcome: str) -> None:
        self.found, self.sweep = found, found.sweep
        self.language, self.outcome = language, outcome
        self.words: Words = figure_words(language)
        self.names = candidate_names(self.sweep.cells, found.stored.points(), language)
        self.table = self._joined()

    def _text(self, key: str, **values: Any) -> str:
        return text(self.language, key, **values)

    def _joined(self) -> pd.DataFrame:
        """Return summary and places by the outcome, a row a candidate, the best first; the rest by mean."""
        summary = self.sweep.summary
        table = summary[summary["outcome"] == self.outcome].reset_index(drop=True).assign(name=self.names)
        places = self.sweep.strategies
        places = places[places["outcome"] == self.outcome].reset_index(drop=True)
        columns = ["rank", "share_first", "n_cells", "n_units", "is_tied_with_first", "regret_mean", "regret_p90",
                   "share_worlds_best", "share_worlds_alive",
                   *(name for name in BESIDE_COLUMNS if name in places)]  # fmt: skip
        for column in columns:
            table[column] = places[column] if len(places) else float("nan")
        for column, source in (("rank_low", "low"), ("rank_high", "high")):
            table[column] = places[source] if len(places) else float("nan")
        is_less_better = OUTCOME_BY_NAME[self.outcome].better < 0
        return table.sort_values(
            ["rank", "mean"], ascending=[True, is_less_better], kind="stable", na_position="last"
        ).reset_index(drop=True)

    @property
    def is_ranked(self) -> bool:
        """Whether there are places."""
        return bool(self.table["rank"].notna().any())

    def interval(self, row: Any) -> MeanInterval:
        """Return the mean of a row with its interval."""
        return MeanInterval(row.mean, row.low, row.high, int(row.n), row.reason or "", int(row.n_not_reached))

    # --- first page ---

    def question(self) -> str:
        """Return what was asked."""
        phrase = phrase_for(self.outcome, self.language)
        wanted = phrase.less if OUTCOME_BY_NAME[self.outcome].better < 0 else phrase.more
        return self._text("report.sweep.question", n=self.subjects(), phrase=wanted, worlds=self.worlds())

    def subjects(self) -> str:
        """Return how many strategies there are."""
        n = len(self.names)
        return self._text("report.sweep.strategies" if n != 1 else "report.sweep.strategy", n=n)

    def worlds(self) -> str:
        """Return how many worlds or points there are."""
        kind = "worlds" if self.sweep.cells.is_crossed else "points"
        n = len(self.sweep.cells.worlds)
        return self.words[f"sweep.{kind}.{'one' if n == 1 else 'many'}"].format(n=n)

    def answer(self) -> str:
        """Return the answer in two sentences."""
        first = next(rows_of(self.table))
        shown = interval_words(self.outcome, self.interval(first), self.language)
        facts = {"outcome": label(self.outcome, self.language), "name": quoted(str(first.name)), "value": shown,
                 "n": len(self.names)}  # fmt: skip
        covers = self._text(f"report.sweep.covers_{COVERS.get(str(first.covers), 'nothing')}")
        if len(self.names) == 1:
            return f"{self._text('report.sweep.answer_one', **facts)} {covers}"
        if not self.is_ranked:
            return f"{self._text('report.sweep.answer_unranked', **facts)} {covers}"
        n_tied = int(self.table["is_tied_with_first"].eq(True).sum())
        facts["share"] = percent(first.share_first, 0, self.language)
        units = "worlds" if len(self.sweep.cells.worlds) > 1 else "replications"
        facts["units"] = f"{first.n_units:.0f} {self._text(f'report.units_{units}')}" + self._beside(first)
        key = "report.sweep.answer_first" if n_tied == 1 else "report.sweep.answer_tied"
        if first.n_cells == 1:
            key = "report.sweep.answer_one_run"
        return f"{self._text(key, tied=n_tied, **facts)} {covers}"

    def _beside(self, first: Any) -> str:
        """Say what other worlds, and the default values alone, say of the strategy that comes first."""
        best = ""
        if "defaults_rank" in self.table:
            ranked = self.table.sort_values("defaults_rank", kind="stable", na_position="last")
            best = quoted(str(next(rows_of(ranked)).name))
        return beside_sentence(first, best, self.language)

    def first_page(self) -> Iterator[Block]:
        """Yield question, answer, the ranking, and what would change the answer."""
        stored = self.found.stored
        names = dict(zip(self.sweep.cells.candidates, self.names, strict=True))
        yield from unfinished(self.language, stored.manifest, self.found.facts.n_done, len(stored.failures))
        yield Paragraph(self.question(), "lead")
        described = str(stored.manifest["experiment"].get("description") or "")
        if described:
            yield Paragraph(described, "note")
        clear, rest = lever_lines(effects_of(self.found, self.outcome), self.language)
        levers: list[Block] = []
        if clear:
            levers = [
                Paragraph(self._text("sweep.levers_title", outcome=label(self.outcome, self.language))),
                Bullets([("", f"{capital(each)}.") for each in clear]),
            ]
        answer = Paragraph(self.answer(), "alert")
        is_told = int(self.table["is_tied_with_first"].eq(True).sum()) == 1
        yield from [answer, *levers] if is_told else [*levers, answer]
        if rest:
            yield Paragraph(rest, "note")
        safest = never_bad(self.sweep, self.outcome)
        if safest is not None:
            name = names[safest[0]]
            yield Paragraph(never_bad_line(quoted(name), safest[1], self.outcome, self.language))
        for note in self.found.facts.notes(self.language, names.__getitem__):
            yield Paragraph(note, "note")
        yield from self.pictures("ranking")
        yield Heading(self._text("report.change_title"))
        yield from self._what_goes_with()

    def pictures(self, *wanted: str) -> Iterator[Picture]:
        """Yield the figures of these names, as far as the sweep can show them."""
        for name, figure in sweep_figures(self.sweep, self.found.stored.runs, self.outcome, self.words):
            if name in wanted:
                alt = self._text(
                    f"report.alt_{name}", outcome=label(self.outcome, self.language), finding=self._finding(name)
                )
                yield Picture(inline_svg(figure, name), "", alt)

    def _finding(self, name: str) -> str:
        if name == "associations":
            return self._associations_text()
        return self._robust_text() if name == "spread" else self.answer()

    def _own_associations(self) -> pd.DataFrame:
        table = self.sweep.associations
        own = table[table["outcome"] == self.outcome]
        return own[own["subject"] == own["subject"].iloc[-1]] if len(own) else own

    def _associations_text(self) -> str:
        own = self._own_associations()
        clear = own[own["q"] <= 0.05]
        if clear.empty:
            return self._text("report.sweep.nothing_stands_out", n=len(own))
        named = ", ".join(
            f"{row.factor} ({number(row.rho, 2, self.language, is_signed=True)})" for row in rows_of(clear.head(5))
        )
        return self._text("report.sweep.stands_out", k=len(clear), n=len(own), named=named)

    def _what_goes_with(self) -> Iterator[Block]:
        if self._own_associations().empty:
            yield Paragraph(self._text("report.sweep.no_associations"))
        else:
            yield Paragraph(self._associations_text())

    # --- all strategies ---

    def strategies(self) -> Iterator[Block]:
        """Yield the table of strategies, and the settings of the best and the last."""
        n = len(self.table)
        shown = self.table
        if n > N_BEST + N_WORST:
            shown = pd.concat([self.table.head(N_BEST), self.table.tail(N_WORST)])
            yield Paragraph(self._text("report.sweep.some", best=N_BEST, worst=N_WORST, n=n), "note")
        columns = ("strategy", ">place", ">places", ">best_with", ">mean", ">regret", ">regret_p90")
        headers = [
            (">" if name.startswith(">") else "") + self._text(f"report.column.{name.removeprefix('>')}")
            for name in columns
        ]
        caption = self._text("report.sweep.caption", outcome=label(self.outcome, self.language))
        rows = [Row(str(row.name), self._cells(row)) for row in rows_of(shown)]
        yield Table(caption, headers, [Rows("", rows)])
        yield Paragraph(self._text("report.sweep.about_places"), "note")
        yield from self._best_and_last()

    def _cells(self, row: Any) -> list[str]:
        language = self.language
        places = MISSING
        if not math.isnan(row.rank_low):
            places = "–".join(number(end, 0, language) for end in (row.rank_low, row.rank_high))
        return [
            number(row.rank, 0, language),
            places,
            percent(row.share_first, 0, language),
            cell_text(self.outcome, self.interval(row), language),
            _size(self.outcome, row.regret_mean, language),
            _size(self.outcome, row.regret_p90, language),
        ]

    def _best_and_last(self) -> Iterator[Block]:
        """Yield what the best and the last strategy are set to."""
        ranked = self.table[self.table["rank"].notna()]
        if len(ranked) < 2 or not self.sweep.settings:
            return
        best, last = (self.sweep.settings[int(ranked.iloc[place]["strategy"])] for place in (0, -1))
        rows = [Row(name, [setting_text(each[name], self.language) for each in (best, last)]) for name in best]
        headers = [self._text(f"report.column.{name}") for name in ("setting", "best", "last")]
        yield Table(self._text("report.sweep.settings_caption"), headers, [Rows("", rows)])

    # --- other worlds ---

    def _robust_text(self) -> str:
        """Say how much one loses with the best, in how many worlds it is the best, and where it lives."""
        if not self.is_ranked:
            return self._text("report.sweep.not_ranked")
        first = next(rows_of(self.table))
        safest = min(rows_of(self.table[self.table["rank"].notna()]), key=lambda row: (row.regret_p90, row.rank))
        facts = {
            "name": quoted(str(first.name)),
            "best": percent(first.share_worlds_best, 0, self.language),
            "regret": _size(self.outcome, first.regret_mean, self.language),
            "p90": _size(self.outcome, first.regret_p90, self.language),
            "safest": quoted(str(safest.name)),
            "safest_p90": _size(self.outcome, safest.regret_p90, self.language),
        }
        return self._text("report.sweep.robust", **facts)

    def robust(self) -> Iterator[Block]:
        """Yield how the strategies do across worlds, in figures and words, and by other outcomes."""
        yield Paragraph(self._robust_text())
        alive = self.table.dropna(subset=["share_worlds_alive"])
        if len(alive):
            first = alive.iloc[0]
            share = percent(float(first["share_worlds_alive"]), 0, self.language)
            yield Paragraph(self._text("report.sweep.alive", name=quoted(str(first["name"])), share=share))
        yield from self.pictures("spread", "associations")
        yield Paragraph(self._text("report.sweep.about_associations"), "note")
        yield from self._other_outcomes()
        yield Paragraph(self._text("report.sweep.change", **_next_commands(self.found.stored.folder.name)))

    def _other_outcomes(self) -> Iterator[Block]:
        """Yield which strategy is best by each other outcome."""
        rows = []
        for outcome in self.sweep.outcomes:
            if outcome == self.outcome or OUTCOME_BY_NAME[outcome].better == 0 or len(self.names) < 2:
                continue
            own = SweepTeller(self.found, self.language, outcome)
            if own.is_ranked:
                first = next(rows_of(own.table))
                tied = int(own.table["is_tied_with_first"].eq(True).sum())
                best = quoted(str(first.name))
                if tied > 1:
                    best = self._text("report.sweep.tied", name=best, n=tied - 1)
                shown = cell_text(outcome, own.interval(first), self.language)
                rows.append(Row(capital(label(outcome, self.language)), [best, shown]))
        if rows:
            headers = [self._text("report.column.outcome"), self._text("report.column.best"),
                       f">{self._text('report.column.mean')}"]  # fmt: skip
            yield Table(self._text("report.sweep.others_caption"), headers, [Rows("", rows)])


def _size(outcome: str, value: float, language: str) -> str:
    """Return a difference without sign, with its unit."""
    return MISSING if math.isnan(value) else difference_text(outcome, value, language).lstrip("+")


def sweep_report(stored: Stored, language: str, outcome: str | None = None) -> Report:
    """Return the report about a sweep.

    Raises
    ------
    InputError
        If nothing of it is done.
    """
    found = sweep_of(stored)
    teller = SweepTeller(found, language, outcome or found.main_outcome)
    parts: dict[str, Iterator[Block]] = {
        "answer": teller.first_page(),
        "strategies": teller.strategies(),
        "robust": teller.robust(),
        "limits": limits(language, stored.manifest),
        "repeat": repeat(language, stored.manifest),
    }
    sections = [Section(name, text(language, f"report.section.{name}"), list(part)) for name, part in parts.items()]
    kind = text(language, "report.kind.sweep", strategies=teller.subjects(), worlds=teller.worlds())
    return Report(language, stored.name, kind, sections)


def _next_commands(folder: str) -> dict[str, str]:
    """Return what to type to ask the runs of a folder more."""
    return {
        "discover": typed("intranet-sim", "discover", Path(folder), "--when", "alive < 0.5"),
        "sensitivity": typed("intranet-sim", "sensitivity", Path(folder)),
    }


# The report about a sensitivity analysis: which factors decide, which are not resolved, and whether that will stay.


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
        yield from self.finding.notes()
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
    from sim.analysis.sensitivity.results import TABLES, manifest_of
    from sim.runs.parquet import is_there

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
