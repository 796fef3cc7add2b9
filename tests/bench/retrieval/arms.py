"""Arms: what is compared on one collection, each a ranking of section ids for every question."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.index.embeddings import Loaded
from knowledge.knowledge import Knowledge
from knowledge.passages import Hit
from knowledge.search.lexicon import Lexicon
from knowledge.search.wordbook import Wordbook
from knowledge.sources.questions import FILE as QUESTIONS
from tests.bench.retrieval.baselines import Baselines
from tests.bench.retrieval.measures import DEPTH, Interval, Scores, interval, scored
from tests.bench.retrieval.questions import Asked, Collection

FTS5, DENSE, PLAIN, SHIPPED = "FTS5", "vectors", "plain fusion", "search"
WEIGHED, LISTED = "weighed alone", "with word lists"  # search without lists and known questions; with lists alone
ARMS = (FTS5, DENSE, PLAIN, WEIGHED, LISTED, SHIPPED)
COLLECTION = "guidelines"


@dataclass(frozen=True)
class Measured:
    """Every arm's rankings and scores on a collection's questions, in the same order."""

    name: str
    asked: Sequence[Asked]
    sections: int
    rankings: Mapping[str, Sequence[Sequence[str]]]
    scores: Mapping[str, Scores]

    def of(self, arm: str, measure: str) -> Interval:
        """An arm's mean."""
        return interval(self.scores[arm][measure])

    def difference(self, arm: str, other: str, measure: str) -> Interval:
        """How much better an arm is than another, paired by question."""
        return interval(self.scores[arm][measure] - self.scores[other][measure])

    def where(self, name: str, wanted: Callable[[Asked], bool]) -> "Measured":
        """The part of it whose questions are wanted."""
        kept = [place for place, one in enumerate(self.asked) if wanted(one)]
        return Measured(
            name,
            [self.asked[place] for place in kept],
            self.sections,
            {arm: [ranking[place] for place in kept] for arm, ranking in self.rankings.items()},
            {arm: {m: values[kept] for m, values in scores.items()} for arm, scores in self.scores.items()},
        )


def measured(collection: Collection, loaded: Loaded, half: str = "all") -> Measured:
    """Index the collection afresh and ask every arm every question of the half."""
    asked = [one for one in collection.asked if half in ("all", one.half) or not one.half]
    with tempfile.TemporaryDirectory() as home:
        knowledge = opened(Path(home), collection.folder, loaded)
        baselines = Baselines(knowledge, COLLECTION, loaded)
        ways: dict[str, Callable[[str], Sequence[str]]] = {
            FTS5: baselines.by_words,
            DENSE: baselines.by_vectors,
            PLAIN: baselines.fused,
            SHIPPED: lambda query: [hit.section for hit in found(knowledge, query)],
        }
        rankings = {arm: [way(one.ask)[:DEPTH] for one in asked] for arm, way in ways.items()}
        sections = baselines.sections
        rankings |= _without(collection.folder, loaded, Path(home), asked)
        knowledge.close()
    grades = [one.grades for one in asked]
    return Measured(
        collection.name,
        asked,
        sections,
        rankings,
        {arm: scored(rankings[arm], grades) for arm in ARMS if arm in rankings},
    )


class _NoLists(Wordbook):
    """A lexicon that knows nothing."""

    def lexicon(self, *_: object) -> Lexicon:
        return Lexicon({})


def _without(folder: Path, loaded: Loaded, home: Path, asked: Sequence[Asked]) -> dict[str, list[Sequence[str]]]:
    """What the lists and the known questions of a folder add: search without both, and with the lists alone."""
    if not (folder / QUESTIONS).is_file():
        return {}
    bare = shutil.copytree(folder, home / "bare", ignore=shutil.ignore_patterns(QUESTIONS, "__pycache__"))
    knowledge = opened(home / "index", bare, loaded)
    rankings: dict[str, list[Sequence[str]]] = {}
    for arm, wordbook in ((LISTED, knowledge._wordbook), (WEIGHED, _NoLists(home / "index"))):
        knowledge._wordbook = wordbook
        rankings[arm] = [[hit.section for hit in found(knowledge, one.ask)][:DEPTH] for one in asked]
    knowledge.close()
    return rankings


def opened(home: Path, folder: Path, loaded: Loaded) -> Knowledge:
    """An index of the folder in a new home."""
    knowledge = Knowledge(home, store="exact", embedder=lambda: loaded)
    knowledge.add(folder, COLLECTION)
    return knowledge


def found(knowledge: Knowledge, query: str) -> list[Hit]:
    """What search as shipped finds."""
    return knowledge.search(query, COLLECTION, limit=DEPTH)
