"""Rater names: opaque ids only. A table of names belongs to the team that labels, never here (R7, R9)."""

import re
from collections.abc import Iterable

ROLES = (
    "rater", "annotator", "labeler", "labeller", "coder", "reviewer", "expert", "worker", "judge", "model", "vendor",
    "team", "prelabel", "pre", "label", "anno",
)  # fmt: skip
RESERVED = ("gold", "majority")  # what raters are compared with
_TOKEN = re.compile(rf"(?:{'|'.join(ROLES)})?(?:[a-z]{{0,2}}[0-9][a-z0-9]{{0,2}}[0-9]*|[0-9]*[a-z]?|)", re.IGNORECASE)
_RANDOM = re.compile(r"(?=.*[0-9])[0-9a-f]{6,32}", re.IGNORECASE)
_JUDGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def opaque(name: str) -> bool:
    """Whether a rater's name tells nobody who it is: `rater_3`, `r-07`, `vendor-a-12`, `B`, `9f3c21ab`.

    Parts between `-` and `_` are words for a role, numbers, single letters or random hexadecimal; whatever reads like a
    name or an address is not.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) or name.lower() in RESERVED:
        return False
    parts = [part for part in re.split(r"[-_]", name) if part]
    return bool(parts) and (all(_TOKEN.fullmatch(part) for part in parts) or bool(_RANDOM.fullmatch("".join(parts))))


def telling(names: Iterable[str]) -> list[str]:
    """The names that are not opaque."""
    return [name for name in names if not opaque(name)]


def judge_name(name: str) -> bool:
    """Whether a name can be that of a judge: a model is nobody, so its name may be spoken."""
    return bool(_JUDGE.fullmatch(name)) and name.lower() not in RESERVED
