"""The lesson in headless Chromium: story, prediction, run, why, run card and debrief.

Needs node, Chromium and ``npm ci --prefix tests/page``.
"""

from __future__ import annotations

import base64
import json
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app import App, running_app
from test_page import STRANGE, hash_of, hashes, visit
from time_limits import PROGRAM_SECONDS
from tools import PAGE, chromium, node_for_building

from sim.documents.printers import on_dark
from sim.figures.style import FRAME_LOOKS
from sim.scenario import load_scenario
from sim.version import __version__
from sim.web.answer import answer
from sim.web.answer.card import decode
from sim.web.page import arc
from sim.web.page.files import LESSON_DEFAULTS, NATIVE, page_files
from sim.words import text

pytestmark = pytest.mark.slow

CODE = "IS1-"
MOST_BYTES = 1024
FEWER_THAN_THIS_IS_NOBODY = 5
A, B = "like-facebook", "leaders-post"


@pytest.fixture(scope="module")
def lesson_app() -> Iterator[App]:
    chromium()
    with running_app() as started:
        yield started


def card_of(code: str) -> dict[str, Any]:
    """Return the card that a short code stands for."""
    packed = base64.urlsafe_b64decode(code.removeprefix(CODE) + "===")
    card: dict[str, Any] = json.loads(zlib.decompress(packed, -zlib.MAX_WBITS))
    return card


