"""Dataset cards: what a team says of a dataset, under the field names of Croissant RAI; what is unknown says so."""

from pathlib import Path
from typing import Any

from tools.errors import SetupError

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
UNKNOWN = "unknown"
LONGEST = 2_000  # characters of one field


def read_card(path: Path | None) -> dict[str, str]:
    """All sixteen fields, in their order, from a YAML of some of them; without a file every one is `unknown`.

    Raises:
        SetupError: no such file, not YAML, an unknown field (the nearest is named) or one that is no text.
    """
    if path is None:
        return dict.fromkeys(FIELDS, UNKNOWN)
    given = _read(path)
    strange = [str(name) for name in given if name not in FIELDS]
    if strange:
        from tools.catalog import nearest

        close = ", ".join(f"{name} (nearest: {nearest(name, FIELDS, 1)[0]})" for name in strange)
        raise SetupError(f"{path.name} has field(s) that no Croissant RAI card has: {close}.")
    return {name: _text(path, name, given.get(name)) for name in FIELDS}


def _read(path: Path) -> dict[Any, Any]:
    import yaml

    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SetupError(f"The card {path.name} cannot be read as YAML. Mend or replace it.") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise SetupError(f"The card {path.name} must be a list of fields, such as `dataCollection: …`.")
    return found


def _text(path: Path, name: str, value: Any) -> str:
    parts = value if isinstance(value, list) else [value]
    if any(isinstance(part, dict | list) for part in parts):
        raise SetupError(f"The field {name} of {path.name} must be a text or a list of texts.")
    text = "; ".join(" ".join(str(part).split()) for part in parts if part is not None)
    if len(text) > LONGEST:
        raise SetupError(f"The field {name} of {path.name} has {len(text):,} characters; {LONGEST:,} are enough.")
    return text or UNKNOWN
