"""Why somebody did or did not post: who this is, the days of the week, and the terms of the day that tells most."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.model.state import DAYS_PER_WEEK, NEVER
from sim.model.why.explanation import (
    OPTIONS,
    DayExplained,
    PostingExplained,
    ReadingExplained,
    Situation,
    WeekExplained,
    WhatIf,
    telling_day,
)
from sim.model.why.facts import (
    DECIMALS,
    N_WHAT_IF,
    N_WHAT_IF_BESIDE,
    Fact,
    case_outcome,
    facts_of,
    frame_counts,
    more_willing_than,
    own_chance,
    posting_outcome,
    posting_rows,
    posting_sums,
    reading_outcome,
    reading_rows,
    shares_of,
    silent_posting_terms,
    silent_reading_terms,
    strongest_cases,
    trained_key,
)
from sim.words import counted, number, percent, text
from sim.words.blocks import Block, Facts, Gap, Paragraph, Table, table

if TYPE_CHECKING:
    from sim.views import Coefficients


N_DEGREES = 4  # words on an even scale

Person = Mapping[str, float]


def person_lines(
    person: Person, week: int, department: int | str, sees: str, language: str, has_numbers: bool
) -> dict[str, str]:
    """Return what there is to say about somebody at the start of a week: label to line.

    Parameters
    ----------
    person : mapping
        The employee's row.
    week : int
        The week that begins, from 1.
    department : int or str
        As the reader knows it.
    sees : str
        What he or she takes the platform to be for, in words.
    language : str
        ``en`` or ``nl``.
    has_numbers : bool
        Whether words for degrees have their number beside them.
    """

    def words(key: str, **values: Any) -> str:
        return text(language, key, **values)

    def degree(kind: str, column: str) -> str:
        """Return the word for a value in [0, 1] on an even scale of `N_DEGREES` words."""
        place = min(int(person[column] * N_DEGREES), N_DEGREES - 1)
        if kind == "degree" and person[column] == 0.0:
            return words("explain.degree.0")
        word = words(f"explain.{kind}.{place + 1 if kind == 'degree' else place}")
        return f"{word} ({number(person[column], DECIMALS, language)})" if has_numbers else word

    who = words(
        "explain.person", age=number(person["age"], 0, language), level=words(f"explain.level.{int(person['level'])}"),
        tenure=number(person["tenure"], 1, language), department=department,
        trained=text(language, trained_key(person["trained"])),
        champion=words("explain.is_champion") if person["champion"] else "",
    )  # fmt: skip
    experience = {name: degree("degree", f"{name}_experience") for name in ("leisure", "professional")}
    share = person["remote_share"]
    remote = words("explain.is_remote", remote=percent(share, 0, language)) if share else words("explain.is_not_remote")
    more_than = percent(more_willing_than(person["inclination"]), 0, language)
    return {
        words("explain.who"): who,
        words("explain.outside"): words("explain.experience", apart=degree("apart", "segmentation"), **experience),
        words("explain.at_work"): words(
            "explain.attitude", trust=degree("trust", "trust"), remote=remote, more_than=more_than
        ),
        words("explain.sees"): sees,
        words("explain.so_far"): _so_far(person, week, language),
    }


def _so_far(person: Person, week: int, language: str) -> str:
    counts = {
        "work": int(person["n_work_posts"]),
        "questions": int(person["n_questions"]),
        "social": int(person["n_social_posts"]),
    }
    read = text(language, "explain.never_read")
    if person["last_read"] > NEVER:
        n_days = (week - 1) * DAYS_PER_WEEK - int(person["last_read"])
        days = text(language, "explain.one_day") if n_days == 1 else text(language, "explain.n_days", n=n_days)
        read = text(language, "explain.last_read", days=days)
    n_posts = sum(counts.values())
    posts = text(language, "explain.posts", n=n_posts, **counts) if n_posts else text(language, "explain.no_posts")
    n_contacts, n_active = int(person["n_contacts"]), int(person["n_active_contacts"])
    contacts = text(language, "explain.contacts", n=n_contacts, active=n_active)
    return text(language, "explain.history", read=read, posts=posts, contacts=contacts)


def fact_words(situation: Situation, coefficients: Coefficients, language: str) -> dict[str, str]:
    """Return what the texts of terms mention, in words, by the name of the place in the text."""
    return {name: _fact(fact, language) for name, fact in facts_of(situation, coefficients).items()}


def _fact(fact: Fact, language: str) -> str:
    if isinstance(fact.value, str):
        return text(language, fact.value)
    if fact.form == "percent":
        return percent(fact.value, fact.decimals, language)
    return number(fact.value, fact.decimals, language, is_signed=fact.form == "signed")


# Why somebody did or did not post: who this is, the days of the week, and the terms of the day that tells most.

MOST_DECIMALS = 7  # of a percentage; enough to tell two draws of 32 bits apart


class Context(NamedTuple):
    """What the week alone does not say."""

    employee: str  # id, as the person gave it or the file has it
    department: str
    scenario: str
    seed: int
    n_weeks: int
    c: Coefficients  # coefficients


class WeekInWords:
    """One week of one employee in one language."""

    def __init__(self, week: WeekExplained, context: Context, language: str) -> None:
        self.week = week
        self.context = context
        self.language = language

    def blocks(self) -> Iterator[Block]:
        """Yield everything."""
        yield Paragraph(self._text("explain.title", week=self.week.week, **self.context._asdict()), "lead")
        yield from self._person()
        if not any(day.has_access for day in self.week.days):
            yield Gap()
            yield Paragraph(self._no_access())
            return
        yield self._days()
        yield Paragraph(self._text("explain.luck_rule"))
        day = telling_day(self.week)
        if day is not None:
            yield from self._telling_day(day)

    # --- words and numbers ---

    def _text(self, key: str, **values: Any) -> str:
        return text(self.language, key, **values)

    def _number(self, value: float, decimals: int = DECIMALS, is_signed: bool = False) -> str:
        return number(value, decimals, self.language, is_signed)

    def _term(self, value: float | None) -> str:
        return "" if value is None else self._number(value, is_signed=True)

    def _percent(self, share: float, decimals: int = 0) -> str:
        return percent(share, decimals, self.language)

    def _chance_and_luck(self, p: float, draw: float) -> tuple[str, str]:
        """Return both in percent, with as many decimals as it takes to see which is less."""
        for decimals in range(1, MOST_DECIMALS):
            texts = (self._percent(p, decimals), self._percent(draw, decimals))
            if texts[0] != texts[1]:
                return texts
        return texts

    def _facts(self, situation: Situation) -> dict[str, str]:
        """Return what the texts of terms mention."""
        return fact_words(situation, self.context.c, self.language)

    # --- who this is ---

    def _person(self) -> Iterator[Block]:
        week, department = self.week, self.context.department
        lines = person_lines(week.before, week.week, department, self._frame(), self.language, has_numbers=True)
        yield Facts(list(lines.items()))

    def _shares(self, person: Mapping[str, float]) -> dict[str, str]:
        return {name: self._percent(share) for name, share in shares_of(frame_counts(person)).items()}

    def _frame(self) -> str:
        before, after = self._shares(self.week.before), self._shares(self.week.person)
        counts = sum(frame_counts(self.week.before).values())
        frame = self._text("explain.frame", counts=self._number(counts, 1), **before)
        return frame if after == before else frame + self._text("explain.frame_after", **after)

    def _no_access(self) -> str:
        week = int(self.week.person["access_day"]) // DAYS_PER_WEEK + 1
        key = "explain.opens_later" if week <= self.context.n_weeks else "explain.opens_never"
        return self._text(key, week=week)

    # --- the days ---

    def _weekday(self, day: DayExplained) -> str:
        return self._text(f"explain.weekday.{day.day % DAYS_PER_WEEK}")

    def _kind(self, chosen: str) -> str:
        return self._text(f"explain.kind.{chosen.replace(' ', '_')}")

    def _posts(self, day: DayExplained) -> str:
        """Return what was posted on a day of reading, all of it: of a kind there may be several."""
        assert day.posting is not None
        kind = self._kind(day.posting.chosen)
        return kind if day.n_posts < 2 else self._text("explain.several", kind=kind, n=day.n_posts)

    def _days(self) -> Table:
        text = self._text
        right = [f">{text('explain.chance_to_read')}", f">{text('explain.luck')}"]
        posts = [f">{text(key)}" for key in ("explain.items", "explain.chance_to_post", "explain.luck")]
        headers = [text("explain.day"), *right, text("explain.does_read"), *posts, text("explain.does_post")]
        lines = []
        for day in self.week.days:
            reading, posting = day.reading, day.posting
            cells = ["", "", text("explain.no_access"), "", "", "", ""]
            if reading is not None:
                cells[:2] = self._chance_and_luck(reading.p, reading.draw)
                cells[2] = text("explain.yes" if reading.did_read else "explain.no")
            if posting is not None:
                cells[3] = self._number(day.n_items, 0 if day.n_items.is_integer() else 1)
                cells[4:6] = self._chance_and_luck(posting.p, posting.draw)
                cells[6] = self._posts(day)
            lines.append((self._weekday(day), *cells))
        return table(headers, lines)

    # --- the day that tells most ---

    def _telling_day(self, day: DayExplained) -> Iterator[Block]:
        reading, posting = day.reading, day.posting
        assert reading is not None
        yield self._reading_table(reading, self._telling(day))
        yield from self._nothing_from(
            [self._text(f"explain.reading_name.{name}") for name in silent_reading_terms(reading)]
        )
        yield Paragraph(self._reading_outcome(reading))
        if posting is not None:
            yield from self._posting(posting)
            if day.n_posts > 1:
                again = self._percent(self.context.c.post_again)
                yield Paragraph(counted(self.language, "explain.and_more", day.n_posts - 1, p=again))
        yield self._what_if_table(reading, posting)
        yield Gap()
        yield from self._about()

    def _telling(self, day: DayExplained) -> str:
        weekday, posting = self._weekday(day), day.posting
        if posting is None:
            return self._text("explain.telling.not_read", day=weekday)
        if not posting.did_post:
            return self._text("explain.telling.read", day=weekday)
        return self._text("explain.telling.posted", day=weekday, kind=self._kind(posting.chosen))

    def _about(self) -> Iterator[Block]:
        text = self._text
        doubles = self._number(math.log(2.0), 1)
        about = text("explain.about", doubles=doubles, minus=text("number.minus"))
        yield Paragraph(f"{about} {text('explain.about_what_if')}")

    def _nothing_from(self, names: Sequence[str]) -> Iterator[Block]:
        if names:
            yield Paragraph(self._text("explain.nothing_from", names=", ".join(names)))

    def _reading_table(self, reading: ReadingExplained, caption: str) -> Table:
        facts, rows = self._facts(reading.situation), reading_rows(reading)
        lines = [(self._text(f"explain.reading_term.{name}", **facts), self._term(rows[name])) for name in rows]
        lines.append((self._text("explain.sum"), self._term(sum(rows.values()))))
        return table([self._text("explain.reading"), f">{self._text('explain.utility')}"], lines, caption)

    def _reading_outcome(self, reading: ReadingExplained) -> str:
        text = self._text
        outcome = {
            "did_not_read": lambda: text("explain.did_not_read", lacking=self._number(reading.lacking)),
            "did_not_think_of_it": lambda: text("explain.did_not_think_of_it"),
            "did_read": lambda: text("explain.did_read", spare=self._number(-reading.lacking)),
            "did_read_anyway": lambda: text("explain.did_read_anyway"),
        }[reading_outcome(reading)]()
        p, draw = self._chance_and_luck(reading.p, reading.draw)
        if reading.p_prompt == 0.0:
            return text("explain.read_chance_alone", p=p, draw=draw, outcome=outcome)
        own = self._percent(own_chance(reading), 1)
        return text("explain.read_chance", own=own, p=p, draw=draw, outcome=outcome)

    def _posting(self, posting: PostingExplained) -> Iterator[Block]:
        text = self._text
        yield self._posting_table(posting)
        yield from self._nothing_from([text(f"explain.posting_name.{name}") for name in silent_posting_terms(posting)])
        kind = self._kind(posting.chosen)
        outcome = {
            "did_not_post": lambda: text("explain.did_not_post", lacking=self._number(posting.lacking)),
            "did_not_post_banned": lambda: text("explain.did_not_post_banned"),
            "did_post": lambda: text("explain.did_post", kind=kind, spare=self._number(-posting.lacking)),
            "did_post_anyway": lambda: text("explain.did_post_anyway", kind=kind),
        }[posting_outcome(posting)]()
        p, draw = self._chance_and_luck(posting.p, posting.draw)
        yield Paragraph(text("explain.post_chance", p=p, draw=draw, outcome=outcome))

    def _posting_table(self, posting: PostingExplained) -> Table:
        """Return the terms with a column for each kind of post; terms for all kinds stand in each."""
        text, facts, rows = self._text, self._facts(posting.situation), posting_rows(posting)
        kinds = (text("explain.work"), text("explain.question"), text("explain.social"))
        lines = [(text(f"explain.posting_term.{name}", **facts), *map(self._term, values)) for name, *values in rows]
        sums = [self._term(value) for value in posting_sums(rows).values()]
        if not posting.may_be_social:
            sums[2] = text("explain.not_allowed")
        lines.append((text("explain.sum"), *sums))
        lines.append((text("explain.chance"), *(self._percent(posting.probabilities[kind], 1) for kind in OPTIONS)))
        return table([text("explain.posting"), *(f">{kind}" for kind in kinds)], lines)

    # --- what if ---

    def _what_if_table(self, reading: ReadingExplained, posting: PostingExplained | None) -> Table:
        text = self._text
        most = N_WHAT_IF if posting is None else N_WHAT_IF_BESIDE
        cases = strongest_cases(reading.what_if, reading.p, reading.did_read, most)
        lines = [
            text("explain.what_if_reading", p=self._percent(reading.p, 1)),
            *self._cases("reads", cases, reading.did_read),
        ]
        if posting is not None:
            cases = strongest_cases(posting.what_if, posting.p, posting.did_post, N_WHAT_IF)
            lines.append(text("explain.what_if_posting", p=self._percent(posting.p, 1)))
            lines += self._cases("posts", cases, posting.did_post)
        return table([text("explain.what_if"), f">{text('explain.chance')}", ""], lines)

    def _cases(self, verb: str, cases: Sequence[WhatIf], happened: bool) -> list[tuple[str, str, str]]:
        if not cases:
            return [(f"  {self._text('explain.nothing_helps')}", "", "")]
        would = [self._text(f"explain.would.{case_outcome(case, verb, happened)}") for case in cases]
        return [
            (f"  {self._text(f'explain.case.{case.change}')}", self._percent(case.p, 1), outcome)
            for case, outcome in zip(cases, would, strict=True)
        ]
