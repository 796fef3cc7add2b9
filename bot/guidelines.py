"""Guidelines: the knowledge of a home, opened as the settings say; light, for commands that need nothing else."""

from collections.abc import Callable
from functools import partial

from bot.embeddings import load_embeddings
from bot.settings import Settings
from knowledge import Knowledge, Loaded
from knowledge.index.chroma_server import Server
from knowledge.index.dense import Store
from knowledge.index.embeddings import load as load_embedder
from tools.errors import SetupError


def open_guidelines(
    settings: Settings, packaged: Callable[[], Loaded] = load_embedder, *, lasting: bool = False
) -> Knowledge:
    """The guidelines with the embeddings and the Chroma server that the settings name, if they do.

    Raises:
        SetupError: the address of the Chroma server is none.
    """
    # A process that lasts owns Chroma's folder; a command that ends at once would spend its time importing it.
    store: Store = "chroma" if lasting else "auto"
    if settings.chroma_url:
        try:
            store = Server(settings.chroma_url)
        except ValueError as problem:
            raise SetupError(f"STEWARD_CHROMA_URL {problem}. Change or unset it.") from None
    return Knowledge(settings.home / "knowledge", embedder=partial(load_embeddings, settings, packaged), store=store)
