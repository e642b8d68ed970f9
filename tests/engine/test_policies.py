"""What the organization does week by week: levers, timed changes, relaunch, access, champions, training."""

from __future__ import annotations

import numpy as np
import pytest
from engine_runs import make_values

from sim.model.rules.reading import read_terms
from sim.model.simulation import Simulation
from sim.model.state import DAYS_PER_WEEK, Policy, policies_by_week
from sim.model.steps.inputs import reading_situation

LEVERS = {
    "launch.framing.social": "message_social",
    "launch.framing.collaboration": "message_collaboration",
    "launch.framing.broadcast": "message_broadcast",
    "launch.framing.association": "association",
    "launch.framing.clarity": "clarity",
    "launch.campaign.weeks": "campaign_weeks",
    "launch.campaign.reach": "campaign_reach",
    "launch.mandate": "mandate",
    "rules.restriction": "restriction",
    "rules.guidance": "guidance",
    "rules.work_only": "work_only",
    "rules.moderation": "moderation",
    "leadership.participation": "participation",
    "leadership.support": "support",
    "leadership.appraisal": "appraisal",
    "leadership.announcements": "announcements",
    "platform.integration": "integration",
}
ALSO_STARTS_A_CAMPAIGN = ("launch.framing", "launch.campaign")


def test_defaults() -> None:
    values = make_values()
    (first, *others) = policies_by_week(values)
    assert len(others) == 7
    assert all(policy is first for policy in others)
    for key, lever in LEVERS.items():
        place = values
        for part in key.split("."):
            place = place[part]
        assert getattr(first, lever) == float(place)
    assert first.is_open == 1.0
    assert first.campaign_start == 0.0


@pytest.mark.parametrize(
    ("wording", "threat"), [("addition", 0.0), ("catalyst", 0.0), ("intervention", 0.5), ("migration", 1.0)]
)
def test_wording(wording: str, threat: float) -> None:
    assert policies_by_week(make_values(launch__wording=wording))[0].wording_threat == threat


@pytest.mark.parametrize(("key", "lever"), LEVERS.items())
def test_a_change_changes_one_lever_from_its_week_on(key: str, lever: str) -> None:
    policies = policies_by_week(make_values(changes=[{"week": 3, "set": {key: 0.75}}]))
    before, after = policies[0], policies[3]
    assert getattr(after, lever) == 0.75
    expected = {lever} | ({"campaign_start"} if key.startswith(ALSO_STARTS_A_CAMPAIGN) else set())
    expected |= {"appraisal_start"} if lever == "appraisal" else set()
    assert {name for name in Policy._fields if getattr(before, name) != getattr(after, name)} == expected
    assert all(policy is before for policy in policies[:3])
    assert all(policy is after for policy in policies[3:])


def test_a_new_framing_replaces_all_five_numbers() -> None:
    framing = {"social": 0.8, "collaboration": 0.1, "broadcast": 0.1, "association": 1.0, "clarity": 0.5}
    policy = policies_by_week(make_values(changes=[{"week": 2, "set": {"launch.framing": framing}}]))[2]
    assert (policy.message_social, policy.message_collaboration, policy.message_broadcast) == (0.8, 0.1, 0.1)
    assert (policy.association, policy.clarity, policy.campaign_start) == (1.0, 0.5, 2.0)


def test_changes_are_taken_by_week_not_by_place_in_the_list() -> None:
    changes = [
        {"week": 5, "set": {"rules.restriction": 0.9}},
        {"week": 2, "set": {"rules.restriction": 0.5, "rules.guidance": 0.1}},
        {"week": 5, "set": {"rules.restriction": 1.0}},
    ]
    values = make_values(changes=changes)
    policies = policies_by_week(values)
    assert [policy.restriction for policy in policies] == [0.2, 0.2, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0]
    assert [policy.guidance for policy in policies] == [0.3, 0.3] + [0.1] * 6
    # The scenario itself stays as it is: the next replication reads it again.
    assert values["rules"] == {"restriction": 0.2, "guidance": 0.3, "work_only": False, "moderation": False}
    assert policies_by_week(values) == policies


# Every message makes its receiver look, and nobody looks otherwise; nobody posts, so nobody tells.
ONLY_PROMPTED = {
    "read_base": -50.0,
    "campaign_prompt": 1.0,
    "prompt_push": 1000.0,
    "word_of_mouth": 0.0,
    "talk": 0.0,
    "frame_work_tools": 0.0,
    "post_base": -50.0,
    "post_question": -50.0,
    "post_social": -50.0,
}


