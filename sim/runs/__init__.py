"""Many runs: plan them, do them, keep what they give.

The way of one study: ``plan`` (what is to be done) -> ``runner`` (does it, in this process or in several) ->
``store`` (keeps it, whole or not at all); what it means is for ``sim.analysis`` to say.
"""
