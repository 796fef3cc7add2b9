"""What the team wrote down: documents, sections, their index and search. Imports neither `bot` nor `tools`."""
