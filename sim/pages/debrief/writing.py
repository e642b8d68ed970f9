"""Writes the debrief of a class."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.wording import difference_number, label, phrase_for, unit_text, value_text
from sim.catalog.registry import default_values
from sim.documents.printers import inline_svg, render
from sim.errors import RunError
from sim.figures.class_figures import Question, class_launches_figure, class_predictions_figure, class_runs_figure
from sim.figures.layout import Words, figure_words
from sim.kernel.files import write_text
from sim.pages.debrief.cards import Checked, Parts, most_repeated, parts_of
from sim.pages.debrief.findings import (
    ALONE,
    FALSE,
    FATES,
    FEWEST_RUNS,
    HARDLY,
    HIGHER,
    LUCK,
    PERHAPS,
    TOGETHER,
    TRUE,
    UNKNOWN,
    UNSURE,
    YES,
    Lever,
    Signs,
    age_fates,
    guessing_right,
    is_short,
    levers,
    winner_fates,
)
from sim.pages.debrief.launches import (
    Known,
    choice_words,
    is_of_organization,
    launch_without_organization,
    organization_letter,
    setting_name,
    setting_words,
    settings_in,
)
from sim.pages.report.basis import capital, quoted
from sim.pages.report.people import NARROW
from sim.version import __version__
from sim.web.answer.card import AGES, WINNERS
from sim.words import catalog, percent, text
from sim.words.blocks import Block, Bullets, Facts, Heading, Paragraph, Picture, Report, Row, Rows, Section, Table


def debrief(known: Known) -> Report:
    """Return the debrief in plain data."""
    language = known.language
    parts = {
        "answer": first_page(known),
        "expected": expected(known),
        "spread": spread(known),
        "levers": best_levers(known),
        "discuss": discussion(known),
        "checks": checks(known),
    }
    sections = [
        Section(name, text(language, f"debrief.section.{name}"), list(blocks)) for name, blocks in parts.items()
    ]
    return Report(language, text(language, "debrief.title"), text(language, "debrief.kind"), sections)


def debrief_html(known: Known) -> str:
    """Return the debrief as one HTML document; the same cards give the same text."""
    return render(debrief(known))


def write_debrief(known: Known, file: Path) -> None:
    """Write the debrief, whole or not at all.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    html = debrief_html(known)
    try:
        write_text(file, html)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(text(known.language, "debrief.not_written", file=file, reason=reason)) from error


# The first page of a debrief: how large the class was, three findings, and all its runs in one picture.


def first_page(known: Known) -> Iterator[Block]:
    """Yield what the class did and found."""
    language = known.language
    yield Paragraph(_what(known), "lead")
    yield from _warnings(known)
    titles = [text(language, f"debrief.finding.{name}") for name in ("age", "luck", "levers")]
    said = [age_finding(known), luck_finding(known, parts_of(known.runs)), lever_finding(known)]
    yield Bullets([*winner_findings(known), *zip(titles, said, strict=True)])
    yield from all_runs(known)


def _what(known: Known) -> str:
    """Say how much there is."""
    language = known.language
    n_launches = len({launch_without_organization(place.settings) for place in known.places})
    facts = {"cards": len(known.cards), "launches": n_launches, "outcome": label(known.outcome, language)}
    if known.runs.empty:
        return text(language, "debrief.what_not_run", **facts)
    if known.n_organizations > 1:
        n = {"organizations": known.n_organizations, "runs": len(known.runs)}
        return text(language, "debrief.what_organizations", **facts, **n)
    is_few = min(len(known.cards), len(known.places)) < 2
    return text(language, "debrief.what_few" if is_few else "debrief.what", runs=len(known.runs), **facts)


def _warnings(known: Known) -> Iterator[Block]:
    language = known.language
    version = next((one.card.model for one in known.cards if one.card.model != __version__), None)
    if version is not None:
        yield Paragraph(text(language, "debrief.warning.version", version=version, ours=__version__), "alert")
    differing = sum(one.state in ("differs", "altered") for one in known.left_out)
    if differing and differing == known.n_checked:
        yield Paragraph(text(language, "debrief.warning.all_differ", n=differing), "alert")
    elif known.left_out:
        yield Paragraph(text(language, "debrief.warning.left_out", n=len(known.left_out)), "alert")
    n_told = sum(not one.runs for one in known.cards)
    if 0 < n_told < len(known.cards):
        yield Paragraph(text(language, "debrief.warning.sampled", n=n_told), "note")


