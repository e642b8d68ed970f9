"""What ``sweep``, ``sensitivity`` and ``merge`` say around their tables, in English and Dutch."""

from __future__ import annotations

EXPERIMENT_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "working out": "working out the results",
        "drawing": "drawing figures",
        "interrupted": (
            "Interrupted. {n} of {total} runs are kept in {folder}; the same command with --resume does the rest."
        ),
        "shard done": (
            "Shard {shard} is done: {folder}. When all {n} are, put them together: intranet-sim merge OUT SHARD_DIR..."
        ),
        "dry run title": "{name}: {design}",
        "dry run scenarios": "Scenarios: {names}",
        "dry run factors": "Factors: {names}",
        "dry run points": "Points: {points} ({strategies} strategies, {worlds} worlds)",
        "dry run runs": (
            "Runs: {n} (points {points} x scenarios {arms} x replications {replications}){part}, about {duration}"
        ),
        "dry run part": "; shard {shard} does {n} of them",
        "dry run folder": "Results would go to {folder}.",
        "merged": "{n} shards put together, {runs} runs: {folder}",
    },
    "nl": {
        "working out": "resultaten uitwerken",
        "drawing": "figuren tekenen",
        "interrupted": (
            "Onderbroken. {n} van {total} runs staan in {folder}; hetzelfde commando met --resume doet de rest."
        ),
        "shard done": (
            "Deel {shard} is klaar: {folder}. Voeg de {n} delen samen als ze er allemaal zijn:"
            " intranet-sim merge OUT SHARD_DIR..."
        ),
        "dry run title": "{name}: {design}",
        "dry run scenarios": "Scenario's: {names}",
        "dry run factors": "Factoren: {names}",
        "dry run points": "Punten: {points} ({strategies} strategieën, {worlds} werelden)",
        "dry run runs": (
            "Runs: {n} (punten {points} x scenario's {arms} x herhalingen {replications}){part}, ongeveer {duration}"
        ),
        "dry run part": "; deel {shard} doet er {n} van",
        "dry run folder": "Resultaten zouden in {folder} komen.",
        "merged": "{n} delen samengevoegd, {runs} runs: {folder}",
    },
}
