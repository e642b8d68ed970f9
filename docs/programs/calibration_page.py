"""Fill the tables of ``docs/calibration.md`` from a finished calibration.

Run as ``python docs/programs/calibration_page.py [FOLDER]``; FOLDER is where ``intranet-sim calibrate`` put its
results. The text of the page is written by hand; each table stands between two marks and is replaced. The table of
targets needs no FOLDER.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.study.calibration.folder import Calibration, read_calibration, rows_of
from sim.study.calibration.observables import OBSERVABLES
from sim.study.calibration.targets import Target, load_targets

DOCS = Path(__file__).resolve().parents[1]
PAGE = DOCS / "calibration.md"
FIGURES = DOCS / "figures"
DRAWN = ("targets", "parameters", "pulls", "effective")
MOST_CONFLICTS = 12


def markdown(headers: Sequence[str], rows: Sequence[Sequence[str]], n_left: int = 1) -> str:
    """Return a table, all columns but the first `n_left` aligned to the right."""
    rule = ["---"] * n_left + ["---:"] * (len(headers) - n_left)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [list(headers), rule, *rows])


def replaced(page: str, name: str, text: str) -> str:
    """Return the page with the block called `name` holding `text`.

    Raises
    ------
    ValueError
        If the page has no such block.
    """
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
    if not block.search(page):
        raise ValueError(f"no block {name}")
    return block.sub(lambda match: f"{match[1]}{text.rstrip()}\n{match[2]}", page)


def with_figure(page: str, name: str) -> str:
    """Return the page with a figure in its place, described as the place says."""
    place = re.compile(rf"(<!-- figure {name}: (.+) -->\n).*?(<!-- end figure {name} -->)", re.DOTALL)
    return place.sub(rf"\1![\2](figures/calibration-{name}.png)\n\3", page)


def number(value: float) -> str:
    """Return a number with about two digits that matter."""
    if not np.isfinite(value):
        return "–"
    text = f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"
    return text.replace("-", "−")


def interval(low: float, high: float) -> str:
    """Return an interval in brackets."""
    return f"[{number(low)}, {number(high)}]"


def _goal(target: Target) -> str:
    return ("at least " if target.kind == "at least" else "") + number(target.value)


def _tolerance(target: Target) -> str:
    return (
        f"× or ÷ {number(float(np.exp(target.tolerance)))}"
        if target.scale == "log"
        else f"± {number(target.tolerance)}"
    )


def _where(target: Target) -> str:
    when = f", week {target.week}" if target.week else ""
    return f"`{target.observable}`{when}" if target.observable else "–"


def observable_table() -> str:
    """Return what each observable is."""
    rows = [
        [f"`{name}`", one.meaning, ", ".join(f"`{outcome}`" for outcome in one.outcomes)]
        for name, one in OBSERVABLES.items()
    ]
    return markdown(["observable", "meaning", "made from"], rows, 3)


def target_table(use: str) -> str:
    """Return the targets that are used, only compared, or unused, with their arguments."""
    rows = []
    for target in load_targets():
        if target.use != use:
            continue
        row = [f"[{target.id}](evidence.md)", f"{target.reading} ({target.source})"]
        if use != "unused":
            row += [f"`{target.scenario}`", _where(target), _goal(target), _tolerance(target), target.tolerance_why]
        rows.append([*row, *([target.use_why] if use != "used" else [])])
    headers = ["id", "published"]
    if use != "unused":
        headers += ["organization", "observable", "target", "tolerance", "why this tolerance"]
    return markdown([*headers, *(["why not used"] if use != "used" else [])], rows, len(headers) + 1)


def summary_text(found: Calibration) -> str:
    """Return the calibration in a few lines."""
    summary = found.summary
    counts, versions = summary["targets"], summary["versions"]
    waves = ", ".join(f"{wave['points']}" for wave in summary["waves"])
    share = 100 * counts["fitted_inside"] / max(counts["fitted"], 1)
    return "\n".join(
        [
            f"* Made on {summary['date'][:10]} by `{summary['made_by']}`, code {summary['code_version']}, Python"
            f" {versions.get('python', '?')}, NumPy {versions.get('numpy', '?')}, seed {summary['seed']}.",
            f"* {summary['parameters']} coefficients, {counts['fitted']} targets that decide (of {counts['used']}"
            f" marked as used), {counts['compared'] - counts['used']} more that are compared.",
            f"* {summary['runs']:,} runs: waves of {waves} points, {summary['failed']} runs failed.",
            f"* Effective number of points: {summary['effective_size']:.0f} (first wave alone"
            f" {summary['effective_size_first_wave']:.0f}); largest weight {summary['largest_weight']:.3f}.",
            f"* Tolerances were widened by a factor of {number(summary['widening'])} to weigh points (section 4).",
            f"* {counts['fitted_inside']} of {counts['fitted']} fitted targets ({share:.0f}%) lie inside their 90%"
            f" predictive interval; of all {counts['compared']} compared, {counts['compared_inside']}.",
        ]
    )


def fit_table(found: Calibration) -> str:
    """Return what the prior shows and the worlds predict for each compared target."""
    rows = []
    for row in rows_of(found.tables["targets"]):
        if row.use == "unused":
            continue
        verdict = "inside" if row.is_inside else "**outside**"
        verdict += "" if row.use == "used" else ", only compared"
        rows.append(
            [
                f"{row.id} `{row.observable}`", f"`{row.scenario}`",
                ("≥ " if row.kind == "at least" else "") + number(row.value),
                interval(row.prior_low, row.prior_high), f"{100 * row.share_near:.1f}%",
                interval(row.bare_low, row.bare_high), interval(row.low, row.high), number(row.off), verdict,
            ]
        )  # fmt: skip
    headers = [
        "target", "organization", "published", "prior", "draws near", "worlds", "predicted", "off by", "90% interval",
    ]  # fmt: skip
    return markdown(headers, rows, 2)


def conflict_text(found: Calibration) -> str:
    """Return the pairs of used targets that exclude each other."""
    targets = found.tables["targets"]
    used = set(targets[targets["use"] == "used"]["id"])
    frame = found.tables["conflicts"]
    among = frame[frame["a"].isin(used) & frame["b"].isin(used)]
    if among.empty:
        return "No two used targets exclude each other."
    rows = [
        [row.a, row.b, number(row.nearest), f"{100 * row.share:.2f}%", f"{100 * row.expected:.2f}%"]
        for row in rows_of(among.head(MOST_CONFLICTS))
    ]
    return markdown(
        ["target", "and", "nearest point, in sd", "draws that meet both", "expected if independent"], rows, 2
    )


def parameter_table(found: Calibration) -> str:
    """Return prior and posterior of the informed parameters, and the names of the others."""
    frame = found.tables["parameters"].sort_values("distance", ascending=False, kind="stable")
    informed = frame[frame["is_informed"]]
    rows = [
        [
            f"`{row.parameter}`", interval(row.prior_low, row.prior_high), number(row.middle),
            interval(row.low, row.high),
            number(row.adjusted_middle), f"{row.distance:.2f}", f"{100 * row.shrinkage:.0f}%".replace("-", "−"),
        ]
        for row in rows_of(informed)
    ]  # fmt: skip
    headers = ["parameter", "prior 90%", "median", "posterior 90%", "median, adjusted", "distance", "narrower by"]
    silent = ", ".join(f"`{name.removeprefix('behavior.')}`" for name in frame[~frame["is_informed"]]["parameter"])
    n = len(frame) - len(informed)
    table = markdown(headers, rows) if rows else "The targets say nothing about any single parameter beyond chance."
    return f"{table}\n\n**Parameters that the targets say nothing about** ({n}); they keep their prior: {silent}."


def recovery_text(found: Calibration) -> str:
    """Return the simulation-based check."""
    rows = []
    for name, key in (("truths from the prior", "recovery"), ("truths from the plausible worlds", "recovery_here")):
        one: dict[str, Any] = found.summary[key]
        if not one["trials"]:
            rows.append([name, "0", str(one["too_thin"]), "–", "–", "–", "–"])
            continue
        rows.append(
            [
                name, str(one["trials"]), str(one["too_thin"]), f"{100 * one['mean']:.0f}%",
                f"{100 * one['lowest']:.0f}% to {100 * one['highest']:.0f}%", f"{100 * one['share_within']:.0f}%",
                f"{100 * one['mean_adjusted']:.0f}%",
            ]
        )  # fmt: skip
    headers = [
        "truths", "trials", "too thin to judge", "coverage, mean over parameters", "lowest to highest",
        "parameters between 80% and 98%", "coverage, adjusted",
    ]  # fmt: skip
    return markdown(headers, rows)


def main(folder: Path | None) -> None:
    """Replace the tables of the page; those of a calibration only if a folder is given."""
    page = PAGE.read_text(encoding="utf-8")
    page = replaced(page, "observables", observable_table())
    for use in ("used", "check", "unused"):
        page = replaced(page, f"targets {use}", target_table(use))
    if folder is not None:
        found = read_calibration(folder)
        makers = {
            "summary": summary_text, "fit": fit_table, "conflicts": conflict_text, "parameters": parameter_table,
            "recovery": recovery_text,
        }  # fmt: skip
        for name, make in makers.items():
            page = replaced(page, name, make(found))
        for name in DRAWN:
            for suffix in ("png", "svg"):
                shutil.copy(found.folder / "figures" / f"{name}.{suffix}", FIGURES / f"calibration-{name}.{suffix}")
            page = with_figure(page, name)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
