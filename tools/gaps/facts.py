"""Gap facts: all that the stored evidence shows of one weak slice, gathered for the decision table."""

from tools.gaps.causes import Fact
from tools.gaps.fields import VARIANTS, Subject
from tools.gaps.findings import Gap
from tools.gaps.labels import label_facts
from tools.gaps.thresholds import threshold_facts
from tools.gaps.training import training_facts
from tools.gaps.versions import version_facts
from tools.gaps.words import share
from tools.resolution import provenance
from tools.results import Provenance


def facts_of(subject: Subject, gap: Gap) -> list[Fact]:
    """Every fact about a slice, true, false or not known."""
    variant = []
    if {*VARIANTS} & gap.filters.keys():
        brief = "the same base items, only perturbed" if gap.plain else ""
        variant.append(Fact("variant_drops", True, _drop(gap), origin(subject, gap), brief))
    return [
        *variant,
        *training_facts(subject, gap),
        *label_facts(subject, gap),
        *([] if gap.origin else version_facts(subject, gap)),
        *threshold_facts(subject, gap),
    ]


def origin(subject: Subject, gap: Gap) -> tuple[Provenance, ...]:
    """The run a gap was found in."""
    entry = next((entry for entry in subject.catalog.datasets if entry.label == gap.origin), subject.dataset)
    run = subject.run if entry.id == subject.dataset.id else subject.other_run(entry)
    return (provenance(subject.model, entry, run, subject.model.threshold),) if run else ()


def _drop(gap: Gap) -> str:
    k, n = gap.rest.k, gap.rest.n
    if gap.metric == "fpr":
        return f"of the plain items {share(n - k, n)} are flagged wrongly"
    return f"of the plain items {share(k, n)} are found"
