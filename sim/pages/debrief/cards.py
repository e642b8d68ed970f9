"""From files and folders to the run cards of a class; everything that is wrong is told at once."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.statistics import counted
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError
from sim.kernel.files import regular_content
from sim.kernel.streams import keyed_generator
from sim.scenario.plain import resolve
from sim.version import __version__
from sim.web.answer import answer
from sim.web.answer.card import BANDS, SIDES, Card, Wrong, cards_in
from sim.web.page.workers import Limits, refuse_too_much
from sim.words import in_language, text

LARGEST_FILE = 1_000_000  # bytes
MOST_CARDS = 1000
MOST_TOLD = 20  # mistakes of one file; a thousand lines that are no cards are one mistake
SUFFIXES = (".json", ".txt")


class Handed(NamedTuple):
    """A card and where it was found."""

    card: Card
    place: str


@dataclass(frozen=True)
class Collected:
    """The cards of a class.

    Attributes
    ----------
    cards : tuple of Handed
        Each different card once, in an order that does not depend on files.
    n_duplicates : int
        Cards that were there before, letter for letter.
    n_files : int
        Files read.
    n_passed : int
        Files in folders that are named like no card.
    passed_over : tuple of str
        Mistakes that were passed over on request.
    """

    cards: tuple[Handed, ...]
    n_duplicates: int
    n_files: int
    n_passed: int
    passed_over: tuple[str, ...]


def collect(paths: Sequence[Path], language: str = "en", is_lenient: bool = False) -> Collected:
    """Read run cards.

    Parameters
    ----------
    paths : sequence of Path
        Files with a card or with many short codes, and folders of such files.
    language : str
        Of the messages.
    is_lenient : bool
        Whether what is wrong is passed over; at least one card must be left.

    Raises
    ------
    InputError
        If anything is wrong: a line for each mistake, with the file.
    """
    files, n_passed, wrong = _files(paths, language)
    handed: list[Handed] = []
    for file in files:
        told = []
        for place, card, problems in _cards(file):
            if card is not None:
                handed.append(Handed(card, place))
            told += [f"{place}: {words(one, language)}" for one in problems]
        wrong += told[:MOST_TOLD]
        if len(told) > MOST_TOLD:
            wrong.append(text(language, "debrief.wrong.more", file=file, n=len(told) - MOST_TOLD))
    cards: dict[str, Handed] = {}
    for one in handed:
        cards.setdefault(one.card.digest, one)
    if len(cards) > MOST_CARDS:
        wrong.append(text(language, "debrief.wrong.too_many", n=len(cards), most=MOST_CARDS))
        is_lenient = False
    if wrong and not (is_lenient and cards):
        raise InputError(wrong)
    if not cards:
        raise InputError(text(language, "debrief.wrong.none"))
    ordered = tuple(cards[digest] for digest in sorted(cards))
    return Collected(ordered, len(handed) - len(cards), len(files), n_passed, tuple(wrong))


def words(wrong: Wrong, language: str) -> str:
    """Return in words what is wrong."""
    values = {
        name: in_language(value, language) if isinstance(value, str) else value for name, value in wrong.values.items()
    }
    return text(language, f"debrief.wrong.{wrong.name}", **values)


def _files(paths: Sequence[Path], language: str) -> tuple[list[Path], int, list[str]]:
    """Return the files to read, each once, how many in folders are passed over, and what is wrong."""
    files: dict[Path, Path] = {}
    n_passed, wrong = 0, []
    for path in paths:
        if not path.is_dir():
            files.setdefault(path.resolve(), path)
            continue
        try:
            inside = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        except OSError as error:
            wrong.append(_unreadable(path, error, language))
            continue
        kept = [one for one in inside if one.suffix.lower() in SUFFIXES]
        n_passed += len(inside) - len(kept)
        if not kept:
            wrong.append(text(language, "debrief.wrong.empty_folder", folder=path))
        for one in kept:
            files.setdefault(one.resolve(), one)
    return list(files.values()), n_passed, wrong


def _cards(file: Path) -> Iterator[tuple[str, Card | None, Sequence[Wrong]]]:
    """Yield place and card, or what is wrong there."""
    try:
        data = regular_content(file, LARGEST_FILE)
    except OSError as error:
        yield str(file), None, [Wrong("unreadable", {"reason": error.strerror or str(error)})]
        return
    if len(data) > LARGEST_FILE:
        yield str(file), None, [Wrong("large_file", {"most": LARGEST_FILE // 1000})]
        return
    try:
        told = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield str(file), None, [Wrong("no_text", {})]
        return
    found = list(cards_in(told))
    if not found:
        yield str(file), None, [Wrong("empty", {})]
    for number, card, wrong in found:
        yield (str(file) if len(found) == 1 else f"{file} #{number}"), card, wrong


def _unreadable(path: Path, error: OSError, language: str) -> str:
    return f"{path}: {text(language, 'debrief.wrong.unreadable', reason=error.strerror or str(error))}"


# Runs the launches of cards again and compares: same hash, same runs; and whether the card tells what came out.


SMALLEST_BAND = 5  # people; of fewer no share is told
TOLERANCE = 5e-4  # cards round: half a tenth of a percentage point

AGREES, NOT_RUN = "agrees", "not_run"
DIFFERS, ALTERED, OTHER_VERSION, TOO_MUCH = "differs", "altered", "other_version", "too_much"
KEPT = (AGREES, NOT_RUN)

Numbers = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Runs:
    """What came out of one launch when it was run again.

    Attributes
    ----------
    hash : str
        Of the answer.
    outcomes : mapping
        By name, a value for each run; NaN where there is none.
    curves : sequence
        For each run, the class's outcome in each week.
    people : mapping
        How many people of all runs are in a band of age, and how many of them have posted.
    """

    hash: str
    outcomes: Numbers
    curves: Sequence[Sequence[float]]
    people: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Checked:
    """A card and how its check ended.

    Attributes
    ----------
    card : Card
    place : str
        Where it was found; for the terminal alone, since names of files may be names of people.
    state : str
        ``agrees``, ``not_run`` (not in the sample), ``differs`` (the hash), ``altered`` (the hash is right, the numbers
        are not), ``other_version`` or ``too_much``.
    sides : tuple of str
        The launches that differ.
    resolved : mapping
        All values of each launch, by side.
    runs : mapping
        What each launch gave, by side; empty if it was not run again.
    """

    card: Card
    place: str
    state: str
    sides: tuple[str, ...] = ()
    resolved: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    runs: Mapping[str, Runs] = field(default_factory=dict)

    def mean(self, side: str) -> float:
        """Return the mean of the card's outcome over the runs of one launch, NaN if there is none."""
        if self.runs:
            return mean_known(self.runs[side].outcomes[self.card.outcome])
        return _number(self.card.result[side])

    def posted(self, band: str) -> float:
        """Return the share of a band of age who posted, NaN if there are too few people."""
        if self.runs:
            return _pooled_share([self.runs[side] for side in SIDES], band)
        return _number(self.card.posts[band])


