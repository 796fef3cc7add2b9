"""`label_agreement`: how far raters agree, with each other and with gold, and which figure is right to read."""

from collections.abc import Sequence
from typing import Any

from tools.arguments import Arguments, GroupBy, LabelSet, SliceFilters
from tools.catalog import Catalog, DatasetEntry, Filters, LabelSetEntry, either
from tools.errors import Refusal, ToolError
from tools.labels import lines
from tools.labels.slices import LabelSlice, RaterPair, load_label_slices, load_pairs
from tools.labels.tables import (
    COEFFICIENTS,
    coefficient_rows,
    lowest_line,
    main_coefficient,
    slice_columns,
    slice_rows,
)
from tools.resolution import Missing
from tools.results import Provenance, Result
from tools.slices import describe_filters
from tools.spec import Example, ToolSpec
from tools.stats.agreement import Agreement, agreement
from tools.stats.raters import Pair, cohen
from tools.stats.ratings import unanimous
from tools.workspace import Call

IMPORT = "steward import labels FILE --item COL --rater-columns A,B --gold COL --slices A,B"
_PEOPLE = {
    "rater",
    "raters",
    "annotator",
    "annotators",
    "labeler",
    "labelers",
    "labeller",
    "person",
    "people",
    "reviewer",
}


class LabelAgreement(Arguments):
    """Agreement of raters: percent agreement, kappa, alpha, AC1, against gold, judge against people, by slice."""

    labels: LabelSet = None
    filters: SliceFilters = {}  # noqa: RUF012  (pydantic copies it)
    group_by: GroupBy = []  # noqa: RUF012


def _label_agreement(arguments: LabelAgreement, call: Call) -> Result:
    entry, default = _label_set(arguments.labels, call.catalog)
    filters, group_by = _dimensions(arguments, entry, call.catalog)
    where = f" on {describe_filters(filters)}" if filters else ""
    engine = call.workspace.engine
    whole = load_label_slices(engine, entry, filters, [])
    if not whole:
        raise ToolError(f"{entry.label} has no labelled item with {describe_filters(filters)}.")
    slice_ = whole[0]
    pairs = [] if group_by and len(_people(entry)) > 2 else load_pairs(engine, entry, filters)
    found, pair = agreement(slice_.ratings, ordinal=entry.ordinal), _pair(pairs, entry)
    if group_by:
        rows = slice_rows(load_label_slices(engine, entry, filters, group_by), entry)
        more = [lowest_line(rows, group_by), *lines.gold_lines(slice_, entry)]
        columns = slice_columns(group_by, entry, rows)
    else:
        rows = coefficient_rows(found, pair, entry)
        more = [lines.rare_line(slice_, found, entry), *lines.gold_lines(slice_, entry)]
        more += [lines.spread_line(pairs, entry), lines.vendor_line(pairs, slice_, entry)]
        columns = COEFFICIENTS if rows else ()
    text = [*_first(slice_, found, pair, entry, where), *lines.judge_lines(slice_, found, entry), *more]
    return Result(
        tool="label_agreement",
        headline="\n".join(line for line in text if line),
        columns=columns,
        rows=tuple(rows),
        provenance=(_provenance(entry, call.catalog),),
        caveats=tuple(_caveats(found, pair, entry, rows if group_by else [])),
        defaults=(default,) if default else (),
        query={"labels": entry.label, "filters": filters, "group_by": group_by},
        suggestions=_suggestions(entry, group_by),
    )


def _first(slice_: LabelSlice, found: Agreement, pair: Pair | None, entry: LabelSetEntry, where: str) -> list[str]:
    """What stands first: the figures to read, or that there are too few items for any."""
    if found.items >= lines.FLOOR:
        return lines.first_lines(slice_, found, pair, entry, where)
    if not found.items and entry.traits.get("judge"):
        return []  # one person and a judge: their agreement is the answer
    if not found.items:
        return [f"**Not assessed: no item of {entry.label} has labels of two raters{where}.**"]
    agreed = unanimous(slice_.ratings)
    return [
        f"**Not assessed: {found.items} items with two raters are too few{where}** (even {lines.FLOOR} items are noise"
        f" for a coefficient). All agree on {lines.share(agreed, 'items')}."
    ]


