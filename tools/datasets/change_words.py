"""Changes between two sets of items in words: the headline of a comparison, and the doubts beside it."""

from tools.catalog import DatasetEntry
from tools.datasets.changes import Changes, Members, Prevalence
from tools.datasets.compositions import FLOOR, NO_CHANGE, NOT_ASSESSED, Composition
from tools.datasets.item_differences import CLUSTER, NEAR_DUPLICATE
from tools.datasets.relabelling import Relabelled
from tools.datasets.sides import Sides
from tools.slices import describe_filters
from tools.stats.formats import count, interval, p_value, rate, signed
from tools.stats.intervals import Z, wilson

BINARY = ("0", "1")
TRANSITIONS = 3  # changes of class that are named; the rest is counted


def headline(changed: Changes, found: Sides) -> str:
    """Members first, then labels, prevalence and composition; every number with what it is of."""
    lines = [_members(changed, found)]
    if changed.members and changed.members.shared and changed.members.relabelled:
        lines.append(_labels(changed.members, found))
    if changed.place:
        at, total = changed.place, changed.members.relabelled if changed.members else None
        rest = (total.changed - at.changed, total.shared - at.shared) if total else (0, 0)
        where = describe_filters({name: [value] for name, value in at.values.items()})
        lines.append(
            f"Densest in {where}: {count(at.changed)} of {count(at.shared)};"
            f" elsewhere {count(rest[0])} of {count(rest[1])}."
        )
    if changed.prevalence:
        lines.append(_prevalence(changed.prevalence))
    lines.append(_composition(changed))
    return "\n".join(lines)


def caveats(changed: Changes, found: Sides, dimensions: list[str]) -> list[str]:
    """What the numbers do not say."""
    before, after = found.before.entry, found.after.entry
    members = changed.members
    told = members.relabelled if members else None
    lines = []
    if members and members.shared and before.gold_version != after.gold_version and "train" not in _kinds(found):
        lines.append(
            f"Gold {before.gold_version} and gold {after.gold_version} judge differently: a model's figures on the two"
            " sets are not comparable, except on shared items whose label stayed."
        )
    if told and told.changed and before.gold_version == after.gold_version and before.guideline_version == (
        after.guideline_version
    ):  # fmt: skip
        lines.append(f"Both sets say gold {before.gold_version}, yet labels differ: what changed them is not recorded.")
    if members and told is None and members.shared:
        lines.append("Labels are not compared: the two sets have no vocabulary in common.")
    if members and not members.shared:
        lines.append("Items are told by id: one that was given another id is not recognised.")
    if "train" in _kinds(found) and changed.join and changed.join.overlap(NEAR_DUPLICATE) is None:
        lines.append(f"Near duplicates not assessed: {_lacking(found)}.")
    for name, n in changed.moved.items():
        shared = members.shared if members else 0
        lines.append(f"{count(n)} of the {count(shared)} shared items have another {name} now.")
    small = [one.name for one in changed.compositions if one.verdict == NOT_ASSESSED]
    if small:
        lines.append(f"Not assessed, under {FLOOR} items on one side: {', '.join(small)}.")
    lonely = sorted({*before.dimensions, *after.dimensions} - set(dimensions))
    if lonely:
        lines.append(f"Not compared, in one set only: {', '.join(lonely)}.")
    if max(found.inflation) > 1:
        clustered = [entry.label for entry, times in zip((before, after), found.inflation, strict=True) if times > 1]
        lines.append(
            f"Items of {' and '.join(clustered)} come in clusters; tests and intervals count a cluster as one item."
        )
    if any(one.found for one in changed.compositions):
        lines.append(_method(changed))
    return lines


def index(value: float) -> str:
    """A stability index: as a rate below one, which it may exceed."""
    return rate(value) if value < 0.9995 else f"{value:.2f}"


def _members(changed: Changes, found: Sides) -> str:
    before, after = found.before.name, found.after.name
    where = f" with {describe_filters(found.filters)}" if found.filters else ""
    sizes = f"{count(changed.before)} and {count(changed.after)} items{where}"
    if found.periods:
        return f"**{before} against {found.after.filters[found.periods][0]}: {sizes}.**"
    members = changed.members
    if members is None:
        unknown = " and ".join(side.name for side in (found.before, found.after) if not side.entry.path)
        return (
            f"**{before} against {after}: {sizes}.** Of {unknown} only counts are known, so which items are in both,"
            " added, removed or relabelled is not assessed."
        )
    if found.before.entry.kind == "train" and found.after.entry.kind != "train":
        return _leak(changed, members, found, where)
    if not members.shared:
        return f"**{before} → {after}{where}: no item in both** ({sizes})."
    return (
        f"**{before} → {after}{where}: {count(members.shared)} items in both, {count(members.added)} added,"
        f" {count(members.removed)} removed.**"
    )


