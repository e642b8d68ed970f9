"""The benchmark says what it measured and whether that is enough; how fast anything is, is not tested here."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import main
from benchmarks.figures import ROWS, Figure
from benchmarks.sweep_designs import N_COMPARED, throughput_plan
from benchmarks.sweeps import ON_REQUEST, SWEEP_ROWS
from benchmarks.table import table
from benchmarks.timing import Seconds, machine_facts, shortest


def figure(value: float, at_least: bool) -> Figure:
    return Figure("small-run", "one run", value, "ms", 20.0, at_least, note="warm")


@pytest.mark.parametrize(
    ("value", "at_least", "holds"),
    [(20.0, True, True), (19.9, True, False), (20.0, False, True), (20.1, False, False), (float("nan"), True, False)],
)
def test_a_figure_holds_up_to_its_bar(value: float, at_least: bool, holds: bool) -> None:
    assert figure(value, at_least).holds is holds
    assert figure(value, at_least).as_json()["pass"] is holds


def test_table_shows_figure_bar_verdict_and_machine() -> None:
    text = table([figure(30.0, at_least=False), figure(30.0, at_least=True)], {"cores": 2}, quick=True)
    lines = text.splitlines()
    assert lines[0].split() == ["FAIL", "one", "run", "30", "ms", "(at", "most", "20", "ms)"]
    assert lines[2].split() == ["pass", "one", "run", "30", "ms", "(at", "least", "20", "ms)"]
    assert "cores 2" in text
    assert "rough" in text


def test_every_row_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(row in shown for row in (*ROWS, *SWEEP_ROWS))
    with pytest.raises(SystemExit) as stopped:
        main(["--only", "speed"])
    assert stopped.value.code == 2


def test_json_is_all_there_is_on_standard_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS, "small-run", lambda quick: [figure(30.0, at_least=False)])
    assert main(["--only", "small-run", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [found["name"] for found in report["figures"]] == ["one run"]
    assert report["machine"].keys() == machine_facts().keys()


def test_shortest_of_each_clock() -> None:
    assert shortest([Seconds(2.0, 3.0), Seconds(1.0, 4.0)]) == Seconds(1.0, 3.0)


def test_what_takes_minutes_is_measured_only_on_request(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = []
    for rows in (ROWS, SWEEP_ROWS):
        for row in rows:
            monkeypatch.setitem(rows, row, lambda quick, row=row: measured.append(row) or [figure(1.0, at_least=False)])
    assert main([]) == 0
    assert set(measured) == {*ROWS, *SWEEP_ROWS} - set(ON_REQUEST)
    measured.clear()
    main(["--only", "sobol-study"])
    assert measured == ["sobol-study"]


def test_the_plain_design_has_the_runs_of_the_sweep() -> None:
    plan = throughput_plan(n_replications=3)
    assert plan.n_points == N_COMPARED
    assert plan.runs[:N_COMPARED] == tuple(throughput_plan(n_replications=1).runs)
    assert {run.replication for run in plan.runs[:N_COMPARED]} == {0}
