"""The page as Markdown, with its pictures as files beside it."""

from __future__ import annotations

from collections.abc import Sequence

from sim.show.scorecard.blocks import Block, Bullets, Code, Grid, Heading, Paragraph, Picture


def markdown_page(blocks: Sequence[Block], pictures: str) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    blocks : sequence
        The page.
    pictures : str
        Folder of the pictures, as seen from the page.
    """
    return "\n\n".join(_block(block, pictures) for block in blocks) + "\n"


def _block(block: Block, pictures: str) -> str:
    match block:
        case Heading(level, text, anchor):
            # An anchor of its own: what a heading's own anchor is called differs from viewer to viewer.
            return f'<a id="{anchor}"></a>\n\n{"#" * level} {text}' if level > 1 else f"# {text}"
        case Paragraph(text, tone):
            return f"> {text}" if tone == "alert" else text
        case Bullets(items):
            return "\n".join(f"* {item}" for item in items)
        case Picture(name, _, alt):
            return f"![{alt}]({pictures}/{name}.svg)"
        case Code(text):
            return f"```sh\n{text}\n```"
        case Grid():
            return _grid(block)


def _grid(grid: Grid) -> str:
    head = [header.removeprefix(">") for header in grid.headers]
    rule = ["---:" if header.startswith(">") else "---" for header in grid.headers]
    rows = [list(row) for row in grid.rows]
    for row, anchor in zip(rows, grid.anchors, strict=False):
        row[0] = f"[{row[0]}](#{anchor})"
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in [head, rule, *rows])
