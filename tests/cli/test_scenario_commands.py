"""validate, new, parameters, scenarios, schema and completion, used as a person uses them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS

from sim.__main__ import main
from sim.catalog.registry import PARAMETERS
from sim.cli.options import overrides
from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.scenario.library import shipped_folder, shipped_names

REPOSITORY = Path(__file__).resolve().parents[2]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_validate_all_shipped_scenarios(capsys: Capture) -> None:
    files = [str(shipped_folder() / f"{name}.yaml") for name in shipped_names()]
    assert main(["validate", *files]) == 0
    output = capsys.readouterr()
    assert output.out.splitlines() == [f"{file}: ok" for file in files]
    assert output.err == ""


def test_validate_checks_every_file_and_tells_each_problem_once(capsys: Capture) -> None:
    Path("base.yaml").write_text("rules: {guidance: 2}\n")
    Path("a.yaml").write_text("extends: base.yaml\n")
    Path("b.yaml").write_text("extends: base.yaml\nrun: {weeks: 0}\n")
    assert main(["validate", "a.yaml", "baseline", "b.yaml"]) == 2
    output = capsys.readouterr()
    assert output.out.splitlines() == ["a.yaml: 1 problem", "baseline: ok", "b.yaml: 2 problems"]
    assert [line.split(": ")[0] for line in output.err.splitlines()] == ["base.yaml:1:19", "b.yaml:2:14"]


def test_validate_quiet_and_json(capsys: Capture) -> None:
    Path("a.yaml").write_text("run: {weeks: 0}\n")
    assert main(["validate", "--quiet", "baseline"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["validate", "--json", "baseline", "a.yaml"]) == 2
    first, second = json.loads(capsys.readouterr().out)
    assert first == {"file": "baseline", "ok": True, "problems": []}
    (problem,) = second["problems"]
    assert (problem["file"], problem["line"], problem["column"], problem["path"]) == ("a.yaml", 1, 14, "run.weeks")


def test_new_scenario_is_right_and_is_the_defaults(capsys: Capture) -> None:
    assert main(["new", "mine"]) == 0
    assert "wrote mine.yaml" in capsys.readouterr().out
    scenario = load_scenario("mine.yaml")
    assert scenario.name == "mine"
    assert scenario.launch == Scenario().launch
    assert main(["validate", "mine.yaml"]) == 0
    assert os.listdir() == ["mine.yaml"]


def test_new_refuses_to_overwrite(capsys: Capture) -> None:
    Path("mine.yaml").write_text("precious\n")
    assert main(["new", "mine"]) == 2
    assert "mine.yaml: exists already" in capsys.readouterr().err
    assert Path("mine.yaml").read_text() == "precious\n"
    assert main(["new", "mine", "--force"]) == 0
    assert load_scenario("mine.yaml").name == "mine"
    assert os.listdir() == ["mine.yaml"]


def test_new_does_not_write_through_a_link(capsys: Capture) -> None:
    Path("mine.yaml").symlink_to("elsewhere.yaml")
    assert main(["new", "mine"]) == 2
    assert not Path("elsewhere.yaml").exists()


def test_new_in_a_folder_or_under_another_name() -> None:
    Path("folder").mkdir()
    assert main(["new", "mine.yaml", "--out", "folder"]) == 0
    assert load_scenario("folder/mine.yaml").name == "mine"
    assert main(["new", "mine", "--out", "folder/other.yaml"]) == 0
    assert load_scenario("folder/other.yaml").name == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["../mine"], "NAME must be"),
        ([""], "NAME must be"),
        (["a" * 200], "NAME must be"),
        (["mine", "--out", "nowhere/mine.yaml"], "nowhere/mine.yaml: cannot be written"),
        (["mine", "--out", "/proc/mine.yaml"], "/proc/mine.yaml: cannot be written"),
    ],
)
def test_new_refuses(arguments: list[str], words: str, capsys: Capture) -> None:
    assert main(["new", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert os.listdir() == []


def test_parameters_as_text_json_and_markdown(capsys: Capture) -> None:
    assert main(["parameters"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [entry.path for entry in PARAMETERS]

    assert main(["parameters", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["path"] for record in records] == [entry.path for entry in PARAMETERS]
    assert all(record["unit"] and record["meaning"] and record["source"] for record in records)
    assert {record["path"] for record in records if record["can_change"]} > {"rules.guidance", "launch.framing"}

    assert main(["parameters", "--markdown"]) == 0
    page = capsys.readouterr().out
    assert all(f"| `{entry.path}` |" in page for entry in PARAMETERS)
    rows = [line for line in page.splitlines() if line.startswith("| `behavior.")]
    assert len({line.count("|") - line.count("\\|") for line in rows}) == 1


def test_parameters_in_dutch(capsys: Capture) -> None:
    assert main(["parameters", "rules.restriction", "launch.waves.every_weeks", "--lang", "nl"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["sleutel", "standaard", "bereik", "eenheid", "betekenis", "bron"]
    assert re.search(r" 1 tot 520 +weken ", rows[0])
    assert "Hoezeer regels beperken wat er gezegd mag worden." in rows[1]
    assert main(["parameters", "run.weeks", "--json", "--lang", "nl"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["unit"] == "weken van 5 werkdagen"


def test_parameters_of_some_sections(capsys: Capture) -> None:
    assert main(["parameters", "rules", "run.seed", "launch.framing"]) == 0
    keys = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert keys[:2] == ["launch.framing", "launch.framing.social"]
    assert keys[-5:] == ["rules.restriction", "rules.guidance", "rules.work_only", "rules.moderation", "run.seed"]


def test_parameters_on_a_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["parameters", "rules"]) == 0
    output = re.sub(r"\x1b\[\d+m", "", capsys.readouterr().out)
    assert "rules.restriction = 0.2" in output
    assert "[share of full restriction]" in output


def test_scenarios_as_text_and_json(capsys: Capture) -> None:
    assert main(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(shipped_names())
    assert main(["scenarios", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["name"] for record in records] == list(shipped_names())
    assert all(Path(record["file"]).is_file() and record["description"] for record in records)


def test_schema_is_json(capsys: Capture) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["rules"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_script(shell: str, capsys: Capture) -> None:
    assert main(["completion", shell]) == 0
    assert "_INTRANET_SIM_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("intranet-sim va", "validate"),
        ("intranet-sim run colla", "collaboration"),
        ("intranet-sim run baseline --set rules.res", "rules.restriction="),
    ],
)
def test_completion_offers(typed: str, offered: str) -> None:
    words = typed.split()
    environment = {
        **os.environ,
        "_INTRANET_SIM_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1),
    }
    script = "import sys; from sim.__main__ import main; sys.exit(main([]))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, env=environment, cwd=REPOSITORY, check=False,
        timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    assert offered in done.stdout


def test_short_forms_win_over_set_and_keep_their_name() -> None:
    given = overrides(["run.weeks=10", "rules.guidance=1"], {"run.replications": 3, "run.seed": 0, "run.weeks": 5})
    scenario = load_scenario("baseline", given)
    assert (scenario.run.weeks, scenario.run.replications, scenario.run.seed) == (5, 3, 0)
    assert scenario.rules.guidance == 1.0
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", overrides([], {"run.weeks": 0, "run.seed": -1}))
    assert [problem.file for problem in caught.value.problems] == ["--weeks 0", "--seed -1"]
