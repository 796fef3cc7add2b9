"""SQL of a label: its text, the same whatever tool wrote it, and its place in the vocabulary."""

from collections.abc import Sequence

from tools.evals.duck import identifier, quoted

NOT_ASKED = ("", "na", "n/a", "nan", "null")  # what tools write for an empty field, unless it is a declared label


def label_text(column: str, declared: Sequence[str]) -> str:
    """A label as text; NULL where nobody was asked. `1.0` is `1`, and so is `true` unless it is declared itself."""
    known = {name.lower() for name in declared}
    plain = f"regexp_replace(trim({identifier(column)}::VARCHAR), '^(-?[0-9]+)\\.0$', '\\1')"
    missing = ", ".join(quoted(word) for word in NOT_ASKED if word not in known)
    text = plain
    if not known & {"true", "false"}:
        text = f"CASE lower({plain}) WHEN 'true' THEN '1' WHEN 'false' THEN '0' ELSE {plain} END"
    return f"CASE WHEN lower({plain}) NOT IN ({missing}) THEN {text} END"


def label_index(text: str, classes: Sequence[str]) -> str:
    """The index of a label's text in the vocabulary; NULL outside it."""
    whens = " ".join(f"WHEN {quoted(name)} THEN {index}" for index, name in enumerate(classes))
    return f"CASE {text} {whens} END"
