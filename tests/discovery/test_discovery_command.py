"""``intranet-sim discover``: what it prints, writes and refuses; its figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import discovery_folders as folders
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.__main__ import main
from sim.analysis.discovery.discovery import Discovery, discover
from sim.figures.discovery import box_figure, even_spread, trade_off_figure
from sim.figures.style import png_bytes
from sim.words import typed

sys.path.insert(0, str(Path(__file__).parents[1] / "show"))
import figure_reading as read


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("discovery") / "sweep"

    def posters(runs: object) -> np.ndarray:
        is_case = (runs["organization.trust"] < 0.5) & (runs["rules.restriction"] > 0.3)  # type: ignore[index]
        return np.where(is_case & (runs["launch.framing"] != "news"), 0.06, 0.2)  # type: ignore[index]

    return folders.write_folder(path, folders.sampled(200), posters, noise=0.01)


@pytest.fixture(scope="module")
def found(sweep: Path) -> Discovery:
    return discover(sweep, "monthly_posters < 0.1", n_boxes=1)


@pytest.fixture(scope="module")
def one_limit(tmp_path_factory: pytest.TempPathFactory) -> Discovery:
    path = tmp_path_factory.mktemp("discovery") / "one"
    folders.write_folder(path, folders.sampled(150), lambda runs: 0.2 * runs["organization.trust"])
    return discover(path, "monthly_posters < 0.1", n_boxes=1)


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    capsys.readouterr()
    return capsys


def test_words_tables_and_files(sweep: Path, output: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = (sweep / "manifest.json").read_bytes()
    assert main(["discover", str(sweep), "--when", "monthly_posters < 10%", "--boxes", "1"]) == 0
    printed = output.readouterr()
    assert printed.out.startswith("Monthly posters below 10%: mainly where ")
    for words in ("the whole box", "← chosen", "10 of 10", "Luck:", "How far rules limit what may be said."):
        assert words in printed.out
    assert "looking for boxes" in printed.err
    folder = sweep / "discoveries" / "monthly_posters-below-0.1"
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "discovery.json", "rows.parquet", "box-1.png", "box-1.svg", "trade-off-1.png", "trade-off-1.svg",
    }  # fmt: skip
    assert (sweep / "manifest.json").read_bytes() == before
    command = ["discover", str(sweep), "--when", "monthly_posters < 0.1", "--boxes", "1", "--no-figures", "--json"]
    assert main([*command, "--quiet", "--out", str(tmp_path / "mine")]) == 0
    printed = output.readouterr()
    facts = json.loads(printed.out)
    assert printed.err == ""
    assert facts["discovery_dir"] == str(tmp_path / "mine")
    assert (tmp_path / "mine" / "discovery.json").read_bytes() == (folder / "discovery.json").read_bytes()
    assert {limit["factor"] for limit in facts["boxes"][0]["limits"]} >= {"organization.trust", "rules.restriction"}
    for other, told in ((folder, typed("intranet-sim", "results", sweep)), (tmp_path / "mine", "discovery.json")):
        for command in ("results", "report", "discover"):
            assert main([command, str(other), *(["--when", "alive < 0.5"] if command == "discover" else [])]) == 2
            refused = output.readouterr().err
            assert "holds what discover found" in refused
            assert told in refused


def test_dutch_and_cannot_tell(tmp_path: Path, output: pytest.CaptureFixture[str]) -> None:
    folder = folders.write_folder(tmp_path / "r", folders.sampled(100), folders.nothing_matters, noise=0.02)
    assert main(["discover", str(folder), "--when", "monthly_posters < 0.1", "--lang", "nl", "--quiet"]) == 0
    printed = output.readouterr().out
    assert "niet te zeggen waar" in printed
    assert "Toeval:" in printed
    assert not list((folder / "discoveries").rglob("*.png"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--when", "monthly_poster < 1"], "did you mean monthly_posters?"),
        (["--when", "weekly_posters < 1"], "these results do not have weekly_posters"),
        (["--when", "monthly_posters < 0.1", "--difference", "baseline", "b"], "there is no base scenario 'b'"),
        (["--when", "monthly_posters < 0.1", "--density", "1.5"], "--density"),
        ([], "--when"),
    ],
)
def test_wrong_use(sweep: Path, arguments: list[str], words: str, output: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", str(sweep), *arguments]) == 2
    printed = output.readouterr()
    assert words in printed.err
    assert printed.out == ""


def test_a_folder_that_cannot_be_written(sweep: Path, tmp_path: Path, output: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    command = ["discover", str(sweep), "--when", "monthly_posters < 0", "--out", str(tmp_path / "file" / "x")]
    assert main(command) == 1
    assert "cannot be written" in output.readouterr().err


def rectangle(figure: Figure) -> Rectangle:
    (found,) = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    return found


def test_the_box_is_drawn_where_it_is(found: Discovery) -> None:
    figure = box_figure(found, 1)
    axes = figure.axes[0]
    first, second = list(found.boxes[0].limits.values())[:2]
    drawn = rectangle(figure)
    for limit, start, size, ends in (
        (first, drawn.get_x(), drawn.get_width(), axes.get_xlim()),
        (second, drawn.get_y(), drawn.get_height(), axes.get_ylim()),
    ):
        assert start == pytest.approx(ends[0] if limit.low is None else limit.low)
        assert start + size == pytest.approx(ends[1] if limit.high is None else limit.high)


def test_strong_marks_in_the_box_are_what_the_box_holds(found: Discovery) -> None:
    axes = box_figure(found, 1).axes[0]
    box = rectangle(axes.figure)
    counts = {}
    for line in axes.get_lines():
        if line.get_alpha() == 1.0 and len(line.get_xdata()):
            x, y = (np.asarray(values, dtype=float) for values in line.get_data())
            inside = (x >= box.get_x()) & (x <= box.get_x() + box.get_width())
            inside &= (y >= box.get_y()) & (y <= box.get_y() + box.get_height())
            counts[line.get_marker()] = int(inside.sum())
    numbers = found.boxes[0].counts
    assert counts.get("s", 0) == numbers.n_cases_inside
    assert counts.get("o", 0) == numbers.n_inside - numbers.n_cases_inside


def test_one_limit_is_drawn_against_the_outcome(one_limit: Discovery) -> None:
    assert len(one_limit.boxes[0].limits) == 1
    axes = box_figure(one_limit, 1).axes[0]
    assert axes.get_ylabel() == "monthly posters"
    assert any(list(line.get_ydata()) == [10.0, 10.0] for line in axes.get_lines())  # the bound, in percent
    assert rectangle(axes.figure).get_height() == pytest.approx(np.ptp(axes.get_ylim()))


@pytest.mark.parametrize("language", ["en", "nl"])
def test_nothing_is_clipped_or_overlaps(found: Discovery, one_limit: Discovery, language: str) -> None:
    for discovery in (found, one_limit):
        for draw in (box_figure, trade_off_figure):
            figure = draw(discovery, 1, language)
            boxes = read.text_boxes(figure)
            assert read.clipped_texts(figure, boxes) == []
            words = [(text, box) for text, box in boxes if not text.isdigit()]  # numbers in marks may touch
            assert read.overlapping_texts(words) == []


def test_the_chosen_box_is_marked_on_the_curve(found: Discovery) -> None:
    axes = trade_off_figure(found, 1).axes[0]
    (chosen,) = [line for line in axes.get_lines() if line.get_marker() == "s"]
    mine = next(point for point in found.boxes[0].trade_off if point.is_chosen)
    assert (chosen.get_xdata()[0], chosen.get_ydata()[0]) == (mine.coverage, mine.density)
    assert "chosen" in read.written(axes.figure)


def test_the_same_figure_again(found: Discovery) -> None:
    assert png_bytes(box_figure(found, 1)) == png_bytes(box_figure(found, 1))


def test_marks_are_spread_evenly() -> None:
    for which in (0, 1):
        spread = even_spread(200, which)
        assert np.abs(spread).max() <= 1
        assert np.abs(np.histogram(spread, 4, (-1, 1))[0] - 50).max() <= 2
