"""Metrics of one model version: the tools `query_metrics` and `class_metrics`."""
