"""Gap words: how shares and slices are written in the evidence for a gap."""

from tools.stats.formats import count, rate


def share(k: int, n: int) -> str:
    """`0.735 (50/68)`; all or nothing is said in counts, not as a rate without doubt (R18)."""
    return f"{count(k)} of {count(n)}" if k in (0, n) else f"{rate(k / n)} ({count(k)}/{count(n)})"


def points(difference: float) -> str:
    """`15.6 points` for .1558."""
    return f"{abs(difference) * 100:.1f} points"
