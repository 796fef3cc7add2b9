"""The assistant: one question in, one checked answer out."""
