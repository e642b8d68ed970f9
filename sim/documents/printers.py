"""The printers of pages: HTML that loads nothing, Markdown with its pictures beside it, and figures inside a page."""

from __future__ import annotations

import colorsys
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from matplotlib.figure import Figure

from sim.figures.style import svg_bytes
from sim.words import text
from sim.words.blocks import (
    Block,
    Bullets,
    Card,
    Code,
    Counts,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Report,
    SideBySide,
    Table,
)  # fmt: skip

WHITE = "ffffff"
DARKEST, RANGE = 0.16, 0.80  # lightness of colors on a dark page
DARK_CARD = (0x1C / 255, 0x20 / 255, 0x25 / 255)  # as in report.css
STRONG = 0.3  # luminance below which a color on white is text or a line, and must stand out on a dark page too
CONTRAST = 4.5
_LEFT_OUT = {"metadata", "style", "title"}
_COLOR = re.compile(r"#([0-9a-f]{6})\b")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_FONT = re.compile(r"font-family: [^;]*;? ?")
_REFERENCE = re.compile(r"#((?!-)[A-Za-z_][\w.-]*)")


def inline_svg(figure: Figure, prefix: str) -> str:
    """Return a figure as SVG to stand in a page.

    Ids get a prefix, so that no two figures share one; colors become variables of the page, such as
    ``var(--c-004488)``; the font is the page's. There are no links and no namespaces.

    Parameters
    ----------
    figure : Figure
        What to draw.
    prefix : str
        Beginning of all ids, different for each figure of a page.
    """
    return inlined(svg_bytes(figure), prefix)


def inlined(svg: bytes, prefix: str) -> str:
    """Return the file of a figure to stand in a page; as `inline_svg`."""
    root = ElementTree.fromstring(svg)
    _clean(root)
    used = _references(root)
    for element in root.iter():
        _rename(element, used, prefix)
    _unwrap(root)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib.pop("version", None)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _clean(element: ElementTree.Element) -> None:
    """Take out namespaces, metadata, styles that would leak into the page, and the spaces between elements."""
    for child in list(element):
        if _name(child.tag) in _LEFT_OUT:
            element.remove(child)
        else:
            _clean(child)
    element.tag = _name(element.tag)
    element.attrib = {_name(key): _shorter(_name(key), value) for key, value in element.attrib.items()}
    if element.tag not in {"text", "tspan"}:
        element.text = None
    element.tail = None


def _shorter(key: str, value: str) -> str:
    """Return an attribute with fewer digits, no line breaks, colors as variables and without a font."""
    if key == "id":
        return value
    value = " ".join(value.split())
    value = _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
    if key == "style":
        value = _COLOR.sub(lambda found: f"var(--c-{found[1]})", _FONT.sub("", value))
    return value


def _references(root: ElementTree.Element) -> set[str]:
    """Return the ids that something in the figure points at."""
    found: set[str] = set()
    for element in root.iter():
        for key, value in element.attrib.items():
            if key in ("href", "clip-path", "style"):
                found.update(_REFERENCE.findall(value))
    return found


def _rename(element: ElementTree.Element, used: set[str], prefix: str) -> None:
    own = element.attrib.pop("id", "")
    if own in used:
        element.set("id", f"{prefix}-{own}")
    for key in ("href", "clip-path", "style"):
        if key in element.attrib:
            element.set(key, _REFERENCE.sub(rf"#{prefix}-\1", element.attrib[key]))


def _unwrap(element: ElementTree.Element) -> None:
    """Drop groups that hold nothing, and put what stands in a group without attributes in its place."""
    children: list[ElementTree.Element] = []
    for child in element:
        _unwrap(child)
        if child.tag in ("g", "defs") and not len(child):
            continue
        if child.tag == "g" and not child.attrib:
            children.extend(child)
        else:
            children.append(child)
    for child in list(element):
        element.remove(child)
    element.extend(children)


def colors_in(drawings: Iterable[str]) -> list[str]:
    """Return the colors that drawings use, as six hexadecimal digits, sorted."""
    return sorted({color for svg in drawings for color in re.findall(r"var\(--c-([0-9a-f]{6})\)", svg)})


