"""The command table, exit codes and what is printed where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from time_limits import PROGRAM_SECONDS

from sim.__main__ import main
from sim.cli.table import COMMANDS, cli
from sim.errors import InputError, RunError
from sim.version import __version__

REPOSITORY = Path(__file__).resolve().parents[2]
DESIGN = ("run", "compare", "explain", "validate", "new", "parameters", "scenarios", "schema")


def test_help_lists_the_commands_of_the_design(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    output = capsys.readouterr().out
    assert all(f"\n  {name}" in output for name in DESIGN)
    assert main(["-h"]) == 0
    assert capsys.readouterr().out == output


@pytest.mark.parametrize("name", COMMANDS)
def test_command_exists_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert isinstance(command, click.Command)
    assert command.help
    assert main([name, "--help"]) == 0
    assert f"intranet-sim {name}" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"intranet-sim {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compre"], "did you mean compare?"),
        (["nonsense-without-a-neighbor"], "There is no command"),
        (["validate"], "FILE"),
        (["validate", "--nonsense", "baseline"], "--nonsense"),
        (["--nonsense"], "--nonsense"),
        (["completion", "powershell"], "powershell"),
        (["parameters", "rulez"], "did you mean rules?"),
        (["parameters", "--json", "--markdown"], "exclude each other"),
    ],
)
def test_wrong_use_is_told_on_stderr(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert words in output.err
    assert output.out == ""
    assert "Traceback" not in output.err


@pytest.mark.parametrize(
    ("raised", "code", "printed"),
    [
        (InputError(["one", "two"]), 2, "one\ntwo\n"),
        (InputError("alone"), 2, "alone\n"),
        (RunError("a run failed"), 1, "a run failed\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_exit_code_of_an_error(
    raised: BaseException,
    code: int,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    @click.command()
    def failing() -> None:
        raise raised

    monkeypatch.setattr(type(cli), "get_command", lambda self, context, name: failing)
    assert main(["run"]) == code
    assert capsys.readouterr().err.strip() == printed.strip()


def test_exit_code_that_a_command_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def returning() -> int:
        return 1

    monkeypatch.setattr(type(cli), "get_command", lambda self, context, name: returning)
    assert main(["run"]) == 1


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(cli), "get_command", lambda self, context, name: broken)
    with pytest.raises(ZeroDivisionError):
        main(["run"])


@pytest.mark.parametrize("arguments", [["parameters"], ["parameters", "rules"], ["--help"]], ids=" ".join)
def test_closed_pipe_is_quiet(arguments: list[str]) -> None:
    """As in ``intranet-sim parameters | head -1``: whoever reads stops, and nothing is said about it."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "sim", *arguments],
            stdout=output, stderr=subprocess.PIPE, cwd=REPOSITORY, check=False,
        timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    assert done.returncode == 141
    assert done.stderr == b""


def test_letters_that_the_terminal_lacks() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "sim", "parameters", "rules"],
        capture_output=True, env=environment, cwd=REPOSITORY, check=False,
        timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0
    assert b"Schondienst" in done.stdout
