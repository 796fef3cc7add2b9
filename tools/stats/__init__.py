"""Statistics from counts alone: metrics, curves, intervals and paired tests, without any input or output."""
