"""``intranet-sim app`` and ``class``: the page in the browser, for a lecture and for a class."""

from __future__ import annotations

import json
import sys
import webbrowser
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import command
from sim.cli.table import CommandTable
from sim.documents.terminal import print_text
from sim.errors import InputError
from sim.kernel.processors import n_processors
from sim.words import DEFAULT_LANGUAGE, in_language, number, said, text, typed

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sim.pages.debrief.launches import Known
    from sim.web.page.files import Wishes
    from sim.web.page.workers import Limits


MOST_WORKERS = 4
LONGEST_QUESTION = 300
WISHES = "launches people weeks runs question lock"
"""What a lecturer wants of the page of a class."""
MEGABYTE, KILOBYTE = 1e6, 1e3
HERE = "127.0.0.1"
ALL = "all"


@command("app", "port no-browser lang lesson")
def app_command(port: int | None, no_browser: bool, lang: str | None, lesson: bool) -> None:
    """Open the page: two launches side by side, for a lecture or to try things out.

    The address is printed on stderr. Nobody but this computer can reach it. Ctrl-C ends it.
    """
    from sim.web.page.files import DEFAULTS, LESSON_DEFAULTS, NATIVE, page_files
    from sim.web.page.server import HOST, application, bound_socket, own_names, serve
    from sim.web.page.workers import Limits, Team

    listening = bound_socket(port)
    number = listening.getsockname()[1]
    address = f"http://{HOST}:{number}/"

    def when_ready() -> None:
        click.echo(f"{address}  (Ctrl-C ends it)", err=True)
        if not no_browser:
            webbrowser.open(address)

    team = Team(min(n_processors(), MOST_WORKERS), Limits())
    files = page_files([NATIVE], LESSON_DEFAULTS if lesson else DEFAULTS, lang, has_lesson=lesson)
    serve(application(files, team, own_names(number)), listening, when_ready, team)


COMMANDS: dict[str, str] = {
    "build": "Write the page for a class: a folder for any web host, or one file.",
    "serve": "Serve the page for a class from this computer.",
    "collect": "Lay the run cards of a class over each other, check them, and write the debrief.",
}

class_command = CommandTable(
    "class",
    table=COMMANDS,
    modules=dict.fromkeys(COMMANDS, "page"),
    help="Build and serve the page for a class, and collect what the class found.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def wishes_of(
    launches: tuple[str, str] | None, people: int | None, weeks: int | None, runs: int | None,
    question: str | None, lock: bool,
) -> Wishes:  # fmt: skip
    """Return what is wanted of the page.

    Raises
    ------
    sim.errors.InputError
        If a launch is none that ships, or sizes are given for the rounds, which have their own.
    """
    from sim.scenario.hints import did_you_mean
    from sim.scenario.library import plain_names
    from sim.web.page.files import Wishes

    wrong = []
    for name in launches or ():
        if name not in plain_names():
            wrong.append(f"--launches {name}: {said('refusal.no_shipped', hint=did_you_mean(name, plain_names()))}")
    if launches and launches[0] == launches[1]:
        wrong.append(said("refusal.class.same_launches"))
    sizes = {"--people": people, "--weeks": weeks, "--runs": runs}
    if launches is None:
        wrong += [said("refusal.class.own_sizes", option=name) for name, value in sizes.items() if value is not None]
    if question is not None and len(question) > LONGEST_QUESTION:
        wrong.append(said("refusal.class.long_question", most=LONGEST_QUESTION))
    if wrong:
        raise InputError(wrong)
    return Wishes(launches, people, weeks, runs, question, is_locked=lock)


@command("build", "folder single-file edition pyodide numpy luck", WISHES, "lang")
def build_command(
    *, folder: Path | None, file: Path | None, kind: str, pyodide: Path | None, numpy: str | None, luck: int,
    lang: str | None, **wanted: Any,
) -> None:  # fmt: skip
    """Write the page for a class into the folder DIR, for any web host, or into one file.

    Students open it on laptop or phone: nothing to install, no account, nothing loaded from elsewhere. The model
    runs in their browser; the rounds of the lesson are recorded now, which takes a minute or two, and are there at
    once. Where the parts of the model cannot be had, the page shows recorded runs alone.
    """
    from sim.kernel.files import written_whole
    from sim.web.classroom.folder import edition, refuse_foreign, refuse_foreign_file, single_file, write_folder

    if folder is None and file is None:
        raise InputError(said("refusal.class.nowhere"))
    if folder is not None:
        refuse_foreign(folder)
    if file is not None:
        if folder is not None and file.resolve().is_relative_to(folder.resolve()):
            raise InputError(said("refusal.class.inside", file=file, folder=folder))
        refuse_foreign_file(file)
    language = lang or DEFAULT_LANGUAGE
    wishes = wishes_of(**wanted)

    def tell_lacking(why: str) -> None:
        click.echo(text(language, "edition.build.lacking", why=in_language(why, language)), err=True)

    told = _counting("edition.build.recording", language)
    made = edition(kind, pyodide, numpy, lang, tell_lacking, wishes, luck, told)
    print_text(text(language, f"edition.build.{made.kind}"))
    if folder is not None:
        write_folder(folder, made.files)
        size = _size(sum(map(len, made.files.values())), language)
        again = typed("intranet-sim", "class", "serve", folder)
        n = len(made.files) + 1
        print_text(text(language, "edition.build.folder", folder=folder, command=again, n=n, size=size))
    if file is not None:
        content = single_file(made.files)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(file) as target:
                target.write(content)
        except OSError as error:
            raise InputError(said("refusal.place", place=file, reason=error.strerror)) from error
        print_text(text(language, "edition.build.file", file=file, size=_size(len(content), language)))


