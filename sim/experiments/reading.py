"""Read an experiment from located settings: every problem with its place and key, all at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.catalog.registry import SECTIONS
from sim.experiments.factors import Experiment, Factor, Strategy, is_drawn, overlap
from sim.experiments.grammar import (
    DESIGNS,
    FORMS_OF_KEYS,
    KEYS,
    LEAST_SAMPLES,
    LISTED_DESIGNS,
    QUICK_KEYS,
    RUNS_LIMIT,
    SAMPLED_DESIGNS,
    SETTABLE,
)
from sim.experiments.overlay import Overlay
from sim.experiments.settings import Setting, as_values, laid, read_settings
from sim.experiments.variation import FactorReader, ReadFactor, read_rows, settled
from sim.scenario.contradictions import Contradiction
from sim.scenario.grammar import CHANGES, Form, name_from_file
from sim.scenario.hints import did_you_mean, either, shown
from sim.scenario.loading import checked_with
from sim.scenario.places import Entry, KeyPath, Keys, Listing, Node, Place, Problem, Scalar, dotted, node_at, plain
from sim.scenario.staffing import WORKFORCE, beside_staff, kept_keys, why_decided
from sim.scenario.yaml_files import find_beside, near_file, outside_reach, read_chain
from sim.words import Whole, said

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


class Read(NamedTuple):
    """An experiment, None where anything is wrong, and everything that is wrong."""

    experiment: Experiment | None
    problems: list[Problem]


class Given(NamedTuple):
    """What an experiment is read from.

    Attributes
    ----------
    table : Keys
        The settings, with overrides of its own keys laid over them.
    overrides : list of Setting
        Overrides that are keys of a scenario: they hold for every run, over ``set``.
    is_quick : bool
        Whether the small version is asked for.
    default_name : str
        Name where the file gives none.
    file : str
        What messages call the file.
    """

    table: Keys
    overrides: Sequence[Setting]
    is_quick: bool
    default_name: str
    file: str


def read_experiment(given: Given) -> Read:
    """Return the experiment that some settings describe, or everything that is wrong with them."""
    return _ExperimentReader(given).read()


class _ExperimentReader:
    """Read one experiment; everything that is wrong ends up in `problems`."""

    def __init__(self, given: Given) -> None:
        self.table = given.table
        self.problems: list[Problem] = []
        self._given = given
        self._quick: Keys | None = None

    def read(self) -> Read:
        """Return the experiment, or everything that is wrong with it."""
        self.check_keys()
        self._quick = self.quick(self._given.is_quick)
        fixed = self._fixed(is_quick=self._given.is_quick)
        design, method = self._design_and_method()
        n_problems = len(self.problems)
        factors, strategies = self._factors(design, method, fixed)
        are_factors_right = len(self.problems) == n_problems
        bases = self._bases(fixed)
        if bases.scenarios:
            factors = self._but_kept(factors, bases)
            self._check_staff(factors, bases)
        experiment = Experiment(
            name=self.value("name") if "name" in self.table.entries else self._given.default_name,
            description=" ".join(self.value("description").split()),
            bases=bases.scenarios,
            base_names=bases.names,
            fixed=as_values(fixed),
            design=design,
            method=method,
            by_group=self.value("by_group"),
            levers=tuple(one.factor for one in factors if one.factor.is_lever),
            uncertainties=tuple(one.factor for one in factors if not one.factor.is_lever),
            strategies=strategies,
            samples=self._samples(design, method, tuple(one.factor for one in factors), are_factors_right),
            replications=self._number("replications"),
            seed=self._number("seed"),
            outcomes=self.value("outcomes"),
            series=self.value("series"),
            groups=self.value("groups"),
            keep=self.value("keep"),
            quick=self._given.is_quick,
            file=self._given.file,
        )
        if not self.problems:
            self._check_size(experiment)
            self.problems += impossible_alternatives(bases.scenarios, factors)
        return Read(None if self.problems else experiment, self.problems)

    # --- single keys

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

    def value(self, key: str) -> Any:
        """Return what is held of a key that has a form of its own: its default, where it is not given or wrong."""
        form, node = FORMS_OF_KEYS[key], self.node(key)
        if node is None or (key == "description" and plain(node) is None):
            return form.default
        return form.made(plain(node)) if self.is_right(form, node, (key,)) else form.default

    def is_right(self, form: Form, node: Node, path: KeyPath) -> bool:
        """Return whether nothing is wrong with a value, after reporting what is."""
        wrong = list(form.wrong(plain(node), ()))
        for one in wrong:
            self.refuse(node_at(node, one.path), (*path, *one.path), one.message)
        return not wrong

    def _quick_example(self) -> str:
        """Return a small version that fits the file: draws where it has any, and no setting that it varies."""
        method = plain(node) if (node := self.node("method")) else None
        sections = [node for key in ("levers", "uncertainties") if isinstance(node := self.node(key), Keys)]
        varied = {name.strip() for section in sections for name in section.entries}
        small = {"organization.employees": 100, "run.weeks": 12}
        kept = ", ".join(f"{key}: {value}" for key, value in small.items() if key not in varied)
        has_draws = "samples" in self.table.entries or method is not None
        least = LEAST_SAMPLES.get(method, 0) if isinstance(method, str) else 0
        parts = [f"samples: {max(8, least)}"] if has_draws else []
        parts += ["replications: 2", *([f"set: {{{kept}}}"] if kept else [])]
        return f"{{{', '.join(parts)}}}"

    def quick(self, is_wanted: bool) -> Keys | None:
        """Return the section ``quick``, or None where it is not given or not a group."""
        node = self.node("quick")
        if node is None or (isinstance(node, Scalar) and node.value is None):
            if is_wanted:
                self.refuse(None, ("quick",), said("refusal.quick", example=self._quick_example()))
            return None
        if not isinstance(node, Keys):
            keys = ", ".join(QUICK_KEYS)
            self.refuse(node, ("quick",), said("refusal.group", names=keys, value=shown(plain(node))))
            return None
        for key, entry in node.entries.items():
            if key not in QUICK_KEYS:
                hint = did_you_mean(key, QUICK_KEYS)
                self.refuse(entry, ("quick", key), said("refusal.unknown_key", names=", ".join(QUICK_KEYS), hint=hint))
        return node

    # --- what holds for every run

    def _fixed(self, is_quick: bool) -> list[Setting]:
        """Return what holds for every run: of the file, of ``quick`` where it is asked for, of the options."""
        parts: list[tuple[Node | None, KeyPath, bool]] = [(self.node("set"), ("set",), True)]
        if self._quick is not None and "set" in self._quick.entries:
            parts.append((self._quick.entries["set"].value, ("quick", "set"), is_quick))
        settings: list[Setting] = []
        for node, path, counts in parts:
            if node is not None:
                right, wrong = read_settings(node, path)
                settings += right if counts else []
                self.problems += wrong
        return laid([*settings, *self._given.overrides])

    def _bases(self, fixed: Sequence[Setting]) -> Bases:
        """Return the base scenarios; those of the small version are looked at too, since others will ask for it."""
        bases = read_bases(self.node("base"), self.table.place, fixed)
        self.problems += bases.problems
        if self._quick is not None and not self._given.is_quick:
            smaller = read_bases(self.node("base"), self.table.place, self._fixed(is_quick=True))
            only_there = [problem for problem in smaller.problems if problem not in bases.problems]
            self.problems += [
                one._replace(message=said("refusal.with_quick", message=one.message)) for one in only_there
            ]
        return bases

    def _but_kept(self, factors: Sequence[ReadFactor], bases: Bases) -> list[ReadFactor]:
        """Return the factors that vary something in at least one base: what all of them say themselves stays."""
        own = [kept_keys(base) for base in bases.scenarios]
        varied = [one for one in factors if not all(one.factor.is_kept(each) for each in own)]
        if factors and not varied:
            self.problems.append(factors[0].problem(said("refusal.factor.all_kept")))
        return varied

    def _check_staff(self, factors: Sequence[ReadFactor], bases: Bases) -> None:
        """Refuse factors that vary what a staff file decides: one that a base, or what is varied beside it, names."""
        for one in factors:
            others = [each.settings for other in factors if other is not one for each in other.factor.alternatives]
            keys: list[str] = []
            for settings in [each.settings for each in one.factor.alternatives] or [dict.fromkeys(one.factor.keys)]:
                changed = [key for change in settings.get(CHANGES) or [] for key in change["set"]]
                # Who comes with one alternative is nobody's in the others of the same factor.
                own = () if settings.get(WORKFORCE) is not None else bases.scenarios
                keys += beside_staff(own, [*others, settings], [*settings, *changed])
            for key in dict.fromkeys(keys):
                where = "" if key == one.factor.name else f"{key}: "
                self.problems.append(one.problem(where + why_decided(key)))

    # --- numbers that quick can replace

    def _both(self, key: str) -> list[tuple[Node, KeyPath, bool]]:
        """Return the values of a key in the file and under ``quick``, with whether each counts; the last one wins."""
        found: list[tuple[Node, KeyPath, bool]] = []
        node = self.node(key)
        if node is not None:
            found.append((node, (key,), True))
        if self._quick is not None and key in self._quick.entries:
            # An option wins over both; options are told by having no lines.
            is_option = node is not None and node.place.source != self._quick.place.source
            found.append((self._quick.entries[key].value, ("quick", key), self._given.is_quick and not is_option))
        return found

    def _number(self, key: str) -> int:
        """Return a whole number of the file, or the one under ``quick``."""
        value: int = FORMS_OF_KEYS[key].default
        for node, path, counts in self._both(key):
            if self.is_right(FORMS_OF_KEYS[key], node, path) and counts:
                value = plain(node)
        return value

    def _samples(
        self, design: str | None, method: str | None, factors: tuple[Factor, ...], are_factors_right: bool
    ) -> int:
        """Return the number of draws, checked against what the design takes; 1 where nothing is drawn.

        Where anything is wrong with the factors, nobody knows whether there is something to draw.
        """
        is_sampled = method is not None or design in SAMPLED_DESIGNS
        needs = is_sampled or is_drawn(factors)
        samples = 1
        given = self._both("samples")
        for node, path, counts in given:
            if not self.is_right(FORMS_OF_KEYS["samples"], node, path):
                continue
            found = plain(node)
            if not needs and design is not None and are_factors_right:
                self.refuse(node, path, said("refusal.samples.useless"))
            elif "sobol" in (design, method) and not _is_power_of_two(found):
                self.refuse(
                    node,
                    path,
                    said(
                        "refusal.samples.power",
                        example=_powers_around(max(found, LEAST_SAMPLES.get(method or "", 1))),
                        value=found,
                    ),
                )
            elif method is not None and found < LEAST_SAMPLES[method]:
                self.refuse(
                    node, path, said("refusal.samples.least", least=LEAST_SAMPLES[method], method=method, value=found)
                )
            elif counts:
                samples = found
        if needs and (is_sampled or are_factors_right) and not any(counts for _, _, counts in given):
            what = (
                said("refusal.samples.design_needs", design=design or method)
                if is_sampled
                else said("refusal.samples.ranges_need")
            )
            example = 256 if "sobol" in (design, method) else 200
            self.refuse(None, ("samples",), said("refusal.samples.missing", why=what, example=example))
        return samples

    # --- the design

    def _design_and_method(self) -> tuple[str | None, str | None]:
        design, method = self.value("design") or None, self.value("method") or None
        if self.entry("design") is not None and self.entry("method") is not None:
            message = said("refusal.design.and_method")
            self.refuse(self.entry("method"), ("method",), message)
        elif self.entry("design") is None and self.entry("method") is None:
            message = said("refusal.design.missing", names=", ".join(DESIGNS))
            self.refuse(None, ("design",), message)
        if self.entry("by_group") is not None and self.entry("method") is None:
            self.refuse(self.entry("by_group"), ("by_group",), said("refusal.by_group"))
        return design, method

    def _factors(
        self, design: str | None, method: str | None, fixed: Sequence[Setting]
    ) -> tuple[list[ReadFactor], tuple[Strategy, ...]]:
        """Return all factors, levers first, and the rows of design ``list``."""
        n_problems = len(self.problems)
        rows = self._rows(design)
        found = [] if rows is None else [rows]
        for section in ("levers", "uncertainties"):
            reader = FactorReader(section)
            found += reader.read(self.node(section))
            self.problems += reader.problems
        if design == "list" and self.entry("levers") is not None:
            message = said("refusal.levers_and_rows")
            self.refuse(self.entry("levers"), ("levers",), message)
        factors, problems = settled(found, fixed)
        self.problems += problems
        if self._quick is not None and not self._given.is_quick:
            self.problems += settled(found, self._fixed(is_quick=True))[1]
        for one in factors:
            self._check_factor(one, design, method)
        if design == "zip":
            self._check_lengths(factors)
        if not factors and len(self.problems) == n_problems:
            self.refuse(None, (), said("refusal.varies_nothing"))
        alternatives = () if rows is None else rows.factor.alternatives
        return factors, tuple(Strategy(str(one.label), one.settings) for one in alternatives)

    def _rows(self, design: str | None) -> ReadFactor | None:
        """Return the rows of design ``list`` as one factor."""
        entry = self.entry("strategies")
        if entry is None:
            if design == "list":
                self.refuse(None, ("strategies",), said("refusal.rows.missing"))
            return None
        if design != "list":
            if design is not None or self.entry("method") is not None:
                self.refuse(entry, ("strategies",), said("refusal.rows.belong"))
            return None
        rows, problems = read_rows(entry)
        self.problems += problems
        return rows

    def _check_factor(self, one: ReadFactor, design: str | None, method: str | None) -> None:
        """Check that a factor fits the design."""
        factor = one.factor
        if one.has_steps and (design not in ("grid", "zip")) and (design is not None or method is not None):
            why = (
                said("refusal.steps.rows")
                if design == "list"
                else said("refusal.steps.whole_range", design=design or method)
            )
            self.problems.append(one.places[0].problem((*one.path, "steps"), said("refusal.steps.belong", why=why)))
        if factor.spread is not None and factor.is_lever and design in LISTED_DESIGNS:
            what = (
                said("refusal.levels.gives_range", name=factor.name)
                if one.is_from_registry
                else said("refusal.levels.no_steps")
            )
            n_steps = min(3, int(factor.spread.high - factor.spread.low) + 1) if factor.spread.is_whole else 3
            example = f"{{low: ..., high: ..., steps: {n_steps}}}"
            self.problems.append(one.problem(said("refusal.levels.needed", what=what, design=design, example=example)))
        if method is not None and factor.levels is not None and len(factor.levels) < 2:
            self.problems.append(one.problem(said("refusal.levels.one")))

    def _check_lengths(self, factors: Sequence[ReadFactor]) -> None:
        """Check that the lists of a zip go in step."""
        lengths = {one.factor.name: len(one.factor.alternatives) for one in factors if one.factor.spread is None}
        if len(set(lengths.values())) > 1:
            counts = [said("refusal.zip_has", name=name, length=length) for name, length in lengths.items()]
            message = said("refusal.zip", counts=_listed(counts))
            self.refuse(self.node("design"), ("design",), message)

    def _check_size(self, experiment: Experiment) -> None:
        if experiment.n_runs <= RUNS_LIMIT:
            return
        n_arms = len(experiment.bases)
        size = {"points": Whole(experiment.n_points), "replications": Whole(experiment.replications)}
        arms = "refusal.runs.product.one" if n_arms == 1 else "refusal.runs.product.many"
        product = said(arms, n=n_arms, **size)
        key = "design" if experiment.design else "method"
        self.refuse(
            self.node(key),
            (key,),
            said("refusal.runs.too_many", n=Whole(experiment.n_runs), product=product, limit=Whole(RUNS_LIMIT)),
        )


def _is_power_of_two(number: int) -> bool:
    return number >= 1 and number & (number - 1) == 0


def _powers_around(number: int) -> str:
    """Return the powers of 2 on either side of a number.

    Examples
    --------
    >>> _powers_around(100)
    '64 or 128'
    """
    below = 1 << (number.bit_length() - 1)
    return either([str(below), str(2 * below)])


def _listed(messages: Sequence[str]) -> str:
    first, *others = messages
    return said("refusal.zip_more", first=first, others=_listed(others)) if others else first


# Alternatives that no base scenario can take, whatever else varies: found when the file is read, with their lines.
#
# The points of a design are checked when they are made (`sim.runs.designs`); most mistakes show here already.


_MOST = 2000
"""Alternatives looked at one by one; the points of a longer design are checked when it is run."""


def impossible_alternatives(bases: Sequence[Scenario], factors: Sequence[ReadFactor]) -> list[Problem]:
    """Return a problem for each alternative that contradicts a base in keys that no other factor varies."""
    if sum(len(one.factor.alternatives) for one in factors) > _MOST:
        return []
    return list(dict.fromkeys(_impossible(bases, factors)))


def _impossible(bases: Sequence[Scenario], factors: Sequence[ReadFactor]) -> Iterator[Problem]:
    for one in factors:
        others = [key for other in factors if other is not one for key in other.factor.keys]
        for base in bases:
            overlay = Overlay(base, one.factor.keys)
            for alternative, place in zip(one.factor.alternatives, one.places, strict=True):
                for wrong in overlay.lay(alternative.settings).wrong:
                    if not _may_be_mended(wrong, others):
                        label = "" if alternative.label is None else f"{alternative.label}: "
                        where, message = dotted(wrong.path), wrong.message
                        name = base.name
                        words = said("refusal.with_base", label=label, path=where, message=message, name=name)
                        yield place.problem(one.path, words)


def _may_be_mended(wrong: Contradiction, others: Sequence[str]) -> bool:
    """Return whether another factor varies any of the keys that take part."""
    paths = [dotted([part for part in path if isinstance(part, str)]) for path in (wrong.path, *wrong.involves)]
    return any(overlap(path, key) for path in paths for key in others)


# The base scenarios of an experiment: what everything starts from.


_EXAMPLE = "base: baseline"


class Bases(NamedTuple):
    """The base scenarios as named and as loaded, and everything that is wrong with them."""

    names: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    problems: list[Problem]


def read_bases(node: Node | None, start: Place, fixed: Sequence[Setting]) -> Bases:
    """Return the base scenarios with the settings that hold for every run laid over them.

    Parameters
    ----------
    node : Node or None
        What stands behind ``base``.
    start : Place
        The beginning of the experiment, where a missing key is reported.
    fixed : sequence of Setting
        Settings, each right by itself, in the order in which they are laid.
    """
    if node is None or (isinstance(node, Scalar) and node.value is None):
        place = start if node is None else node.place
        message = said("refusal.base.missing", example=_EXAMPLE)
        return Bases((), (), [place.problem(("base",), message)])
    items: list[tuple[Node, KeyPath]] = [(node, ("base",))]
    if isinstance(node, Listing):
        items = [(item, ("base", index)) for index, item in enumerate(node.items)]
        if not items:
            return Bases((), (), [node.place.problem(("base",), said("refusal.base.empty", example=_EXAMPLE))])
    names: list[str] = []
    scenarios: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for item, path in items:
        name = plain(item)
        if not isinstance(name, str) or not name.strip():
            message = said("refusal.base.form", value=shown(name))
            problems.append(item.place.problem(path, message))
            continue
        names.append(name)
        scenario, wrong = _base(name, item.place, path, fixed)
        problems += wrong
        if scenario is None:
            continue
        if scenario.name in scenarios:
            message = said("refusal.base.twice", name=scenario.name)
            problems.append(item.place.problem(path, message))
        scenarios[scenario.name] = scenario
    return Bases(tuple(names), tuple(scenarios.values()), problems)


def _base(name: str, place: Place, path: KeyPath, fixed: Sequence[Setting]) -> tuple[Scenario | None, list[Problem]]:
    file, display = find_beside(name, place.source)
    # Beside the folder of experiments lies that of scenarios, as here: base: ../scenarios/mine.yaml.
    folders = [os.fspath(place.source.folder), os.fspath(place.source.folder / ".." / "scenarios")]
    if (outside := outside_reach(file, display, place.source, folders)) is not None:
        return None, [place.problem(path, outside)]
    try:
        exists = file.exists()
    except (OSError, ValueError):
        exists = False
    if not exists:
        return None, [place.problem(path, said("refusal.base.none", file=display, hint=near_file(name, file)))]
    chain = read_chain(file, display)
    checked = checked_with(chain, [(one.parts, one.node) for one in fixed], name_from_file(file.stem))
    return checked.scenario, checked.problems
