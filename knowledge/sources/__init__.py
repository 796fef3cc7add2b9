"""Sources: what can be read as a guideline, and how it is cut into sections."""
