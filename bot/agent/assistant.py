"""The assistant: one question in, one answer out; the one entry for every surface."""

import contextlib
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import structlog
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage

from bot.access.audit import Audit
from bot.access.content_gate import asks_for_content
from bot.access.escalation import escalation_text, needs_escalation, paste_text
from bot.access.paste_gate import looks_pasted
from bot.access.people_gate import asks_about_person
from bot.agent.agent import Agent
from bot.agent.answer import Answer, ToolCall
from bot.agent.composing import MISREAD, compose, greeting, in_order, of_error
from bot.agent.coverage import uncovered
from bot.agent.history import History
from bot.agent.planner import NAME, Planner
from bot.agent.question import Question
from bot.agent.toolbelt import barrier
from bot.agent.turn import Turn
from bot.agent.understanding.intents import REPLIES
from bot.agent.understanding.languages import to_english
from bot.agent.understanding.slots import slots_of
from bot.team import Escalation, Team
from tools.errors import Refusal
from tools.spec import ToolSpec
from tools.workspace import Call, Caller, Workspace

log = structlog.get_logger("steward.assistant")
# Control and direction characters, halves of characters that no database stores, and what pings a whole channel.
_CONTROL = re.compile(
    r"\x1b\[[\d;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]|<![^<>]*>?"
)


