"""Two pairs that agree on a yes-or-no outcome prove nothing, from the command line to the stored tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from click.testing import CliRunner

from sim.cli.table import cli

GOOD = """name: exact-good
extends: leaders-post
organization: {employees: 150}
run: {weeks: 26, replications: 2, critical_share: 0.02}
"""
WEAK = """name: exact-weak
extends: exact-good.yaml
leadership: {participation: 0.0, support: 0.2}
rules: {restriction: 0.6}
"""


def test_two_pairs_of_alive_cannot_tell(tmp_path: Path) -> None:
    for name, written in (("exact-good.yaml", GOOD), ("exact-weak.yaml", WEAK)):
        (tmp_path / name).write_text(written, encoding="utf-8")
    files = [str(tmp_path / name) for name in ("exact-good.yaml", "exact-weak.yaml")]
    out = tmp_path / "out"
    command = [
        "compare",
        "--at-defaults",
        *files,
        "--seed",
        "1",
        "--outcome",
        "alive",
        "--no-figures",
        "--quiet",
        "--out",
        str(out),
    ]
    printed = CliRunner().invoke(cli, command)
    assert printed.exit_code == 0, printed.output
    first = printed.stdout.splitlines()[0]
    assert first.startswith("exact-good or exact-weak: cannot tell: 2 pairs are too few")
    rows = pd.read_parquet(out / "differences.parquet").set_index("outcome")
    alive = rows.loc["alive"]
    assert (alive["n"], alive["method"], alive["verdict"]) == (2, "score", "cannot tell")
    assert alive["high"] - alive["low"] > 1.2
    assert set(rows["verdict"]) == {"cannot tell"}
