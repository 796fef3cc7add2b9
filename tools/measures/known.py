"""Every metric by name, with the words people use for it."""

from tools.measures.measure import Measure
from tools.stats.calibration import brier, calibration_error
from tools.stats.curves import auc
from tools.stats.precision_recall import average_precision
from tools.stats.rates import Share, balanced_accuracy, f_beta, mcc

_POSITIVES, _NEGATIVES, _FLAGGED, _ALL = (1, 0, 1, 0), (0, 1, 0, 1), (1, 1, 0, 0), (1, 1, 1, 1)

_SHARES = (
    Measure(
        "recall",
        "Recall",
        ("sensitivity", "rec", "true positive rate", "tpr", "detection rate", "catch rate", "how many we catch"),
        "The share of positive items that the model flags: TP / (TP + FN).",
        "positives",
        Share((1, 0, 0, 0), _POSITIVES),
    ),
    Measure(
        "precision",
        "Precision",
        ("ppv", "prec", "positive predictive value", "how many flags are right"),
        "The share of flagged items that are positive: TP / (TP + FP). On an enriched set it says nothing about"
        " live traffic, where positives are rarer.",
        "flagged items",
        Share((1, 0, 0, 0), _FLAGGED),
        live=True,
    ),
    Measure(
        "fpr",
        "False positive rate",
        (
            "false positive rate",
            "false positives",
            "false alarms",
            "false alarm rate",
            "fp rate",
            "fps",
            "overflagging",
            "wrongly flag",
            "wrongly flagged",
            "falsely flagged",
            "false flags",
        ),
        "The share of negative items that the model flags: FP / (FP + TN).",
        "negatives",
        Share((0, 1, 0, 0), _NEGATIVES),
        higher_is_better=False,
    ),
    Measure(
        "fnr",
        "False negative rate",
        (
            "false negative rate",
            "false negatives",
            "miss rate",
            "missed positives",
            "positives we miss",
            "misses",
            "missed",
            "we miss",
            "do we miss",
            "fn rate",
        ),
        "The share of positive items that the model misses: FN / (TP + FN), that is 1 - recall.",
        "positives",
        Share((0, 0, 1, 0), _POSITIVES),
        higher_is_better=False,
    ),
    Measure(
        "specificity",
        "Specificity",
        ("true negative rate", "tnr"),
        "The share of negative items that the model leaves alone: TN / (FP + TN), that is 1 - FPR.",
        "negatives",
        Share((0, 0, 0, 1), _NEGATIVES),
    ),
    Measure(
        "accuracy",
        "Accuracy",
        ("acc", "share correct"),
        "The share of items decided as the gold label says. With rare positives it hides almost everything.",
        "items",
        Share((1, 0, 0, 1), _ALL),
        live=True,
    ),
    Measure(
        "prevalence",
        "Prevalence",
        ("positive share", "base rate", "share of positives"),
        "The share of positive items in the set.",
        "items",
        Share(_POSITIVES, _ALL),
        higher_is_better=None,
    ),
    Measure(
        "flagged_rate",
        "Flagged rate",
        ("flag rate", "flagged share", "alert rate"),
        "The share of items that the model flags: (TP + FP) / n.",
        "items",
        Share(_FLAGGED, _ALL),
        higher_is_better=None,
        live=True,
    ),
)
_OF_COUNTS = (
    Measure(
        "balanced_accuracy",
        "Balanced accuracy",
        ("balanced acc", "bal acc", "bacc", "balanced acc."),
        "The mean of recall and specificity; unlike accuracy it does not change when positives get rarer.",
        from_counts=balanced_accuracy,
    ),
    Measure(
        "f1",
        "F1",
        ("f1 score", "f-score", "f measure", "f score", "f-1", "f1-score", "f-measure"),
        "The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).",
        from_counts=f_beta(1),
        live=True,
    ),
    Measure(
        "f2",
        "F2",
        ("f2 score", "f-2", "f2-score", "f-beta 2", "f beta 2", "fbeta 2"),
        "F-beta with beta 2: as F1, but recall counts twice as much. 5 TP / (5 TP + 4 FN + FP).",
        from_counts=f_beta(2),
        live=True,
    ),
    Measure(
        "f0.5",
        "F0.5",
        ("f0.5 score", "f-0.5", "f.5", "f05", "f-beta 0.5", "f beta 0.5", "fbeta 0.5", "f half", "f-half"),
        "F-beta with beta 0.5: as F1, but precision counts twice as much. 5 TP / (5 TP + FN + 4 FP).",
        from_counts=f_beta(0.5),
        live=True,
    ),
    Measure(
        "mcc",
        "MCC",
        ("matthews correlation coefficient", "matthews correlation", "matthews", "phi coefficient", "matthews coef"),
        "Matthews correlation coefficient: the correlation of decision and gold label, from -1 to 1; 0 is no better"
        " than chance. It changes with prevalence.",
        from_counts=mcc,
        live=True,
    ),
)
_OF_SCORES = (
    Measure(
        "auc",
        "AUC",
        ("roc auc", "roc-auc", "auroc", "area under the curve", "roc"),
        "The chance that a random positive scores above a random negative. It hides how the operating threshold"
        " behaves on the rare class.",
        from_scores=lambda histogram, _, design_effect: auc(histogram, design_effect),
    ),
    Measure(
        "average_precision",
        "Average precision",
        ("ap", "avg precision", "pr auc", "pr-auc", "auprc", "prauc", "aucpr", "map", "mean average precision"),
        "The mean of the precision at each positive's own score, step by step: the area under the precision-recall"
        " curve. Like precision it falls when positives get rarer.",
        from_scores=average_precision,
        live=True,
    ),
    Measure(
        "ece",
        "Calibration error",
        (
            "expected calibration error",
            "calib error",
            "calibration err",
            "miscalibration",
            "miscalibrated",
            "well calibrated",
            "calibrated",
        ),
        "Expected calibration error: how far mean score and share of positives lie apart, over ten bands of scores,"
        " weighed by their items. Chance alone makes it larger than nought.",
        from_scores=lambda histogram, _, design_effect: calibration_error(histogram, design_effect),
        higher_is_better=False,
    ),
    Measure(
        "brier",
        "Brier score",
        ("brier loss", "briers", "brier's score"),
        "The mean of (score - label) squared: 0 is perfect, always saying the prevalence gives prevalence x"
        " (1 - prevalence).",
        from_scores=lambda histogram, _, design_effect: brier(histogram, design_effect),
        higher_is_better=False,
    ),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in (*_SHARES, *_OF_COUNTS, *_OF_SCORES)}
