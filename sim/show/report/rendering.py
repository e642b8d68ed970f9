"""From the plain data of a report to one HTML file: text escaped, style and figures inside, nothing to load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sim.show.report.blocks import Block, Card, Picture, Report
from sim.show.report.drawings import WHITE, colors_in, on_dark
from sim.texts import text

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
