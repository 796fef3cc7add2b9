"""Scale: search, build and sync over 10,000 and 100,000 sections, each size in a process of its own.

`python -m tests.bench.retrieval.scale 10000 exact` prints what it measured as JSON.
"""

import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from knowledge.index.chroma_server import Server
from knowledge.index.dense import Store
from knowledge.index.embeddings import Loaded, SentenceEmbedder, load
from knowledge.knowledge import Knowledge
from tests.bench.retrieval import stock
from tests.bench.retrieval.options import Options
from tests.bench.retrieval.part import Printed
from tests.bench.retrieval.questions import read

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors

SAMPLE = 600  # sections built with the real model; more would only repeat it
ASKED = 200


class Mixed:
    """Random vectors for the stock, which would take ten minutes with the model; then the model's own."""

    def __init__(self, embedder: SentenceEmbedder) -> None:
        self._embedder = embedder
        self.id, self.dimension = f"random+{embedder.id}", embedder.dimension
        self.random = True

    def embed_documents(self, texts: Sequence[str]) -> "Vectors":
        """One float32 row of length 1 a text."""
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> "Vectors":
        """One float32 vector of length 1."""
        return self._drawn(text, 1).reshape(-1) if self.random else self._embedder.embed_query(text)

    def embed_sentences(self, text: str, spans: Sequence[tuple[int, int]]) -> "tuple[Vectors, Vectors]":
        """The text's vector, and one row a span."""
        if not self.random:
            return self._embedder.embed_sentences(text, spans)
        rows = self._drawn(text, 1 + len(spans))
        return rows[0], rows[1:]

    def _drawn(self, text: str, count: int) -> "Vectors":
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        rows = np.random.default_rng(seed).standard_normal((count, self.dimension), np.float32)
        lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / lengths


def knowledge(options: Options) -> Iterator[Printed]:
    """Build, search, sync and memory."""
    if load().embedder is None:
        yield Printed("Search at scale", ("left out",), [(load().reason,)])
        return
    heading = ("what", "measured", "goal")
    build = (f"{SAMPLE} sections cut, embedded with the model and stored", f"{built():.1f} sections/s of CPU", ">= 15")
    yield Printed("Building the index, one core", heading, [build])
    large = [(100_000, store) for store in ("exact", "chroma", "server")] if options.large else []
    for sections, store in [(10_000, "exact"), *large]:
        command = [sys.executable, "-m", "tests.bench.retrieval.scale", str(sections), store]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        title = f"{sections:,} sections, vectors in {store}; random ones for the stock, the model's for all else"
        yield Printed(title, heading, json.loads(done.stdout))


def built() -> float:
    """Sections a second of CPU that are cut, embedded with the model and stored."""
    with tempfile.TemporaryDirectory() as folder:
        stock.write(Path(folder, "stock"), SAMPLE)
        library = Knowledge(Path(folder, "home"), store="exact")
        started = time.process_time()
        library.add(Path(folder, "stock"), "guidelines")
        taken = time.process_time() - started
        library.close()
    return SAMPLE / taken


def measured(sections: int, store: Store, folder: Path) -> list[tuple[str, str, str]]:
    """(what, figure, goal) of one size."""
    loaded = load()
    assert isinstance(loaded.embedder, SentenceEmbedder)
    embedder = Mixed(loaded.embedder)
    before = _memory()
    stock.write(folder / "stock", sections)

    def opened(store: Store) -> Knowledge:
        return Knowledge(folder / "home", store=store, embedder=lambda: Loaded(embedder, spans=loaded.spans))

    library = opened("exact")
    build = _wall(lambda: library.add(folder / "stock", "guidelines"))
    library.close()
    library = opened(store)
    embedder.random = False
    start = _wall(library.warm)
    asked = [one.ask for one in islice((*read("tune"), *read("report")), ASKED)] or [*islice(stock.questions(), ASKED)]
    started = time.perf_counter()
    search = [_cpu(partial(library.search, query, "guidelines")) for query in asked]
    mean = (time.perf_counter() - started) * 1000 / len(asked)
    embed = [_cpu(partial(embedder.embed_query, query)) for query in asked]
    memory = _memory()
    paths = sorted((folder / "stock").glob("*.md"))
    syncs = []
    for place, every in ((3, False), (5, False), (7, False), (9, True), (11, True), (13, True)):
        stock.change(paths[place], every, seed=place)
        cpu, wall = time.process_time(), _wall(partial(library.add, folder / "stock", "guidelines"))
        syncs.append((wall, time.process_time() - cpu))
    library.search(asked[0], "guidelines")
    library.close()
    size = sum(path.stat().st_size for path in (folder / "home").rglob("*") if path.is_file())
    goal = "p95 < 40 ms" if sections == 10_000 else ""
    return [
        ("search, CPU p50 / p95", f"{_at(search, 50):.1f} / {_at(search, 95):.1f} ms", goal),
        ("search, wall, mean", f"{mean:.1f} ms", ""),
        ("  of which the question's vector", f"{_at(embed, 50):.1f} / {_at(embed, 95):.1f} ms", ""),
        ("sync, one section of one file changed, wall / CPU", _seconds(syncs[:3]), "< 1 s" if goal else ""),
        ("sync, a whole file of 20 sections changed, wall / CPU", _seconds(syncs[3:]), ""),
        ("build without the model, wall", f"{build:.1f} s", ""),
        ("first use: model and vectors (copied to Chroma, where it is used), wall", f"{start:.2f} s", ""),
        ("memory (RSS), of which before", f"{memory:.0f} MB, {before:.0f} MB", ""),
        ("index folder", f"{size / 1e6:.0f} MB", ""),
    ]


def _memory() -> float:
    """Resident MB of this process now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def _wall(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _cpu(work: Callable[[], Any]) -> float:
    """Milliseconds of CPU, of all threads."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def _at(values: Sequence[float], percentile: int) -> float:
    return float(np.percentile(values, percentile))


def _seconds(pairs: Sequence[tuple[float, float]]) -> str:
    """Medians of wall and CPU."""
    return " / ".join(f"{statistics.median(values):.2f} s" for values in zip(*pairs, strict=True))


@contextmanager
def _store(name: str, folder: Path) -> Iterator[Store]:
    """The store of that name; `server` is a `chroma run` of its own on loopback."""
    if name != "server":
        yield cast(Store, name)
        return
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(folder / "server"), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with suppress(OSError), socket() as tried:
                tried.connect(("127.0.0.1", port))
                break
            time.sleep(0.1)
        yield Server(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary, _store(sys.argv[2], Path(temporary)) as chosen:
        print(json.dumps(measured(int(sys.argv[1]), chosen, Path(temporary))))
