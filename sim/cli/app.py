"""``intranet-sim app``: the page in the browser, computed by this machine."""

from __future__ import annotations

import webbrowser

import click

from sim.cli.options import start_language
from sim.kernel.processors import n_processors

MOST_WORKERS = 4


@click.command(name="app")
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="Port to use (default: one that is free).")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@start_language(" (default: that of the browser)")
@click.option("--lesson", is_flag=True, help="Lead through the lesson: story, prediction, run, why, run card, debrief.")
def command(port: int | None, no_browser: bool, lang: str | None, lesson: bool) -> None:
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