def _leak(changed: Changes, members: Members, found: Sides, where: str) -> str:
    train, held = found.before.name, found.after.name
    if members.shared:
        share = f"{rate(members.shared / changed.after)}, counted by id"
        text = f"**{count(members.shared)} of {count(changed.after)} items of {held}{where} are in {train}** ({share})."
    else:
        text = f"**No item of {held}{where} is in {train}** (none of {count(changed.after)} ids)."
    for column, what in ((NEAR_DUPLICATE, "near-duplicate group"), (CLUSTER, "cluster")):
        overlap = changed.join.overlap(column) if changed.join else None
        if overlap:
            n = found.after.entry.rows
            text += f" {_or_none(overlap.after)} of {count(n)} items of {held} share a {what} with {train}."
    return text


def _labels(members: Members, found: Sides) -> str:
    told = members.relabelled
    assert told is not None
    before, after = found.before.entry, found.after.entry
    under = f"{_versions('gold', before.gold_version, after.gold_version)}, " + _versions(
        "guideline", before.guideline_version, after.guideline_version
    )
    if not told.changed:
        return f"No shared item carries another label (none of {count(told.shared)}; {under})."
    low, high = wilson(told.changed, told.shared, Z * found.after.inflation**0.5)
    share = "all of them" if told.changed == told.shared else rate(told.changed / told.shared)
    return (
        f"**{count(told.changed)} of {count(told.shared)} shared items carry another label** ({share}, 95 %"
        f" {interval(low, high)}): {_transitions(told, after)}; {under}."
    )


def _transitions(told: Relabelled, after: DatasetEntry) -> str:
    if after.classes == BINARY:
        up, down = told.into("1"), told.into("0")
        return f"{_or_none(up)} became positive, {_or_none(down)} negative"
    named = [f"{old} → {new} {count(n)}" for old, new, n in told.changes[:TRANSITIONS]]
    rest = sum(n for _, _, n in told.changes[TRANSITIONS:])
    return ", ".join([*named, *([f"others {count(rest)}"] if rest else [])])


def _prevalence(found: Prevalence) -> str:
    (k, n), (other_k, other_n) = found.before, found.after
    if min(n, other_n) < FLOOR:
        return f"Prevalence {k} of {n} → {other_k} of {other_n}: not assessed, under {FLOOR} items."
    verdict = NO_CHANGE if found.low <= 0 <= found.high else "higher" if found.difference > 0 else "lower"
    return (
        f"Prevalence {_share(k, n)} → {_share(other_k, other_n)}: {signed(found.difference)}"
        f" (95 % {signed(found.low)} to {signed(found.high)}), {verdict}."
    )


def _composition(changed: Changes) -> str:
    if changed.crossing and changed.crossing.found:
        return f"Composition by {changed.crossing.name}: {_drift(changed.crossing)}."
    moved = [one for one in changed.compositions if one.verdict not in (NO_CHANGE, NOT_ASSESSED)]
    still = sum(one.verdict == NO_CHANGE for one in changed.compositions)
    same = f"no change shown in {still} dimension{'' if still == 1 else 's'}"
    if not moved:
        return f"Composition: {same if still else 'not assessed'}."
    named = [f"{one.name} (PSI {index(one.found.psi)}, {one.verdict})" for one in moved if one.found]
    return f"Composition: {', '.join(named)}" + (f"; {same}." if still else ".")


def _drift(one: Composition) -> str:
    found = one.found
    assert found is not None
    adjusted = "" if one.p is None else f", p {p_value(one.p)}"
    return (
        f"PSI {index(found.psi)} (95 % of pairs by chance under {index(found.ceiling)}), JS distance {rate(found.js)}"
        f"{adjusted}: {one.verdict}"
    )


def _method(changed: Changes) -> str:
    tests = sum(one.found is not None for one in changed.compositions)
    dealt = [one.name for one in changed.compositions if one.found and one.found.simulated]
    how = f"; small counts, so items were dealt out at random instead: {', '.join(dealt)}" if dealt else ""
    return (
        "PSI: natural logarithm, counts plus one half; chance: what 95 % of random pairs of these sizes stay under. JS:"
        f" distance, base 2. p: chi-square, adjusted for {tests} dimension{'' if tests == 1 else 's'}"
        f" (Benjamini-Hochberg){how}."
    )


def _lacking(found: Sides) -> str:
    sides = (found.before.entry, found.after.entry)
    names = [entry.label for entry in sides if not entry.traits.get("near_duplicates")]
    if not names:
        return "the groups of the two sets were hashed with different keys"
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} without near-duplicate groups"


def _versions(word: str, before: str, after: str) -> str:
    return f"{word} {before}" if before == after else f"{word} {before} → {after}"


def _kinds(found: Sides) -> set[str]:
    return {found.before.entry.kind, found.after.entry.kind}


def _share(k: int, n: int) -> str:
    """`0.145 (912/6,288)`; all or nothing is said in counts (R18)."""
    return f"{count(k)} of {count(n)}" if k in (0, n) else f"{rate(k / n)} ({count(k)}/{count(n)})"


def _or_none(n: int) -> str:
    return count(n) if n else "none"
