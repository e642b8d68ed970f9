"""What ``scorecard`` says around its table, in English and Dutch."""

from __future__ import annotations

SCORECARD_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "{n} patterns at {worlds} worlds ({source}): {employees} employees, {weeks} weeks, {runs} runs",
        "calibrated": "the calibrated set",
        "prior": "the prior: plausible ranges, not fitted to any published number",
        "answer": "The full model shows {holds} of {n} patterns, does not show {fails}; on {unsure} one cannot tell.",
        "frames": (
            "Of the {holds} shown, {without} show without frames, too (no support for the theory of frames);"
            " {supporting} show with frames only."
        ),
        "value": "Full model [95% interval]",
        "worlds": "Worlds above/below 0",
        "theory": "Frames theory",
        "supports": "supports",
        "no support": "no support",
        "unsure": "cannot tell",
        "on frames": "measured on frames",
        "articles": "Source articles",
        "literature": "Published orderings",
        "two sides": "Claims with two sides",
        "forward": "Forward test: experience by age of {first} to {last}, same staff, full model",
        "launch": "Launch",
        "gap": "Gap (25 and over minus under 25)",
        "intention_gap": "stated willingness",
        "age_gap": "monthly posters",
        "change": "Change",
        "about": (
            "Differences of shares are in points. Intervals cover plausible worlds and luck. A difference within the"
            " margin (a point of staff, 0.05 of a correlation) counts as none. Nothing was tuned to these patterns."
        ),
        "results": "Results: {folder}",
        "page": "Page: {files}",
        "dry run": (
            "Runs: {n} ({arms} arms at {worlds} worlds from {source}), about {duration}. Results would go to {folder}."
        ),
    },
    "nl": {
        "title": "{n} patronen in {worlds} werelden ({source}): {employees} medewerkers, {weeks} weken, {runs} runs",
        "calibrated": "de gekalibreerde verzameling",
        "prior": "vooraf: aannemelijke grenzen, aan geen enkel gepubliceerd getal aangepast",
        "answer": (
            "Het volledige model toont {holds} van {n} patronen, toont {fails} niet; over {unsure} is het onbeslist."
        ),
        "frames": (
            "Van de {holds} getoonde zijn er {without} ook zonder beelden te zien (geen steun voor de theorie van"
            " beelden); {supporting} alleen met beelden."
        ),
        "value": "Volledig model [95%-interval]",
        "worlds": "Werelden boven/onder 0",
        "theory": "Theorie van beelden",
        "supports": "steunt",
        "no support": "geen steun",
        "unsure": "onbeslist",
        "on frames": "gemeten aan beelden",
        "articles": "Bronartikelen",
        "literature": "Gepubliceerde rangordes",
        "two sides": "Beweringen met twee kanten",
        "forward": "Vooruitblik: ervaring naar leeftijd van {first} tot {last}, zelfde personeel, volledig model",
        "launch": "Lancering",
        "gap": "Verschil (25 en ouder min onder 25)",
        "intention_gap": "voorgenomen gebruik",
        "age_gap": "maandelijkse schrijvers",
        "change": "Verandering",
        "about": (
            "Verschillen van aandelen zijn in punten. Intervallen dekken aannemelijke werelden en toeval. Een verschil"
            " binnen de marge (een punt van het personeel, 0,05 van een correlatie) telt als geen. Niets is op deze"
            " patronen afgesteld."
        ),
        "results": "Resultaten: {folder}",
        "page": "Pagina: {files}",
        "dry run": (
            "Runs: {n} ({arms} armen in {worlds} werelden uit {source}), ongeveer {duration}. Resultaten komen in"
            " {folder}."
        ),
    },
}
