"""Sampling: the tools `plan_sample`, `plan_acceptance` and `check_proportion`."""
