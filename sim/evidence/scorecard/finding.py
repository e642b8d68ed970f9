"""What a scorecard found: an answer in words, the table of patterns, the forward test; how its numbers are said."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

from sim.analysis.wording import MISSING
from sim.evidence.scorecard.claims import FRAMES_OFF, FULL, SWITCHES, Pattern
from sim.evidence.scorecard.plan import LAUNCHES, PROFILES
from sim.evidence.scorecard.score import Score, Scorecard, scorecard_json
from sim.evidence.scorecard.verdicts import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, Estimate, Result, VerdictWord
from sim.words import interval, number, short_number, text
from sim.words.blocks import Block, Gap, Paragraph, Row, Rows, Table, table

FORWARD_GAPS = ("intention_gap", "age_gap")

# For readers who do not see the colors: filled, crossed, open.
OUTSIDE = "–"  # outside the range of the model
_AS_IT_IS = ("correlation", "people")
MARKS: dict[VerdictWord, str] = {HOLDS: "●", DOES_NOT_HOLD: "✕", CANNOT_TELL: "○"}


def scaled(unit: str, value: float) -> float:
    """Return a value in the unit in which it is read."""
    return value if unit in _AS_IT_IS else 100.0 * value


def decimals(unit: str) -> int:
    """Return how many decimals a value in this unit deserves."""
    return 2 if unit in _AS_IT_IS else 1


def value_text(unit: str, value: float, language: str = "en", is_signed: bool = True) -> str:
    """Return a value without its unit; a dash where there is none."""
    return MISSING if math.isnan(value) else number(scaled(unit, value), decimals(unit), language, is_signed)


def estimate_text(unit: str, found: Estimate, language: str = "en") -> str:
    """Return a value with its interval, such as ``+5.0 [4.3, 5.9]``."""
    if math.isnan(found.low):
        return MISSING
    ends = [value_text(unit, end, language, is_signed=False) for end in (found.low, found.high)]
    return f"{value_text(unit, found.value, language)} {interval(ends[0], ends[1], language)}"


def unit_text(unit: str, language: str = "en") -> str:
    """Return the unit that values are read in."""
    return text(language, f"scorecard.unit.{unit}")


def verdict_text(verdict: VerdictWord, language: str = "en") -> str:
    """Return a verdict in words."""
    return text(language, f"scorecard.verdict.{verdict.replace(' ', '_')}")


def result_text(result: Result, language: str = "en") -> str:
    """Return a verdict in words, or that the claim is outside the range of the model."""
    return text(language, "scorecard.outside") if result.out_of_range else verdict_text(result.verdict, language)


def arm_title(arm: str, language: str = "en") -> str:
    """Return what an arm is called."""
    return text(language, f"scorecard.arm.{arm}")


def mark_of(result: Result) -> str:
    """Return the mark of a verdict."""
    return OUTSIDE if result.out_of_range else MARKS[result.verdict]


def predicted_text(pattern: Pattern) -> str:
    """Return what the claim predicts, in words."""
    unit = pattern.statistic.unit
    number_text = short_number(scaled(unit, pattern.margin))
    margin = {
        "points": "1 point" if number_text == "1" else f"{number_text} points",
        "percent": f"{number_text}%",
        "people": f"{number_text} people",
    }.get(unit, number_text)
    return {
        "more": f"above zero; within {margin} of it counts as no difference",
        "at least": f"not below zero; by {margin} counts as not below",
        "alike": f"within {margin} of zero",
        "differ": f"away from zero, on either side; within {margin} of it counts as no difference",
    }[pattern.shape]


class ScorecardFinding:
    """What a scorecard found, in one language.

    `found`: what was found.
    """

    def __init__(self, found: Scorecard, language: str) -> None:
        self.found = found
        self.language = language
        self.text = partial(text, language)

    def as_json(self) -> dict[str, Any]:
        """Return what ``scorecard --json`` prints."""
        return scorecard_json(self.found)

    def blocks(self) -> Iterator[Block]:
        """Yield the answer and both tables."""
        yield from self._answer()
        yield self._patterns()
        yield self._forward()
        yield Gap()
        yield Paragraph(self.text("scorecard.about"))
        yield Paragraph(self.text("scorecard.results", folder=self.found.folder))

    def _answer(self) -> Iterator[Block]:
        found = self.found
        counts = {word: self._count(word) for word in (HOLDS, DOES_NOT_HOLD, CANNOT_TELL)}
        shown = [score for score in found.scores if score.results[FULL.name].verdict == HOLDS]
        yield Paragraph(
            self.text(
                "scorecard.answer",
                n=len(found.scores),
                holds=counts[HOLDS],
                fails=counts[DOES_NOT_HOLD],
                unsure=counts[CANNOT_TELL],
            ),
            "lead",
        )
        yield Paragraph(
            self.text(
                "scorecard.frames",
                holds=len(shown),
                without=sum(score.results[FRAMES_OFF.name].verdict == HOLDS for score in shown),
                supporting=sum(score.supports_frames is True for score in shown),
            ),
            "lead",
        )
        yield Paragraph(self._answer_on_limits())
        yield Paragraph(
            self.text(
                "scorecard.title",
                n=len(found.scores), worlds=found.size.n_worlds, source=self.text(f"scorecard.source.{found.source}"),
                employees=found.size.employees, weeks=found.size.weeks, runs=found.n_runs,
            ))  # fmt: skip

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

    def _patterns(self) -> Table:
        groups: list[Rows] = []
        group = ""
        for score in self.found.scores:
            pattern = score.pattern
            if pattern.group != group:
                group = pattern.group
                groups.append(Rows(self.text(f"scorecard.group.{group.replace(' ', '_')}"), ()))
            full = score.results[FULL.name].estimate
            value = f"{estimate_text(pattern.statistic.unit, full, self.language)} {self._unit(score)}".rstrip()
            verdicts = [self._verdict(score.results[switch.name]) for switch in SWITCHES]
            row = Row("", [value, f"{full.n_above}/{full.n_below}", *verdicts, self._theory(score)])
            claim = pattern.claim if self.language == "en" else pattern.claim_nl
            groups.append(Rows(f"{pattern.id}  {claim}", [row]))
        numbers = [f">{self.text(f'scorecard.{name}')}" for name in ("value", "worlds")]
        arms = [arm_title(switch.name, self.language) for switch in SWITCHES]
        return Table("", ["", *numbers, *arms, self.text("scorecard.theory")], groups)

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

    def _forward(self) -> Table:
        rows = {(row.launch, row.gap): row for row in self.found.forward if row.arm == FULL.name}
        lines = []
        for launch in LAUNCHES:
            for gap in FORWARD_GAPS:
                row = rows[launch, gap]
                values = [value_text("points", each.value, self.language) for each in row.at]
                change = estimate_text("points", row.change, self.language)
                lines.append((launch, self.text(f"scorecard.gap.{gap}"), *values, change))
        names = [self.text("scorecard.launch"), self.text("scorecard.gap")]
        numbers = [f">{name}" for name in (*PROFILES, self.text("scorecard.change"))]
        return table([*names, *numbers], lines, self.text("scorecard.forward", first=PROFILES[0], last=PROFILES[-1]))
