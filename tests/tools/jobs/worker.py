"""A process that works off the runs until it is killed: `python -m tests.tools.jobs.worker DATABASE JOBS ROOT`.

It says `in charge` or `waiting` once it has started.
"""

import sys
import time
from pathlib import Path

from tests.clock import Clock
from tools.jobs.dbos_engine import DbosEngine
from tools.store.database import connect


def main() -> None:
    """Never returns."""
    database, jobs, root = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    engine = DbosEngine(connect(database), root, jobs, Clock(), root.parent / "jobs.lock")
    print("in charge" if engine.start() else "waiting", flush=True)
    time.sleep(3600)


if __name__ == "__main__":
    main()
