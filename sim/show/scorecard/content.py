"""What the page of the scorecard says, block by block."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.show.scorecard.blocks import Block, Bullets, Code, Grid, Heading, Paragraph, Picture
from sim.show.scorecard.forward_content import forward_blocks
from sim.show.scorecard.picture import pattern_svg
from sim.show.scorecard.wording import MARKS, predicted_text
from sim.study.scorecard.conducting import Score, Scorecard
from sim.study.scorecard.judging import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, Result
from sim.study.scorecard.patterns import NOT_SCORED
from sim.study.scorecard.switches import EXPERIENCE_OFF, FRAMES_OFF, FULL, PEERS_OFF, SWITCHES, Switch

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


def page_blocks(found: Scorecard, command: str) -> list[Block]:
    """Return the page, from the title on.

    Parameters
    ----------
    found : Scorecard
        What was found.
    command : str
        What makes this page again.
    """
    return [
        *_head(found, command),
        *_in_short(found),
        *_how_to_read(found),
        *_overview(found),
        *(block for group in GROUPS for block in _group(found, group)),
        *forward_blocks(found),
        *_not_scored(),
        *_about(found, command),
    ]


def picture_of(score: Score) -> Picture:
    """Return the picture of a pattern, with what it shows in words."""
    said = "; ".join(f"{switch.title}: {score.results[switch.name].verdict}" for switch in SWITCHES)
    return Picture(score.pattern.id, pattern_svg(score, is_alone=True), f"{score.pattern.id}. {said}.")


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
    return [score.pattern.id for score in scores if score.results[switch.name].verdict == verdict]


def listed(ids: Sequence[str]) -> str:
    """Return ids as a text; "none" where there are none."""
    return ", ".join(ids) or "none"


def _head(found: Scorecard, command: str) -> Iterator[Block]:
    yield Heading(1, "Scorecard: what the claims come to", "scorecard")
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
        f"{size.employees} employees, {size.weeks} weeks · {found.n_runs:,} runs"
        + (f", {found.n_failed} of them failed" if found.n_failed else "")
        + f" · made by `{command}`",
        "note",
    )


def _in_short(found: Scorecard) -> Iterator[Block]:
    shown = [score for score in found.scores if score.results[FULL.name].verdict == HOLDS]
    failing, unsure = ids_where(found, FULL, DOES_NOT_HOLD), ids_where(found, FULL, CANNOT_TELL)
    supporting = [score.pattern.id for score in shown if score.supports_frames]
    without = ids_where(found, FRAMES_OFF, HOLDS, shown)
    n_built_in = sum(score.pattern.built_in == "direction" for score in shown)
    yield Heading(2, "In short", "in-short")
    yield Bullets(
        [
            f"Of {len(found.scores)} patterns the full model shows **{len(shown)}**, does not show "
            f"**{len(failing)}**, and on {len(unsure)} one cannot tell.",
            f"Of the {len(shown)} that it shows, {n_built_in} have their direction built into a rule: that they show "
            "is a check of the machinery more than a finding.",
            f"**{len(without)}** of them show without frames, too, so they do not speak for the theory of frames. "
            f"**{len(supporting)}** show with frames only: {listed(supporting)}.",
            f"Not shown: {listed(failing)}. Why, as far as we know, is said at each.",
            f"Without peer influence {_lost(found, shown, PEERS_OFF)}; without outside experience "
            f"{_lost(found, shown, EXPERIENCE_OFF)}.",
        ]
    )


def _lost(found: Scorecard, shown: Sequence[Score], switch: Switch) -> str:
    lost = ids_where(found, switch, DOES_NOT_HOLD, shown)
    verb = "is" if len(lost) == 1 else "are"
    return f"{len(lost)} of the {len(shown)} {verb} no longer shown" + (f" ({listed(lost)})" if lost else "")


def _how_to_read(found: Scorecard) -> Iterator[Block]:
    yield Heading(2, "How to read it", "how-to-read")
    yield Paragraph(
        "In each world the settings that a claim compares are run with the same people and the same luck, and every "
        "world has people and luck of its own. The value is the mean over worlds; its 95% interval (bootstrap over "
        "worlds) covers what nobody knows about people as well as luck."
    )
    if found.source == "calibrated":
        yield Paragraph(
            "**A caution about the intervals.** The calibrated set is thin: a few of its worlds carry most of the "
            "weight and come in several times, with other people and luck each time. The intervals resample such "
            "repeats as one world, so they rest on far fewer worlds than were run. Levels of use in these worlds are "
            "fitted to published numbers; no pattern of this page had a part in that."
        )
    yield Bullets(
        [
            f"{MARKS[HOLDS]} **holds**: the whole interval lies where the claim predicts (the shaded side).",
            f"{MARKS[DOES_NOT_HOLD]} **does not hold**: it lies on the other side, or wholly within the gray band "
            "around zero: a difference that no organization could notice supports no claim. The band is a percentage "
            "point of staff, belonging or knowledge (two between age groups, five for platforms alive), or 0.05 of a "
            "correlation.",
            f"{MARKS[CANNOT_TELL]} **cannot tell**: anything else, and fewer than 8 worlds with a value.",
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
    yield Grid(
        ["Arm", "Set to 0", "Why these"],
        [[switch.title, ", ".join(f"`{name}`" for name in switch.off) or "–", switch.because] for switch in SWITCHES],
    )


def _overview(found: Scorecard) -> Iterator[Block]:
    yield Heading(2, "Overview", "overview")
    rows = [
        [
            score.pattern.id, score.pattern.claim, *(_cell(score.results[switch.name]) for switch in SWITCHES),
            frames_text(score),
        ]
        for score in found.scores
    ]  # fmt: skip
    headers = ["Pattern", "Claim", *(switch.title for switch in SWITCHES), "Theory of frames"]
    yield Grid(headers, rows, [anchor(score) for score in found.scores])
    yield Paragraph("What the baseline looks like in each arm, means over worlds:")
    names = {
        "alive": "alive", "monthly_readers": "monthly readers", "monthly_active": "monthly active",
        "monthly_posters": "monthly posters",
    }  # fmt: skip
    yield Grid(
        ["Arm", *(f">{title}" for title in names.values())],
        [[switch.title, *(f"{100 * found.levels[switch.name][name]:.0f}%" for name in names)] for switch in SWITCHES],
    )


def _cell(result: Result) -> str:
    return f"{MARKS[result.verdict]} {result.verdict}"


def anchor(score: Score) -> str:
    """Return what links to a pattern call it."""
    return "pattern-" + score.pattern.id.replace(".", "-").replace(",", "").replace(" ", "-")


def _group(found: Scorecard, group: str) -> Iterator[Block]:
    title, text = GROUPS[group]
    yield Heading(2, title, group.replace(" ", "-"))
    yield Paragraph(text)
    for score in found.scores:
        if score.pattern.group == group:
            yield from _pattern(score)


def _pattern(score: Score) -> Iterator[Block]:
    pattern, full = score.pattern, score.results[FULL.name]
    yield Heading(3, f"{pattern.id}: {full.verdict}", anchor(score))
    yield Paragraph(f"**{pattern.claim}** ({pattern.source})")
    yield picture_of(score)
    lines = [
        f"Statistic: {pattern.statistic.text}. Predicted: {predicted_text(pattern)}.",
        f"Settings: {pattern.settings_because}",
        BUILT_IN[pattern.built_in],
        _worlds_text(score),
        f"Theory of frames: {frames_text(score)}.",
    ]
    yield Bullets(lines)
    if full.verdict != HOLDS:
        what = "it does not show" if full.verdict == DOES_NOT_HOLD else "it may not show"
        yield Paragraph(
            f"**Why {what}, as far as we know.** {pattern.if_it_fails or 'We have no explanation.'}", "alert"
        )


def _worlds_text(score: Score) -> str:
    """Return in how many worlds of the full model the statistic lies on either side of zero."""
    found = score.results[FULL.name].estimate
    if found.n == 0:
        return "In no world is there a value."
    above, below = (math.floor(100 * k / found.n + 0.5) for k in (found.n_above, found.n_below))
    text = f"Full model: above zero in {above}% of {found.n} worlds, below in {below}%"
    text += ", exactly zero in the others." if found.n_above + found.n_below < found.n else "."
    if found.value > 0.0 and found.n_below > found.n_above:
        text += " **On average above zero, though below it in more worlds.**"
    if found.value < 0.0 and found.n_above > found.n_below:
        text += " **On average below zero, though above it in more worlds.**"
    return text


def _not_scored() -> Iterator[Block]:
    yield Heading(2, "Rows without a score", "not-scored")
    yield Paragraph("Rows of the sources that claim no direction, or none that the model has words for:")
    yield Bullets([f"**{row}** {why}." for row, why in NOT_SCORED.items()])


def _about(found: Scorecard, command: str) -> Iterator[Block]:
    yield Heading(2, "How it was made", "made-by")
    yield Code(command)
    versions = ", ".join(f"{name} {version}" for name, version in found.manifest["versions"].items())
    yield Paragraph(f"Seed {found.manifest['seed']}. Versions: {versions}.", "note")
    yield Paragraph(
        "The folder of results has every run (`runs.parquet`), the verdicts (`scorecard.parquet`) and the forward test "
        "(`forward.parquet`). `intranet-sim scorecard --quick` gives a first look in a minute or two.",
        "note",
    )
