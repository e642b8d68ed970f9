"""What ``calibrate`` says around its tables, in English and Dutch."""

from __future__ import annotations

CALIBRATE_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "interrupted": (
            "Interrupted. {n} of {total} waves are complete in {folder}; the same command with --resume does the rest."
        ),
        "inferring": "weighing all points and checking the method",
        "drawing": "drawing figures",
        "failed": "{n} of {total} runs failed; failures.parquet in the folders of the waves in {folder} says why.",
        "dry run": (
            "{parameters} parameters, {targets} targets, {points} points in {waves} waves, {arms} organizations,"
            " {replications} replications: {runs} runs, about {duration}"
        ),
        "dry run folder": "Results would go to {folder}.",
        "title": "{points} points in {waves} waves, {runs} runs; {fitted} targets decide, {parameters} parameters",
        "effective": "Effective number of points: {effective} (first wave alone: {first}); largest weight {largest}.",
        "widening": "No setting meets all targets: all tolerances had to be widened by {factor} to weigh points.",
        "too few": "This is too few for a set of worlds to rely on: add points (--samples) or waves (--waves).",
        "inside": (
            "Inside their 90% predictive interval: {fitted_inside} of {fitted} fitted targets, {compared_inside} of"
            " {compared} compared."
        ),
        "targets title": "Targets: what draws from the prior show, what plausible worlds predict (90% intervals)",
        "target": "target",
        "published": "published",
        "prior": "prior",
        "worlds": "worlds",
        "predicted": "with error",
        "verdict": "",
        "ok": "inside",
        "misfit": "MISFIT",
        "check ok": "inside (only compared)",
        "check misfit": "misfit (only compared)",
        "unreached": "OUT OF REACH",
        "conflicts": "Targets that are not met together by any point:",
        "conflict": "  {a} and {b}: the nearest point is {nearest} standard deviations off",
        "no conflicts": "No two targets exclude each other.",
        "more": "  ... and {n} more pairs",
        "parameters title": "Parameters that the targets say something about ({n} of {total}), the most informed first",
        "parameter": "parameter",
        "prior interval": "prior 90%",
        "posterior": "posterior 90%",
        "middle": "median",
        "distance": "distance",
        "none informed": "The targets say nothing about any single parameter beyond chance.",
        "silent": "About the other {n} they say nothing: these keep their prior.",
        "recovery": (
            "Told what known parameters produce, the method finds them again: 90% intervals hold the truth in {mean} of"
            " the cases ({trials} trials; {thin} had too few points near to judge)."
        ),
        "no recovery": "The method could not be checked: no trial had enough points near it.",
        "folder": "Tables, figures and worlds: {folder}",
    },
    "nl": {
        "interrupted": (
            "Onderbroken. {n} van {total} golven staan in {folder}; hetzelfde commando met --resume doet de rest."
        ),
        "inferring": "alle punten wegen en de methode controleren",
        "drawing": "figuren tekenen",
        "failed": "{n} van {total} runs mislukten; zie failures.parquet in de mappen van de golven in {folder}.",
        "dry run": (
            "{parameters} parameters, {targets} doelen, {points} punten in {waves} golven, {arms} organisaties,"
            " {replications} herhalingen: {runs} runs, ongeveer {duration}"
        ),
        "dry run folder": "Resultaten zouden in {folder} komen.",
        "title": "{points} punten in {waves} golven, {runs} runs; {fitted} doelen beslissen, {parameters} parameters",
        "effective": "Effectief aantal punten: {effective} (eerste golf alleen: {first}); grootste gewicht {largest}.",
        "widening": "Geen instelling haalt alle doelen: bij het wegen zijn alle toleranties {factor} keer zo groot.",
        "too few": "Te weinig voor een betrouwbare verzameling werelden: meer punten (--samples) of golven (--waves).",
        "inside": (
            "Binnen hun voorspellingsinterval van 90%: {fitted_inside} van {fitted} gebruikte doelen, {compared_inside}"
            " van {compared} vergeleken doelen."
        ),
        "targets title": "Doelen: wat de prior laat zien, wat plausibele werelden voorspellen (90%-intervallen)",
        "target": "doel",
        "published": "gepubliceerd",
        "prior": "prior",
        "worlds": "werelden",
        "predicted": "met fout",
        "verdict": "",
        "ok": "binnen",
        "misfit": "PAST NIET",
        "check ok": "binnen (alleen vergeleken)",
        "check misfit": "past niet (alleen vergeleken)",
        "unreached": "ONBEREIKBAAR",
        "conflicts": "Doelen die geen enkel punt samen haalt:",
        "conflict": "  {a} en {b}: het dichtste punt ligt {nearest} standaardafwijkingen ver",
        "no conflicts": "Geen twee doelen sluiten elkaar uit.",
        "more": "  ... en nog {n} paren",
        "parameters title": "Parameters waarover de doelen iets zeggen ({n} van {total}), de best bekende eerst",
        "parameter": "parameter",
        "prior interval": "prior 90%",
        "posterior": "posterior 90%",
        "middle": "mediaan",
        "distance": "afstand",
        "none informed": "De doelen zeggen over geen enkele parameter meer dan toeval verklaart.",
        "silent": "Over de andere {n} zeggen ze niets: die houden hun prior.",
        "recovery": (
            "Verteld wat bekende parameters opleveren, vindt de methode ze terug: 90%-intervallen bevatten de waarheid"
            " in {mean} van de gevallen ({trials} proeven; {thin} hadden te weinig punten in de buurt)."
        ),
        "no recovery": "De methode kon niet gecontroleerd worden: geen proef had genoeg punten in de buurt.",
        "folder": "Tabellen, figuren en werelden: {folder}",
    },
}
