"""The change of a share between two sets of items that may have items in common."""

from tools.stats.intervals import Z, wilson
from tools.stats.paired import Joint


def share_change(
    before: tuple[int, int], after: tuple[int, int], shared: Joint, inflation: tuple[float, float] = (1.0, 1.0)
) -> tuple[float, float, float]:
    """`after - before` of two shares k/n: estimate, lower and upper bound (95 %).

    `shared` are the items in both sets: counted in both, only before, only after, in neither. Wilson's bounds of
    each share are joined with the correlation that the shared items bring (MOVER, Zou and Donner 2008). Without any it
    is Newcombe's interval for independent shares (1998a, method 10), with nothing but shared items his for paired ones
    (1998b, method 10), continuity correction included. An empty set says nothing: -1 to 1. `inflation` is as in
    `tools.stats.drift`: the bounds are those of so many times fewer items.
    """
    (ka, na), (kb, nb) = before, after
    if not na or not nb:
        return 0.0, -1.0, 1.0
    pa, pb = ka / na, kb / nb
    # A score interval with a larger z is that of fewer items.
    la, ua = wilson(ka, na, Z * inflation[0] ** 0.5)
    lb, ub = wilson(kb, nb, Z * inflation[1] ** 0.5)
    correlation = 0.0
    spread = pa * (1 - pa) / na * pb * (1 - pb) / nb
    if shared.n and spread > 0:
        cross = float(shared.both * shared.neither - shared.only_a * shared.only_b)
        if cross > 0:
            cross = max(0.0, cross - shared.n / 2)
        correlation = min(1.0, max(-1.0, cross / shared.n / (na * nb) / spread**0.5))
    delta = pb - pa
    below = (pb - lb) ** 2 - 2 * correlation * (pb - lb) * (ua - pa) + (ua - pa) ** 2
    above = (ub - pb) ** 2 - 2 * correlation * (ub - pb) * (pa - la) + (pa - la) ** 2
    return delta, max(-1.0, delta - max(0.0, below) ** 0.5), min(1.0, delta + max(0.0, above) ** 0.5)
