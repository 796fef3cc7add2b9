"""Parts: vectors of the sentences of a chunk. They rank the sections that the chunks' vectors found."""

from typing import TYPE_CHECKING

from knowledge.index.embeddings import Embedder, SentenceEmbedder
from knowledge.search.quotes import sentences

if TYPE_CHECKING:
    from knowledge.index.embeddings import Vectors

_MOST = 40  # sentences of a chunk; 220 tokens hold no more of any length


def embed_with_parts(embedder: Embedder, text: str) -> "tuple[Vectors, bytes]":
    """The vector of a chunk as it is indexed (heading, blank line, text), and its parts; raises EmbeddingError.

    The parts are float16 rows as bytes: first the chunk's first sentence embedded alone (in a guideline, the rule),
    then each sentence as it stands in the chunk. No bytes where the text has no heading line (a question) or no
    sentence, or where the embedder cannot embed sentences in their context.
    """
    import numpy as np

    spans = _spans(text)
    if not spans or not isinstance(embedder, SentenceEmbedder):
        return embedder.embed_query(text), b""
    vector, inside = embedder.embed_sentences(text, spans)
    rule = embedder.embed_query(text[spans[0][0] : spans[0][1]])
    return vector, np.vstack([rule, inside]).astype("<f2").tobytes()


def read_parts(blob: bytes, dimension: int) -> "Vectors":
    """The rows of parts, as float32; none for no bytes."""
    import numpy as np

    return np.frombuffer(blob, dtype="<f2").astype(np.float32).reshape(-1, dimension)


def _spans(text: str) -> list[tuple[int, int]]:
    heading, _, body = text.partition("\n\n")
    at, found = len(heading) + 2, []
    if not body:
        return []
    for sentence in sentences(body)[:_MOST]:
        first = text.find(sentence, at)
        if first >= 0:
            at = first + len(sentence)
            found.append((first, at))
    return found
