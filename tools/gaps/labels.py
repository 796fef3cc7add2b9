"""Gap labels: what raters say of a weak slice: whether they agree with each other, with gold, and who does not."""

from dataclasses import dataclass

from tools.catalog import Filters, LabelSetEntry
from tools.gaps.causes import ENOUGH_LABELS, POINTS, Fact
from tools.gaps.fields import Subject
from tools.gaps.findings import Gap
from tools.gaps.words import share
from tools.labels.slices import GOLD, LabelSlice, load_label_slices, load_pairs
from tools.results import Provenance
from tools.stats.formats import count
from tools.stats.proportions import contrast, proportion
from tools.stats.ratings import Share, majorities, unanimous


@dataclass(frozen=True)
class _Said:
    """What raters said of some cases: pairs of labels that agree, cases where all agree, majorities that are gold."""

    pairs: Share
    agreed: Share
    right: Share

    def without(self, part: "_Said") -> "_Said":
        """The same of the other cases."""
        return _Said(
            _minus(self.pairs, part.pairs), _minus(self.agreed, part.agreed), _minus(self.right, part.right)
        )  # fmt: skip


def label_facts(subject: Subject, gap: Gap) -> list[Fact]:
    """Whether raters disagree in the slice, whether they agree on what gold denies, and whether one vendor does."""
    entry = _entry(subject, gap.filters)
    if entry is None:
        missing = "no rater labels are stored for this slice"
        return [Fact("raters_disagree", None, missing), Fact("gold_disputed", None, missing)]
    scope: Filters = {"policy": [subject.model.policy]} if "policy" in entry.dimensions else {}
    whole, part = (_said(subject, entry, scope | more) for more in ({}, gap.filters))
    if part is None or whole is None or part.agreed.n < ENOUGH_LABELS or whole.agreed.n - part.agreed.n < ENOUGH_LABELS:
        few = f"{entry.label} has {count(part.agreed.n if part else 0)} cases of it, under {ENOUGH_LABELS}"
        return [Fact("raters_disagree", None, few), Fact("gold_disputed", None, few)]
    rest = whole.without(part)
    disagree = _disagree(subject, entry, part, rest)
    facts = [disagree, _disputed(subject, entry, part, rest)]
    return [*facts, _vendor(subject, entry, scope, gap.filters)] if disagree.holds else facts


def _entry(subject: Subject, where: Filters) -> LabelSetEntry | None:
    """The label set that knows the slice: one of this very dataset before others, newer before older."""
    names = {entry.id: entry.name for entry in subject.catalog.datasets}
    known = [
        entry
        for entry in subject.catalog.label_sets
        if where and all(set(values) <= set(entry.dimensions.get(name, ())) for name, values in where.items())
        and subject.model.policy in entry.dimensions.get("policy", [subject.model.policy])
    ]  # fmt: skip
    near = [entry for entry in known if names.get(entry.dataset_id or "", "") in ("", subject.dataset.name)]
    return max(near, key=lambda entry: (entry.dataset_id == subject.dataset.id, entry.as_of), default=None)


def _said(subject: Subject, entry: LabelSetEntry, filters: Filters) -> _Said | None:
    found = load_label_slices(subject.workspace.engine, entry, filters, [])
    if not found:
        return None
    right = majorities(found[0].by_gold).right if found[0].by_gold else Share(0, 0)
    return _Said(_pairs(found[0]), unanimous(found[0].ratings), right)


def _pairs(part: LabelSlice) -> Share:
    ratings = part.ratings.pairable
    counts, raters = ratings.counts, ratings.raters
    agree, total = (counts * (counts - 1)).sum(axis=1) // 2, raters * (raters - 1) // 2
    return Share(int(ratings.items @ agree), int(ratings.items @ total))


def _disagree(subject: Subject, entry: LabelSetEntry, part: _Said, rest: _Said) -> Fact:
    """Agreement ten points lower than elsewhere, and the cases without dissent fewer beyond chance."""
    lower = rest.pairs.k / rest.pairs.n - part.pairs.k / part.pairs.n
    shown = contrast(proportion(rest.agreed.k, rest.agreed.n), proportion(part.agreed.k, part.agreed.n)).low > 0
    here, elsewhere = (share(said.pairs.k, said.pairs.n) for said in (part, rest))
    here, elsewhere = (share(said.pairs.k, said.pairs.n) for said in (part, rest))
    text = f"pairs of raters agree on {here}, elsewhere on {elsewhere}"
    holds = lower >= POINTS and shown
    brief = f"raters agree on {here}" if holds else f"agreement is fine, {here}"
    return Fact("raters_disagree", holds, text, (source(subject, entry),), brief)


