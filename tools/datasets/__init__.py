"""Datasets: the tools `dataset_stats`, `compare_datasets` and `check_dataset`."""
