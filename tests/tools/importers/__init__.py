"""Importers: what comes in from files that a team has already."""