def check(
    handed: Sequence[Handed],
    n_sample: int | None = None,
    tell: Callable[[int, int], None] | None = None,
    known: dict[str, Runs] | None = None,
) -> list[Checked]:
    """Run a sample of cards again.

    Parameters
    ----------
    handed : sequence of Handed
        All cards of a class.
    n_sample : int, optional
        How many cards to run again, beside those that contradict each other; all if left out.
    tell : callable, optional
        Is told how many cards of how many are done.
    known : dict, optional
        Runs done before, by request and outcome; those done now are added.

    Returns
    -------
    list of Checked
        In the order of the cards.
    """
    version, outcome = class_version(handed), class_outcome(handed)
    ours = [one for one in handed if one.card.model == version]
    chosen = _sample(ours, n_sample) if version == __version__ else set()
    known = {} if known is None else known
    checked = []
    for one in handed:
        resolved = {side: _resolved(one.card, side) for side in SIDES}
        digest = one.card.digest
        if one.card.model != version:
            checked.append(Checked(one.card, one.place, OTHER_VERSION, resolved=resolved))
        elif _is_too_much(one.card):
            checked.append(Checked(one.card, one.place, TOO_MUCH, resolved=resolved))
        elif digest not in chosen:
            checked.append(Checked(one.card, one.place, NOT_RUN, resolved=resolved))
        else:
            runs = {side: _run(one.card.request(side), outcome, known) for side in SIDES}
            checked.append(_compared(one, resolved, runs))
        if tell is not None:
            tell(len(checked), len(handed))
    return checked


