"""Run cards: the same as JSON and as a short code, strict about what they hold, small however they are packed."""

from __future__ import annotations

import base64
import copy
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from sim.web.answer import answer
from sim.web.answer.card import (
    LARGEST_CARD,
    PREFIX,
    SIDES,
    CardError,
    cards_in,
    checked_card,
    decode,
    encode,
)

Cards = list[dict[str, Any]]
FROM_PAGE = Path(__file__).resolve().parents[1] / "page" / "cards"


def names(given: Any) -> list[str]:
    """Return the names of what is wrong with a card."""
    with pytest.raises(CardError) as caught:
        checked_card(given)
    return sorted(one.name for one in caught.value.wrong)


def packed(told: bytes, *, after: bytes = b"") -> str:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return PREFIX + base64.urlsafe_b64encode(squeezer.compress(told) + squeezer.flush() + after).decode().rstrip("=")


def wrong_code(code: str) -> str:
    with pytest.raises(CardError) as caught:
        decode(code)
    assert len(caught.value.wrong) == 1
    return caught.value.wrong[0].name


def test_a_card_is_the_same_as_code_and_as_json(cards: Cards) -> None:
    for given in cards:
        card = checked_card(given)
        assert card.as_mapping() == given
        code = encode(given)
        assert code.startswith(PREFIX)
        assert len(json.dumps(given, separators=(",", ":"))) < 1000
        assert decode(code) == card
        assert decode(f"  {code}==\n").digest == card.digest


def test_its_requests_give_its_hashes(cards: Cards) -> None:
    card = checked_card(cards[0])
    assert {side: answer(card.request(side))["hash"] for side in SIDES} == card.hashes


@pytest.mark.skipif(not FROM_PAGE.is_dir(), reason="no card made by the page")
def test_cards_made_by_the_page_are_read() -> None:
    """Whether their hashes are still right is for `collect` to say: a later model gives other runs."""
    found = [one for file in sorted(FROM_PAGE.iterdir()) for one in cards_in(file.read_text(encoding="utf-8"))]
    assert found
    assert [one.wrong for one in found] == [()] * len(found)


def test_a_text_may_hold_many(cards: Cards) -> None:
    told = "Group one: " + encode(cards[0]) + "\n\nsee also " + encode(cards[1]) + " and " + encode(cards[2]) + "."
    assert [one.card.as_mapping() for one in cards_in(told) if one.card] == cards[:3]
    assert [one.card.as_mapping() for one in cards_in(json.dumps(cards)) if one.card] == cards
    assert [one.card.as_mapping() for one in cards_in("\n" + json.dumps(cards[3], indent=2)) if one.card] == [cards[3]]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("", "no_card"), ("hello", "no_card"), ("{", "no_json"), ("{}x", "no_json"), ('{"card": NaN}', "no_json"),
        ('{"card": 1, "card": 1}', "key_twice"), ("[1]", "no_object"), ('{"card": 2}', "other_card"),
        ("[" * 5000, "no_json"), ('{"card": ' + "9" * 5000 + "}", "no_json"), ("IS1-!!", "no_card"),
        ("IS1-AAAA", "broken_code"), ('{"a":' * 900 + "1" + "}" * 900, ""),
    ],
)  # fmt: skip
def test_what_is_no_card_is_told(told: str, name: str) -> None:
    (found,) = cards_in(told)
    assert found.card is None
    assert found.wrong
    assert not name or found.wrong[0].name == name


def test_codes_that_were_cut_or_changed_are_refused(cards: Cards) -> None:
    code = encode(cards[0])
    assert wrong_code(code[:-8]) == "broken_code"
    assert wrong_code(code[:20] + ("B" if code[20] != "B" else "C") + code[21:]) in (
        "broken_code",
        "no_json",
        "missing",
    )
    assert wrong_code(packed(json.dumps(cards[0]).encode(), after=b"more")) == "broken_code"
    assert wrong_code(packed(b"\xff\xfe")) == "broken_code"
    assert wrong_code("IS2-abc") == "no_code"


def test_a_small_code_cannot_hold_a_large_text() -> None:
    """Nine million spaces deflate to nine thousand bytes."""
    bomb = packed(b" " * 9_000_000)
    assert len(bomb) < 13_000
    assert wrong_code(bomb) == "too_large"
    assert wrong_code(packed(b" " * (LARGEST_CARD + 1))) == "too_large"
    assert wrong_code(packed(b" " * 100_000)) == "too_large"
    assert wrong_code(PREFIX + "A" * 20_000) == "too_large"


def test_a_large_card_in_a_list_is_refused_too(cards: Cards) -> None:
    (found,) = cards_in(json.dumps([{**cards[0], "model": "1" * LARGEST_CARD}]))
    assert [one.name for one in found.wrong] == ["too_large"]


def test_all_that_is_wrong_is_told_at_once(cards: Cards) -> None:
    given = copy.deepcopy(cards[0])
    del given["model"]
    given["student"] = "name"
    given["edition"] = "paper"
    given["outcome"] = "joy"
    given["a"]["overrides"]["rules.restriction"] = 7
    given["b"]["scenario"] = "nothing"
    given["prediction"] = {"winner": "c", "age": None}
    given["result"]["a"] = "much"
    given["result"]["posts"]["older"] = 1.5
    given["hash"]["b"] = "0" * 63
    assert names(given) == sorted(
        ["missing", "unknown", "not_one_of", "no_outcome", "request", "request", "not_one_of", "no_number", "no_share",
         "no_hash"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("seeds", []), ("seeds", [1, 1]), ("seeds", "1"), ("seeds", [True]), ("seeds", [2**53]), ("both", [1]),
        ("a", 1),
        ("a.overrides", None), ("a.scenario", 3), ("b.scenario", "../x"), ("result", None), ("result.posts", 1),
        ("result.a", 1e300), ("result.b", True), ("hash", "x"), ("hash.a", 1), ("prediction", 3), ("card", True),
        ("prediction.winner", ["a"]), ("model", "<b>"), ("model", ""), ("edition", ["native"]), ("outcome", None),
        ("both", {"organization.workforce": "/etc/passwd"}), ("both", {"organization.employees": 1e999}),
        ("both", {"extends": "x"}), ("both", {"": 1}),
    ],
)  # fmt: skip
def test_every_part_is_checked(cards: Cards, path: str, value: Any) -> None:
    given = copy.deepcopy(cards[0])
    *groups, key = path.split(".")
    place = given
    for group in groups:
        place = place[group]
    place[key] = value
    assert names(given)


def test_numbers_may_be_unknown_and_predictions_missing(cards: Cards) -> None:
    given = {**copy.deepcopy(cards[0]), "prediction": None}
    given["result"] = {"a": None, "b": None, "posts": {"younger": None, "older": None}}
    assert checked_card(given).as_mapping() == given
