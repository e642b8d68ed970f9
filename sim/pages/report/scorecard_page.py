"""The page of the scorecard: what it says, in blocks; written as HTML, and as Markdown with its pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from sim.documents.printers import inlined, markdown, pictures, render
from sim.errors import InputError, RunError
from sim.evidence.scorecard.claims import EXPERIENCE_OFF, FRAMES_OFF, FULL, NOT_SCORED, PEERS_OFF, SWITCHES, Switch
from sim.evidence.scorecard.finding import (
    MARKS,
    OUTSIDE,
    arm_title,
    estimate_text,
    mark_of,
    predicted_text,
    result_text,
    value_text,
)
from sim.evidence.scorecard.plan import LAUNCHES, PROFILES, ForwardRow
from sim.evidence.scorecard.score import Score, Scorecard
from sim.evidence.scorecard.verdicts import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, Result
from sim.figures.evidence import forward_figure, pattern_figure
from sim.figures.style import svg_bytes
from sim.kernel.files import utf8, written_whole
from sim.words import percent, said, whole
from sim.words.blocks import Block, Bullets, Code, Heading, Paragraph, Picture, Report, Row, Rows, Section, Table

TITLE = "Scorecard: what the claims come to"
SUBTITLE = "What the articles and the literature claim about social intranets, put to the model"
GROUPS = {
    "articles": ("The source articles", "Rows as in the page on the source articles."),
    "literature": (
        "Published orderings",
        "The orderings that the tests of the engine have as limiting cases, here in ordinary organizations at "
        "plausible worlds. A limiting case that holds and a plausible world in which it does not is no contradiction: "
        "it says how far the case is from the plausible.",
    ),
    "two sides": (
        "Claims with two sides",
        "The theory behind the model says that rules differ in kind, that leaders are double-edged and that likeness "
        "to Facebook helps and hurts. Each side is a row.",
    ),
    "development": (
        "Findings that structures are chosen by",
        "Published findings that were put to the model after its first version, which met none of them whole; what "
        "that version gave is said where it is known. They serve to choose between forms of rules, so that one that "
        "comes to hold is less of a test than one above. Claims, settings and limits were written down before any run.",
    ),
}
SOURCES = {
    "calibrated": "the calibrated set of worlds, resampled by weight",
    "prior": (
        "the **prior**: every coefficient of behavior drawn from its plausible range, evenly and independently "
        "(Latin hypercube), **not** fitted to any published number. Many such worlds are dead or crowded platforms"
    ),
}
BUILT_IN = {
    "direction": "The direction is built into a rule; what is tested is whether it survives in a whole organization.",
    "partly": "Partly built in: mechanisms on both sides, or a long way from a rule to this outcome.",
    "no": "Not built in: no rule mentions it.",
}
GAP_TITLES = {
    "experience_gap": "leisure experience, under 25 minus 25 and over (in hundredths)",
    "intention_gap": "stated willingness to come, 25 and over minus under 25",
    "age_gap": "monthly posters, 25 and over minus under 25",
}
MARGIN = 0.01
ANSWERS = ("intention_gap", "age_gap")


def page(found: Scorecard, command: str) -> Report:
    """Return the page.

    Parameters
    ----------
    found : Scorecard
        What was found.
    command : str
        What makes this page again.
    """
    parts: list[tuple[str, str, Iterator[Block]]] = [
        ("in-short", "In short", _in_short(found, command)),
        ("how-to-read", "How to read it", _how_to_read(found)),
        ("overview", "Overview", _overview(found)),
        *((group.replace(" ", "-"), GROUPS[group][0], _group(found, group)) for group in GROUPS),
        ("forward-test", "Forward test: as the generations converge", forward_blocks(found)),
        ("not-scored", "Rows without a score", _not_scored()),
        ("made-by", "How it was made", _about(found, command)),
    ]
    sections = [Section(name, title, list(blocks)) for name, title, blocks in parts]
    return Report("en", TITLE, SUBTITLE, sections, is_marked=True)


def picture_of(score: Score) -> Picture:
    """Return the picture of a pattern, with what it shows in words."""
    said = "; ".join(f"{arm_title(switch.name)}: {result_text(score.results[switch.name])}" for switch in SWITCHES)
    return _picture(score.pattern.id, pattern_figure(score), f"{score.pattern.id}. {said}.")


def _picture(name: str, figure: Figure, alt: str) -> Picture:
    svg = svg_bytes(figure)
    return Picture(inlined(svg, name.replace(".", "-").replace(",", "")), "", alt, name, svg)


def _bullets(items: Sequence[str]) -> Bullets:
    return Bullets([("", item) for item in items])


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]], links: Sequence[str] = ()) -> Table:
    links = links or [""] * len(rows)
    lines = [Row(first, rest, link=link) for (first, *rest), link in zip(rows, links, strict=True)]
    return Table("", headers, [Rows("", lines)])


def frames_text(score: Score) -> str:
    """Return what a pattern says about the theory of frames."""
    if score.pattern.is_about_frames:
        return "measured on frames"
    if score.supports_frames is None:
        return "cannot tell"
    if score.supports_frames:
        return "supported"
    return "no support" if score.results[FULL.name].verdict == HOLDS else "no support: not shown"


def ids_where(found: Scorecard, switch: Switch, verdict: str, among: Sequence[Score] | None = None) -> list[str]:
    """Return the ids of the patterns with a verdict in an arm."""
    scores = found.scores if among is None else among
    return [
        score.pattern.id
        for score in scores
        if score.results[switch.name].verdict == verdict and not score.results[switch.name].out_of_range
    ]


def listed(ids: Sequence[str]) -> str:
    """Return ids as a text; "none" where there are none."""
    return ", ".join(ids) or "none"


def _in_short(found: Scorecard, command: str) -> Iterator[Block]:
    yield Paragraph(
        "What the source articles and the literature claim, put to the model: does it show the pattern at plausible "
        "worlds, and does it still do so with frames, peer influence or outside experience switched off? A pattern "
        "that shows without frames as well is **no support for the theory of frames**, however well it holds."
    )
    yield Paragraph(
        "**Limits.** The model ranks launch strategies under stated assumptions; it does not forecast anybody's "
        "adoption rate. That a pattern holds here says that the model's assumptions bring it about, not that the "
        "world does. Nothing was tuned to this table: settings were chosen from the claims, and failures stay.",
        "alert",
    )
    size, versions = found.size, found.manifest["versions"]
    yield Paragraph(
        f"{str(found.manifest['end'])[:10]} · intranet-sim {versions.get('intranet-sim', '?')} (code "
        f"{found.manifest['code_version']}) · {size.n_worlds} worlds from {SOURCES[found.source]} · "
        f"{whole(size.employees)} employees, {size.weeks} weeks · {whole(found.n_runs)} runs"
        + (f", {found.n_failed} of them failed" if found.n_failed else "")
        + f" · made by `{command}`",
        "note",
    )
    shown = [score for score in found.scores if score.results[FULL.name].verdict == HOLDS]
    failing, unsure = ids_where(found, FULL, DOES_NOT_HOLD), ids_where(found, FULL, CANNOT_TELL)
    supporting = [score.pattern.id for score in shown if score.supports_frames]
    without = ids_where(found, FRAMES_OFF, HOLDS, shown)
    n_built_in = sum(score.pattern.built_in == "direction" for score in shown)
    yield _bullets(
        [
            f"Of {len(found.scores)} patterns the full model shows **{len(shown)}**, does not show "
            f"**{len(failing)}**, and on {len(unsure)} one cannot tell.",
            f"Of the {len(shown)} that it shows, {n_built_in} have their direction built into a rule: that they show "
            "is a check of the machinery more than a finding.",
            f"**{len(without)}** of them show without frames, too, so they do not speak for the theory of frames. "
            f"**{len(supporting)}** show with frames only: {listed(supporting)}.",
            f"Not shown: {listed(failing)}. Why, as far as we know, is said at each.",
            *_limits(found),
            f"Without peer influence {_lost(found, shown, PEERS_OFF)}; without outside experience "
            f"{_lost(found, shown, EXPERIENCE_OFF)}.",
        ]
    )


def _limits(found: Scorecard) -> Iterator[str]:
    """Yield what is outside the range of the model, and what comes out whatever the coefficients are."""
    outside = [score.pattern.id for score in found.scores if score.results[FULL.name].out_of_range]
    if outside:
        yield f"Outside the range of the model, so that they can neither hold nor fail: {listed(outside)}."
    if any(score.is_built_in is not None for score in found.scores):
        built_in = [score.pattern.id for score in found.scores if score.is_built_in]
        yield f"**Built in**, since they come out in more than 90% of the worlds of the prior: {listed(built_in)}."


NOT_MEASURED = (
    "What is said of each claim about being built in is read from the rules. In how many worlds of the prior it comes "
    "out, whatever the coefficients are, has not been worked out for this version; a claim that comes out in nearly "
    "all of them would be no finding, and nothing here says which do."
)


def what_is_built_in(found: Scorecard) -> str:
    """Return what the page says of being built in: what it means, or that nobody has looked."""
    if all(score.is_built_in is None for score in found.scores):
        return NOT_MEASURED
    return (
        "**Built in** is what comes out in more than 90% of the worlds of the prior, in which every mechanism is on, "
        "whatever the coefficients are: that it shows is no finding."
    )


def _lost(found: Scorecard, shown: Sequence[Score], switch: Switch) -> str:
    lost = ids_where(found, switch, DOES_NOT_HOLD, shown)
    verb = "is" if len(lost) == 1 else "are"
    return f"{len(lost)} of the {len(shown)} {verb} no longer shown" + (f" ({listed(lost)})" if lost else "")


def _how_to_read(found: Scorecard) -> Iterator[Block]:
    yield Paragraph(
        "In each world the settings that a claim compares are run with the same people and the same luck, and every "
        "world has people and luck of its own. The value is the mean over worlds; its 95% interval "
        "([how often it holds](coverage.md)) covers what nobody knows about people as well as luck."
    )
    if found.source == "calibrated":
        yield Paragraph(
            "**A caution about the intervals.** Worlds are drawn from the calibrated set by weight. One that comes in "
            "several times, with other people and luck each time, counts as one world; what the set rests on, and what "
            "to doubt about it, is on the page on calibration. Levels of use in "
            "these worlds are fitted to published numbers; no pattern of this page had a part in that."
        )
    yield _bullets(
        [
            f"{MARKS[HOLDS]} **holds**: the whole interval lies where the claim predicts (the shaded side).",
            f"{MARKS[DOES_NOT_HOLD]} **does not hold**: it lies on the other side, or wholly within the gray band "
            "around zero: a difference that no organization could notice supports no claim. The band is a percentage "
            "point of staff, belonging or knowledge (two between age groups, five for platforms alive), or 0.05 of a "
            "correlation.",
            f"{MARKS[CANNOT_TELL]} **cannot tell**: anything else, and fewer than 8 worlds with a value.",
            f"{OUTSIDE} **outside the range**: what the claim is about is not reached in the model, so that it can "
            "neither hold nor fail.",
            what_is_built_in(found),
            "A claim of at least as much, or about as much, holds within the band as well; without a world in which "
            "it differs such a claim holds by default.",
            "Each verdict stands on its own at 95%: of forty claims without any truth about one would seem to hold, "
            "or to fail, by chance.",
            "Support for the theory of frames means: shown with frames, and demonstrably not without (where it goes "
            "the same way without, only too little to matter, one cannot tell). How much that says depends on the "
            "claim; most claims here are about something else and need no frames.",
            "A mean over worlds can hide that they disagree; the share of worlds is at each pattern.",
        ]
    )
    yield Paragraph("**The arms** set coefficients to 0; tests show that each mechanism is then silent.")
    yield _table(
        ["Arm", "Set to 0", "Why these"],
        [
            [arm_title(switch.name), ", ".join(f"`{name}`" for name in switch.off) or "–", switch.because]
            for switch in SWITCHES
        ],
    )


def _overview(found: Scorecard) -> Iterator[Block]:
    rows = [
        [
            score.pattern.id, score.pattern.claim, *(_cell(score.results[switch.name]) for switch in SWITCHES),
            frames_text(score),
        ]
        for score in found.scores
    ]  # fmt: skip
    headers = ["Pattern", "Claim", *(arm_title(switch.name) for switch in SWITCHES), "Theory of frames"]
    yield _table(headers, rows, [anchor(score) for score in found.scores])
    yield Paragraph("What the baseline looks like in each arm, means over worlds:")
    names = {
        "alive": "alive", "monthly_readers": "monthly readers", "monthly_active": "monthly active",
        "monthly_posters": "monthly posters",
    }  # fmt: skip
    yield _table(
        ["Arm", *(f">{title}" for title in names.values())],
        [
            [arm_title(switch.name), *(percent(found.levels[switch.name][name]) for name in names)]
            for switch in SWITCHES
        ],
    )


def _cell(result: Result) -> str:
    return f"{mark_of(result)}\u00a0{result_text(result)}"  # which a line break does not part


def anchor(score: Score) -> str:
    """Return what links to a pattern call it."""
    return "pattern-" + score.pattern.id.replace(".", "-").replace(",", "").replace(" ", "-")


def _group(found: Scorecard, group: str) -> Iterator[Block]:
    yield Paragraph(GROUPS[group][1])
    for score in found.scores:
        if score.pattern.group == group:
            yield from _pattern(score)


def _pattern(score: Score) -> Iterator[Block]:
    pattern, full = score.pattern, score.results[FULL.name]
    yield Heading(f"{pattern.id}: {result_text(full)}", anchor(score))
    yield Paragraph(f"**{pattern.claim}** ({pattern.source})")
    yield picture_of(score)
    lines = [
        f"Statistic: {pattern.statistic.text}. Predicted: {predicted_text(pattern)}.",
        f"Settings: {pattern.settings_because}",
        BUILT_IN[pattern.built_in],
        *([prior_text(score)] if not math.isnan(score.share_over_prior) else []),
        _worlds_text(score),
        f"Theory of frames: {frames_text(score)}.",
    ]
    yield _bullets(lines)
    if pattern.before:
        yield Paragraph(f"**Measured otherwise before.** {pattern.before}", "note")
    if full.out_of_range and pattern.reaches is not None:
        yield Paragraph(
            f"**Outside the range of the model**: {pattern.reaches.because}, which is not reached in "
            f"{pattern.reaches.setting}. The claim can neither hold nor fail here.",
            "alert",
        )
    elif full.verdict != HOLDS:
        what = "it does not show" if full.verdict == DOES_NOT_HOLD else "it may not show"
        yield Paragraph(
            f"**Why {what}, as far as we know.** {pattern.if_it_fails or 'We have no explanation.'}", "alert"
        )


def prior_text(score: Score) -> str:
    """Return in how many worlds of the prior a pattern comes out, and whether that makes it built in."""
    share = percent(score.share_over_prior)
    label = "**built in**: it comes out" if score.is_built_in else "it comes out"
    return f"Over the prior {label} in {share} of worlds."


def _worlds_text(score: Score) -> str:
    """Return in how many worlds of the full model the statistic lies on either side of zero."""
    found = score.results[FULL.name].estimate
    if found.n == 0:
        return "In no world is there a value."
    above, below = (percent(k / found.n) for k in (found.n_above, found.n_below))
    text = f"Full model: above zero in {above} of {whole(found.n)} worlds, below in {below}"
    text += ", exactly zero in the others." if found.n_above + found.n_below < found.n else "."
    if found.value > 0.0 and found.n_below > found.n_above:
        text += " **On average above zero, though below it in more worlds.**"
    if found.value < 0.0 and found.n_above > found.n_below:
        text += " **On average below zero, though above it in more worlds.**"
    return text


def forward_blocks(found: Scorecard) -> Iterator[Block]:
    """Yield the section on the forward test."""
    rows = {(row.arm, row.launch, row.gap): row for row in found.forward}
    yield Paragraph(
        "Between 2012 and 2021 older people took up social media, and young and old came to differ less in experience. "
        "If experience is what makes the age gap, the gap has to follow it. One and the same staff (ages, tenure, "
        "boundaries, contacts and luck of the profile nl-2014) is given the experience by age of other years: who uses "
        "social media, and how much. Nothing else differs, so whatever moves is due to experience. Dutch use of 2012 "
        "is among internet users, that of 2014 and 2016 includes messaging, 2021 is American, and minutes a day are of "
        "2020 and 2024: the steps are not the history of one country, but the experience does converge."
    )
    yield _bullets([_sentence(rows[FULL.name, launch, gap]) for launch in LAUNCHES for gap in ANSWERS])
    yield Paragraph(
        "By rows 1.3 and 1.4 the young would be the less willing to begin with, because of their experience: the gaps "
        "would start above zero and shrink."
    )
    for gap, title in GAP_TITLES.items():
        row = rows[FULL.name, LAUNCHES[0], gap]
        said = "; ".join(
            f"{profile} {value_text('points', each.value)}" for profile, each in zip(PROFILES, row.at, strict=True)
        )
        yield Paragraph(f"{title[0].upper()}{title[1:]}, full model, {LAUNCHES[0]}:")
        yield _picture(f"forward-{gap}", forward_figure(row, title), f"{title}: {said}")
    yield Paragraph(
        f"All arms, from {PROFILES[0]} to {PROFILES[-1]}, in points. Without outside experience nothing can move; that "
        "row is a check."
    )
    yield _table(
        ["Arm", "Launch", "Gap", *(f">{profile}" for profile in PROFILES), ">change"],
        [
            [
                arm_title(switch.name), launch, f"`{gap}`",
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


def _not_scored() -> Iterator[Block]:
    yield Paragraph("Rows of the sources that claim no direction, or none that the model has words for:")
    yield _bullets([f"**{row}** {why}." for row, why in NOT_SCORED.items()])


def _about(found: Scorecard, command: str) -> Iterator[Block]:
    yield Code(command)
    versions = ", ".join(f"{name} {version}" for name, version in found.manifest["versions"].items())
    yield Paragraph(f"Seed {found.manifest['seed']}. Versions: {versions}.", "note")
    yield Paragraph(
        "The folder of results has every run (`runs.parquet`), the verdicts (`scorecard.parquet`) and the forward test "
        "(`forward.parquet`). `intranet-sim scorecard --quick` gives a first look in a minute or two.",
        "note",
    )


NAME = "scorecard"
PICTURES = "figures/scorecard"


def write_page(found: Scorecard, folder: Path, command: str) -> list[Path]:
    """Write the page into `folder` and return its files; pictures of earlier pages are removed.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    report = page(found, command)
    there = folder / PICTURES
    shown = [one for section in report.sections for one in pictures(section.blocks)]
    contents = {
        folder / f"{NAME}.html": utf8(render(report)),
        folder / f"{NAME}.md": utf8(markdown(report, PICTURES)),
        **{there / f"{one.name}.svg": one.file for one in shown},
    }
    try:
        if there.is_symlink() or there.parent.is_symlink():
            raise InputError(said("refusal.folder.link", file=there))
        there.mkdir(parents=True, exist_ok=True)
        for old in set(there.glob("*.svg")) - set(contents):
            if old.is_file():
                old.unlink()  # of a link, the link
        for file, content in contents.items():
            with written_whole(file) as target:
                target.write(content)
    except OSError as error:
        raise RunError(said("refusal.scorecard.page", folder=folder, reason=error.strerror)) from error
    return list(contents)
