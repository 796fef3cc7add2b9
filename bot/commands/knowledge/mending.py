"""`steward knowledge reindex`."""

from bot.commands.knowledge.opening import opened
from bot.commands.knowledge.saying import say_report
from bot.commands.progress import progress


def reindex() -> None:
    """Read every added folder again and make the index anew; mends a missing or damaged one.

    Example: steward knowledge reindex
    """
    with opened() as knowledge, progress() as tell:
        report = knowledge.reindex(tell)
    say_report("Made the index anew", report)
