"""An import in a process that dies at a step: `python -m tests.tools.importers.interrupted DATABASE ROOT FILE STEP`."""

import os
import sys
from pathlib import Path

from tests.clock import Clock
from tests.tools.importers.files import request
from tools.importers.predictions import import_predictions
from tools.store.database import connect


def main(database: str, root: str, file: str, step: str) -> None:
    """Import, and be gone without a word at the first progress of a kind (`counting 1`)."""

    def tell(what: str, done: int, total: int) -> None:
        if f"{what} {done}" == step:
            os._exit(9)

    import_predictions(connect(database), Path(root), request(Path(file)), Clock(), "ana", tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
