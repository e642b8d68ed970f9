"""An intervention of one's own: meetings in two weeks, after which those who were there trust more."""

import numpy as np

from sim import Intervention


class TownHall(Intervention):
    """A meeting in some weeks, to which a part of staff comes."""

    def __init__(self, weeks, share=0.4, gain=0.15):
        self.weeks, self.share, self.gain = weeks, share, gain

    def act(self, model, luck):
        """Let whoever comes trust more; called before the first day of each week, counted from 1."""
        if model.week in self.weeks:
            comes = luck.random(model.n_employees) < self.share
            model.set("trust", np.minimum(1.0, model["trust"][comes] + self.gain), rows=comes)


interventions = {"town-hall": TownHall(weeks=(2, 6))}
