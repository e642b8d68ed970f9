"""The command line: ``intranet-sim`` or ``python -m sim``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from sim.cli.table import cli
from sim.documents.output import prepared_streams, refuse_lost_output
from sim.errors import ReportedError
from sim.kernel.processors import spare_threads

INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Returns
    -------
    int
        0 done, 1 a run failed or something cannot be written, 2 the input is wrong, 130 interrupted, 141 nobody reads
        the output any more.
    """
    spare_threads()
    with prepared_streams():
        try:
            result = cli.main(
                args=None if arguments is None else list(arguments), prog_name="intranet-sim", standalone_mode=False
            )
            refuse_lost_output()  # that of --help and --version, too
        except ReportedError as error:
            for line in error.lines_in(error.language):
                print(line, file=sys.stderr)
            return error.exit_code
        except click.ClickException as error:
            error.show(sys.stderr)
            return error.exit_code
        except (click.Abort, KeyboardInterrupt):
            print("interrupted", file=sys.stderr)
            return INTERRUPTED
        return result if isinstance(result, int) else 0


if __name__ == "__main__":
    sys.exit(main())
