"""What a class sends to the screen in front of it: predictions as they are made, cards as they come; in memory alone.

Nothing in it says who sent it; a student's messages are told apart by the random number that is on the cards as well.
Sending is each student's own choice, and the page sends nothing without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.answer.card import LARGEST_NONCE, WINNERS, CardError, decode
from sim.answer.requests import is_whole
from sim.errors import InputError
from sim.show.page.arc import ROUNDS
from sim.texts import said

MOST_STUDENTS = 300
ROUND_NAMES = tuple(one.name for one in ROUNDS)


class Live:
    """Predictions and cards of a class, as they come in."""

    def __init__(self) -> None:
        self._predicted: dict[str, dict[int, str]] = {name: {} for name in ROUND_NAMES}
        self._joined: set[int] = set()
        self._cards: dict[tuple[int, str], str] = {}

    def take(self, message: Mapping[str, Any]) -> None:
        """Take a message: ``{"nonce": N}``, with ``round`` and ``winner`` for a prediction, and ``code`` for its card.

        A prediction stays what it was first; so does a card.

        Raises
        ------
        sim.errors.InputError
            If there is anything else in it, or the class is full.
        """
        parts: Any = [message.get(key) for key in ("nonce", "round", "winner", "code")]
        nonce, name, winner, code = parts
        is_right = is_whole(nonce, 0, LARGEST_NONCE) and set(message) <= {"nonce", "round", "winner", "code"}
        is_right = is_right and (name is None or name in ROUND_NAMES) and (winner is None or winner in WINNERS)
        if not is_right or ((winner or code) and name is None):
            raise InputError(said("refusal.live.message"))
        if nonce not in self._joined and len(self._joined) >= MOST_STUDENTS:
            raise InputError(said("refusal.live.full", most=MOST_STUDENTS))
        if code is not None:
            self._check_card(code, nonce)
            self._cards.setdefault((nonce, name), code)
        self._joined.add(nonce)
        if winner is not None:
            self._predicted[name].setdefault(nonce, winner)

    @staticmethod
    def _check_card(code: Any, nonce: Any) -> None:
        try:
            is_own = isinstance(code, str) and decode(code).nonce == nonce
        except CardError:
            is_own = False
        if not is_own:
            raise InputError(said("refusal.live.card"))

    def state(self, first: int = 0) -> dict[str, Any]:
        """Return how many have joined, the counts of predictions by round, and the cards from the `first` one on."""
        counts = {
            name: {winner: list(found.values()).count(winner) for winner in WINNERS}
            for name, found in self._predicted.items()
        }
        return {"joined": len(self._joined), "predicted": counts, "cards": list(self._cards.values())[first:]}
