"""``intranet-sim new``: start a scenario or an experiment of your own."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sim.errors import InputError
from sim.words import said, typed


@click.command()
@click.argument("name")
@click.option("--experiment", "is_experiment", is_flag=True, help="Write an experiment instead of a scenario.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="File to write, or folder to write NAME.yaml in (default: here).",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def command(name: str, is_experiment: bool, out: Path | None, force: bool) -> None:
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
