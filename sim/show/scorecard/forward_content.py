"""What the page says about the forward test."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.show.scorecard.blocks import Block, Bullets, Grid, Heading, Paragraph, Picture
from sim.show.scorecard.picture import forward_svg
from sim.show.scorecard.wording import estimate_text, value_text
from sim.study.scorecard.conducting import Scorecard
from sim.study.scorecard.forward import LAUNCHES, PROFILES, ForwardRow
from sim.study.scorecard.switches import FULL, SWITCHES

TITLES = {
    "experience_gap": "leisure experience, under 25 minus 25 and over (in hundredths)",
    "intention_gap": "stated willingness to come, 25 and over minus under 25",
    "age_gap": "monthly posters, 25 and over minus under 25",
}
MARGIN = 0.01
ANSWERS = ("intention_gap", "age_gap")


def forward_blocks(found: Scorecard) -> Iterator[Block]:
    """Yield the section on the forward test."""
    rows = {(row.arm, row.launch, row.gap): row for row in found.forward}
    yield Heading(2, "Forward test: as the generations converge", "forward-test")
    yield Paragraph(
        "Between 2012 and 2021 older people took up social media, and young and old came to differ less in experience. "
        "If experience is what makes the age gap, the gap has to follow it. One and the same staff (ages, tenure, "
        "boundaries, contacts and luck of the profile nl-2014) is given the experience by age of other years: who uses "
        "social media, and how much. Nothing else differs, so whatever moves is due to experience. Dutch use of 2012 "
        "is among internet users, that of 2014 and 2016 includes messaging, 2021 is American, and minutes a day are of "
        "2020 and 2024: the steps are not the history of one country, but the experience does converge."
    )
    yield Bullets([_sentence(rows[FULL.name, launch, gap]) for launch in LAUNCHES for gap in ANSWERS])
    yield Paragraph(
        "By rows 1.3 and 1.4 the young would be the less willing to begin with, because of their experience: the gaps "
        "would start above zero and shrink."
    )
    for gap, title in TITLES.items():
        row = rows[FULL.name, LAUNCHES[0], gap]
        said = "; ".join(
            f"{profile} {value_text('points', each.value)}" for profile, each in zip(PROFILES, row.at, strict=True)
        )
        yield Paragraph(f"{title[0].upper()}{title[1:]}, full model, {LAUNCHES[0]}:")
        yield Picture(f"forward-{gap}", forward_svg([row], title, is_alone=True), f"{title}: {said}")
    yield Paragraph(
        f"All arms, from {PROFILES[0]} to {PROFILES[-1]}, in points. Without outside experience nothing can move; that "
        "row is a check."
    )
    yield Grid(
        ["Arm", "Launch", "Gap", *(f">{profile}" for profile in PROFILES), ">change"],
        [
            [
                switch.title, launch, f"`{gap}`",
                *(value_text("points", each.value) for each in rows[switch.name, launch, gap].at),
                estimate_text("points", rows[switch.name, launch, gap].change),
            ]
            for switch in SWITCHES
            for launch in LAUNCHES
            for gap in ANSWERS
        ],
    )  # fmt: skip


def _sentence(row: ForwardRow) -> str:
    """Return what happened to a gap, in words."""
    change = row.change
    first, last = (estimate_text("points", found) for found in (row.at[0], row.at[-1]))
    text = f"`{row.gap}`, {row.launch}: {first} points with the experience of {PROFILES[0]}, {last} with that of "
    text += f"{PROFILES[-1]}; a change of {estimate_text('points', change)}: "
    if math.isnan(change.low):
        return text + "too few worlds have a value."
    if change.low >= -MARGIN and change.high <= MARGIN:
        return text + "**it moves by less than a point.**"
    if change.low <= 0.0 <= change.high:
        return text + "**one cannot tell which way it moves.**"
    favored = "25 and over" if change.low > 0.0 else "under 25"
    return text + f"**it moves in favor of those {favored}.**"
