"""Run cards: the record of a student's two launches, small enough for a message and complete enough to check.

A card is one JSON object; its short code is ``IS1-`` and the deflated JSON in the letters of addresses (base64url). It
holds settings, seeds, the prediction, what came out and the hash of both answers, and nothing about who made it.

Whoever reads a card trusts nothing in it. What is wrong is told as names and values; words come from the catalog.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError
from sim.web.answer.answering import canonical
from sim.web.answer.requests import PROTOCOL, checked_request, is_whole

CARD = 1
PREFIX = f"IS{CARD}-"
LARGEST_CARD = 8192  # characters of JSON; a usual card has under 1,000
LONGEST_CODE = 12_000  # characters
LARGEST_NUMBER = 1e9  # no outcome comes near it

SIDES = ("a", "b")
EDITIONS = ("native", "browser", "recorded")
WINNERS = ("a", "b", "same")
AGES = ("younger", "older", "same")
BANDS = ("younger", "older")

_KEYS = ("card", "model", "edition", "seeds", "both", "a", "b", "outcome", "prediction", "result", "hash")
_MAY_HAVE = ("nonce",)
LARGEST_NONCE = 2**32 - 1
_CODE = re.compile(rf"{PREFIX}([A-Za-z0-9_-]+)=*")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")
_HASH = re.compile(r"[0-9a-f]{64}")
_LONGEST_SHOWN = 40


class Wrong(NamedTuple):
    """One thing that is wrong: its name, as in the text ``debrief.wrong.<name>``, and what to put in that text."""

    name: str
    values: dict[str, Any]


class CardError(ValueError):
    """Something is no run card.

    Attributes
    ----------
    wrong : tuple of Wrong
        Everything that is wrong.
    """

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        self.wrong = tuple(wrong)
        super().__init__("; ".join(f"{one.name} {one.values}" for one in self.wrong))


@dataclass(frozen=True)
class Launch:
    """What one of the two launches sets."""

    scenario: str | None
    overrides: Mapping[str, Any]


@dataclass(frozen=True)
class Card:
    """A checked run card.

    Attributes
    ----------
    model : str
        Version of the model that ran.
    edition : str
        Which engine answered: one of `EDITIONS`.
    seeds : tuple of int
        Seeds of the runs of each launch.
    both : mapping
        Overrides that hold for both launches.
    launches : mapping of str to Launch
        By side, ``a`` and ``b``.
    outcome : str
        What the prediction was about.
    winner, age : str or None
        The predictions, one of `WINNERS` and one of `AGES`; None where nothing was predicted.
    result : mapping of str to float or None
        Mean of the outcome over the runs, by side.
    posts : mapping of str to float or None
        Share of the younger and the older who posted, both launches together.
    hashes : mapping of str to str
        The hash of each answer, by side.
    nonce : int or None
        A random number, so that the cards of two students who predicted and ran the same are two cards.
    """

    model: str
    edition: str
    seeds: tuple[int, ...]
    both: Mapping[str, Any]
    launches: Mapping[str, Launch]
    outcome: str
    winner: str | None
    age: str | None
    result: Mapping[str, float | None]
    posts: Mapping[str, float | None]
    hashes: Mapping[str, str]
    nonce: int | None = None

    def as_mapping(self) -> dict[str, Any]:
        """Return the card as its JSON has it."""
        asked = self.winner is not None or self.age is not None
        return {
            "card": CARD,
            "model": self.model,
            "edition": self.edition,
            "seeds": list(self.seeds),
            "both": dict(self.both),
            **{
                side: {"scenario": launch.scenario, "overrides": dict(launch.overrides)}
                for side, launch in self.launches.items()
            },
            "outcome": self.outcome,
            "prediction": {"winner": self.winner, "age": self.age} if asked else None,
            "result": {**self.result, "posts": dict(self.posts)},
            "hash": dict(self.hashes),
            **({} if self.nonce is None else {"nonce": self.nonce}),
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the whole card: the same for the same card only."""
        return hashlib.sha256(canonical(self.as_mapping()).encode()).hexdigest()

    @property
    def name(self) -> str:
        """How the card is called: the beginning of the hash of launch A, as in the name of its file."""
        return self.hashes["a"][:8]

    def request(self, side: str) -> dict[str, Any]:
        """Return the request whose answer has the hash of that side."""
        return _request(self.launches[side], self.both, self.seeds)


def _request(launch: Launch, both: Mapping[str, Any], seeds: Sequence[int]) -> dict[str, Any]:
    overrides = {**both, **launch.overrides}
    return {"version": PROTOCOL, "scenario": launch.scenario, "overrides": overrides, "seeds": list(seeds)}


# --- short codes and files ------------------------------------------------------------------------------------------


