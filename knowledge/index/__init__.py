"""The index: sections, their words and vectors in one SQLite file, with an optional copy in Chroma. Derived data."""
