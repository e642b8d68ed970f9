"""What ``results`` says about a results folder, in English and Dutch."""

from __future__ import annotations

RESULTS_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "{folder}: {kind} {name}",
        "kind run": "run of", "kind compare": "comparison of", "kind sweep": "sweep", "kind sensitivity": "sensitivity",
        "command": "Command: {command}",
        "when": "Done: {start} to {end} (UTC)", "when open": "Begun: {start} (UTC)",
        "versions": "With: intranet-sim {version} (code {code}), Python {python}; {n} libraries in manifest.json",
        "status finished": "Status: finished", "status failed": "Status: finished, some runs failed",
        "status interrupted": "Status: interrupted",
        "status running": "Status: not finished; still under way, or stopped without notice",
        "shard": "Shard {shard}: a part of the plan. Put all shards together with intranet-sim merge.",
        "runs": "Runs: {n} of {total} done, {failed} failed, {missing} missing",
        "partial": (
            "Partial results: what follows is from the runs that are done. The same command with --resume does the"
            " rest."
        ),
        "failures": "Failures",
        "failure": "{n} times {error}",
        "example": "  such as run {run_id}: {scenario}, replication {replication}, seed {seed}",
        "settings": "  with {settings}",
        "place": "  at {place}",
        "failure help": "All parameters and tracebacks: {file}",
        "nothing": "No run is done, so there is nothing to sum up.",
        "no summary": "There is no summary: {reason}",
        "unknown": "This version has no summary for {kind}; the tables are in the folder.",
        "figures": "Figures: {files}",
        "exported": "{path}: {n} rows",
    },
    "nl": {
        "title": "{folder}: {kind} {name}",
        "kind run": "run van", "kind compare": "vergelijking van", "kind sweep": "sweep",
        "kind sensitivity": "gevoeligheid",
        "command": "Opdracht: {command}",
        "when": "Gedaan: {start} tot {end} (UTC)", "when open": "Begonnen: {start} (UTC)",
        "versions": "Met: intranet-sim {version} (code {code}), Python {python}; {n} bibliotheken in manifest.json",
        "status finished": "Stand: klaar", "status failed": "Stand: klaar, sommige runs mislukten",
        "status interrupted": "Stand: onderbroken",
        "status running": "Stand: niet klaar; nog bezig, of zonder bericht gestopt",
        "shard": "Deel {shard} van het plan. Voeg alle delen samen met intranet-sim merge.",
        "runs": "Runs: {n} van {total} klaar, {failed} mislukt, {missing} ontbreken",
        "partial": (
            "Voorlopige resultaten: wat volgt komt uit de runs die klaar zijn. Dezelfde opdracht met --resume doet de"
            " rest."
        ),
        "failures": "Mislukt",
        "failure": "{n} keer {error}",
        "example": "  zoals run {run_id}: {scenario}, herhaling {replication}, seed {seed}",
        "settings": "  met {settings}",
        "place": "  bij {place}",
        "failure help": "Alle parameters en foutsporen: {file}",
        "nothing": "Geen run is klaar, dus er valt niets samen te vatten.",
        "no summary": "Er is geen samenvatting: {reason}",
        "unknown": "Deze versie heeft geen samenvatting voor {kind}; de tabellen staan in de map.",
        "figures": "Figuren: {files}",
        "exported": "{path}: {n} rijen",
    },
}  # fmt: skip
