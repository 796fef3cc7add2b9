"""`find_gaps`: where a model is weakest, the likely cause, and what to do about it; for a notebook as for a chat.

gaps = find_gaps(call, "bullying-text v7", "golden 2026-10")
gaps.findings[0].cause   # "robustness"
"""

from collections.abc import Mapping, Sequence

from tools.arguments import Arguments, DatasetName, Limit, ModelName, SliceFilters
from tools.errors import ToolError
from tools.gaps.actions import actions
from tools.gaps.answer import answer
from tools.gaps.causes import NOT_ESTABLISHED, Diagnosis, diagnose
from tools.gaps.facts import facts_of, origin
from tools.gaps.fields import NO_SLICE, Subject, fields_of, suite_runs
from tools.gaps.findings import Gap, as_it_is, search
from tools.gaps.ranking import Weights, factors, read_weights
from tools.gaps.report import Finding, Gaps, joined
from tools.gaps.thresholds import misplaced
from tools.resolution import Resolver
from tools.results import Result
from tools.slices import describe_filters
from tools.spec import Example, ToolSpec
from tools.workspace import Call


class FindGaps(Arguments):
    """Where a model version is weakest, why that is likely so, and what to do, with the evidence for each."""

    model: ModelName = None
    dataset: DatasetName = None
    filters: SliceFilters = {}  # noqa: RUF012  (pydantic copies it)
    limit: Limit = 5


def find_gaps(
    call: Call,
    model: str | None = None,
    dataset: str | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
) -> Gaps:
    """Every weak slice of a model on a set and on its suites, with likely causes, actions and factors.

    `filters` name a slice: that slice is looked at, and what is weaker still within it.

    Raises:
        ToolError: an unknown name, no run yet, or a slice without items.
    """
    return _report(Resolver(call), model, dataset, filters or {})


def _find_gaps(arguments: FindGaps, call: Call) -> Result:
    resolver = Resolver(call)
    gaps = _report(resolver, arguments.model, arguments.dataset, arguments.filters)
    return answer(gaps, arguments.limit, tuple(resolver.defaults))


def _report(resolver: Resolver, model: str | None, dataset: str | None, given: Mapping[str, Sequence[str]]) -> Gaps:
    call = resolver.call
    entry, held = resolver.model(model, given), resolver.dataset(dataset)
    filters = call.catalog.filters(given, held)
    if len(held.classes) > 2:
        raise ToolError(
            f"{held.label} has {len(held.classes)} classes; gaps are looked for in yes-or-no decisions only."
        )
    subject = Subject(call.workspace, call.catalog, entry, held, resolver.run(entry, held))
    fields = fields_of(subject, filters, suite_runs(subject))
    asked = {name: values for name, values in filters.items() if name not in NO_SLICE}
    here = any(field.decisions.n.any() for field in fields[:2])
    if not here or not any(field.decisions.count(field.decisions.codes.within(asked))[1] for field in fields):
        raise ToolError(f"No item of {held.label} with {describe_filters(filters)} belongs to {entry.label}.")
    found = search(fields)
    weights = read_weights(call.workspace.root)
    shown = [
        _finding(subject, gap, diagnose(facts_of(subject, gap)), weights)
        for gap in found.established
        if gap.concerns(asked)
    ]
    whole = misplaced(subject)
    if whole and not asked:
        shown.append(_finding(subject, whole.gap, diagnose(whole.facts), weights))
    looks = [
        _finding(subject, gap, Diagnosis((NOT_ESTABLISHED,), (), (), ()), weights)
        for gap in found.looks
        if gap.concerns(asked)
    ]
    shown = joined(sorted(shown, key=lambda finding: -finding.factors.order))
    named = any(finding.gap.filters == asked for finding in (*shown, *looks))
    return Gaps(
        subject,
        filters,
        (*shown, *looks),
        tuple(gap for gap in found.slight if gap.concerns(asked)),
        as_it_is(fields[0], asked) if asked and not named else None,
        found.tested,
        misplaced=whole is not None,
    )


def _finding(subject: Subject, gap: Gap, diagnosis: Diagnosis, weights: Weights) -> Finding:
    return Finding(
        gap,
        diagnosis,
        actions(subject, gap, diagnosis),
        factors(subject, gap, diagnosis.causes[0], weights),
        origin(subject, gap),
    )


