"""Figures: plain functions from tables to matplotlib figures, all in one look."""
