"""What ``scorecard`` prints: an answer in words, the table of patterns, the forward test."""

from __future__ import annotations

from functools import partial

from sim.commands.tables import Table, print_table, print_text
from sim.show.scorecard.wording import estimate_text, mark_of, result_text, unit_text, value_text
from sim.study.scorecard.claims import FRAMES_OFF, FULL, SWITCHES
from sim.study.scorecard.plan import LAUNCHES, PROFILES
from sim.study.scorecard.score import Score, Scorecard
from sim.study.scorecard.verdicts import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, Result
from sim.texts import text

FORWARD_GAPS = ("intention_gap", "age_gap")


class ScorecardPrinter:
    """Prints a scorecard in one language.

    Parameters
    ----------
    found : Scorecard
        What was found.
    language : str
        ``en`` or ``nl``.
    """

    def __init__(self, found: Scorecard, language: str) -> None:
        self.found = found
        self.language = language
        self.text = partial(text, language)

    def print_all(self) -> None:
        """Print the answer and both tables."""
        self._print_answer()
        print_text()
        print_table(self._table())
        print_text()
        self._print_forward()
        print_text()
        print_text(self.text("scorecard.about"))
        print_text(self.text("scorecard.results", folder=self.found.folder))

    def _print_answer(self) -> None:
        found = self.found
        counts = {word: self._count(word) for word in (HOLDS, DOES_NOT_HOLD, CANNOT_TELL)}
        shown = [score for score in found.scores if score.results[FULL.name].verdict == HOLDS]
        print_text(
            self.text(
                "scorecard.answer",
                n=len(found.scores),
                holds=counts[HOLDS],
                fails=counts[DOES_NOT_HOLD],
                unsure=counts[CANNOT_TELL],
            ),
            is_strong=True,
        )
        print_text(
            self.text(
                "scorecard.frames",
                holds=len(shown),
                without=sum(score.results[FRAMES_OFF.name].verdict == HOLDS for score in shown),
                supporting=sum(score.supports_frames is True for score in shown),
            ),
            is_strong=True,
        )
        print_text(self._answer_on_limits())
        print_text(
            self.text(
                "scorecard.title",
                n=len(found.scores), worlds=found.size.n_worlds, source=self.text(f"scorecard.source.{found.source}"),
                employees=found.size.employees, weeks=found.size.weeks, runs=found.n_runs,
            )
        )  # fmt: skip

    def _count(self, verdict: str) -> int:
        results = [score.results[FULL.name] for score in self.found.scores]
        return sum(result.verdict == verdict and not result.out_of_range for result in results)

    def _answer_on_limits(self) -> str:
        """Return what has to be said of claims that the model cannot speak to, and of those that it cannot but show."""
        scores = self.found.scores
        n_outside = sum(score.results[FULL.name].out_of_range for score in scores)
        built_in = [score for score in scores if score.is_built_in]
        n_shown = sum(score.results[FULL.name].verdict == HOLDS for score in built_in)
        return self.text("scorecard.limits", outside=n_outside, built_in=len(built_in), shown=n_shown)

    def _table(self) -> Table:
        language = self.language
        arms = [switch.title if language == "en" else switch.title_nl for switch in SWITCHES]
        table = Table(
            [
                "",
                f">{self.text('scorecard.value')}",
                f">{self.text('scorecard.worlds')}",
                *arms,
                self.text("scorecard.theory"),
            ]
        )
        group = ""
        for score in self.found.scores:
            pattern = score.pattern
            if pattern.group != group:
                group = pattern.group
                table.add_heading("")
                table.add_heading(self.text(f"scorecard.group.{group.replace(' ', '_')}"))
            table.add_heading(f"{pattern.id}  {pattern.claim if language == 'en' else pattern.claim_nl}")
            full = score.results[FULL.name].estimate
            value = f"{estimate_text(pattern.statistic.unit, full, language)} {self._unit(score)}".rstrip()
            verdicts = [self._verdict(score.results[switch.name]) for switch in SWITCHES]
            table.add("", value, f"{full.n_above}/{full.n_below}", *verdicts, self._theory(score))
        return table

    def _unit(self, score: Score) -> str:
        unit = score.pattern.statistic.unit
        return "" if unit == "correlation" else unit_text(unit, self.language)

    def _verdict(self, result: Result) -> str:
        return f"{mark_of(result)} {result_text(result, self.language)}"

    def _theory(self, score: Score) -> str:
        if score.pattern.is_about_frames:
            return self.text("scorecard.theory.on_frames")
        known = {
            True: "scorecard.theory.supports",
            False: "scorecard.theory.no_support",
            None: "scorecard.theory.unsure",
        }
        return self.text(known[score.supports_frames])

    def _print_forward(self) -> None:
        language = self.language
        print_text(self.text("scorecard.forward", first=PROFILES[0], last=PROFILES[-1]), is_strong=True)
        table = Table(
            [
                self.text("scorecard.launch"),
                self.text("scorecard.gap"),
                *(f">{name}" for name in PROFILES),
                f">{self.text('scorecard.change')}",
            ]
        )
        rows = {(row.launch, row.gap): row for row in self.found.forward if row.arm == FULL.name}
        for launch in LAUNCHES:
            for gap in FORWARD_GAPS:
                row = rows[launch, gap]
                values = [value_text("points", each.value, language) for each in row.at]
                table.add(
                    launch, self.text(f"scorecard.gap.{gap}"), *values, estimate_text("points", row.change, language)
                )
        print_table(table)