def encode(card: Mapping[str, Any]) -> str:
    """Return the short code of a card given as its JSON has it."""
    told = json.dumps(card, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    squeezed = squeezer.compress(told.encode()) + squeezer.flush()
    return PREFIX + base64.urlsafe_b64encode(squeezed).decode("ascii").rstrip("=")


def decode(code: str) -> Card:
    """Return the card of a short code.

    Raises
    ------
    CardError
        If the code is cut off, changed or too large, or the card in it is wrong.
    """
    found = _CODE.fullmatch(code.strip())
    if found is None:
        raise CardError([Wrong("no_code", {"start": PREFIX})])
    letters = found[1]
    if len(letters) > LONGEST_CODE:
        raise CardError([Wrong("too_large", {"most": LARGEST_CARD})])
    try:
        squeezed = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
        opener = zlib.decompressobj(-zlib.MAX_WBITS)
        told = opener.decompress(squeezed, 4 * LARGEST_CARD)  # no more than this, however much there is
    except (binascii.Error, zlib.error):
        raise CardError([Wrong("broken_code", {})]) from None
    if opener.unconsumed_tail:
        raise CardError([Wrong("too_large", {"most": LARGEST_CARD})])
    if not opener.eof or opener.unused_data:
        raise CardError([Wrong("broken_code", {})])
    try:
        return card_of(told.decode("utf-8"))
    except UnicodeDecodeError:
        raise CardError([Wrong("broken_code", {})]) from None


def card_of(told: str) -> Card:
    """Return the card that a JSON text is.

    Raises
    ------
    CardError
        If it is no JSON, too large, or no right card.
    """
    if len(told) > LARGEST_CARD:
        raise CardError([Wrong("too_large", {"most": LARGEST_CARD})])
    return checked_card(_json(told))


def _json(told: str) -> Any:
    try:
        return json.loads(told, object_pairs_hook=_once, parse_constant=_no_number)
    except CardError:
        raise
    except (ValueError, RecursionError):  # also of numbers with thousands of digits, and brackets in brackets
        raise CardError([Wrong("no_json", {})]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; a key that stands there twice could be read in two ways."""
    given = dict(pairs)
    if len(given) < len(pairs):
        raise CardError([Wrong("key_twice", {})])
    return given


def _no_number(_: str) -> float:
    raise CardError([Wrong("no_json", {})])


class Found(NamedTuple):
    """A card in a text, or what is wrong where one should be; `number` counts them from 1."""

    number: int
    card: Card | None
    wrong: tuple[Wrong, ...] = ()


def cards_in(text: str) -> Iterator[Found]:
    """Yield the cards in a text: JSON (one card, or a list of them), or short codes with anything around them."""
    if text.lstrip()[:1] in ("{", "["):
        yield from _in_json(text)
        return
    found = False
    for number, code in enumerate(_CODE.finditer(text), start=1):
        found = True
        yield _found(number, code[0], decode)
    if not found:
        yield Found(1, None, (Wrong("no_card", {"start": PREFIX}),))


def _in_json(text: str) -> Iterator[Found]:
    try:
        given = _json(text)
    except CardError as error:
        yield Found(1, None, error.wrong)
        return
    for number, one in enumerate(given if isinstance(given, list) else [given], start=1):
        yield _found(number, one, _small_card)


def _small_card(given: Any) -> Card:
    if len(json.dumps(given, separators=(",", ":"))) > LARGEST_CARD:
        raise CardError([Wrong("too_large", {"most": LARGEST_CARD})])
    return checked_card(given)


def _found(number: int, told: Any, read: Callable[[Any], Card]) -> Found:
    try:
        return Found(number, read(told))
    except CardError as error:
        return Found(number, None, error.wrong)
    except RecursionError:
        return Found(number, None, (Wrong("no_json", {}),))


# --- what a card may hold -------------------------------------------------------------------------------------------


def checked_card(given: Any) -> Card:
    """Return a card given as its JSON has it.

    Raises
    ------
    CardError
        If anything in it is wrong; all of it is told.
    """
    if not isinstance(given, Mapping):
        raise CardError([Wrong("no_object", {})])
    if "card" in given and not _is_card_number(given["card"]):
        raise CardError([Wrong("other_card", {"number": CARD, "given": _shown(given["card"])})])
    wrong = [*_wrong_keys({key: given[key] for key in given if key not in _MAY_HAVE}, _KEYS, ""), *_wrong_words(given)]
    wrong += _wrong_launches(given)
    wrong += _wrong_prediction(given.get("prediction"))
    wrong += _wrong_result(given.get("result"))
    wrong += _wrong_hashes(given.get("hash"))
    if wrong:
        raise CardError(list({str(one): one for one in wrong}.values()))
    prediction = given["prediction"] or {}
    return Card(
        model=given["model"],
        edition=given["edition"],
        seeds=tuple(given["seeds"]),
        both=given["both"],
        launches={side: Launch(**given[side]) for side in SIDES},
        outcome=given["outcome"],
        winner=prediction.get("winner"),
        age=prediction.get("age"),
        result={side: given["result"][side] for side in SIDES},
        posts=given["result"]["posts"],
        hashes=given["hash"],
        nonce=given.get("nonce"),
    )


def _is_card_number(value: Any) -> bool:
    return value == CARD and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """Return a value as a short text for a message."""
    shown = json.dumps(value, ensure_ascii=True)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 1] + "…"


def _must(place: str, value: Any, allowed: Sequence[str]) -> Wrong:
    return Wrong("not_one_of", {"place": place, "allowed": ", ".join(allowed), "given": _shown(value)})


def _wrong_keys(given: Mapping[str, Any], keys: Sequence[str], place: str) -> Iterator[Wrong]:
    start = f"{place}." if place else ""
    for key in keys:
        if key not in given:
            yield Wrong("missing", {"place": start + key})
    for key in given:
        if key not in keys:
            yield Wrong("unknown", {"place": start + _shown(key).strip('"'), "allowed": ", ".join(keys)})


def _wrong_words(given: Mapping[str, Any]) -> Iterator[Wrong]:
    model = given.get("model", "0")
    if not isinstance(model, str) or not _VERSION.fullmatch(model):
        yield Wrong("no_version", {"given": _shown(model)})
    if "edition" in given and given["edition"] not in EDITIONS:
        yield _must("edition", given["edition"], EDITIONS)
    if "outcome" in given and given["outcome"] not in OUTCOME_NAMES:
        yield Wrong("no_outcome", {"given": _shown(given["outcome"])})
    if "nonce" in given and not is_whole(given["nonce"], 0, LARGEST_NONCE):
        yield Wrong("no_nonce", {"most": LARGEST_NONCE, "given": _shown(given["nonce"])})


def _wrong_launches(given: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield what is wrong with the settings: what any request with them is told."""
    groups = {"both": given.get("both", {})}
    for side in SIDES:
        launch = given.get(side)
        if side in given and not isinstance(launch, Mapping):
            yield Wrong("no_group", {"place": side})
        elif isinstance(launch, Mapping):
            yield from _wrong_keys(launch, ("scenario", "overrides"), side)
            groups[f"{side}.overrides"] = launch.get("overrides", {})
    bad = [place for place, group in groups.items() if not isinstance(group, Mapping)]
    yield from (Wrong("no_group", {"place": place}) for place in bad)
    if bad or "seeds" not in given or not all(isinstance(given.get(side), Mapping) for side in SIDES):
        return
    for side in SIDES:
        launch = Launch(given[side].get("scenario"), groups[f"{side}.overrides"])
        try:
            checked_request(_request_or_less(launch, groups["both"], given["seeds"]))
        except InputError as error:
            yield from (Wrong("request", {"launch": side.upper(), "message": line}) for line in error.lines)


def _request_or_less(launch: Launch, both: Mapping[str, Any], seeds: Any) -> dict[str, Any]:
    """Return the request as it is, even if its seeds are no list."""
    return {**_request(launch, both, ()), "seeds": seeds}


def _wrong_prediction(given: Any) -> Iterator[Wrong]:
    if given is None:
        return
    if not isinstance(given, Mapping):
        yield Wrong("no_group", {"place": "prediction"})
        return
    yield from _wrong_keys(given, ("winner", "age"), "prediction")
    for key, allowed in (("winner", WINNERS), ("age", AGES)):
        if given.get(key) is not None and given[key] not in allowed:
            yield _must(f"prediction.{key}", given[key], allowed)


def _wrong_result(given: Any) -> Iterator[Wrong]:
    if not isinstance(given, Mapping):
        yield Wrong("no_group", {"place": "result"})
        return
    yield from _wrong_keys(given, (*SIDES, "posts"), "result")
    for side in SIDES:
        if not _is_number_or_none(given.get(side), -LARGEST_NUMBER, LARGEST_NUMBER):
            yield Wrong("no_number", {"place": f"result.{side}", "given": _shown(str(given[side]))})
    posts = given.get("posts")
    if not isinstance(posts, Mapping):
        yield Wrong("no_group", {"place": "result.posts"})
        return
    yield from _wrong_keys(posts, BANDS, "result.posts")
    for band in BANDS:
        if not _is_number_or_none(posts.get(band), 0.0, 1.0):
            yield Wrong("no_share", {"place": f"result.posts.{band}", "given": _shown(str(posts[band]))})


def _is_number_or_none(value: Any, low: float, high: float) -> bool:
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _wrong_hashes(given: Any) -> Iterator[Wrong]:
    if not isinstance(given, Mapping):
        yield Wrong("no_group", {"place": "hash"})
        return
    yield from _wrong_keys(given, SIDES, "hash")
    for side in SIDES:
        if side in given and not (isinstance(given[side], str) and _HASH.fullmatch(given[side])):
            yield Wrong("no_hash", {"place": f"hash.{side}"})
