"""Writing attributes of employees: names and ranges are checked, and what follows from them follows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from engine_runs import BUSY, state_hash

from sim import IntranetModel
from sim.catalog.registry import by_section
from sim.model.employee import Employee
from sim.model.person_columns import COLUMNS
from sim.model.state import PERSON
from sim.organization import Workforce, build_contacts, build_workforce
from sim.scenario import scenario_from_mapping

SETTINGS = {"organization.employees": 60, "run.weeks": 6, "launch.training": 0.3, "launch.mandate": 0.5}
ROW = 7


def new_model(cls: type[IntranetModel] = IntranetModel, **more: object) -> IntranetModel:
    """A small busy organization."""
    settings = {**SETTINGS, **{name.replace("__", "."): value for name, value in more.items()}}
    return cls(scenario_from_mapping(by_section(BUSY), settings), rng=3)


def others(name: str, value: float | int) -> float | int:
    """Return another allowed value of a column."""
    column = COLUMNS[name]
    if column.high == 1.0:
        return 1 - value if name in {"trained", "champion", "aware", "reached"} else (0.9 if value < 0.5 else 0.1)
    return {"level": 2, "manager": 11, "access_day": 10}.get(name, value + 3.0)


class TestNamesAndRanges:
    """What is refused leaves everything as it was."""

    def test_a_typo_is_no_attribute(self) -> None:
        model = new_model()
        before = state_hash(model.simulation)
        with pytest.raises(AttributeError, match=r"no attribute 'habbit'; did you mean 'habit'\?.*employee_class"):
            model.employee(ROW).habbit = 1.0
        with pytest.raises(AttributeError, match=r"did you mean 'remote_share'\?"):
            model.agents.set("remote_shar", 1.0)
        with pytest.raises(AttributeError, match="did you mean 'trust'"):
            _ = model.employee(ROW).trus
        assert state_hash(model.simulation) == before

    @pytest.mark.parametrize("name", [name for name, column in COLUMNS.items() if not column.kept_by])
    def test_values_out_of_range(self, name: str) -> None:
        model = new_model()
        employee = model.employee(ROW)
        before = getattr(employee, name)
        column = COLUMNS[name]
        wrong = [math.nan, math.inf, -math.inf]
        wrong += [] if column.low == -math.inf else [column.low - 1]
        wrong += [] if column.high == math.inf else [column.high + 1]
        for value in wrong:
            with pytest.raises(ValueError, match=f"{name!r} must be"):
                setattr(employee, name, value)
        for value in ("1", None, [1], np.array([1.0, 2.0])):
            with pytest.raises(TypeError, match=f"{name!r} must be"):
                setattr(employee, name, value)
        assert getattr(employee, name) == before

    @pytest.mark.parametrize("name", ["level", "access_day", "aware", "trained", "champion", "manager"])
    def test_whole_numbers(self, name: str) -> None:
        with pytest.raises(ValueError, match=f"{name!r} must be a whole number|must be from|must be"):
            setattr(new_model().employee(ROW), name, 0.5)

    def test_numbers_of_numpy_are_numbers(self) -> None:
        employee = new_model().employee(ROW)
        employee.trust, employee.level, employee.trained = np.float32(0.5), np.int64(2), True
        employee.habit = np.array(0.25)
        assert (employee.trust, employee.level, employee.trained, employee.habit) == (0.5, 2, 1.0, 0.25)

    @pytest.mark.parametrize("name", ["row", "unique_id", "model", "n_posts", "frame_shares", "contacts", "explain"])
    def test_what_can_only_be_read(self, name: str) -> None:
        with pytest.raises(AttributeError, match=f"{name!r} of an employee can only be read"):
            setattr(new_model().employee(ROW), name, 1)

    def test_relations_between_people(self) -> None:
        employee = new_model().employee(ROW)
        for manager in (ROW, 60):
            with pytest.raises(ValueError, match="'manager' must be the row of somebody else"):
                employee.manager = manager
        with pytest.raises(ValueError, match="one of the interests"):
            employee.expertise_topic = next(topic for topic in range(20) if topic not in employee.interests)
        employee.frame_social = employee.frame_broadcast = 0.0
        with pytest.raises(ValueError, match="'frame_collaboration' must be more than 0"):
            employee.frame_collaboration = 0.0

    def test_the_seed_and_the_scenario_stay(self) -> None:
        model = new_model()
        with pytest.raises(AttributeError):
            model.seed = 4  # type: ignore[misc]
        with pytest.raises(AttributeError, match="can only be read"):
            model.scenario = model.scenario
        with pytest.raises(IndexError, match="no employee at -1"):
            model.employee(-1)


class TestWhatFollows:
    """A model whose attributes are written is the one that would have been made of them."""

    @pytest.mark.parametrize("following", ["open", "approval"])
    @pytest.mark.parametrize(
        "name",
        ["leisure_experience", "professional_experience", "segmentation", "remote_share", "trust", "tenure",
         "expertise", "age", "inclination", "compliance"],
    )  # fmt: skip
    def test_written_before_the_first_day_it_is_as_if_given(self, name: str, following: str) -> None:
        written = new_model(platform__following=following)
        resolved = written.scenario.resolved()
        workforce = build_workforce(resolved["organization"], resolved["platform"]["communities"], 3)
        contacts = build_contacts(workforce, resolved["organization"]["contacts"], 3)
        values = getattr(workforce, name).copy()
        for row in (ROW, 0, 31):
            values[row] = others(name, values[row])
            setattr(written.employee(row), name, values[row])
        changed: Workforce = workforce._replace(**{name: values})
        given = IntranetModel(written.scenario, rng=3, workforce=changed, contacts=contacts)
        if name in {"age", "leisure_experience"}:  # who is a champion was chosen before
            assert (given.simulation.table["champion"] == written.simulation.table["champion"]).all()
        for model in (written, given):
            assert model.employee(ROW).intention == given.employee(ROW).intention
            assert model.employee(ROW).casual == given.employee(ROW).casual
            model.run()
        assert state_hash(written.simulation) == state_hash(given.simulation)
        assert written.series().equals(given.series())

    def test_writing_what_is_the_case_changes_nothing(self) -> None:
        written, untouched = new_model(), new_model()
        for name, column in COLUMNS.items():
            if not column.kept_by:
                setattr(written.employee(ROW), name, getattr(written.employee(ROW), name))
        for model in (written, untouched):
            model.run()
        assert state_hash(written.simulation) == state_hash(untouched.simulation)
        assert written.series().equals(untouched.series())

    def test_belonging_from_casual_contact(self) -> None:
        for day in (0, 8):
            model = new_model()
            for _ in range(day):
                model.step()
            employee = model.employee(ROW)
            employee.remote_share = 0.0
            present = employee.casual
            employee.remote_share = 1.0
            assert employee.casual < present
            employee.tenure = 0.0
            assert employee.casual == 0.0

    def test_resistance_follows_trust(self) -> None:
        model = new_model()
        model.step()
        employee = model.employee(ROW)
        employee.trust = 1.0
        assert employee.resistance == 0.0
        employee.trust = 0.0
        assert employee.resistance > 0.0

    def test_what_was_given_by_hand_stays(self) -> None:
        model = new_model()
        employee = model.employee(ROW)
        employee.frame_social = 9.0
        employee.cohesion = 0.125
        stated = employee.intention
        employee.leisure_experience = 1.0
        employee.trust = 1.0
        assert (employee.frame_social, employee.cohesion) == (9.0, 0.125)
        assert employee.intention != stated

    def test_a_champion_is_trained_and_need_not_wait(self) -> None:
        model = new_model(launch__training=0.0)
        employee = next(one for one in model.agents if not one.champion)
        employee.access_day = 20
        assert not employee.aware
        employee.champion = True
        assert (employee.trained, employee.aware, employee.access_day) == (1.0, 1, 0)

    def test_who_opens_later_is_reached_later(self) -> None:
        model = new_model(**{"launch__campaign.weeks": 1, "launch__campaign.reach": 1.0, "constants__unawareness": 1.0})
        employee = next(one for one in model.agents if not one.trained)
        employee.access_day = 20
        for _ in range(20):
            model.step()
        assert not employee.aware
        model.step()
        assert employee.aware

    def test_what_only_the_announcement_reads_is_refused_later(self) -> None:
        model = new_model()
        model.step()
        for name in ("professional_experience", "expertise", "expertise_topic"):
            with pytest.raises(AttributeError, match=f"{name!r} can be written before the first day only"):
                setattr(model.employee(ROW), name, getattr(model.employee(ROW), name))

    def test_gaps_are_measured_with_who_is_who_now(self) -> None:
        model = new_model()
        for _ in range(10):
            model.step()
        model.agents.set("leisure_experience", 0.5)
        model.run()
        assert np.isnan(model.series()["experience_gradient"].iloc[-1]) or model.series()["experience_gradient"].iloc[
            -1
        ] == pytest.approx(0.0)

    def test_an_explanation_is_of_this_model(self) -> None:
        model = new_model()
        model.employee(ROW).inclination = 40.0
        model.run()
        told = model.employee(ROW).explain(1)
        posted = sum(day.posting is not None and day.posting.did_post for day in told.days)
        assert posted == sum(day.posting is not None for day in told.days)
        later = new_model()
        for _ in range(8):
            later.step()
        later.employee(ROW).habit = 1.0
        later.run()
        later.employee(ROW).explain(1)
        with pytest.raises(ValueError, match="attributes were written on day 8: week 2 cannot be run again"):
            later.employee(0).explain(2)


class TestOwnAttributes:
    """A subclass of `Employee` declares what is its own."""

    def test_declared_attributes(self) -> None:
        class Moody(Employee):
            mood: float
            calls = 0

            def __init__(self, model: IntranetModel, row: int) -> None:
                super().__init__(model, row)
                self.mood = 0.5

            def step(self) -> None:
                self.calls += 1

        class MoodyModel(IntranetModel):
            employee_class = Moody

            def step(self) -> None:
                super().step()
                self.agents.do("step")

        model = new_model(MoodyModel)
        model.agents.set("mood", 0.75)
        model.run()
        plain = new_model()
        plain.run()
        assert set(model.agents.get("calls")) == {30}
        assert set(model.agents.get("mood")) == {0.75}
        assert state_hash(model.simulation) == state_hash(plain.simulation)
        with pytest.raises(AttributeError, match="'Moody' has no attribute 'moood'; did you mean 'mood'"):
            model.employee(0).moood = 1.0
        with pytest.raises(ValueError, match="'trust' must be"):
            model.employee(0).trust = 2.0

    def test_names_of_mesa_and_private_ones(self) -> None:
        employee = new_model().employee(ROW)
        employee.pos, employee._note = (1, 2), "mine"
        assert (employee.pos, employee._note) == ((1, 2), "mine")


def test_columns_are_those_of_the_state() -> None:
    assert [name for name, _ in PERSON if name not in COLUMNS] == []
