"""``intranet-sim class collect``: the run cards of a class, checked, and the page to talk them over with."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.options import json_option, lang_option
from sim.commands.terminal import print_text
from sim.errors import InputError
from sim.texts import text

if TYPE_CHECKING:
    from sim.show.debrief.launches import Known

ALL = "all"


@click.command(name="collect")
@click.argument("cards", metavar="CARDS...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    "file",
    type=click.Path(path_type=Path),
    default=Path("debrief.html"),
    show_default=True,
    metavar="FILE",
    help="Where to write the page.",
)
@click.option(
    "--sample",
    default=ALL,
    show_default=True,
    metavar="N|all",
    help="How many cards to run again; cards that contradict each other always are.",
)
@click.option("--skip-bad", is_flag=True, help="Pass over what is no run card instead of stopping.")
@lang_option
@json_option
def command(*, cards: tuple[Path, ...], file: Path, sample: str, skip_bad: bool, lang: str, as_json: bool) -> None:
    """Lay the run cards of a class over each other, run them again, and write the debrief page.

    CARDS are files that hold a run card or short codes (as many as you like), and folders of such files (.json, .txt).
    A card that does not give the same runs again is named and left out. The page holds no names; nothing is kept.
    """
    from sim.show.debrief.cards import check, class_outcome
    from sim.show.debrief.cards import collect as collect_cards
    from sim.show.debrief.launches import Known
    from sim.show.debrief.writing import write_debrief

    wrong = [*_wrong_target(file, cards, lang), *_wrong_sample(sample, lang)]
    try:
        collected = collect_cards(cards, lang, skip_bad)
    except InputError as error:
        raise InputError([*wrong, *error.lines]) from None
    if wrong:
        raise InputError(wrong)
    checked = check(collected.cards, None if sample == ALL else int(sample), _progress(lang))
    known = Known(collected, checked, class_outcome(collected.cards), lang)
    told = list(_told(known))
    if not known.cards:
        raise InputError([*told, text(lang, "debrief.told.none_left")])
    write_debrief(known, file)
    if as_json:
        print(json.dumps(_as_json(known, file), indent=2, allow_nan=False))
        return
    for line in [*told, text(lang, "debrief.written", file=file)]:
        print_text(line)


def _wrong_target(file: Path, cards: Sequence[Path], language: str) -> list[str]:
    """Say what is wrong with the place for the page, before anything runs."""
    if file.is_dir():
        return [text(language, "debrief.told.is_folder", file=file)]
    if not file.parent.is_dir():
        return [text(language, "debrief.told.no_folder", file=file, folder=file.parent)]
    if file.resolve() in {one.resolve() for one in cards}:
        return [text(language, "debrief.told.is_input", file=file)]
    return []


def _wrong_sample(sample: str, language: str) -> list[str]:
    if sample == ALL or (sample.isascii() and sample.isdigit() and len(sample) < 10):
        return []
    return [text(language, "debrief.told.wrong_sample", given=sample)]


def _progress(language: str) -> Callable[[int, int], None] | None:
    """Return what counts cards on a terminal; a pipe needs no such line."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, n: int) -> None:
        end = "\n" if done == n else ""
        print("\r" + text(language, "debrief.told.progress", done=done, n=n), end=end, file=sys.stderr, flush=True)

    return tell


def _told(known: Known) -> list[str]:
    """Return what the person at the terminal should know."""
    from sim.show.debrief.writing import reason

    language, collected = known.language, known.collected
    states = Counter(one.state for one in known.checked)
    lines = [
        text(
            language, "debrief.told.cards", n=len(known.checked) + collected.n_duplicates, files=collected.n_files,
            checked=known.n_checked, agrees=states["agrees"], not_run=states["not_run"],
        )
    ]  # fmt: skip
    if collected.n_duplicates:
        lines.append(text(language, "debrief.told.duplicates", n=collected.n_duplicates))
    if collected.n_passed:
        lines.append(text(language, "debrief.told.passed", n=collected.n_passed))
    lines += collected.passed_over
    lines += [
        text(language, "debrief.told.left_out", place=one.place, card=one.card.name, reason=reason(one, language))
        for one in known.left_out
    ]
    return lines


def _as_json(known: Known, file: Path) -> dict[str, Any]:
    """Return what the page says, for a program."""
    from sim.show.debrief.writing import reason, summary

    states = Counter(one.state for one in known.checked)
    return {
        "out": str(file),
        "cards": len(known.checked) + known.collected.n_duplicates,
        "duplicates": known.collected.n_duplicates,
        "passed_over": list(known.collected.passed_over),
        "checks": dict(sorted(states.items())),
        "left_out": [
            {"file": one.place, "card": one.card.name, "state": one.state, "reason": reason(one, known.language)}
            for one in known.left_out
        ],
        **summary(known),
    }
