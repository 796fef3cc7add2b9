"""Evaluating a model on a dataset, shard by shard: features to scores, scores to counts for each slice cell."""
