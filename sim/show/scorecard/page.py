"""Writes the page of a scorecard: ``scorecard.html``, ``scorecard.md`` and the pictures that the latter shows."""

from __future__ import annotations

from pathlib import Path

from sim.errors import RunError
from sim.show.scorecard.blocks import Picture
from sim.show.scorecard.content import page_blocks
from sim.show.scorecard.html import html_page
from sim.show.scorecard.markdown import markdown_page
from sim.study.scorecard.conducting import Scorecard
from sim.texts.said import said

NAME = "scorecard"
PICTURES = "figures/scorecard"
TITLE = "Scorecard of the claims about social intranets"


def write_page(found: Scorecard, folder: Path, command: str) -> list[Path]:
    """Write the page into `folder` and return its files; pictures of earlier pages are removed.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    blocks = page_blocks(found, command)
    pictures = folder / PICTURES
    contents = {
        folder / f"{NAME}.html": html_page(blocks, TITLE),
        folder / f"{NAME}.md": markdown_page(blocks, PICTURES),
        **{pictures / f"{block.name}.svg": f"{block.svg}\n" for block in blocks if isinstance(block, Picture)},
    }
    try:
        pictures.mkdir(parents=True, exist_ok=True)
        for old in set(pictures.glob("*.svg")) - set(contents):
            old.unlink()
        for file, text in contents.items():
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(said("refusal.scorecard.page", folder=folder, reason=error.strerror)) from error
    return list(contents)
