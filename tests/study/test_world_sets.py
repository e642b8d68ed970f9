"""Which worlds a study is made in: each different one once, by weight, with the runs that two sets share."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.catalog.registry import COEFFICIENTS
from sim.errors import InputError
from sim.experiments import worlds as shipped
from sim.experiments.world_sets import USUAL_WORLDS, InWorlds, chosen_worlds, named_source, sampled, worlds
from sim.experiments.worlds import SETS, WorldSet, load_worlds, write_worlds

NAMES = tuple(entry.path for entry in COEFFICIENTS if entry.path.startswith("behavior.") and entry.low == 0.0)[:2]


def put(folder: Path, name: str, values: np.ndarray, weights: np.ndarray, names: tuple[str, ...] = NAMES) -> None:
    """Write a set under the name that ships."""
    write_worlds(WorldSet(names, values, weights / weights.sum(), {}), folder)
    (folder / "worlds.csv").rename(folder / f"{name}.csv")
    (folder / "worlds.json").rename(folder / f"{name}.json")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in the place of that of the shipped sets."""
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    return tmp_path


def drawn(n: int, seed: int = 1) -> np.ndarray:
    """Return values of so many worlds, as a file keeps them."""
    return np.random.default_rng(seed).random((n, 2)).round(6)


def test_a_mean_over_the_chosen_worlds_is_one_over_the_set_without_bias() -> None:
    generator = np.random.default_rng(1)
    weights = generator.exponential(1.0, 50) ** 2
    values = generator.normal(0, 1, 50)
    means = []
    for _ in range(4000):
        found = sampled(weights, generator.random(50), 12)
        assert len(found) == 12
        assert sum(found.values()) == pytest.approx(1)
        means.append(sum(weight * values[place] for place, weight in found.items()))
    assert np.mean(means) == pytest.approx(weights @ values / weights.sum(), abs=4 * np.std(means) / 4000**0.5)


def test_of_equal_worlds_each_chosen_one_counts_the_same() -> None:
    found = sampled(np.full(300, 1 / 300), np.random.default_rng(1).random(300), 120)
    assert len(set(found.values())) == 1
    assert sum(found.values()) == pytest.approx(1)
    assert sampled(np.array([3.0, 1.0]), np.array([0.5, 0.5]), 9) == {0: 0.75, 1: 0.25}  # all there are


def test_worlds_that_both_sets_have_are_run_once(data: Path) -> None:
    values = drawn(40)
    put(data, "levels", values, np.ones(40))
    put(data, "interviews", values[::-1], np.ones(40))
    found = chosen_worlds(10, 1)
    assert (found.n, len(found.settings)) == (10, 10)
    np.testing.assert_allclose(found.weights["interviews"], found.weights["levels"])


def test_worlds_that_only_the_interviews_have_are_at_most_half_as_many_more(data: Path) -> None:
    put(data, "levels", drawn(40, 1), np.ones(40))
    put(data, "interviews", drawn(40, 2), np.ones(40))
    found = chosen_worlds(10, 1)
    assert len(found.settings) == 15
    assert found.n == 10
    assert (found.weights["interviews"] > 0).sum() == 5
    assert not ((found.weights["interviews"] > 0) & (found.weights["levels"] > 0)).any()
    assert chosen_worlds(10, 1, "interviews").n == 10
    assert list(chosen_worlds(10, 1, "levels").weights) == ["levels"]


def test_a_world_that_stands_twice_in_a_file_is_one(data: Path) -> None:
    values = np.array([[0.1, 0.1], [0.2, 0.2], [0.1, 0.1], [0.3, 0.3]])
    put(data, "levels", values, np.array([1.0, 1.0, 1.0, 0.0]))
    found = chosen_worlds(9, 1, "levels")
    assert len(found.settings) == found.n == 2  # that without weight is no plausible one
    assert sorted(found.weights["levels"]) == [pytest.approx(1 / 3), pytest.approx(2 / 3)]


