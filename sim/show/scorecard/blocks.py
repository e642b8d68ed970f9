"""The parts a page is made of, before it is known whether it becomes HTML or Markdown.

Texts may have `code` and **strong** words, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A heading of level 1, 2 or 3; `anchor` is what links call it."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `tone` is ``plain``, ``note`` (small) or ``alert`` (framed)."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True)
class Grid:
    """A table. Headers that start with ``>`` have their column aligned to the right; `anchors` link first cells."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    anchors: Sequence[str] = ()


@dataclass(frozen=True)
class Picture:
    """An SVG drawing, with what it shows in words; `name` is that of its file, where it has one."""

    name: str
    svg: str
    alt: str


@dataclass(frozen=True)
class Code:
    """A command to type."""

    text: str


Block = Heading | Paragraph | Bullets | Grid | Picture | Code
