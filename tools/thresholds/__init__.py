"""Operating points: the tool `find_threshold`."""
