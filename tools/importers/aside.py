"""Setting aside: what an import writes before it is whole lies in a folder of its own, gone when the import ends."""

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.evals.duck import SPILL

PARTIAL = ".importing-"
_STALE = 24 * 3600  # seconds; an import that was killed leaves its folder, one that still works touches it


@contextmanager
def set_aside(folder: Path) -> Iterator[Path]:
    """A new folder in `folder`, removed at the end, whatever the end; what imports left that were killed goes too."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in [*folder.glob(f"{PARTIAL}*"), *folder.glob(f"{SPILL}*")]:
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _STALE:
                shutil.rmtree(left, ignore_errors=True)
    aside = folder / f"{PARTIAL}{secrets.token_hex(4)}"
    aside.mkdir()
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)