def on_dark(color: str) -> str:
    """Return what a color becomes on a dark page: the same hue, light where it was dark; white becomes the card.

    Text and lines get a contrast of 4.5 to 1, as the guidelines ask of small text (WCAG 2.2, 1.4.3).

    Examples
    --------
    >>> on_dark("1a1a1a"), on_dark("ffffff")
    ('#e0e0e0', 'var(--card)')
    """
    if color == WHITE:
        return "var(--card)"
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = DARKEST + RANGE * (1 - lightness)
    parts = colorsys.hls_to_rgb(hue, light, saturation)
    while luminance(red, green, blue) < STRONG and light < 1 and _contrast(parts) < CONTRAST:
        light += 0.01
        parts = colorsys.hls_to_rgb(hue, min(light, 1.0), saturation)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def luminance(red: float, green: float, blue: float) -> float:
    """Return the relative luminance of a color in sRGB (WCAG 2.2)."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(color: tuple[float, float, float]) -> float:
    """Return the contrast of a light color with the dark card."""
    return (luminance(*color) + 0.05) / (luminance(*DARK_CARD) + 0.05)


# From the plain data of a report to one HTML file: text escaped, style and figures inside, nothing to load.

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
        loader=PackageLoader("sim.documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["verdict"] = lambda cell: VERDICTS.get(cell[:1], "")
    return environment


def inline(sentence: str, is_marked: bool = False) -> Markup:
    """Return a text as HTML, with `backticks` as code, and in a marked text **strong** words.

    Of a [link](page.md) to a page beside it the words alone are left, since a page of HTML may stand anywhere.

    Examples
    --------
    >>> inline("say `a < b`")
    Markup('say <code>a &lt; b</code>')
    """
    safe = re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(sentence)))
    if is_marked:
        safe = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", safe)
        safe = re.sub(r"\[([^\]]+)\]\([\w./#-]+\)", r"\1", safe)
    return Markup(safe)


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


# From the plain data of a page to Markdown, with its pictures as files beside it.


def markdown(report: Report, pictures: str) -> str:
    """Return the report as Markdown.

    Parameters
    ----------
    report : Report
        The page. Of a picture only that for a wide screen is shown, from a file of its name.
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
        case Bullets(items) | Facts(items) | Counts(items):
            yield "\n".join(f"* **{start}** {rest}" if start else f"* {rest}" for start, rest in items)
        case Picture():
            yield f"![{block.alt}]({pictures}/{block.name}.svg)"
        case Code(text):
            yield f"```sh\n{text}\n```"
        case Table():
            yield from [f"**{block.caption}**"] if block.caption else []
            yield _table(block)
        case Card(title, blocks):
            yield f"#### {title}"
            yield from (part for inner in blocks for part in _parts(inner, pictures))
        case SideBySide(tables):
            yield from (part for inner in tables for part in _parts(inner, pictures))


def _table(table: Table) -> str:
    head = [header.removeprefix(">") for header in table.headers]
    rule = ["---:" if header.startswith(">") else "---" for header in table.headers]
    rows: list[list[str]] = []
    for group in table.groups:
        rows += [[f"**{group.title}**", *[""] * (len(head) - 1)]] if group.title else []
        rows += [[f"[{row.name}](#{row.link})" if row.link else row.name, *row.cells] for row in group.rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in [head, rule, *rows])


# A page on paper: what prints it is a browser that is there already.

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
PRINT_SECONDS = 120


def print_pdf(page: Path) -> Path | None:
    """Print a page as a PDF beside it, with Chromium or a browser made of it; None where there is none, or it fails.

    ``CHROMIUM`` in the environment names the program to use.
    """
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        return None
    target = page.resolve().with_suffix(".pdf")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
            "--no-pdf-header-footer", f"--print-to-pdf={Path(profile, target.name)}", page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PRINT_SECONDS)
            shutil.move(Path(profile, target.name), target)
        except (OSError, subprocess.SubprocessError):
            return None
    return target
