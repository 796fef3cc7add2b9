"""`check_dataset`: a dataset against the team's standard: target and actual of every check, and what is lacking."""

from collections import Counter

from tools.arguments import Arguments, DatasetName
from tools.datasets.standard_checks import MET, NOT_ASSESSED, NOT_MET, Check, check
from tools.datasets.standards import FILE, read_standards
from tools.errors import SetupError, ToolError
from tools.resolution import Resolver
from tools.results import Column, Provenance, Result
from tools.spec import Example, ToolSpec
from tools.workspace import Call

NAMED = 12  # what is lacking in one check: so many are named, the rest is counted


class CheckDataset(Arguments):
    """Check a dataset against the dataset standard: labels, support, balance, age, duplicates, overlap, agreement."""

    dataset: DatasetName = None


def _check_dataset(arguments: CheckDataset, call: Call) -> Result:
    resolver = Resolver(call)
    dataset = resolver.dataset(arguments.dataset)
    standards = read_standards(call.workspace.root)
    if standards is None:
        raise SetupError(
            f"There is no dataset standard yet: {FILE} in the data folder says what a dataset must be."
            " The sample workspace has one to start from (steward init --sample)."
        )
    standard = standards.of(dataset.kind)
    if standard is None:
        known = [entry.label for entry in call.catalog.datasets if standards.of(entry.kind)]
        raise ToolError(
            f"{FILE} has no standard for {dataset.kind} sets such as {dataset.label}.", nearest=tuple(known)
        )
    checks = check(call, dataset, standard)
    if not checks:
        raise ToolError(f"The standard for {dataset.kind} sets in {FILE} asks for nothing.")
    return Result(
        tool="check_dataset",
        headline=_headline(checks, dataset.label, dataset.kind),
        columns=(
            Column(key="measure", label="measure"),
            Column(key="check", label="check"),
            Column(key="target", label="target"),
            Column(key="actual", label="actual"),
            Column(key="verdict", label="verdict"),
        ),
        rows=tuple(
            {
                "measure": one.measure,
                "check": one.name,
                "target": one.target,
                "actual": one.actual,
                "verdict": one.verdict,
                "lacking": list(one.lacking),
            }
            for one in sorted(checks, key=lambda one: _ORDER[one.verdict])
        ),
        provenance=(
            Provenance(
                dataset=dataset.label,
                gold_version=dataset.gold_version,
                guideline_version=dataset.guideline_version,
                as_of=dataset.as_of.isoformat(),
            ),
        ),
        caveats=tuple(dict.fromkeys([*(one.note for one in checks if one.note), f"Standard: {FILE}, {dataset.kind}."])),
        defaults=tuple(resolver.defaults),
        query={"dataset": dataset.label},
        suggestions=(f"what changed in {dataset.label} since the version before?",),
    )


_ORDER = {NOT_MET: 0, NOT_ASSESSED: 1, MET: 2}


def _headline(checks: list[Check], label: str, kind: str) -> str:
    """The verdict, the checks by verdict, and for each that is not met what is lacking."""
    verdicts = Counter(one.verdict for one in checks)
    whole = f"{label} does not meet" if verdicts["not met"] else f"{label} meets" if (
        verdicts["met"] == len(checks)
    ) else f"{label} is not shown to meet"  # fmt: skip
    parts = [f"{verdicts[verdict]} {verdict}" for verdict in ("not met", "not assessed", "met") if verdicts[verdict]]
    lines = [f"**{whole} the standard for {kind} sets**: of {len(checks)} checks {', '.join(parts)}."]
    for one in checks:
        if one.verdict != "not met":
            continue
        if not one.lacking:
            lines.append(f"{one.name.capitalize()}: {one.actual}, target {one.target}.")
            continue
        more = len(one.lacking) - NAMED
        named = ", ".join(one.lacking[:NAMED]) + (f" and {more} more" if more > 0 else "")
        lines.append(f"{one.name.capitalize()}: {named}.")
    return "\n".join(lines)


CHECK_DATASET = ToolSpec(
    name="check_dataset",
    summary="A dataset against the dataset standard: target, actual and verdict of each check, and what is lacking.",
    topic="a dataset checked against the standard",
    arguments=CheckDataset,
    run=_check_dataset,
    examples=(
        Example("does golden 2026-10 meet our dataset standard?", {"dataset": "golden 2026-10"}),
        Example("check the golden set against the standard", {"dataset": "golden"}),
        Example("which checks of the data contract does train fail", {"dataset": "train"}),
        Example("is the gold data fit for use"),
        Example("standard check for evasion 2 pls", {"dataset": "evasion 2"}),
        Example("does our dataset comply with the standard"),
        Example("data quality report of golden 2026-07", {"dataset": "golden 2026-07"}),
        Example("validate the training set", {"dataset": "train"}),
        Example("quality measures of the evasion suite, target and actual", {"dataset": "evasion 2"}),
        Example("where does golden fall short of the standrad", {"dataset": "golden"}),
        Example("iso 5259 check of the dataset"),
        Example("run the dataset checks"),
        Example("what is still lacking in golden 2026-10 to meet the requirements", {"dataset": "golden 2026-10"}),
        Example("is train 2026-06 up to standard", {"dataset": "train 2026-06"}),
        Example("does the july gold satisfy the data standard", {"dataset": "golden 2026-07"}),
        Example("which cells miss the minimum support that the standard asks for"),
        Example("dataset acceptance criteria: met or not met?"),
        Example("is our test data compliant"),
        Example("is golden 2026-10 good enough by our own standard", {"dataset": "golden 2026-10"}),
        Example("dataset standard: pass or fail for train", {"dataset": "train"}),
        Example("does evasion 2 fulfil the requirements for datasets", {"dataset": "evasion 2"}),
        Example("audit the july golden set against the standard", {"dataset": "golden 2026-07"}),
        Example("how does train do on the standard checks", {"dataset": "train"}),
        Example("what does train lack by the standard", {"dataset": "train"}),
        Example("is evasion 2 compliant", {"dataset": "evasion 2"}),
        Example("standard checks over golden 2026-10", {"dataset": "golden 2026-10"}),
    ),
)  # fmt: skip