def all_runs(known: Known) -> Iterator[Picture]:
    """Yield the picture of all runs, if any card was run again."""
    if known.series.empty:
        return
    words, language = class_words(known.language), known.language
    last = known.series[known.series["week"] == known.series["week"].max()]
    ends = {str(meaning): float(rows["value"].mean()) for meaning, rows in last.groupby("meaning")}
    said = "; ".join(f"{words[f'class_runs.meaning.{name}']} {mean_words(known, end)}" for name, end in ends.items())
    values = last["value"].dropna()
    alt = text(
        language, "debrief.alt_runs", n=int(known.series["run_id"].nunique()), ends=said,
        low=mean_words(known, float(values.min())), high=mean_words(known, float(values.max())),
        outcome=label(known.outcome, language),
    )  # fmt: skip
    yield picture(lambda width: class_runs_figure(known.series, known.outcome, words, width), "runs", alt)


# What a debrief says about luck and strategy: in a sentence, in a picture.


def luck_finding(known: Known, parts: Parts) -> str:
    """Say how much is luck and how much is strategy."""
    language = known.language
    if not parts.n_runs:
        return text(language, "debrief.luck.no_runs")
    if not parts.is_known:
        return text(language, "debrief.luck.not_known")
    facts = {
        "luck": size_words(known, parts.luck), "strategy": size_words(known, parts.strategy),
        "share": percent(parts.share, 0, language), "n": parts.n_runs, "k": parts.n_launches,
    }  # fmt: skip
    return text(language, "debrief.luck.sure" if parts.is_sure else "debrief.luck.unsure", **facts)


def spread(known: Known) -> Iterator[Block]:
    """Yield luck against strategy."""
    language, parts = known.language, parts_of(known.runs)
    yield Paragraph(text(language, "debrief.luck.intro"))
    yield Paragraph(luck_finding(known, parts))
    repeated = most_repeated(known.means)
    if repeated is not None:
        said = text(
            language, "debrief.luck.repeated", name=quoted(known.places[repeated.launch].name), n=repeated.n_cards,
            low=mean_words(known, repeated.low), high=mean_words(known, repeated.high),
        )  # fmt: skip
        yield Paragraph(said)
    launches = launch_table(known)
    if len(launches):
        yield _picture(known, launches)
    if known.n_organizations > 1:
        yield Paragraph(text(language, "debrief.luck.organizations", n=known.n_organizations), "note")
    yield Paragraph(text(language, "debrief.luck.rules"), "note")


