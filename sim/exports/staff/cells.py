"""From the text of a cell to its value: numbers, shares, dates, words, as the table of facts `columns.toml` knows them.

What is wrong is raised as `WrongCell`.
"""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from sim.words import Measured, Said, said

DIALECTS = {"afas": "AFAS", "workday": "Workday", "sap": "SAP", "entra": "Entra ID", "viva": "Viva Insights"}

_INVISIBLE = dict.fromkeys(
    [*map(ord, "\ufeff\u00ad\u2060"), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
"""Signs without width, and those that turn the direction of writing."""


@cache
def _facts() -> dict[str, dict[str, list[str]]]:
    found = tomllib.loads(resources.files("sim.exports.staff").joinpath("columns.toml").read_text(encoding="utf-8"))
    words = {f"words.{name}": entries for name, entries in found.pop("words").items()}
    return found | words


def known_columns() -> tuple[str, ...]:
    """Return what can be known of people, by our own names."""
    return tuple(name for name in _facts() if not name.startswith("words."))


def letters(text: str) -> str:
    """Return a text as names are compared: without case, accents, spaces and signs.

    Examples
    --------
    >>> letters(" Datum\\nin-dienst ") == letters("datumInDienst"), letters("Geboortedatum*")
    (True, 'geboortedatum')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def tidy(text: str) -> str:
    """Return a name as it is shown: composed, without invisible signs and needless spaces."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def alike(name: str) -> str:
    """Return what is the same for names that look alike: case, spaces and ways to write an accent aside."""
    return unicodedata.normalize("NFKC", tidy(name)).casefold()


@cache
def _columns() -> dict[str, tuple[str, int, str]]:
    """Return column, place among the names of the column and dialect of each name."""
    found: dict[str, tuple[str, int, str]] = {}
    for column in known_columns():
        names = [(name, dialect) for dialect, names in _facts()[column].items() for name in names]
        for place, (name, dialect) in enumerate([*names, (column, "plain")]):
            found.setdefault(letters(name), (column, place, dialect))
    return found


def column_of(header: str) -> tuple[str, int, str] | None:
    """Return column, rank and dialect of a header; None where it is none that we know.

    Examples
    --------
    >>> column_of("Leeftijd (jaren)")[0], column_of("Tenure (months)")[0], column_of("Shoe size")
    ('age', 'tenure_months', None)
    """
    without_unit = re.sub(r"[(\[].*?[)\]]", "", header)
    return _columns().get(letters(header)) or _columns().get(letters(without_unit))


def dialect_of(headers: Iterable[str]) -> str:
    """Return whose export has such headers; empty where none stands out."""
    counts = dict.fromkeys(DIALECTS, 0)
    for header in headers:
        found = column_of(header)
        if found is not None and found[2] in counts:
            counts[found[2]] += 1
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= 2 or "PersonId" in headers else ""


def suggestion(word: str, allowed: Sequence[str]) -> str:
    """Return what was probably meant, or nothing."""
    close = difflib.get_close_matches(letters(word), [letters(each) for each in allowed], n=1, cutoff=0.75)
    return next((each for each in allowed if close and letters(each) == close[0]), "")


def column_meant(header: str) -> str:
    """Return the column whose name is nearly this header, or nothing."""
    close = difflib.get_close_matches(letters(header), _columns(), n=1, cutoff=0.85)
    return _columns()[close[0]][0] if close else ""


@cache
def _words(kind: str) -> Mapping[str, str]:
    return {letters(word): meaning for meaning, words in _facts()[f"words.{kind}"].items() for word in words}


def meaning_of(kind: str, cell: str) -> str:
    """Return what a word in a cell means, such as ``team_lead`` among levels; empty where it is none that we know."""
    return _words(kind).get(letters(cell), "")


def words_of(kind: str) -> list[str]:
    """Return all words of a kind, as they are written."""
    return [word for words in _facts()[f"words.{kind}"].values() for word in words]


def level_in_title(title: str) -> str:
    """Return the level that a job title tells of, or nothing.

    Examples
    --------
    >>> level_in_title("Teamleider Zorg"), level_in_title("Verpleegkundige")
    ('team_lead', '')
    """
    plain = f" {re.sub(r'[^a-z0-9]+', ' ', unicodedata.normalize('NFKD', title.casefold()))}"
    for level, parts in _facts()["words.job"].items():
        if any(f" {part}" in plain for part in parts):
            return level
    return ""


def is_nothing(cell: str) -> bool:
    """Return whether a cell says in words or signs that it says nothing: ``-``, ``n.v.t.``, ``NULL``."""
    plain = letters(cell)
    return not plain or plain in _words("nothing")


def is_no_name(cell: str) -> bool:
    """Return whether a cell in the place of a name says that there is none: ``-``, ``n.v.t.``; NA may be a name.

    Examples
    --------
    >>> [is_no_name(cell) for cell in ("--", "N/A", "NA", "HR")]
    [True, True, False, False]
    """
    plain = letters(cell)
    return cell.isascii() and (plain in ("", "nvt", "null", "none") or (plain == "na" and not cell.isalnum()))


Read = Callable[[str], float | None]

_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")
_UNIT = re.compile(
    r"\s*(jaar|jr|years?|yrs?|y|maanden|mnd|months?|dagen|days?|uur|uren|hours?|h|fte)\.?$", re.IGNORECASE
)
_SHOWABLE = re.compile(r"[0-9.,:/%+\- ]{1,19}")
_YEAR = datetime.timedelta(days=365.2425)
_SERIAL_DAY_ZERO = datetime.date(1899, 12, 30)  # of the dates of spreadsheets
FIRST_YEAR, LAST_YEAR = 1900, 2100
_STANDS_FOR_NONE = {datetime.date(1900, 1, 1), datetime.date(1899, 12, 31), _SERIAL_DAY_ZERO}
_MONTHS = {
    name: month
    for month, names in enumerate(
        ["jan", "feb", "mar mrt maa", "apr", "may mei", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec"], start=1
    )
    for name in names.split()
}  # fmt: skip


class WrongCell(Exception):  # noqa: N818 -- a message on its way to the row that it is about
    """A cell that cannot be read; holds the message."""

    def __init__(self, key: str, /, **values: object) -> None:
        self.message: Said = said(key, **values)
        super().__init__(self.message)


def shown(cell: str) -> str:
    """Return a cell as a message may show it: numbers and dates as they are, of words that there are some.

    What stands in a column may be a name, where cells have slipped: no message says it.
    """
    return f"'{cell}'" if _SHOWABLE.fullmatch(cell) else said("staff.words")


def number_in(cell: str) -> float:
    """Return the number in a cell, with a decimal point or comma and perhaps a unit behind it."""
    plain = _UNIT.sub("", cell.strip())
    if not _NUMBER.fullmatch(plain):
        raise WrongCell("staff.no_number", value=shown(cell))
    return float(plain.replace(",", "."))


def within(low: float, high: float, decimals: int) -> Read:
    """Return a reader of numbers from `low` to `high`."""

    def read(cell: str) -> float:
        try:
            value = number_in(cell)
        except WrongCell:
            raise WrongCell("staff.number", value=shown(cell), low=low, high=high) from None
        if not low <= value <= high:
            raise WrongCell("staff.range", value=shown(cell), low=Measured(low), high=Measured(high))
        return round(value, decimals) + 0.0  # no negative zero

    return read


def form_of_shares(cells: Iterable[str], header: str, most: float) -> str:
    """Return how a column of shares is written: as ``shares``, as ``percent``, or maybe on another ``scale``.

    Percentages have a sign, in cells or in the header, or numbers above those of a scale. A spreadsheet hands on what
    it shows as 80% as 0.8, so a sign in the header alone does not tell.

    Examples
    --------
    >>> [form_of_shares(cells, "Part %", 1.0) for cells in (["0.8", "1"], ["80", "100"])]
    ['shares', 'percent']
    >>> form_of_shares(["3", "5"], "Trust", 1.0)
    'scale'
    """
    different = set(cells)
    if any(cell.endswith("%") for cell in different):
        return "percent"
    highest = max((float(cell.replace(",", ".")) for cell in different if _NUMBER.fullmatch(cell)), default=0.0)
    if "%" in header:
        return "percent" if highest > most else "shares"
    return "shares" if highest < 5.0 else "percent" if highest > 10.0 else "scale"


def share(in_percent: bool, most: float = 1.0) -> Read:
    """Return a reader of shares; above 1 up to `most` counts as all."""

    def read(cell: str) -> float:
        plain = cell.removesuffix("%").strip()
        if not _NUMBER.fullmatch(_UNIT.sub("", plain)):
            raise WrongCell("staff.share", value=shown(cell))
        value = number_in(plain)
        if in_percent:
            if 0.0 < value < 1.0 and not cell.endswith("%"):
                raise WrongCell("staff.share_among_percent", value=shown(cell))
            value /= 100.0
        if not 0.0 <= value <= most:
            raise WrongCell("staff.share_range", value=shown(cell))
        return round(min(value, 1.0), 4) + 0.0

    return read


# --- dates ----------------------------------------------------------------------------------------------------------

_DIGITS = re.compile(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})")
_NAMED = re.compile(
    r"(\d{1,2})[-./ ]+([a-z]{3})[a-z]*\.?[-./ ,]+(\d{2,4})|([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})", re.I
)
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}.*$")
_BARE = re.compile(r"\d{8}")


class DateForm(NamedTuple):
    """How the dates of a column are written where that is not plain from one alone."""

    month_first: bool = False
    is_open: bool = False
    """Whether days and months could be the other way round in every cell."""


def form_of(cells: Iterable[str]) -> DateForm:
    """Return whether months come before days: where some second number is no month, and no first one is none.

    Examples
    --------
    >>> form_of(["3/14/1990", "1/2/1991"]).month_first, form_of(["14-3-1990"]).month_first
    (True, False)
    """
    firsts, seconds = 0, 0
    n = 0
    for cell in set(cells):
        found = _DIGITS.fullmatch(_TIME.sub("", cell))
        if found and len(found[1]) <= 2:
            n += 1
            firsts, seconds = max(firsts, int(found[1])), max(seconds, int(found[2]))
    return DateForm(seconds > 12 >= firsts, n > 0 and firsts <= 12 and seconds <= 12)


def date_in(cell: str, form: DateForm, today: datetime.date) -> datetime.date | None:
    """Return the date in a cell, None for one that stands for no date: 0000, 1900-01-01."""
    plain = _TIME.sub("", cell.strip())
    digits, named = _DIGITS.fullmatch(plain), _NAMED.fullmatch(plain)
    try:
        if digits:
            parts = tuple(map(int, digits.groups()))
            if len(digits[1]) > 2:
                year, month, day = parts
            else:
                first, second, year = parts
                day, month = (second, first) if form.month_first else (first, second)
                year = _full_year(year, digits[3], today)
        elif named:
            day_text, word, year_text = named.group(1, 2, 3) if named[1] else named.group(5, 4, 6)
            day, month = int(day_text), _MONTHS.get(word.lower(), 0)
            year = _full_year(int(year_text), year_text, today)
        elif _BARE.fullmatch(plain):
            year, month, day = int(plain[:4]), int(plain[4:6]), int(plain[6:])
            if not FIRST_YEAR <= year <= LAST_YEAR and year != 9999 and year:
                day, month, year = int(plain[:2]), int(plain[2:4]), int(plain[4:])
        elif re.fullmatch(r"\d{4}", plain) and FIRST_YEAR < int(plain) <= LAST_YEAR:
            year, month, day = int(plain), 7, 1  # a year alone: its middle
        elif re.fullmatch(r"\d{5}([.,]\d+)?", plain):
            serial = _SERIAL_DAY_ZERO + datetime.timedelta(days=int(float(plain.replace(",", "."))))
            year, month, day = serial.year, serial.month, serial.day
        else:
            raise WrongCell("staff.date", value=shown(cell))
        if (year, month, day) == (0, 0, 0):
            return None
        found = datetime.date(year, month, day)
    except ValueError:
        raise WrongCell("staff.no_such_date", value=shown(cell)) from None
    if found in _STANDS_FOR_NONE:
        return None
    if found.year < FIRST_YEAR or LAST_YEAR < found.year != 9999:
        raise WrongCell("staff.no_such_date", value=shown(cell))
    return found


def _full_year(year: int, written: str, today: datetime.date) -> int:
    """Return a year in full; one of two digits is the last that has begun."""
    if len(written) > 2:
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year else century - 100 + year


def years_between(early: datetime.date, late: datetime.date) -> float:
    """Return the years from one day to another, to a tenth."""
    return round((late - early) / _YEAR, 1) + 0.0


# --- words ----------------------------------------------------------------------------------------------------------


def word(kind: str, values: Sequence[str]) -> Read:
    """Return a reader of words of a kind: the place of what it means among `values`."""

    def read(cell: str) -> float:
        meaning = meaning_of(kind, cell)
        if not meaning:
            hint = suggestion(cell, words_of(kind))
            maybe = said("staff.maybe", word=hint) if hint else ""
            raise WrongCell("staff.no_level", words=", ".join(words_of(kind)[:_SAID]), maybe=maybe)
        return float(values.index(meaning))

    return read


_SAID = 4


def is_empty(cell: str) -> bool:
    """Return whether a cell says nothing: it is empty, or says so in words (``n.v.t.``, ``-``, ``NULL``)."""
    return not cell or is_nothing(cell)


def id_of(cell: str) -> str:
    """Return an id as it is compared: a number that a spreadsheet made of it without its point and zeros.

    Examples
    --------
    >>> id_of(" 10023.0"), id_of("10023,00"), id_of("A-7 ")
    ('10023', '10023', 'A-7')
    """
    if cell.isalnum():  # nearly all are
        return cell
    plain = cell.strip().lstrip("'")
    whole, point, decimals = plain.replace(",", ".").partition(".")
    return whole if point and whole.isdigit() and not decimals.strip("0") else plain


def loose_id(cell: str) -> str:
    """Return what an id has in common with one that lost its zeros in front or changed its case."""
    return id_of(cell).casefold().lstrip("0") or "0"


def is_rounded_id(cell: str) -> bool:
    """Return whether a spreadsheet has rounded an id to a power of ten: 1.23457E+11."""
    return re.fullmatch(r"\d([.,]\d+)?E\+?\d+", cell.strip(), re.IGNORECASE) is not None
