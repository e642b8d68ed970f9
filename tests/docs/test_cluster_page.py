"""The page on clusters names commands and options that there are, and its program is one."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from sim.cli.table import COMMANDS, cli

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "run-on-a-cluster.md").read_text(encoding="utf-8")
TYPED = re.findall(r"(?:^|`|exec )intranet-sim ([a-z]+)([^\n`]*)", PAGE, flags=re.M)


def test_commands_are_found() -> None:
    assert {name for name, _ in TYPED} == {"sweep", "merge"}


@pytest.mark.parametrize(("name", "rest"), TYPED)
def test_options_exist(name: str, rest: str) -> None:
    assert name in COMMANDS
    command: click.Command = cli.get_command(click.Context(cli), name)
    options = {option for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", rest)) <= options


def test_the_program_is_one() -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.M | re.S)
    compile(program, "script.py", "exec")
    assert "from sim import sweep" in program
