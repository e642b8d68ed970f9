"""What was found of one's own organization: in a staff file, and by a fit to the first weeks."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.analysis.notes import column_name, drawn_line
from sim.evidence.fitting.fit import FIGURES_NAME, warnings_of
from sim.exports.staff import StaffFile
from sim.exports.staff.cells import DIALECTS
from sim.exports.staff.contacts import ContactsFile
from sim.exports.staff.people import LEVELS
from sim.organization.contacts import contacts_of
from sim.organization.own_staff import LEAST_SHOWN, names_to_show, staff_of
from sim.scenario.departments import Opening
from sim.words import in_language, interval, number, per_hundred, percent, text, typed, whole
from sim.words.blocks import Block, Gap, Paragraph, Table, table

if TYPE_CHECKING:
    from sim.evidence.fitting.fit import Fitted


QUARTERS = 4


class StaffFinding(NamedTuple):
    """What was made of a staff file, in one language."""

    staff: StaffFile  # what is known of the people
    file: str  # its name
    profile: str  # what the rest is drawn from
    language: str  # ``en`` or ``nl``
    openings: Sequence[Opening] = ()  # in which week which department opens, where a scenario says it
    contacts: ContactsFile | None = None  # who is in touch with whom, where there is a file of it

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values; null for what is about fewer than 5 people."""
        contacts = {} if self.contacts is None else {"contacts": _contacts_facts(self.contacts, self.language)}
        return {**_facts(self.staff, self.file, self.openings, self.language), **contacts}

    def blocks(self) -> Iterator[Block]:
        """Yield who is in it, what is drawn, what is not read."""
        staff, language = self.staff, self.language
        yield Paragraph(text(language, "staff.title", file=self.file), "lead")
        for line in _before(staff, language):
            yield Paragraph(line)
        departments = department_table(staff, self.openings, language)
        if departments.groups:
            yield departments
            yield Gap()
        for line in _after(staff, self.profile, language):
            yield Paragraph(line) if line else Gap()
        for line in () if self.contacts is None else _contacts_lines(self.contacts, language):
            yield Paragraph(line)


def staff_finding(
    resolved: Mapping[str, Any], file: str, language: str, openings: Sequence[Opening] = ()
) -> StaffFinding:
    """Return what is made of the staff file, and of the contacts file if there is one, of a resolved scenario."""
    organization = resolved["organization"]
    profile = organization["staff"]["profile"]
    return StaffFinding(staff_of(resolved), file, profile, language, openings, contacts_of(organization))


def _before(staff: StaffFile, language: str) -> Iterator[str]:
    if staff.dialect:
        yield text(language, "staff.looks_like", dialect=DIALECTS[staff.dialect])
    out = _reasons(staff.left_out, language)
    kept = _reasons(staff.kept, language)
    yield text(language, "staff.people", n=whole(len(staff), language))
    if out:
        yield text(language, "staff.left_out", reasons=out)
    if kept:
        yield text(language, "staff.kept", reasons=kept)


def _reasons(counts: Mapping[str, int], language: str) -> str:
    words = {reason: text(language, f"staff.reason.{reason}") for reason in counts}
    return ", ".join(f"{words[reason]}: {whole(n, language)}" for reason, n in counts.items())


def department_table(staff: StaffFile, openings: Sequence[Opening], language: str) -> Table:
    """Return the departments in the order in which they open, those of fewer than 5 people together."""
    heads = ("staff.head.department", "staff.head.number", "staff.head.people", "staff.head.opens")
    aligned = ("", ">", ">", ">")
    headers = [sign + text(language, key) for sign, key in zip(aligned, heads, strict=True)]
    lines = []
    weeks = {one.department: one.week for one in openings}
    sizes = staff.department_sizes or ()
    names = names_to_show(staff)
    for department in sorted(range(len(sizes)), key=lambda one: (weeks.get(one, 1), one)):
        if names[department]:
            week = text(language, "staff.week", week=weeks.get(department, 1))
            lines.append((names[department], str(department), whole(sizes[department], language), week))
    small = [n for n in sizes if n < LEAST_SHOWN]
    if small:
        n_small = whole(sum(small), language) if sum(small) >= LEAST_SHOWN else text(language, "staff.few")
        lines.append((text(language, "staff.small", n=len(small), least=LEAST_SHOWN), "", n_small, ""))
    return table(headers, lines)


