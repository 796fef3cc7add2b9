"""Cards: what is known about each dataset, under the field names of Croissant RAI; the rest says "unknown"."""

from types import MappingProxyType

FIELDS = (
    "dataCollection",
    "dataCollectionType",
    "dataCollectionTimeframe",
    "dataPreprocessingProtocol",
    "dataAnnotationProtocol",
    "dataAnnotationPlatform",
    "dataAnnotationAnalysis",
    "annotationsPerItem",
    "annotatorDemographics",
    "machineAnnotationTools",
    "personalSensitiveInformation",
    "dataBiases",
    "dataLimitations",
    "dataUseCases",
    "dataSocialImpact",
    "dataReleaseMaintenancePlan",
)

_EVERYWHERE = {
    "dataCollectionType": "Synthetic: drawn from a seeded random population for a fictional platform.",
    "dataPreprocessingProtocol": "Sixteen numbers per item, on a grid of 1/32; no text, media or links exist.",
    "dataAnnotationPlatform": "none (synthetic)",
    "machineAnnotationTools": "none",
    "personalSensitiveInformation": "None. Item ids are random; there are no persons behind them.",
    "dataSocialImpact": "None: nothing here describes real people or real content.",
}

_GOLD = {
    "annotationsPerItem": "3, then adjudication",
    "dataUseCases": "Evaluation of bullying-text and challenge-video. Not for training.",
    "dataBiases": "Enriched: about 15 % positives, so precision on it says nothing about live traffic.",
}

_CARDS = {
    "train@2026-06": {
        "dataCollection": "Items of both policies, most of them labelled by three vendors, the rest from user flags.",
        "dataAnnotationProtocol": "Binary label at level 2 and above under guideline 4.2, one vendor label an item.",
        "annotationsPerItem": "1",
        "dataBiases": "Language shares follow labelling capacity, not traffic.",
        "dataLimitations": "Few items in small languages. Vendor labels were not audited by language.",
        "dataUseCases": "Training of bullying-text and challenge-video. Not for evaluation.",
        "dataReleaseMaintenancePlan": "Rebuilt each half-year.",
    },
    "golden@2026-07": {
        **_GOLD,
        "dataCollection": "Random, flagged and appealed items of both policies, enriched for positives.",
        "dataAnnotationProtocol": "Binary label at level 2 and above, adjudicated under guideline 4.2 (gold 5).",
        "dataLimitations": "Frozen. Superseded by golden 2026-10.",
        "dataReleaseMaintenancePlan": "None: frozen.",
    },
    "golden@2026-10": {
        **_GOLD,
        "dataCollection": "55 % of it taken over from golden 2026-07, the rest new items since August 2026.",
        "dataAnnotationProtocol": "Binary label at level 2 and above, adjudicated under guideline 4.3 (gold 6); items "
        "taken over were judged anew where the rule changed.",
        "dataLimitations": "Tagalog stays under the support standard of 60 positives.",
        "dataReleaseMaintenancePlan": "Refreshed each quarter by the QA lead.",
    },
    "evasion@2": {
        "dataCollection": "Base items, each plain and under four evasion techniques; `cluster` names the base item.",
        "dataAnnotationProtocol": "A variant keeps the gold label of its base item.",
        "annotationsPerItem": "3 for the base item, none for variants",
        "dataBiases": "Over half of it is positive: rates of positives and negatives are to be read apart.",
        "dataLimitations": "The five rows of a cluster are not independent. No romanised Hindi. One technique each.",
        "dataUseCases": "Robustness of bullying-text and challenge-video against evasion. Not for training.",
        "dataReleaseMaintenancePlan": "A new version when a new technique is added.",
    },
}


def card(dataset: str, timeframe: str) -> MappingProxyType[str, str]:
    """All sixteen fields for a dataset named `name@version`."""
    known = {**_EVERYWHERE, **_CARDS[dataset], "dataCollectionTimeframe": timeframe}
    return MappingProxyType({name: known.get(name, "unknown") for name in FIELDS})
