"""Questions in other languages: their words brought to the English of the examples, before anything else reads them.

A glossary, not a translation: questions about metrics are made of few words, and names are the same in every language.
A text is touched only if it holds a word of another language that English has not (so English stays as it is).
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("languages.yaml")
_GUIDED = ("tl", "hi-Latn")  # two of their short words tell them: no other language here has “ng” or “ka”
_UNSPACED = ("zh", "ja")  # written without spaces: a word is found anywhere
# Words that questions in English have too, in names or typos; alone they do not tell a language.
_SHARED = frozenset(
    """
    en el la los las de del y em do da dos das os der dem den die im von in le les du des est et para con na mit unter
    auf bei und ist sur ka ki ke ng sa ba ang profile welches langue kya was am hat at o na ay ni kay ko a un accord
    wo wie als nur neu entre que dans positives lote pasa versions tem fail
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Glossary:
    """One language: its pattern, the longest words first, and what each is in English."""

    pattern: re.Pattern[str]
    english: dict[str, str]
    telling: frozenset[str]
    guides: bool


def to_english(text: str) -> str:
    """The text with the words of one other language replaced; English and what no glossary knows stay as they are."""
    best, found = None, 0.0
    for glossary in _glossaries():
        words = [match.group().lower() for match in glossary.pattern.finditer(text)]
        told = sum(len(word) for word in words if word in glossary.telling) + 0.1 * len(words)
        # A word or two that only guide (“sa”, “ng”) tell a language where there are several of them.
        guides = len({word for word in words if len(word) == 2}) >= 2 and glossary.guides
        if (any(word in glossary.telling for word in words) or guides) and told > found:
            best, found = glossary, told
    if best is None:
        return text
    english = best.english
    out = best.pattern.sub(lambda match: f" {english[match.group().lower()]} ", text)
    return " ".join(out.replace("¿", " ").replace("？", "?").replace("。", ". ").split())


@cache
def _glossaries() -> tuple[Glossary, ...]:
    entries = yaml.safe_load(FILE.read_text("utf-8"))
    found = []
    for language, words in entries.items():
        english = {str(word).lower(): str(meaning) for word, meaning in words.items()}
        choices = "|".join(re.escape(word) for word in sorted(english, key=len, reverse=True))
        edge = "" if language in _UNSPACED else r"(?<![\w-])(?:{})(?![\w-])"
        pattern = re.compile(edge.format(choices) if edge else f"(?:{choices})", re.IGNORECASE)
        found.append(Glossary(pattern, english, frozenset(english.keys() - _SHARED), language in _GUIDED))
    return tuple(found)