class TestCampaign:
    """Messages, once a week, to those with access, while their campaign lasts; a relaunch starts a new one."""

    def read_days(self, **settings) -> list[set[int]]:
        """Return, for each employee, the days of reading."""
        values = make_values(60, 12, ONLY_PROMPTED, launch__champions__share=0.0, **settings)
        simulation = Simulation(values, 2)
        days: list[set[int]] = [set() for _ in range(60)]
        for day in range(60):
            simulation.step()
            for i in np.flatnonzero(simulation.table["last_read"] == day):
                days[i].add(day)
        self.access = simulation.table["access_day"].tolist()
        return days

    def test_first_day_of_each_week_of_the_campaign(self) -> None:
        days = self.read_days(launch__campaign={"weeks": 3, "reach": 1.0})
        assert all(one == {0, 5, 10} for one in days)

    def test_reach(self) -> None:
        days = self.read_days(launch__campaign={"weeks": 12, "reach": 0.25})
        n_messages = sum(map(len, days))
        assert n_messages == pytest.approx(60 * 12 * 0.25, abs=4.0 * np.sqrt(60 * 12 * 0.25 * 0.75))
        assert {day % 5 for one in days for day in one} == {0}

    def test_no_campaign(self) -> None:
        assert not any(self.read_days(launch__campaign={"weeks": 0, "reach": 1.0}))
        assert not any(self.read_days(launch__campaign={"weeks": 6, "reach": 0.0}))

    def test_each_wave_has_its_own_campaign(self) -> None:
        days = self.read_days(
            launch__campaign={"weeks": 2, "reach": 1.0},
            launch__waves={"pilot": [0], "every_weeks": 3},
            organization__departments=3,
        )
        assert sorted(set(self.access)) == [0, 15, 30]
        for access, one in zip(self.access, days, strict=True):
            assert one == {access, access + 5}

    @pytest.mark.parametrize(
        "change", [{"launch.framing.clarity": 0.9}, {"launch.campaign.reach": 1.0}, {"launch.campaign.weeks": 2}]
    )
    def test_a_relaunch_is_for_everyone(self, change: dict) -> None:
        days = self.read_days(launch__campaign={"weeks": 2, "reach": 1.0}, changes=[{"week": 6, "set": change}])
        assert all(one == {0, 5, 30, 35} for one in days)

    def test_other_changes_start_no_campaign(self) -> None:
        days = self.read_days(
            launch__campaign={"weeks": 2, "reach": 1.0}, changes=[{"week": 6, "set": {"rules.guidance": 1.0}}]
        )
        assert all(one == {0, 5} for one in days)

    def test_a_relaunch_moves_frames_to_its_message(self) -> None:
        framing = {"social": 0.0, "collaboration": 0.0, "broadcast": 1.0, "association": 0.0, "clarity": 1.0}
        changes = [{"week": 4, "set": {"launch.framing": framing}}]
        values = make_values(60, 12, {**ONLY_PROMPTED, "learning": 0.0}, changes=changes)
        simulation = Simulation(values, 2)
        simulation.run()
        share = simulation.series["frame_broadcast"]
        assert (np.diff(share[3:8]) > 0.0).all()
        assert share[:4].max() - share[:4].min() < 0.01


MEANINGS = ("social", "collaboration", "broadcast")
FRAMING = {"social": 0.5, "collaboration": 0.3, "broadcast": 0.2, "association": 0.4, "clarity": 0.6}


