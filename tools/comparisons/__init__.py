"""Versions compared: the tools `compare_models` (two, on the same items) and `metric_trend` (all of a model)."""
