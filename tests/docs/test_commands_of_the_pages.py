"""Every command that a page shows can be typed as it stands: subcommand, options, values, names and keys are there."""

from __future__ import annotations

import copy
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sim.catalog.registry import PARAMETER_BY_PATH
from sim.cli.options import NumberOrFolder
from sim.cli.table import cli
from sim.experiments.grammar import KEYS
from sim.scenario.library import experiment_names, shipped_names

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    file
    for pattern in ("*.md", "docs/**/*.md", "experiments/**/*.*", "scenarios/**/*.*", "results/*.md")
    for file in ROOT.glob(pattern)
    if file.suffix in (".md", ".yaml")
)
# What these pages show how to add is there only when it has been added.
ADDED = {
    "add-a-command.md": ("profiles",), "add-an-outcome.md": ("readers_per_poster",),
    "add-a-launch-strategy.md": ("champions-newcomers",), "add-a-scenario.md": ("training-for-all",),
}  # fmt: skip
_FENCED = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", flags=re.M | re.S)
_INLINE = re.compile(r"`(intranet-sim [^`]+)`")
_LINE = re.compile(r"\s*(?:\$ )?(?:\w+=\S+ )*(?:time |exec )?(intranet-sim .*)")
_ENDS = ("|", ">", ">>", "&&", "||", "&", ";")


def commands_in(text: str) -> Iterator[list[str]]:
    """Yield the words of each command; what is only the name of a command, in a sentence, is none."""
    for _, block in _FENCED.findall(text):
        for line in re.sub(r"\\\n\s*", " ", block).splitlines():
            if found := _LINE.fullmatch(line):
                yield _words(found[1])
    for shown in _INLINE.findall(_FENCED.sub("", text)):
        words = _words(" ".join(shown.split()))
        if len(words) > (3 if words[1] == "class" else 2) and not words[1].isupper():
            yield words


def _words(line: str) -> list[str]:
    words = [re.sub(r"\$\w+", "1", word) for word in shlex.split(line, comments=True)]
    end = min([words.index(sign) for sign in _ENDS if sign in words], default=len(words))
    return [word for word in words[:end] if not re.fullmatch(r"\d>\S+", word)]


def refused(words: list[str], made: set[str]) -> str:
    """Return why a command cannot be typed; empty if it can. Files need not be there."""
    context, command, rest = click.Context(cli, info_name="intranet-sim"), cli, words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        name, *rest = rest
        found = command.get_command(context, name)
        if found is None:
            return f"there is no command {name}"
        context, command = click.Context(found, info_name=name, parent=context), found
    if command is cli or "--help" in rest:
        return ""
    command = copy.copy(command)  # its parameters are shared by other commands
    command.params = [copy.copy(parameter) for parameter in command.params]
    for parameter in command.params:
        if isinstance(parameter.type, click.Path | NumberOrFolder):
            parameter.type = click.Path()
    try:
        parsed = command.make_context(str(context.info_name), list(rest), parent=context.parent)
    except click.ClickException as error:
        return error.format_message()
    given = [parsed.params.get(key) for key in ("scenario", "scenarios", "experiment", "names")]
    names = [name for one in given if one for name in ([one] if isinstance(one, str) else one)]
    known = {*shipped_names(), *experiment_names(), *made}
    unknown = [name for name in names if re.fullmatch(r"[\w-]+", str(name)) and str(name) not in known]
    keys = re.findall(r"--set (?:levers\.|uncertainties\.)?([\w.]+)=", " ".join(rest))
    unknown += [key for key in keys if key not in PARAMETER_BY_PATH and key not in KEYS]
    return f"there is no {', '.join(unknown)}" if unknown else ""


def test_commands_are_found() -> None:
    found = [words for page in PAGES for words in commands_in(page.read_text(encoding="utf-8"))]
    assert len(found) > 150
    assert {words[1] for words in found} >= {"run", "compare", "sweep", "sensitivity", "discover", "explain", "results"}


def test_every_command_can_be_typed() -> None:
    wrong = []
    for page in PAGES:
        commands = list(commands_in(page.read_text(encoding="utf-8")))
        made = {words[2] for words in commands if words[1] == "new" and len(words) > 2}
        wrong += [
            f"{page.relative_to(ROOT)}: {shlex.join(words)}: {why}"
            for words in commands
            if not set(words) & set(ADDED.get(page.name, ()))
            if (why := refused(words, made))
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "line",
    [
        "intranet-sim comprae a b", "intranet-sim compare baseline --quick", "intranet-sim sweep",
        "intranet-sim run base", "intranet-sim run baseline --set rules.restrictions=1",
        "intranet-sim run baseline --outcome likes",
    ],
)  # fmt: skip
def test_what_cannot_be_typed_is_found_out(line: str) -> None:
    assert refused(_words(line), set())
