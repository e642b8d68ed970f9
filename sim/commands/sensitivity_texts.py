"""What ``sensitivity`` says around its tables, in English and Dutch."""

from __future__ import annotations

SENSITIVITY_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title morris": "{name}: Morris, {samples} trajectories of {factors}",
        "title sobol": "{name}: Sobol, {samples} base samples of {factors}",
        "title pawn": "{name}: PAWN on {factors}",
        "factors": "{n} factors",
        "groups": "{n} groups of factors",
        "size": "{points} points, {replications}, {runs} runs, seed {seed}",
        "took": "The runs took {duration}.",
        "subject": "{outcome} of {scenario}",
        "contrast": "{outcome}, {scenario} minus {minus}",
        "decides": "{subject}: {leaders} decides most, by {measure}",
        "decide": "{subject}: {leaders} decide most, by {measure}, in an order that these runs do not settle",
        "stand out": (
            "{subject}: {named} stand out from the dummy, by {measure}; {n} more may do as much, which these runs do"
            " not settle."
        ),
        "stands out alone": (
            "{subject}: {named} stands out from the dummy, by {measure}; {n} more may do as much, which these runs do"
            " not settle."
        ),
        "then": "; then {others}",
        "more": "{n} more",
        "decides nothing": "{subject}: no factor stands out from the dummy, which does nothing.",
        "too few": (
            "{subject}: a sample of {n} is too small to tell anything; the largest estimates ({measure}): {named}."
        ),
        "decides unknown": (
            "{subject}: one replication cannot tell effects from luck; {first} has the largest index"
            " ({measure} {value})."
        ),
        "spread": "Over all points: mean {mean}, nine in ten between {low} and {high}.",
        "turns": (
            "{scenario} is ahead at {above} of the points, {minus} at {below}: {verdict} (mean of the replications of"
            " each point)."
        ),
        "turns never": "what is left open does not turn the sign",
        "turns seldom": "what is left open seldom turns the sign",
        "turns often": "the sign depends on what is left open",
        "factor": "Factor",
        "group": "Group",
        "interval": "95% interval",
        "alone": "Alone",
        "by replication": "By replication",
        "replication": "{n} replication",
        "replications": "{n} replications",
        "verdict": "Verdict",
        "resolved": "",
        "not resolved": "not resolved",
        "luck unknown": "luck unknown",
        "dummy": "dummy (does nothing)",
        "mu": "Direction (mu)",
        "sigma": "Spread (sigma)",
        "together": (
            "On their own the factors make {value} [{low}, {high}] of the variance between points; the rest is what"
            " they do together, and luck."
        ),
        "interacts": "Beyond what they do alone: {factors}.",
        "interacts none": "No factor does more together with others than the dummy seems to.",
        "pairs": "Pairs that do more together: {pairs}.",
        "pairs none": "No pair is resolved (S2): it takes larger samples to tell which pairs work together.",
        "luck": (
            "Luck makes {run} of the variance between single runs, and {mean} of that between points, which are means"
            " of {n} replications."
        ),
        "cut": "{n} more with smaller indices are in indices.parquet; {resolved} of them stand out.",
        "luck unknown text": "One replication: what luck does is not known. Use two or more.",
        "convergence": "Size of the sample",
        "samples morris": "Trajectories",
        "samples sobol": "Base samples",
        "samples pawn": "Points",
        "points": "Points",
        "widest": "Widest interval",
        "moved": "Largest change",
        "stands out": "Stand out",
        "k of n": "{k} of {n}",
        "others": "Other outcomes",
        "outcome": "Outcome",
        "largest": "Largest {measure}, of those that stand out",
        "none stands out": "none stands out from the dummy",
        "not analyzed": "– {subject}: not analyzed; {reason}.",
        "about sobol": (
            "ST is the share of the variance that would be left if all other factors were known; S1, alone, the share"
            " that would go if this factor were known. Intervals are bootstrap intervals over base samples. Not"
            " resolved: the interval reaches that of the dummy, which does nothing but draw luck anew; nobody can say"
            " from these runs that the factor does anything. By replication: lowest and highest index on single"
            " replications."
        ),
        "about morris": (
            "mu* is the mean size of the change in the outcome when one factor moves, per full range{unit}; sigma tells"
            " how much it differs from place to place. Not resolved: the interval reaches that of the dummy, which does"
            " nothing but draw luck anew. Morris ranks factors; it does not share out variance."
        ),
        "about pawn": (
            "KS is the median distance between the distribution of the outcome and that with the factor fixed, 0 to 1."
            " The dummy shows what a sample of this size gives anyway; not resolved: the interval reaches it."
        ),
        "points unit": ", in percentage points",
        "results": "Results: {folder}",
        "list and": " and ",
    },
    "nl": {
        "title morris": "{name}: Morris, {samples} trajecten van {factors}",
        "title sobol": "{name}: Sobol, {samples} basistrekkingen van {factors}",
        "title pawn": "{name}: PAWN met {factors}",
        "factors": "{n} factoren",
        "groups": "{n} groepen factoren",
        "size": "{points} punten, {replications}, {runs} runs, seed {seed}",
        "took": "De runs duurden {duration}.",
        "subject": "{outcome} van {scenario}",
        "contrast": "{outcome}, {scenario} min {minus}",
        "decides": "{subject}: {leaders} beslist het meest, naar {measure}",
        "decide": "{subject}: {leaders} beslissen het meest, naar {measure}, in een volgorde die hieruit niet blijkt",
        "stand out": (
            "{subject}: {named} onderscheiden zich van de dummy, naar {measure}; nog {n} doen misschien evenveel, wat"
            " uit deze runs niet blijkt."
        ),
        "stands out alone": (
            "{subject}: {named} onderscheidt zich van de dummy, naar {measure}; nog {n} doen misschien evenveel, wat"
            " uit deze runs niet blijkt."
        ),
        "then": "; daarna {others}",
        "more": "nog {n}",
        "decides nothing": "{subject}: geen factor onderscheidt zich van de dummy, die niets doet.",
        "too few": (
            "{subject}: een steekproef van {n} is te klein voor uitspraken; grootste schattingen ({measure}): {named}."
        ),
        "decides unknown": (
            "{subject}: één herhaling kan effecten niet van toeval onderscheiden; {first} heeft de grootste index"
            " ({measure} {value})."
        ),
        "spread": "Over alle punten: gemiddeld {mean}, negen van de tien tussen {low} en {high}.",
        "turns": (
            "{scenario} ligt voor op {above} van de punten, {minus} op {below}: {verdict} (gemiddelde van de"
            " herhalingen van elk punt)."
        ),
        "turns never": "wat open is gelaten keert het teken niet om",
        "turns seldom": "wat open is gelaten keert het teken zelden om",
        "turns often": "het teken hangt af van wat open is gelaten",
        "factor": "Factor",
        "group": "Groep",
        "interval": "95%-interval",
        "alone": "Alleen",
        "by replication": "Per herhaling",
        "replication": "{n} herhaling",
        "replications": "{n} herhalingen",
        "verdict": "Oordeel",
        "resolved": "",
        "not resolved": "onbeslist",
        "luck unknown": "toeval onbekend",
        "dummy": "dummy (doet niets)",
        "mu": "Richting (mu)",
        "sigma": "Spreiding (sigma)",
        "together": (
            "Op zichzelf verklaren de factoren {value} [{low}; {high}] van de variantie tussen punten; de rest is wat"
            " zij samen doen, en toeval."
        ),
        "interacts": "Meer dan zij alleen doen: {factors}.",
        "interacts none": "Geen factor doet samen met andere meer dan de dummy lijkt te doen.",
        "pairs": "Paren die samen meer doen: {pairs}.",
        "pairs none": "Geen paar is beslist (S2): welke paren samenwerken, vergt grotere steekproeven.",
        "luck": (
            "Toeval maakt {run} van de variantie tussen losse runs, en {mean} van die tussen punten, gemiddelden van"
            " {n} herhalingen."
        ),
        "cut": "Nog {n} met kleinere indices staan in indices.parquet; {resolved} daarvan onderscheiden zich.",
        "luck unknown text": "Eén herhaling: wat toeval doet is niet bekend. Gebruik er twee of meer.",
        "convergence": "Grootte van de steekproef",
        "samples morris": "Trajecten",
        "samples sobol": "Basistrekkingen",
        "samples pawn": "Punten",
        "points": "Punten",
        "widest": "Breedste interval",
        "moved": "Grootste verandering",
        "stands out": "Onderscheiden zich",
        "k of n": "{k} van {n}",
        "others": "Andere uitkomsten",
        "outcome": "Uitkomst",
        "largest": "Grootste {measure}, van wie zich onderscheidt",
        "none stands out": "geen onderscheidt zich van de dummy",
        "not analyzed": "– {subject}: niet geanalyseerd; {reason}.",
        "about sobol": (
            "ST is het deel van de variantie dat zou overblijven als alle andere factoren bekend waren; S1, alleen, het"
            " deel dat zou verdwijnen als deze factor bekend was. Intervallen zijn bootstrapintervallen over"
            " basistrekkingen. Onbeslist: het interval raakt dat van de dummy, die alleen het toeval opnieuw trekt; uit"
            " deze runs kan niemand zeggen dat de factor iets doet. Per herhaling: laagste en hoogste index op losse"
            " herhalingen."
        ),
        "about morris": (
            "mu* is de gemiddelde grootte van de verandering van de uitkomst als één factor beweegt, per volledig"
            " bereik{unit}; sigma zegt hoezeer die van plek tot plek verschilt. Onbeslist: het interval raakt dat van"
            " de dummy, die alleen het toeval opnieuw trekt. Morris rangschikt factoren; hij verdeelt geen variantie."
        ),
        "about pawn": (
            "KS is de mediane afstand tussen de verdeling van de uitkomst en die met de factor vastgezet, 0 tot 1. De"
            " dummy toont wat een steekproef van deze grootte hoe dan ook geeft; onbeslist: het interval raakt die."
        ),
        "points unit": ", in procentpunten",
        "results": "Resultaten: {folder}",
        "list and": " en ",
    },
}
