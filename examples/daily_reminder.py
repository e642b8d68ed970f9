"""An intervention of every day, a column of one's own and an outcome that counts it.

Each day a colleague reminds some of those who have access and have not read for two weeks; whoever is reminded has the
platform on the mind again. How often somebody was reminded is kept.
"""

import numpy as np

from sim import Intervention


class Reminder(Intervention):
    """A word to some of those who stay away."""

    each = "day"

    def act(self, model, luck):
        """Remind one in ten of them; the draws are this intervention's own."""
        stays_away = (model["access_day"] <= model.day) & (model["last_read"] < model.day - 10)
        reminded = stays_away & (luck.random(model.n_employees) < 0.1)
        if reminded.any():
            model.set("aware", 1, rows=reminded)
            model.set("reminders", model["reminders"][reminded] + 1, rows=reminded)


columns = {"reminders": 0.0}
interventions = {"reminder": Reminder()}
outcomes = {"reminders_per_employee": lambda state: float(np.mean(state["reminders"]))}
