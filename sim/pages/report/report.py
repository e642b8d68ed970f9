"""The report of any results folder: which one it is, and the file that it is written to."""

from __future__ import annotations

from pathlib import Path

from sim.documents.printers import render
from sim.errors import InputError, RunError
from sim.kernel.files import write_text
from sim.runs.manifest import read_manifest
from sim.words import said

REPORT_NAME = "report.html"


STUDIES = ("run", "compare")


def report_html(folder: Path, language: str = "en", outcome: str | None = None, costs_file: Path | None = None) -> str:
    """Return the report of a results folder as one HTML document.

    The same results give the same text.

    Parameters
    ----------
    folder : Path
        A results folder of ``run``, ``compare``, ``sweep`` or ``sensitivity``.
    language : str
        ``en`` or ``nl``.
    outcome : str, optional
        What the answer is about; the main outcome of the results if left out.
    costs_file : Path, optional
        Table of hours that launches take, in the place of those that ship.

    Raises
    ------
    InputError
        If the folder holds no such results, or not the outcome.
    """
    from sim.evidence.calibration.folder import is_calibration, read_calibration
    from sim.pages.report.board import load_costs

    costs = load_costs(costs_file)
    if is_calibration(folder):
        read_calibration(folder)  # what is damaged is said first
        raise InputError(said("refusal.report.kind", folder=folder, kind="calibrate"))
    manifest = read_manifest(folder)
    if manifest is not None and manifest.get("kind") == "sensitivity":
        from sim.pages.report.experiment_report import sensitivity_report

        return render(sensitivity_report(folder, language, outcome))
    from sim.analysis.results import read_stored

    stored = read_stored(folder)
    if outcome is not None and outcome not in stored.outcomes:
        raise InputError(said("refusal.cli.outcome", outcome=outcome, folder=folder, names=", ".join(stored.outcomes)))
    if stored.kind in STUDIES:
        from sim.pages.report.study_report import study_report

        return render(study_report(stored, language, outcome, costs))
    if stored.kind == "sweep":
        from sim.pages.report.experiment_report import sweep_report

        return render(sweep_report(stored, language, outcome))
    raise InputError(said("refusal.report.kind", folder=folder, kind=stored.kind))


def write_report(
    folder: Path,
    language: str = "en",
    outcome: str | None = None,
    file: Path | None = None,
    costs_file: Path | None = None,
) -> Path:
    """Write the report of a results folder, whole or not at all, and return its file.

    Parameters
    ----------
    folder, language, outcome, costs_file
        As for `report_html`.
    file : Path, optional
        Where to write it; ``report.html`` in the folder if left out.

    Raises
    ------
    InputError
        If the folder holds no results that have a report.
    RunError
        If the file cannot be written.
    """
    target = folder / REPORT_NAME if file is None else file
    html = report_html(folder, language, outcome, costs_file)
    try:
        write_text(target, html)
    except OSError as error:
        raise RunError(said("refusal.cli.target", target=target, reason=error.strerror or error)) from error
    return target
