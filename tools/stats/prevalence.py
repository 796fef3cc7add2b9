"""Prevalence: what a metric of an enriched set would be where positives are rarer.

Recall and false positive rate carry over, if positives and negatives there are like those here; how often each occurs
does not. So the counts are weighted until positives have the stated share.
"""

import numpy as np

from tools.stats.rates import Cells, Statistic


def reweighted(statistic: Statistic, prevalence: float) -> Statistic:
    """A metric of four counts, as it would be at another prevalence; not a number without both labels.

    Raises:
        ValueError: the prevalence is not between 0 and 1.
    """
    if not 0 < prevalence < 1:
        raise ValueError(f"a prevalence lies between 0 and 1, not {prevalence:g}")

    def live(cells: Cells) -> Cells:
        with np.errstate(divide="ignore", invalid="ignore"):
            recall = cells[..., 0] / (cells[..., 0] + cells[..., 2])
            fpr = cells[..., 1] / (cells[..., 1] + cells[..., 3])
        shares = [prevalence * recall, (1 - prevalence) * fpr]
        shares += [prevalence * (1 - recall), (1 - prevalence) * (1 - fpr)]
        return statistic(np.stack(shares, axis=-1))

    return live