def _pair(pairs: Sequence[RaterPair], entry: LabelSetEntry) -> Pair | None:
    """Cohen's kappa where there are exactly two people."""
    found = next((pair for pair in pairs if {pair.rater_a, pair.rater_b} == _people(entry)), None)
    return cohen(found.table, weights="quadratic" if entry.ordinal else "none") if found else None


def _label_set(text: str | None, catalog: Catalog) -> tuple[LabelSetEntry, str | None]:
    """The label set meant: the one named, by its own name or by its dataset's; else the only one; else ask."""
    if not catalog.label_sets:
        raise ToolError(f"No rater labels are registered yet. An operator imports them with: {IMPORT}")
    names = tuple(entry.label for entry in catalog.label_sets)
    if text:
        try:
            entry = catalog.label_set(text)
        except ToolError:
            found = _of_dataset(text, catalog)
            if found is None:
                raise
            entry = found
        return entry, None if entry.version.lower() in text.lower() else entry.label
    if len({entry.name for entry in catalog.label_sets}) > 1:
        raise Missing(f"Which rater labels do you mean: {either(names)}?", what="labels", nearest=names)
    newest = max(catalog.label_sets, key=lambda entry: (entry.as_of, entry.version))
    return newest, newest.label


def _of_dataset(text: str, catalog: Catalog) -> LabelSetEntry | None:
    """The newest labels of the dataset that a text names."""
    try:
        dataset = catalog.dataset(text)
    except ToolError:
        return None
    found = [entry for entry in catalog.label_sets if entry.dataset_id == dataset.id]
    return max(found, key=lambda entry: entry.as_of, default=None)


def _dimensions(arguments: LabelAgreement, entry: LabelSetEntry, catalog: Catalog) -> tuple[Filters, list[str]]:
    """Filters and grouping by the label set's own dimensions; by rater is refused (R9)."""
    asked = [*arguments.filters, *arguments.group_by]
    if any(name.strip().lower() in _PEOPLE for name in asked):
        raise Refusal(
            "How single raters do goes to that rater, their mentor and lead, not into an answer here (R9). I can give"
            " agreement by slice, and the spread between raters without names.",
            rule="R9",
        )
    # The catalogue resolves the dimensions of a dataset; a label set has the two fields that this needs.
    stand_in = DatasetEntry(
        entry.id, entry.name, entry.version, "labels", "", "", entry.rows, (), entry.dimensions, "", "", entry.as_of, {}
    )
    filters = catalog.filters(arguments.filters, stand_in)
    return filters, [catalog.dimension(name, stand_in) for name in dict.fromkeys(arguments.group_by)]


def _people(entry: LabelSetEntry) -> set[str]:
    """The raters that are no judge."""
    return {name for name in entry.raters if name != entry.traits.get("judge")}


def _caveats(found: Agreement, pair: Pair | None, entry: LabelSetEntry, rows: list[dict[str, Any]]) -> list[str]:
    assessed = found.items >= lines.FLOOR
    wide = lines.wide_line(found, *main_coefficient(found, pair, entry)) if assessed else ""
    caveats = [line for line in (wide, lines.chance_line(found)) if line]
    if assessed and not rows and not lines.chance_line(found):
        caveats.append(
            "No label holds over 90 % here, so kappa and alpha may be read. Where one does they collapse though people"
            " agree: read agreement and AC1 there."
        )
    if found.lone:
        caveats.append(f"{found.lone:,} item(s) with one rater only say nothing of agreement and are left out.")
    small = [row["slice"] for row in rows if not row["assessed"]]
    if small:
        caveats.append(f"Not assessed, under {lines.FLOOR} items with two raters: {', '.join(small)}.")
    alone = [row["slice"] for row in rows if row["assessed"] and row["one_class"]]
    if alone:
        some = ", ".join(alone) if len(alone) <= 6 else f"{len(alone)} of {len(rows)} slices"
        caveats.append(
            f"No alpha where one label has over 90 % or chance agreement is over .8, it collapses there while people"
            f" agree: {some}. Read agreement and {lines.ac_title(entry).split()[-1]}."
        )
    if len(rows) > 5:
        caveats.append(f"Intervals are not adjusted for the {len(rows)} slices: one in twenty misses by chance.")
    if entry.traits.get("enriched"):
        caveats.append("These items are enriched: agreement on live traffic, with fewer positives, is another.")
    return caveats


