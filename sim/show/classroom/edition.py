"""Which edition can be made: the one with the model itself, or else the recorded one, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError
from sim.show.classroom.folder import browser_files, recorded_files
from sim.show.classroom.parts import NotAtHandError, numpy_wheel, pyodide_core

AUTO, BROWSER, RECORDED = EDITIONS = ("auto", "browser", "recorded")


class Edition(NamedTuple):
    """An edition, ready to be written.

    Attributes
    ----------
    kind : str
        ``browser`` or ``recorded``.
    files : dict of str to bytes
        Its files by name.
    """

    kind: str
    files: dict[str, bytes]


def _nobody(_: str) -> None:
    """Tell nobody."""


def edition(
    kind: str,
    pyodide: Path | None = None,
    numpy: str | None = None,
    language: str | None = None,
    tell_lacking: Callable[[str], None] = _nobody,
) -> Edition:
    """Return an edition.

    Parameters
    ----------
    kind : str
        One of `EDITIONS`; ``auto`` is the one with the model, if its parts can be had.
    pyodide, numpy : optional
        Where the parts are; see ``sim.show.classroom.parts``.
    language : str, optional
        Language to start in; left out: that of the reader's browser.
    tell_lacking : callable, optional
        Is told what is lacking, before runs are recorded for that reason.

    Raises
    ------
    sim.errors.InputError
        If a part is not the right one, or ``browser`` is asked for and a part cannot be had.
    """
    if kind == RECORDED:
        return Edition(RECORDED, recorded_files(language))
    try:
        core = pyodide_core(pyodide)
        wheel = numpy_wheel(core, numpy)
    except NotAtHandError as error:
        if kind == BROWSER:
            raise InputError(f"--edition browser: {error}") from error
        tell_lacking(str(error))
        return Edition(RECORDED, recorded_files(language))
    return Edition(BROWSER, browser_files(core, wheel, language))