def test_the_choice_depends_on_the_seed_and_not_on_the_order_of_the_file(data: Path) -> None:
    values = drawn(40)
    put(data, "levels", values, np.ones(40))
    first = chosen_worlds(10, 1, "levels").settings
    assert chosen_worlds(10, 2, "levels").settings != first
    put(data, "levels", values[::-1], np.ones(40))
    assert sorted(map(str, chosen_worlds(10, 1, "levels").settings)) == sorted(map(str, first))


def test_a_coefficient_that_a_set_does_not_have_keeps_its_default(data: Path) -> None:
    put(data, "levels", drawn(4, 1), np.ones(4))
    put(data, "interviews", drawn(4, 2)[:, :1], np.ones(4), NAMES[:1])
    found = chosen_worlds(4, 1)
    usual = next(entry.default for entry in COEFFICIENTS if entry.path == NAMES[1])
    own = found.weights["interviews"] > 0
    assert {world[NAMES[1]] for world, is_own in zip(found.settings, own, strict=True) if is_own} == {usual}


def test_columns_that_no_scenario_has_and_values_that_none_may_have_are_refused_at_once(data: Path) -> None:
    put(data, "levels", np.array([[1.0, -1e9]]), np.ones(1), ("behavior.nonsense", NAMES[1]))
    with pytest.raises(InputError) as error:
        load_worlds("levels")
    assert len(error.value.lines) == 2
    assert "behavior.nonsense is no key of a scenario" in str(error.value)
    assert f"{NAMES[1]}: -1e+09 is outside" in str(error.value)


@pytest.mark.parametrize("name", SETS)
def test_the_shipped_sets_can_be_used(name: str) -> None:
    found = load_worlds(name)
    assert found.names
    assert found.distinct().n_worlds >= USUAL_WORLDS
    assert len(found.digest) == 64


def test_what_names_no_set_is_refused() -> None:
    assert named_source(None, "calibrated") == "levels"
    assert InWorlds(world_set="interviews").named == "interviews"
    with pytest.raises(InputError, match="there is no set of worlds guesses"):
        named_source("guesses", None)
    with pytest.raises(InputError, match="name different worlds"):
        named_source("levels", "prior")


def flip_a_digit(file: Path) -> None:
    text = file.read_text()
    place = text.rindex(".") + 1
    file.write_text(text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :])


@pytest.mark.parametrize("spoiled", ["worlds.csv", "worlds.json"])
def test_a_set_of_worlds_that_was_changed_is_named(tmp_path: Path, spoiled: str) -> None:
    about = {"numbers": (0.25, 0.5), "none": float("nan")}
    values = drawn(5, 1)

    def made() -> Path:
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        write_worlds(WorldSet(NAMES, values, np.full(5, 0.2), about), tmp_path)
        assert load_worlds(tmp_path).n_worlds == 5
        return tmp_path / spoiled

    flip_a_digit(made())
    with pytest.raises(InputError, match=rf"{spoiled}: is not as it was written"):
        load_worlds(tmp_path)
    for content in ("", "[]", "[" * 100_000, "\xff", made().read_text()[:-20]):
        made().write_bytes(content.encode("latin-1"))
        with pytest.raises(InputError, match=re.escape(spoiled)):
            load_worlds(tmp_path)
    made().unlink()
    (tmp_path / spoiled).mkdir()
    with pytest.raises(InputError, match=re.escape(spoiled)):
        load_worlds(tmp_path)
    made().unlink()
    with pytest.raises(InputError, match="has no set of worlds"):
        worlds(4, 1, folder=tmp_path)  # half a set is not none: no worlds of the ranges stand in for it


@pytest.mark.parametrize("name", SETS)
def test_shipped_sets_are_those_that_were_calibrated(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for suffix in ("csv", "json"):
        shutil.copy(shipped.DATA / f"{name}.{suffix}", tmp_path)
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    assert load_worlds(name).manifest["table_sha256"] == load_worlds(name).digest
    flip_a_digit(tmp_path / f"{name}.csv")
    with pytest.raises(InputError, match=rf"{name}.csv: is not as it was written: its checksum"):
        load_worlds(name)
