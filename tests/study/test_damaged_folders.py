"""Some hundred damaged and foreign folders: each is read, mended or refused in a line that names the file."""

from __future__ import annotations

import json
import os
import random
import shutil
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import fakes
import pytest
from folders_tried import FOLDERS_TRIED

from sim.__main__ import main
from sim.analysis.results import read_stored, read_tables
from sim.errors import InputError
from sim.runs.manifest import write_manifest

pytestmark = pytest.mark.slow

SWEEP = """\
name: small
base: [a.yaml]
design: grid
levers: {rules.restriction: [0.0, 0.5, 1.0]}
uncertainties: {organization.trust: {low: 0.3, high: 0.8}}
samples: 4
replications: 2
outcomes: [monthly_posters, alive]
"""
SENSITIVITY = """\
name: which
base: a.yaml
method: morris
levers: {rules.restriction: {low: 0.0, high: 1.0}}
uncertainties: {organization.trust: {low: 0.3, high: 0.8}}
samples: 4
replications: 2
outcomes: [monthly_posters]
"""
MADE_BY = {
    "run": ["run", "--at-defaults", "a.yaml"],
    "compare": ["compare", "--at-defaults", "a.yaml", "b.yaml"],
    "sweep": ["sweep", "--at-defaults", "small.yaml"],
    "sensitivity": ["sensitivity", "which.yaml"],
    "shard": ["sweep", "--at-defaults", "small.yaml", "--shard", "1/2"],
    "killed": ["compare", "--at-defaults", "a.yaml", "b.yaml"],
    "worlds": ["compare", "own.yaml", "b.yaml", "--worlds", "3"],
}
MANIFESTS = [kind for kind in MADE_BY if kind != "worlds"]
"""Folders of which every entry of the manifest is spoiled, too; all manifests are read in one way."""
A_FEW = ("flipped at 0.6", "another schema")
BY_NIGHT = "INTRANET_SIM_NIGHTLY" in os.environ
SHARE_BY_DAY = 3
"""By day each file meets a third of what can befall it, and each file another third; by night it meets all."""

TRACEBACK = -1
Damage = Callable[[Path], None]


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def flipped(place: float) -> Damage:
    """Return what turns one bit at a place of a file, 0 for its start and 1 for its end."""

    def flip(file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[min(int(place * len(content)), len(content) - 1)] ^= 1
        file.write_bytes(bytes(content))

    return flip


def made_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def made_a_link(file: Path) -> None:
    elsewhere = file.parent.parent / f"{file.name}.elsewhere"
    shutil.move(file, elsewhere)
    file.symlink_to(elsewhere)


def made_a_dead_link(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.parent / "nowhere")


def made_noise(file: Path) -> None:
    file.write_bytes(random.Random(1).randbytes(500))


def of_another_schema(file: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"run_id": ["x", "y"], "other": [None, True]}), file)


DAMAGES: dict[str, Damage] = {
    "truncated": truncated,
    "emptied": emptied,
    **{f"flipped at {place}": flipped(place) for place in (0.0, 0.3, 0.6, 0.999)},
    "a folder": made_a_folder,
    "a link": made_a_link,
    "a dead link": made_a_dead_link,
    "deleted": Path.unlink,
    "noise": made_noise,
    "another schema": of_another_schema,
}
STRANGE: dict[str, Any] = {
    "null": None, "a list": [], "a number": 3, "text": "x", "a mapping": {}, "not a number": float("nan"),
    "huge": 10**400, "deep": json.loads("[" * 200 + "]" * 200), "a list of nulls": [None],
}  # fmt: skip
NO_JSON = ["{", "null", "[]", "3", '"x"', "[" * 100_000, '{"project": "intranet-sim"}', '{"name": "a web app"}', "\xff"]


