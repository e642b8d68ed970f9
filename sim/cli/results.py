"""``intranet-sim results``, ``report`` and ``merge``: what a results folder holds, told, passed on, put together."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.cli.options import command
from sim.cli.progress import progress_for
from sim.cli.study import Shown, follow_up, report_failures, show_results, tell_report, words_typed
from sim.documents.terminal import print_text, show
from sim.errors import InputError
from sim.request import OPTIONS
from sim.words import catalog, said, text, typed

if TYPE_CHECKING:
    from sim.analysis.results import FailureGroup, Stored
    from sim.words.blocks import Finding

MOST_ERRORS = 10
STUDIES = ("run", "compare")


class Wanted(NamedTuple):
    """How the results are to be shown."""

    outcome: str | None
    top: int
    is_all: bool
    as_json: bool
    language: str


@command("results", "folder outcome top all export json lang")
def results_command(
    *, folder: Path, outcome: str | None, top: int, is_all: bool, export: tuple[str, Path] | None, as_json: bool,
    lang: str,
) -> None:  # fmt: skip
    """Show what the results folder DIR holds: what it is, what failed, and what came of it.

    Works on finished, failed and interrupted runs, comparisons, sweeps and sensitivity analyses, and while they run;
    and on finished calibrations and fits.
    """
    from sim.analysis.results import read_stored

    finding = _finding(folder, lang)
    if finding is not None:
        if outcome is not None or export is not None:
            raise InputError(said("refusal.cli.results_without_runs", folder=folder))
        show(finding, as_json)
        return
    stored = read_stored(folder)
    wanted = Wanted(outcome, top, is_all, as_json, lang)
    if outcome is not None and outcome not in stored.outcomes:
        raise InputError(said("refusal.cli.outcome", outcome=outcome, folder=folder, names=", ".join(stored.outcomes)))
    if export is not None:
        _export(stored, export[1], wanted, export[0] == "spreadsheet")
    elif as_json:
        click.echo(json.dumps(results_json(stored, wanted)))
    else:
        _print(stored, wanted)


def _finding(folder: Path, language: str) -> Finding | None:
    """Return what was found in a folder without runs of its own: a calibration, a fit, a sweep analyzed by PAWN."""
    from sim.analysis.sensitivity.finding import SensitivityFinding
    from sim.analysis.sensitivity.results import is_of_sweep, read_results
    from sim.evidence.calibration.finding import CalibrationFinding
    from sim.evidence.calibration.folder import is_calibration, read_calibration
    from sim.evidence.fitting.fit import SUMMARY_NAME, read_fit
    from sim.evidence.organization_finding import fit_finding

    if is_calibration(folder):
        return CalibrationFinding(read_calibration(folder), language)
    if (folder / SUMMARY_NAME).exists():
        return fit_finding(read_fit(folder), language)
    return SensitivityFinding(read_results(folder), language) if is_of_sweep(folder) else None


def _export(stored: Stored, target: Path, wanted: Wanted, is_for_spreadsheet: bool) -> None:
    from sim.analysis.results import PLAIN, SPREADSHEET, export_csv, export_json

    files = export_csv(stored, target, SPREADSHEET[wanted.language] if is_for_spreadsheet else PLAIN)
    if wanted.as_json:
        click.echo(json.dumps(export_json(files)))
        return
    for path, n_rows in files:
        print_text(text(wanted.language, "results.exported", path=path, n=n_rows))


def results_json(stored: Stored, wanted: Wanted) -> dict[str, Any]:
    """Return what ``results --json`` prints; ``results`` is what the command itself prints with ``--json``."""
    manifest = stored.manifest
    facts = {name: manifest[name] for name in ("command", "status", "start", "end", "code_version", "versions")}
    return {
        "kind": stored.kind,
        "name": stored.name,
        **facts,
        "runs": {
            "planned": stored.n_planned,
            "finished": len(stored.runs),
            "failed": len(stored.failures),
            "missing": stored.n_missing,
        },
        "failures": [group._asdict() for group in stored.failure_groups()],
        "results": _summary_json(stored, wanted),
        "results_dir": str(stored.folder),
    }


def _summary_json(stored: Stored, wanted: Wanted) -> Any:
    """Return what the command that made the results prints, or None where there is none."""
    show = _summary(stored, wanted)
    if show is None:
        return None
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            show()
    except InputError:
        return None
    return json.loads(printed.getvalue())


def _print(stored: Stored, wanted: Wanted) -> None:
    """Print what a folder is, how far it got, what failed, and what came of it."""
    language = wanted.language
    _print_facts(stored, language)
    groups = stored.failure_groups()
    if groups:
        _print_failures(stored, groups, language)
    print_text()
    show = _summary(stored, wanted)
    if stored.runs.empty:
        print_text(text(language, "results.nothing"))
    elif show is None:
        print_text(text(language, "results.unknown", kind=stored.kind))
    else:
        try:
            show()
        except InputError as error:
            print_text(text(language, "results.no_summary", reason=error))
    if stored.manifest["figures"]:
        files = ", ".join(str(stored.folder / name) for name in stored.manifest["figures"] if name.endswith(".png"))
        print_text(text(language, "results.figures", files=files))
    _print_report(stored.folder, language)


def _print_report(folder: Path, language: str) -> None:
    """Say where the report is, and that it is not about these results if it was written before them."""
    from sim.runs.folder import REPORT_NAME

    file, runs = folder / REPORT_NAME, folder / "runs.parquet"
    if not file.is_file() or file.is_symlink():
        return
    print_text(text(language, "results.report", file=file))
    if runs.exists() and file.stat().st_mtime_ns < runs.stat().st_mtime_ns:
        print_text(text(language, "results.report_old", command=typed("intranet-sim", "report", folder)))


def _print_facts(stored: Stored, language: str) -> None:
    manifest = stored.manifest
    kind = catalog(language).get(f"results.kind.{stored.kind}", stored.kind)
    print_text(text(language, "results.title", folder=stored.folder, kind=kind, name=stored.name), is_strong=True)
    print_text(text(language, "results.command", command=typed(*manifest["command"])))
    when = "results.when" if manifest["end"] else "results.when_open"
    print_text(text(language, when, start=manifest["start"], end=manifest["end"]))
    versions = manifest["versions"]
    about = {"version": versions["intranet-sim"], "python": versions["python"], "n": len(versions) - 2}
    print_text(text(language, "results.versions", code=manifest["code_version"], **about))
    print_text(catalog(language).get(f"results.status.{manifest['status']}", manifest["status"]))
    if "shard" in manifest:
        from sim.runs.manifest import shard_of

        print_text(text(language, "results.shard", shard=shard_of(manifest)))
    counts = {"total": stored.n_planned, "failed": len(stored.failures), "missing": stored.n_missing}
    print_text(text(language, "results.runs", n=len(stored.runs), **counts))
    if len(stored.runs) < stored.n_planned:
        print_text(text(language, "results.partial"), is_strong=True)


def _print_failures(stored: Stored, groups: list[FailureGroup], language: str) -> None:
    print_text()
    print_text(text(language, "results.failures"), is_strong=True)
    for group in groups[:MOST_ERRORS]:
        print_text(text(language, "results.failure", n=group.n, error=group.error))
        print_text(text(language, "results.example", **group._asdict()))
        settings = _settings(stored, group.point)
        if settings:
            print_text(text(language, "results.settings", settings=settings))
        if group.place:
            print_text(text(language, "results.place", place=group.place))
    print_text(text(language, "results.failure_help", file=stored.folder / "failures.parquet"))


def _settings(stored: Stored, point: int | None) -> str:
    """Return what the factors were at a point, as ``key=value, ...``; empty where nothing varied."""
    if point is None:
        return ""
    from sim.analysis.sweeping.cells import factor_names, setting_text

    points = stored.points()
    row = points[points["point"] == point].iloc[0]
    return ", ".join(f"{name}={setting_text(row[name])}" for name in factor_names(points))


def _summary(stored: Stored, wanted: Wanted) -> Callable[[], None] | None:
    """Return what prints the results as the command that made them does; None if there is no such command."""
    if stored.kind == "scorecard":
        return lambda: _show_scorecard(stored, wanted)
    if stored.kind not in OPTIONS:
        return None
    return lambda: _show_as_made(stored, wanted)


def _show_as_made(stored: Stored, wanted: Wanted) -> None:
    """Show what a study found, worked out again from the runs there are."""
    from sim.analysis.results import study_of
    from sim.analysis.sweeping.sweep import sweep_of

    found = sweep_of(stored) if stored.kind == "sweep" else study_of(stored) if stored.kind in STUDIES else None
    shown = Shown(wanted.language, wanted.as_json, outcome=wanted.outcome, is_all=wanted.is_all, top=wanted.top)
    show_results(stored.kind, stored.folder, shown, found)


def _show_scorecard(stored: Stored, wanted: Wanted) -> None:
    from sim.evidence.scorecard.finding import ScorecardFinding
    from sim.evidence.scorecard.score import read_scorecard

    show(ScorecardFinding(read_scorecard(stored.folder), wanted.language), wanted.as_json)


@command("report", "folder outcome out costs lang")
def report_command(*, folder: Path, outcome: str | None, file: Path | None, costs: Path | None, lang: str) -> None:
    """Write a report about the results folder RESULTS: one HTML file that loads nothing from elsewhere.

    Works for the results of run, compare, sweep and sensitivity. The same results give the same bytes.
    """
    tell_report(folder, lang, outcome, file, costs=costs)


@command("merge", "out shards overwrite mixed no-figures json quiet lang")
def merge_command(
    *, out: Path, shards: tuple[Path, ...], overwrite: bool, mixed_versions: bool, no_figures: bool, as_json: bool,
    quiet: bool, lang: str,
) -> None:  # fmt: skip
    """Put the shards of one experiment together in the folder OUT.

    SHARD_DIR are the results folders of all shards, in any order. The tables are byte for byte those of the
    experiment done in one go.
    """
    from sim.runs.shards import merge

    progress = progress_for(quiet, lang)
    with merge(out, shards, overwrite, words_typed(), mixed_versions) as results:
        counts = results.manifest["runs"]
        progress.step(text(lang, "experiment.merged", n=len(shards), runs=counts["planned"], folder=out))
        kind, shown = str(results.manifest.get("kind", "")), Shown(lang, as_json, no_figures=no_figures)
        if counts["finished"]:
            follow_up(results, kind, shown, progress)
    if as_json or counts["finished"]:
        show_results(kind, out, shown)
    report_failures(out, counts["failed"], counts["planned"], lang)
