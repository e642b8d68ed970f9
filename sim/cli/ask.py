"""``intranet-sim ask``: ten questions about what no file tells, in the terminal or as a page to pass on."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sim.cli.options import lang_option
from sim.errors import InputError
from sim.words import said, text, typed

DEFAULT_FILE = Path("answers.yaml")


@click.command(name="ask")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=DEFAULT_FILE, show_default=True, metavar="FILE",
    help="Where the answers go.",
)  # fmt: skip
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the questions as a page instead (HTML, works without a network), which writes the same answers.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@lang_option
def command(*, out: Path, page: Path | None, force: bool, lang: str) -> None:
    """Ask ten questions about your organization: trust, leaders, rules, training, daily tools and so on.

    An answer becomes a range of a key of scenarios, and not knowing the whole plausible range. compare, run and sweep
    draw over these ranges with --answers FILE, and say which answer would change the advice most.
    """
    target = page or out
    if os.path.lexists(target) and not force:
        raise InputError(said("refusal.answers.exists", file=target))
    if page is not None:
        from sim.pages.questionnaire_page import questionnaire_page

        content = questionnaire_page(lang)
    else:
        from sim.experiments.questionnaire import answers_text

        content = answers_text(_asked(lang), lang)
    from sim.kernel.files import write_text

    try:
        write_text(target, content)
    except OSError as error:
        raise InputError(said("refusal.cli.target", target=target, reason=error.strerror or error)) from None
    if page is not None:
        click.echo(text(lang, "ask.wrote_page", file=page))
    else:
        command_line = typed("intranet-sim", "compare", "like-facebook", "collaboration", "--answers", out, "--report")
        click.echo(text(lang, "ask.wrote", file=out, command=command_line))


def _asked(language: str) -> dict[str, str]:
    """Ask every question, and return the chosen answers; what is not answered is not known."""
    from sim.experiments.questionnaire import DONT_KNOW, questions

    click.echo(text(language, "ask.intro", n=len(questions())))
    chosen = {}
    is_over = False
    for place, question in enumerate(questions(), start=1):
        options = list(question.ranges)
        click.echo(f"\n{place}. {question.asked(language)}")
        for number, option in enumerate(options, start=1):
            click.echo(f"   {number}  {question.option(option, language)}")
        chosen[question.name] = DONT_KNOW
        while not is_over:
            click.echo(text(language, "ask.prompt", n=len(options)), nl=False)
            try:
                given = input().strip()
            except EOFError:
                is_over = True
                click.echo()
                break
            if not given:
                break
            if given.isdecimal() and 1 <= int(given) <= len(options):
                chosen[question.name] = options[int(given) - 1]
                break
            click.echo(text(language, "ask.again", n=len(options)))
    click.echo()
    return chosen
