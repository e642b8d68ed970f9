"""``--overwrite`` and every other way of writing results leaves alone what is somebody else's."""

from __future__ import annotations

import json
import os
from pathlib import Path

import fakes
import pytest

from sim.analysis.conduct import conduct
from sim.analysis.results import read_tables
from sim.errors import InputError
from sim.kernel.files import written_whole
from sim.runs import folder as places
from sim.runs.manifest import write_manifest
from sim.runs.plan import Plan, make_plan
from sim.runs.progress import Silent
from sim.runs.store import open_store
from sim.web.classroom.folder import SUMS, refuse_foreign, sums_of


def plan(n: int = 3, seed: int = 1) -> Plan:
    return make_plan(fakes.arms(0.0, 0.5), n, seed)


def done(folder: Path, what: Plan, mode: str = "new") -> None:
    with open_store(folder, what, mode) as store:
        conduct(store, fakes.ENGINE, 1, Silent())


def tree(folder: Path) -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    done(tmp_path / "results", plan())
    (tmp_path / "thesis.txt").write_text("years of work")
    return tmp_path / "results"


@pytest.mark.parametrize("is_sealed", [True, False])
@pytest.mark.parametrize(
    "name", ["../thesis.txt", "/thesis.txt", "figures/../../thesis.txt", "figures/mine.png", "notes"]
)
def test_a_manifest_that_names_others_removes_nothing(folder: Path, name: str, is_sealed: bool) -> None:
    named = str(folder.parent / "thesis.txt") if name.startswith("/") else name
    (folder / "figures").mkdir()
    (folder / "figures" / "mine.png").write_text("mine")
    (folder / "x").write_text("mine")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["figures"] = [named]
    if is_sealed:
        write_manifest(folder, manifest)
    else:
        (folder / "manifest.json").write_text(json.dumps(manifest))
    before = tree(folder.parent)
    with pytest.raises(InputError, match="which this program does not write"):
        open_store(folder, plan(seed=2), "overwrite")
    assert tree(folder.parent) == before


@pytest.mark.parametrize(
    "name", [".lock", "series", "figures", ".finished-runs", "runs.parquet", "manifest.json", "report.html",
             "series/part-00000.parquet"],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["new", "resume", "overwrite"])
def test_links_are_refused_before_anything_is_written(folder: Path, name: str, mode: str) -> None:
    elsewhere = folder.parent / "elsewhere"
    place = folder / name
    if place.exists():
        place.rename(elsewhere)
    elif name in ("figures", ".finished-runs"):
        elsewhere.mkdir()
        (elsewhere / "journal").write_text("mine")
    else:
        elsewhere.write_text("mine")
    place.symlink_to(elsewhere)
    before = tree(folder.parent)
    with pytest.raises(InputError, match="is a link"):
        open_store(folder, plan(seed=2 if mode == "overwrite" else 1), mode)
    assert tree(folder.parent) == before


@pytest.mark.skipif(os.name != "posix", reason="needs hard links")
def test_a_lock_that_has_another_name_is_not_written_to(folder: Path) -> None:
    os.link(folder.parent / "thesis.txt", folder / ".lock")
    with pytest.raises(InputError, match="has another name elsewhere"):
        open_store(folder, plan(), "new")
    assert (folder.parent / "thesis.txt").read_text() == "years of work"


def test_writing_a_file_whole_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for name in (".out.unfinished", "out"):
        (tmp_path / name).symlink_to(tmp_path / "thesis.txt")
    with written_whole(tmp_path / "out") as file:
        file.write(b"new")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert (tmp_path / "out").read_bytes() == b"new"


def test_a_removal_that_fails_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".finished-runs").mkdir()
    (folder / ".finished-runs" / "journal").write_bytes(b"runs of another plan")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name == "journal":
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(InputError, match="journal cannot be removed: Permission denied"):
        open_store(folder, plan(seed=2), "overwrite")


def test_runs_of_another_plan_are_not_used(tmp_path: Path) -> None:
    with open_store(tmp_path / "other", plan(seed=9), "new") as store:
        store.start()
        store.add(fakes.records(plan(seed=9), 0, 1))
    with open_store(tmp_path / "own", plan(), "new") as store:
        store.start()
    os.replace(tmp_path / "other" / ".finished-runs", tmp_path / "own" / ".finished-runs")
    with open_store(tmp_path / "own", plan(), "resume") as store:
        assert not store.finished
        assert any("made of something else" in note for note in store.notes)
        conduct(store, fakes.ENGINE, 1, Silent())
    done(tmp_path / "fresh", plan())
    runs = [read_tables(tmp_path / name)["runs"] for name in ("own", "fresh")]
    assert runs[0].equals(runs[1])


def test_other_libraries_are_refused_or_both_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path, plan(), "new") as store:
        store.start()
        store.add(fakes.records(plan(), 0, 1))
        store.finish("interrupted")
    here = store.manifest["versions"]["numpy"]
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["versions"]["numpy"] = "1.26.0"
    write_manifest(tmp_path, manifest)
    with pytest.raises(InputError, match=r"numpy 1\.26\.0.*here it is.*--resume-mixed"):
        open_store(tmp_path, plan(), "resume")
    done(tmp_path, plan(), "resume_mixed")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["versions"]["numpy"] == "1.26.0"
    assert [each["numpy"] for each in manifest["also_made_with"]] == [here]


@pytest.mark.parametrize("name", ["series/part-00000.parquet", "runs.parquet", "groups.parquet", "summary.parquet"])
def test_a_flipped_bit_is_named_and_mended(folder: Path, name: str) -> None:
    before = {
        path: content for path, content in tree(folder).items() if "timing" not in path and "manifest" not in path
    }
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 4
    (folder / name).write_bytes(bytes(content))
    with pytest.raises(InputError, match=rf"{Path(name).name} is damaged: its checksum"):
        read_tables(folder)
    done(folder, plan(), "resume")
    read_tables(folder)
    assert {path: content for path, content in tree(folder).items() if path in before} == before


def test_figures_have_names_that_overwrite_knows() -> None:
    assert places.is_figure("figures/overview.png")
    assert places.is_figure("figures/indices-like-facebook.svg")
    assert not places.is_figure("figures/indices-/../x.svg")


def test_a_list_of_sums_makes_no_edition(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_bytes(b"mine")
    (tmp_path / SUMS).write_bytes(sums_of({"data.csv": b"mine"}))
    with pytest.raises(InputError, match="other files"):
        refuse_foreign(tmp_path)
    files = {"index.html": b"a", "config.json": b"{}"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "data.csv").unlink()
    (tmp_path / SUMS).write_bytes(sums_of(files))
    refuse_foreign(tmp_path)
    (tmp_path / "index.html").write_bytes(b"a page of my own")
    with pytest.raises(InputError, match="other files"):
        refuse_foreign(tmp_path)
