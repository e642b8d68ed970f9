"""What ``sensitivity`` prints: its size, then what the report says as well."""

from __future__ import annotations

from typing import Any

from sim.commands.progress import duration
from sim.commands.tables import print_blocks, print_text
from sim.show.report.blocks import Block, Paragraph
from sim.show.report.sensitivity_finding import MOST_ROWS, SensitivityFinding
from sim.study.sensitivity.results import SensitivityResults
from sim.texts import counted, text, whole


def sensitivity_json(results: SensitivityResults) -> dict[str, Any]:
    """Return what ``sensitivity --json`` prints."""
    key = ("scenario", "minus", "outcome")
    return {
        "experiment": results.name,
        "method": results.method,
        "samples": results.samples,
        "points": results.points,
        "replications": results.replications,
        "runs": results.runs,
        "seed": results.seed,
        "seconds": results.seconds,
        "outcomes": [
            {
                **each.noise,
                "indices": [{name: row[name] for name in row if name not in key} for row in each.indices],
                "convergence": [{name: row[name] for name in row if name not in key} for row in each.convergence],
            }
            for each in results.subjects
        ],
        "results_dir": str(results.folder),
    }


def print_sensitivity(results: SensitivityResults, language: str) -> None:
    """Print everything: answers first, then a table for each subject of the main outcome, then the rest."""
    finding = SensitivityFinding(results, language)
    outcome = results.outcomes[0]
    subjects = finding.main(outcome)
    told: list[Block] = []
    for each in subjects:
        told += [Paragraph(finding.answer(each), "alert"), *finding.spread(each)]
    for each in subjects:
        if each.indices:
            told += [*finding.details(each, MOST_ROWS), *finding.convergence(each)]
    told += finding.others(outcome)
    _print_size(results, language)
    print_blocks(told)
    print_text()
    print_blocks([finding.about(outcome)])
    print_text(text(language, "sensitivity.results", folder=results.folder))


def _print_size(results: SensitivityResults, language: str) -> None:
    factors = text(language, "sensitivity.groups" if results.is_by_group else "sensitivity.factors", n=results.n_movers)
    samples = whole(results.samples, language)
    title = f"sensitivity.title.{results.method}"
    print_text(text(language, title, name=results.name, samples=samples, factors=factors))
    size = {name: whole(getattr(results, name), language) for name in ("points", "runs")}
    size["replications"] = counted(language, "count.replications", results.replications)
    took = text(language, "sensitivity.took", duration=duration(results.seconds, language))
    print_text(f"{text(language, 'sensitivity.size', seed=results.seed, **size)}. {took}")
