"""``intranet-sim sweep``: many strategies in many possible worlds."""

from __future__ import annotations

from typing import Any

import click

from sim.cli.options import (
    answers_option,
    experiment_argument,
    experiment_options,
    ranking_options,
    report_option,
    worlds_options,
)
from sim.cli.study import asked, study


@click.command(name="sweep")
@experiment_argument
@experiment_options
@ranking_options
@worlds_options
@answers_option
@report_option
def command(*, experiment: str, **options: Any) -> None:
    """Run a design: strategies in plausible worlds, all with the same luck in each, and rank the strategies.

    EXPERIMENT is a file or the name of a shipped experiment, such as framing. Results go to results/<name>.
    """
    study(*asked("sweep", [experiment], **options))
