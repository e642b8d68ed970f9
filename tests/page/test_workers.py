"""The processes behind the page: replaced when they die or hang, given up only with a reason, and fair."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NamedTuple

import lives
import pytest

from sim.errors import InputError
from sim.web.page import workers
from sim.web.page.workers import Limits, Team, Turns, work_of


def with_team(
    life: Callable[..., None], do: Callable[[Team], Coroutine[Any, Any, None]], size: int = 2, seconds: float = 300.0
) -> None:
    async def all_of_it() -> None:
        team = Team(size, Limits(seconds=seconds), life)
        team.start()
        try:
            await do(team)
        finally:
            await team.close()
        assert all(not worker.process.is_alive() for worker in team._all)

    asyncio.run(all_of_it())


async def reply_of(team: Team, message: str, client: str = "") -> str:
    return [text async for _, text in team.ask(message, client)][-1]


def failed(reply: str) -> bool:
    return bool(json.loads(reply).get("failed"))


def test_a_message_that_kills_its_process_costs_no_other() -> None:
    async def do(team: Team) -> None:
        asked = [reply_of(team, "die" if n % 5 == 0 else f"m{n}") for n in range(12)]
        replies = await asyncio.gather(*asked)
        assert [n for n, reply in enumerate(replies) if reply.startswith("{") and failed(reply)] == [0, 5, 10]
        assert [reply.split()[0] for n, reply in enumerate(replies) if n % 5] == [f"m{n}" for n in range(12) if n % 5]

    with_team(lives.echo, do)


def test_processes_that_are_killed_while_they_wait_are_replaced() -> None:
    async def do(team: Team) -> None:
        for n in range(3):
            killed = int((await reply_of(team, "hello")).split()[1])
            for worker in list(team._alive):
                os.kill(worker.process.pid, signal.SIGKILL)
            replies = await asyncio.gather(*(reply_of(team, f"m{n}") for n in range(4)))
            assert [reply.split()[0] for reply in replies] == ["m0", "m1", "m2", "m3"]
            assert killed not in [int(reply.split()[1]) for reply in replies], n
        assert team.is_ready

    with_team(lives.echo, do)


def test_a_message_without_end_is_stopped_and_its_process_replaced() -> None:
    async def do(team: Team) -> None:
        replies = await asyncio.gather(reply_of(team, "hang"), reply_of(team, "hang"), reply_of(team, "hang"))
        assert all("was stopped" in json.loads(reply)["error"][0] for reply in replies)
        assert all("gestopt" in json.loads(reply)["errors"]["nl"][0] for reply in replies)

    with_team(lives.echo, do, seconds=1.5)


def test_a_message_waits_its_time_in_the_queue_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WAIT_SECONDS", 0.5)

    async def do(team: Team) -> None:
        await team.until_ready(600)
        first = asyncio.create_task(reply_of(team, "hang"))
        await asyncio.sleep(0)
        second = await reply_of(team, "hello")
        assert "too much to do" in json.loads(second)["error"][0]
        assert "was stopped" in json.loads(await first)["error"][0]

    with_team(lives.echo, do, size=1, seconds=5)


def test_processes_that_do_not_start_are_said_so(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workers, "FIRST_PAUSE", 0.01)

    async def do(team: Team) -> None:
        assert not team.is_ready
        reply = await reply_of(team, "hello")
        assert "do not start (5 tries; the last one: exit code 7)" in json.loads(reply)["error"][0]
        assert not await team.until_ready(600)
        assert isinstance(team.why_not(), InputError)

    with_team(lives.cannot_start, do)
    assert capfd.readouterr().err.count("Warning: ") == 1


def test_one_that_is_never_ready_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(workers, "START_SECONDS", 0.3)

    async def do(team: Team) -> None:
        assert not await team.until_ready(600)
        assert "not ready after 0.3 seconds" in str(team.why_not())

    with_team(lives.never_ready, do, size=1)


def test_trouble_that_passes_is_got_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workers, "FIRST_PAUSE", 0.01)
    monkeypatch.setenv("TRIES", str(tmp_path / "tries"))

    async def do(team: Team) -> None:
        assert (await reply_of(team, "hello")).startswith("hello")
        assert team.is_ready

    with_team(lives.starts_the_third_time, do, size=1)


def test_whoever_waits_hears_that_the_program_stops() -> None:
    async def do(team: Team) -> None:
        await team.until_ready(600)
        asked = [asyncio.create_task(reply_of(team, "hang")) for _ in range(4)]
        await asyncio.sleep(0.1)
        team.stop()
        assert [json.loads(reply) for reply in await asyncio.gather(*asked)] == [{"stopped": True}] * 4
        assert json.loads(await reply_of(team, "hello")) == {"stopped": True}
        assert not team.is_ready

    with_team(lives.echo, do)


def test_a_slow_reader_holds_no_process_up() -> None:
    async def do(team: Team) -> None:
        slow = [team.ask("news") for _ in range(3)]
        first = [await anext(one) for one in slow]
        assert (await reply_of(team, "hello")).startswith("hello")
        rest = [[kind async for kind, _ in one] for one in slow]
        assert [kinds[-1] for kinds in rest] == ["reply"] * 3
        assert len(first) == 3

    with_team(lives.echo, do, size=1)


def test_who_goes_away_from_the_queue_leaves_nothing_behind() -> None:
    async def do(team: Team) -> None:
        waiting = [asyncio.create_task(reply_of(team, f"m{n}")) for n in range(5)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert (await reply_of(team, "hello")).startswith("hello")
        assert team._turns.n_waiting() == len(team._jobs) == 0

    with_team(lives.echo, do, size=1)


def test_one_client_may_not_wait_with_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MOST_WAITING", 3)

    async def do(team: Team) -> None:
        tasks = [asyncio.create_task(reply_of(team, f"m{n}", "greedy")) for n in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(InputError, match="3 questions of yours are waiting already; at most 3"):
            team.refuse_too_many("greedy")
        team.refuse_too_many("modest")
        await asyncio.gather(*tasks)
        team.refuse_too_many("greedy")

    with_team(lives.echo, do, size=1)


class Question(NamedTuple):
    client: str
    n: int


def test_clients_take_turns() -> None:
    async def order() -> str:
        turns: Turns[Question] = Turns()
        for client, n in (("a", 5), ("b", 2), ("c", 1)):
            for place in range(n):
                turns.add(Question(client, place))
        turns.forget(Question("a", 1))
        taken = []
        while turns.n_waiting():
            one = await turns.take()
            turns.done(one)
            taken.append(one)
        assert [one.n for one in taken if one.client == "a"] == [0, 2, 3, 4]
        return "".join(one.client for one in taken)

    assert asyncio.run(order()) == "abcabaa"


def test_who_has_much_under_way_waits_for_who_has_nothing() -> None:
    async def order() -> list[str]:
        turns: Turns[Question] = Turns()
        for place in range(10):
            turns.add(Question("greedy", place))
        under_way = [await turns.take() for _ in range(4)]
        turns.add(Question("modest", 0))
        turns.add(Question("modest", 1))
        turns.done(under_way[0])
        taken = [(await turns.take()).client for _ in range(3)]
        turns.put_back(under_way[1])
        assert (await turns.take()) == under_way[1]
        return taken

    assert asyncio.run(order()) == ["modest", "modest", "greedy"]


def test_the_limit_counts_what_each_run_costs_to_begin() -> None:
    assert work_of(500, 52, 10) < Limits().work / 10
    assert work_of(1, 1, 10**4) > 10**7
    assert work_of(10, 52, 20) == 20 * work_of(10, 52, 1)
