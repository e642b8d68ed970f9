"""What each lever does by itself: all else equal, world by world, by hand; said first, and only where it is clear."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from sweep_fakes import Command
from synthetic_sweeps import crossed_points, runs_of

from sim.analysis.sweeping.cells import setting_in_words
from sim.analysis.sweeping.levers import effect_rows, lever_effects, lever_lines, never_bad
from sim.analysis.sweeping.sweep import Sweep, analyze
from sim.words import LANGUAGES, percent, text

LEADERS = ["announce", "take_part"] * 3
FRAMING = [name for name in ("news", "social", "work") for _ in range(2)]
N_WORLDS = 20


def made(values: np.ndarray, levers: dict[str, list[object]] | None = None) -> tuple[Sweep, np.ndarray]:
    """Return a sweep of strategies with these monthly posters, (strategies, worlds), and its block of values."""
    levers = levers or {"leadership": list(LEADERS), "launch.framing": list(FRAMING)}
    points = crossed_points(levers, {"organization.trust": np.linspace(0.3, 0.8, values.shape[1]).tolist()})
    outcomes = {"monthly_posters": values.reshape(1, -1, 1), "alive": (values > 0.1).astype(float).reshape(1, -1, 1)}
    runs = runs_of(points, outcomes)
    sweep = analyze(runs, points, ["baseline"], 1, ["monthly_posters", "alive"])
    return sweep, sweep.cells.values(runs["monthly_posters"].to_numpy())


def worlds(taking_part: np.ndarray, seed: int = 1) -> np.ndarray:
    """Return posters in which taking part adds this much in each world, and framing next to nothing."""
    luck = 0.0002 * np.random.default_rng(seed).standard_normal((6, N_WORLDS))
    of_world = np.linspace(0.05, 0.3, N_WORLDS)
    return of_world + luck + np.array([name == "take_part" for name in LEADERS])[:, None] * taking_part


def test_an_effect_is_the_mean_difference_of_strategies_that_differ_in_nothing_else() -> None:
    gain = np.where(np.arange(N_WORLDS) < 18, 0.05, -0.01)
    values = worlds(gain)
    effects = lever_effects(*made(values), "monthly_posters")
    first = effects[0]
    assert (first.lever, first.a, first.b, first.n_pairs, first.is_clear) == (
        "leadership",
        "take_part",
        "announce",
        3,
        True,
    )
    by_world = (values[1::2] - values[0::2]).mean(axis=0)
    assert first.difference.paired.mean == pytest.approx(by_world.mean())
    assert first.difference.paired.shares == pytest.approx((0.9, 0.1))
    assert [each.lever for each in effects].count("launch.framing") == 2
    assert not any(each.is_clear for each in effects[1:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_clear_is_said_in_the_words_of_a_comparison(language: str) -> None:
    effects = lever_effects(*made(worlds(np.where(np.arange(N_WORLDS) < 18, 0.05, -0.01))), "monthly_posters")
    clear, rest = lever_lines(effects, language)
    assert len(clear) == 1
    assert percent(0.9, 0, language) in clear[0]
    assert clear[0].startswith("leadership “take_part”")
    assert clear[0].removesuffix(")").endswith("announce")
    assert {"en": "framing", "nl": "boodschap"}[language] in rest
    assert rest.startswith(text(language, "sweep.levers_small", names="").split(":")[0])


@pytest.mark.parametrize(("language", "words"), [("en", ("yes", "no", "0.25")), ("nl", ("ja", "nee", "0,25"))])
def test_settings_are_told_as_the_language_has_them(language: str, words: tuple[str, ...]) -> None:
    assert tuple(setting_in_words(typed, language) for typed in ("true", "false", "0.25")) == words
    clear_one, other, *_ = lever_effects(*made(worlds(np.full(N_WORLDS, 0.05))), "monthly_posters")
    clear, rest = lever_lines([clear_one._replace(a="true", b="0.25"), other._replace(a="false", b="0.25")], language)
    assert f"leadership “{words[0]}”" in clear[0]
    assert clear[0].removesuffix(")").endswith(words[2])
    assert f"({words[1]} / {words[2]})" in rest


def test_nothing_is_clear_where_worlds_disagree_or_are_few() -> None:
    both = np.where(np.arange(N_WORLDS) % 2 == 0, 0.05, -0.05)
    clear, rest = lever_lines(lever_effects(*made(worlds(both)), "monthly_posters"), "en")
    assert clear == []
    assert "Not clear by itself: leadership (" in rest
    assert "Hardly matters by itself: framing (" in rest
    few = worlds(np.full(N_WORLDS, 0.05))[:, :3]
    assert lever_lines(lever_effects(*made(few), "monthly_posters"), "en")[0] == []


def test_missing_runs_cost_their_pair_and_no_more() -> None:
    values = worlds(np.full(N_WORLDS, 0.05))
    whole = lever_effects(*made(values), "monthly_posters")[0]
    values[1, 0] = np.nan
    first = lever_effects(*made(values), "monthly_posters")[0]
    assert first.lever == "leadership"
    assert first.difference.paired.n == N_WORLDS
    assert first.difference.paired.mean == pytest.approx(whole.difference.paired.mean, abs=1e-4)


def test_strategies_without_a_partner_say_nothing() -> None:
    """In a list of strategies that differ in two levers at once no lever can be told by itself."""
    values = worlds(np.full(N_WORLDS, 0.05))[:2]
    sweep, block = made(values, {"leadership": ["announce", "take_part"], "launch.framing": ["news", "work"]})
    assert lever_effects(sweep, block, "monthly_posters") == []


def test_never_bad_is_the_least_loss_in_nine_worlds_of_ten() -> None:
    values = worlds(np.full(N_WORLDS, 0.05))
    values[5, :4] -= 0.2
    sweep, _ = made(values)
    safest = never_bad(sweep, "monthly_posters")
    assert safest is not None
    rows = sweep.strategies[sweep.strategies["outcome"] == "monthly_posters"]
    assert safest[1] == pytest.approx(rows["regret_p90"].min())
    assert safest[0].strategy in (1, 3)
    assert never_bad(made(values[:, :5])[0], "monthly_posters") is None


def test_the_command_says_it_first_and_the_numbers_are_in_json(command: Command, here: Path) -> None:
    (here / "own.yaml").write_text(
        "name: own\nbase: baseline\ndesign: grid\nset: {organization.employees: 20, run.weeks: 2}\n"
        "levers: {rules.restriction: [0.0, 1.0], rules.guidance: [0.1, 0.2]}\n"
        "uncertainties: {organization.trust: {low: 0.3, high: 0.8}}\nsamples: 12\nreplications: 1\n"
        "outcomes: [monthly_posters, alive]\n",
        encoding="utf-8",
    )
    code, out, err = command("sweep", "own.yaml", "--at-defaults", "--no-figures", "--quiet")
    assert code == 0, err
    told = " ".join(out.split())
    clear = told.index("restriction “0”")
    assert clear < told.index("Ranking by")
    code, out, _ = command("results", "results/own", "--json")
    found = json.loads(out)
    found = found.get("results", found)["levers"]
    (row,) = [each for each in found if each["lever"] == "rules.restriction"]
    assert (row["a"], row["b"], row["verdict"], row["n_pairs"]) == ("0", "1", "differs", 2)
    assert re.search(rf"restriction “0” .* in {percent(row['share_a_greater'], 0)} of 12", told)
    assert row["mean"] == pytest.approx(0.2)


def test_rows_are_plain_data() -> None:
    rows = effect_rows(lever_effects(*made(worlds(np.full(N_WORLDS, 0.05))), "monthly_posters"))
    assert json.loads(json.dumps(rows)) == rows
