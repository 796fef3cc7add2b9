"""The project itself: its rings, files, documents, commands and container."""
