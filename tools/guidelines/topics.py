"""Topics: what a question was about, in words that are ours: ids of documents, codes of labels, terms of the glossary.

Nothing of a question passes but by being equal to something that the guidelines themselves say. Pure functions.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from weakref import WeakKeyDictionary

from knowledge import Knowledge, Passage
from knowledge.search.glossary import glossary_terms, is_glossary
from knowledge.search.words import stem, subject, words
from knowledge.versions import Edition

OTHER = "other"  # the topic of what is like nothing
MOST_LETTERS = 24
MOST_UNKNOWN = 3  # a question with more words that no section knows is in another language, or no question
_COMMON = 0.1  # a term that stands in more of the sections than this says nothing about a question
_FEW_SECTIONS = 20  # of so few sections no share is taken

_CODE = re.compile(r"\b[A-Z]{2,5}-\d{1,2}\b")
_CODE_SAID = re.compile(r"\b[a-z]{2,5}-\d{1,2}\b", re.IGNORECASE)
# Latin letters only: what is written without spaces would be a whole sentence.
_WORD = re.compile(r"[a-zA-ZÀ-ɏ]{3,24}")
_MARKED = re.compile(r"<[^>]*>|@\S+|#\S+")  # mentions and channels, as Slack and people write them
_ASKING = frozenset(
    """
    please pls thanks thank hello hey hi ok okay yes also anything something someone somebody anyone nothing really
    actually maybe exactly know tell find show say says said mean means meaning meant explain explained define defined
    definition describe ask asked asking question questions answer guideline guidelines rule rules policy standard
    section sections label labels labelled labeled labelling labeling apply applies count counts allowed case cases
    gonna wanna dont doesnt didnt isnt arent wasnt cant wont whats hows whos lets need want like
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Vocabulary:
    """What the guidelines in force say: codes of labels, terms (as words -> the term), stems of every word."""

    codes: frozenset[str]
    terms: Mapping[tuple[str, ...], str]
    stems: frozenset[str]

    def knows(self, word: str) -> bool:
        """Whether any section has this word, in whatever form."""
        return stem(word) in self.stems


def topic_of(query: str, nearest: Passage | None, vocabulary: Vocabulary) -> str:
    """`document: code or term`, what of it there is, else `other`."""
    codes = [code for said in _CODE_SAID.findall(query) if (code := said.upper()) in vocabulary.codes]
    named = codes[0] if codes else _term(words(query), vocabulary.terms)
    document = nearest.document_id if nearest else ""
    return ": ".join(part for part in (document, named) if part)[:200] or OTHER


def unknown_words(query: str, vocabulary: Vocabulary, names: Collection[str]) -> tuple[str, ...]:
    """The words of a question that no section has, in lower case: letters only, 3 to 24; nobody's name.

    A word with a capital is left out unless all of it is capitals: it may be the name of somebody who is no colleague
    (R7).
    """
    people = {part for name in names for part in words(name)}
    found: dict[str, None] = {}
    for said in re.split(r"[\s/,;!?()\[\]{}\"“”„«»]+", _MARKED.sub(" ", query)):
        plain = re.sub(r"['’]s$", "", said.strip(".:'’‘`*~"))
        if not _WORD.fullmatch(plain) or (plain != plain.lower() and plain != plain.upper()):
            continue
        word = plain.casefold()
        carries = subject(f"{word} {OTHER}")[0] == word
        if len(word) <= MOST_LETTERS and carries and word not in people | _ASKING and not vocabulary.knows(word):
            found[word] = None
    return tuple(found) if len(found) <= MOST_UNKNOWN else ()


def vocabulary(knowledge: Knowledge, today: date) -> Vocabulary:
    """The vocabulary of the guidelines in force on a day; read once a day, and again when a document comes or goes."""
    editions = tuple(one for one in knowledge.editions(today=today) if one.standing == "in force")
    with _lock:
        kept = _read.get(knowledge)
        if kept is None or kept[0] != (today, editions):
            kept = (today, editions), _vocabulary(knowledge, editions, today)
            _read[knowledge] = kept
        return kept[1]


def _vocabulary(knowledge: Knowledge, editions: Iterable[Edition], today: date) -> Vocabulary:
    codes: set[str] = set()
    stems: set[str] = set()
    terms: dict[tuple[str, ...], str] = {}
    occurs: Counter[str] = Counter()
    sections = 0
    for document in dict.fromkeys(edition.id for edition in editions):
        for passage in knowledge.sections(document, today=today):
            text = f"{passage.title} {passage.heading} {passage.text}"
            codes.update(_CODE.findall(text))
            here = {stem(word) for word in words(text)}
            stems |= here
            occurs.update(here)
            sections += 1
            if is_glossary(document):
                terms.update(
                    (tuple(words(said)), one.name.lower())
                    for one in glossary_terms([passage])
                    for said in one.forms
                    if words(said)
                )
    most = max(_COMMON * sections, 1) if sections >= _FEW_SECTIONS else sections
    telling = {said: term for said, term in terms.items() if min(occurs[stem(word)] for word in said) <= most}
    return Vocabulary(frozenset(codes), telling, frozenset(stems))


def _term(said: list[str], terms: Mapping[tuple[str, ...], str]) -> str:
    """The longest term that stands in a text, word by word."""
    stems = [stem(word) for word in said]
    for length in range(min(6, len(said)), 0, -1):
        for at in range(len(said) - length + 1):
            for key, term in terms.items():
                if len(key) == length and [stem(word) for word in key] == stems[at : at + length]:
                    return term
    return ""


_lock = Lock()
_read: "WeakKeyDictionary[Knowledge, tuple[tuple[date, tuple[Edition, ...]], Vocabulary]]" = WeakKeyDictionary()
