"""The model against what is published and what is one's own: calibration, scorecard, fit."""
