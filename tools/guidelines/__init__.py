"""Tools over what the team wrote down: the section that governs, what changed, which method helps, what is missing."""
