"""Figures: the numbers of a text with what is said of them (sign, percent), and the ways a result may be restated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = r"\d+(?:[.,]\d+)*|(?<!\w)\.\d+"
_FIGURE = re.compile(
    rf"(?P<sign>(?<![\w.)\]%-])[-+\u2212]\s?)?(?P<number>{_NUMBER})(?P<percent>\s?%|\s?per\s?cent\b)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Figure:
    """A number as written; `sign` is `+`, `-` or empty (a range such as `0.884-0.934` has no sign)."""

    written: str
    plain: str
    sign: str
    percent: bool


def figures(text: str) -> Iterator[Figure]:
    """The numbers of a text, in order."""
    for match in _FIGURE.finditer(text):
        sign = (match["sign"] or "").strip().replace("\u2212", "-")
        yield Figure(match.group().strip(), plain(match["number"]), sign, match["percent"] is not None)


class Grounds:
    """The numbers that a draft may rest on."""

    def __init__(self, text: str) -> None:
        found = list(figures(text))
        self._as_written = {figure.plain for figure in found} | {form for f in found for form in _rounded(f)}
        self._percents = {figure.plain for figure in found if figure.percent}
        self._percents |= {form for figure in found for form in _percents(figure)}
        self._signed = {(figure.sign, form) for figure in found for form in _forms(figure) if figure.sign}

    def allow(self, figure: Figure) -> bool:
        """Whether a number stands in the sources: itself, rounded, or as a percentage, with no other sign."""
        known = self._percents if figure.percent else self._as_written | self._percents
        if figure.plain not in known:
            return False
        other = ("-" if figure.sign == "+" else "+", figure.plain)
        return not figure.sign or other not in self._signed or (figure.sign, figure.plain) in self._signed


def plain(number: str) -> str:
    """Without thousands separators and trailing zeros: `4,210` -> `4210`, `0.90` -> `0.9`, `.9` -> `0.9`."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number):
        number = number.replace(",", "")
    if number.startswith("."):
        number = f"0{number}"
    if re.fullmatch(r"\d+\.\d+", number):
        number = number.rstrip("0").rstrip(".")
    return number


def _forms(figure: Figure) -> set[str]:
    return {figure.plain} | _rounded(figure) | _percents(figure)


def _rounded(figure: Figure) -> set[str]:
    """A share with two or three decimals; never rounded to none or to all (R18)."""
    share = _share(figure)
    if share is None:
        return set()
    return {plain(f"{share:.{digits}f}") for digits in (2, 3)} - {"0", "1"}


def _percents(figure: Figure) -> set[str]:
    """A share as a percentage with up to two decimals; never rounded to 0 % or 100 % (R18)."""
    share = _share(figure)
    if share is None:
        return set()
    return {plain(f"{share * 100:.{digits}f}") for digits in range(3)} - {"0", "100"}


def _share(figure: Figure) -> float | None:
    if figure.percent or not re.fullmatch(r"0\.\d+", figure.plain):
        return None
    return float(figure.plain)
