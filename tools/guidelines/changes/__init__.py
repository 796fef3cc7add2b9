"""What changed in the guidelines: the question read, the changes told, and what was labelled under the older text."""
