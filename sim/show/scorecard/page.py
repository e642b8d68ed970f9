"""Writes the page of a scorecard: ``scorecard.html``, ``scorecard.md`` and the pictures that the latter shows."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, RunError
from sim.files import utf8
from sim.show.report.markdown import markdown
from sim.show.report.rendering import pictures, render
from sim.show.scorecard.content import page
from sim.study.files import written_whole
from sim.study.scorecard.score import Scorecard
from sim.texts import said

NAME = "scorecard"
PICTURES = "figures/scorecard"


def write_page(found: Scorecard, folder: Path, command: str) -> list[Path]:
    """Write the page into `folder` and return its files; pictures of earlier pages are removed.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    report = page(found, command)
    there = folder / PICTURES
    shown = [one for section in report.sections for one in pictures(section.blocks)]
    contents = {
        folder / f"{NAME}.html": utf8(render(report)),
        folder / f"{NAME}.md": utf8(markdown(report, PICTURES)),
        **{there / f"{one.name}.svg": one.file for one in shown},
    }
    try:
        if there.is_symlink() or there.parent.is_symlink():
            raise InputError(said("refusal.folder.link", file=there))
        there.mkdir(parents=True, exist_ok=True)
        for old in set(there.glob("*.svg")) - set(contents):
            if old.is_file():
                old.unlink()  # of a link, the link
        for file, content in contents.items():
            with written_whole(file) as target:
                target.write(content)
    except OSError as error:
        raise RunError(said("refusal.scorecard.page", folder=folder, reason=error.strerror)) from error
    return list(contents)
