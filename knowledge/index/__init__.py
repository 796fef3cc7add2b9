"""The index: sections, their words and their vectors in one SQLite file, with an optional copy in Chroma. Derived data."""
