"""From the plain data of a report to one HTML file: text escaped, style and figures inside, nothing to load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sim.errors import InputError, RunError
from sim.show.report.blocks import Block, Card, Picture, Report
from sim.show.report.drawings import WHITE, colors_in, on_dark
from sim.study.files import write_text
from sim.study.manifest import read_manifest
from sim.texts import said, text

VERDICTS = {"●": "holds", "✕": "fails", "○": "open"}
"""How a cell is colored that begins with one of these marks, which say the same to who does not see colors."""


def pictures(blocks: Sequence[Block]) -> Iterator[Picture]:
    """Yield the figures among blocks, also those in cards."""
    for block in blocks:
        if isinstance(block, Picture):
            yield block
        elif isinstance(block, Card):
            yield from pictures(block.blocks)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sim.show.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["verdict"] = lambda cell: VERDICTS.get(cell[:1], "")
    return environment


def inline(sentence: str, is_marked: bool = False) -> Markup:
    """Return a text as HTML, with what stands in `backticks` as code, and in a marked text **strong** words.

    Examples
    --------
    >>> inline("say `a < b`")
    Markup('say <code>a &lt; b</code>')
    """
    safe = re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(sentence)))
    return Markup(re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe) if is_marked else safe)


def render(report: Report) -> str:
    """Return the report as one HTML document; the same report gives the same text."""
    drawings = [
        svg for section in report.sections for one in pictures(section.blocks) for svg in (one.wide, one.narrow)
    ]
    colors = colors_in(drawings)

    def word(key: str, **values: Any) -> str:
        return text(report.language, key, **values)

    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            word=word,
            inline=partial(inline, is_marked=report.is_marked),
            mark=partial(inline, is_marked=True) if report.is_marked else escape,
            svg=Markup,
            light={color: "var(--card)" if color == WHITE else f"#{color}" for color in colors},
            dark={color: on_dark(color) for color in colors},
        )
    )


# Writes the report of a results folder.


REPORT_NAME = "report.html"
STUDIES = ("run", "compare")


def report_html(folder: Path, language: str = "en", outcome: str | None = None, costs_file: Path | None = None) -> str:
    """Return the report of a results folder as one HTML document.

    The same results give the same text.

    Parameters
    ----------
    folder : Path
        A results folder of ``run``, ``compare``, ``sweep`` or ``sensitivity``.
    language : str
        ``en`` or ``nl``.
    outcome : str, optional
        What the answer is about; the main outcome of the results if left out.
    costs_file : Path, optional
        Table of hours that launches take, in the place of those that ship.

    Raises
    ------
    InputError
        If the folder holds no such results, or not the outcome.
    """
    from sim.show.report.costs import load_costs
    from sim.study.calibration.folder import is_calibration, read_calibration

    costs = load_costs(costs_file)
    if is_calibration(folder):
        read_calibration(folder)  # what is damaged is said first
        raise InputError(said("refusal.report.kind", folder=folder, kind="calibrate"))
    manifest = read_manifest(folder)
    if manifest is not None and manifest.get("kind") == "sensitivity":
        from sim.show.report.sensitivity_report import sensitivity_report

        return render(sensitivity_report(folder, language, outcome))
    from sim.study.stored import read_stored

    stored = read_stored(folder)
    if outcome is not None and outcome not in stored.outcomes:
        raise InputError(said("refusal.cli.outcome", outcome=outcome, folder=folder, names=", ".join(stored.outcomes)))
    if stored.kind in STUDIES:
        from sim.show.report.study_report import study_report

        return render(study_report(stored, language, outcome, costs))
    if stored.kind == "sweep":
        from sim.show.report.sweep_report import sweep_report

        return render(sweep_report(stored, language, outcome))
    raise InputError(said("refusal.report.kind", folder=folder, kind=stored.kind))


def write_report(
    folder: Path,
    language: str = "en",
    outcome: str | None = None,
    file: Path | None = None,
    costs_file: Path | None = None,
) -> Path:
    """Write the report of a results folder, whole or not at all, and return its file.

    Parameters
    ----------
    folder, language, outcome, costs_file
        As for `report_html`.
    file : Path, optional
        Where to write it; ``report.html`` in the folder if left out.

    Raises
    ------
    InputError
        If the folder holds no results that have a report.
    RunError
        If the file cannot be written.
    """
    target = folder / REPORT_NAME if file is None else file
    html = report_html(folder, language, outcome, costs_file)
    try:
        write_text(target, html)
    except OSError as error:
        raise RunError(said("refusal.cli.target", target=target, reason=error.strerror or error)) from error
    return target
