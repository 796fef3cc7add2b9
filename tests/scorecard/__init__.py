"""Guarantees of the scorecard: what is read, what counts as right, what is left behind."""
