"""``intranet-sim run``: one scenario in plausible worlds, every outcome with its interval."""

from __future__ import annotations

from typing import Any

import click

from sim.cli.options import results_options, scenario_argument, scenario_options, study_options, worlds_options
from sim.cli.study import asked, study


@click.command(name="run")
@scenario_argument
@scenario_options
@study_options
@worlds_options
@results_options
def command(*, scenario: str, **options: Any) -> None:
    """Run one scenario in plausible worlds, and show what comes of it.

    SCENARIO is a file or the name of a shipped scenario, such as baseline. Results go to results/<name>.
    """
    study(*asked("run", [scenario], **options))
