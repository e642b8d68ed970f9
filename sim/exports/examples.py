"""Files to try it all with: nobody's staff, as three HR systems would export it, and their platform's first weeks."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

# --- staff ------------------------------------------------------------------------------------------------------------

DAY = datetime.date(2026, 1, 31)
SPAN = 9  # people of a team, its lead among them
_FIRST = (
    "Anna", "Bram", "Chantal", "Daan", "Elif", "Femke", "Gijs", "Hanna", "Ilse", "Joris", "Karim", "Lotte",
    "Mees", "Noor", "Omar", "Pim", "Roos", "Sanne", "Tim", "Yara",
)  # fmt: skip
_LAST = (
    "de Jong", "Jansen", "de Vries", "van den Berg", "Bakker", "van Dijk", "Visser", "Smit", "Meijer",
    "de Boer", "Mulder", "de Groot", "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer",
    "de Wit", "Dijkstra", "Smits", "de Graaf", "van der Meer", "Yılmaz", "El Amrani", "Çelik", "Müller",
)  # fmt: skip
_DEPARTMENTS = (
    ("Zorg", 30), ("Techniek", 18), ("Verkoop", 14), ("Klantenservice", 12), ("Onderzoek & ontwikkeling", 9),
    ("Financiën", 7), ("Personeel & organisatie", 5), ("Communicatie", 3), ("Directie", 2),
)  # fmt: skip
DIALECTS = ("afas", "workday", "sap")
_DELIMITERS = {"afas": ";", "workday": ",", "sap": "\t"}


class Person(NamedTuple):
    """One row of an example."""

    number: int
    name: str
    email: str
    born: datetime.date
    hired: datetime.date
    left: datetime.date | None
    department: str
    manager: int | None
    job: str
    share: float
    home_days: int


def example_staff(n: int, dialect: str, seed: int = 1) -> bytes:
    """Return a staff file of `n` people, as a system would export it: CSV in its own letters, signs and dates."""
    rows = {"afas": _afas, "workday": _workday, "sap": _sap}[dialect](_people(n, Random(f"staff {seed} {n}")))
    encoding = {"afas": "cp1252", "workday": "utf-8-sig", "sap": "utf-16"}[dialect]
    return _written(rows, encoding, _DELIMITERS[dialect])


def example_contacts(n: int, dialect: str, seed: int = 1) -> bytes:
    """Return a contacts file for `example_staff` of the same people: an export of who meets whom, untidy as these are.

    Some rows name somebody who is not on the staff list, some a pair again the other way round.
    """
    return _written(_contacts(n, dialect, seed), "cp1252" if dialect == "afas" else "utf-8-sig", _DELIMITERS[dialect])


def _written(rows: Iterable[Sequence[Any]], encoding: str, delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding, errors="replace")


def _contacts(n: int, dialect: str, seed: int) -> Iterator[list[Any]]:
    luck = Random(f"contacts {seed} {n}")
    people = list(_people(n, Random(f"staff {seed} {n}")))
    width = 8 if dialect == "sap" else 0
    yield ["van", "naar", "gewicht"] if dialect == "afas" else ["from", "to", "weight"]
    for place, one in enumerate(people):
        near = luck.randint(2, 6)
        others = [place + luck.randint(-12, 12) for _ in range(near)] + [luck.randrange(n) for _ in range(2)]
        for other in others:
            if 0 <= other < n and other != place:
                ends = one.number, people[other].number
                for pair in (ends, ends[::-1]) if luck.random() < 0.1 else (ends,):
                    yield [*(f"{number:0{width}d}" for number in pair), luck.randint(1, 20)]
        if luck.random() < 0.02:
            yield [f"{one.number:0{width}d}", "extern-7", 1]


def _people(n: int, luck: Random) -> Iterator[Person]:
    """Yield people: department by department, each with a head, teams of about nine with a lead, and staff."""
    weights = [weight for _, weight in _DEPARTMENTS]
    sizes = [max(1, n * weight // sum(weights)) for weight in weights][: max(1, n)]
    sizes[0] += n - sum(sizes)
    number = 100_000
    director = number + sum(sizes[:-1])  # the first of the last department
    for (department, _), size in zip(_DEPARTMENTS, sizes, strict=False):
        head = number
        for place in range(size):
            leads = place % SPAN == 0
            team_lead = head + place - place % SPAN
            above = director if number == head else head if leads else team_lead
            job = ("Hoofd " if number == head else "Teamleider " if leads else "Medewerker ") + department
            first, last = luck.choice(_FIRST), luck.choice(_LAST)
            age = luck.triangular(18.0, 67.0, 45.0)
            born = DAY - datetime.timedelta(days=int(age * 365.25))
            years = min(luck.expovariate(1 / 8.0), age - 17.0)
            hired = DAY - datetime.timedelta(days=int(years * 365.25))
            left = None
            if not leads and luck.random() < 0.02:
                left = DAY - datetime.timedelta(days=luck.randrange(1, 300))
                left = max(left, hired)
            elif not leads and luck.random() < 0.01:
                hired = DAY + datetime.timedelta(days=luck.randrange(1, 60))
            yield Person(
                number=number,
                name=f"{last}, {first[0]}.",
                email=f"{first}.{last}{number}@voorbeeld.example".replace(" ", "").lower(),
                born=born,
                hired=hired,
                left=left,
                department="Directie" if number == director else department,
                manager=None if number == director else above,
                job="Directeur" if number == director else job,
                share=luck.choice((1.0, 1.0, 1.0, 0.8, 0.6)),
                home_days=luck.choice((0, 0, 0, 1, 2, 2, 3)),
            )
            number += 1


def _day(date: datetime.date | None, form: str) -> str:
    return date.strftime(form) if date else ""


def _afas(people: Iterator[Person]) -> Iterator[list[Any]]:
    form = "%d-%m-%Y"
    yield ["Medewerkersoverzicht"]
    yield ["Gegenereerd op", _day(DAY, form)]
    yield [
        "Medewerker", "Naam", "E-mail werk", "Geboortedatum", "Datum in dienst", "Datum uit dienst",
        "Organisatorische eenheid", "Leidinggevende", "Functie", "Deeltijd %", "Thuiswerkdagen",
    ]  # fmt: skip
    n = 0
    for one in people:
        n += 1
        yield [
            one.number, one.name, one.email, _day(one.born, form), _day(one.hired, form), _day(one.left, form),
            one.department, one.manager, one.job, f"{100 * one.share:.1f}".replace(".", ","), one.home_days,
        ]  # fmt: skip
    yield [f"Totaal: {n}"]


def _workday(people: Iterator[Person]) -> Iterator[list[Any]]:
    yield [
        "Worker", "Employee ID", "Date of Birth", "Original Hire Date", "Worker Status", "Supervisory Organization",
        "Manager ID", "Business Title", "Scheduled FTE", "Remote days per week",
    ]  # fmt: skip
    for one in people:
        yield [
            one.name, one.number, one.born, one.hired, "Terminated" if one.left else "Active", one.department,
            one.manager, one.job, f"{one.share:g}", one.home_days,
        ]  # fmt: skip


def _sap(people: Iterator[Person]) -> Iterator[list[Any]]:
    form = "%d.%m.%Y"
    yield [
        "Pers.No.", "Personnel Name", "GBDAT", "Entry", "Leaving", "Org. Unit Text", "Manager PERNR", "Position",
        "WoStd",
    ]  # fmt: skip
    for one in people:
        left = one.left or datetime.date(9999, 12, 31)
        yield [
            f"{one.number:08d}", one.name, _day(one.born, form), _day(one.hired, form), _day(left, form),
            one.department, f"{one.manager or 0:08d}", one.job, f"{40 * one.share:.2f}",
        ]  # fmt: skip


# --- usage ------------------------------------------------------------------------------------------------------------

LAUNCH = datetime.date(2025, 2, 3)  # a Monday
USAGE_DIALECTS = ("graph", "slack", "weeks")


class _Day(NamedTuple):
    """What one person who came did on one day."""

    week: int
    day: datetime.date
    who: int
    n_posts: int
    n_likes: int


def example_usage(n: int, dialect: str, n_weeks: int = 8, seed: int = 1) -> bytes:
    """Return the first weeks of a platform for `n` people, as a system would export them.

    `dialect` is ``graph`` (Microsoft's report on Viva Engage, one of 7 days after another), ``slack`` (member
    analytics) or ``weeks`` (the plain form).
    """
    days = list(_days(n, n_weeks, Random(f"usage {seed} {n}")))
    if dialect == "slack":
        return "".join(json.dumps(row) + "\n" for row in _slack(days)).encode()
    return _written(_graph(days, n, n_weeks) if dialect == "graph" else _weeks(days, n_weeks), "utf-8-sig")


def _days(n: int, n_weeks: int, luck: Random) -> Iterator[_Day]:
    """Yield days of people who come to know of the platform by and by, come more or less often, and seldom write."""
    people = [(luck.random(), min(0.9, luck.betavariate(0.8, 3.0)), luck.betavariate(0.5, 12.0)) for _ in range(n)]
    for week in range(1, n_weeks + 1):
        known = 0.25 + 0.5 * week / (week + 4)
        for weekday in range(5):
            day = LAUNCH + datetime.timedelta(days=7 * (week - 1) + weekday)
            for who, (hears, comes, writes) in enumerate(people):
                has_read = hears < known and luck.random() < comes
                n_posts = int(has_read and luck.random() < writes)
                n_likes = int(has_read and luck.random() < 0.12) * luck.choice((1, 1, 2))
                if has_read:
                    yield _Day(week, day, who, n_posts, n_likes)


def _graph(days: list[_Day], n: int, n_weeks: int) -> Iterator[list[Any]]:
    yield [
        "Report Refresh Date", "User Principal Name", "Display Name", "User State", "State Change Date",
        "Last Activity Date", "Posted Count", "Read Count", "Liked Count", "Assigned Products", "Report Period",
    ]  # fmt: skip
    last: dict[int, datetime.date] = {}
    for week in range(1, n_weeks + 1):
        end = LAUNCH + datetime.timedelta(days=7 * week - 1)
        done = {who: [0, 0, 0] for who in range(n)}
        for day in days:
            if day.week == week:
                last[day.who] = day.day
                for place, value in enumerate((day.n_posts, 3, day.n_likes)):
                    done[day.who][place] += value
        for who, counts in done.items():
            yield [
                end, f"someone{who}@example.example", f"Someone {who}", "Active", "", last.get(who), *counts,
                "OFFICE 365 E3", 7,
            ]  # fmt: skip


def _slack(days: list[_Day]) -> Iterator[dict[str, object]]:
    for day in days:
        yield {
            "date": day.day.isoformat(), "team_id": "T000", "user_id": f"W{day.who:06d}",
            "email_address": f"someone{day.who}@example.example", "is_guest": False, "is_active": True,
            "messages_posted_count": day.n_posts + 2, "channel_messages_posted_count": day.n_posts,
            "reactions_added_count": day.n_likes, "files_added_count": 0,
        }  # fmt: skip


def _weeks(days: list[_Day], n_weeks: int) -> Iterator[list[Any]]:
    yield ["week", "readers", "posters", "active", "posts"]
    for week in range(1, n_weeks + 1):
        here = [day for day in days if day.week == week]
        posters = {day.who for day in here if day.n_posts}
        active = posters | {day.who for day in here if day.n_likes}
        yield [week, len({day.who for day in here}), len(posters), len(active), sum(day.n_posts for day in here)]
