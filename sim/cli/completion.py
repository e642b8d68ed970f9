"""``intranet-sim completion``: completion of commands, options, scenarios and keys in a shell."""

from __future__ import annotations

import click

from sim.errors import InputError
from sim.words import said

PROGRAM = "intranet-sim"
SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    bash:  intranet-sim completion bash > ~/.local/share/bash-completion/completions/intranet-sim
    zsh:   intranet-sim completion zsh > ~/.zfunc/_intranet-sim
    fish:  intranet-sim completion fish > ~/.config/fish/completions/intranet-sim.fish
    """
    from click.shell_completion import get_completion_class

    from sim.cli.table import cli

    completion = get_completion_class(shell)
    if completion is None:
        raise InputError(said("refusal.completion", shell=shell, names=", ".join(SHELLS)))
    variable = f"_{PROGRAM.replace('-', '_')}_COMPLETE".upper()
    click.echo(completion(cli, {}, PROGRAM, variable).source())
