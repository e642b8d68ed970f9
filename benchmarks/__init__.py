"""How fast the simulation is, against a plain Mesa model that gives the same numbers. Run ``python -m benchmarks``."""
