"""The first page of a debrief: how large the class was, three findings, and all its runs in one picture."""

from __future__ import annotations

from collections.abc import Iterator

from sim.show.class_runs import class_runs_figure
from sim.show.debrief.expected import age_finding, winner_finding
from sim.show.debrief.known import Known
from sim.show.debrief.luck import parts_of
from sim.show.debrief.pictures import picture
from sim.show.debrief.settings import lever_finding
from sim.show.debrief.spread import luck_finding
from sim.show.debrief.wording import class_words, mean_words
from sim.show.report.blocks import Block, Bullets, Paragraph
from sim.study.wording import label
from sim.texts import text
from sim.version import __version__


def first_page(known: Known) -> Iterator[Block]:
    """Yield what the class did and found."""
    language = known.language
    yield Paragraph(_what(known), "lead")
    yield from _warnings(known)
    titles = [text(language, f"debrief.finding.{name}") for name in ("winner", "age", "luck", "levers")]
    said = [winner_finding(known), age_finding(known), luck_finding(known, parts_of(known.runs)), lever_finding(known)]
    yield Bullets(list(zip(titles, said, strict=True)))
    yield from _all_runs(known)


def _what(known: Known) -> str:
    """Say how much there is."""
    language = known.language
    facts = {"cards": len(known.cards), "launches": len(known.places), "outcome": label(known.outcome, language)}
    if known.runs.empty:
        return text(language, "debrief.what_not_run", **facts)
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


def _all_runs(known: Known) -> Iterator[Block]:
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
