"""Fill the tables of ``docs/calibration.md`` from a finished calibration.

Run as ``python docs/programs/calibration_page.py [FOLDER]``; FOLDER is where ``intranet-sim calibrate`` put its
results. The text of the page is written by hand; each table stands between two marks and is replaced. The table of
targets needs no FOLDER.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.evidence.calibration.folder import Calibration, read_calibration, rows_of
from sim.evidence.calibration.observables import OBSERVABLES
from sim.evidence.calibration.targets import Target, load_targets
from sim.experiments.worlds import DATA as WORLDS

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
            row += [f"{target.organizations}: {target.organizations_why}"]
        rows.append([*row, *([target.use_why] if use != "used" else [])])
    headers = ["id", "published"]
    if use != "unused":
        headers += ["organization", "observable", "target", "tolerance", "why this tolerance", "mean over"]
    return markdown([*headers, *(["why not used"] if use != "used" else [])], rows, len(headers) + 1)


def summary_text(found: Calibration) -> str:
    """Return the calibration in a few lines."""
    summary = found.summary
    counts, versions = summary["targets"], summary["versions"]
    waves = ", ".join(f"{wave['points']}" for wave in summary["waves"])
    share = 100 * counts["fitted_inside"] / max(counts["fitted"], 1)
    typed = re.sub(r"--(out|worlds) \S+", r"--\1 DIR", summary["made_by"])
    return "\n".join(
        [
            f"* Made on {summary['date'][:10]} by `{typed}`, code {summary['code_version']}, Python"
            f" {versions.get('python', '?')}, NumPy {versions.get('numpy', '?')}, seed {summary['seed']}.",
            f"* {summary['parameters']} coefficients, of which {len(summary['fitted_parameters'])} are fitted;"
            f" {counts['fitted']} targets that decide (of {counts['used']}"
            f" marked as used), {counts['compared'] - counts['used']} more that are compared.",
            f"* {summary['runs']:,} runs: waves of {waves} points, and {summary['runs_again']:,} new runs of the"
            f" {summary['worlds']} worlds; {summary['failed']} runs failed.",
            f"* The points, weighted by their runs, are worth {summary['effective_size']:.0f} draws of equal weight,"
            f" and {summary['effective_size_lowest']:.0f} for the mean of the fitted coefficient that is known worst."
            f" Their largest weight is {100 * summary['largest_weight']:.1f}%; the shape of the tail of the weights"
            f" (k-hat) is {summary['tail_shape']:.2f}.",
            f"* The sum of squared misfits is {summary['squares']:.0f} on average over the posterior; where model and"
            f" tolerances are right, it exceeds {summary['squares_most']:.0f} in one case of twenty.",
            f"* Two ways to the posterior: medians are typically {summary['ways_apart']['median']:.2f} standard"
            f" deviations apart, at most {summary['ways_apart']['largest']:.2f}"
            f" (`{summary['ways_apart']['largest_of']}`).",
            f"* Fitted without an organization, {summary['left_out']['inside']} of the {summary['left_out']['targets']}"
            " numbers about it lie inside their 90% predictive interval.",
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
                number(row.luck), interval(row.bare_low, row.bare_high), interval(row.low, row.high), number(row.off),
                verdict,
            ]
        )  # fmt: skip
    headers = [
        "target", "organization", "published", "prior", "draws near", "luck", "worlds", "predicted", "off by",
        "90% interval",
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
    """Return prior and posterior of the fitted parameters, by both ways, and what is seen of the others."""
    frame = found.tables["parameters"].sort_values("distance", ascending=False, kind="stable")
    rows = [
        [
            f"`{row.parameter}`", interval(row.prior_low, row.prior_high), number(row.middle),
            interval(row.low, row.high), number(row.second_middle), interval(row.second_low, row.second_high),
            f"{row.apart:.2f}", f"{row.distance:.2f}",
        ]
        for row in rows_of(frame[frame["is_fitted"]])
    ]  # fmt: skip
    headers = [
        "fitted", "prior 90%", "median by runs", "90%", "median by emulator", "90%", "apart, in sd", "distance",
    ]  # fmt: skip
    others = frame[~frame["is_fitted"]]
    moved = others[others["is_informed"]]
    told = ", ".join(f"`{row.parameter.removeprefix('behavior.')}` ({row.distance:.2f})" for row in rows_of(moved))
    also = (
        f"of these the targets speak against a part of the prior of {told} (distance in brackets)"
        if told
        else ("none of them moves away from its prior by more than chance")
    )
    return f"{markdown(headers, rows)}\n\n**Not fitted** ({len(others)}): {also}."


def switch_table(found: Calibration) -> str:
    """Return the chance of being on of each mechanism that can be off."""
    rows = [
        [
            f"`{row.parameter}`", f"{100 * row.prior:.0f}%", f"{100 * row.first:.0f}% ± {100 * row.error:.0f}",
            f"{100 * row.second:.0f}%",
        ]
        for row in rows_of(found.tables["switches"])
    ]  # fmt: skip
    return markdown(["mechanism", "prior", "by runs, ± standard error", "by emulator"], rows)


def left_out_table(found: Calibration) -> str:
    """Return each organization predicted from the others."""
    rows = [
        [f"`{row.scenario}`", str(row.n_targets), str(row.n_inside), row.outside or "–", f"{row.effective:.0f}"]
        for row in rows_of(found.tables["left_out"])
    ]
    return markdown(["left out", "numbers", "inside 90%", "outside", "effective points"], rows)


def recovery_text(found: Calibration) -> str:
    """Return the simulation-based check."""
    rows = []
    for name, key in (
        ("from the prior, told their own numbers", "recovery"),
        ("from the posterior, told the published numbers and their own", "recovery_here"),
    ):  # fmt: skip
        one: dict[str, Any] = found.summary[key]
        if not one["trials"]:
            rows.append([name, "0", "–", "–", "–", "–"])
            continue
        rows.append(
            [
                name, str(one["trials"]), f"{100 * one['mean']:.0f}%",
                f"{100 * one['lowest']:.0f}% to {100 * one['highest']:.0f}%", f"{100 * one['share_within']:.0f}%",
                f"{100 * one['mean_of_all']:.0f}%",
            ]
        )  # fmt: skip
    headers = [
        "truths", "trials", "coverage, mean over fitted", "lowest to highest", "fitted within 86% to 94%",
        "mean over all coefficients",
    ]  # fmt: skip
    return markdown(headers, rows)


def set_table() -> str:
    """Return what both shipped sets show."""
    sets = {
        name: json.loads((WORLDS / f"{name}.json").read_text(encoding="utf-8")) for name in ("levels", "interviews")
    }
    rows = [
        ["distinct worlds", *(str(one["worlds"]) for one in sets.values())],
        ["worth, in equal worlds", *(f"{one['effective_size']:.0f}" for one in sets.values())],
        ["largest weight", *(f"{100 * one['largest_weight']:.1f}%" for one in sets.values())],
    ]
    for name, meaning in sets["levels"]["measures"].items():
        cells = []
        for one in sets.values():
            low, middle, high = (100 * end for end in one["quartiles"][name])
            cells.append(f"{number(middle)} {interval(low, high)}")
        rows.append([f"{meaning}, points: median and middle half", *cells])
    for key, meaning in (
        ("still_growing", "still growing after a year (a point or more in 13 weeks)"),
        ("shrinking", "shrinking by as much"),
    ):  # fmt: skip
        rows.append([meaning, *(f"{100 * one[key]:.0f}%" for one in sets.values())])
    said = [one["at_the_announcement"] for one in sets.values()]
    rows.append(
        ["willingness falls with experience", *(f"{100 * one['less_willing_with_experience']:.0f}%" for one in said)]
    )
    for key, meaning in (
        ("willingness_by_experience", "rank correlation of experience and willingness: median and 90%"),
        ("ease_to_usefulness", "effect of ease to that of usefulness (published 0.37): median and 90%"),
    ):
        rows.append([meaning, *(f"{number(one[key][1])} {interval(one[key][0], one[key][2])}" for one in said)])
    return markdown(["", "`levels`", "`interviews`"], rows)


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
            "recovery": recovery_text, "switches": switch_table, "left out": left_out_table,
        }  # fmt: skip
        for name, make in makers.items():
            page = replaced(page, name, make(found))
        page = replaced(page, "sets", set_table())
        for name in DRAWN:
            for suffix in ("png", "svg"):
                shutil.copy(found.folder / "figures" / f"{name}.{suffix}", FIGURES / f"calibration-{name}.{suffix}")
            page = with_figure(page, name)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