def _disputed(subject: Subject, entry: LabelSetEntry, part: _Said, rest: _Said) -> Fact:
    """The majority is not the gold label, ten points more often than elsewhere."""
    if entry.dataset_id != subject.dataset.id or not part.right.n or not rest.right.n:
        text = f"raters were not compared with gold {subject.dataset.gold_version}"
        return Fact("gold_disputed", None, text, (source(subject, entry),))
    found = contrast(proportion(rest.right.k, rest.right.n), proportion(part.right.k, part.right.n))
    text = (
        f"most raters say what gold {subject.dataset.gold_version} says on {share(part.right.k, part.right.n)},"
        f" elsewhere on {share(rest.right.k, rest.right.n)}"
    )
    holds = found.difference >= POINTS and found.low > 0
    brief = f"most raters agree with gold {subject.dataset.gold_version} on {share(part.right.k, part.right.n)} only"
    return Fact("gold_disputed", holds, text, (source(subject, entry),), brief if holds else "")


def _vendor(subject: Subject, entry: LabelSetEntry, scope: Filters, where: Filters) -> Fact:
    """Whether one vendor's labels differ from gold here, unlike the others' and its own elsewhere.

    Vendors of one rater are left out: their figure would be a person's (R9).
    """
    vendors: dict[str, str] = dict(entry.traits.get("vendors") or {})
    several = {name for name in vendors.values() if list(vendors.values()).count(name) > 1}
    whole, part = (_against_gold(subject, entry, scope | more, vendors) for more in ({}, where))
    sources = (source(subject, entry),)
    looked = False
    for name in sorted(several & part.keys()):
        mine, elsewhere = part[name], _minus(whole[name], part[name])
        others = Share(*(sum(getattr(of, key) for other, of in part.items() if other != name) for key in ("k", "n")))
        if min(mine.n, others.n, elsewhere.n) < ENOUGH_LABELS:
            continue
        looked = True
        against = [contrast(proportion(mine.k, mine.n), proportion(of.k, of.n)) for of in (others, elsewhere)]
        if all(found.difference >= POINTS and found.low > 0 for found in against):
            text = (
                f"labels of {name} differ from gold on {share(mine.k, mine.n)}, other vendors' on"
                f" {share(others.k, others.n)}, {name}'s elsewhere on {share(elsewhere.k, elsewhere.n)}"
            )
            here, there = share(mine.k, mine.n), share(others.k, others.n)
            brief = f"labels of {name} differ from gold on {here}, others' on {there}"
            return Fact("vendor_off", True, text, sources, brief)
    text = "no vendor differs from gold alone" if looked else f"{entry.label} does not say which vendor it is"
    return Fact("vendor_off", False if looked else None, text, sources)


def _against_gold(
    subject: Subject, entry: LabelSetEntry, filters: Filters, vendors: dict[str, str]
) -> dict[str, Share]:
    """By vendor: labels that are not the gold label, of all that have one."""
    found: dict[str, Share] = {}
    for pair in load_pairs(subject.workspace.engine, entry, filters):
        if pair.rater_b == GOLD and pair.rater_a in vendors:
            agreed, n = pair.agreed
            before = found.get(vendors[pair.rater_a], Share(0, 0))
            found[vendors[pair.rater_a]] = Share(before.k + n - agreed, before.n + n)
    return found


def _minus(whole: Share, part: Share) -> Share:
    return Share(whole.k - part.k, whole.n - part.n)


def source(subject: Subject, entry: LabelSetEntry) -> Provenance:
    """Where figures of rater labels come from (R14)."""
    gold = entry.traits.get("gold_version")
    if gold is None and entry.has_gold:
        gold = next((of.gold_version for of in subject.catalog.datasets if of.id == entry.dataset_id), None)
    return Provenance(
        dataset=entry.label,
        gold_version=gold,
        guideline_version=entry.guideline_version,
        as_of=entry.as_of.isoformat(),
    )
