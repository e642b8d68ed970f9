"""What ``explain`` prints: who this is, the days of the week, and the terms of the day that tells most."""

from __future__ import annotations

import math
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any, NamedTuple

from sim.commands.explain_texts import EXPLAIN_TEXTS
from sim.commands.tables import Table, print_table, print_text
from sim.explanation import (
    DayExplained,
    PostingExplained,
    ReadingExplained,
    WeekExplained,
    WhatIf,
    telling_day,
)
from sim.situation import Situation, effort_in, role_in, support_in
from sim.state import DAYS_PER_WEEK, NEVER
from sim.study.wording import MINUS, number

DECIMALS = 2
MOST_DECIMALS = 7  # of a percentage; enough to tell two draws of 32 bits apart
N_WHAT_IF = 5
N_WHAT_IF_BESIDE = 2  # of reading, where posting was decided too
KIND_COLUMNS = ("work", "question", "social")


class Context(NamedTuple):
    """What the week alone does not say."""

    employee: str  # id, as the person gave it or the file has it
    department: str
    scenario: str
    seed: int
    n_weeks: int
    c: Any  # coefficients


def rounded_to_sum(values: Sequence[float], decimals: int = DECIMALS) -> list[float]:
    """Round values so that they add up to their rounded sum, each up or down to a neighboring value.

    The method of largest remainders: whoever adds up the printed numbers gets the printed sum.

    Examples
    --------
    >>> rounded_to_sum([0.333, 0.333, 0.334])
    [0.33, 0.33, 0.34]
    """
    unit = 10**decimals
    scaled = [round(value * unit, 6) for value in values]
    floors = [math.floor(value) for value in scaled]
    n_up = round(sum(scaled)) - sum(floors)
    largest = sorted(range(len(values)), key=lambda place: floors[place] - scaled[place])[:n_up]
    return [(floor + (place in largest)) / unit for place, floor in enumerate(floors)]


def by_size(values: Mapping[str, float]) -> list[str]:
    """Return the names of values, the farthest from zero first."""
    return sorted(values, key=lambda name: -abs(values[name]))


