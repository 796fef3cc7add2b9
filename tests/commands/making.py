"""Makes the sample home in a process that a test may kill: `python -m tests.commands.making`, with STEWARD_HOME set.

It is `steward init --sample` on a machine without the embedding model, which would take most of the time.
"""

from bot.home import create
from bot.settings import load
from knowledge import Knowledge
from tests.knowledge.bags import alone


def main() -> None:
    """Make it, or go on where an earlier process was killed."""
    create(
        load(), sample=True, tell=lambda what, done, of: None,
        knowledge=lambda folder: Knowledge(folder / "knowledge", embedder=alone),
    )  # fmt: skip


if __name__ == "__main__":
    main()
