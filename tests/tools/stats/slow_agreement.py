"""Agreement computed item by item and label by label, straight from the definitions: slow, and independent of ours."""

from collections import Counter
from collections.abc import Sequence
from itertools import permutations

Item = Sequence[int]  # the labels of one item, whoever gave them


def percent(items: Sequence[Item]) -> float:
    """The mean over items of the share of ordered pairs of labels that agree."""
    shares = [
        sum(a == b for a, b in permutations(labels, 2)) / (len(labels) * (len(labels) - 1))
        for labels in items
        if len(labels) > 1
    ]
    return sum(shares) / len(shares)


def mean_shares(items: Sequence[Item], classes: int) -> list[float]:
    """Of each class, the mean over items of its share of the item's labels."""
    rated = [labels for labels in items if labels]
    return [sum(labels.count(c) / len(labels) for labels in map(list, rated)) / len(rated) for c in range(classes)]


def fleiss(items: Sequence[Item], classes: int) -> float:
    """Fleiss' kappa, as Gwet states it for unequal numbers of raters."""
    chance = sum(share**2 for share in mean_shares(items, classes))
    return (percent(items) - chance) / (1 - chance)


def gwet(items: Sequence[Item], classes: int, *, ordinal: bool = False) -> float:
    """AC1, or AC2 with Gwet's ordinal weights."""

    def weight(a: int, b: int) -> float:
        steps = abs(a - b)
        between = steps * (steps + 1) / 2  # pairs of classes from a to b
        return 1 - between / (classes * (classes - 1) / 2) if ordinal else float(a == b)

    shares = [
        sum(weight(a, b) for a, b in permutations(labels, 2)) / (len(labels) * (len(labels) - 1))
        for labels in items
        if len(labels) > 1
    ]
    observed = sum(shares) / len(shares)
    total = sum(weight(a, b) for a in range(classes) for b in range(classes))
    spread = sum(share * (1 - share) for share in mean_shares(items, classes))
    chance = total / (classes * (classes - 1)) * spread
    return (observed - chance) / (1 - chance)


def krippendorff(items: Sequence[Item], classes: int, *, ordinal: bool = False) -> float | None:
    """Alpha by all pairs of values within items against all pairs of values; None where one value occurs only."""
    paired = [list(labels) for labels in items if len(labels) > 1]
    values = [value for labels in paired for value in labels]
    n = Counter(values)

    def distance(a: int, b: int) -> float:
        if not ordinal:
            return float(a != b)
        low, high = min(a, b), max(a, b)
        return (sum(n[g] for g in range(low, high + 1)) - (n[low] + n[high]) / 2) ** 2

    observed = sum(distance(a, b) / (len(labels) - 1) for labels in paired for a, b in permutations(labels, 2)) / len(
        values
    )
    pairs = sum((n[a] * (n[b] - (a == b))) * distance(a, b) for a in range(classes) for b in range(classes))
    expected = pairs / (len(values) * (len(values) - 1))
    return 1 - observed / expected if expected else None
