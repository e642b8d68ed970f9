"""The answer to a request: what ran, seen week by week, with a hash that says what it was."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import numpy as np
import pytest

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError
from sim.model.simulation import Simulation, simulate
from sim.model.state import DAYS_PER_WEEK, NEVER
from sim.scenario import load_scenario
from sim.web.answer import answer, reply_to, why
from sim.web.answer.answering import canonical, fingerprint
from sim.web.answer.recording import STATES

EAGER = {"behavior.read_base": -1.0, "behavior.post_base": -2.0}
OVERRIDES = {"organization.employees": 80, "run.weeks": 6, **EAGER}
REQUEST: dict[str, Any] = {"scenario": "like-facebook", "overrides": OVERRIDES, "seeds": [3, 4]}


@pytest.fixture(scope="module")
def answered() -> dict[str, Any]:
    return answer(REQUEST)


@pytest.fixture(scope="module")
def finished() -> Simulation:
    """Return the first run of the request, made without the answer."""
    simulation = Simulation(load_scenario("like-facebook", OVERRIDES).resolved(), 3)
    simulation.run()
    return simulation


def numbers(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype=np.uint8).astype(int)


def test_json_holds_it(answered: dict[str, Any]) -> None:
    assert json.loads(json.dumps(answered, allow_nan=False)) == answered
    assert {"version", "model", "request", "weeks", "curves", "network", "people", "hash"} <= answered.keys()
    assert answered["request"]["detail"] == {"network": True, "people": True, "groups": False, "weeks": 1}


def test_curves_and_outcomes_are_those_of_the_runs(answered: dict[str, Any]) -> None:
    resolved = load_scenario("like-facebook", OVERRIDES).resolved()
    assert answered["scenario"] == resolved
    assert (answered["weeks"], answered["n_employees"]) == (6, 80)
    assert set(answered["curves"]) == set(OUTCOME_NAMES)
    for place, seed in enumerate([3, 4]):
        result = simulate(resolved, seed)
        for name, values in result.series.items():
            shown = [math.nan if value is None else value for value in answered["curves"][name][place]]
            np.testing.assert_allclose(shown, values, atol=6e-7)
            outcome = answered["outcomes"][name][place]
            assert outcome == pytest.approx(result.outcomes[name], abs=6e-7) or math.isnan(result.outcomes[name])


def test_the_picture_shows_the_state_of_each_week(answered: dict[str, Any], finished: Simulation) -> None:
    network, table = answered["network"], finished.table
    n = len(table)
    assert network["employee"] == list(range(n))
    assert network["department"] == table["department"].tolist()
    weeks = network["weeks"]
    assert weeks["week"] == list(range(7))
    frames = numbers(weeks["frames"][-1]).reshape(n, 3)
    assert (frames.sum(axis=1) == 255).all()
    counts = np.column_stack([table[f"frame_{name}"] for name in ("social", "collaboration", "broadcast")])
    np.testing.assert_allclose(frames / 255, counts / counts.sum(axis=1, keepdims=True), atol=1 / 255)
    state, start = numbers(weeks["state"][-1]), 5 * DAYS_PER_WEEK
    assert ((state == STATES.index("posted")) == (table["last_post"] >= start)).all()
    assert ((state == STATES.index("away")) == (table["last_read"] < start)).all()
    assert (state == STATES.index("posted")).any()
    totals = sum(numbers(text) for text in weeks["activity"])
    names = ("n_work_posts", "n_questions", "n_social_posts", "n_replies", "n_reactions")
    assert totals.tolist() == sum(table[name] for name in names).tolist()
    assert numbers(weeks["activity"][0]).sum() == 0


def test_edges_are_the_contacts(answered: dict[str, Any], finished: Simulation) -> None:
    found = np.array(answered["network"]["edges"]).reshape(-1, 2)
    offsets, neighbors = finished.world.offsets, finished.world.neighbors
    expected = {(i, int(j)) for i in range(80) for j in neighbors[offsets[i] : offsets[i + 1]] if i < j}
    assert {tuple(pair) for pair in found.tolist()} == expected


def test_people_are_told_with_the_week_of_their_first_post(answered: dict[str, Any], finished: Simulation) -> None:
    people, table = answered["people"], finished.table
    assert len({len(column) for column in people.values()}) == 1
    assert people["work"] == table["n_work_posts"].tolist()
    assert people["age"] == table["age"].tolist()
    has_posted = table["last_post"] > NEVER
    assert [week is not None for week in people["first_post"]] == has_posted.tolist()
    states = np.array([numbers(text) for text in answered["network"]["weeks"]["state"]])
    for place, week in enumerate(people["first_post"]):
        posted_in = np.flatnonzero(states[:, place] == STATES.index("posted"))
        assert week == (posted_in[0] if len(posted_in) else None)
    assert any(week and week > 1 for week in people["first_post"])


def test_nobody_reads_before_having_access() -> None:
    overrides = {**OVERRIDES, "launch.waves": {"pilot": [0], "every_weeks": 2}, "launch.champions.share": 0}
    answered = answer({**REQUEST, "overrides": overrides, "seeds": [3]})
    states = np.array([numbers(text) for text in answered["network"]["weeks"]["state"]])
    for place, week in enumerate(answered["people"]["access_week"]):
        assert ((states[:, place] == STATES.index("none")) == (np.arange(7) < week)).all()


def test_details_are_left_out_and_change_no_hash(answered: dict[str, Any]) -> None:
    bare = answer({**REQUEST, "detail": {"network": False, "people": False}})
    assert not {"network", "people", "groups"} & bare.keys()
    assert bare["hash"] == answered["hash"]
    sparse = answer({**REQUEST, "detail": {"weeks": 4, "people": False}})
    assert sparse["network"]["weeks"]["week"] == [0, 4, 6]
    assert sparse["network"]["weeks"]["frames"][1] == answered["network"]["weeks"]["frames"][4]


def test_groups_of_all_runs_together() -> None:
    groups = answer({**REQUEST, "detail": {"groups": True}})["groups"]
    levels = [row for row in groups if row["grouping"] == "level"]
    assert sum(row["n_employees"] for row in levels) == 2 * 80
    posters = sum(row["n_employees"] * row["monthly_posters"] for row in levels) / 160
    curves = answer(REQUEST)["curves"]["monthly_posters"]
    assert posters == pytest.approx((curves[0][-1] + curves[1][-1]) / 2, abs=1e-5)


# --- hash -------------------------------------------------------------------------------------------------------------


def test_what_does_nothing_is_named() -> None:
    request = {"scenario": "baseline", "seeds": [1], "detail": {"network": False, "people": False}}
    small = {"organization.employees": 20, "run.weeks": 2}
    idle = {"launch.campaign.weeks": 0, "launch.campaign.reach": 0.9}
    found = answer({**request, "overrides": {**small, **idle}})
    (note,) = found["notes"]
    assert note["key"] == "launch.campaign.reach"
    assert note["en"].startswith("has no effect here, because ")
    assert note["nl"].startswith("heeft hier geen effect, want ")
    assert "notes" not in answer({**request, "overrides": small})


def test_the_hash_tells_runs_apart(answered: dict[str, Any]) -> None:
    again = answer(REQUEST)
    assert again == answered
    others = [
        {**REQUEST, "seeds": [4, 3]},
        {**REQUEST, "seeds": [3]},
        {**REQUEST, "scenario": "collaboration"},
        {**REQUEST, "overrides": {**OVERRIDES, "rules.restriction": 0.21}},
        {**REQUEST, "overrides": {**OVERRIDES, "run.replications": 3}},
    ]
    hashes = {answer(other)["hash"] for other in others} | {answered["hash"]}
    assert len(hashes) == len(others) + 1


def test_the_hash_takes_every_bit_but_no_words() -> None:
    resolved = {"name": "a", "description": "b", "run": {"weeks": 1}}
    series = [{"reach": np.array([0.1, math.nan])}]
    first = fingerprint(resolved, [1], series)
    assert first == fingerprint({**resolved, "name": "other", "description": ""}, [1], series)
    assert first != fingerprint(resolved, [1], [{"reach": np.array([np.nextafter(0.1, 1), math.nan])}])
    assert canonical({"b": 1.0, "a": ["é", None]}) == '{"a":["\\u00e9",null],"b":1.0}'


# --- on the way -------------------------------------------------------------------------------------------------------


def test_each_week_is_told_when_it_is_known(answered: dict[str, Any]) -> None:
    told: list[dict[str, Any]] = []
    assert answer(REQUEST, told.append) == answered
    assert [one["kind"] for one in told] == ["network"] + ["week"] * 7
    assert [(one["run"], one["week"]) for one in told[1:]] == [*((0, week) for week in range(1, 7)), (1, 6)]
    assert {key: told[0][key] for key in ("x", "edges")} == {key: answered["network"][key] for key in ("x", "edges")}
    assert told[3]["values"]["reach"] == answered["curves"]["reach"][0][2]
    assert told[3]["picture"]["frames"] == answered["network"]["weeks"]["frames"][3]
    assert "picture" not in told[-1]


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"seeds": []}, "seeds: must be a list of 1 to 100 whole numbers"),
        ({"seeds": [1, 1]}, "seeds: each may be there once"),
        ({"seeds": [True]}, "seeds: each must be a whole number from 0 to 9007199254740991"),
        ({"seeds": [-1]}, "seeds: each must be a whole number from 0 to 9007199254740991"),
        ({"seeds": "1"}, "seeds: must be a list of 1 to 100 whole numbers"),
        ({"version": 2}, "version: must be 1, is 2"),
        ({"extra": 1}, "extra: unknown key; allowed: version, scenario, overrides, seeds, detail"),
        ({"scenario": 3}, "scenario: must be the name of a shipped scenario, or null"),
        ({"overrides": []}, "overrides: must be a group of dotted keys and values"),
        ({"detail": {"weeks": 0}}, "detail.weeks: must be a whole number from 1"),
        ({"detail": {"network": 1}}, "detail.network: must be true or false"),
        ({"detail": {"color": 1}}, "detail.color: unknown key; allowed: network, people, groups, weeks"),
        ({"overrides": {"run.weeks": 0}}, "overrides: run.weeks: must be a whole number from 1 to 1040, is 0"),
    ],
)
def test_wrong_requests_are_refused(change: dict[str, Any], line: str) -> None:
    with pytest.raises(InputError) as refused:
        answer({**REQUEST, **change})
    assert refused.value.lines == (line,)


def test_messages_are_answered_as_text(answered: dict[str, Any]) -> None:
    told: list[str] = []
    assert json.loads(reply_to(json.dumps({"ask": "answer", "request": REQUEST}), told.append)) == answered
    assert json.loads(told[1])["week"] == 1
    assert json.loads(reply_to("{"))["error"][0].startswith("no JSON: ")
    refused = json.loads(reply_to('{"ask": "more"}'))
    assert refused["error"] == ["ask: must be answer, why or check"]
    assert refused["errors"] == {"nl": ["ask: moet answer, why of check zijn"]}
    asked = {"ask": "why", "request": REQUEST, "seed": 3, "employee": 80, "week": 1}
    refused = json.loads(reply_to(json.dumps(asked)))
    assert refused["error"] == ["employee: must be a whole number from 0 to 79"]
    assert refused["errors"] == {"nl": ["employee: moet een geheel getal van 0 tot 79 zijn"]}


# --- why --------------------------------------------------------------------------------------------------------------


def test_reasons_add_up_and_agree_with_the_picture(answered: dict[str, Any]) -> None:
    states = np.array([numbers(text) for text in answered["network"]["weeks"]["state"]])
    posters = np.flatnonzero(states[4] == STATES.index("posted")).tolist()
    assert len(posters) > 3
    for employee in [*posters[:4], *range(0, 80, 7)]:
        found = why(REQUEST, 3, employee, 4)
        json.dumps(found, allow_nan=False)
        has_posted = any(day["posting"] and day["posting"]["chosen"] != "nothing" for day in found["days"])
        assert has_posted == (states[4, employee] == STATES.index("posted"))
        telling = found["telling"]
        assert telling["kind"] == ("posted" if has_posted else telling["kind"])
        reading, posting = telling["reading"], telling["posting"]
        assert sum(row["utility"] for row in reading["rows"]) == pytest.approx(reading["sum"])
        if posting:
            for kind in ("work", "question"):
                total = sum(row[kind] or 0.0 for row in posting["rows"])
                assert total == pytest.approx(posting["sums"][kind])


def test_reasons_name_who_is_around(finished: Simulation) -> None:
    found = why(REQUEST, 3, 10, 6)
    contacts, table = found["contacts"], finished.table
    around = finished.world.neighbors[finished.world.offsets[10] : finished.world.offsets[11]]
    assert contacts["n"] == len(around)
    assert {one["employee"] for one in contacts["shown"]} == set(around.tolist())
    assert contacts["n_posted_this_week"] == int((table["last_post"][around] >= 25).sum())
    weeks = [one["posted_in_week"] or 0 for one in contacts["shown"]]
    assert weeks == sorted(weeks, reverse=True)


def test_nobody_without_access_has_reasons() -> None:
    overrides = {**OVERRIDES, "launch.waves": {"pilot": [0], "every_weeks": 9}, "launch.champions.share": 0}
    found = why({**REQUEST, "overrides": overrides}, 3, 79, 2)
    assert found["telling"] is None
    assert found["opens_in"] > 2
    assert [day["reading"] for day in found["days"]] == [None] * 5


@pytest.mark.parametrize(
    ("seed", "employee", "week", "message"),
    [(3, -1, 1, "from 0 to 79"), (3, 1.5, 1, "from 0 to 79"), (3, 1, 7, "from 1 to 6"), ("x", 1, 1, "seeds")],
)
def test_reasons_of_nobody_are_refused(seed: Any, employee: Any, week: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        why(REQUEST, seed, employee, week)


def test_ages_are_those_of_everybody_in_every_run() -> None:
    found = answer(
        {"scenario": "baseline", "overrides": {"organization.employees": 80, "run.weeks": 8}, "seeds": [3, 4]}
    )
    people, (first, second) = found["people"], found["ages"]
    for band, is_in in {"younger": lambda age: age < 30, "older": lambda age: age >= 50}.items():
        posted = [week is not None for age, week in zip(people["age"], people["first_post"], strict=True) if is_in(age)]
        assert first[band] == [len(posted), sum(posted)]
    assert first != second


def test_a_request_can_be_checked_without_a_run() -> None:
    def checked(**overrides: Any) -> dict[str, Any]:
        request = {"scenario": "baseline", "overrides": overrides, "seeds": [1]}
        reply: dict[str, Any] = json.loads(reply_to(json.dumps({"ask": "check", "request": request})))
        return reply

    assert checked(**{"rules.restriction": 0.2}) == {"ok": True}
    wrong = checked(**{"rules.restriction": 2, "rulez.x": 1})
    assert len(wrong["error"]) == len(wrong["errors"]["nl"]) == 2
