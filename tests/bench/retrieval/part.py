"""The retrieval part of the bench: every set and arm as tables, in the order they are printed."""

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.index.embeddings import Loaded, load
from tests.bench.retrieval import multilingual, public
from tests.bench.retrieval.arms import PLAIN, SHIPPED, Measured, measured, opened
from tests.bench.retrieval.options import Options
from tests.bench.retrieval.own import LIBRARY, falsely_answered, floors, judged, own
from tests.bench.retrieval.pages import cache
from tests.bench.retrieval.questions import Collection, read
from tests.bench.retrieval.remembered import remembering
from tests.bench.retrieval.tables import DIFFERENCES, FIGURES, differences, figures, worst


@dataclass(frozen=True)
class Printed:
    """A table to print."""

    title: str
    heading: Sequence[str]
    rows: Sequence[Sequence[str]]


def retrieval(options: Options) -> Iterator[Printed]:
    """All tables. Intervals are 95 % bootstraps over questions, of differences paired."""
    loaded = remembering(load(), cache() / "vectors.sqlite")
    wanted = [one for one in (own(), *public.collections()) if options.name in ("", one.name)]
    if not wanted:
        raise SystemExit(f"There is no set {options.name}; leave --set out to see them all.")
    missing = [(one.name, f"apt-get install {one.missing}") for one in wanted if one.missing]
    done = []
    for collection in wanted:
        if collection.asked:
            print(f"{collection.name}: {len(collection.asked)} questions", file=sys.stderr)
            done.append(measured(collection, loaded, options.half))
    parts = [part for one in done for part in (one, *_parts(one))]
    half = "" if options.half == "all" else f" ({options.half} half)"
    yield Printed(f"Finding sections{half}", FIGURES, [row for part in parts for row in figures(part)])
    title = f"Search as shipped, less the baselines{half}"
    yield Printed(title, DIFFERENCES, [row for part in parts for row in differences(part)])
    if missing:
        yield Printed("Left out: packages that are not installed", ("set", "command"), missing)
    if options.name in ("", "own"):
        yield from _unanswered(loaded, options.half)
    if any(asked.lang != "en" for one in done for asked in one.asked):
        yield from _languages(done, wanted, loaded, options.half)
    if options.worst:
        for one in done:
            yield Printed(f"Worst of {one.name}", ("asked", "expected", "first three"), [*worst(one, options.worst)])


def _parts(one: Measured) -> Iterator[Measured]:
    """A set by kind, and by language in and outside English."""
    for kind in dict.fromkeys(asked.kind for asked in one.asked):
        if kind and len({asked.kind for asked in one.asked}) > 1:
            yield one.where(f"  {kind}", lambda asked, kind=kind: asked.kind == kind)  # type: ignore[misc]
    if len({asked.lang for asked in one.asked}) > 1:
        yield one.where("  English", lambda asked: asked.lang == "en")
        yield one.where("  other languages", lambda asked: asked.lang != "en")


def _unanswered(loaded: Loaded, half: str) -> Iterator[Printed]:
    """What the floor lets through and what it costs, over the sample guidelines."""
    good = [one for one in own().asked if half in ("all", one.half)]
    bad = [one for one in read("unanswerable") if half in ("all", one.half) or not one.half]
    if not good or not bad:
        return
    with tempfile.TemporaryDirectory() as home:
        knowledge = opened(Path(home), LIBRARY, loaded)
        answers, strangers = judged(knowledge, good), judged(knowledge, bad)
        knowledge.close()
    heading = ("floor", "answered though nothing answers it", "right in five, but held back", "answered of all good")
    yield Printed('"Not in the guidelines"', heading, [*floors(answers, strangers)])
    wrong = [(question,) for question in falsely_answered(strangers)]
    if wrong:
        yield Printed("Answered though nothing answers it", ("question (score of the first)",), wrong)


def _languages(done: Sequence[Measured], sets: Sequence[Collection], loaded: Loaded, half: str) -> Iterator[Printed]:
    """Sets with questions in other languages, with the embedded model and a multilingual one where it is installed."""
    other = multilingual.load(loaded.spans)
    abroad = {one.name for one in done if any(asked.lang != "en" for asked in one.asked)}
    rows = [row for one in done if one.name in abroad for row in _by_language("MiniLM", one)]
    if other.embedder is not None:
        kept = remembering(other, cache() / "vectors.sqlite")
        again = [measured(one, kept, half) for one in sets if one.name in abroad]
        rows += [row for one in again for row in _by_language("e5", one)]
        note = "; e5 is multilingual-e5-small at four bits"
    else:
        note = f"; multilingual e5: {other.reason}"
    rows.sort(key=lambda row: row[:2])
    heading = ("set", "language", "model", "questions", "search: nDCG@10", "search: hit@5", "plain fusion: hit@5")
    yield Printed(f"English sections, questions by language{note}", heading, rows)
    embedded = load().embedder
    if embedded is not None and other.embedder is not None:
        queries = [one.ask for one in done[0].asked]
        pairs = (("MiniLM", embedded), ("e5", other.embedder))
        speeds = [(name, *multilingual.speed(one, queries)) for name, one in pairs]
        yield Printed("The models, one thread", ("model", "ms of CPU a query", "chunks a second of CPU"), speeds)


def _by_language(model: str, one: Measured) -> Iterable[tuple[str, ...]]:
    for language in sorted({asked.lang for asked in one.asked}):
        part = one.where(language, lambda asked, code=language: asked.lang == code)  # type: ignore[misc]
        found = (part.of(SHIPPED, "nDCG@10"), part.of(SHIPPED, "hit@5"), part.of(PLAIN, "hit@5"))
        yield one.name, language, model, str(len(part.asked)), *(figure.shown() for figure in found)
