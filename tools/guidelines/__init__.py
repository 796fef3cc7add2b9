"""Tools over what the team wrote down: the governing section, what changed, which method would help, what is missing."""
