"""What ``run`` and ``compare`` say around their tables, in English and Dutch."""

from __future__ import annotations

STUDY_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "operational": "Operational: messages",
        "tactical": "Tactical: communities and people",
        "strategic": "Strategic: the organization",
        "people": "People",
        "course": "Course of the adoption",
        "outcome": "Outcome",
        "mean": "Mean",
        "interval": "95% interval",
        "runs": "Runs",
        "run title": "{name}: {replications}, {weeks}, seed {seed}",
        "compare title": "{replications} each, {weeks}, seed {seed}; runs with one seed share staff and luck",
        "replications": "{n} replications",
        "replication": "1 replication",
        "weeks": "{n} weeks",
        "week": "1 week",
        "difference": "Difference",
        "k of n": "{k} of {n}",
        "verdict": "Verdict",
        "pairs": "{a} higher",
        "rank": "Rank",
        "rank interval": "95% of ranks",
        "first": "First with",
        "scenario": "Scenario",
        "ranking": "Ranking by {outcome}",
        "difference of": "{a} minus {b}",
        "difference of letters": "{a} (A) minus {b} (B)",
        "question": "{a} or {b}: {verdict}.",
        "alive": "Alive at the end (weekly posters stay above the critical share): {shares}.",
        "alive share": "{name} in {k} of {n} runs",
        "missing": "– {outcome}: {reason}.",
        "everything": "all intervals",
        "about run": (
            "Means over replications. The 95% interval covers the luck of one organization after another (who"
            " works there, who knows whom, chance), not what the model does not know."
        ),
        "about compare": (
            "Differences of percentages are in percentage points. Their 95% interval comes from pairs of runs"
            " with one seed; it covers luck (who works there, who knows whom, chance), not what the model does"
            " not know. Each holds for one outcome on its own: of {n} compared, about {by_chance} would differ by"
            " luck alone."
        ),
        "compare title worlds": (
            "{n} plausible worlds ({source}), {replications} each, {weeks}, seed {seed}; in a world, runs with one"
            " number share staff and luck"
        ),
        "source calibrated": "that agree with published numbers",
        "source prior": "from the plausible ranges, not calibrated",
        "split": (
            "Of how much {outcome} differ from one pair of runs to another, luck makes up {luck} and not knowing the"
            " world {worlds}."
        ),
        "no split": "How much of the difference is luck cannot be told: {reason}.",
        "where": "Where is it the other way round? Ask: {command}",
        "alive share worlds": "{name} in {share} of the runs",
        "about worlds": (
            "Means over plausible worlds. The 95% interval of their difference covers luck and what is not known about"
            " people, as far as the set of worlds covers it. It is about the average world; the share of worlds says in"
            " how many it is so. Each holds for one outcome on its own: of {n} compared, about {by_chance} would"
            " differ by chance alone."
        ),
        "more outcomes": "All {n} outcomes: --all.",
        "results": "Results: {folder}",
        "dry run": "Runs: {n} ({names}; {replications} each), about {duration}. Results would go to {folder}.",
        "stored": "This study was done already; these are the stored results.",
        "short differs": "{name} higher",
        "short differs slightly": "{name} hardly higher",
        "short alike": "hardly differs",
        "short same": "the same",
        "short cannot tell": "cannot tell",
        "drawing": "drawing figures",
        "interrupted": (
            "Interrupted. {n} of {total} runs are kept in {folder}; the same command with --resume does the rest."
        ),
        "failed": "{n} of {total} runs failed:",
        "failed row": "  {n} times {error}",
        "failed help": (
            "Parameters and tracebacks are in {file}. The other runs are kept; --resume tries the failed ones again."
        ),
        "other seed": "{name} has run.seed {there}; all use {here}, that of the first, to be paired.",
        "other replications": "{name} has run.replications {there}; all get {here}, as the first.",
        "other weeks": "The scenarios differ in length: {weeks}. Outcomes are those at the end of each.",
    },
    "nl": {
        "operational": "Operationeel: berichten",
        "tactical": "Tactisch: gemeenschappen en mensen",
        "strategic": "Strategisch: de organisatie",
        "people": "Mensen",
        "course": "Verloop van de adoptie",
        "outcome": "Uitkomst",
        "mean": "Gemiddelde",
        "interval": "95%-interval",
        "runs": "Runs",
        "run title": "{name}: {replications}, {weeks}, seed {seed}",
        "compare title": "{replications} elk, {weeks}, seed {seed}; één seed is hetzelfde personeel en geluk",
        "replications": "{n} herhalingen",
        "replication": "1 herhaling",
        "weeks": "{n} weken",
        "week": "1 week",
        "difference": "Verschil",
        "k of n": "{k} van {n}",
        "verdict": "Oordeel",
        "pairs": "{a} hoger",
        "rank": "Rang",
        "rank interval": "95% van de rangen",
        "first": "Eerste met",
        "scenario": "Scenario",
        "ranking": "Rangorde naar {outcome}",
        "difference of": "{a} min {b}",
        "difference of letters": "{a} (A) min {b} (B)",
        "question": "{a} of {b}: {verdict}.",
        "alive": "Levend aan het eind (wekelijkse schrijvers blijven boven het kritische aandeel): {shares}.",
        "alive share": "{name} in {k} van {n} runs",
        "missing": "– {outcome}: {reason}.",
        "everything": "alle intervallen",
        "about run": (
            "Gemiddelden over herhalingen. Het 95%-interval dekt het toeval van de ene organisatie na de"
            " andere (wie er werkt, wie wie kent, geluk), niet wat het model niet weet."
        ),
        "about compare": (
            "Verschillen van percentages zijn in procentpunten. Hun 95%-interval komt uit paren van runs met"
            " één seed; het dekt toeval (wie er werkt, wie wie kent, geluk), niet wat het model niet weet. Elk"
            " geldt voor één uitkomst op zichzelf: van {n} vergeleken zouden er ongeveer {by_chance} door toeval"
            " alleen verschillen."
        ),
        "compare title worlds": (
            "{n} denkbare werelden ({source}), {replications} elk, {weeks}, seed {seed}; in een wereld delen runs met"
            " één nummer personeel en geluk"
        ),
        "source calibrated": "die bij gepubliceerde cijfers passen",
        "source prior": "uit de denkbare bereiken, niet gekalibreerd",
        "split": (
            "Van wat het verschil in {outcome} van het ene paar runs tot het andere uitmaakt, is {luck} geluk en"
            " {worlds} dat niemand de wereld kent."
        ),
        "no split": "Hoeveel van het verschil geluk is, valt niet te zeggen: {reason}.",
        "where": "Waar is het andersom? Vraag: {command}",
        "alive share worlds": "{name} in {share} van de runs",
        "about worlds": (
            "Gemiddelden over denkbare werelden. Het 95%-interval van hun verschil dekt geluk en wat niet bekend is"
            " over mensen, voor zover de werelden dat doen. Het gaat over de gemiddelde wereld; het aandeel werelden"
            " zegt in hoeveel het zo is. Elk geldt voor één uitkomst op zichzelf: van {n} vergeleken zouden er"
            " ongeveer {by_chance} door toeval verschillen."
        ),
        "more outcomes": "Alle {n} uitkomsten: --all.",
        "results": "Resultaten: {folder}",
        "dry run": "Runs: {n} ({names}; elk {replications}), ongeveer {duration}. Resultaten komen in {folder}.",
        "stored": "Deze studie was al gedaan; dit zijn de bewaarde resultaten.",
        "short differs": "{name} hoger",
        "short differs slightly": "{name} nauwelijks hoger",
        "short alike": "nauwelijks verschil",
        "short same": "hetzelfde",
        "short cannot tell": "onbeslist",
        "drawing": "figuren tekenen",
        "interrupted": (
            "Onderbroken. {n} van {total} runs zijn bewaard in {folder}; dezelfde opdracht met --resume doet de rest."
        ),
        "failed": "{n} van {total} runs mislukten:",
        "failed row": "  {n} keer {error}",
        "failed help": (
            "Parameters en foutsporen staan in {file}. De andere runs zijn bewaard;"
            " --resume probeert de mislukte opnieuw."
        ),
        "other seed": "{name} heeft run.seed {there}; alle gebruiken {here}, van de eerste, als paren.",
        "other replications": "{name} heeft run.replications {there}; alle krijgen er {here}, als de eerste.",
        "other weeks": "De scenario's verschillen in lengte: {weeks}. Uitkomsten zijn die aan elk eind.",
    },
}
