"""Writes the page of a scorecard: ``scorecard.html``, ``scorecard.md`` and the pictures that the latter shows."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, RunError
from sim.show.scorecard.blocks import Picture
from sim.show.scorecard.content import page_blocks
from sim.show.scorecard.html import html_page
from sim.show.scorecard.markdown import markdown_page
from sim.study.files import write_text
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
        if pictures.is_symlink() or pictures.parent.is_symlink():
            raise InputError(said("refusal.folder.link", file=pictures))
        pictures.mkdir(parents=True, exist_ok=True)
        for old in set(pictures.glob("*.svg")) - set(contents):
            if old.is_file():
                old.unlink()  # of a link, the link
        for file, text in contents.items():
            write_text(file, text)
    except OSError as error:
        raise RunError(said("refusal.scorecard.page", folder=folder, reason=error.strerror)) from error
    return list(contents)
