"""The knowledge ring: reading, cutting, indexing, searching and citing guidelines."""
