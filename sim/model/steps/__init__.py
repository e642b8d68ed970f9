"""The steps of a working day, over the whole organization: one module a step, in the order of
``sim.model.engine.one_day``.

Each step runs over the people it concerns and calls the scalar rules of ``sim.model.rules`` with numbers from the state
(``inputs``). Within a step nobody sees what others do in it: posts, replies and changed minds count for others
only in a later step or on the next day, so the order of employees does not matter.
"""
