"""What ``calibrate`` prints: how well the targets are met, which exclude each other, what is known about parameters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.commands.calibrate_texts import CALIBRATE_TEXTS
from sim.commands.tables import Table, print_table, print_text

if TYPE_CHECKING:
    from sim.study.calibration.folder import Calibration

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


class CalibrationPrinter:
    """Prints a calibration in one language.

    Parameters
    ----------
    found : Calibration
        What was found.
    language : str
        ``en`` or ``nl``.
    """

    def __init__(self, found: Calibration, language: str) -> None:
        self._found = found
        self._texts = CALIBRATE_TEXTS[language]
        self._comma = language == "nl"

    def print(self) -> None:
        """Print everything."""
        summary, texts = self._found.summary, self._texts
        counts = summary["targets"]
        waves = len(summary["waves"])
        print_text(texts["title"].format(**{**summary, "waves": waves, "fitted": counts["fitted"]}), is_strong=True)
        effective = {
            "effective": self._number(summary["effective_size"], 0),
            "first": self._number(summary["effective_size_first_wave"], 0),
            "largest": self._number(summary["largest_weight"], 3),
        }
        print_text(texts["effective"].format(**effective))
        if summary["widening"] > 1:
            print_text(texts["widening"].format(factor=self._number(summary["widening"], 2)))
        if not summary["is_effective_enough"]:
            print_text(texts["too few"], is_strong=True)
        print_text(texts["inside"].format(**counts))
        print_text()
        self._print_targets()
        print_text()
        self._print_conflicts()
        print_text()
        self._print_parameters()
        self._print_recovery()
        print_text(texts["folder"].format(folder=self._found.folder))

    def _number(self, value: float, digits: int) -> str:
        text = "–" if not math.isfinite(value) else f"{value:.{digits}f}".replace("-", "−")
        return text.replace(".", ",") if self._comma else text

    def _value(self, value: float) -> str:
        return self._number(value, 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3)

    def _interval(self, low: float, high: float) -> str:
        if not (math.isfinite(low) and math.isfinite(high)):
            return "–"
        return f"{self._value(low)} – {self._value(high)}"

    def _print_targets(self) -> None:
        from sim.study.calibration.folder import rows_of

        texts = self._texts
        print_text(texts["targets title"], is_strong=True)
        headers = ("target", "published", "prior", "worlds", "predicted")
        table = Table([texts["target"], *(f">{texts[name]}" for name in headers[1:]), texts["verdict"]])
        frame = self._found.tables["targets"]
        for row in rows_of(frame[frame["use"] != "unused"]):
            bound = "≥ " if row.kind == "at least" else ""
            table.add(
                f"{row.id} {row.observable}",
                bound + self._value(row.value),
                self._interval(row.prior_low, row.prior_high),
                self._interval(row.bare_low, row.bare_high),
                self._interval(row.low, row.high),
                self._verdict(row),
            )
        print_table(table)

    def _verdict(self, row: Any) -> str:
        if row.use == "used" and not row.is_reached:
            return self._texts["unreached"]
        if row.use == "used":
            return self._texts["ok" if row.is_inside else "misfit"]
        return self._texts["check ok" if row.is_inside else "check misfit"]

    def _print_conflicts(self) -> None:
        from sim.study.calibration.folder import rows_of

        texts = self._texts
        frame, targets = self._found.tables["conflicts"], self._found.tables["targets"]
        used = set(targets[targets["use"] == "used"]["id"])
        among = frame[frame["a"].isin(used) & frame["b"].isin(used)]
        if among.empty:
            print_text(texts["no conflicts"])
            return
        print_text(texts["conflicts"], is_strong=True)
        for row in rows_of(among.head(MOST_CONFLICTS)):
            print_text(texts["conflict"].format(a=row.a, b=row.b, nearest=self._number(row.nearest, 1)))
        if len(among) > MOST_CONFLICTS:
            print_text(texts["more"].format(n=len(among) - MOST_CONFLICTS))

    def _print_parameters(self) -> None:
        from sim.study.calibration.folder import rows_of

        texts = self._texts
        frame = self._found.tables["parameters"]
        informed = frame[frame["is_informed"]].sort_values("distance", ascending=False, kind="stable")
        if informed.empty:
            print_text(texts["none informed"])
        else:
            print_text(texts["parameters title"].format(n=len(informed), total=len(frame)), is_strong=True)
            names = ("prior interval", "posterior", "middle", "distance")
            table = Table([texts["parameter"], *(f">{texts[name]}" for name in names)])
            for row in rows_of(informed.head(MOST_PARAMETERS)):
                table.add(
                    row.parameter,
                    self._interval(row.prior_low, row.prior_high),
                    self._interval(row.low, row.high),
                    self._value(row.middle),
                    self._number(row.distance, 2),
                )
            print_table(table)
        if len(informed) < len(frame):
            print_text(texts["silent"].format(n=len(frame) - len(informed)))

    def _print_recovery(self) -> None:
        found = self._found.summary["recovery_here"]
        if not found["trials"]:
            found = self._found.summary["recovery"]
        if not found["trials"]:
            print_text(self._texts["no recovery"])
            return
        numbers = {
            "mean": f"{self._number(100 * found['mean'], 0)}%",
            "trials": found["trials"],
            "thin": found["too_thin"],
        }
        print_text(self._texts["recovery"].format(**numbers))
