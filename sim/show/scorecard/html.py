"""The page as one HTML file: no script, nothing to load, light and dark, fit to print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from sim.show.scorecard.blocks import Block, Bullets, Code, Grid, Heading, Paragraph, Picture
from sim.show.scorecard.picture import STYLE
from sim.show.scorecard.wording import MARKS
from sim.study.scorecard.judging import CANNOT_TELL, DOES_NOT_HOLD, HOLDS

PAGE_STYLE = """\
:root{color-scheme:light dark;--ink:#1a1a1a;--quiet:#595959;--back:#fff;--rule:#d4d4d4;--soft:#f4f6f8;--link:#00568c;\
--holds:#00568c;--fails:#a8340b}
@media (prefers-color-scheme:dark){:root{--ink:#ececec;--quiet:#b4b4b4;--back:#16191d;--rule:#3b4148;--soft:#20252b;\
--link:#7cc0ee;--holds:#7cc0ee;--fails:#f2a07a}}
body{margin:0 auto;max-width:56rem;padding:1.2rem 1rem 4rem;background:var(--back);color:var(--ink);\
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{font-size:1.8rem;line-height:1.2;margin:.4em 0}h2{font-size:1.3rem;margin:2.2em 0 .5em;\
border-bottom:1px solid var(--rule);padding-bottom:.2em}h3{font-size:1.05rem;margin:2em 0 .3em}
a{color:var(--link)}code{font-size:.9em;background:var(--soft);padding:0 .2em;border-radius:3px}
pre{background:var(--soft);padding:.7em 1em;overflow-x:auto;border-radius:4px}pre code{background:none;padding:0}
.note{font-size:.85rem;color:var(--quiet)}.alert{border-left:4px solid var(--link);background:var(--soft);\
padding:.6em .9em}
ul{padding-left:1.3em}li{margin:.2em 0}.facts{font-size:.9rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35em .6em .35em 0;border-bottom:1px solid var(--rule)}
th{font-weight:600}.right{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.name{white-space:nowrap}\
.overview td:nth-child(2){min-width:13rem}\
.v1{color:var(--holds);font-weight:600}.v2{color:var(--fails)}.v3{color:var(--quiet)}
figure{margin:.5em 0}svg.sc{max-width:100%;height:auto;display:block}
@media print{body{max-width:none;font-size:11pt}h3,figure,tr{break-inside:avoid}h3,h2{break-after:avoid}\
a{color:inherit;text-decoration:none}}
"""

# What a cell begins with, when it has a verdict -> how it is colored.
VERDICT_CLASSES = {MARKS[HOLDS]: "v1", MARKS[DOES_NOT_HOLD]: "v2", MARKS[CANNOT_TELL]: "v3"}


def html_page(blocks: Sequence[Block], title: str) -> str:
    """Return the page as one HTML document."""
    body = "\n".join(_block(block) for block in blocks)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>\n{PAGE_STYLE}{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def inline(text: str) -> str:
    """Return a text with its `code` and **strong** words as HTML."""
    safe = escape(text, quote=False)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)


def _block(block: Block) -> str:
    match block:
        case Heading(level, text, anchor):
            return f'<h{level} id="{escape(anchor)}">{inline(text)}</h{level}>'
        case Paragraph(text, tone):
            of_class = "" if tone == "plain" else f' class="{tone}"'
            return f"<p{of_class}>{inline(text)}</p>"
        case Bullets(items):
            return '<ul class="facts">' + "".join(f"<li>{inline(item)}</li>" for item in items) + "</ul>"
        case Picture(_, svg, alt):
            # The page has the style of the pictures once.
            return (
                f'<figure aria-label="{escape(alt)}">{re.sub("<style>.*?</style>", "", svg, flags=re.DOTALL)}</figure>'
            )
        case Code(text):
            return f"<pre><code>{escape(text)}</code></pre>"
        case Grid():
            return _grid(block)


def _grid(grid: Grid) -> str:
    is_right = [header.startswith(">") for header in grid.headers]
    head = "".join(
        f"<th{_class_of('', right)}>{inline(header.removeprefix('>'))}</th>"
        for header, right in zip(grid.headers, is_right, strict=True)
    )
    rows = []
    for number, row in enumerate(grid.rows):
        cells = [
            f"<td{_class_of(cell, right, column == 0)}>{inline(cell)}</td>"
            for column, (cell, right) in enumerate(zip(row, is_right, strict=True))
        ]
        if grid.anchors:
            cells[0] = f'<td class="name"><a href="#{grid.anchors[number]}">{inline(row[0])}</a></td>'
        rows.append(f"<tr>{''.join(cells)}</tr>")
    name = ' class="overview"' if grid.anchors else ""
    return f'<div class="wide"><table{name}><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _class_of(cell: str, is_right: bool, is_first: bool = False) -> str:
    if is_right:
        return ' class="right"'
    if is_first:
        return ' class="name"'
    return f' class="{VERDICT_CLASSES[cell[:1]]}"' if cell[:1] in VERDICT_CLASSES else ""
