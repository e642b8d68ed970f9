"""The lesson's rounds hold what their texts say: signs at the size of the class, and what was worked out beforehand."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from sim.pages.debrief.findings import LUCK, sign_test
from sim.web.answer import answer
from sim.web.page import arc
from sim.words import LANGUAGES, catalog

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "docs" / "programs"
ENOUGH = 0.8  # of students
OUTCOME = "monthly_posters"


def winners(name: str) -> list[str]:
    """Return who is clearly ahead in a round, for each luck number, from the kept results."""
    found = []
    for _, _, a, b in arc.worked_out()["results"][name]:
        is_clear = a != b and sign_test(max(a, b), a + b) <= LUCK
        found.append("same" if not is_clear else "a" if a > b else "b")
    return found


def share(name: str, winner: str) -> float:
    """Return for which share of luck numbers a launch is clearly ahead."""
    return winners(name).count(winner) / arc.N_LUCK


def test_the_first_round_surprises_nearly_everybody() -> None:
    assert share("first", "b") >= ENOUGH
    assert share("first", "a") == 0
    told = arc.worked_out()["surprise"]
    assert told["as"][0] < told["as"][1]
    a, b = told["free"]
    assert {"a": a > b, "b": a < b, "same": abs(a - b) < 0.01}[told["free_ahead"]]  # what the page says of it


def test_the_class_sees_worlds_on_both_sides() -> None:
    found = winners("message")
    assert len(found) == len(arc.worked_out()["worlds"]["values"]) == arc.N_LUCK
    assert min(found.count(one) for one in ("a", "b", "same")) >= 3


def test_the_winner_turns_around_with_trust() -> None:
    assert share("before", "a") >= ENOUGH
    assert share("after", "b") >= ENOUGH
    assert [one.both for one in arc.ROUNDS[2:]] == [{arc.TRUST: arc.LITTLE_TRUST}, {arc.TRUST: arc.MUCH_TRUST}]
    assert (arc.ROUNDS[2].a, arc.ROUNDS[2].b) == (arc.ROUNDS[3].a, arc.ROUNDS[3].b)
    for language in LANGUAGES:
        for name, trust in (("before", arc.LITTLE_TRUST), ("after", arc.MUCH_TRUST)):
            assert f"{trust:.0%}" in catalog(language)[f"lesson.round.{name}.situation"]


def test_the_search_chose_these_pairs() -> None:
    search = json.loads((ROOT / "docs" / "class" / "search.json").read_text(encoding="utf-8"))
    first = next(
        one for one in search["expectations"] if one["expected"] == "like-facebook" and one["other"] == arc.ROUNDS[0].b
    )
    assert first["other_clear"] >= ENOUGH * search["luck_numbers"]
    turned = [one for one in search["reversals"] if set(one["pair"]) == {arc.ROUNDS[2].a, arc.ROUNDS[2].b}]
    assert ["little trust", "much trust"] in [one["organizations"] for one in turned]
    assert not any(set(one["pair"]) == {"like-facebook", "collaboration"} for one in search["reversals"])


@pytest.mark.parametrize("one", arc.ROUNDS, ids=lambda one: one.name)
def test_what_was_kept_is_what_the_engine_gives(one: arc.Round) -> None:
    place = 7
    luck = arc.luck_numbers()[place]
    detail = {"network": False, "people": False}
    a, b = (answer({**arc.request_of(one, side, luck), "detail": detail})["outcomes"][OUTCOME] for side in "ab")
    kept = arc.worked_out()["results"][one.name][place]
    assert kept[:2] == [pytest.approx(fmean(a), abs=6e-5), pytest.approx(fmean(b), abs=6e-5)]
    assert kept[2:] == [sum(x > y for x, y in zip(a, b, strict=True)), sum(x < y for x, y in zip(a, b, strict=True))]


def test_few_plans_are_robust_and_none_is_free() -> None:
    goal, reached = (arc.worked_out()["plans"][key] for key in ("goal", "reached"))
    assert set(reached) == {arc.plan_key(plan) for plan in arc.plans()}
    scores = {key: sum(value >= 1000 * goal for value in values) for key, values in reached.items()}
    assert {len(values) for values in reached.values()} == {arc.N_WORLDS_OF_PLANS}
    assert scores[arc.plan_key({})] <= 3
    best = max(scores.values())
    assert best >= 9
    assert sum(score == best for score in scores.values()) < len(scores) / 50


def test_a_plan_reaches_what_was_kept() -> None:
    plan = {"guidance": 0, "reward": 40, "leaders": 20}
    world = arc.world_of(arc.luck_numbers()[3])
    overrides = {"organization.employees": arc.EMPLOYEES, "run.weeks": arc.WEEKS, **world, **arc.plan_overrides(plan)}
    asked: dict[str, Any] = {"scenario": "baseline", "overrides": overrides, "seeds": [1, 2, 3]}
    found = answer({**asked, "detail": {"network": False, "people": False}})
    assert (
        round(1000 * fmean(found["outcomes"][OUTCOME])) == arc.worked_out()["plans"]["reached"][arc.plan_key(plan)][3]
    )


def test_the_days_depend_on_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PROGRAMS))
    sys.modules.pop("class_lesson", None)
    import class_lesson

    kept = arc.worked_out()["days"]
    assert class_lesson.days() == kept
    helps = {"contacts", "expected", "meaning", "habit", "trust", "guidance", "reply"}
    for day in kept:
        for cause in day["because"]:
            assert (cause["with"] > cause["without"]) == (cause["name"] in helps), (day["name"], cause["name"])


def test_worlds_are_those_that_ship() -> None:
    from sim.experiments.world_sets import chosen_worlds

    chosen = chosen_worlds(arc.N_LUCK, 1, "levels")
    kept = arc.worked_out()["worlds"]
    assert kept["names"] == list(chosen.keys)
    assert kept["values"] == [[float(f"{world[name]:.4g}") for name in chosen.keys] for world in chosen.settings]
