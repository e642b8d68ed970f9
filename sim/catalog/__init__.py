"""The catalog: every parameter and outcome once, as data with its registry; the standard library alone."""
