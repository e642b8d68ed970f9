"""6. Talk: once a week frames move a little towards those of contacts, off the platform."""

from __future__ import annotations

from sim.kernel.compiled import step
from sim.kernel.tables import row_of
from sim.model.rules.frame import talk_counts, talk_weight, update_frame
from sim.model.state import DAYS_PER_WEEK, World


@step
def talk(world: World, day: int) -> None:
    """6. Talk: on the last day of a week, everyone with contacts hears how they see the platform, doubts included."""
    people, c, shares = world.people, world.c, world.talked
    if c.talk <= 0.0 or day % DAYS_PER_WEEK != DAYS_PER_WEEK - 1:
        return
    for i in range(people.n_rows):
        person = row_of(people, i)
        total = person.frame_social + person.frame_collaboration + person.frame_broadcast
        shares[i, 0] = person.frame_social / total
        shares[i, 1] = person.frame_collaboration / total
        shares[i, 2] = person.frame_broadcast / total
    for i in range(people.n_rows):
        person = row_of(people, i)
        weights, social, collaboration, broadcast = 0.0, 0.0, 0.0, 0.0
        for e in range(world.offsets[i], world.offsets[i + 1]):
            j = world.neighbors[e]
            weight = talk_weight(row_of(people, j).team == person.team, c)
            weights += weight
            social += weight * shares[j, 0]
            collaboration += weight * shares[j, 1]
            broadcast += weight * shares[j, 2]
        if weights > 0.0:
            counts = talk_counts(person.remote_share, c) / weights
            person.frame_social = update_frame(person.frame_social, counts * social)
            person.frame_collaboration = update_frame(person.frame_collaboration, counts * collaboration)
            person.frame_broadcast = update_frame(person.frame_broadcast, counts * broadcast)
