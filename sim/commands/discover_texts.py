"""What ``discover`` says around its boxes, in English and Dutch."""

from __future__ import annotations

DISCOVER_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "looking": "looking for boxes",
        "box": "Box {number}: what each limit is worth",
        "limit": "Limit",
        "density": "Density",
        "coverage": "Coverage",
        "without": "Without it",
        "quasi p": "By chance",
        "again": "Found again",
        "k of n": "{k} of {n}",
        "whole box": "the whole box",
        "trade-off": "Box {number}: what there was to choose from",
        "limits": "Limits",
        "inside": "{unit} inside",
        "chosen": "← chosen",
        "together": (
            "{factor} cannot be told apart from {others} in this design: they change together. The limit may be"
            " theirs."
        ),
        "rows": "{n} {unit}, {replications}; the condition holds at {n_cases} of them ({base_rate}).",
        "replications": "{n} replications each",
        "replication": "1 replication each",
        "blocks": (
            "They stand together in {n} groups that share a world, a trajectory or a base sample; these are held out"
            " and shuffled as a whole."
        ),
        "pairs": "Each is a pair with everything else equal, a minus b replication by replication (same seeds).",
        "disputed": (
            "Luck: at {n} of {total} {unit} some replications meet the condition and others do not; what counts is"
            " their mean."
        ),
        "undisputed": "Luck: at all {total} {unit} the replications agree about the condition.",
        "one replication": (
            "Luck: with one replication each, nobody can say how far luck decides which {unit} are cases."
        ),
        "no value": (
            "{n} {unit} have no value of {outcome} in any replication and are left out; they count neither way."
        ),
        "no value runs": (
            "{n} single replications have no value (undefined, failed or not done); means are over the others."
        ),
        "no partner": "{n} points have no partner and are left out.",
        "unfinished": "The results are not complete: {n} of {total} runs are finished.",
        "dummy": (
            "With the dummy among the factors, the search would have limited it, though it sets nothing: take limits"
            " with little worth for chance."
        ),
        "dummy not": "With the dummy among the factors, the search leaves it alone, as it should.",
        "about": (
            "Density: share of cases in the box; coverage: share of all cases that lie in it. Intervals are 95%."
            " Without it: density of the box without the limit; by chance: how easily that wider box gives as many"
            " cases (too small, as the limit was chosen); found again: of the searches without a tenth of the"
            " {unit}, those that limited the same factor. A box says where, not why."
        ),
        "glossary": "Factors",
        "results": "Results: {folder}",
    },
    "nl": {
        "looking": "vakken zoeken",
        "box": "Vak {number}: wat elke grens waard is",
        "limit": "Grens",
        "density": "Dichtheid",
        "coverage": "Dekking",
        "without": "Zonder",
        "quasi p": "Door toeval",
        "again": "Teruggevonden",
        "k of n": "{k} van {n}",
        "whole box": "het hele vak",
        "trade-off": "Vak {number}: waaruit te kiezen was",
        "limits": "Grenzen",
        "inside": "{unit} erin",
        "chosen": "← gekozen",
        "together": (
            "{factor} is in dit ontwerp niet te onderscheiden van {others}: ze veranderen samen. De grens kan daarbij"
            " horen."
        ),
        "rows": "{n} {unit}, {replications}; de voorwaarde geldt in {n_cases} daarvan ({base_rate}).",
        "replications": "elk {n} herhalingen",
        "replication": "elk 1 herhaling",
        "blocks": (
            "Ze staan in {n} groepen met dezelfde wereld, hetzelfde traject of dezelfde basistrekking; die worden"
            " als geheel achtergehouden en geschud."
        ),
        "pairs": (
            "Elk is een paar met verder alles gelijk, a min b herhaling voor herhaling, met dezelfde seeds."
        ),
        "disputed": (
            "Toeval: in {n} van {total} {unit} voldoen sommige herhalingen aan de voorwaarde en andere niet; hun"
            " gemiddelde telt."
        ),
        "undisputed": "Toeval: in alle {total} {unit} zijn de herhalingen het eens over de voorwaarde.",
        "one replication": (
            "Toeval: met elk één herhaling is niet te zeggen hoezeer toeval beslist welke {unit} gevallen zijn."
        ),
        "no value": (
            "{n} {unit} hebben in geen enkele herhaling een waarde van {outcome} en zijn weggelaten, als geval noch als"
            " niet-geval."
        ),
        "no value runs": (
            "{n} losse herhalingen hebben geen waarde (ongedefinieerd, mislukt of niet gedaan); gemiddelden gaan over"
            " de andere."
        ),
        "no partner": "{n} punten hebben geen partner en zijn weggelaten.",
        "unfinished": "De resultaten zijn niet compleet: {n} van {total} runs zijn klaar.",
        "dummy": (
            "Met de dummy tussen de factoren had de zoektocht die begrensd, hoewel hij niets instelt: houd grenzen die"
            " weinig waard zijn voor toeval."
        ),
        "dummy not": "Met de dummy tussen de factoren laat de zoektocht die met rust, zoals het hoort.",
        "about": (
            "Dichtheid: aandeel gevallen in het vak; dekking: aandeel van alle gevallen dat erin ligt. Intervallen zijn"
            " 95%. Zonder: dichtheid van het vak zonder de grens; door toeval: hoe makkelijk dat ruimere vak evenveel"
            " gevallen geeft (te klein, want de grens is uitgekozen); teruggevonden: van de zoektochten zonder een"
            " tiende van de {unit} die met dezelfde factor. Een vak zegt waar, niet waarom."
        ),
        "glossary": "Factoren",
        "results": "Resultaten: {folder}",
    },
}  # fmt: skip
