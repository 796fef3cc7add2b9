"""Changes between two sets of items as a table: what drifted by dimension, or what was relabelled by slice."""

from typing import Any

from tools.datasets.change_words import BINARY, index
from tools.datasets.changes import Changes, SliceChange
from tools.datasets.compositions import Composition
from tools.datasets.sides import Sides
from tools.results import Column
from tools.stats.formats import count, rate

Rows = tuple[dict[str, Any], ...]


def change_table(changed: Changes, found: Sides, group_by: list[str]) -> tuple[tuple[Column, ...], Rows]:
    """Columns and rows; without a grouping a row for each dimension, the largest change first."""
    if not group_by:
        rows = tuple(_dimension(one) for one in changed.compositions)
        return (_DIMENSION if rows else ()), rows
    binary = found.after.entry.classes == BINARY
    if any(one.members and one.members.shared for one in changed.slices):
        ordered = sorted(changed.slices, key=lambda one: (-_relabelled(one), -one.after, one.name))
        return _member_columns(group_by, binary=binary), tuple(_members(one) for one in ordered)
    ordered = sorted(changed.slices, key=lambda one: (-abs(_shift(one, changed)), one.name))
    rows = tuple(_members(one) | _shares(one, changed) for one in ordered)
    prevalence = [Column(key="prevalence_before", label="prevalence", unit="change", other="prevalence_after")]
    return (
        Column(key="slice", label=" × ".join(group_by)),
        Column(key="items", label="items"),
        Column(key="share_before", label="share", unit="change", other="share_after"),
        *(prevalence if binary and found.before.entry.classes == BINARY else []),
    ), rows


_DIMENSION = (
    Column(key="dimension", label="dimension"),
    Column(key="psi_said", label="PSI"),
    Column(key="chance_said", label="chance"),
    Column(key="js", label="JS", unit="rate"),
    Column(key="p", label="p", unit="p"),
    Column(key="moved", label="moved most"),
)


_TURNED = (("up", "positive"), ("down", "negative"))


def _member_columns(group_by: list[str], *, binary: bool) -> tuple[Column, ...]:
    turned = [Column(key=key, label=f"to {label}", unit="count") for key, label in _TURNED]
    return (
        Column(key="slice", label=" × ".join(group_by)),
        Column(key="relabelled", label="relabelled", unit="share", other="shared"),
        *(turned if binary else [Column(key="mostly", label="mostly")]),
        Column(key="added", label="added", unit="count"),
        Column(key="removed", label="removed", unit="count"),
    )


def _dimension(one: Composition) -> dict[str, Any]:
    row: dict[str, Any] = {
        "dimension": one.name,
        "n_before": sum(one.before),
        "n_after": sum(one.after),
        "verdict": one.verdict,
        "psi": None, "psi_said": "–", "chance": None, "ceiling": None, "chance_said": "–", "js": None, "p": one.p,
        "moved": "not assessed",
    }  # fmt: skip
    if found := one.found:
        old, new = one.shares(found.moved)
        row |= {
            "psi": found.psi,
            "psi_said": index(found.psi),
            "chance": found.chance,
            "ceiling": found.ceiling,
            "chance_said": f"<{index(found.ceiling).lstrip('<')}" if found.ceiling else "–",
            "js": found.js,
            "moved": f"{one.values[found.moved]} {rate(old)} → {rate(new)}",
            "value": one.values[found.moved],
            "share_before": old,
            "share_after": new,
        }
    return row


def _members(one: SliceChange) -> dict[str, Any]:
    row: dict[str, Any] = {
        "slice": one.name,
        "before": one.before,
        "after": one.after,
        "items": f"{count(one.before)} → {count(one.after)}",
        "shared": None, "added": None, "removed": None, "relabelled": None, "up": None, "down": None, "mostly": None,
    }  # fmt: skip
    if one.members:
        told = one.members.relabelled
        row |= {"shared": one.members.shared, "added": one.members.added, "removed": one.members.removed}
        if told:
            row |= {"relabelled": told.changed, "up": told.into("1"), "down": told.into("0")}
            row["mostly"] = " → ".join(told.changes[0][:2]) if told.changes else None
    return row


def _shares(one: SliceChange, changed: Changes) -> dict[str, Any]:
    return {
        "share_before": one.before / changed.before,
        "share_after": one.after / changed.after,
        "prevalence_before": one.positives_before / one.before if one.before else None,
        "prevalence_after": one.positives_after / one.after if one.after else None,
    }


def _shift(one: SliceChange, changed: Changes) -> float:
    return one.after / changed.after - one.before / changed.before


def _relabelled(one: SliceChange) -> int:
    return one.members.relabelled.changed if one.members and one.members.relabelled else 0