def class_version(handed: Sequence[Handed]) -> str:
    """Return the version of the model that most cards come from; of several, ours."""
    counts = Counter(one.card.model for one in handed)
    most = max(counts.values())
    versions = sorted(version for version, n in counts.items() if n == most)
    return __version__ if __version__ in versions else versions[-1]


def class_outcome(handed: Sequence[Handed]) -> str:
    """Return the outcome that most cards are about; of several, the first in the table of outcomes."""
    counts = Counter(one.card.outcome for one in handed)
    return min(counts, key=lambda name: (-counts[name], OUTCOME_NAMES.index(name)))


def mean_known(values: Sequence[float]) -> float:
    """Return the mean of the values that there are, NaN if there are none."""
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _resolved(card: Card, side: str) -> Mapping[str, Any]:
    request = card.request(side)
    return resolve(request["scenario"], request["overrides"])


def _is_too_much(card: Card) -> bool:
    try:
        for side in SIDES:
            refuse_too_much({"ask": "answer", "request": card.request(side)}, Limits())
    except InputError:
        return True
    return False


def _sample(handed: Sequence[Handed], n_sample: int | None) -> set[str]:
    """Return the cards to run again: those that contradict others, and more that nobody can foresee.

    The order depends on all cards together, so it repeats, and no card can be made to stay out of it.
    """
    digests = [one.card.digest for one in handed]
    if n_sample is None:
        return set(digests)
    seal = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    order = sorted(digests, key=lambda digest: hashlib.sha256((seal + digest).encode()).hexdigest())
    return _contradicting(handed) | set(order[:n_sample])


def _contradicting(handed: Sequence[Handed]) -> set[str]:
    """Return the cards that give the same request another hash than some other card does."""
    hashes: dict[str, set[str]] = {}
    for one in handed:
        for side in SIDES:
            hashes.setdefault(_key(one.card.request(side)), set()).add(one.card.hashes[side])
    return {
        one.card.digest
        for one in handed
        if any(len(hashes[_key(one.card.request(side))]) > 1 for side in SIDES)
    }  # fmt: skip


def _key(request: Mapping[str, Any]) -> str:
    return json.dumps(request, sort_keys=True)


def _run(request: Mapping[str, Any], outcome: str, known: dict[str, Runs]) -> Runs:
    """Run a launch, or take what it gave before."""
    key = f"{outcome} {_key(request)}"
    if key not in known:
        detail = {"network": False, "people": True, "groups": False}
        reply = answer({**request, "detail": detail})
        known[key] = Runs(
            hash=reply["hash"],
            outcomes={
                name: counted(name, np.array([_number(value) for value in values]), reply["weeks"]).tolist()
                for name, values in reply["outcomes"].items()
            },
            curves=[[_number(value) for value in run] for run in reply["curves"][outcome]],
            people=_people(reply["ages"]),
        )
    return known[key]


def _people(ages: Sequence[Mapping[str, Sequence[int]]]) -> dict[str, tuple[int, int]]:
    """Return size and number of those who posted of each band of age, all runs together."""
    return {band: (sum(run[band][0] for run in ages), sum(run[band][1] for run in ages)) for band in BANDS}


def _pooled_share(both: Sequence[Runs], band: str) -> float:
    sizes = [runs.people[band][0] for runs in both]
    if min(sizes) < SMALLEST_BAND:
        return math.nan
    return sum(runs.people[band][1] for runs in both) / sum(sizes)


def _compared(one: Handed, resolved: Mapping[str, Mapping[str, Any]], runs: Mapping[str, Runs]) -> Checked:
    card = one.card
    sides = tuple(side for side in SIDES if runs[side].hash != card.hashes[side])
    if sides:
        return Checked(card, one.place, DIFFERS, sides, resolved)
    checked = Checked(card, one.place, AGREES, (), resolved, runs)
    results = [(_number(card.result[side]), checked.mean(side)) for side in SIDES]
    posts = [(_number(card.posts[band]), checked.posted(band)) for band in BANDS]
    posts = [(told, found) for told, found in posts if not math.isnan(found)]
    if all(_are_alike(told, found) for told, found in results + posts):
        return checked
    return Checked(card, one.place, ALTERED, (), resolved)