FIND_GAPS = ToolSpec(
    name="find_gaps",
    summary="Where a model is weakest, the likely cause of each weak slice, and what to do about it, ranked.",
    topic="weakest slices, likely causes, what to do",
    arguments=FindGaps,
    run=_find_gaps,
    examples=(
        Example("where is v7 weakest and what should we do", {"model": "bullying-text v7"}),
        Example("what would help v7 with romanised hindi",
                {"model": "bullying-text v7", "filters": {"language": ["hi-Latn"]}}),
        Example("why is portuguese so bad", {"filters": {"language": ["pt"]}}),
        Example("biggest gaps of challenge-video", {"model": "challenge-video"}),
        Example("find the gaps in bullying-text prod and their causes", {"model": "bullying-text prod"}),
        Example("what should we fix first in v7?", {"model": "bullying-text v7"}),
        Example("gap analysis for the candidate on the october golden set",
                {"model": "candidate", "dataset": "golden 2026-10"}),
        Example("root cause of the misses in challenge-video v5-rc1", {"model": "challenge-video v5-rc1"}),
        Example("why does bullying-text v7 miss so much on profiles",
                {"model": "bullying-text v7", "filters": {"surface": ["profile"]}}),
        Example("top 3 weak spots of challenge-video v4 and how to fix them",
                {"model": "challenge-video v4", "limit": 3}),
        Example("waht are the weakest slices and whats the cause", {}),
        Example("which slices need more training data", {}),
        Example("is hindi a data problem or a labeling problem", {"filters": {"language": ["hi-Latn"]}}),
        Example("where do we lose recall and what is the action", {}),
        Example("what causes the false alarms on profiles in golden 2026-07",
                {"dataset": "golden 2026-07", "filters": {"surface": ["profile"]}}),
        Example("do we have drift in challenge-video v5-rc1, why are new items worse",
                {"model": "challenge-video v5-rc1", "filters": {"age": ["0-30d"]}}),
        Example("why is leetspeak missed", {"filters": {"technique": ["leetspeak"]}}),
        Example("priorities for the next bullying-text version", {"model": "bullying-text"}),
        Example("what explains the low recall in spanish", {"filters": {"language": ["es"]}}),
        Example("blind spots of bullying-text v6 on golden 2026-07",
                {"model": "bullying-text v6", "dataset": "golden 2026-07"}),
        Example("is live title tagalog really weak or just too few items",
                {"filters": {"language": ["tl"], "surface": ["live-title"]}}),
        Example("gaps pls", {}),
        Example("where does challenge-video v4 perform badly and what can be done", {"model": "challenge-video v4"}),
        Example("worst slices of v8-rc1 with likely causes", {"model": "bullying-text v8-rc1"}),
        Example("blind spots v7", {"model": "bullying-text v7"}),
        Example("what should we work on next for challenge-video", {"model": "challenge-video"}),
        Example("why is recall low in tagalog for v7", {"model": "bullying-text v7", "filters": {"language": ["tl"]}}),
        Example(
            "why does v4 fail on homoglyphs",
            {"model": "challenge-video v4", "filters": {"technique": ["homoglyph"]}},
        ),
        Example(
            "what are the weakest areas of v6 on the evasion suite",
            {"model": "bullying-text v6", "dataset": "evasion 2"},
        ),
        Example("main problems of bullying-text prod and their remedies", {"model": "bullying-text prod"}),
        Example("where would more data pay off the most"),
        Example("sort the failures of v5-rc1 by priority", {"model": "challenge-video v5-rc1"}),
        Example("what is behind the misses on live titles", {"filters": {"surface": ["live-title"]}}),
        Example("reasons for the poor results in japanese", {"filters": {"language": ["ja"]}}),
        Example("where does v7 fail", {"model": "bullying-text v7"}),
        Example("top 5 problems of challenge-video with actions", {"model": "challenge-video", "limit": 5}),
        Example("is the weakness in french caused by labels or by coverage", {"filters": {"language": ["fr"]}}),
        Example("how can we improve bullying-text prod", {"model": "bullying-text prod"}),
        Example("causes of the low precision on profiles", {"filters": {"surface": ["profile"]}}),
        Example("why so many false alarms in german", {"filters": {"language": ["de"]}}),
        Example("root causes for the misses of v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("what drives the fpr of challenge-video v4", {"model": "challenge-video v4"}),
        Example("which weaknesses of v7 should be fixed and how", {"model": "bullying-text v7"}),
        Example("where does challenge-video struggle", {"model": "challenge-video"}),
        Example("what makes v6 weak on evasion", {"model": "bullying-text v6", "dataset": "evasion 2"}),
        Example("weakest points of v5-rc1", {"model": "challenge-video v5-rc1"}),
    ),
)  # fmt: skip