class TestMessages:
    """What a message says the platform is for, as far as it is clear, believed and not resisted."""

    def frames(self, simulation: Simulation) -> np.ndarray:
        """Return the counts, float64 (3, N)."""
        return np.array([simulation.table[f"frame_{meaning}"] for meaning in MEANINGS])

    def expected(self, simulation: Simulation, weight: float) -> np.ndarray:
        """Return the counts that a message of some weight adds, float64 (3, N)."""
        trust = simulation.table["trust"]
        belief = trust * (0.5 + 0.5 * 0.8)
        resistance = 0.5 * (1.0 - trust)
        counts = weight * 0.6 * belief * (1.0 - resistance)
        return np.array([counts * FRAMING[meaning] for meaning in MEANINGS])

    def simulation(self, **behavior: float) -> Simulation:
        """Return a launch by intervention, with support of 0.8."""
        return Simulation(
            make_values(
                100,
                2,
                {**ONLY_PROMPTED, "learning": 0.0, "forgetting": 0.0, **behavior},
                launch__framing=FRAMING,
                launch__wording="intervention",
                launch__campaign={"weeks": 1, "reach": 1.0},
                leadership__support=0.8,
            ),
            2,
        )

    def test_announcement(self) -> None:
        silent, announced = self.simulation(message_weight=0.0), self.simulation(message_weight=4.0)
        added = self.frames(announced) - self.frames(silent)
        np.testing.assert_allclose(added, self.expected(announced, 4.0), atol=1e-12)

    def test_campaign_message(self) -> None:
        simulation = self.simulation(message_weight=1.5)
        before = self.frames(simulation)
        simulation.run()
        np.testing.assert_allclose(self.frames(simulation) - before, self.expected(simulation, 1.5), atol=1e-12)

    def test_first_frames(self) -> None:
        simulation = self.simulation(message_weight=0.0)
        table = simulation.table
        carried, of_intranet = 0.4 + 0.6 * 0.4, 0.4
        expected = [
            0.5 + carried * 6.0 * table["leisure_experience"],
            0.5 + carried * 6.0 * table["professional_experience"],
            0.5 + of_intranet * 6.0 * table["tenure"] / (table["tenure"] + 5.0),
        ]
        np.testing.assert_allclose(self.frames(simulation), expected)

    def test_stated_willingness_is_the_chance_to_come_within_a_month_before_any_experience(self) -> None:
        settings = {"read_base": -3.0, "read_inclination": 2.0, "unawareness": 1.0, "word_of_mouth": 0.5}
        willing = self.simulation(**settings)
        stated, inclination = willing.table["intention"], willing.table["reading_inclination"]
        assert ((stated > 0.0) & (stated < 1.0)).all()
        assert np.corrcoef(stated, inclination)[0, 1] > 0.7
        # It is about coming, of one's own accord: neither the will to write nor prompts are in it.
        unlike = self.simulation(**{**settings, "post_base": -50.0, "word_of_mouth": 0.0, "campaign_prompt": 0.0})
        np.testing.assert_array_equal(stated, unlike.table["intention"])
        assert (self.simulation(**{**settings, "read_inappropriate": 4.0}).table["intention"] < stated).all()

    def test_the_same_chance_every_day_gives_the_willingness_of_a_month(self) -> None:
        simulation = self.simulation(read_base=-3.0)
        i, c = 5, simulation.world.c
        terms = read_terms(reading_situation(simulation.table.view(i), simulation.policy_rows[0], c), c)
        expected = 1.0 - (1.0 - 1.0 / (1.0 + np.exp(-sum(terms)))) ** 20
        assert simulation.table["intention"][i] == pytest.approx(expected)

    def test_willingness_to_post_is_the_chance_to_post_on_a_day_of_reading(self) -> None:
        willing = self.simulation(post_base=0.0)
        stated = willing.table["intention_post"]
        assert ((stated > 0.0) & (stated < 1.0)).all()
        order = np.argsort(willing.table["inclination"])
        assert np.corrcoef(stated, willing.table["inclination"])[0, 1] > 0.7
        assert stated[order[-10:]].min() > stated[order[:10]].max()


class TestAccess:
    """Waves open the platform department by department; champions are there from the start."""

    def simulation(self, waves, **settings) -> Simulation:
        return Simulation(make_values(120, 8, organization__departments=5, launch__waves=waves, **settings), 3)

    def test_all_at_once(self) -> None:
        assert (self.simulation("all_at_once").table["access_day"] == 0).all()

    def test_pilot_then_the_others_in_order(self) -> None:
        table = self.simulation({"pilot": [3, 1], "every_weeks": 2}, launch__champions__share=0.0).table
        opening = {3: 0, 1: 0, 0: 10, 2: 20, 4: 30}
        for department, day in opening.items():
            assert (table["access_day"][table["department"] == department] == day).all()

    def test_champions_do_not_wait(self) -> None:
        table = self.simulation(
            {"pilot": [0], "every_weeks": 2}, launch__champions={"share": 0.25, "choose": "random"}
        ).table
        is_champion = table["champion"] == 1.0
        assert (table["access_day"][is_champion] == 0).all()
        assert (table["access_day"][~is_champion & (table["department"] == 4)] == 40).all()

    def test_nobody_acts_or_receives_without_access(self) -> None:
        simulation = self.simulation({"pilot": [0], "every_weeks": 2}, launch__champions__share=0.0)
        while simulation.day < simulation.n_days:
            simulation.step()
            table, day = simulation.table, simulation.day
            outside = table["access_day"] >= day
            assert (table["last_read"][outside] < 0).all()
            assert (table["last_post"][outside] < 0).all()
            assert (table["last_active"][outside] < 0).all()
            assert (table["feed_count"][outside] == 0).all()
            assert (table["habit"][outside] == 0.0).all()
            assert (table["unread_news"][outside] == 0.0).all()
            for name in ("unread_work", "unread_question", "unread_social"):
                assert (table[name][outside] == 0.0).all()
        assert (table["last_read"][table["access_day"] < 30] >= 0).mean() > 0.5


