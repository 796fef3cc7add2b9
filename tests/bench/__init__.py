"""`make bench`: speed, memory and how well the planner understands; measured here, asserted nowhere."""