def launch_table(known: Known) -> pd.DataFrame:
    """Return the launches from best to worst: launch, name, meaning, mean; over runs, or over what cards say."""
    by_runs = known.runs.dropna(subset=["value"]).groupby("launch")["value"].mean()
    by_cards = known.means.dropna(subset=["value"]).groupby("launch")["value"].mean()
    means = by_runs.combine_first(by_cards)
    rows = [
        (launch, known.places[launch].name, known.places[launch].meaning, float(mean))
        for launch, mean in zip(means.index.to_numpy(dtype=int).tolist(), means, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["launch", "name", "meaning", "mean"])
    order = (-known.better * table["mean"]).argsort(kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _picture(known: Known, launches: pd.DataFrame) -> Picture:
    language, words = known.language, class_words(known.language)
    best, worst = launches.iloc[0], launches.iloc[-1]
    alt = text(
        language, "debrief.alt_spread", n=len(launches), outcome=label(known.outcome, language),
        best=quoted(str(best["name"])), high=mean_words(known, float(best["mean"])), worst=quoted(str(worst["name"])),
        low=mean_words(known, float(worst["mean"])),
    )  # fmt: skip
    return picture(
        lambda width: class_launches_figure(launches, known.runs, known.means, known.outcome, words, width),
        "spread",
        alt,
    )


# What a debrief says about levers: the settings that went with the better result.


MOST_NAMED = 3
MOST_ROWS = 15


def lever_finding(known: Known) -> str:
    """Say which settings made the difference, as far as that can be told."""
    language, found = known.language, levers(known)
    if not found:
        return text(language, "debrief.levers.no_pairs")
    alone = [one for one in found if one.verdict == ALONE][:MOST_NAMED]
    together = [one for one in found if one.verdict == TOGETHER][:MOST_NAMED]
    said = []
    if alone:
        said.append(text(language, "debrief.levers.alone", names=_named(alone, language)))
    if together:
        said.append(text(language, "debrief.levers.together", names=_named(together, language)))
    return " ".join(said) or text(language, "debrief.levers.unsure", n=len(found))


def _named(found: list[Lever], language: str) -> str:
    return "; ".join(lever_words(one, language) for one in found)


def best_levers(known: Known) -> Iterator[Block]:
    """Yield the settings in a table, the surest first."""
    language, found = known.language, levers(known)
    yield Paragraph(text(language, "debrief.levers.intro"))
    yield Paragraph(lever_finding(known))
    if not found:
        return
    told = [one for one in found if one.verdict != UNSURE or one.pairs.n > 1][:MOST_ROWS] or found[:MOST_NAMED]
    headers = [
        text(language, "debrief.column.setting"),
        text(language, "debrief.column.better"),
        *(f">{text(language, f'debrief.column.{name}')}" for name in ("difference", "pairs", "alone")),
        text(language, "debrief.column.verdict"),
    ]
    rows = [
        Row(
            _title(one.question.path, language),
            [
                better_side(one, language),
                size_words(known, one.difference),
                _count(one.pairs, language),
                _count(one.alone, language),
                text(language, f"debrief.verdict.{one.verdict}"),
            ],
        )
        for one in told
    ]
    yield Table(text(language, "debrief.levers.caption"), headers, [Rows("", rows)])
    if len(found) > len(told):
        yield Paragraph(text(language, "debrief.levers.some", n=len(told), of=len(found)), "note")
    yield Paragraph(text(language, "debrief.levers.rules"), "note")


def _title(path: str, language: str) -> str:
    """Return how the page calls a setting, with a capital; a key stays as it is typed."""
    name = setting_name(path, language)
    return name if name == path else capital(name)


def _count(signs: Signs, language: str) -> str:
    if not signs.n:
        return text(language, "number.missing")
    return text(language, "debrief.k_of_n", k=signs.n_first, n=signs.n)


# What ends a debrief: questions to talk about, the checks, and what was left out.


LIMITS = ("model", "luck", "levers", "same")


def discussion(known: Known) -> Iterator[Block]:
    """Yield questions for the class; those about launches name what the class found."""
    language = known.language
    asked = [text(language, "debrief.discuss.right")]
    repeated = most_repeated(known.means)
    if repeated is not None:
        asked.append(
            text(
                language, "debrief.discuss.luck", name=quoted(known.places[repeated.launch].name),
                low=mean_words(known, repeated.low), high=mean_words(known, repeated.high),
            )
        )  # fmt: skip
    else:
        asked.append(text(language, "debrief.discuss.luck_any"))
    launches = launch_table(known)
    if len(launches) > 1:
        best, worst = (quoted(str(launches.iloc[place]["name"])) for place in (0, -1))
        asked.append(text(language, "debrief.discuss.best", best=best, worst=worst))
    unsure = [one for one in levers(known) if one.verdict == UNSURE]
    if unsure:
        most_tried = max(unsure, key=lambda one: one.pairs.n)
        asked.append(text(language, "debrief.discuss.lever", lever=lever_words(most_tried, language)))
    asked += [text(language, f"debrief.discuss.{name}") for name in ("age", "people", "own")]
    yield Bullets([("", question) for question in asked], is_ordered=True)


def checks(known: Known) -> Iterator[Block]:
    """Yield what was checked and how, what was left out and why, and what all this cannot say."""
    language = known.language
    yield Paragraph(text(language, "debrief.checks.intro"))
    yield Facts(list(_facts(known)))
    if known.left_out:
        yield _left_out(known)
    if known.n_organizations > 1:
        yield _organizations(known)
    yield Heading(text(language, "debrief.limits_title"))
    yield Bullets(
        [(text(language, f"debrief.limit_title.{name}"), text(language, f"debrief.limit.{name}")) for name in LIMITS]
    )


def _facts(known: Known) -> Iterator[tuple[str, str]]:
    language, collected = known.language, known.collected
    states = Counter(one.state for one in known.checked)
    editions = Counter(one.card.edition for one in known.checked)
    n_other = len(known.cards) - len(known.about_outcome)
    counts = {
        "cards": len(known.checked) + collected.n_duplicates,
        "duplicates": collected.n_duplicates,
        "skipped": len(collected.passed_over),
        "checked": known.n_checked,
        "agrees": states["agrees"],
        "not_run": states["not_run"],
        "left_out": len(known.left_out),
        "other_outcome": n_other,
    }
    for name, n in counts.items():
        if n or name in ("cards", "checked", "agrees"):
            yield text(language, f"debrief.checks.{name}"), str(n)
    named = ", ".join(f"{text(language, f'debrief.edition.{name}')} {n}" for name, n in sorted(editions.items()))
    yield text(language, "debrief.checks.editions"), named
    yield text(language, "debrief.checks.version"), f"intranet-sim {__version__}"


def reason(one: Checked, language: str) -> str:
    """Return why a card was left out."""
    return text(
        language, f"debrief.reason.{one.state}", launches=" + ".join(side.upper() for side in one.sides),
        version=one.card.model, ours=__version__,
    )  # fmt: skip


def _left_out(known: Known) -> Table:
    language = known.language
    headers = [text(language, "debrief.column.card"), text(language, "debrief.column.reason")]
    rows = [Row(one.card.name, [reason(one, language)]) for one in known.left_out]
    return Table(text(language, "debrief.checks.left_out_caption"), headers, [Rows("", rows)])


def _organizations(known: Known) -> Table:
    """Return what the organizations set otherwise than the usual one."""
    language = known.language
    usual = settings_in(default_values())
    rows = {}
    for place in known.places:
        other = [
            setting_words(path, value, language)
            for path, value in place.settings.items()
            if is_of_organization(path) and value != usual[path]
        ]
        rows[place.organization] = Row(
            organization_letter(place.organization), ["; ".join(other) or text(language, "debrief.usual")]
        )
    headers = [text(language, "debrief.column.organization"), text(language, "debrief.column.otherwise")]
    return Table(text(language, "debrief.organizations_caption"), headers, [Rows("", list(rows.values()))])


# A figure twice in the page: for a wide screen and paper, and for a telephone.


WIDE = 8.5  # inches


def picture(draw: Callable[[float], Figure], name: str, alt: str) -> Picture:
    """Return a figure for both widths.

    Parameters
    ----------
    draw : callable
        Draws the figure at a width [inches].
    name : str
        Begins all ids in the drawings.
    alt : str
        What the figure shows.
    """
    return Picture(inline_svg(draw(WIDE), f"{name}0"), inline_svg(draw(NARROW), f"{name}1"), alt)


# What a debrief says about predictions: in a sentence, in a picture.


BLIND = 1 / 3  # chance of a blind guess among three answers
FEWEST_GUESSES = 5
MOST_ASKED = 6  # questions of a class that are told apart


def winner_findings(known: Known) -> list[tuple[str, str]]:
    """Say how many predicted the launch rightly, with a title: of each question apart, where there were several."""
    language, title = known.language, text(known.language, "debrief.finding.winner")
    if 1 < len(known.asked) <= MOST_ASKED:
        said = [(f"{name}.", _winners(cards, language)) for name, cards in known.asked.items()]
        return [one for one in said if one[1]] or [(title, text(language, "debrief.predicted.none"))]
    found = _winners(known.cards, language)
    if not found:
        return [(title, text(language, "debrief.predicted.none"))]
    if len(known.asked) > 1:
        found = text(language, "debrief.predicted.questions", n=len(known.asked)) + " " + found
    if all(one.runs for one in known.cards):
        table = winner_fates(known.cards)
        found += " " + _against_guessing(int(table[TRUE].sum()), int(table[[*FATES]].to_numpy().sum()), language)
    return [(title, found.strip())]


def _winners(cards: Sequence[Checked], language: str) -> str:
    """Say what became of the predictions of some cards; nothing where there are none."""
    table = winner_fates(cards)
    n = {fate: int(table[fate].sum()) for fate in FATES}
    total = sum(n.values())
    if not total:
        return ""
    said = text(language, "debrief.predicted.winner", n=total, **n)
    return f"{said} {text(language, 'debrief.predicted.perhaps', **n)}" if n[PERHAPS] + n[HARDLY] else said


def age_finding(known: Known) -> str:
    """Say how many predicted rightly who posts more."""
    language, table = known.language, age_fates(known.cards)
    true, false = int(table[TRUE].sum()), int(table[FALSE].sum())
    if not true + false:
        return text(language, "debrief.predicted.none")
    said = text(language, "debrief.predicted.age", n=true + false, true=true)
    return f"{said} {_against_guessing(true, true + false, language)}".strip()


def _against_guessing(true: int, n: int, language: str) -> str:
    """Compare with blind guessing, which is right once in three; of a few cards there is nothing to say."""
    if n < FEWEST_GUESSES:
        return ""
    if guessing_right(true, n, BLIND) <= LUCK:
        return text(language, "debrief.predicted.better_than_guessing")
    if 1 - guessing_right(true + 1, n, BLIND) <= LUCK:
        return text(language, "debrief.predicted.worse_than_guessing")
    return text(language, "debrief.predicted.like_guessing")


def expected(known: Known) -> Iterator[Block]:
    """Yield prediction against result, for both questions."""
    language = known.language
    tables = winner_fates(known.cards), age_fates(known.cards)
    yield Paragraph(text(language, "debrief.predicted.intro"))
    yield Bullets([*winner_findings(known), (text(language, "debrief.finding.age"), age_finding(known))])
    if sum(int(table[[TRUE, PERHAPS, HARDLY, FALSE]].to_numpy().sum()) for table in tables):
        yield _guess_picture(known, *tables)
    yield from _notes(known, *tables)


def _guess_picture(known: Known, winners: pd.DataFrame, ages: pd.DataFrame) -> Picture:
    language, words = known.language, class_words(known.language)
    phrase = phrase_for(known.outcome, language)
    title = text(language, "debrief.question.winner", phrase=phrase.more if known.better > 0 else phrase.less)
    if 1 < len(known.asked) <= MOST_ASKED:
        labels = [text(language, f"debrief.answer.{one}") for one in WINNERS]
        asked = [Question(f"{title} {name}", labels, winner_fates(cards)) for name, cards in known.asked.items()]
    else:
        asked = [Question(title, winner_labels(known), winners)]
    questions = [*asked, age_question(ages, language)]
    alt = " ".join(question_alt(one, language) for one in questions)
    return picture(lambda width: class_predictions_figure(questions, words, width), "expected", alt)


def age_question(ages: pd.DataFrame, language: str) -> Question:
    """Return the question who posts, with what became of the answers."""
    labels = [text(language, f"debrief.answer.{one}_age") for one in AGES]
    return Question(text(language, "debrief.question.age"), labels, ages)


def question_alt(question: Question, language: str) -> str:
    """Say what the bars show."""
    rows = zip(question.labels, question.table.itertuples(), strict=True)
    said = [
        text(
            language, "debrief.alt_answer", answer=label, true=row.true, perhaps=row.perhaps, hardly=row.hardly,
            false=row.false,
        )
        for label, row in rows
    ]  # fmt: skip
    return f"{question.title} {' '.join(said)}"


def winner_labels(known: Known) -> list[str]:
    """Return the answers about the launches: by name where all cards compare the same two."""
    language = known.language
    labels = [text(language, f"debrief.answer.{one}") for one in WINNERS]
    pairs = {tuple(known.number(one, side) for side in ("a", "b")) for one in known.about_outcome}
    if len(pairs) != 1 or len(known.about_outcome) < len(known.cards):
        return labels
    names = [known.places[number].name for number in pairs.pop()]
    return [f"{letter}: {quoted(name)}" for letter, name in zip("AB", names, strict=True)] + labels[2:]


def _notes(known: Known, winners: pd.DataFrame, ages: pd.DataFrame) -> Iterator[Block]:
    language = known.language
    short = sum(is_short(one) for one in known.cards)
    if short:
        yield Paragraph(text(language, "debrief.predicted.short", n=short, fewest=FEWEST_RUNS), "alert")
    silent = sum(one.card.winner is None and one.card.age is None for one in known.cards)
    if silent:
        yield Paragraph(text(language, "debrief.predicted.silent", n=silent), "note")
    unknown = int(winners[UNKNOWN].sum()), int(ages[UNKNOWN].sum())
    if sum(unknown):
        yield Paragraph(text(language, "debrief.predicted.unknown", winner=unknown[0], age=unknown[1]), "note")
    yield Paragraph(text(language, "debrief.predicted.rules"), "note")


# What a debrief says, as plain data for a program.


def summary(known: Known) -> dict[str, Any]:
    """Return predictions, spread, launches and levers in a form that JSON can hold."""
    parts = parts_of(known.runs)
    return {
        "outcome": known.outcome,
        "runs": len(known.runs),
        "predictions": {
            name: {row["answer"]: {key: int(n) for key, n in row.items() if key != "answer"} for row in rows}
            for name, rows in (
                ("winner", winner_fates(known.cards).to_dict("records")),
                ("age", age_fates(known.cards).to_dict("records")),
            )
        },
        "spread": {
            "luck": _number(parts.luck),
            "strategy": _number(parts.strategy),
            "share_of_strategy": _number(parts.share),
            "p": _number(parts.p),
        },
        "launches": [
            {"name": str(row["name"]), "mean": _number(float(row["mean"]))} for _, row in launch_table(known).iterrows()
        ],
        "levers": [_lever(one) for one in levers(known)],
    }


def _lever(one: Lever) -> dict[str, Any]:
    asked = one.question
    return {
        "setting": asked.path,
        "kind": asked.kind,
        "sides": [asked.first, asked.second],
        "is_turned": one.is_turned,
        "difference": _number(one.difference),
        "pairs": _signs(one.pairs),
        "alone": _signs(one.alone),
        "verdict": one.verdict,
    }


def _signs(signs: Signs) -> dict[str, int]:
    return {"ahead": signs.n_first, "behind": signs.n_second, "n": signs.n}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


# Words and numbers of a debrief.


OF_FIGURES = "debrief.figure."


def class_words(language: str) -> Words:
    """Return the words in figures about a class."""
    own = {key.removeprefix(OF_FIGURES): said for key, said in catalog(language).items() if key.startswith(OF_FIGURES)}
    return {**figure_words(language), **own}


def size_words(known: Known, value: float) -> str:
    """Return the size of a difference with its unit, such as ``1.2 points``; a dash where it is not known."""
    unit = unit_text(known.outcome, known.language, is_difference=True)
    shown = difference_number(known.outcome, value, known.language)
    return shown if math.isnan(value) else f"{shown} {unit}".strip()


def mean_words(known: Known, value: float) -> str:
    """Return a value of the outcome with its unit."""
    unit = unit_text(known.outcome, known.language)
    shown = value_text(known.outcome, value, known.language)
    return shown if math.isnan(value) else f"{shown} {unit}".strip()


def better_side(lever: Lever, language: str) -> str:
    """Say which side of a setting had the better result."""
    asked = lever.question
    if asked.kind == HIGHER:
        return text(language, "debrief.side.lower" if lever.is_turned else "debrief.side.higher")
    if asked.kind == YES:
        return text(language, "debrief.side.no" if lever.is_turned else "debrief.side.yes")
    sides = [choice_words(asked.path, one, language) for one in (asked.first, asked.second)]
    first, second = reversed(sides) if lever.is_turned else sides
    return text(language, "debrief.side.instead", first=first, second=second)


def lever_words(lever: Lever, language: str) -> str:
    """Return a setting with its better side, as it stands in a sentence."""
    name = setting_name(lever.question.path, language)
    return text(language, "debrief.lever", name=f"{name[:1].lower()}{name[1:]}", side=better_side(lever, language))
