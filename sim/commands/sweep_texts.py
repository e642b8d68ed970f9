"""What ``sweep`` says around its tables, in English and Dutch."""

from __future__ import annotations

SWEEP_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "yes": "yes", "no": "no",
        "strategies one": "1 strategy", "strategies": "{n} strategies",
        "scenarios one": "1 scenario", "scenarios": "{n} scenarios",
        "worlds one": "1 world", "worlds": "{n} worlds",
        "points one": "1 point", "points": "{n} points",
        "replications one": "1 replication", "replications": "{n} replications",
        "runs one": "1 run", "runs": "{n} runs",
        "title": "{name}: {subjects}, {worlds}, {replications} each: {runs}, seed {seed}",
        "partial": "Partial results: {n} of {total} runs are done. What follows is from those.",
        "first": "Best by {outcome}: {name}, {mean}{interval}; best with a probability of {p}.",
        "cannot tell": (
            "Cannot tell which is best by {outcome}: {n} of {total} tie for the first place. The mean of {name} comes"
            " first, with {mean}{interval}; it is best with a probability of {p}."
        ),
        "cannot tell one": (
            "Cannot tell which is best by {outcome}: one run of each. The highest in rank is {name}, with {mean}."
        ),
        "neither": "Neither more nor less {outcome} is better, so nothing is ranked; sorted by mean.",
        "not ranked": "No ranking by {outcome}: {reason}.",
        "ranking": "Ranking by {outcome}",
        "scenario": "Scenario", "strategy": "Strategy", "outcome": "Outcome", "mean": "Mean",
        "interval": "95% interval",
        "rank": "Place", "rank interval": "95% of places", "p first": "Best with", "regret": "Regret",
        "regret p90": "9 in 10", "best in": "Best in", "alive in": "Alive in", "tied": "tied with first",
        "between": "… {n} between …", "runs column": "Runs", "unit": "",
        "other outcomes": "Best by other outcomes",
        "ties": "Tied", "tied with": "{n} of {total}", "best": "Best",
        "best and other": "cannot tell: {name}, or 1 other", "best and others": "cannot tell: {name}, or {n} others",
        "distribution worlds": "Spread{of} over {n} worlds (mean of the replications of each)",
        "distribution points": "Spread{of} over {n} points (mean of the replications of each)",
        "of": " of {outcome}",
        "p5": "5%", "p25": "25%", "p50": "Median", "p75": "75%", "p95": "95%", "lowest": "Lowest", "highest": "Highest",
        "associations": "What goes with {outcome}: {subject}",
        "all": "mean of all strategies",
        "factor": "Factor", "rho": "Rank correlation",
        "stands out": "stands out", "unclear": "cannot tell",
        "strongest": "The {shown} strongest of {n}, of which {clear} stand out (false discoveries at most 5%).",
        "missing": "– {subject}: {reason}.",
        "missing some": "– {n} of {total} strategies lack values: {reason}, for example.",
        "covers worlds and luck": (
            "Means are over worlds and replications. Their 95% interval covers other worlds of the same kind and other"
            " luck, not what the model leaves out."
        ),
        "covers worlds": (
            "Means are over worlds. Their 95% interval covers other worlds of the same kind, not luck: with one"
            " replication all worlds share the same seed."
        ),
        "covers luck": (
            "Means are over replications. Their 95% interval covers luck, not what nobody knows about the world."
        ),
        "covers ": "One run of each: there is no interval, and luck may decide the order.",
        "about places": (
            "All met the same worlds with the same luck, so places are surer than the intervals of the means suggest."
            " Tied with first: the 95% of places overlap those of the first."
        ),
        "about regret": (
            "Regret: how much worse than the best one in the same world, on average and in all but the worst"
            " tenth of the worlds. Luck in the best makes it a little too large."
        ),
        "about associations": (
            "Rank correlations (Spearman) say what goes with what in this design, one factor at a time. They are no"
            " effects."
        ),
        "more": "All outcomes of all strategies: {files}.",
        "results": "Results: {folder}",
    },
    "nl": {
        "yes": "ja", "no": "nee",
        "strategies one": "1 strategie", "strategies": "{n} strategieën",
        "scenarios one": "1 scenario", "scenarios": "{n} scenario's",
        "worlds one": "1 wereld", "worlds": "{n} werelden",
        "points one": "1 punt", "points": "{n} punten",
        "replications one": "1 herhaling", "replications": "{n} herhalingen",
        "runs one": "1 run", "runs": "{n} runs",
        "title": "{name}: {subjects}, {worlds}, elk {replications}: {runs}, seed {seed}",
        "partial": "Voorlopige resultaten: {n} van {total} runs zijn klaar. Wat volgt komt uit die runs.",
        "first": "Beste naar {outcome}: {name}, {mean}{interval}; de beste met een kans van {p}.",
        "cannot tell": (
            "Niet te zeggen wat het beste is naar {outcome}: {n} van {total} delen de eerste plaats. Het gemiddelde"
            " van {name} staat vooraan, met {mean}{interval}; de beste met een kans van {p}."
        ),
        "cannot tell one": (
            "Niet te zeggen wat het beste is naar {outcome}: één run elk. Vooraan staat {name}, met {mean}."
        ),
        "neither": "Meer noch minder {outcome} is beter, dus er is geen rangorde; gesorteerd naar gemiddelde.",
        "not ranked": "Geen rangorde naar {outcome}: {reason}.",
        "ranking": "Rangorde naar {outcome}",
        "scenario": "Scenario", "strategy": "Strategie", "outcome": "Uitkomst", "mean": "Gemiddelde",
        "interval": "95%-interval",
        "rank": "Plaats", "rank interval": "95% van de plaatsen", "p first": "Beste met", "regret": "Spijt",
        "regret p90": "9 op 10", "best in": "Beste in", "alive in": "Levend in", "tied": "gelijk met eerste",
        "between": "… {n} ertussen …", "runs column": "Runs", "unit": "",
        "other outcomes": "Beste naar andere uitkomsten",
        "ties": "Gelijk", "tied with": "{n} van {total}", "best": "Beste",
        "best and other": "onbeslist: {name}, of 1 andere", "best and others": "onbeslist: {name}, of {n} andere",
        "distribution worlds": "Spreiding{of} over {n} werelden (gemiddelde van de herhalingen van elk)",
        "distribution points": "Spreiding{of} over {n} punten (gemiddelde van de herhalingen van elk)",
        "of": " van {outcome}",
        "p5": "5%", "p25": "25%", "p50": "Mediaan", "p75": "75%", "p95": "95%", "lowest": "Laagste",
        "highest": "Hoogste",
        "associations": "Wat samengaat met {outcome}: {subject}",
        "all": "gemiddelde van alle strategieën",
        "factor": "Factor", "rho": "Rangcorrelatie",
        "stands out": "springt eruit", "unclear": "onbeslist",
        "strongest": "De {shown} sterkste van {n}, waarvan er {clear} uitspringen (hoogstens 5% ten onrechte).",
        "missing": "– {subject}: {reason}.",
        "missing some": "– {n} van {total} strategieën missen waarden: {reason}, bijvoorbeeld.",
        "covers worlds and luck": (
            "Gemiddelden zijn over werelden en herhalingen. Hun 95%-interval dekt andere werelden van dezelfde soort"
            " en ander geluk, niet wat het model weglaat."
        ),
        "covers worlds": (
            "Gemiddelden zijn over werelden. Hun 95%-interval dekt andere werelden van dezelfde soort, geen geluk: met"
            " één herhaling delen alle werelden dezelfde seed."
        ),
        "covers luck": (
            "Gemiddelden zijn over herhalingen. Hun 95%-interval dekt toeval, niet wat niemand weet over de wereld."
        ),
        "covers ": "Eén run elk: er is geen interval, en toeval kan de volgorde bepalen.",
        "about places": (
            "Alle hadden dezelfde werelden met hetzelfde geluk, dus plaatsen zijn zekerder dan de intervallen van de"
            " gemiddelden doen denken. Gelijk met eerste: de 95% van de plaatsen overlappen die van de eerste."
        ),
        "about regret": (
            "Spijt: hoeveel slechter dan de beste in dezelfde wereld, gemiddeld en in alle behalve het"
            " slechtste tiende deel van de werelden. Geluk van de beste maakt haar iets te groot."
        ),
        "about associations": (
            "Rangcorrelaties (Spearman) zeggen wat in dit ontwerp samengaat, één factor tegelijk. Het zijn geen"
            " effecten."
        ),
        "more": "Alle uitkomsten van alle strategieën: {files}.",
        "results": "Resultaten: {folder}",
    },
}  # fmt: skip
