"""Reads a report as a browser would: elements, attributes, and the words that a person sees."""

from __future__ import annotations

import re
from html.parser import HTMLParser

SMALL = ["organization.employees=80", "run.weeks=8", "behavior.read_base=-3", "constants.unawareness=0"]
"""Small and short, and lively enough for something to happen."""
HOSTILE = "<script>alert(1)</script> & `b`"

SWEEP = """
name: small-sweep
base: baseline
set: {organization.employees: 60, run.weeks: 6, behavior.read_base: -3, constants.unawareness: 0}
design: grid
levers:
  launch.framing: [like_facebook, collaboration, unframed]
  rules.restriction: [0.0, 1.0]
uncertainties:
  organization.trust: {low: 0.3, high: 0.8}
samples: 10
replications: 2
outcomes: [monthly_posters, alive, knowledge]
"""

SENSITIVITY = """
name: small-morris
base: baseline
set: {organization.employees: 60, run.weeks: 6, behavior.read_base: -3, constants.unawareness: 0}
method: morris
levers:
  rules.restriction: {low: 0, high: 1}
uncertainties:
  organization.trust: {low: 0.3, high: 0.8}
  behavior.post_base: {low: -6, high: -3}
samples: 8
replications: 2
outcomes: [monthly_posters, knowledge]
"""

VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """The elements of a page.

    Attributes
    ----------
    elements : list of (str, dict)
        Tag and attributes of each element, in order.
    words : str
        What a person reads, without figures.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self._words: list[str] = []
        self.feed(html)
        assert self._open == [], f"not closed: {self._open}"
        self.words = re.sub(r"[ \n\t\u00a0]+", " ", " ".join(self._words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"svg", "style"} & set(self._open):
            self._words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of all elements with a tag."""
        return [attributes for name, attributes in self.elements if name == tag]
