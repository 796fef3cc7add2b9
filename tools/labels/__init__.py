"""Rater labels: the tool `label_agreement`."""
