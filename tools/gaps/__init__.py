"""Gaps: the tool `find_gaps`, from the weakest slices to their likely causes and what to do."""