class TestChampions:
    """Who is chosen."""

    def table(self, choose: str, share: float = 0.1) -> np.ndarray:
        return Simulation(make_values(200, 1, launch__champions={"share": share, "choose": choose}), 4).table

    @pytest.mark.parametrize(
        ("choose", "merit"),
        [
            ("central", lambda table: table["n_contacts"]),
            ("managers", lambda table: table["level"]),
            ("youngest", lambda table: -table["age"]),
            ("experienced", lambda table: table["leisure_experience"]),
        ],
    )
    def test_the_best_by_merit(self, choose: str, merit) -> None:
        table = self.table(choose)
        is_champion = table["champion"] == 1.0
        assert is_champion.sum() == 20
        assert merit(table)[is_champion].min() >= merit(table)[~is_champion].max()

    def test_at_random(self) -> None:
        is_champion = self.table("random")["champion"] == 1.0
        assert is_champion.sum() == 20
        assert (is_champion != (self.table("central")["champion"] == 1.0)).any()

    @pytest.mark.parametrize(("share", "number"), [(0.0, 0), (0.004, 1), (0.5, 100), (1.0, 200)])
    def test_number(self, share: float, number: int) -> None:
        assert self.table("random", share)["champion"].sum() == number

    def test_champions_are_trained(self) -> None:
        table = self.table("random")
        assert (table["trained"][table["champion"] == 1.0] == 1.0).all()

    @pytest.mark.parametrize("training", [0.0, 0.35, 1.0])
    def test_training(self, training: float) -> None:
        values = make_values(1000, 1, launch__training=training, launch__champions__share=0.0)
        trained = Simulation(values, 4).table["trained"]
        assert trained.mean() == pytest.approx(training, abs=4.0 * np.sqrt(training * (1.0 - training) / 1000))
        assert set(np.unique(trained)) <= {0.0, 1.0}


def test_resistance_follows_the_policy() -> None:
    changes = [{"week": 2, "set": {"launch.mandate": 1.0}}, {"week": 4, "set": {"launch.mandate": 0.0}}]
    simulation = Simulation(make_values(weeks=6, changes=changes), 1)
    trust = simulation.table["trust"]
    for week in range(6):
        simulation.run(until_week=week + 1)
        expected = 0.5 * (1.0 - trust) if week in (2, 3) else np.zeros(len(trust))
        np.testing.assert_allclose(simulation.table["resistance"], expected)
    assert simulation.day == 6 * DAYS_PER_WEEK


def test_a_ban_on_leisure_talk_binds_those_who_comply() -> None:
    changes = [{"week": 3, "set": {"rules.work_only": True}}]
    simulation = Simulation(make_values(200, 6, {"compliance": 0.6}, changes=changes), 1)
    simulation.run(until_week=3)
    before = simulation.table["n_social_posts"].copy()
    assert before[simulation.table["compliance"] < 0.6].sum() > 10
    simulation.run()
    complies = simulation.table["compliance"] < 0.6
    after = simulation.table["n_social_posts"] - before
    assert after[complies].sum() == 0
    assert after[~complies].sum() > 10


class TestRemoteWorkChanges:
    def run(self, share: float | None, week: int = 3) -> Simulation:
        values = make_values()
        if share is not None:
            values["changes"] = [{"week": week, "set": {"organization.remote_share": share}}]
        simulation = Simulation(values, 4)
        simulation.run()
        return simulation

    def test_who_worked_remotely_goes_on_and_others_join(self) -> None:
        before = self.run(None).table["remote_share"]
        after = self.run(0.9).table["remote_share"]
        np.testing.assert_array_equal(after[before > 0], before[before > 0])
        assert (before > 0).mean() < 0.6
        assert (after > 0).mean() > 0.8

    def test_it_counts_from_its_week_on(self) -> None:
        plain, changed = self.run(None), self.run(0.9)
        for name, values in plain.series.items():
            until = 1 if name in ("reply_rate", "answer_rate") else 3  # posts of a week are replied to for two more
            np.testing.assert_array_equal(changed.series[name][:until], values[:until], err_msg=name)
        assert changed.series["cohesion"][-1] < plain.series["cohesion"][-1]
        assert not np.array_equal(changed.table["casual"], plain.table["casual"])

    def test_the_same_share_changes_nothing(self) -> None:
        values = make_values()
        values["organization"]["remote_share"] = 0.5
        once = Simulation(values, 4)
        once.run()
        values["changes"] = [{"week": 3, "set": {"organization.remote_share": 0.5}}]
        again = Simulation(values, 4)
        again.run()
        for name, series in once.series.items():
            np.testing.assert_array_equal(again.series[name], series, err_msg=name)
        np.testing.assert_array_equal(once.table["casual"], again.table["casual"])