def _are_alike(told: float, found: float) -> bool:
    """Say whether a card tells what came out; it may leave a number out."""
    if math.isnan(told):
        return True
    return not math.isnan(found) and abs(told - found) <= TOLERANCE * max(1.0, abs(found))


# How much of what differs is luck (the same launch again) and how much is strategy (another launch).


N_SHUFFLES = 1999
SURE = 0.05


class Parts(NamedTuple):
    """Where the spread of runs comes from.

    Attributes
    ----------
    luck, strategy : float
        Standard deviation between runs of one launch, and between launches; NaN where it cannot be known.
    share : float
        Share of the variance of runs that lies between launches.
    p : float
        How likely such differences between launches are if only luck differs (the runs shuffled over the launches).
    n_runs, n_launches : int
        What it rests on.
    """

    luck: float
    strategy: float
    share: float
    p: float
    n_runs: int
    n_launches: int

    @property
    def is_known(self) -> bool:
        """Whether both parts can be estimated."""
        return not math.isnan(self.luck + self.strategy)

    @property
    def is_sure(self) -> bool:
        """Whether launches differ by more than luck."""
        return self.is_known and self.p <= SURE


def parts_of(runs: pd.DataFrame) -> Parts:
    """Return luck and strategy by analysis of variance with launches as a random effect.

    Parameters
    ----------
    runs : DataFrame
        A row for each run: launch, seed, value.
    """
    known = runs.dropna(subset=["value"])
    values = known["value"].to_numpy()
    launches, sizes = np.unique(known["launch"].to_numpy(), return_inverse=False, return_counts=True)
    n, k = len(values), len(launches)
    if k < 2 or n <= k:
        luck = float(np.std(values, ddof=1)) if k == 1 and n > 1 else math.nan
        return Parts(luck, math.nan, math.nan, math.nan, n, k)
    place = np.searchsorted(launches, known["launch"].to_numpy())
    within, between = _mean_squares(values, place, sizes)
    weight = (n - float((sizes**2).sum()) / n) / (k - 1)
    strategy = max(0.0, (between - within) / weight)
    total = strategy + within
    share = strategy / total if total > 0 else math.nan
    return Parts(math.sqrt(within), math.sqrt(strategy), share, _p(values, place, sizes), n, k)


def _mean_squares(values: np.ndarray, place: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    n, k = len(values), len(sizes)
    means = np.bincount(place, values, k) / sizes
    within = float(((values - means[place]) ** 2).sum()) / (n - k)
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (k - 1)
    return within, between


def _p(values: np.ndarray, place: np.ndarray, sizes: np.ndarray) -> float:
    """Return the share of shuffles in which launches differ at least as much; the runs as they are count as one."""
    random = keyed_generator("debrief", len(values), len(sizes))
    found = _between(values, place, sizes)
    as_much = sum(_between(random.permutation(values), place, sizes) >= found - 1e-15 for _ in range(N_SHUFFLES))
    return (1 + as_much) / (1 + N_SHUFFLES)


def _between(values: np.ndarray, place: np.ndarray, sizes: np.ndarray) -> float:
    return float(((np.bincount(place, values, len(sizes)) ** 2) / sizes).sum())


class Repeated(NamedTuple):
    """A launch that several cards have, each with seeds of its own, and what they found."""

    launch: int
    n_cards: int
    low: float
    high: float


def most_repeated(means: pd.DataFrame) -> Repeated | None:
    """Return the launch that most cards have with other seeds; None if there is none.

    Parameters
    ----------
    means : DataFrame
        What each card tells of each launch: card, launch, seeds, value.
    """
    apart = means.dropna(subset=["value"]).drop_duplicates(["launch", "seeds"])
    counts = apart.groupby("launch")["value"].agg(["size", "min", "max"])
    counts = counts[counts["size"] > 1]
    if counts.empty:
        return None
    place = int(counts["size"].to_numpy().argmax())
    row = counts.iloc[place]
    return Repeated(int(counts.index.to_numpy()[place]), int(row["size"]), float(row["min"]), float(row["max"]))
