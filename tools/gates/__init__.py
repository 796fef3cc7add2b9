"""Gates: the tool `check_gates`, rule by rule, never one blended score."""
