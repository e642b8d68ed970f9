"""The command line: ``intranet-sim`` or ``python -m sim``."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from sim.cli import OutputClosedError, cli
from sim.errors import ReportedError

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
OUTPUT_CLOSED = 141  # 128 + SIGPIPE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Returns
    -------
    int
        0 done, 1 a run failed, 2 the input is wrong, 130 interrupted, 141 nobody reads the output any more.
    """
    _never_fail_on_a_letter()
    given = None if arguments is None else list(arguments)
    try:
        result = cli.main(args=given, prog_name="intranet-sim", standalone_mode=False)
        sys.stdout.flush()
    except ReportedError as error:
        for line in error.lines_in(error.language):
            print(line, file=sys.stderr)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except (OutputClosedError, BrokenPipeError):
        _discard_output()
        return OUTPUT_CLOSED
    return result if isinstance(result, int) else 0


def _never_fail_on_a_letter() -> None:
    """Print a question mark where the terminal has no such letter (an é in a source, say)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if stream is sys.stderr else "replace")


def _discard_output() -> None:
    """Let Python's own last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
