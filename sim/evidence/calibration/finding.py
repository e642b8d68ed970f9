"""What a calibration found: how well the targets are met, which exclude each other, what is known about parameters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.analysis.wording import measured_text
from sim.words import number, percent, text
from sim.words.blocks import Block, Gap, Paragraph, table

if TYPE_CHECKING:
    from sim.evidence.calibration.folder import Calibration

MOST_CONFLICTS = 8
MOST_PARAMETERS = 20


def calibration_json(found: Calibration) -> dict[str, Any]:
    """Return what ``calibrate --json`` prints."""
    facts = {key: value for key, value in found.summary.items() if key not in {"experiment", "versions"}}
    tables = {
        "targets": [_plain(row) for row in found.tables["targets"].to_dict("records")],
        "parameters": [_plain(row) for row in found.tables["parameters"].to_dict("records")],
        "conflicts": [_plain(row) for row in found.tables["conflicts"].to_dict("records")],
    }
    return {**facts, "target_counts": facts["targets"], **tables, "results_dir": str(found.folder)}


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """Return a row without numbers that JSON does not know."""
    return {
        str(key): None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()
    }


class CalibrationFinding:
    """What a calibration found, in one language.

    Parameters
    ----------
    found : Calibration
        What was found.
    language : str
        ``en`` or ``nl``.
    """

    def __init__(self, found: Calibration, language: str) -> None:
        self._found = found
        self._language = language
        self._text = partial(text, language)

    def as_json(self) -> dict[str, Any]:
        """Return what ``calibrate --json`` prints."""
        return calibration_json(self._found)

    def blocks(self) -> Iterator[Block]:
        """Yield everything."""
        summary = self._found.summary
        counts = summary["targets"]
        waves = len(summary["waves"])
        yield Paragraph(
            self._text("calibrate.title", **{**summary, "waves": waves, "fitted": counts["fitted"]}), "lead"
        )
        effective = {
            "worlds": summary["worlds"],
            "effective": self._number(summary["effective_size"], 0),
            "largest": self._number(100 * summary["largest_weight"], 1),
            "lowest": self._number(summary["effective_size_lowest"], 0),
        }
        yield Paragraph(self._text("calibrate.effective", **effective))
        if summary["squares"] > summary["squares_most"]:
            sums = {
                key: self._number(summary[name], 0) for key, name in (("squares", "squares"), ("most", "squares_most"))
            }
            yield Paragraph(self._text("calibrate.squares", **sums))
        if not summary["is_effective_enough"]:
            yield Paragraph(self._text("calibrate.too_few"), "lead")
        yield Paragraph(self._text("calibrate.inside", **counts))
        yield from self._targets()
        yield Gap()
        yield from self._conflicts()
        yield Gap()
        yield from self._parameters()
        yield from self._ways()
        yield from self._recovery()
        yield Paragraph(self._text("calibrate.folder", folder=self._found.folder))

    def _number(self, value: float, digits: int) -> str:
        return number(value if math.isfinite(value) else math.nan, digits, self._language)

    def _value(self, value: float) -> str:
        return measured_text(value, self._language)

    def _interval(self, low: float, high: float) -> str:
        if not (math.isfinite(low) and math.isfinite(high)):
            return number(math.nan, 0, self._language)
        return f"{self._value(low)} – {self._value(high)}"

    def _targets(self) -> Iterator[Block]:
        from sim.evidence.calibration.folder import rows_of

        numbers = ("calibrate.published", "calibrate.prior", "calibrate.worlds", "calibrate.predicted")
        headers = [self._text("calibrate.target"), *(f">{self._text(key)}" for key in numbers), ""]
        lines = []
        frame = self._found.tables["targets"]
        for row in rows_of(frame[frame["use"] != "unused"]):
            bound = "≥ " if row.kind == "at least" else ""
            ends = ((row.prior_low, row.prior_high), (row.bare_low, row.bare_high), (row.low, row.high))
            intervals = [self._interval(*each) for each in ends]
            lines.append([f"{row.id} {row.observable}", bound + self._value(row.value), *intervals, self._verdict(row)])
        yield table(headers, lines, self._text("calibrate.targets_title"))

    def _verdict(self, row: Any) -> str:
        if row.use == "used" and not row.is_reached:
            return self._text("calibrate.unreached")
        if row.use == "used":
            return self._text("calibrate.ok" if row.is_inside else "calibrate.misfit")
        return self._text("calibrate.check_ok" if row.is_inside else "calibrate.check_misfit")

    def _conflicts(self) -> Iterator[Block]:
        from sim.evidence.calibration.folder import rows_of

        frame, targets = self._found.tables["conflicts"], self._found.tables["targets"]
        used = set(targets[targets["use"] == "used"]["id"])
        among = frame[frame["a"].isin(used) & frame["b"].isin(used)]
        if among.empty:
            yield Paragraph(self._text("calibrate.no_conflicts"))
            return
        yield Paragraph(self._text("calibrate.conflicts"), "lead")
        for row in rows_of(among.head(MOST_CONFLICTS)):
            yield Paragraph(self._text("calibrate.conflict", a=row.a, b=row.b, nearest=self._number(row.nearest, 1)))
        if len(among) > MOST_CONFLICTS:
            yield Paragraph(self._text("calibrate.more", n=len(among) - MOST_CONFLICTS))

    def _parameters(self) -> Iterator[Block]:
        from sim.evidence.calibration.folder import rows_of

        frame = self._found.tables["parameters"]
        informed = frame[frame["is_informed"]].sort_values("distance", ascending=False, kind="stable")
        if informed.empty:
            yield Paragraph(self._text("calibrate.none_informed"))
        else:
            caption = self._text("calibrate.parameters_title", n=len(informed), total=len(frame))
            numbers = ("calibrate.prior_interval", "calibrate.posterior", "calibrate.middle", "calibrate.distance")
            headers = [self._text("calibrate.parameter"), *(f">{self._text(key)}" for key in numbers)]
            lines = [
                (
                    row.parameter, self._interval(row.prior_low, row.prior_high), self._interval(row.low, row.high),
                    self._value(row.middle), self._number(row.distance, 2),
                )
                for row in rows_of(informed.head(MOST_PARAMETERS))
            ]  # fmt: skip
            yield table(headers, lines, caption)
        if len(informed) < len(frame):
            yield Paragraph(self._text("calibrate.silent", n=len(frame) - len(informed)))

    def _ways(self) -> Iterator[Block]:
        apart, out = self._found.summary["ways_apart"], self._found.summary["left_out"]
        numbers = {"middle": self._number(apart["median"], 2), "largest": self._number(apart["largest"], 2)}
        yield Paragraph(self._text("calibrate.ways", parameter=apart["largest_of"], **numbers))
        yield Paragraph(self._text("calibrate.left_out", **out))

    def _recovery(self) -> Iterator[Block]:
        here, prior = (self._found.summary[key] for key in ("recovery_here", "recovery"))
        if not here["trials"] or not prior["trials"]:
            yield Paragraph(self._text("calibrate.no_recovery"))
            return
        numbers = {
            "mean": percent(here["mean"], 0, self._language),
            "prior": percent(prior["mean"], 0, self._language),
            "trials": here["trials"],
        }
        yield Paragraph(self._text("calibrate.recovery", **numbers))
