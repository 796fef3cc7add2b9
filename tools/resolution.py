"""From the arguments of a call to registered things, with every default that was needed written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools.catalog import DatasetEntry, ModelEntry, either
from tools.errors import ToolError
from tools.results import Provenance
from tools.runs import RunEntry, latest_run, list_entries
from tools.workspace import Call


class Missing(ToolError):
    """Something needed was left out and no default fits; `nearest` holds what to choose from, `what` its kind."""

    def __init__(self, message: str, *, what: str, nearest: tuple[str, ...]) -> None:
        super().__init__(message, nearest=nearest)
        self.what = what


@dataclass
class Resolver:
    """Resolves the common arguments of one call and collects the defaults it used."""

    call: Call
    defaults: list[str] = field(default_factory=list)
    _model: ModelEntry | None = None

    def model(self, text: str | None, filters: Mapping[str, Sequence[str]] | None = None) -> ModelEntry:
        """The model meant: the one named, else the policy's in production, else the configured default, else ask.

        Raises:
            ToolError: an unknown name, or (Missing) nothing named and several possible.
        """
        catalog = self.call.catalog
        policies = [value for values in [(filters or {}).get("policy", [])] for value in values]
        if not text and len(policies) == 1:
            text = policies[0]
        if not text:
            text = self.call.workspace.defaults.model or None
        production = catalog.production()
        if not text and len(production) == 1:
            text = production[0].label
        if not text:
            names = tuple(model.label for model in production or catalog.models)
            if not names:
                raise ToolError(
                    "No model is registered yet. `steward init --sample` sets up a sample workspace to try."
                )
            raise Missing(f"Which model do you mean: {either(names)}?", what="model", nearest=names)
        model, default = catalog.model(text)
        if default:
            self.defaults.append(default)
        self._model = model
        return model

    def dataset(self, text: str | None, fallback: str = "") -> DatasetEntry:
        """The dataset meant: the one named, else the configured default (or the tool's own `fallback`).

        Raises:
            ToolError: an unknown name, or (Missing) nothing named and no default.
        """
        catalog = self.call.catalog
        wanted = text or fallback or self.call.workspace.defaults.dataset or self._evaluated()
        if not wanted:
            names = tuple(entry.label for entry in catalog.datasets)
            if not names:
                raise ToolError(
                    "No dataset is registered yet. `steward init --sample` sets up a sample workspace to try."
                )
            raise Missing(f"Which dataset do you mean: {either(names)}?", what="dataset", nearest=names)
        entry = catalog.dataset(wanted)
        if not text or entry.version.lower() not in text.lower():
            self.defaults.append(entry.label)
        return entry

    def _evaluated(self) -> str:
        """The one dataset that the model of this call was evaluated on; empty where there are several, or none."""
        if self._model is None:
            return ""
        runs = list_entries(self.call.workspace.engine, self._model.id, status="done")
        labels = {entry.label for entry in self.call.catalog.datasets if entry.id in {run.dataset_id for run in runs}}
        return labels.pop() if len(labels) == 1 else ""

    def run(self, model: ModelEntry, dataset: DatasetEntry) -> RunEntry:
        """The finished run of a model on a dataset.

        Raises:
            ToolError: there is none yet; says what to ask for.
        """
        found = latest_run(self.call.workspace.engine, model, dataset)
        if found is None:
            ask = f"run {dataset.label} on {model.label}"
            raise ToolError(
                f"{model.label} has not been evaluated on {dataset.label} yet. Ask me to “{ask}”.", nearest=(ask,)
            )
        return found

    def threshold(self, given: float | None, model: ModelEntry) -> float:
        """The threshold in force, to four decimals: the grid on which stored counts are exact."""
        if given is None:
            return model.threshold
        rounded = round(given, 4)
        if rounded != given:
            self.defaults.append(f"threshold rounded to {rounded:g}")
        return rounded


def provenance(model: ModelEntry, dataset: DatasetEntry, run: RunEntry, threshold: float) -> Provenance:
    """Where the numbers of a run come from (R14)."""
    return Provenance(
        model=model.label,
        dataset=dataset.label,
        run=run.id,
        threshold=threshold,
        gold_version=dataset.gold_version,
        guideline_version=dataset.guideline_version,
        as_of=run.finished.date().isoformat(),
    )
