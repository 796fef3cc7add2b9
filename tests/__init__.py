"""Tests, named after guarantees; the folders mirror the source tree."""
