"""Staff files to try it all with: nobody's staff, as three HR systems would export it."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

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


DIALECTS = ("afas", "workday", "sap")


def example_staff(n: int, dialect: str, seed: int = 1) -> bytes:
    """Return a staff file of `n` people, as a system would export it: CSV in its own letters, signs and dates."""
    rows = {"afas": _afas, "workday": _workday, "sap": _sap}[dialect](_people(n, Random(f"staff {seed} {n}")))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter={"afas": ";", "workday": ",", "sap": "\t"}[dialect], lineterminator="\r\n")
    writer.writerows(rows)
    encoding = {"afas": "cp1252", "workday": "utf-8-sig", "sap": "utf-16"}[dialect]
    return text.getvalue().encode(encoding, errors="replace")


def example_contacts(n: int, dialect: str, seed: int = 1) -> bytes:
    """Return a contacts file for `example_staff` of the same people: an export of who meets whom, untidy as these are.

    Some rows name somebody who is not on the staff list, some a pair again the other way round.
    """
    luck = Random(f"contacts {seed} {n}")
    people = list(_people(n, Random(f"staff {seed} {n}")))
    width = 8 if dialect == "sap" else 0
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter={"afas": ";", "workday": ",", "sap": "\t"}[dialect], lineterminator="\r\n")
    writer.writerow(["van", "naar", "gewicht"] if dialect == "afas" else ["from", "to", "weight"])
    for place, one in enumerate(people):
        near = luck.randint(2, 6)
        others = [place + luck.randint(-12, 12) for _ in range(near)] + [luck.randrange(n) for _ in range(2)]
        for other in others:
            if 0 <= other < n and other != place:
                ends = one.number, people[other].number
                for pair in (ends, ends[::-1]) if luck.random() < 0.1 else (ends,):
                    writer.writerow([*(f"{number:0{width}d}" for number in pair), luck.randint(1, 20)])
        if luck.random() < 0.02:
            writer.writerow([f"{one.number:0{width}d}", "extern-7", 1])
    return text.getvalue().encode("cp1252" if dialect == "afas" else "utf-8-sig")


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


def _afas(people: Iterator[Person]) -> Iterator[list[str]]:
    def day(date: datetime.date | None) -> str:
        return f"{date:%d-%m-%Y}" if date else ""

    yield ["Medewerkersoverzicht"]
    yield ["Gegenereerd op", day(DAY)]
    yield [
        "Medewerker", "Naam", "E-mail werk", "Geboortedatum", "Datum in dienst", "Datum uit dienst",
        "Organisatorische eenheid", "Leidinggevende", "Functie", "Deeltijd %", "Thuiswerkdagen",
    ]  # fmt: skip
    n = 0
    for one in people:
        n += 1
        share = f"{100 * one.share:.1f}".replace(".", ",")
        manager = str(one.manager or "")
        yield [
            str(one.number), one.name, one.email, day(one.born), day(one.hired), day(one.left), one.department, manager,
            one.job, share, str(one.home_days),
        ]  # fmt: skip
    yield [f"Totaal: {n}"]


def _workday(people: Iterator[Person]) -> Iterator[list[str]]:
    yield [
        "Worker", "Employee ID", "Date of Birth", "Original Hire Date", "Worker Status", "Supervisory Organization",
        "Manager ID", "Business Title", "Scheduled FTE", "Remote days per week",
    ]  # fmt: skip
    for one in people:
        status = "Terminated" if one.left else "Active"
        yield [
            one.name, str(one.number), one.born.isoformat(), one.hired.isoformat(), status, one.department,
            str(one.manager or ""), one.job, f"{one.share:g}", str(one.home_days),
        ]  # fmt: skip


def _sap(people: Iterator[Person]) -> Iterator[list[str]]:
    yield [
        "Pers.No.",
        "Personnel Name",
        "GBDAT",
        "Entry",
        "Leaving",
        "Org. Unit Text",
        "Manager PERNR",
        "Position",
        "WoStd",
    ]
    for one in people:
        left = one.left or datetime.date(9999, 12, 31)
        hours = f"{40 * one.share:.2f}"
        manager = f"{one.manager:08d}" if one.manager else "00000000"
        yield [
            f"{one.number:08d}", one.name, f"{one.born:%d.%m.%Y}", f"{one.hired:%d.%m.%Y}", f"{left:%d.%m.%Y}",
            one.department, manager, one.job, hours,
        ]  # fmt: skip
