"""What ends a debrief: questions to talk about, the checks, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sim.scenario.defaults import default_values
from sim.show.debrief.known import Known, organization_letter
from sim.show.debrief.launches import is_of_organization, setting_words, settings_in
from sim.show.debrief.levers import UNSURE, levers
from sim.show.debrief.luck import most_repeated
from sim.show.debrief.rerunning import Checked
from sim.show.debrief.spread import launch_table
from sim.show.debrief.wording import lever_words, mean_words
from sim.show.report.blocks import Block, Bullets, Facts, Heading, Paragraph, Row, Rows, Table
from sim.show.report.wording import quoted
from sim.texts import text
from sim.version import __version__

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
