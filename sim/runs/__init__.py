"""Studies: plan the runs, do them, keep what they give, and say what it means.

The way of one study: ``plan`` (what is to be done) -> ``runner`` (does it, in this process or in several) ->
``store`` (keeps it, whole or not at all) -> ``statistics`` (how sure one can be) -> ``verdict`` (in words).
"""
