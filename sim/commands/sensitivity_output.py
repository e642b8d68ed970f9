"""What ``sensitivity`` prints: what decides, how sure that is, and what the numbers do not say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sim.commands.progress import duration
from sim.commands.sensitivity_texts import SENSITIVITY_TEXTS
from sim.commands.tables import Table, print_table, print_text
from sim.study.sensitivity.results import Row, SensitivityResults, SubjectResult
from sim.study.sensitivity.sampling import FEWEST_TO_JUDGE
from sim.study.wording import (
    MISSING,
    difference_number,
    difference_text,
    is_share,
    label,
    number,
    value_text,
)

DUMMY = "dummy"
MOST_NAMED = 4
MOST_ROWS = 15
# A sign that turns at fewer than this share of the points turns seldom.
SELDOM = 0.05
# Measures in the unit of the outcome; the others are pure numbers.
IN_UNITS = frozenset({"mu_star", "mu", "sigma"})
SHOWN_AS = {"mu_star": "mu*"}


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


class SensitivityPrinter:
    """Prints the results of sensitivity analysis in one language.

    Parameters
    ----------
    results : SensitivityResults
        What was found.
    language : str
        ``en`` or ``nl``.
    """

    def __init__(self, results: SensitivityResults, language: str) -> None:
        self.results = results
        self.language = language
        self.texts = SENSITIVITY_TEXTS[language]
        # PAWN takes its dummy from shuffled columns, so it needs no replications.
        self.knows_luck = results.replications > 1 or results.method == "pawn"

    def print(self) -> None:
        """Print everything: answers first, then a table for each subject of the main outcome, then the rest."""
        self._print_size()
        for each in self.results.main:
            print_text(self._answer(each), is_strong=True)
            self._print_turns(each)
        for each in self.results.main:
            if each.indices:
                self._print_subject(each)
        self._print_others()
        self._print_not_analyzed()
        print_text()
        unit = self.texts["points unit"] if is_share(self.results.outcomes[0]) else ""
        print_text(self.texts[f"about {self.results.method}"].format(unit=unit))
        print_text(self.texts["results"].format(folder=self.results.folder))

    def _print_size(self) -> None:
        results, texts = self.results, self.texts
        factors = texts["groups" if results.is_by_group else "factors"].format(n=results.n_movers)
        print_text(
            texts[f"title {results.method}"].format(
                name=results.name, samples=self._count(results.samples), factors=factors
            )
        )
        size = {name: self._count(getattr(results, name)) for name in ("points", "runs")}
        one = results.replications == 1
        size["replications"] = texts["replication" if one else "replications"].format(n=results.replications)
        took = texts["took"].format(duration=duration(results.seconds))
        print_text(f"{texts['size'].format(seed=results.seed, **size)}. {took}")

    def _count(self, n: int) -> str:
        return f"{n:,}".replace(",", "." if self.language == "nl" else ",")

    def _subject(self, each: SubjectResult) -> str:
        scenario, minus, outcome = each.subject
        name = label(outcome, self.language)
        name = name[:1].upper() + name[1:]
        return self.texts["contrast" if minus else "subject"].format(outcome=name, scenario=scenario, minus=minus)

    def _value(self, row: Row, outcome: str, part: str = "value") -> str:
        """Return a number of an index as it is read."""
        value = math.nan if row[part] is None else row[part]
        if row["measure"] in IN_UNITS:
            return difference_number(outcome, value, self.language)
        return number(value, 2, self.language)

    def _interval(self, row: Row, outcome: str) -> str:
        if row["low"] is None:
            return MISSING
        ends = [self._value(row, outcome, part) for part in ("low", "high")]
        return f"[{ends[0]}{';' if self.language == 'nl' else ','} {ends[1]}]"

    def _listed(self, names: Sequence[str]) -> str:
        return self.texts["list and"].join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

    def _answer(self, each: SubjectResult) -> str:
        """Say in one line which factors decide."""
        texts, measure, subject = self.texts, self.results.measure, self._subject(each)
        if not each.indices:
            return texts["not analyzed"].format(subject=subject, reason=each.noise["reason"]).removeprefix("– ")
        ranked = each.of(measure)
        standing = [row for row in ranked if row["status"] == "resolved"]
        facts = {"subject": subject, "measure": SHOWN_AS.get(measure, measure)}
        if not standing:
            if self.results.samples < FEWEST_TO_JUDGE[self.results.method]:
                named = self._named(ranked, each.subject.outcome)
                return texts["too few"].format(named=named, n=self._count(self.results.samples), **facts)
            unknown = [row for row in ranked if row["status"] == "luck unknown"]
            if not unknown:
                return texts["decides nothing"].format(**facts)
            first = unknown[0]
            value = self._value(first, each.subject.outcome)
            return texts["decides unknown"].format(first=first["factor"], value=value, **facts)
        # An order is told only as far as intervals are apart.
        leaders = [row for row in standing if row["high"] >= standing[0]["low"]]
        behind = standing[len(leaders) :]
        unsettled = [row for row in ranked if row["status"] != "resolved" and row["high"] >= standing[0]["low"]]
        if unsettled:
            named = self._named(standing, each.subject.outcome)
            text = texts["stand out" if len(standing) > 1 else "stands out alone"]
            return text.format(named=named, n=len(unsettled), **facts)
        facts["leaders"] = self._named(leaders, each.subject.outcome)
        text = texts["decides" if len(leaders) == 1 else "decide"].format(**facts)
        if behind:
            text += texts["then"].format(others=self._named(behind, each.subject.outcome))
        return f"{text}."

    def _named(self, rows: Sequence[Row], outcome: str) -> str:
        """Return factors with their index, the first few by name."""
        named = [f"{row['factor']} ({self._value(row, outcome)})" for row in rows[:MOST_NAMED]]
        if len(rows) > MOST_NAMED:
            named.append(self.texts["more"].format(n=len(rows) - MOST_NAMED))
        return self._listed(named)

    def _print_turns(self, each: SubjectResult) -> None:
        """Say how the outcome is spread, and of a contrast how often its sign turns."""
        scenario, minus, outcome = each.subject
        noise = each.noise
        if noise["mean"] is None:
            return
        text = difference_text if minus else value_text
        facts = {name: text(outcome, noise[name], self.language) for name in ("mean", "low", "high")}
        print_text(self.texts["spread"].format(**facts))
        if not minus:
            return
        above, below = noise["share_above_zero"], noise["share_below_zero"]
        least = min(above, below)
        kind = "never" if least == 0 else "seldom" if least < SELDOM else "often"
        print_text(
            self.texts["turns"].format(
                scenario=scenario, minus=minus, verdict=self.texts[f"turns {kind}"],
                above=self._percent(above), below=self._percent(below),
            )
        )  # fmt: skip

    def _percent(self, share: float | None) -> str:
        return MISSING if share is None else number(100 * share, 0, self.language) + "%"

    def _print_subject(self, each: SubjectResult) -> None:
        print_text()
        print_text(self._subject(each), is_strong=True)
        print_table(self._table(each))
        self._print_cut(each)
        if self.results.method == "sobol":
            self._print_together(each)
        if self.results.method == "sobol" and self.knows_luck:
            self._print_pairs(each)
        noise = each.noise
        if noise["luck_share_of_run"] is None:
            print_text(self.texts["luck unknown text"])
        else:
            run, mean = (self._percent(noise[f"luck_share_of_{what}"]) for what in ("run", "mean"))
            print_text(self.texts["luck"].format(run=run, mean=mean, n=noise["replications"]))
        self._print_convergence(each)

    def _print_cut(self, each: SubjectResult) -> None:
        """Say how many factors the table leaves out, and how many of them stand out."""
        left = each.of(self.results.measure)[MOST_ROWS:]
        if left:
            n_resolved = sum(row["status"] == "resolved" for row in left)
            print_text(self.texts["cut"].format(n=len(left), resolved=n_resolved))

    def _table(self, each: SubjectResult) -> Table:
        texts, outcome, measure = self.texts, each.subject.outcome, self.results.measure
        further = {"sobol": ["S1"], "morris": ["mu", "sigma"], "pawn": []}[self.results.method]
        further = [name for name in further if each.of(name)]
        has_replications = self.results.replications > 1
        headers = [
            texts["group" if self.results.is_by_group else "factor"],
            f">{SHOWN_AS.get(measure, measure)}",
            f">{texts['interval']}",
            *([f">{texts['by replication']}"] if has_replications else []),
            texts["verdict"],
        ]
        for name in further:
            headers += [f">{texts['alone']} (S1)", f">{texts['interval']}", ""] if name == "S1" else [f">{texts[name]}"]
        table = Table(headers)
        dummy = each.get(measure, DUMMY)
        for row in [*each.of(measure)[:MOST_ROWS], *([dummy] if dummy else [])]:
            cells = [
                texts["dummy"] if row is dummy else row["factor"],
                self._value(row, outcome),
                self._interval(row, outcome),
            ]
            if has_replications:
                cells.append(self._replications(row, outcome))
            cells.append(texts[row["status"]] if row["status"] else "")
            for name in further:
                other = each.get(name, row["factor"])
                assert other is not None
                cells.append(self._value(other, outcome))
                if name == "S1":
                    cells += [self._interval(other, outcome), texts[other["status"]] if other["status"] else ""]
            table.add(*cells)
        return table

    def _replications(self, row: Row, outcome: str) -> str:
        if row["replication_low"] is None:
            return ""
        ends = [self._value(row, outcome, f"replication_{end}") for end in ("low", "high")]
        return "–".join(ends)

    def _print_together(self, each: SubjectResult) -> None:
        """Say what the factors make on their own."""
        texts, outcome = self.texts, each.subject.outcome
        total = each.get("S1_sum", "all")
        if total is not None:
            facts = {part: self._value(total, outcome, part) for part in ("value", "low", "high")}
            print_text(texts["together"].format(**facts))

    def _print_pairs(self, each: SubjectResult) -> None:
        """Say which factors do more together with others, and in which pairs."""
        texts, outcome = self.texts, each.subject.outcome
        wider = [row for row in each.of("interaction") if row["status"] == "resolved"][:MOST_NAMED]
        named = [f"{row['factor']} ({self._value(row, outcome)} {self._interval(row, outcome)})" for row in wider]
        print_text(texts["interacts"].format(factors=", ".join(named)) if named else texts["interacts none"])
        pairs = [row for row in each.of("S2") if row["status"] == "resolved"][:MOST_NAMED]
        named = [
            f"{row['factor']} x {row['other']} ({self._value(row, outcome)} {self._interval(row, outcome)})"
            for row in pairs
        ]
        print_text(texts["pairs"].format(pairs=", ".join(named)) if named else texts["pairs none"])

    def _print_convergence(self, each: SubjectResult) -> None:
        """Print how far indices still move, and how wide their intervals are, as the sample grows."""
        texts, measure, outcome = self.texts, self.results.measure, each.subject.outcome
        own = [row for row in each.convergence if row["measure"] == measure]
        sizes = sorted({row["samples"] for row in own})
        if len(sizes) < 2:
            return
        columns = (f"samples {self.results.method}", "points", "moved", "widest", "stands out")
        headers = [f">{texts[name]}" for name in columns]
        if self.results.method == "pawn":
            del headers[1]
        if not self.knows_luck:
            del headers[-1]
        table = Table(headers)
        before: dict[str, float] = {}
        for size in sizes:
            here = {row["factor"]: row for row in own if row["samples"] == size}
            reach = max(0.0, here[DUMMY]["high"])
            factors = {name: row for name, row in here.items() if name != DUMMY}
            moved = max(
                (abs(row["value"] - before[name]) for name, row in factors.items() if name in before), default=None
            )
            widest = max(row["high"] - row["low"] for row in factors.values())
            n_standing = sum(row["low"] > reach for row in factors.values())
            cells = [self._count(size), self._count(here[DUMMY]["points"])]
            if self.results.method == "pawn":
                del cells[1]
            cells += [self._value({"measure": measure, "value": value}, outcome) for value in (moved, widest)]
            if self.knows_luck:
                cells.append(texts["k of n"].format(k=n_standing, n=len(factors)))
            table.add(*cells)
            before = {name: row["value"] for name, row in factors.items()}
        print_text()
        print_table(table)

    def _print_others(self) -> None:
        """Print, for every other outcome, the factors that stand out."""
        main = self.results.outcomes[0]
        others = [each for each in self.results.subjects if each.subject.outcome != main and each.indices]
        if not others:
            return
        measure = self.results.measure
        table = Table([self.texts["outcome"], self.texts["largest"].format(measure=SHOWN_AS.get(measure, measure))])
        for each in others:
            standing = [row for row in each.of(measure) if row["status"] == "resolved"][:MOST_NAMED]
            named = [f"{row['factor']} {self._value(row, each.subject.outcome)}" for row in standing]
            nothing = self.texts["none stands out" if self.knows_luck else "luck unknown"]
            table.add(self._subject(each), ", ".join(named) or nothing)
        print_text()
        print_text(self.texts["others"], is_strong=True)
        print_table(table)

    def _print_not_analyzed(self) -> None:
        main = self.results.outcomes[0]
        missing = [each for each in self.results.subjects if each.noise["reason"] and each.subject.outcome != main]
        if missing:
            print_text()
        for each in missing:
            print_text(self.texts["not analyzed"].format(subject=self._subject(each), reason=each.noise["reason"]))
