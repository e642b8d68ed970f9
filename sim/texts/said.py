"""Messages that can be said in every language, although they are made where nobody knows who will read them.

What is wrong with a file is found deep inside, long before anything is printed. A `Said` is the message in English,
an ordinary text, that still knows what it was made of; `in_language` says it again in another language.
"""

from __future__ import annotations

from typing import Any

from sim.texts import DEFAULT_LANGUAGE, short_number, text, whole


class Whole(int):
    """A number in a message that is written with a sign between the thousands."""

    def __str__(self) -> str:
        return whole(int(self))

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)


class Measured(float):
    """A number in a message that is written with at most so many digits, as the language writes it."""

    digits: int

    def __new__(cls, value: float, digits: int = 3) -> Measured:
        """Return the number."""
        number = super().__new__(cls, value)
        number.digits = digits
        return number

    def __str__(self) -> str:
        return short_number(float(self), digits=self.digits)

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)


class Said(str):
    """A message in English that knows its key in the catalog and what fills its places.

    Attributes
    ----------
    key : str
        Such as ``refusal.unknown_key``.
    values : dict
        What fills the places; a message among them is said in the other language, too.
    """

    key: str
    values: dict[str, Any]

    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]:
        """Let a message travel between processes."""
        return _again, (self.key, self.values)


def said(key: str, /, **values: Any) -> Said:
    """Return a message of the catalog.

    Examples
    --------
    >>> said("refusal.text", value=said("refusal.value.list"))
    'must be text, is a list'
    """
    return _again(key, values)


def _again(key: str, values: dict[str, Any]) -> Said:
    message = Said(text(DEFAULT_LANGUAGE, key, **values))
    message.key, message.values = key, values
    return message


def in_language(message: str, language: str) -> str:
    """Return a message in another language; a text that is no `Said` stays as it is.

    Examples
    --------
    >>> in_language(said("refusal.text", value=said("refusal.value.list")), "nl")
    'moet tekst zijn, is een lijst'
    """
    if language == DEFAULT_LANGUAGE or not isinstance(message, Said):
        return message
    values = {name: _value_in_language(value, language) for name, value in message.values.items()}
    return text(language, message.key, **values)


def _value_in_language(value: Any, language: str) -> Any:
    if isinstance(value, Whole):
        return whole(int(value), language)
    if isinstance(value, Measured):
        return short_number(float(value), language, value.digits)
    return in_language(value, language) if isinstance(value, str) else value
