"""Words of a question, as the linker and the similarity see them."""

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"\d*\.\d+|\w+(?:[-'’.@]\w+)*", re.UNICODE)
_GENITIVE = re.compile(r"['’]s$")

# Words that carry no meaning of their own here; a question of only these and mentions is a fragment of the one before.
STOPWORDS = frozenset(
    """
    a an the is are was were be been it its this that these those i we you they he she me us our your my of for on in at
    to from with and or but so if do does did done have has had can could would should will shall may might must please
    pls plz thanks thank hi hello hey there here what whats what's which who how hows how's much many about same again
    only just now also then than too very really ok okay yes no not as by per over under up out n get give show tell let
    lets set suite data dataset instead one ones
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Word:
    """A word and where it stands in the text."""

    text: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text, lower case, without accents; hyphens and inner dots stay (`v8-rc1`), a genitive s goes."""
    found = []
    for match in _WORD.finditer(fold(text)):
        word = _GENITIVE.sub("", match.group())
        found.append(Word(word.strip("'’"), match.start(), match.start() + len(word)))
    return found


def fold(text: str) -> str:
    """Lower case without accents; the length is kept, so that positions stay true."""
    if text.isascii():
        return text.lower()
    out = []
    for character in text:
        base = unicodedata.normalize("NFKD", character)[0] if character else character
        lowered = base.lower()
        out.append(lowered if len(lowered) == 1 else character)
    return "".join(out)
