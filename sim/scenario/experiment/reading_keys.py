"""Read the keys of an experiment file that hold one value or a list of names."""

from __future__ import annotations

from collections.abc import Sequence

from sim.scenario.experiment.keys import CHANGES, KEEP_WORDS, KEYS, LEAST_SAMPLES, QUICK_KEYS, SERIES_WORDS, SETTABLE
from sim.scenario.located import Entry, KeyPath, Listing, Node, Place, Scalar, Table, plain
from sim.scenario.outcome_table import OUTCOME_NAMES
from sim.scenario.parameters import SECTIONS
from sim.scenario.problems import Problem
from sim.scenario.registry import Parameter
from sim.scenario.structure import NAME_LENGTH, is_valid_name
from sim.scenario.unknown_keys import listed
from sim.scenario.wording import did_you_mean, must_be, shown
from sim.texts.said import said


class KeyReader:
    """Read single keys of a table; everything that is wrong ends up in `problems`.

    Attributes
    ----------
    table : Table
        The settings of an experiment.
    problems : list of Problem
        What is wrong with what has been read.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.problems: list[Problem] = []

    def entry(self, key: str) -> Entry | None:
        """Return a key with its value, or None where it is not given."""
        return self.table.entries.get(key)

    def node(self, key: str) -> Node | None:
        """Return the value of a key, or None where it is not given."""
        entry = self.entry(key)
        return None if entry is None else entry.value

    def refuse(self, at: Node | Entry | None, path: KeyPath, message: str) -> None:
        """Report a problem at a node or key, or at the beginning of the file."""
        self.problems.append(self.place(at).problem(path, message))

    def place(self, at: Node | Entry | None) -> Place:
        """Return the place of a node or key, or the beginning of the file."""
        return self.table.place if at is None else at.place

    def check_keys(self) -> None:
        """Report keys that no experiment has."""
        for key, entry in self.table.entries.items():
            if key in KEYS:
                continue
            if key.split(".")[0] in SECTIONS or key == CHANGES:
                example = key if key in SETTABLE and "." in key else "run.weeks"
                self.refuse(entry, (key,), said("refusal.experiment.under_set", example=example))
            else:
                self.refuse(
                    entry, (key,), said("refusal.unknown_key", names=", ".join(KEYS), hint=did_you_mean(key, KEYS))
                )

    def name(self, default: str) -> str:
        """Return the name of the experiment."""
        node = self.node("name")
        name = default if node is None else plain(node)
        if isinstance(name, str) and is_valid_name(name):
            return name
        message = said("refusal.scenario_name", length=NAME_LENGTH, value=shown(name))
        self.refuse(node, ("name",), message)
        return default

    def text(self, key: str) -> str:
        """Return a text on one line, empty where it is not given."""
        node = self.node(key)
        value = None if node is None else plain(node)
        if value is not None and not isinstance(value, str):
            self.refuse(node, (key,), said("refusal.text", value=shown(value)))
        return " ".join(value.split()) if isinstance(value, str) else ""

    def switch(self, key: str) -> bool:
        """Return a switch, off where it is not given."""
        node = self.node(key)
        value = False if node is None else plain(node)
        if not isinstance(value, bool):
            self.refuse(node, (key,), said("refusal.true_or_false", value=shown(value)))
        return value is True

    def word(self, key: str, allowed: Sequence[str]) -> str | None:
        """Return one of some words, or None where it is not given or is another."""
        node = self.node(key)
        if node is None:
            return None
        value = plain(node)
        if isinstance(value, str) and value in allowed:
            return value
        hint = did_you_mean(value, allowed)
        self.refuse(node, (key,), said("refusal.one_of", names=", ".join(allowed), value=shown(value), hint=hint))
        return None

    def whole(self, node: Node, path: KeyPath, limits: Parameter) -> int | None:
        """Return a whole number within limits, or None after reporting that it is none."""
        value = plain(node)
        low, high = limits.low or 0, limits.high
        if isinstance(value, int) and not isinstance(value, bool) and low <= value and (high is None or value <= high):
            return value
        self.refuse(node, path, must_be(limits, value))
        return None

    def outcomes(self) -> tuple[str, ...]:
        """Return the outcomes to keep: all, where the key is not given."""
        node = self.node("outcomes")
        if node is None:
            return OUTCOME_NAMES
        is_list = isinstance(node, Listing)
        items = node.items if isinstance(node, Listing) else [node]
        names: list[str] = []
        for index, item in enumerate(items):
            path: KeyPath = ("outcomes", index) if is_list else ("outcomes",)
            name = plain(item)
            if not isinstance(name, str) or name not in OUTCOME_NAMES:
                hint = did_you_mean(name, OUTCOME_NAMES) or said("refusal.outcome.allowed", names=listed(OUTCOME_NAMES))
                self.refuse(item, path, said("refusal.outcome.none", name=shown(name), hint=hint))
            elif name in names:
                self.refuse(item, path, said("refusal.outcome.twice", name=name))
            else:
                names.append(name)
        if not items:
            self.refuse(node, ("outcomes",), said("refusal.outcome.empty"))
        return tuple(names) or OUTCOME_NAMES

    def series(self) -> str | int:
        """Return how much of the weekly series to keep."""
        node = self.node("series")
        value = "none" if node is None else plain(node)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        if isinstance(value, str) and value in SERIES_WORDS:
            return value
        words = ", ".join(SERIES_WORDS)
        self.refuse(node, ("series",), said("refusal.series", words=words, value=shown(value)))
        return "none"

    def keep(self) -> tuple[str, ...]:
        """Return the tables that are kept only where they are asked for: one, or a list."""
        node = self.node("keep")
        items = node.items if isinstance(node, Listing) else [] if node is None else [node]
        names: list[str] = []
        for index, item in enumerate(items):
            path: KeyPath = ("keep", index) if isinstance(node, Listing) else ("keep",)
            name = plain(item)
            if not isinstance(name, str) or name not in KEEP_WORDS:
                words = {"names": ", ".join(KEEP_WORDS), "value": shown(name), "hint": did_you_mean(name, KEEP_WORDS)}
                self.refuse(item, path, said("refusal.one_of", **words))
            elif name not in names:
                names.append(name)
        return tuple(names)

    def _quick_example(self) -> str:
        """Return a small version that fits the file: draws where it has any, and no setting that it varies."""
        method = plain(node) if (node := self.node("method")) else None
        sections = [node for key in ("levers", "uncertainties") if isinstance(node := self.node(key), Table)]
        varied = {name.strip() for section in sections for name in section.entries}
        small = {"organization.employees": 100, "run.weeks": 12}
        kept = ", ".join(f"{key}: {value}" for key, value in small.items() if key not in varied)
        has_draws = "samples" in self.table.entries or method is not None
        least = LEAST_SAMPLES.get(method, 0) if isinstance(method, str) else 0
        parts = [f"samples: {max(8, least)}"] if has_draws else []
        parts += ["replications: 2", *([f"set: {{{kept}}}"] if kept else [])]
        return f"{{{', '.join(parts)}}}"

    def quick(self, is_wanted: bool) -> Table | None:
        """Return the section ``quick``, or None where it is not given or not a group."""
        node = self.node("quick")
        if node is None or (isinstance(node, Scalar) and node.value is None):
            if is_wanted:
                self.refuse(None, ("quick",), said("refusal.quick", example=self._quick_example()))
            return None
        if not isinstance(node, Table):
            keys = ", ".join(QUICK_KEYS)
            self.refuse(node, ("quick",), said("refusal.group", names=keys, value=shown(plain(node))))
            return None
        for key, entry in node.entries.items():
            if key not in QUICK_KEYS:
                hint = did_you_mean(key, QUICK_KEYS)
                self.refuse(entry, ("quick", key), said("refusal.unknown_key", names=", ".join(QUICK_KEYS), hint=hint))
        return node
