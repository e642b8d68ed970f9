"""The rules of behavior: one decision or update, one scalar function of plain numbers.

``frame`` what the platform is taken to be for; ``reading`` whether to look today; ``posting`` whether and what to
post; ``responding`` whether to reply, react or answer; ``remembering`` how the day is remembered. The engine, the
explanations of ``Employee.explain`` and the plain reference model call these same functions.
"""
