"""What somebody adds to the model without editing it: outcomes, interventions, rules, an organization, columns.

`Extension` is all of it, from one file (``--with my_rules.py``) or put together in Python. The science core is as it
was: an extended run is `sim.model.extension.running.ExtendedSimulation`, and a run with a replaced rule is made by a
second copy of the core (`sim.model.extension.replacing`).
"""

from __future__ import annotations

from sim.model.extension.parts import ChangingState, Extension, Intervention, Outcome, State

__all__ = ["ChangingState", "Extension", "Intervention", "Outcome", "State"]
