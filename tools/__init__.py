"""What Steward can find out and do. Imports `knowledge`, never `bot`."""
