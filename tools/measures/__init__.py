"""The metrics Steward knows: their names and short forms, what they mean, how each follows from counts or scores."""

from tools.measures.known import MEASURES
from tools.measures.measure import Estimate, Measure

__all__ = ["MEASURES", "Estimate", "Measure"]
