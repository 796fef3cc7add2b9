"""Following: an approved run, from the card's progress line to the one message with its result."""

import asyncio
import time

from bot.approvals import Progress
from bot.slack.approvals import Cards
from bot.slack.claims import Claim
from bot.slack.delivery import Delivery
from bot.slack.desk import Front
from bot.slack.escapes import literal
from bot.slack.failures import report
from bot.slack.rendering import Reply, sentence
from bot.slack.rendering import report as report_of
from bot.slack.timing import Timing

PATIENCE = 20  # readings that may fail in a row before the run is given up


class Following:
    """Reads the progress of a run, edits its card in place, and posts the result once."""

    def __init__(self, front: Front, delivery: Delivery, cards: Cards, timing: Timing) -> None:
        self._front = front
        self._delivery = delivery
        self._cards = cards
        self._timing = timing

    async def follow(self, claim: Claim) -> None:
        """Follow the run of a `result` claim to its end; after a crash too, for a result already posted is found."""
        run_id, proposal = claim.parts
        shown, edited, failures = "", float("-inf"), 0
        while True:
            try:
                progress = await self._front.progress(run_id)
            except Exception as error:
                failures += 1
                error_id = report("progress_unknown", error, claim=claim.key)
                if failures >= PATIENCE:
                    await self._delivery.final(claim, _lost(run_id, error_id))
                    return
            else:
                failures = 0
                over = progress.status in ("done", "failed")
                line = _line(progress)
                if line != shown and (over or time.monotonic() - edited >= self._timing.edit):
                    await self._edit(claim, proposal, line)
                    shown, edited = line, time.monotonic()
                if over:
                    await self._delivery.final(claim, report_of(progress.sentence))
                    return
            await asyncio.sleep(self._timing.poll)

    async def _edit(self, claim: Claim, proposal: str, line: str) -> None:
        try:
            await self._cards.edit(claim, proposal, progress=line)
        except Exception as error:
            # The card is a convenience; the result is what was promised.
            report("card_not_redrawn", error, claim=claim.key)


def _line(progress: Progress) -> str:
    share = f" · {progress.done} of {progress.total}" if progress.total and progress.status == "running" else ""
    return f"{literal(progress.status.capitalize())}{share} · run {literal(progress.run_id)}"


def _lost(run_id: str, error_id: str) -> Reply:
    return sentence(
        f"I cannot read the progress of run `{run_id}` any more. Error `{error_id}`. "
        "The run itself may still finish; ask me for the last runs."
    )
