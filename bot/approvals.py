"""Approvals: the only door to an effect. A person presses a button; one compare-and-set decides, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.access.audit import Audit
from bot.agent.rendering import render
from bot.effects.effect import Effect
from bot.effects.evaluations import Evaluations
from bot.effects.guideline_issues import GuidelineIssues
from bot.team import Person, Team
from tools import proposals
from tools.guidelines import issues
from tools.jobs.engine import JobEngine
from tools.metrics.query import QUERY_METRICS, QueryMetrics
from tools.runs import RunEntry, find_run
from tools.store.session import writing
from tools.store.tables import Proposal
from tools.workspace import Call, Caller, Workspace

Verdict = Literal["approve", "reject"]


@dataclass(frozen=True)
class Decision:
    """What a button press did.

    `status` is `approved` or `rejected` for the one press that decided, `already` for any later one, `expired`,
    `forbidden` (this person may not; the card stays) or `unknown`. `sentence` is ready to show; `run_id` is set once
    an evaluation is approved.
    """

    status: Literal["approved", "rejected", "already", "expired", "forbidden", "unknown"]
    sentence: str
    run_id: str | None = None


@dataclass(frozen=True)
class Progress:
    """How far a run is: shards done of all, and a finished Markdown report once `status` is `done` or `failed`."""

    run_id: str
    status: Literal["queued", "running", "done", "failed"]
    done: int
    total: int
    sentence: str


class Approvals:
    """Decides proposals for known people.

    Two independent controls for R12: the person's role is checked here from the team file, never from text; and the
    row itself is decided by one compare-and-set, in the same transaction that stores what is approved.
    """

    def __init__(self, workspace: Workspace, team: Callable[[], Team], audit: Audit, jobs: JobEngine) -> None:
        self._workspace, self._team, self._audit = workspace, team, audit
        self._effects: Mapping[str, Effect] = {
            "evaluation": Evaluations(workspace, jobs),
            issues.KIND: GuidelineIssues(workspace),
        }

    def decide(self, proposal: str, verdict: Verdict, asker: str) -> Decision:
        """Approve or reject a proposal as a person; what is approved is exactly what was shown, and runs once."""
        proposals.expire(self._workspace.engine, self._workspace.now())
        row = proposals.find(self._workspace.engine, proposal)
        if row is None:
            return Decision("unknown", "I don't know this proposal; it may be from another workspace.")
        person = self._team().person(asker)
        decision = self._settled(row) or self._forbidden(row, verdict, person)
        if decision is None:
            assert person is not None
            decision = self._decide(row, verdict, person)
        self._audit.append(
            person.id if person else asker,
            row.thread or "",
            verdict,
            {"proposal": proposal, "status": decision.status, "hash": row.arguments_hash, "run": decision.run_id},
        )
        return decision

    def progress(self, run: str) -> Progress:
        """How far a run is, with the result once it is done."""
        entry = find_run(self._workspace.engine, run)
        if entry is None:
            return Progress(run, "failed", 0, 0, f"I don't know a run {run}.")
        names = f"{entry.model_id.replace('@', ' ')} on {entry.dataset_id.replace('@', ' ')}"
        if entry.status == "done":
            return Progress(run, "done", entry.shards, entry.shards, self._report(entry, names))
        if entry.status == "failed":
            reason = entry.error or "for a reason that was not recorded"
            again = f"Ask me again to “run {entry.dataset_id.replace('@', ' ')} on {entry.model_id.replace('@', ' ')}”."
            return Progress(run, "failed", entry.done, entry.shards, f"Run {run} ({names}) failed: {reason} {again}")
        share = f"{entry.done} of {entry.shards} shards"
        return Progress(run, _STATUS[entry.status], entry.done, entry.shards, f"Run {run}: {names}, {share}.")

    def _report(self, entry: RunEntry, names: str) -> str:
        arguments = QueryMetrics(model=entry.model_id, dataset=entry.dataset_id)
        result = QUERY_METRICS.run(arguments, Call(self._workspace, Caller("steward", frozenset({"viewer"}))))
        return f"Run {entry.id} is done: {names}.\n\n{render(result)}"

    def _settled(self, row: Proposal) -> Decision | None:
        if row.status == "expired":
            return Decision("expired", f"This proposal expired on {row.expires_at:%Y-%m-%d %H:%M} UTC. Ask me again.")
        if row.status != "pending":
            who = row.decided_by or "someone"
            person = self._team().person(who)
            when = f"{row.decided_at:%Y-%m-%d %H:%M} UTC" if row.decided_at else "earlier"
            name = person.name or person.id if person else who
            sentence = f"Already {row.status} by {name}, {when}."
            if row.status != "approved":
                return Decision("already", sentence)
            return Decision("already", self._finished(row, sentence), row.run_id)
        return None

    def _forbidden(self, row: Proposal, verdict: Verdict, person: Person | None) -> Decision | None:
        if person is None:
            return Decision("forbidden", "I don't know you yet; ask an admin to add you to the people.")
        if verdict == "reject" and person.id == row.proposer:
            return None  # anyone may withdraw what they asked for
        effect = self._effects.get(row.kind)
        roles = effect.roles if effect else frozenset({"admin"})
        if not roles & set(person.roles):
            return Decision("forbidden", f"Only {', '.join(sorted(roles))} may decide this proposal.")
        if verdict == "approve" and row.needs_second_person and person.id == row.proposer:
            return Decision("forbidden", "This one is above the limit: someone other than you must approve it.")
        return None

    def _decide(self, row: Proposal, verdict: Verdict, person: Person) -> Decision:
        if verdict == "approve" and proposals.arguments_hash(row) != row.arguments_hash:
            return Decision("forbidden", "This proposal is not what was shown any more, so it cannot be approved.")
        now, name = self._workspace.now(), person.name or person.id
        if verdict == "reject":
            with writing(self._workspace.engine) as session:
                won = proposals.decide(session, row.id, "rejected", person.id, now, None)
            return Decision("rejected", f"Rejected by {name}, {now:%H:%M} UTC.") if won else self._late(row)
        effect = self._effects.get(row.kind)
        step = effect.prepare(row) if effect else f"This Steward does not know what to do about a {row.kind}."
        if isinstance(step, str):
            return Decision("forbidden", step)
        run = row.arguments.get("run")
        with writing(self._workspace.engine) as session:
            won = proposals.decide(session, row.id, "approved", person.id, now, run)
            if won:
                step(session, person.id, now)
        if not won:
            return self._late(row)
        return Decision("approved", self._finished(row, f"Approved by {name}, {now:%H:%M} UTC."), run)

    def _finished(self, row: Proposal, sentence: str) -> str:
        """The sentence of an approved proposal, with what the effect has to say."""
        effect = self._effects.get(row.kind)
        more = effect.finish(row) if effect else ""
        return f"{sentence} {more}".rstrip()

    def _late(self, row: Proposal) -> Decision:
        """Someone else was faster."""
        again = proposals.find(self._workspace.engine, row.id)
        return (self._settled(again) if again else None) or Decision("unknown", "This proposal is gone.")


_STATUS: dict[str, Literal["queued", "running"]] = {"queued": "queued", "running": "running"}
