"""Importing what a team has already: predictions, datasets, rater labels. Checked whole, then written whole."""
