"""The figures as a table of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.figures import Figure

WIDTH = 110


def table(figures: Sequence[Figure], facts: Mapping[str, Any], quick: bool) -> str:
    """Return figures, bars and verdicts, each with how it was measured, and the machine below."""
    names = max(len(figure.name) for figure in figures)
    lines = []
    for figure in figures:
        limit = f"{'at least' if figure.at_least else 'at most'} {figure.bar:g} {figure.unit}"
        value = f"{figure.value:.4g} {figure.unit}"
        lines.append(f"{'pass' if figure.holds else 'FAIL'}  {figure.name:{names}}  {value:>16}  ({limit})")
        lines += textwrap.wrap(figure.note, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    lines += ["", *textwrap.wrap(", ".join(f"{name} {value}" for name, value in facts.items()), WIDTH)]
    lines += ["The shortest of several timings; processor time, unless it says wall clock."]
    if quick:
        lines += ["Quick: few repeats and smaller sizes, so rough."]
    return "\n".join(lines)