class Made(NamedTuple):
    """Folders as they should be, by kind, beside the files that they were made of."""

    here: Path
    folders: dict[str, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    here = tmp_path_factory.mktemp("made")
    for name, restriction in (("a", 0.0), ("b", 0.5)):
        text = f"name: {name}\nrun: {{weeks: 8, replications: 3}}\nrules: {{restriction: {restriction}}}\n"
        (here / f"{name}.yaml").write_text(text)
    staff = "".join(f"e{row},{22 + row},d{row % 3}\n" for row in range(30))
    (here / "staff.csv").write_text(f"employee,age,department\n{staff}")
    (here / "own.yaml").write_text("name: own\norganization: {workforce: staff.csv}\nrun: {weeks: 8}\n")
    (here / "small.yaml").write_text(SWEEP)
    (here / "which.yaml").write_text(SENSITIVITY)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        patch.setattr("sim.runs.plan.code_version", lambda: fakes.CODE_VERSION)
        patch.setattr("sim.runs.worker.engine", lambda: fakes.ENGINE)
        folders = {}
        for kind, command in MADE_BY.items():
            folders[kind] = here / kind
            if kind == "killed":
                continue
            assert main([*command, "--jobs", "1", "--no-figures", "--quiet", "--out", kind]) == 0
        other = main(
            ["sweep", "--at-defaults", "small.yaml", "--shard", "2/2", "--jobs", "1", "--quiet", "--out", "other-shard"]
        )
        assert other == 0
        kill_midway(here)
        yield Made(here, folders)


def kill_midway(here: Path) -> None:
    """Leave behind what a process that was killed leaves: a journal, as it is while it is written."""
    from sim.analysis.over_worlds import plan_for
    from sim.runs.store import open_store
    from sim.scenario import load_scenario

    plan = plan_for([load_scenario(here / "a.yaml"), load_scenario(here / "b.yaml")], None, None)
    with open_store(here / "killed", plan, "new", ["intranet-sim", "compare", "a.yaml", "b.yaml"]) as store:
        store.start()
        store.add(fakes.records(plan, 0, 1))
        store.flush()
        store.add(fakes.records(plan, 2))
        shutil.copytree(here / "killed" / ".finished-runs", here / "left")
    shutil.rmtree(here / "killed" / ".finished-runs")
    (here / "left").rename(here / "killed" / ".finished-runs")


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def ask(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Give a command; nothing may escape but an exit code and lines."""
    try:
        code = main([*arguments])
    except Exception as error:
        return TRACEBACK, f"{type(error).__name__}: {error} in {traceback.extract_tb(error.__traceback__)[-1]}"
    told = capfd.readouterr()
    return (TRACEBACK if "Traceback" in told.err else code), told.err


def try_all(
    capfd: pytest.CaptureFixture[str], made: Made, kind: str, folder: Path, draws: bool = True
) -> list[tuple[str, int, str]]:
    """Give every command that reads the folder, that which draws pictures only where asked, and resume in it last."""
    name = str(folder)
    found = [("results", *ask(capfd, "results", name)), ("json", *ask(capfd, "results", name, "--json"))]
    if draws:
        found.append(("report", *ask(capfd, "report", name, "--out", str(made.here / "report.html"))))
    if kind in ("sweep", "sensitivity"):
        target = str(made.here / "found")
        question = ["discover", name, "--when", "monthly_posters < 0.4", "--no-figures", "--out", target]
        found.append(("discover", *ask(capfd, *question)))
    if kind == "shard":
        merged = made.here / "merged"
        shutil.rmtree(merged, ignore_errors=True)
        found.append(("merge", *ask(capfd, "merge", str(merged), name, str(made.here / "other-shard"), "--no-figures")))
    for read in (read_stored, read_tables):
        try:
            read(folder)
        except InputError:
            continue
        except Exception as error:
            found.append((read.__name__, TRACEBACK, repr(error)))
    command = [*MADE_BY[kind], "--jobs", "1", "--no-figures", "--quiet", "--out", name]
    found.append(("again", *ask(capfd, *command)))
    found.append(("resume", *ask(capfd, *command, "--resume")))
    return found


def wrong(found: list[tuple[str, int, str]], name: str, what: str) -> list[str]:
    """Return what is wrong with some answers: a traceback, another exit code, no line that names the file, or many."""
    problems = []
    for command, code, told in found:
        if code not in (0, 2):
            problems.append(f"{what}: {command}: exit code {code}: {told[-300:]}")
        elif code == 2 and not 0 < len(told.splitlines()) < 25:
            problems.append(f"{what}: {command}: {len(told.splitlines())} lines")
        elif code == 2 and Path(name).name not in told:
            problems.append(f"{what}: {command}: {name} is not named: {told[-300:]}")
    return problems


COPIES: list[Path] = []


@pytest.fixture(autouse=True)
def _counted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Record how many damaged and foreign folders a test tries; the end of the session says how many all did."""
    COPIES.clear()
    yield
    record_property(FOLDERS_TRIED, len(COPIES))


def damages_of(kind: str, place: int) -> dict[str, Damage]:
    """Return what befalls the file at a place of a folder."""
    every = {name: spoil for name, spoil in DAMAGES.items() if kind != "worlds" or name in A_FEW}
    if BY_NIGHT:
        return every
    return dict(list(every.items())[place % SHARE_BY_DAY :: SHARE_BY_DAY])


def copied(made: Made, kind: str, folder: Path) -> Path:
    COPIES.append(folder)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made.folders[kind], folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    changing = {"manifest.json", "timing.parquet", "report.html"}
    return {name: (folder / name).read_bytes() for name in files_of(folder) if Path(name).name not in changing}


@pytest.mark.parametrize("kind", MADE_BY)
def test_whatever_befalls_a_file_is_said_or_mended(
    made: Made, kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    n_mended = 0
    problems: list[str] = []
    for place, name in enumerate(files_of(made.folders[kind])):
        for number, (damage, spoil) in enumerate(damages_of(kind, place).items()):
            folder = copied(made, kind, tmp_path / "spoiled")
            spoil(folder / name)
            found = try_all(capfd, made, kind, folder, draws=BY_NIGHT or number == place % 2)
            # What was killed need not name what it had begun; a manifest that is gone leaves a folder of no results.
            is_named = kind != "killed" and not (name == "manifest.json" and damage in ("deleted", "a dead link"))
            problems += wrong(found, name if is_named else "", f"{name} {damage}")
            refused = [told for _, code, told in found if code == 2]
            if not refused and name in ("manifest.json", "plan.parquet", "runs.parquet") and damage != "a link":
                problems.append(f"{name} {damage}: nobody said anything")
            if found[-1][1] == 0 and kind != "killed":
                n_mended += 1
                if contents(folder) != contents(made.folders[kind]):
                    problems.append(f"{name} {damage}: not mended")
    assert not problems, "\n".join(problems)
    assert n_mended or kind == "killed"


@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_manifest_of_the_wrong_kinds_is_refused_in_words(
    made: Made, kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    problems: list[str] = []
    manifest = json.loads((made.folders[kind] / "manifest.json").read_text())
    for number, key in enumerate(manifest):
        for what, value in list(STRANGE.items())[number % 3 :: 3]:
            folder = copied(made, kind, tmp_path / "strange")
            if manifest[key] == value:
                continue
            (folder / "manifest.json").write_text(json.dumps({**manifest, key: value}))
            found = try_all(capfd, made, kind, folder)
            problems += wrong(found[:3] if key != "project" else [], "manifest.json", f"{key} {what}")
            problems += wrong(found, "", f"{key} {what}")
            if any(code != 2 for _, code, _ in found[:3]):
                problems.append(f"{key} {what}: read")
    for text in NO_JSON:
        folder = copied(made, kind, tmp_path / "strange")
        (folder / "manifest.json").write_bytes(text.encode("latin-1"))
        found = try_all(capfd, made, kind, folder)
        problems += wrong(found, "manifest", text[:20])
        if any(code != 2 for _, code, _ in found):
            problems.append(f"{text[:20]}: read")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_manifest_without_checksums_of_strange_kinds_gives_no_traceback(
    made: Made, kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """As one of an earlier version that was spoiled."""
    problems: list[str] = []
    manifest = json.loads((made.folders[kind] / "manifest.json").read_text())
    for number, key in enumerate(manifest):
        values = (*list(STRANGE.values())[number % 3 :: 3], "left out")
        for turn, value in enumerate(values if BY_NIGHT else values[number % len(values) :: SHARE_BY_DAY]):
            folder = copied(made, kind, tmp_path / "old")
            spoiled = {**manifest, key: value}
            for gone in ("files", "checksum", *([key] if value == "left out" else [])):
                spoiled.pop(gone, None)
            (folder / "manifest.json").write_text(json.dumps(spoiled))
            found = try_all(capfd, made, kind, folder, draws=BY_NIGHT or turn == 0)
            problems += wrong(found, "", f"{key} {str(value)[:20]}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("kind", ["run", "sweep", "shard"])
def test_files_of_another_folder_are_named(
    made: Made, kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    problems: list[str] = []
    for other in MADE_BY:
        for name in files_of(made.folders[other]):
            if other == kind or not (made.folders[kind] / name).exists():
                continue
            if (made.folders[kind] / name).read_bytes() == (made.folders[other] / name).read_bytes():
                continue
            folder = copied(made, kind, tmp_path / "mixed")
            shutil.copy(made.folders[other] / name, folder / name)
            found = try_all(capfd, made, kind, folder)
            problems += wrong(found, "", f"{name} of {other}")
            if found[-1][1] == 0 and kind != "killed" and contents(folder) != contents(made.folders[kind]):
                problems.append(f"{name} of {other}: not mended")
    assert not problems, "\n".join(problems)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("kind", MADE_BY)
def test_files_that_may_not_be_read_are_named(
    made: Made, kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in files_of(made.folders[kind]):
        folder = copied(made, kind, tmp_path / "locked")
        (folder / name).chmod(0)
        for _, code, told in try_all(capfd, made, kind, folder):
            assert code == 0 or Path(name).name in told


def test_a_sealed_manifest_is_read_however_it_is_laid_out(made: Made, tmp_path: Path) -> None:
    folder = copied(made, "run", tmp_path / "copy")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(dict(reversed(manifest.items()))))
    before = len(read_stored(folder).runs)
    write_manifest(folder, manifest)
    assert len(read_stored(folder).runs) == before == 3
