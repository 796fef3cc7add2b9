"""Parts: vectors of a chunk's sentences; stored small, read back, and none where there is nothing to embed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge import Loaded
from knowledge.index.embeddings import SentenceEmbedder
from knowledge.index.parts import embed_with_parts, read_parts
from tests.knowledge.bags import Bags

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors

CHUNK = "Rules > 1 Tea\n\nTea is served at four. 🙂 Cake is for Friday.\n\n- Bring cups.\n- Bring cups."


class Sentences(Bags):
    """Bags that embed sentences by their own words, and keep what they were asked for."""

    spans: Sequence[tuple[int, int]] = ()

    def embed_sentences(self, text: str, spans: Sequence[tuple[int, int]]) -> "tuple[Vectors, Vectors]":
        self.spans = spans
        return self.embed_query(text), np.stack([self.embed_query(text[first:after]) for first, after in spans])


def test_the_rule_comes_first_and_then_each_sentence() -> None:
    """Equal sentences are two places; each span is the sentence as it stands."""
    embedder = Sentences()
    vector, blob = embed_with_parts(embedder, CHUNK)
    said = [CHUNK[first:after] for first, after in embedder.spans]
    assert said == ["Tea is served at four.", "🙂 Cake is for Friday.", "Bring cups.", "Bring cups."]
    assert len(set(embedder.spans)) == 4
    rows = read_parts(blob, embedder.dimension)
    assert rows.shape == (5, embedder.dimension)
    assert np.array_equal(vector, embedder.embed_query(CHUNK))
    assert np.allclose(rows[0], embedder.embed_query("Tea is served at four."), atol=1e-3)
    assert np.allclose(rows[0], rows[1])


@pytest.mark.parametrize("text", ["a question?", "Heading\n\n", "Heading\n\n ***\n\n---", "", "\n\n"])
def test_a_text_without_a_heading_or_a_sentence_has_no_parts(text: str) -> None:
    """It has its vector all the same."""
    vector, blob = embed_with_parts(Sentences(), text)
    assert blob == b""
    assert vector.shape == (32,)
    assert read_parts(blob, 32).shape == (0, 32)


def test_an_embedder_without_sentences_gives_the_vector_alone() -> None:
    assert not isinstance(Bags(), SentenceEmbedder)
    vector, blob = embed_with_parts(Bags(), CHUNK)
    assert blob == b""
    assert np.array_equal(vector, Bags().embed_query(CHUNK))


def test_a_chunk_of_thousands_of_sentences_has_a_bounded_number_of_parts() -> None:
    embedder = Sentences()
    _, blob = embed_with_parts(embedder, "Heading\n\n" + "A b. " * 5_000)
    assert read_parts(blob, 32).shape == (41, 32)


def test_parts_of_half_a_row_are_refused() -> None:
    """A damaged index is told by its length."""
    with pytest.raises(ValueError, match="reshape"):
        read_parts(b"\0" * 10, 32)


def test_the_packaged_model_reads_sentences_in_their_place(minilm: Loaded) -> None:
    """The text's vector is that of the text alone; rows have length 1 or, beyond 256 tokens, 0; none overflows."""
    embedder = minilm.embedder
    assert isinstance(embedder, SentenceEmbedder)
    vector, blob = embed_with_parts(embedder, CHUNK)
    assert np.array_equal(vector, embedder.embed_query(CHUNK))
    rows = read_parts(blob, embedder.dimension)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=2e-3)
    long = "Heading\n\n" + "The rule of tea. " * 39 + "word " * 300 + ". The last sentence is cut off."
    rows = read_parts(embed_with_parts(embedder, long)[1], embedder.dimension)
    assert np.isfinite(rows).all()
    norms = np.linalg.norm(rows, axis=1)
    assert ((abs(norms - 1) < 2e-3) | (norms == 0)).all()
    empty, none = embedder.embed_sentences("word", [(0, 4), (4, 4), (9, 20)])
    assert np.linalg.norm(none, axis=1).round(3).tolist() == [1, 0, 0]
    assert empty.dtype == none.dtype == np.float32
