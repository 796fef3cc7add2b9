"""The tables of an answer about agreement: all coefficients of the whole, or a row a slice."""

from typing import Any

from tools.catalog import LabelSetEntry
from tools.labels import lines
from tools.labels.slices import LabelSlice
from tools.results import Column
from tools.stats.agreement import Agreement, Coefficient, agreement
from tools.stats.raters import Pair, misaligned
from tools.stats.ratings import majorities, unanimous

COEFFICIENTS = (
    Column(key="measure", label="measure"),
    Column(key="value", label="value", unit="rate"),
    Column(key="low", label="95 %", unit="interval", other="high"),
)


def main_coefficient(found: Agreement, pair: Pair | None, entry: LabelSetEntry) -> tuple[str, Coefficient]:
    """The coefficient to read beside percent agreement."""
    if found.one_class:
        return lines.ac_title(entry), found.ac
    return (lines.kappa_title(entry), pair.kappa) if pair else (lines.alpha_title(entry), found.alpha)


def coefficient_rows(found: Agreement, pair: Pair | None, entry: LabelSetEntry) -> list[dict[str, Any]]:
    """The table of all coefficients, the one to read first on top; none below the floor."""
    if found.items < lines.FLOOR:
        return []
    chance_corrected = [
        (lines.kappa_title(entry), pair.kappa) if pair else ("Fleiss' kappa", found.fleiss),
        (lines.alpha_title(entry), found.alpha),
    ]
    if not pair:
        chance_corrected.reverse()
    ac = [(lines.ac_title(entry), found.ac)]
    ordered = ac + chance_corrected if found.one_class else chance_corrected + ac
    every = [("percent agreement", found.percent), *ordered, ("agreement by chance", Coefficient(found.chance))]
    return [{"measure": name, "value": one.value, "low": one.low, "high": one.high} for name, one in every]


def slice_rows(slices: list[LabelSlice], entry: LabelSetEntry) -> list[dict[str, Any]]:
    """A row a slice, the lowest agreement first; what is not assessed comes last."""
    rows = [_row(slice_, entry) for slice_ in slices if slice_.ratings.n]
    return sorted(rows, key=lambda row: (not row["assessed"], row["agreement"] if row["assessed"] else 0, row["slice"]))


def _row(slice_: LabelSlice, entry: LabelSetEntry) -> dict[str, Any]:
    found = agreement(slice_.ratings, ordinal=entry.ordinal)
    agreed = unanimous(slice_.ratings)
    assessed = found.items >= lines.FLOOR
    row: dict[str, Any] = {
        "slice": slice_.name, "items": found.items, "assessed": assessed, "all_agree": agreed.k,
        "agreement": found.percent.value, "low": found.percent.low, "high": found.percent.high,
        "ac": found.ac.value if assessed else None,
        "alpha": found.alpha.value if assessed and not found.one_class else None,
        "one_class": found.one_class, "gold_k": None, "gold_n": None, "judge_k": None, "judge_n": None,
    }  # fmt: skip
    if slice_.by_gold and (slice_.people is None or slice_.people > 1):
        against = majorities(slice_.by_gold)
        if against.right.n and not misaligned(against.table):
            row |= {"gold_k": against.right.k, "gold_n": against.right.n}
    if slice_.verdicts.any() and not misaligned(slice_.verdicts):
        row |= {"judge_k": int(slice_.verdicts.trace()), "judge_n": int(slice_.verdicts.sum())}
    return row


def lowest_line(rows: list[dict[str, Any]], group_by: list[str]) -> str:
    """The assessed slice in which raters agree least."""
    assessed = [row for row in rows if row["assessed"]]
    if not assessed:
        return ""
    low = assessed[0]
    found = lines.with_interval("percent agreement", Coefficient(low["agreement"], low["low"], low["high"]))
    all_agree = f"all agree on {low['all_agree']} of {low['items']} items"
    return f"Lowest by {' × '.join(group_by)}: {low['slice']}, {found.replace('**', '')}, {all_agree}."


def slice_columns(group_by: list[str], entry: LabelSetEntry, rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    columns = [
        Column(key="slice", label=" × ".join(group_by)),
        Column(key="items", label="items", unit="count"),
        Column(key="agreement", label="agree", unit="rate"),
        Column(key="low", label="95 %", unit="interval", other="high"),
        Column(key="ac", label=lines.ac_title(entry).split()[-1], unit="rate"),
    ]
    if any(row["alpha"] is not None for row in rows):
        columns.append(Column(key="alpha", label="alpha", unit="rate"))
    for key, label in (("gold", "= gold"), ("judge", "judge")):
        if any(row[f"{key}_n"] for row in rows):
            columns.append(Column(key=f"{key}_k", label=label, unit="share", other=f"{key}_n"))
    return tuple(columns)
