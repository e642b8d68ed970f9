"""Make what a lecturer hands out: ``python docs/programs/class_kit.py FOLDER`` (seconds; minutes with ``--pages``).

Writes for each language slides, hand-outs without the model answers, the model answers apart, and the debrief sheet,
as pages to show or print; ``--pdf`` prints them with Chromium as well. ``--pages`` adds the page for a class as one
file in each language, with all recorded runs, to attach to a release or to put on any host.
"""

from __future__ import annotations

import argparse
import html
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from sim.documents.printers import print_pdf
from sim.kernel.files import write_text
from sim.pages.debrief.findings import LUCK, sign_test
from sim.web.page import arc
from sim.words import LANGUAGES, number, percent, text

CLASS = Path(__file__).resolve().parents[1] / "class"
SHEETS = ("1-framing", "2-rules", "3-leaders", "4-digital-natives", "5-patience", "6-your-organization")
ANSWER_HEADS = {"en": "## Model answer", "nl": "## Modelantwoord"}
STYLE = """
@page { size: A4; margin: 16mm 18mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.45 system-ui, "Segoe UI", "Noto Sans", sans-serif; color: #1a1a1a; background: #fff;
  max-width: 174mm; margin: 0 auto; padding: 8mm; }
h1 { font-size: 17pt; line-height: 1.2; } h2 { font-size: 13pt; margin-top: 6mm; } h3 { font-size: 11.5pt; }
table { border-collapse: collapse; width: 100%; font-size: 9pt; }
th, td { border: 0.25mm solid #767676; padding: 1mm 1.6mm; text-align: left; }
pre { background: #f3f4f6; padding: 3mm; white-space: pre-wrap; } code { font-size: 90%; }
@media print { body { padding: 0; max-width: none; } h2, h3 { break-after: avoid; }
  table, pre { break-inside: avoid; } }
"""
SLIDES = """
@page { size: 297mm 167mm; margin: 0; }
* { box-sizing: border-box; }
html { scroll-snap-type: y mandatory; }
body { margin: 0; font: 2.6vw/1.35 system-ui, "Segoe UI", "Noto Sans", sans-serif; color: #1a1a1a; background: #fff; }
section { min-height: 100vh; padding: 5vw 6vw; scroll-snap-align: start; break-after: page; display: flex;
  flex-direction: column; justify-content: center; }
h1 { font-size: 4.6vw; line-height: 1.15; margin: 0 0 2vw; } p { margin: 0 0 1.4vw; } li { margin-bottom: .8vw; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 3vw; }
.poster { border-left: .8vw solid #004488; padding: 1vw 1.6vw; background: #f1f3f6; font-weight: 650; }
.poster + .poster { border-left-color: #a84300; }
table { border-collapse: collapse; font-size: 2.2vw; }
th, td { border: 1px solid #767676; padding: .7vw 1.4vw; text-align: left; }
td { min-width: 12vw; } .quiet { color: #555a63; font-size: 1.9vw; } svg { width: 100%; height: auto; }
@media print { body { font-size: 7mm; } section { min-height: 167mm; height: 167mm; padding: 12mm 18mm; }
  h1 { font-size: 12mm; } table { font-size: 6mm; } .quiet { font-size: 5mm; } }
"""
OWN = {
    "en": {"hands": "Hands", "came": "Came out", "students": "of {n} luck numbers", "stop": "Stop and think",
           "why": "Who guessed this, and why?", "close": "In this model …", "slides": "Slides"},
    "nl": {"hands": "Handen", "came": "Uitgekomen", "students": "van {n} toevalsgetallen", "stop": "Even nadenken",
           "why": "Wie gokte dit, en waarom?", "close": "In dit model …", "slides": "Dia’s"},
}  # fmt: skip


def document(title: str, body: str, language: str, style: str = STYLE) -> str:
    """Return a page that needs nothing else."""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{html.escape(title)}</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def parts_of(sheet: str, language: str) -> tuple[str, str]:
    """Return a worksheet without its model answer, and the model answer alone, as Markdown."""
    page = (CLASS / language / f"{sheet}.md").read_text(encoding="utf-8")
    page = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", page)  # paper has no links
    before, head, after = page.partition(ANSWER_HEADS[language])
    if not head:
        raise ValueError(f"{sheet}: no {ANSWER_HEADS[language]}")
    title = before.partition("\n")[0]
    return before.rstrip().removesuffix("---").rstrip(), f"{title}\n\n{head}{after}"


def sheets(language: str) -> Iterator[tuple[str, str]]:
    """Yield name and content of each hand-out and each model answer."""
    reader = MarkdownIt("commonmark").enable("table")
    for sheet in SHEETS:
        for folder, part in zip(("handouts", "answers"), parts_of(sheet, language), strict=True):
            title = part.partition("\n")[0].removeprefix("# ")
            yield f"{folder}/{sheet}.html", document(title, reader.render(part), language)


# --- slides ----------------------------------------------------------------------------------------------------------


def clear_of(name: str) -> tuple[int, int, int]:
    """Return for how many luck numbers of a round A is clearly ahead, neither, and B."""
    counts = [0, 0, 0]
    for _, _, a, b in arc.worked_out()["results"][name]:
        is_clear = a != b and sign_test(max(a, b), a + b) <= LUCK
        counts[1 if not is_clear else 0 if a > b else 2] += 1
    return counts[0], counts[1], counts[2]