class Assistant:
    """Answers questions; safe to call from several threads.

    Args:
        workspace: what the tools work on.
        team: the team file as it stands now; read for each question, so a change needs no restart.
        specs: the tools.
        planner: the embedded chat model, also the fall-back.
        model: a language model and its name, or None for the planner alone.
        prompt: the system prompt of a language model.
    """

    def __init__(
        self, workspace: Workspace, team: Callable[[], Team], specs: list[ToolSpec[Any]], planner: Planner,
        model: tuple[str, BaseChatModel] | None, prompt: str, audit: Audit,
    ) -> None:  # fmt: skip
        self._workspace, self._team, self._specs, self._audit = workspace, team, specs, audit
        self._name, self._planner = model[0] if model else NAME, planner
        self._history = History(workspace.engine, workspace.now)
        self._last_route = Escalation()
        self._route()
        self._plain = Agent(planner, specs, None, None)
        self._agent = Agent(model[1], specs, prompt, planner) if model else self._plain

    def answer(self, question: Question) -> Answer:
        """The answer to one question. Never raises: a bug becomes an answer with an id that the log knows, too."""
        started, id = time.perf_counter(), secrets.token_hex(4)
        try:
            answer = self._gated(question, id) or self._answered(question, id)
        except Exception as error:
            # Only the kind of error is logged: its text could repeat what was asked (R3).
            log.error("answer failed", answer=id, error=type(error).__name__, where=_where(error))
            answer = of_error(id)
        answer = answer.model_copy(update={"elapsed_ms": round((time.perf_counter() - started) * 1000, 1)})
        self._record(question, answer)
        return answer

    def _gated(self, question: Question, id: str) -> Answer | None:
        """The answers before anything else: escalation (R22), pasted (R3), content (R1) or people (R9), no question."""
        forms = (question.text, _CONTROL.sub("", question.text))  # a mark inside a word hides nothing
        if any(map(needs_escalation, forms)):
            return Answer(id=id, kind="escalation", text=escalation_text(self._route()), model="fixed")
        if any(map(looks_pasted, forms)):
            return Answer(id=id, kind="refusal", text=paste_text(self._route()), model="fixed")
        if any(map(asks_for_content, (*forms, *map(to_english, forms)))):
            return Answer(id=id, kind="refusal", text=REPLIES["content"], model="fixed")
        people = [name for person in self._team().people for name in (person.id, person.name)]
        if any(asks_about_person(form, people) for form in (forms[1], to_english(forms[1]))):
            return Answer(id=id, kind="refusal", text=REPLIES["people"], model="fixed")
        if not _clean(question.text):
            return greeting(id, self._specs)
        return None

    def _answered(self, question: Question, id: str) -> Answer:
        person = self._team().person(question.asker)
        channel = self._team().channels.get(question.audience)
        caller = Caller(
            person.id if person else question.asker,
            frozenset(person.roles if person else ()),
            question.thread,
            channel.scope if channel else (),
        )
        text = _clean(question.text)
        turn = Turn(Call(self._workspace, caller), text, person is not None, question.outsiders)
        barred = barrier(turn)
        # The thread holds data that others were shown.
        messages = [*([] if barred else self._history.messages(question.thread)), HumanMessage(text)]
        said = self._agent.run(messages, turn)
        note = None
        if self._planned(text, messages, turn):
            turn, note = replace(turn, repaired=False, problems=[], results=[], errors=[]), MISREAD
            said = self._plain.run(messages, turn)
        turn.results[:] = in_order(said) or turn.results
        answer = compose(id, text, turn, [m for m in said if isinstance(m, AIMessage)], self._name, note)
        if barred and answer.kind == "clarify":  # asking back would name what is registered
            answer = answer.model_copy(update={"kind": "refusal", "text": str(barred), "choices": ()})
        self._history.add(question.thread, caller.person, text, turn.results, _short(answer.text))
        return answer

    def warm(self) -> None:
        """Build now what the first question would wait for."""
        self._agent.warm()
        self._planner.reader.warm()

    def _planned(self, text: str, messages: list[Any], turn: Turn) -> bool:
        """Whether the planner is to answer instead of the language model.

        So it is when the planner reads the question as one tool's, and the results are not about what the
        question names, or there are none. A proposal is never made twice (R12), a refusal stands.
        """
        if self._plain is self._agent or any(result.proposal for result in turn.results):
            return False
        if any(isinstance(error, Refusal) for error in turn.errors):
            return False
        if not turn.results:
            return self._planner.sure(text, messages)
        missing = uncovered(self._planner.reader.mentions(text), turn.results)
        return bool(missing) and self._planner.sure(text, messages)

    def _route(self) -> Escalation:
        """The configured route as last read, so that a team file broken since changes nothing; never fails (R22)."""
        with contextlib.suppress(Exception):
            self._last_route = self._team().escalation
        return self._last_route

    def _record(self, question: Question, answer: Answer) -> None:
        """One audit row: who, where, which tools on which data, what was shown as a hash. Never the question (R20)."""
        detail = {
            "answer": answer.id,
            "message": question.id,
            "surface": question.surface,
            "kind": answer.kind,
            "model": answer.model,
            "calls": [_without_text(call, self._specs) for call in answer.tool_calls],
            "runs": sorted({p.run for r in answer.results for p in r.provenance if p.run}),
            "sections": sorted({f"{c.section}@{c.version}" for c in answer.citations}),
            "proposals": [proposal.id for proposal in answer.proposals],
            "shown": _digest(answer.text),
        }
        try:
            self._audit.append(question.asker, question.audience, "answer", detail)
        except Exception as error:
            log.error("audit failed", answer=answer.id, error=type(error).__name__)


def _without_text(call: ToolCall, specs: Sequence[ToolSpec[Any]]) -> dict[str, Any]:
    """A call without what holds the question's own words; of a tool that nobody knows, the name alone (R20)."""
    spec = next((one for one in specs if one.name == call.name), None)
    free = {name for name, slot in slots_of(spec).items() if slot.kind == "text"} if spec else call.arguments.keys()
    kept = {name: value for name, value in call.arguments.items() if name not in free}
    return {"name": call.name, "arguments": kept}


def _clean(text: str) -> str:
    """Without control and direction characters, with single spaces."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _short(text: str) -> str:
    return text if len(text) <= 600 else f"{text[:599]}…"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _where(error: BaseException) -> str:
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(frames[-4:])