def _after(staff: StaffFile, profile: str, language: str) -> Iterator[str]:
    levels = level_counts(staff)
    if levels:
        yield text(language, "staff.levels", levels=", ".join(_levels_in_words(levels, language)))
    if staff.team_sizes:
        low, middle, high = quarters(staff.team_sizes)
        facts = {"low": f"{low:g}", "middle": f"{middle:g}", "high": f"{high:g}"}
        key = "staff.teams" if "team" in staff.columns else "staff.teams_by_lines"
        yield text(language, key, n=whole(len(staff.team_sizes), language), **facts)
    for name in ("age", "tenure"):
        values = _given(staff, name)
        if len(values) >= LEAST_SHOWN:
            young, median, old = (number(value, 0, language) for value in quarters(values))
            yield text(language, f"staff.spread.{name}", low=young, middle=median, high=old)
    remote = _given(staff, "remote_share")
    if remote:
        ever = [value for value in remote if value > 0.0]
        mean = percent(sum(ever) / len(ever), 0, language) if ever else percent(0.0, 0, language)
        yield text(language, "staff.remote", ever=percent(len(ever) / len(remote), 0, language), mean=mean)
    working = _given(staff, "working_share")
    if working:
        part = sum(value < 1.0 for value in working) / len(working)
        mean = percent(sum(working) / len(working), 0, language)
        yield text(language, "staff.part_time", part=percent(part, 0, language), mean=mean)
    yield ""
    read = ", ".join(f"{column_name(name, language)} ({header})" for name, header in staff.columns.items())
    yield text(language, "staff.read", columns=read)
    if staff.ignored:
        yield text(language, "staff.ignored", columns=", ".join(staff.ignored))
    yield drawn_line(staff.drawn, profile, language)
    partly = ", ".join(f"{column_name(name, language)} {_count(n, language)}" for name, n in staff.partly_drawn.items())
    if partly:
        yield text(language, "staff.partly_drawn", columns=partly)
    for note in staff.notes:
        yield text(language, "staff.note", note=in_language(note, language))
    yield ""
    yield text(language, "staff.private")
    yield text(language, "staff.worth")


def _contacts_lines(found: ContactsFile, language: str) -> Iterator[str]:
    """Yield what was made of a contacts file; nobody is told of."""
    counts = found.counts
    yield text(
        language, "staff.contacts.made", n=whole(len(found.lower), language), rows=whole(found.n_rows, language),
        mean=number(float(counts.mean()), 1, language), most=whole(int(counts.max()), language),
    )  # fmt: skip
    alone = int((counts == 0).sum())
    if alone:
        yield text(language, "staff.contacts.alone", n=_count(alone, language))
    for note in found.notes:
        yield text(language, "staff.note", note=in_language(note, language))


def _levels_in_words(levels: Mapping[str, int], language: str) -> list[str]:
    """Return how many people there are of each level, from the lowest; levels of few people together with the next."""
    told: list[tuple[str, int]] = []
    names, n_together = "", 0
    for level in reversed(list(levels)):
        name = text(language, f"staff.level.{level}")
        names, n_together = f"{name} + {names}" if names else name, n_together + levels[level]
        if n_together >= LEAST_SHOWN:
            told.append((names, n_together))
            names, n_together = "", 0
    if names:
        told.append((names, n_together))
    return [f"{names} {_count(n, language)}" for names, n in reversed(told)]


def _count(n: int, language: str) -> str:
    return whole(n, language) if n >= LEAST_SHOWN else text(language, "staff.few")


def _given(staff: StaffFile, name: str) -> list[float]:
    return [value for value in staff.numbers.get(name, ()) if value is not None]


def level_counts(staff: StaffFile) -> dict[str, int]:
    """Return how many people of each level the file tells of."""
    counts = Counter(LEVELS[int(value)] for value in _given(staff, "level"))
    return {name: counts[name] for name in LEVELS if counts[name]}


