"""``intranet-sim class serve``: the page for a class from this computer."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Any

import click

from sim.commands.class_options import wishes_of, wishes_options
from sim.commands.options import start_language
from sim.errors import InputError
from sim.processors import n_processors
from sim.texts import DEFAULT_LANGUAGE, said, text

MOST_WORKERS = 4
HERE = "127.0.0.1"


@click.command(name="serve")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--native", "is_native", is_flag=True, help="Let this computer run the model for all who open the page.")
@click.option("--host", default=HERE, show_default=True, metavar="NAME", help="0.0.0.0 lets others in your network in.")
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="Port to use (default: one that is free).")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option("--live", is_flag=True, help="Show on a beamer what the class predicts and finds, as it comes in.")
@wishes_options
@start_language(", with --native")
def command(
    *, folder: Path | None, is_native: bool, host: str, port: int | None, no_browser: bool, live: bool,
    lang: str | None, **wanted: Any,
) -> None:  # fmt: skip
    """Serve the folder DIR that class build has made; with --native, let this computer run the model.

    Only this computer can reach it, unless --host lets others in. The addresses are printed on stderr. Ctrl-C ends it.
    With --live, the first one is the view for the beamer, with a code that leads to the page; students choose whether
    they send anything, and no names are sent.
    """
    from sim.show.classroom.serving import CLASS_LIMITS, addresses, files_to_serve, with_live
    from sim.show.page.files import Wishes
    from sim.show.page.server import Live, application, bound_socket, own_names, serve
    from sim.show.page.workers import Team

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

    serve(application(files, team, own_names(number, names), Live() if live else None), listening, when_ready, team)
