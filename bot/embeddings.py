"""Embeddings: a LangChain embedding model for the guidelines, where a team has outgrown the packaged one.

What is sent to it (R2): the text of guidelines and method cards when they are added or synced, the question when they
are searched, and one word to learn how long its vectors are. Nothing goes out at import, at start or for the status.
The planner keeps the packaged model: its margins were measured with that one.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.settings import Settings
from knowledge import Loaded
from knowledge.errors import EmbeddingError

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from knowledge.index.embeddings import Vectors

_SECONDS = 20  # for one request; a question that waited so long is answered by words alone
# Texts go as they are: counting their tokens would download OpenAI's tokenizer, and no chunk is near its limit.
_OPENAI: dict[str, Any] = {"timeout": _SECONDS, "max_retries": 1, "check_embedding_ctx_length": False}
_OPTIONS = {"openai": _OPENAI, "azure_openai": _OPENAI}


class ApiEmbedder:
    """A LangChain embedding model as the guidelines' search takes it: unit vectors, batches, one kind of error."""

    batch = 128  # texts a request; what a kill can cost

    def __init__(self, name: str, model: "Embeddings") -> None:
        self.id = name
        self._model = model
        self._dimension = 0

    @property
    def dimension(self) -> int:
        """How many numbers a vector has; known after the first text, else one word is embedded. EmbeddingError."""
        return self._dimension or len(self.embed_query("word"))

    def embed_documents(self, texts: Sequence[str]) -> "Vectors":
        """One float32 row of length 1 a text; raises EmbeddingError."""
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        parts = [list(texts[first : first + self.batch]) for first in range(0, len(texts), self.batch)]
        return np.concatenate([self._rows(partial(self._model.embed_documents, part), len(part)) for part in parts])

    def embed_query(self, text: str) -> "Vectors":
        """One float32 vector of length 1; raises EmbeddingError."""
        vector: Vectors = self._rows(lambda: [self._model.embed_query(text)], 1)[0]
        return vector

    def _rows(self, embed: Callable[[], list[list[float]]], count: int) -> "Vectors":
        import numpy as np

        try:
            rows = np.asarray(embed(), dtype=np.float32)
        except Exception as problem:  # each provider raises its own; the message may hold a key or a text
            code = getattr(problem, "status_code", "")
            raise EmbeddingError(
                f"{self.id} failed ({type(problem).__name__}{f' {code}' if code else ''})"
            ) from problem
        lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
        if rows.ndim != 2 or len(rows) != count or not np.isfinite(lengths).all() or not (lengths > 0).all():
            raise EmbeddingError(f"{self.id} gave something else than {count} vectors")
        if rows.shape[1] != (self._dimension or rows.shape[1]):
            raise EmbeddingError(f"{self.id} gave {rows.shape[1]} numbers where it gave {self._dimension}")
        self._dimension = rows.shape[1]
        unit: Vectors = rows / lengths
        return unit


def load_embeddings(settings: Settings, packaged: Callable[[], Loaded]) -> Loaded:
    """The embedder of the guidelines: the model that the settings name, else the packaged one.

    One that cannot be used gives its reason, and words alone are searched. Chunks are sized, and words told from
    typos, by the packaged tokenizer in any case, so that another model's vectors are of the very same texts.
    """
    loaded = packaged()
    if not settings.embeddings:
        return loaded
    provider = settings.embeddings.partition(":")[0].strip().lower()
    address: dict[str, Any] = {"base_url": settings.embeddings_base_url} if settings.embeddings_base_url else {}
    try:
        from langchain.embeddings import init_embeddings

        model = init_embeddings(settings.embeddings, **_OPTIONS.get(provider, {}), **address)
    except ImportError:
        reason = f"the package of the provider {provider} is not installed (`pip install 'steward[{provider}]'`)"
        return Loaded(None, reason, loaded.spans)
    except Exception as problem:  # each provider raises its own types for a missing key or a wrong name
        reason = (
            f"STEWARD_EMBEDDINGS={settings.embeddings} cannot be used ({type(problem).__name__}); name a provider and"
            " model, such as openai:text-embedding-3-small, and set its key"
        )
        return Loaded(None, reason, loaded.spans)
    return Loaded(ApiEmbedder(_name(settings), model), spans=loaded.spans)


def _name(settings: Settings) -> str:
    """Provider and model; the same name at another address may be another model."""
    if not settings.embeddings_base_url:
        return settings.embeddings
    return f"{settings.embeddings}@{hashlib.sha256(settings.embeddings_base_url.encode()).hexdigest()[:8]}"