def _size(n_bytes: int, language: str) -> str:
    """Return a size in words."""
    if n_bytes >= MEGABYTE:
        return f"{number(n_bytes / MEGABYTE, 1, language)} MB"
    return f"{number(n_bytes / KILOBYTE, 0, language)} KB"


@command("serve", "folder native host port no-browser live", WISHES, "lang")
def serve_command(
    *, folder: Path | None, is_native: bool, host: str, port: int | None, no_browser: bool, live: bool,
    lang: str | None, **wanted: Any,
) -> None:  # fmt: skip
    """Serve the folder DIR that class build has made; with --native, let this computer run the model.

    Only this computer can reach it, unless --host lets others in. The addresses are printed on stderr. Ctrl-C ends it.
    With --live, the first one is the view for the beamer, with a code that leads to the page; students choose whether
    they send anything, and no names are sent.
    """
    from sim.web.classroom.folder import CLASS_LIMITS, addresses, files_to_serve, with_live
    from sim.web.page.files import Wishes
    from sim.web.page.server import Live, application, bound_socket, own_names, serve
    from sim.web.page.workers import Limits, Team

    if folder is None and not is_native:
        raise InputError(said("refusal.class.serve_what"))
    wishes = wishes_of(**wanted)
    if wishes != Wishes() and not is_native:
        raise InputError(said("refusal.class.native_wishes"))
    files = files_to_serve(folder, is_native, lang, wishes)
    listening = bound_socket(port, host)
    number = listening.getsockname()[1]
    names = addresses(host)
    if live:
        files = with_live(files, f"http://{names[0]}:{number}/")
    team = Team(min(n_processors(), MOST_WORKERS), CLASS_LIMITS) if is_native else None
    screen = Live(Team(1, Limits(), debrief_work)) if live else None

    def when_ready() -> None:
        urls = [f"http://{name}:{number}/" for name in names]
        if live:
            urls = [f"{urls[0]}?live", *urls]
        for url in urls:
            click.echo(f"{url}  (Ctrl-C ends it)" if url == urls[0] else url, err=True)
        if host != HERE:
            click.echo(text(lang or DEFAULT_LANGUAGE, "edition.serve.open"), err=True)
        if not no_browser:
            webbrowser.open(urls[0])

    app = application(files, team, own_names(number, names), screen)
    serve(app, listening, when_ready, team, screen.team if screen else None)


def debrief_work(connection: Connection, limits: Limits) -> None:
    """Work out debriefs for the beamer: the life of a process."""
    from sim.pages.debrief.screens import reply_to
    from sim.web.page.workers import work

    work(connection, limits, reply_to)


@command("collect", "cards out sample pdf skip-bad lang json")
def collect_command(
    *, cards: tuple[Path, ...], file: Path, sample: str, pdf: bool, skip_bad: bool, lang: str, as_json: bool
) -> None:
    """Lay the run cards of a class over each other, run them again, and write the debrief page.

    CARDS are files that hold a run card or short codes (as many as you like), and folders of such files (.json, .txt).
    A card that does not give the same runs again is named and left out. The page holds no names; nothing is kept.
    """
    from sim.documents.printers import print_pdf
    from sim.pages.debrief.cards import check, class_outcome
    from sim.pages.debrief.cards import collect as collect_cards
    from sim.pages.debrief.launches import Known
    from sim.pages.debrief.writing import write_debrief

    wrong = [*_wrong_target(file, cards, lang), *_wrong_sample(sample, lang)]
    try:
        collected = collect_cards(cards, lang, skip_bad)
    except InputError as error:
        raise InputError([*wrong, *error.lines]) from None
    if wrong:
        raise InputError(wrong)
    checked = check(collected.cards, None if sample == ALL else int(sample), _counting("debrief.told.progress", lang))
    known = Known(collected, checked, class_outcome(collected.cards), lang)
    told = list(_told(known))
    if not known.cards:
        raise InputError([*told, text(lang, "debrief.told.none_left")])
    write_debrief(known, file)
    printed = print_pdf(file) if pdf else None
    if pdf and printed is None:
        click.echo(text(lang, "debrief.no_pdf", file=file), err=True)
    if as_json:
        print(json.dumps(_as_json(known, file), indent=2, allow_nan=False))
        return
    for line in [*told, *(text(lang, "debrief.written", file=one) for one in (file, printed) if one)]:
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


def _counting(key: str, language: str) -> Callable[[int, int], None] | None:
    """Return what counts on a terminal; a pipe needs no such line."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, n: int) -> None:
        end = "\n" if done == n else ""
        print("\r" + text(language, key, done=done, n=n), end=end, file=sys.stderr, flush=True)

    return tell


def _told(known: Known) -> list[str]:
    """Return what the person at the terminal should know."""
    from sim.pages.debrief.writing import reason

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
    from sim.pages.debrief.writing import reason, summary

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