class Printer:
    """Prints one week of one employee in one language."""

    def __init__(self, week: WeekExplained, context: Context, language: str) -> None:
        self.week = week
        self.context = context
        self.language = language
        self.texts = EXPLAIN_TEXTS[language]

    def print_all(self) -> None:
        """Print everything."""
        print_text(self.texts["title"].format(week=self.week.week, **self.context._asdict()), is_strong=True)
        self._print_person()
        if not any(day.has_access for day in self.week.days):
            print_text()
            print_text(self._no_access())
            return
        print_text()
        print_table(self._days())
        print_text(self.texts["luck rule"])
        day = telling_day(self.week)
        if day is not None:
            self._print_telling_day(day)

    # --- numbers in words ---

    def _number(self, value: float, decimals: int = DECIMALS, is_signed: bool = False) -> str:
        return number(value, decimals, self.language, is_signed)

    def _term(self, value: float) -> str:
        return self._number(value, is_signed=True)

    def _percent(self, share: float, decimals: int = 0) -> str:
        """Return a share in percent; what is not quite nothing or all is not called so."""
        smallest = 10.0**-decimals
        percent = 100.0 * share
        if 0.0 < percent < 0.5 * smallest:
            return f"<{self._number(smallest, decimals)}%"
        if 100.0 - 0.5 * smallest <= percent < 100.0:
            return f">{self._number(100.0 - smallest, decimals)}%"
        return f"{self._number(percent, decimals)}%"

    def _chance_and_luck(self, p: float, draw: float) -> tuple[str, str]:
        """Return both in percent, with as many decimals as it takes to see which is less."""
        for decimals in range(1, MOST_DECIMALS):
            texts = (self._percent(p, decimals), self._percent(draw, decimals))
            if texts[0] != texts[1]:
                return texts
        return texts

    def _degree(self, words: Sequence[str], value: float) -> str:
        """Return the word for a value in [0, 1] on an even scale, and the value."""
        word = words[min(int(value * len(words)), len(words) - 1)]
        return f"{word} ({self._number(value)})"

    def _experience(self, value: float) -> str:
        nothing, *some = self.texts["degrees"]
        return nothing if value == 0.0 else self._degree(some, value)

    def _more_than(self, inclination: float) -> str:
        return self._percent(NormalDist().cdf(inclination))

    # --- who this is ---

    def _print_person(self) -> None:
        person, texts = self.week.before, self.texts
        lines = {
            "who": texts["person"].format(
                age=self._number(person["age"], 0),
                level=texts["levels"][int(person["level"])],
                tenure=self._number(person["tenure"], 1),
                department=self.context.department,
                trained=texts["trained" if person["trained"] else "untrained"],
                champion=texts["champion"] if person["champion"] else "",
            ),
            "outside": texts["experience"].format(
                leisure=self._experience(person["leisure_experience"]),
                professional=self._experience(person["professional_experience"]),
                apart=self._degree(texts["apart"], person["segmentation"]),
            ),
            "at work": texts["attitude"].format(
                trust=self._degree(texts["trusts"], person["trust"]),
                remote=texts["remote"].format(remote=self._percent(person["remote_share"]))
                if person["remote_share"]
                else texts["not remote"],
                more_than=self._more_than(person["inclination"]),
            ),
            "sees": self._frame(),
            "so far": self._history(),
        }
        width = max(len(texts[name]) for name in lines) + 2
        for name, text in lines.items():
            _print_hanging(texts[name].ljust(width), text)

    def _shares(self, person: Mapping[str, float]) -> dict[str, str]:
        counts = [person[f"frame_{name}"] for name in ("social", "collaboration", "broadcast")]
        shares = rounded_to_sum([count / sum(counts) for count in counts])
        names = ("social", "collaboration", "broadcast")
        return {name: self._percent(share) for name, share in zip(names, shares, strict=True)}

    def _frame(self) -> str:
        before, after = self._shares(self.week.before), self._shares(self.week.person)
        counts = sum(self.week.before[f"frame_{name}"] for name in before)
        text: str = self.texts["frame"].format(counts=self._number(counts, 1), **before)
        return text if after == before else text + self.texts["frame after"].format(**after)

    def _history(self) -> str:
        person, texts = self.week.before, self.texts
        counts = {
            "work": int(person["n_work_posts"]),
            "questions": int(person["n_questions"]),
            "social": int(person["n_social_posts"]),
        }
        n_posts = sum(counts.values())
        read = texts["never read"]
        if person["last_read"] > NEVER:
            n_days = (self.week.week - 1) * DAYS_PER_WEEK - int(person["last_read"])
            read = texts["last read"].format(days=texts["one day" if n_days == 1 else "days"].format(n=n_days))
        posts = texts["posts"].format(n=n_posts, **counts) if n_posts else texts["no posts"]
        contacts = texts["contacts"].format(n=int(person["n_contacts"]), active=int(person["n_active_contacts"]))
        return str(texts["history"].format(read=read, posts=posts, contacts=contacts))

    def _no_access(self) -> str:
        week = int(self.week.person["access_day"]) // DAYS_PER_WEEK + 1
        kind = "opens later" if week <= self.context.n_weeks else "opens never"
        return str(self.texts[kind].format(week=week))

    # --- the days ---

    def _weekday(self, day: DayExplained) -> str:
        return str(self.texts["weekdays"][day.day % DAYS_PER_WEEK])

    def _days(self) -> Table:
        texts = self.texts
        right = [f">{texts[name]}" for name in ("chance to read", "luck")]
        posts = [f">{texts[name]}" for name in ("items", "chance to post", "luck")]
        table = Table([texts["day"], *right, texts["reads?"], *posts, texts["posts?"]])
        for day in self.week.days:
            reading, posting = day.reading, day.posting
            cells = ["", "", texts["no access"], "", "", "", ""]
            if reading is not None:
                cells[:2] = self._chance_and_luck(reading.p, reading.draw)
                cells[2] = texts["yes" if reading.did_read else "no"]
            if posting is not None:
                cells[3] = self._number(day.n_items, 0 if day.n_items.is_integer() else 1)
                cells[4:6] = self._chance_and_luck(posting.p, posting.draw)
                cells[6] = texts["kinds"][posting.chosen]
            table.add(self._weekday(day), *cells)
        return table

    # --- the day that tells most ---

    def _print_telling_day(self, day: DayExplained) -> None:
        reading, posting = day.reading, day.posting
        assert reading is not None
        kind = "not read" if posting is None else "posted" if posting.did_post else "read"
        chosen = self.texts["kinds"][posting.chosen] if posting is not None else ""
        print_text()
        print_text(self.texts["telling"][kind].format(day=self._weekday(day), kind=chosen), is_strong=True)
        print_table(self._reading_table(reading))
        self._print_nothing_from("reading names", [name for name, value in reading.terms.items() if value == 0.0])
        print_text(self._reading_outcome(reading))
        if posting is not None:
            print_text()
            self._print_posting(posting)
        print_text()
        print_table(self._what_if_table(reading, posting))
        print_text()
        self._print_about()

    def _print_about(self) -> None:
        noise, texts = float(self.context.c.choice_noise), self.texts
        posting = ""
        if noise != 1.0:
            posting = texts["about posting"].format(doubles=self._number(noise * math.log(2.0), DECIMALS))
        doubles = self._number(math.log(2.0), 1)
        about = texts["about"].format(doubles=doubles, minus=MINUS, posting=posting)
        print_text(f"{about} {texts['about what if']}")

    def _facts(self, s: Situation) -> dict[str, str]:
        """Return what the texts of terms mention."""
        c = self.context.c
        manager = "none" if not s.has_manager else "looks" if s.manager_looks else "away"
        shares = rounded_to_sum([s.share_social, s.share_collaboration, s.share_broadcast])
        names = ("social", "collaboration", "broadcast")
        return {
            **{name: self._percent(share) for name, share in zip(names, shares, strict=True)},
            "habit": self._percent(s.habit),
            "contacts": self._percent(s.contact_activity),
            "knowledge": self._number(s.amount_of_knowledge, 1),
            "news": self._number(s.unread_news, 1),
            "talk": self._number(s.unread_social, 1),
            "remote": self._percent(s.remote_share),
            "integration": self._percent(s.integration),
            "mandate": self._number(s.mandate),
            "role": self._number(role_in(s, c)),
            "apart": self._number(s.segmentation),
            "trained": self.texts["trained" if s.trained else "untrained"],
            "familiarity": self._number(s.familiarity),
            "effort": self._number(effort_in(s, c)),
            "resistance": self._number(s.resistance),
            "support": self._number(support_in(s, c)),
            "feedback": self._number(s.feedback),
            "more_than": self._more_than(s.inclination),
            "manager": self.texts["manager"][manager],
            "trust": self._number(s.trust),
            "restriction": self._number(s.restriction, 1),
            "expertise": self._number(s.expertise),
            "guidance": self._number(s.guidance, 1),
            "appraisal": self._number(s.appraisal, 1, is_signed=True),
        }

    def _print_nothing_from(self, catalog: str, terms: Sequence[str]) -> None:
        names = [self.texts[catalog][term] for term in terms]
        if names:
            print_text(self.texts["nothing from"].format(names=", ".join(names)))

    def _reading_table(self, reading: ReadingExplained) -> Table:
        texts, facts = self.texts, self._facts(reading.situation)
        shown = {name: value for name, value in reading.terms.items() if value != 0.0 or name == "base"}
        numbers = dict(zip(shown, rounded_to_sum(list(shown.values())), strict=True))
        table = Table([texts["reading"], f">{texts['utility']}"])
        for name in ["base", *(name for name in by_size(shown) if name != "base")]:
            table.add(texts["reading terms"][name].format(**facts), self._term(numbers[name]))
        table.add(texts["sum"], self._term(sum(numbers.values())))
        return table

    def _reading_outcome(self, reading: ReadingExplained) -> str:
        texts = self.texts
        if not reading.did_read:
            outcome = texts["did not read"].format(lacking=self._number(reading.lacking))
        elif math.isinf(reading.lacking):
            outcome = texts["did read anyway"]
        else:
            outcome = texts["did read"].format(spare=self._number(-reading.lacking))
        p, draw = self._chance_and_luck(reading.p, reading.draw)
        if reading.p_prompt == 0.0:
            return str(texts["read chance alone"].format(p=p, draw=draw, outcome=outcome))
        own = self._percent(1.0 / (1.0 + math.exp(-reading.utility)), 1)
        return str(texts["read chance"].format(own=own, p=p, draw=draw, outcome=outcome))

    def _print_posting(self, posting: PostingExplained) -> None:
        print_table(self._posting_table(posting))
        kinds = [kind for kind in KIND_COLUMNS if kind != "social" or posting.may_be_social]
        shared, own = _split_terms(posting.terms)
        nothing = [name for name, value in shared.items() if value == 0.0]
        nothing += [name for name, values in own.items() if not any(values.get(kind) for kind in kinds)]
        self._print_nothing_from("posting names", nothing)
        texts = self.texts
        chosen = texts["kinds"][posting.chosen]
        if not posting.did_post:
            outcome = texts["did not post"].format(lacking=self._number(posting.lacking))
        elif math.isinf(posting.lacking):
            outcome = texts["did post anyway"].format(kind=chosen)
        else:
            outcome = texts["did post"].format(kind=chosen, spare=self._number(-posting.lacking))
        p, draw = self._chance_and_luck(posting.p, posting.draw)
        print_text(texts["post chance"].format(p=p, draw=draw, outcome=outcome))

    def _posting_table(self, posting: PostingExplained) -> Table:
        """Return the terms with a column for each kind of post; terms for all kinds stand in each."""
        texts, facts = self.texts, self._facts(posting.situation)
        shared, own = _split_terms(posting.terms)
        shared = {name: value for name, value in shared.items() if value != 0.0}
        shared_numbers = dict(zip(shared, rounded_to_sum(list(shared.values())), strict=True))
        own_numbers = _rounded_by_kind(own)
        table = Table([texts["posting"], *(f">{texts[kind]}" for kind in KIND_COLUMNS)])

        def add(name: str, cells: Sequence[str]) -> None:
            if not posting.may_be_social:
                cells = [*cells[:2], ""]
            table.add(texts["posting terms"][name].format(**facts), *cells)

        def own_cells(name: str) -> list[str]:
            values = own_numbers[name]
            given = own[name]
            shown = [kind in given and (given[kind] != 0.0 or name == "base") for kind in KIND_COLUMNS]
            return [self._term(values[kind]) if show else "" for kind, show in zip(KIND_COLUMNS, shown, strict=True)]

        add("base", own_cells("base"))
        for name in by_size(shared):
            add(name, [self._term(shared_numbers[name])] * 3)
        for name, values in own.items():
            if name != "base" and any(values.values()):
                add(name, own_cells(name))
        sums = [
            sum(shared_numbers.values()) + sum(values.get(kind, 0.0) for values in own_numbers.values())
            for kind in KIND_COLUMNS
        ]
        chances = [self._percent(posting.probabilities[kind], 1) for kind in KIND_COLUMNS]
        sum_texts = [self._term(value) for value in sums]
        if not posting.may_be_social:
            sum_texts[2] = texts["not allowed"]
        table.add(texts["sum"], *sum_texts)
        table.add(texts["chance"], *chances)
        return table

    # --- what if ---

    def _what_if_table(self, reading: ReadingExplained, posting: PostingExplained | None) -> Table:
        texts = self.texts
        table = Table([texts["what if"], f">{texts['chance']}", ""])
        most = N_WHAT_IF if posting is None else N_WHAT_IF_BESIDE
        self._add_cases(table, "reading", reading.what_if, reading.p, reading.did_read, most)
        if posting is not None:
            self._add_cases(table, "posting", posting.what_if, posting.p, posting.did_post, N_WHAT_IF)
        return table

    def _add_cases(
        self, table: Table, decision: str, cases: Sequence[WhatIf], p: float, happened: bool, most: int
    ) -> None:
        """Add the cases that work against what happened: those that flip it first, then by how far they go."""
        texts, verb = self.texts, {"reading": "reads", "posting": "posts"}[decision]
        table.add_heading(texts[f"what if {decision}"].format(p=self._percent(p, 1)))
        against = [case for case in cases if (case.p < p if happened else case.p > p)]
        against.sort(key=lambda case: (case.would_have == happened, -abs(case.p - p)))
        for case in against[:most]:
            if case.would_have == happened:
                what = f"{verb} still" if happened else f"{verb} still not"
            else:
                what = verb if case.would_have else f"{verb} not"
            table.add(f"  {texts['cases'][case.change]}", self._percent(case.p, 1), texts["would"][what])
        if not against:
            table.add(f"  {texts['nothing helps']}", "", "")


def _split_terms(terms: Mapping[str, float]) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return the terms of any post, and those of the kinds: name to kind to value."""
    shared: dict[str, float] = {}
    own: dict[str, dict[str, float]] = {}
    for term, value in terms.items():
        kind, _, name = term.partition("_")
        if kind in KIND_COLUMNS and name:
            own.setdefault(name, {})[kind] = value
        else:
            shared[term] = value
    return shared, own


def _rounded_by_kind(own: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return the own terms of each kind rounded so that each kind adds up."""
    rounded: dict[str, dict[str, float]] = {name: {} for name in own}
    for kind in KIND_COLUMNS:
        names = [name for name in own if kind in own[name]]
        for name, value in zip(names, rounded_to_sum([own[name][kind] for name in names]), strict=True):
            rounded[name][kind] = value
    return rounded


def _print_hanging(label: str, text: str) -> None:
    """Print a text behind its label; on a terminal, further lines begin below the first."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        text = textwrap.fill(label + text, width, subsequent_indent=" " * len(label), break_on_hyphens=False)
        print_text(text)
    else:
        print_text(label + text)