def quarters(values: Sequence[float]) -> tuple[float, float, float]:
    """Return below which values a quarter, half and three quarters of people are."""
    if len(values) < 2:
        return (float(values[0]),) * 3
    low, middle, high = statistics.quantiles(values, n=QUARTERS, method="inclusive")
    return low, middle, high


def _contacts_facts(found: ContactsFile, language: str) -> dict[str, Any]:
    counts = found.counts
    alone = int((counts == 0).sum())
    return {
        "pairs": len(found.lower),
        "rows": found.n_rows,
        "mean": float(counts.mean()),
        "most": int(counts.max()),
        "without": alone if alone >= LEAST_SHOWN or not alone else None,
        "notes": [in_language(note, language) for note in found.notes],
    }


def _facts(staff: StaffFile, file: str, openings: Sequence[Opening], language: str) -> dict[str, Any]:
    weeks = {one.department: one.week for one in openings}
    sizes, names = staff.department_sizes or (), names_to_show(staff)
    spreads = {name: _given(staff, name) for name in ("age", "tenure", "remote_share", "working_share")}
    return {
        "file": file,
        "dialect": staff.dialect or None,
        "date": staff.date or None,
        "people": len(staff),
        "left_out": staff.left_out,
        "kept": staff.kept,
        "departments": [
            {"number": number, "name": name, "people": sizes[number], "opens_in_week": weeks.get(number, 1)}
            for number, name in enumerate(names)
            if name
        ],
        "small_departments": sum(n < LEAST_SHOWN for n in sizes),
        "teams": len(staff.team_sizes) if staff.team_sizes else None,
        "levels": {name: n if n >= LEAST_SHOWN else None for name, n in level_counts(staff).items()},
        "quarters": {name: quarters(values) for name, values in spreads.items() if len(values) >= LEAST_SHOWN},
        "columns": staff.columns,
        "ignored": list(staff.ignored),
        "drawn": list(staff.drawn),
        "partly_drawn": {name: n if n >= LEAST_SHOWN else None for name, n in staff.partly_drawn.items()},
        "notes": [in_language(note, language) for note in staff.notes],
    }


# What a fit found: what is to be expected, and what was seen.

MOST_ROWS = 16


@dataclass(frozen=True)
class FitFinding:
    """What a fit found, in one language."""

    found: Fitted  # the fit
    notes: Sequence[str]  # what there is to know of the files of usage
    scenario: str  # as it was typed
    pictures: Sequence[Path]  # what was drawn
    language: str  # ``en`` or ``nl``

    def as_json(self) -> dict[str, Any]:
        """Return what ``fit --json`` prints."""
        summary = self.found.summary
        names = (
            "scenario", "seed", "employees", "employees_simulated", "weeks", "usage", "runs", "effective_size",
            "check", "forecast", "is_far", "n_outside",
        )  # fmt: skip
        return {
            **{name: summary[name] for name in names}, "figures_seen": self.found.figures,
            "warnings": [str(each) for each in warnings_of(summary)], "results_dir": str(self.found.folder),
            "figures": [str(one) for one in self.pictures],
        }  # fmt: skip

    def blocks(self) -> Iterator[Block]:
        """Yield warnings first, then what is to be expected, then what was seen."""
        return _blocks(self.found, self.notes, self.scenario, self.pictures, self.language)


def fit_finding(found: Fitted, language: str) -> FitFinding:
    """Return the finding of a fit that was read back: its pictures are those beside it."""
    name, typed_words = found.summary["scenario"], found.summary["made_by"]
    scenario = next((word for word in typed_words[2:] if name in (word, Path(word).stem)), name)
    pictures = sorted(found.folder.glob("fit.[ps][nv]g"))
    return FitFinding(found, found.summary["usage"]["notes"], scenario, pictures, language)


