"""What a debrief says about luck and strategy: in a sentence, in a picture."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.show.class_launches import class_launches_figure
from sim.show.debrief.known import Known
from sim.show.debrief.luck import Parts, most_repeated, parts_of
from sim.show.debrief.pictures import picture
from sim.show.debrief.wording import class_words, mean_words, size_words
from sim.show.report.blocks import Block, Paragraph, Picture
from sim.show.report.wording import quoted
from sim.study.wording import label
from sim.texts import percent, text


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
