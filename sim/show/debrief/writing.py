"""Writes the debrief of a class."""

from __future__ import annotations

from pathlib import Path

from sim.errors import RunError
from sim.show.debrief.closing import checks, discussion
from sim.show.debrief.expected import expected
from sim.show.debrief.first_page import first_page
from sim.show.debrief.known import Known
from sim.show.debrief.settings import best_levers
from sim.show.debrief.spread import spread
from sim.show.report.blocks import Report, Section
from sim.show.report.rendering import render
from sim.study.files import write_text
from sim.texts import text


def debrief(known: Known) -> Report:
    """Return the debrief in plain data."""
    language = known.language
    parts = {
        "answer": first_page(known),
        "expected": expected(known),
        "spread": spread(known),
        "levers": best_levers(known),
        "discuss": discussion(known),
        "checks": checks(known),
    }
    sections = [
        Section(name, text(language, f"debrief.section.{name}"), list(blocks)) for name, blocks in parts.items()
    ]
    return Report(language, text(language, "debrief.title"), text(language, "debrief.kind"), sections)


def debrief_html(known: Known) -> str:
    """Return the debrief as one HTML document; the same cards give the same text."""
    return render(debrief(known))


def write_debrief(known: Known, file: Path) -> None:
    """Write the debrief, whole or not at all.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    html = debrief_html(known)
    try:
        write_text(file, html)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(text(known.language, "debrief.not_written", file=file, reason=reason)) from error
