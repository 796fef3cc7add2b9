"""Checks of rows: what no row of an import may hold, as SQL conditions; many of them are looked for in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.evals.duck import identifier, quoted

OPAQUE = r"^[A-Za-z0-9_-]{1,64}$"  # as in tools/registry.py: no address, file name or text passes for an id
# At most four short words, no address, no path, no control character; in RE2 \p{Z} are blanks of any kind.
SLICE_VALUE = r"^[^\s\p{Z}\p{Cc}@/\\:<>]{1,64}( [^\s\p{Z}\p{Cc}@/\\:<>]{1,40}){0,3}$"
LONGEST_SLICE = 120  # bytes; where words are written without blanks, 64 letters would be a whole sentence


@dataclass(frozen=True)
class Check:
    """What no row may be: `where` is SQL over the rows, `what` and `remedy` are the words of the refusal."""

    column: str
    where: str
    what: str
    remedy: str


def id_checks(columns: Sequence[str]) -> list[Check]:
    """No id is missing or telling (R1, R7); several columns together are one id."""
    column, text = "+".join(columns), item_id(columns)
    opaque = f"regexp_matches({text}, {quoted(OPAQUE)})"
    remedy = "An id is at most 64 letters, digits, - and _: no address, no file name, no text (R1, R7)."
    return [
        Check(column, f"{text} IS NULL", "has no id", "Give every item a random id."),
        Check(column, f"NOT {opaque}", "is not opaque", remedy),
    ]


def slice_checks(columns: Sequence[str]) -> list[Check]:
    """No slice value reads like text or an address (R1)."""
    remedy = (
        "A slice is at most four short words, no address and no path (R1). Leave the column out of --slices and out of"
        " the file."
    )
    return [
        Check(column, f"NOT {slice_like(slice_value(column))}", "holds more than a short slice value", remedy)
        for column in columns
    ]


def class_checks(column: str, classes: Sequence[str]) -> list[Check]:
    """No label is missing or outside the vocabulary."""
    remedy = f"Known are {', '.join(classes)}; others can be named with --classes."
    return [
        Check(column, missing(column), "has no label", "Leave such rows out with --where."),
        Check(column, f"{class_index(column, classes)} IS NULL", "has a label outside the vocabulary", remedy),
    ]


def number_checks(column: str, low: float, high: float, remedy: str) -> list[Check]:
    """Every row has a finite number in [low, high]."""
    value, mend = number(column), "Write a number in every row."
    return [
        Check(column, f"{identifier(column)} IS NULL", "has no number", mend),
        Check(column, f"{value} IS NULL", "has something that is not a number", mend),
        Check(column, f"isnan({value}) OR isinf({value})", "has NaN or infinity", mend),
        Check(column, f"{value} < {low!r} OR {value} > {high!r}", f"lies outside {low:g} to {high:g}", remedy),
    ]


def item_id(columns: Sequence[str]) -> str:
    """SQL of an item's id: the columns joined with `_`; NULL where one is missing."""
    return " || '_' || ".join(f"nullif({identifier(column)}::VARCHAR, '')" for column in columns)


def slice_value(column: str) -> str:
    """SQL of a slice column's value; a missing one is `unknown`."""
    return f"coalesce(nullif(trim({identifier(column)}::VARCHAR), ''), 'unknown')"


def missing(column: str) -> str:
    """SQL that is true where a column is empty, however the kind of file writes it."""
    return f"nullif(trim({identifier(column)}::VARCHAR), '') IS NULL"


def slice_like(value: str) -> str:
    """SQL that is true where a value looks like that of a slice."""
    return f"(regexp_matches({value}, {quoted(SLICE_VALUE)}) AND strlen({value}) <= {LONGEST_SLICE})"


def number(column: str) -> str:
    """SQL of a column as a number; NULL where it is none."""
    return f"TRY_CAST({identifier(column)} AS DOUBLE)"


def class_index(column: str, classes: Sequence[str]) -> str:
    """SQL of a label's index in the vocabulary; NULL outside it. For 0 and 1, `true`, `1.0` and the like serve too."""
    text = f"{identifier(column)}::VARCHAR"
    if tuple(classes) == ("0", "1"):
        yes, no = "('1', '1.0', 'true')", "('0', '0.0', 'false')"
        return f"CASE WHEN lower({text}) IN {yes} THEN 1 WHEN lower({text}) IN {no} THEN 0 END"
    # Tools write whole numbers as 2.0 where a column once had gaps.
    found = [
        f"WHEN {text} IN ({', '.join(quoted(form) for form in _forms(name, classes))}) THEN {index}"
        for index, name in enumerate(classes)
    ]
    return f"CASE {' '.join(found)} END"


def _forms(name: str, classes: Sequence[str]) -> list[str]:
    return [name, *([f"{name}.0"] if name.isdecimal() and f"{name}.0" not in classes else [])]
