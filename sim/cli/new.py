"""``intranet-sim new`` and ``ask``: files of one's own to start from, written with comments."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sim.cli.options import command
from sim.errors import InputError
from sim.words import said, text, typed


@command("new", "name experiment out force")
def new_command(name: str, is_experiment: bool, out: Path | None, force: bool) -> None:
    """Write a scenario file with every common key, its default and a comment; or an experiment file.

    The file runs as it is; change what you want and delete the rest. A file that exists is not touched
    without --force.
    """
    from sim.documents.reference import new_experiment, new_scenario
    from sim.scenario.grammar import NAME_LENGTH, is_valid_name
    from sim.scenario.hints import shown
    from sim.scenario.library import SUFFIX

    name = name.removesuffix(SUFFIX)
    if not is_valid_name(name):
        reason = said("refusal.scenario_name", length=NAME_LENGTH, value=shown(name))
        raise InputError(said("refusal.cli.new_name", reason=reason))
    file = _target(name + SUFFIX, out)
    text = new_experiment(name, file.name) if is_experiment else new_scenario(name, file.name)
    _write(file, text, force)
    following = ("sweep", file, "--quick") if is_experiment else ("run", file)
    click.echo(f"wrote {file}; next: {typed('intranet-sim', *following)}")


def _target(file_name: str, out: Path | None) -> Path:
    """Return the file to write."""
    if out is None:
        return Path(file_name)
    return out / file_name if out.is_dir() else out


def _write(file: Path, text: str, force: bool) -> None:
    """Write the file whole, or leave what is there.

    Raises
    ------
    InputError
        If there is such a file already and `force` is not given, or it cannot be written.
    """
    from sim.kernel.files import write_text

    if os.path.lexists(file) and not force:
        raise InputError(said("refusal.cli.exists", file=file))
    try:
        write_text(file, text)
    except OSError as error:
        raise InputError(said("refusal.cli.cannot_write", file=file, reason=error.strerror or error)) from None


@command("ask", "out page force lang")
def ask_command(*, out: Path, page: Path | None, force: bool, lang: str) -> None:
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
