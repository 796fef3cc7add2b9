"""Method cards: one card of the playbook as an answer uses it, cited by document, section and version (R17)."""

from dataclasses import dataclass
from datetime import date

from knowledge import Knowledge, KnowledgeError, Passage
from knowledge.search.quotes import sentences, shortened
from tools.guidelines.citing import cite, may_read
from tools.results import Citation

PLAYBOOK = "playbook"  # the collection that cards are in
WHAT, HELPS, NOT, COST, WORKED = (
    "What it is",
    "When it helps",
    "When it does not",
    "What it costs",
    "How to know that it worked",
)
# The cards that causes of a weak slice name (tools/gaps/causes.py), by what an answer calls them.
NAMED = {
    "re-adjudication": "method-re-adjudication",
    "stratified collection": "method-stratified-collection",
    "label audit": "method-label-audit",
    "rater calibration": "method-rater-calibration",
    "normalise, then augment": "method-normalise-then-augment",
    "random gold refresh": "method-random-gold-refresh",
    "threshold setting": "method-threshold-setting",
    "error analysis in the labelling tool": "method-error-analysis",
    "more evidence first": "method-more-evidence-first",
    "low-resource languages": "method-low-resource-languages",
    "romanised script and transliteration": "method-romanised-script",
}


@dataclass(frozen=True)
class Card:
    """A card in the version in force: its sections by heading."""

    id: str
    title: str
    sections: dict[str, Passage]

    def text(self, heading: str) -> str:
        """A section word for word; empty where the card has none."""
        return self.sections[heading].text if heading in self.sections else ""

    def first(self, heading: str) -> str:
        """The first sentence of a section, word for word."""
        return next((shortened(sentence) for sentence in sentences(self.text(heading))), "")

    def cite(self, heading: str = HELPS, *, quoted: bool = True) -> Citation | None:
        """A citation of one section with its first sentence; None where the card has no such section."""
        found = self.sections.get(heading)
        return cite(found, self.first(heading) if quoted else "") if found else None


def card(knowledge: Knowledge, document: str, today: date, roles: frozenset[str] = frozenset()) -> Card | None:
    """A card by its document's id, of what people of these roles may read (R6); without roles, what everyone may.

    None where the playbook is not indexed, the index cannot answer (R24), or nothing of it may be read.
    """
    try:
        passages = knowledge.sections(document, today=today)
    except KnowledgeError:
        return None
    kept = {
        passage.name: passage for passage in passages if passage.collection == PLAYBOOK and may_read(passage, roles)
    }
    title = next((passage.title for passage in kept.values()), "")
    return Card(document, title, kept) if kept else None
