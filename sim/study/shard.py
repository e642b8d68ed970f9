"""A part of a plan that a process of its own does, on another machine perhaps: every n-th run."""

from __future__ import annotations

import re
from typing import NamedTuple

from sim.errors import InputError
from sim.texts import said


class Shard(NamedTuple):
    """Shard `number` (from 1) of `n_shards`: the runs whose id leaves `number` - 1 when divided by `n_shards`."""

    number: int
    n_shards: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Return what ``2/3`` means.

        Raises
        ------
        InputError
            If it means nothing.
        """
        match = re.fullmatch(r"(\d+)/(\d+)", text.strip())
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            raise InputError(said("refusal.shard", text=text))
        return cls(int(match[1]), int(match[2]))

    @property
    def suffix(self) -> str:
        """What the name of its results folder ends in."""
        return f"-shard-{self.number}-of-{self.n_shards}"

    def runs(self, n_runs: int) -> range:
        """Return the ids of its runs in a plan of `n_runs`."""
        return range(self.number - 1, n_runs, self.n_shards)

    def __str__(self) -> str:
        return f"{self.number}/{self.n_shards}"


WHOLE = Shard(1, 1)