def code_of(content: bytes) -> str:
    """Return a short code of any content."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return CODE + base64.urlsafe_b64encode(packer.compress(content) + packer.flush()).decode().rstrip("=")


def strange_card(card: dict[str, Any]) -> str:
    """Return a card that names a scenario as no scenario is named."""
    return json.dumps({**card, "a": {"scenario": STRANGE, "overrides": {}}})


def example_card() -> str:
    """Return the card of a run of the page."""
    [file] = (Path(__file__).parent / "cards").glob("*.json")
    return file.read_text(encoding="utf-8")


def share_who_posted(answers: list[dict[str, Any]], band: str) -> float | None:
    """Return the share who ever posted of the ``younger`` or the ``older``, all runs of all answers together."""
    counts = [run[band] for one in answers for run in one["ages"]]
    n, posted = (sum(values) for values in zip(*counts, strict=True))
    return round(posted / n, 6) if n >= FEWER_THAN_THIS_IS_NOBODY * len(answers) else None


def test_the_whole_lesson(lesson_app: App, tmp_path: Path) -> None:
    seeds = list(range(5, 11))
    overrides = {"organization.employees": 120}
    answers = [answer({"scenario": name, "overrides": overrides, "seeds": seeds}) for name in (A, B)]
    example = json.loads(example_card())
    strange = tmp_path / "strange.json"
    strange.write_text(strange_card(example), encoding="utf-8")
    seen = visit(lesson_app.address, "lesson", tmp_path, str(strange))

    assert seen["hidden_before"]
    assert seen["story"] == [text("en", f"lesson.story.{screen}.title") for screen in (1, 2, 3)]
    assert seen["closed"] == [True, True, True]
    assert seen["same"] == text("en", "lesson.same_launches")
    assert seen["uncommitted"] == "guess"
    assert (seen["asked_before"], seen["asked_at_prediction"], seen["asked_after"]) == (0, 0, 2)
    assert seen["locked"] == [True, True]
    assert seen["fixed"] == [True, True, 0]
    assert seen["open_again"]
    assert seen["bands"] == 4
    assert seen["verdict_before"] == text("en", "page.verdict_later")
    assert "of 6 runs" in seen["verdict"]
    assert seen["entrance"] == "?lesson&lang=en"
    assert seen["reasons"] > 5
    assert seen["contacts"] > 5

    source = (tmp_path / "card.json").read_text(encoding="utf-8")
    card = json.loads(source)
    assert len(source.encode()) < MOST_BYTES
    assert seen["file"] == f"run-card-{card['hash']['a'][:8]}.json"
    assert card_of(seen["code"]) == card_of(seen["code_later"]) == card
    outcomes = [one["outcomes"]["monthly_posters"] for one in answers]
    means = [round(sum(values) / len(values), 6) for values in outcomes]
    assert card == {
        "card": 1,
        "model": __version__,
        "edition": "native",
        "seeds": seeds,
        "both": overrides,
        "a": {"scenario": A, "overrides": {}},
        "b": {"scenario": B, "overrides": {}},
        "outcome": "monthly_posters",
        "prediction": {"winner": "b", "age": "younger"},
        "result": {
            "a": pytest.approx(means[0], abs=1e-6),
            "b": pytest.approx(means[1], abs=1e-6),
            "posts": {"younger": share_who_posted(answers, "younger"), "older": share_who_posted(answers, "older")},
        },
        "hash": {"a": answers[0]["hash"], "b": answers[1]["hash"]},
    }
    other = json.loads((tmp_path / "other.json").read_text(encoding="utf-8"))
    assert (other["prediction"], other["seeds"][0]) == (None, 77)

    assert text("en", "lesson.debrief.predicted", what="launch B has clearly more people posting") in seen["debrief"]
    assert "number 2 is not a run card" in seen["mistakes"]
    assert seen["count_alone"] == text("en", "lesson.class.count_with_yours", n=1)  # one's own card counts once
    assert seen["count"] == text("en", "lesson.class.count_with_yours", n=3)
    assert text("en", "lesson.class.checked.refused", n=1) in seen["checked"]
    assert STRANGE not in seen["class_text"]  # what cannot be run does not count
    assert seen["scripts"] == [1, 0, None]
    assert seen["dots"] == 2 * 2
    assert seen["minutes"] == text("en", "lesson.minutes", **{"from": 33, "to": 45})
    assert seen["dutch"] == text("nl", "lesson.debrief.title")
    assert {step: wide for step, wide in seen["wide"].items() if wide > 0} == {}
    assert {step: bad for step, bad in seen["violations"].items() if bad} == {}


def test_the_arc_from_the_first_day_to_the_debrief(lesson_app: App, tmp_path: Path) -> None:
    seen = visit(
        lesson_app.address,
        "arc",
        tmp_path,
        json.dumps({"rounds": [one.name for one in arc.ROUNDS], "luck": arc.luck_numbers()[4]}),
    )
    assert seen["rule"] == text("en", "lesson.rule.title")
    assert (seen["before"], seen["early"], seen["fits"]) == (False, 0, True)  # said after the play, seen on one screen
    assert (seen["locked"], seen["again"]) == (0, seen["came"][0])  # a reload opens no prediction again
    assert "First posted in week: never" in seen["silent"]
    assert seen["compared"] > 3
    assert seen["too_dear"]
    goal, reached = (arc.worked_out()["plans"][key] for key in ("goal", "reached"))
    plan = arc.plan_key({"guidance": 0, "leaders": 0, "freedom": 0})
    n = sum(value >= 1000 * goal for value in reached[plan])
    assert seen["score"] == text("en", "lesson.own.score", reached=n, all=10)
    assert (seen["rounds"], seen["worlds"]) == (len(arc.ROUNDS), arc.N_LUCK)
    assert seen["count"] == text("en", "lesson.class.count_with_yours", n=len(arc.ROUNDS))
    cards = [decode(code) for code in seen["codes"]]
    assert {card.nonce for card in cards} == {1}
    assert {card.seeds[0] for card in cards} == {arc.luck_numbers()[4]}
    for one, card in zip(arc.ROUNDS, cards, strict=True):
        asked = arc.request_of(one, "a", card.seeds[0])
        assert (card.winner, card.age) == ("b", "same" if one.asks_age else None)
        assert {key: card.request("a")[key] for key in asked} == asked
    place = arc.luck_numbers().index(cards[0].seeds[0])
    kept = [arc.worked_out()["results"][one.name][place][:2] for one in arc.ROUNDS]
    for (a, b), card in zip(kept, cards, strict=True):
        assert (card.result["a"], card.result["b"]) == (pytest.approx(a, abs=6e-5), pytest.approx(b, abs=6e-5))
    assert {name: wide for name, wide in seen["wide"].items() if wide > 0} == {}
    assert {name: bad for name, bad in seen["violations"].items() if bad} == {}


def test_the_lesson_by_keyboard_alone(lesson_app: App, tmp_path: Path) -> None:
    seen = visit(lesson_app.address, "lesson_by_keyboard", tmp_path)
    assert seen["focus"] == ["lesson-title"] * 3
    assert card_of(seen["code"])["prediction"] == {"winner": "same", "age": "younger"}
    assert seen["last"] == "debrief"
    assert seen["count"] == text("en", "lesson.class.count_with_yours", n=1)


def test_two_lessons_do_not_mix(lesson_app: App, tmp_path: Path) -> None:
    cards = [card_of(code) for code in visit(lesson_app.address, "lesson_sessions", tmp_path)["codes"]]
    assert [card["prediction"]["winner"] for card in cards] == ["a", "b"]
    assert [card["seeds"] for card in cards] == [[3], [8]]
    for card in cards:
        assert card["hash"]["a"][:16] == hash_of("like-facebook", card["seeds"], organization__employees=60)


def test_what_cannot_be_run_is_predicted_anew(lesson_app: App, tmp_path: Path) -> None:
    seen = visit(lesson_app.address, "lesson_refused", tmp_path)
    assert "10,000,000" in seen["refused"]
    assert seen["step"] == "choose"
    assert seen["open"]


def test_changes_during_the_run_are_made_in_the_page(lesson_app: App, tmp_path: Path) -> None:
    seen = visit(lesson_app.address, "changes", tmp_path)
    changes = [{"week": 12, "set": {"rules.restriction": 0.8}}, {"week": 26, "set": {"leadership.participation": 0.9}}]
    assert load_scenario(tmp_path / "changes.yaml").resolved()["changes"] == changes
    assert text("en", "page.timed_changes") in seen["difference"]
    assert hashes(seen["hashes"])[0] == hash_of("like-facebook", [1], changes=changes)
    assert seen["left"] == 0
    assert seen["violations"] == []


def test_cards_are_read_with_care(tmp_path: Path) -> None:
    source = example_card()
    card = json.loads(source)
    good = code_of(source.encode())
    wrong: dict[str, Any] = {
        "name": {**card, "name": "Anna"},
        "prediction": {**card, "prediction": {"winner": "c", "age": "same"}},
        "hash": {**card, "hash": {"a": "1" * 63, "b": "2" * 64}},
        "seeds": {**card, "seeds": [1.5]},
        "result": {**card, "result": {**card["result"], "a": 7}},
        "a": {**card, "a": {"scenario": "baseline", "overrides": {"<script>": 1}}},
        "model": {key: value for key, value in card.items() if key != "model"},
    }
    bomb = code_of(b"[" * 30_000_000)
    texts = [
        source, f"[{source}, {source}]", f"Anna: {good}\nBob {good}, see you",
        code_of(b"{}x"), bomb, f"{CODE}???", "", "{",
        *map(json.dumps, wrong.values()),
    ]  # fmt: skip
    file = tmp_path / "texts.json"
    file.write_text(json.dumps(texts), encoding="utf-8")
    command = [node_for_building(), "--no-warnings", str(Path(__file__).parent / "read_cards.mjs"), str(file)]
    found = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=PROGRAM_SECONDS).stdout
    )
    assert [one["cards"] for one in found[:3]] == [[card], [card, card], [card, card]]
    assert card_of(found[0]["codes"][0]) == card
    assert all(not one["cards"] and len(one["wrong"]) == 1 for one in found[3:])
    assert [one["wrong"][0]["part"] for one in found[3:8]] == ["code", "code", "json", "json", "json"]
    assert [one["wrong"][0]["part"] for one in found[8:]] == list(wrong)


def test_the_lesson_is_a_matter_of_configuration() -> None:
    config = json.loads(page_files([NATIVE], LESSON_DEFAULTS, has_lesson=True)["config.json"])
    assert (config["lesson"], config["edition"]) == (True, "native")
    assert json.loads(page_files([NATIVE])["config.json"])["lesson"] is False


def test_meanings_have_the_colors_of_figures_and_report() -> None:
    style = (PAGE / "src" / "style.css").read_text(encoding="utf-8")
    light, dark, *_ = style.split("@media (prefers-color-scheme: dark)")
    for name, look in FRAME_LOOKS.items():
        variable = f"--{name.removeprefix('frame_')}: "
        assert f"{variable}{look.color.lower()};" in light
        assert f"{variable}{on_dark(look.color.lower().removeprefix('#'))};" in dark
