"""Learning from one's own first weeks: which worlds agree with what is published *and* with one's own figures.

Points are drawn from the plausible worlds, broadened so that an organization may differ from those that were published;
the user's own scenario is run at each; what such runs show in the weeks that are known, and afterwards, is learned; and
what was seen picks the worlds. ``docs/after-launch.md`` says how well that works, measured.
"""
