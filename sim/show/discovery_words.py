"""The words in the figures of scenario discovery, English and Dutch."""

from __future__ import annotations

from sim.show.words import Words

DISCOVERY_WORDS: dict[str, Words] = {
    "en": {
        "title": "{condition}: mainly where {box}",
        "subtitle": (
            "In the box it holds at {density} of the {unit} ({k} of {n}; 95% interval {interval}), elsewhere at"
            " {elsewhere}; on held-out {unit} {held_out}."
        ),
        "caption": "Each mark is one of the {unit} of the design.",
        "caption others": "Marks are faint where the box has another limit that they do not meet: {limits}.",
        "caption one": "Dashed: the bound of the condition.",
        "caption levels": "Marks of one level are spread out so that they can be seen.",
        "caption earlier": "Those in earlier boxes are left out.",
        "caption sample": "{n} of {total} {unit} are drawn.",
        "case": "{bound}",
        "other": "not so",
        "faint": "outside a limit that is not drawn",
        "box": "the box",
        "value": "{outcome} ({unit})",
        "value difference": "difference in {outcome} ({unit})",
        "trade-off title": "{condition}: how sure, and how much of it",
        "trade-off subtitle": "Candidates for box {number}: a box fuller of cases catches fewer of them.",
        "trade-off caption": (
            "In each mark: how many limits it takes; 0 is everything together. Shares are of the points that the boxes"
            " were found with. Candidates that another beats in both are left out."
        ),
        "coverage": "coverage: share of all cases that lie in the box",
        "density": "density: share of cases in the box",
        "chosen": "chosen",
    },
    "nl": {
        "title": "{condition}: vooral waar {box}",
        "subtitle": (
            "In het vak geldt het in {density} van de {unit} ({k} van {n}; 95%-interval {interval}), elders in"
            " {elsewhere}; op achtergehouden {unit} {held_out}."
        ),
        "caption": "Elk teken is een van de {unit} van het ontwerp.",
        "caption others": "Tekens zijn vaag waar het vak nog een grens heeft waar ze buiten vallen: {limits}.",
        "caption one": "Streepjes: de grens van de voorwaarde.",
        "caption levels": "Tekens van één niveau zijn uitgespreid om ze te kunnen zien.",
        "caption earlier": "Die in eerdere vakken zijn weggelaten.",
        "caption sample": "{n} van {total} {unit} zijn getekend.",
        "case": "{bound}",
        "other": "niet",
        "faint": "buiten een grens die niet getekend is",
        "box": "het vak",
        "value": "{outcome} ({unit})",
        "value difference": "verschil in {outcome} ({unit})",
        "trade-off title": "{condition}: hoe zeker, en hoeveel ervan",
        "trade-off subtitle": "Kandidaten voor vak {number}: een vak voller met gevallen vangt er minder.",
        "trade-off caption": (
            "In elk teken: hoeveel grenzen het kost; 0 is alles samen. Aandelen van de punten waarmee de vakken"
            " gevonden zijn. Kandidaten die in beide door een ander worden overtroffen, zijn weggelaten."
        ),
        "coverage": "dekking: aandeel van alle gevallen dat in het vak ligt",
        "density": "dichtheid: aandeel gevallen in het vak",
        "chosen": "gekozen",
    },
}
