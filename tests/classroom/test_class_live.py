"""What a class sends to the screen, and what a lecturer may ask of the page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from class_server import served

from sim.__main__ import main
from sim.errors import InputError
from sim.web.answer.card import encode
from sim.web.classroom.folder import files_to_serve, with_live
from sim.web.page.files import LESSON_DEFAULTS, NATIVE, Wishes, page_files
from sim.web.page.server import MOST_STUDENTS, Live

HASH = "0" * 64
CARD: dict[str, Any] = {
    "card": 1, "model": "0.1.0", "edition": "native", "seeds": [1], "both": {"organization.employees": 50},
    "a": {"scenario": "baseline", "overrides": {}}, "b": {"scenario": "mandated", "overrides": {}},
    "outcome": "monthly_posters", "prediction": {"winner": "a", "age": None},
    "result": {"a": 0.1, "b": 0.2, "posts": {"younger": None, "older": 0.5}}, "hash": {"a": HASH, "b": HASH},
    "nonce": 7,
}  # fmt: skip


def test_predictions_are_counted_once_and_stay() -> None:
    live = Live()
    for nonce, winner in ((7, "a"), (8, "b"), (7, "b")):
        live.take({"nonce": nonce, "round": "first", "winner": winner})
    live.take({"nonce": 9})
    state = live.state()
    assert state["joined"] == 3
    assert state["predicted"]["first"] == {"a": 1, "b": 1, "same": 0}
    assert state["predicted"]["message"] == {"a": 0, "b": 0, "same": 0}


def test_a_card_comes_once_and_from_its_student() -> None:
    live = Live()
    code = encode(CARD)
    for _ in range(2):
        live.take({"nonce": 7, "round": "first", "code": code})
    assert live.state()["cards"] == [code]
    assert live.state(1)["cards"] == []
    with pytest.raises(InputError, match="not that of this student"):
        live.take({"nonce": 8, "round": "first", "code": code})
    assert live.state()["joined"] == 1


@pytest.mark.parametrize(
    "message",
    [
        {}, {"nonce": -1}, {"nonce": "7"}, {"nonce": True}, {"nonce": 7, "name": "Anna"},
        {"nonce": 7, "round": "none"}, {"nonce": 7, "winner": "a"}, {"nonce": 7, "round": "first", "winner": "c"},
        {"nonce": 7, "round": "first", "code": 5}, {"nonce": 7, "round": "first", "code": "IS1-nonsense"},
        {"nonce": 7, "round": ["first"]}, {"nonce": 7, "round": "first", "winner": {}},
    ],
)  # fmt: skip
def test_anything_else_is_refused(message: dict[str, Any]) -> None:
    live = Live()
    with pytest.raises(InputError):
        live.take(message)
    assert live.state()["joined"] == 0


def test_the_screen_takes_a_class_and_no_more() -> None:
    live = Live()
    for nonce in range(MOST_STUDENTS):
        live.take({"nonce": nonce})
    live.take({"nonce": 0, "round": "after", "winner": "same"})
    with pytest.raises(InputError, match=str(MOST_STUDENTS)):
        live.take({"nonce": MOST_STUDENTS})


@pytest.mark.slow
def test_the_server_shows_the_screen_on_request_alone() -> None:
    with served("--native", "--live", "--launches", "baseline", "mandated", "--people", "60", "--lock") as (app, said):
        assert said[0].split()[0].endswith("/?live")
        status, _, config = app.ask("/config.json")
        wanted = json.loads(config)
        assert (status, wanted["pair"], wanted["lock"]) == (200, ["baseline", "mandated"], True)
        assert wanted["defaults"] == {**LESSON_DEFAULTS, "employees": 60}
        assert f"//{app.host}/" in wanted["live"]
        message = json.dumps({"nonce": 7, "round": "first", "code": encode(CARD)})
        assert app.ask("/api/live", message, Content_Type="application/json")[0] == 204
        assert app.ask("/api/live", message)[0] == 415
        for wrong in ("[]", "{", '{"nonce": 7, "x": 1}', "5"):
            assert app.ask("/api/live", wrong, Content_Type="application/json")[0] == 400
        assert app.ask("/api/live", message, Content_Type="application/json", Origin="http://example.org")[0] == 403
        assert json.loads(app.ask("/api/live")[2])["cards"] == [encode(CARD)]
        state = json.loads(app.ask("/api/live?from=1")[2])
        assert (state["cards"], state["n_cards"]) == ([], 1)
        # The card is not that of its runs, so nothing is found; and this is not a matter for other sites.
        *_, last = app.ask("/api/debrief?lang=nl")[2].splitlines()
        assert json.loads(last) == {"kind": "reply", "reply": {"cards": 1, "screens": []}}


def test_the_page_offers_to_send_only_where_there_is_a_screen() -> None:
    files = files_to_serve(None, is_native=True)
    assert "live" not in json.loads(files["config.json"])
    assert json.loads(with_live(files, "http://x/")["config.json"])["live"] == "http://x/"
    config = json.loads(page_files([NATIVE], wishes=Wishes(question="Why?"))["config.json"])
    assert config["question"] == "Why?"
    assert not {"pair", "lock", "recordings"} & set(config)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--launches", "baseline", "mandatd"], "mandated"),
        (["--launches", "baseline", "baseline"], "the same"),
        (["--people", "50", "--weeks", "3"], "--weeks"),
        (["--question", "x" * 301], "300"),
    ],
)
def test_what_cannot_be_asked_of_the_page_is_told(
    arguments: list[str], part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["class", "build", "nowhere"], ["class", "serve", "--native", "--no-browser"]):
        assert main([*command, *arguments]) == 2
        told = capsys.readouterr().err
        assert part in told
        assert "Traceback" not in told
    assert main(["class", "serve", "nowhere", "--lock"]) == 2
    assert "--native" in capsys.readouterr().err