def _blocks(
    found: Fitted, notes: Sequence[str], scenario: str, pictures: Sequence[Path], language: str
) -> Iterator[Block]:
    summary, usage = found.summary, found.summary["usage"]
    runs = whole(int(summary["runs"]["planned"]), language)
    employees = whole(int(summary["employees"]), language)
    facts = {"figures": usage["figures"], "first": usage["first_week"], "last": usage["last_week"]}
    opening = text(language, "fit.opening", name=summary["scenario"], runs=runs, employees=employees, **facts)
    yield Paragraph(opening, "lead")
    kinds = "; ".join(text(language, f"usage.kind.{kind}") for kind in usage["kinds"])
    files = ", ".join(usage["files"][:4]) + (f", … ({len(usage['files'])})" if len(usage["files"]) > 4 else "")
    yield Paragraph(text(language, "fit.files", files=f"{files} ({kinds})"))
    for note in notes:
        yield Paragraph(f"- {in_language(note, language)}")
    for warning in warnings_of(summary):
        yield Gap()
        yield Paragraph(in_language(warning, language))
    yield _coming(summary["forecast"], language, text(language, "fit.coming.title", weeks=summary["weeks"]))
    yield Paragraph(text(language, "fit.coming.note", n=summary["check"]["trials"]))
    yield Paragraph(text(language, "fit.worth", n=round(float(summary["effective_size"]))))
    shown = shown_rows(found.figures)
    yield _seen(shown, language)
    if len(shown) < len(found.figures):
        n = len(found.figures) - len(shown)
        yield Paragraph(text(language, "fit.seen.more", n=n, file=found.folder / FIGURES_NAME))
    yield Gap()
    if pictures:
        yield Paragraph(text(language, "fit.picture", file=pictures[0]))
    options = ("--worlds", str(found.folder), "--from-week", str(int(usage["last_week"]) + 1))
    command = typed("intranet-sim", "compare", scenario, "other.yaml", *options)
    yield Paragraph(text(language, "fit.next", scenario=Path(scenario).name, command=command))


def _coming(rows: Sequence[Mapping[str, Any]], language: str, caption: str) -> Table:
    names = ("outcome", "before", "after", "cut", "holds")
    lines = [
        (
            text(language, f"outcome.label.{row['outcome']}"), _band(row, "before", language),
            _band(row, "after", language), percent(row["cut"], 0, language), percent(row["coverage"], 0, language),
        )
        for row in rows
    ]  # fmt: skip
    return table([text(language, f"fit.coming.{name}") for name in names], lines, caption)


def _band(row: Mapping[str, Any], name: str, language: str, factor: float = 100.0, decimals: int = 0) -> str:
    if row[f"{name}_middle"] is None:
        return text(language, "study.short.cannot_tell")
    if factor == 100.0 and decimals == 0:
        middle, low, high = (per_hundred(row[f"{name}_{end}"], language) for end in ("middle", "low", "high"))
    else:
        middle, low, high = (
            number(factor * row[f"{name}_{end}"], decimals, language) for end in ("middle", "low", "high")
        )
    return f"{middle} {interval(low, high, language)}"


def shown_rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows for a terminal: of each figure its first and last week and some between, warnings always."""
    if len(rows) <= MOST_ROWS:
        return list(rows)
    by_figure: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        by_figure.setdefault((row["figure"], row["span"]), []).append(row)
    each = max(2, MOST_ROWS // len(by_figure))
    kept: list[dict[str, Any]] = []
    for own in by_figure.values():
        places = {round(step * (len(own) - 1) / (each - 1)) for step in range(each)}
        kept += [row for place, row in enumerate(own) if place in places or row["is_outside"]]
    return kept


def _seen(rows: Sequence[Mapping[str, Any]], language: str) -> Table:
    lines = []
    for row in rows:
        is_posts = row["figure"] == "posts"
        label = text(language, "fit.posts" if is_posts else f"fit.span.{row['span']}", name=_figure_name(row, language))
        decimals = 1 if is_posts or row["seen"] < 0.1 else 0
        seen = number(100.0 * row["seen"], decimals, language) + (" !" if row["is_outside"] else "")
        bands = [_band(row, worlds, language, 100.0, decimals) for worlds in ("fit", "all")]
        lines.append((label, str(row["week"]), seen, *bands))
    headers = [text(language, f"fit.seen.{name}") for name in ("figure", "week", "seen", "fit", "all")]
    return table(headers, lines, text(language, "fit.seen.title"))


def _figure_name(row: Mapping[str, Any], language: str) -> str:
    return text(language, f"usage.figure.{row['figure']}")
