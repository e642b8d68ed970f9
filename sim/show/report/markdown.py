"""From the plain data of a page to Markdown, with its pictures as files beside it."""

from __future__ import annotations

from collections.abc import Iterator

from sim.show.report.blocks import Block, Bullets, Code, Heading, Paragraph, Picture, Report, Table


def markdown(report: Report, pictures: str) -> str:
    """Return the report as Markdown.

    Parameters
    ----------
    report : Report
        The page; there is no Markdown yet for blocks that only reports of results have.
    pictures : str
        Folder of the pictures, as seen from the page.
    """
    parts = [f"# {report.title}", report.subtitle]
    for section in report.sections:
        parts += [_anchor(section.name), f"## {section.title}"]
        parts += [part for block in section.blocks for part in _parts(block, pictures)]
    return "\n\n".join(parts) + "\n"


def _anchor(name: str) -> str:
    """Return an anchor of its own: what a heading's own anchor is called differs from viewer to viewer."""
    return f'<a id="{name}"></a>'


def _parts(block: Block, pictures: str) -> Iterator[str]:
    match block:
        case Heading(text, name):
            yield _anchor(name)
            yield f"### {text}"
        case Paragraph(text, tone):
            yield f"> {text}" if tone == "alert" else text
        case Bullets(items):
            yield "\n".join(f"* **{start}** {rest}" if start else f"* {rest}" for start, rest in items)
        case Picture():
            yield f"![{block.alt}]({pictures}/{block.name}.svg)"
        case Code(text):
            yield f"```sh\n{text}\n```"
        case Table():
            yield _table(block)
        case _:
            raise NotImplementedError(f"Markdown of {block.kind}")


def _table(table: Table) -> str:
    head = [header.removeprefix(">") for header in table.headers]
    rule = ["---:" if header.startswith(">") else "---" for header in table.headers]
    rows = [
        [f"[{row.name}](#{row.link})" if row.link else row.name, *row.cells]
        for group in table.groups
        for row in group.rows
    ]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in [head, rule, *rows])
