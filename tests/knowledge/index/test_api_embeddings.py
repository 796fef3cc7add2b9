"""Embeddings of an API: real requests to a server on loopback that speaks OpenAI's form; failures leave words alone."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from bot.embeddings import ApiEmbedder, load_embeddings
from bot.guidelines import open_guidelines
from bot.settings import Settings
from knowledge import Knowledge, Loaded
from knowledge.errors import EmbeddingError
from knowledge.index.dense import AGAIN, Dense
from tests.knowledge.bags import Bags, alone
from tests.knowledge.conftest import CONTACT, Write

TEXTS: dict[str, str | bytes] = {
    "school.md": "# School\n\nA request for a school is labelled so.\n",
    "new.md": CONTACT.format(version="4.3", effective="2026-02-01", label="PRV-2"),
}


@dataclass
class Api:
    """Embeds by hashed words. `requests` keeps the texts of each request; `wrong` says what it answers instead."""

    requests: list[list[str]] = field(default_factory=list)
    wrong: str = ""
    url: str = ""
    bags: Bags = field(default_factory=Bags)

    @property
    def texts(self) -> list[str]:
        return [text for request in self.requests for text in request]

    def answer(self, body: Any) -> tuple[int, Any]:
        texts = [body["input"]] if isinstance(body["input"], str) else list(body["input"])
        self.requests.append(texts)
        rows = [(3 * self.bags.embed_query(text)).tolist() for text in texts]
        if self.wrong == "key":
            return 401, {"error": {"message": "Incorrect API key provided: zyxw-secret"}}
        if self.wrong == "down":
            return 500, {"error": {"message": "no"}}
        if self.wrong == "fewer":
            rows = rows[1:] or [[]]
        if self.wrong == "numbers":
            rows = [row[:8] for row in rows]
        if self.wrong == "zero":
            rows = [[0.0] * len(row) for row in rows]
        if self.wrong == "words":
            return 200, {"data": "none"}
        data = [{"object": "embedding", "index": n, "embedding": row} for n, row in enumerate(rows)]
        return 200, {
            "object": "list",
            "model": body["model"],
            "data": data,
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    there = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/embeddings"
            status, answer = there.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    monkeypatch.setenv("OPENAI_API_KEY", "zyxw-secret")
    yield there
    server.shutdown()
    server.server_close()


def _settings(api: Api, home: Path, name: str = "openai:lorem") -> Settings:
    return Settings(home=home, embeddings=name, embeddings_base_url=api.url)


@pytest.fixture
def embedder(api: Api, tmp_path: Path) -> ApiEmbedder:
    pytest.importorskip("langchain_openai")
    loaded = load_embeddings(_settings(api, tmp_path), alone)
    assert isinstance(loaded.embedder, ApiEmbedder), loaded.reason
    return loaded.embedder


@pytest.fixture
def knowledge(api: Api, embedder: ApiEmbedder, tmp_path: Path) -> Iterator[Knowledge]:
    """Guidelines opened as the settings say."""
    opened = open_guidelines(_settings(api, tmp_path), alone)
    yield opened
    opened.close()


def test_vectors_have_length_one_in_the_order_of_the_texts(embedder: ApiEmbedder, api: Api) -> None:
    """Whatever length the API gives; texts go as they are, many a request."""
    texts = [f"rule {n}" for n in range(300)]
    rows = embedder.embed_documents(texts)
    assert rows.shape == (300, 32)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert [len(request) for request in api.requests] == [128, 128, 44]
    assert api.texts == texts
    assert rows[7] == pytest.approx(embedder.embed_query("rule 7"), abs=1e-6)
    assert embedder.embed_documents([]).shape == (0, 32)


def test_the_id_names_provider_model_and_address(embedder: ApiEmbedder, api: Api) -> None:
    """The vectors of another model, or of one elsewhere by the same name, are never compared with these."""
    assert embedder.id.startswith("openai:lorem@")
    assert api.url not in embedder.id
    here, there = ({"embeddings": "openai:lorem", "embeddings_base_url": f"http://h{n}/v1"} for n in (1, 2))
    ids = {load_embeddings(Settings(**one), alone).embedder.id for one in (here, there)}  # type: ignore[arg-type, union-attr]
    assert len(ids) == 2


def test_the_dimension_costs_one_word_once(embedder: ApiEmbedder, api: Api) -> None:
    assert (embedder.dimension, embedder.dimension) == (32, 32)
    assert api.texts == ["word"]


def test_only_guidelines_and_the_question_are_sent(knowledge: Knowledge, api: Api, write: Write) -> None:
    """R2: what was added, then what was asked, one word at most beside; nothing for opening and for the status."""
    assert api.requests == []
    knowledge.add(write(TEXTS), "policy")
    indexed = set(api.texts)
    body = b"".join(text.encode() if isinstance(text, str) else text for text in TEXTS.values()).decode()
    assert all(text == "word" or text.rpartition("\n\n")[2] in body for text in indexed)
    api.requests.clear()
    knowledge.status()
    knowledge.editions()
    assert api.requests == []
    hits = knowledge.search("request for a school")
    assert hits[0].section == "school/school"
    assert hits[0].similarity is not None
    assert set(api.texts) == {"request for a school"}


def test_opening_and_the_status_send_nothing_on_a_later_day(
    knowledge: Knowledge, api: Api, write: Write, tmp_path: Path
) -> None:
    """A process that has not embedded yet does not know how long vectors are; it does not ask for the status."""
    knowledge.add(write(TEXTS), "policy")
    api.requests.clear()
    later = open_guidelines(_settings(api, tmp_path), alone)
    status = later.status()
    assert status.embedder.startswith("openai:lorem@")
    assert status.dense == "exact search (NumPy) over 3 vectors"
    assert api.requests == []
    later.close()


def test_only_what_changed_is_sent_again(knowledge: Knowledge, api: Api, write: Write) -> None:
    """An API is paid by the word."""
    folder = write(TEXTS)
    knowledge.add(folder, "policy")
    api.requests.clear()
    assert knowledge.add(folder, "policy").embedded == 0
    assert api.requests == []
    write({"school.md": "# School\n\nA request for a place is labelled so.\n"})
    assert knowledge.sync().embedded == 1
    assert [text.rpartition("\n\n")[2] for text in api.texts] == ["A request for a place is labelled so."]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("key", r"failed \(AuthenticationError 401\)"),
        ("down", r"failed \(InternalServerError 500\)"),
        ("fewer", "gave something else than 2 vectors"),
        ("zero", "gave something else than 2 vectors"),
        ("words", "failed"),
    ],
)
def test_whatever_the_api_does_wrong_is_one_kind_of_error(
    embedder: ApiEmbedder, api: Api, wrong: str, says: str
) -> None:
    """Neither the key nor a text stands in it: the status shows it."""
    api.wrong = wrong
    with pytest.raises(EmbeddingError, match=says) as caught:
        embedder.embed_documents(["zyxw one", "zyxw two"])
    assert "zyxw" not in str(caught.value)


def test_vectors_of_another_length_are_refused(embedder: ApiEmbedder, api: Api) -> None:
    assert embedder.dimension == 32
    api.wrong = "numbers"
    with pytest.raises(EmbeddingError, match="gave 8 numbers where it gave 32"):
        embedder.embed_query("x")


def test_a_model_that_changed_its_length_is_not_compared(
    knowledge: Knowledge, api: Api, write: Write, tmp_path: Path
) -> None:
    """By the same name, after the index was made: words alone, and the reason."""
    knowledge.add(write(TEXTS), "policy")
    api.wrong = "numbers"
    later = open_guidelines(_settings(api, tmp_path), alone)
    hits = later.search("request for a school")
    assert hits
    assert hits[0].similarity is None
    assert later.status().dense == "off: the embedder gives 8 numbers where it gave 32"
    later.close()


def test_when_the_api_is_down_words_alone_answer_and_the_status_says_so(
    knowledge: Knowledge, api: Api, write: Write, tmp_path: Path
) -> None:
    """R24: a question is answered, a folder is added; its vectors are made by the next sync."""
    folder = write(TEXTS)
    api.wrong = "down"
    report = knowledge.add(folder, "policy")
    assert report.without_vectors.endswith("failed (InternalServerError 500)")
    hits = knowledge.search("request for a school")
    assert hits
    assert hits[0].similarity is None
    assert "off" in knowledge.status().dense
    api.wrong = ""
    later = open_guidelines(_settings(api, tmp_path), alone)
    assert later.sync().embedded == 3
    assert later.search("request for a school")[0].similarity is not None
    later.close()


def test_an_api_that_failed_is_left_alone_for_a_while_and_then_tried_again(
    knowledge: Knowledge, embedder: ApiEmbedder, api: Api, write: Write, tmp_path: Path
) -> None:
    """A process that lives for weeks must not lose meaning for good by one lost packet."""
    knowledge.add(write(TEXTS), "policy")
    now = [0.0]
    dense = Dense(tmp_path / "knowledge", lambda: Loaded(embedder), "exact", lambda: now[0])
    api.wrong = "down"
    assert dense.embed("one") is None
    api.wrong = ""
    api.requests.clear()
    now[0] = AGAIN - 1
    assert dense.embed("two") is None
    assert api.requests == []
    now[0] = AGAIN
    assert dense.embed("three") is not None
    assert dense.loaded.embedder is embedder


def test_vectors_of_the_packaged_model_are_refused_with_the_command(
    api: Api, embedder: ApiEmbedder, write: Write, tmp_path: Path
) -> None:
    """An index of another embedder: words alone until it is made again, which the status says; then it works."""
    before = Knowledge(tmp_path / "knowledge", embedder=Bags().load)
    before.add(write(TEXTS), "policy")
    before.close()
    after = open_guidelines(_settings(api, tmp_path), alone)
    assert after.search("request for a school")[0].similarity is None
    assert "off: the vectors were made by bags" in after.status().dense
    assert "steward knowledge reindex" in after.status().dense
    assert after.reindex().embedded == 3
    assert after.search("request for a school")[0].similarity is not None
    after.close()


@pytest.mark.parametrize("name", ["lorem", "nobody:lorem", "openai:", ":lorem"])
def test_a_name_that_no_provider_has_leaves_words_alone(name: str, write: Write, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, embeddings=name)
    loaded = load_embeddings(settings, alone)
    assert loaded.embedder is None
    assert "STEWARD_EMBEDDINGS" in loaded.reason
    opened = open_guidelines(settings, alone)
    opened.add(write(TEXTS), "policy")
    assert opened.search("request for a school")
    assert "STEWARD_EMBEDDINGS" in opened.status().embedder
    opened.close()


def test_a_provider_whose_package_is_missing_is_named() -> None:
    loaded = load_embeddings(Settings(embeddings="cohere:lorem"), alone)
    assert loaded.embedder is None
    assert "the package of the provider cohere is not installed" in loaded.reason


def test_with_nothing_set_it_is_the_packaged_model() -> None:
    packaged = Loaded(Bags())
    assert load_embeddings(Settings(embeddings=""), lambda: packaged) is packaged


def test_any_langchain_embeddings_will_do() -> None:
    """Its vectors have lengths of about 6 and become 1."""
    embedder = ApiEmbedder("fake:lorem", DeterministicFakeEmbedding(size=40))
    assert embedder.dimension == 40
    assert np.linalg.norm(embedder.embed_documents(["a", "b"]), axis=1) == pytest.approx(1, abs=1e-5)
