"""What approving a proposal does: one kind a file, each behind the same four questions."""