def _provenance(entry: LabelSetEntry, catalog: Catalog) -> Provenance:
    of = next((dataset for dataset in catalog.datasets if dataset.id == entry.dataset_id), None)
    gold = entry.traits.get("gold_version") or (of.gold_version if of and entry.has_gold else None)
    return Provenance(
        dataset=f"{entry.label} of {of.label}" if of else entry.label,
        gold_version=gold,
        guideline_version=entry.guideline_version,
        as_of=entry.as_of.isoformat(),
    )


def _suggestions(entry: LabelSetEntry, group_by: list[str]) -> tuple[str, ...]:
    others = [name for name in entry.dimensions if name not in group_by]
    return tuple(f"rater agreement by {name}" for name in others[:2])


LABEL_AGREEMENT = ToolSpec(
    name="label_agreement",
    summary="How far raters agree with each other, with gold, or a judge with people: agreement, kappa, alpha, AC1.",
    topic="label quality: agreement of raters, against gold, by slice",
    arguments=LabelAgreement,
    run=_label_agreement,
    examples=(
        Example("how well do our raters agree?"),
        Example("kappa is .12 but everyone agrees 96 %, which one is right"),
        Example("inter-annotator agreement by language", {"group_by": ["language"]}),
        Example("krippendorff alpha of raters 2026-09", {"labels": "raters 2026-09"}),
        Example("do the annotators agree with gold", {}),
        Example("which labels get confused most by the labelers", {}),
        Example("rater agreement on hindi", {"filters": {"language": ["hi-Latn"]}}),
        Example("is the llm judge as good as people", {}),
        Example("how often does the judge agree with the raters on spanish comments",
                {"filters": {"language": ["es"], "surface": ["comment"]}}),
        Example("percent agrement per surface", {"group_by": ["surface"]}),
        Example("cohens kappa pls"),
        Example("where do annotators disagree the most, by policy", {"group_by": ["policy"]}),
        Example("are the labels good enough for bullying, what's the agreement",
                {"filters": {"policy": ["bullying"]}}),
        Example("why is alpha negative when they nearly always say the same"),
        Example("gwet ac1 for the september raters", {"labels": "raters 2026-09"}),
        Example("label quality by policy and language", {"group_by": ["policy", "language"]}),
        Example("did the vendors label consistently", {"group_by": ["source"]}),
        Example("agreement between raters on live titles in portuguese",
                {"filters": {"language": ["pt"], "surface": ["live-title"]}}),
        Example("share of items where the majority differs from the gold label"),
        Example("how reliable are the human labels in raters 2026-09", {"labels": "raters 2026-09"}),
        Example("can we trust the pre-labels against our people"),
        Example("iaa?"),
        Example("fleiss kappa by language and surface", {"group_by": ["language", "surface"]}),
        Example("on the rare class, how often do all annotators agree"),
        Example("kappa of the raters on bullying", {"filters": {"policy": ["bullying"]}}),
        Example("raters vs gold by language", {"group_by": ["language"]}),
        Example("how often do labelers and gold differ on captions", {"filters": {"surface": ["caption"]}}),
        Example("kappa is low although agreement is high, why"),
        Example("rater agreement by source", {"group_by": ["source"]}),
        Example("percent agreement on french items", {"filters": {"language": ["fr"]}}),
        Example("which labels do raters mix up"),
        Example("quality of the labels in german", {"filters": {"language": ["de"]}}),
        Example("is a low kappa a problem when 95 % agree"),
        Example("rater disagreement per policy", {"group_by": ["policy"]}),
        Example("label noise in tagalog", {"filters": {"language": ["tl"]}}),
        Example("alpha is negative although nearly all labels are the same"),
        Example("iaa by policy", {"group_by": ["policy"]}),
        Example("share of items with full agreement"),
        Example("how far are raters from gold in spanish", {"filters": {"language": ["es"]}}),
        Example("can the raters be trusted on comments", {"filters": {"surface": ["comment"]}}),
    ),
)  # fmt: skip
