"""The operating threshold of imported predictions: the one stated, or the one that the decisions imply."""

from itertools import count

from tools.catalog import ModelEntry
from tools.errors import SetupError
from tools.importers.request import PredictionsImport, ScoredModel
from tools.importers.scores import scaled
from tools.importers.source import Source, class_index, number
from tools.stats.histogram import BINS

DEFAULT = 0.5


def operating_threshold(
    source: Source, wanted: PredictionsImport, model: ScoredModel, registered: ModelEntry | None
) -> float:
    """The threshold of a model: that of the registered model, the stated one, or one that fits its decisions.

    Raises:
        SetupError: no threshold gives the decisions of the file, or the model has another one.
    """
    stated, known = wanted.threshold, registered.threshold if registered else None
    if stated is not None and round(stated * BINS) / BINS != stated:
        raise SetupError("The threshold has more than four decimals. Round it.")
    if known is not None and stated is not None and known != stated:
        raise SetupError(f"{model.name} {model.version} has the threshold {known:g}. Leave --threshold out.")
    fixed = known if known is not None else stated
    if not model.score:
        if fixed == 0:
            raise SetupError("At the threshold 0 every item is flagged, whatever was decided. Leave --threshold out.")
        return fixed if fixed is not None else DEFAULT
    if not model.decision:
        return fixed if fixed is not None else DEFAULT
    score = scaled(wanted.scaling, number(model.score))
    decision = class_index(model.decision, wanted.classes)
    if fixed is not None:
        source.refuse(
            model.decision, f"({decision} = 1) != ({score} >= {fixed!r})",
            f"does not follow from {model.score} at the threshold {fixed:g}",
            "Leave --decision out, or state the threshold that was used.",
        )  # fmt: skip
        return fixed
    below, above = source.one(f"max({score}) FILTER ({decision} = 0), min({score}) FILTER ({decision} = 1)")
    # Nothing flagged asks for the highest threshold that there is, nothing unflagged for the lowest.
    found = _above(below) if below is not None else 0.0
    if found > (1.0 if above is None else above):
        raise SetupError(
            f"No threshold of four decimals gives {model.decision} from {model.score}: the highest score decided 0 lies"
            " above the lowest decided 1, or too close to it. Leave one of the two out."
        )
    return 1.0 if above is None else found


def _above(score: float) -> float:
    """The lowest threshold of four decimals above a score; above 1 where there is none."""
    # The product may be off by one in the last bit, on either side of a whole number: .57 * 10,000 is 5,699.99….
    return next(at / BINS for at in count(max(0, int(score * BINS) - 1)) if at / BINS > score)