def slide(title: str, *body: str) -> str:
    """Return one slide."""
    return f"<section>\n<h1>{html.escape(title)}</h1>\n" + "\n".join(body) + "\n</section>"


def paragraph(words: str, kind: str = "") -> str:
    """Return a paragraph."""
    return f"<p{f' class={kind}' if kind else ''}>{html.escape(words)}</p>"


def launch_names(one: arc.Round, language: str) -> list[str]:
    """Return what can be predicted, in words."""
    a, b = (f"{side}: {text(language, f'page.scenario.{name}')}" for side, name in (("A", one.a), ("B", one.b)))
    return [a, text(language, "lesson.winner.same"), b]


def table(rows: list[str], heads: list[str], cells: list[list[str]]) -> str:
    """Return a table with a head for each row."""
    top = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in heads)
    lines = [
        f'<tr><th scope="row">{html.escape(row)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in more)
        + "</tr>"
        for row, more in zip(rows, cells, strict=True)
    ]
    return f"<table><thead><tr><td></td>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def round_slides(one: arc.Round, language: str) -> Iterator[str]:
    """Yield the question of a round, and what came out."""
    told = arc.worked_out()["surprise"]
    values: dict[str, Any] = {
        "place": "…", "runs": number(arc.RUNS, 0, language), "n_worlds": number(arc.N_LUCK, 0, language),
        **{f"as_{side}": percent(share, 1, language) for side, share in zip("ab", told["as"], strict=True)},
        **{f"free_{side}": percent(share, 1, language) for side, share in zip("ab", told["free"], strict=True)},
    }  # fmt: skip
    values["free"] = text(language, f"lesson.round.first.free.{told['free_ahead']}", **values)
    own, key = OWN[language], f"lesson.round.{one.name}"

    def words(part: str) -> str:
        return text(language, f"{key}.{part}", **values)

    names, counts = launch_names(one, language), clear_of(one.name)
    posters = "".join(f'<div class="poster">{html.escape(words(side))}</div>' for side in "ab")
    yield slide(words("title"), paragraph(words("situation")), f'<div class="pair">{posters}</div>')
    yield slide(
        text(language, "lesson.question.winner"), table(names, [own["hands"]], [[""]] * 3), paragraph(own["why"])
    )
    winner = ("a", "same", "b")[max(range(3), key=lambda place: counts[place])]
    said = (
        text(language, "lesson.worlds.explained", n=number(arc.N_LUCK, 0, language))
        if one.in_world
        else words(f"came.{winner}")
    )
    head = f"{own['came']} ({own['students'].format(n=arc.N_LUCK)})"
    yield slide(words("title"), table(names, [head], [[number(n, 0, language)] for n in counts]), paragraph(said))


def slides(language: str) -> str:
    """Return the slides of the lesson."""
    own = OWN[language]
    rule = "".join(
        f"<li>{html.escape(text(language, f'lesson.rule.{name}'))}</li>"
        for name in ("gain", "colleagues", "habit", "risk", "fit")
    )
    made = [
        slide(text(language, "page.title"), paragraph(text(language, "lesson.day.intro"))),
        slide(text(language, "lesson.rule.title"), f"<ul>{rule}</ul>", paragraph(text(language, "lesson.rule.luck"))),
        *(one for each in arc.ROUNDS for one in round_slides(each, language)),
        slide(
            text(language, "lesson.own.title"),
            paragraph(text(
                language, "lesson.own.task",
                budget=number(arc.BUDGET, 0, language), goal=percent(arc.worked_out()["plans"]["goal"], 0, language),
                all=number(arc.N_WORLDS_OF_PLANS, 0, language),
            )),
        ),
        slide(own["stop"], paragraph(text(language, "lesson.worlds.note"))),
        slide(own["close"], paragraph(text(language, "lesson.rule.age"), "quiet")),
    ]  # fmt: skip
    return document(f"{own['slides']}: {text(language, 'page.title')}", "\n".join(made), language, SLIDES)


# --- files -----------------------------------------------------------------------------------------------------------


def kit(language: str) -> dict[str, str]:
    """Return the files of one language by name."""
    sheet = (CLASS / language / "debrief-sheet.html").read_text(encoding="utf-8")
    return {"slides.html": slides(language), "handouts/debrief-sheet.html": sheet, **dict(sheets(language))}


def write_kit(folder: Path, *, has_pdf: bool = False, has_pages: bool = False) -> list[Path]:
    """Write the kit and return its files."""
    written = []
    for language in LANGUAGES:
        for name, content in kit(language).items():
            path = folder / language / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, content)
            written.append(path)
            if has_pdf and print_pdf(path) is None:
                has_pdf = False
                print(text("en", "debrief.no_pdf", file=path), file=sys.stderr)
        if has_pages:
            page = folder / f"class-{language}.html"
            command = [sys.executable, "-m", "sim", "class", "build", "--edition", "recorded", "--lang", language]
            subprocess.run([*command, "--single-file", str(page)], check=True)
            written.append(page)
    return written


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description="Make what a lecturer hands out.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pdf", action="store_true", help="print each page as a PDF, too (Chromium)")
    parser.add_argument("--pages", action="store_true", help="the page for a class, too, one file in each language")
    given = parser.parse_args()
    for path in write_kit(given.folder, has_pdf=given.pdf, has_pages=given.pages):
        print(path)


if __name__ == "__main__":
    main()
