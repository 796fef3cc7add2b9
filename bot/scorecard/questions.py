"""Files of questions: who asks what, in which thread, and which tool with which arguments is right.

    - {group: metric, thread: m1, ask: "recall of bullying-text v7?",
       expect: {tool: query_metrics, query: {model: bullying-text v7, metrics: [recall]}}}

`expect` is a tool with the part of the resolved query that matters, or the kind of an answer for which no tool may run,
or a list of these of which one must be met.
"""

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from bot.agent.answer import Kind
from tools.errors import SetupError
from tools.results import Frozen

Word = Annotated[str, Field(min_length=1)]


class Expectation(Frozen):
    """A tool and what its query must contain, or the kind of an answer without a tool."""

    tool: Word | None = None
    query: dict[Word, Any] = Field(default_factory=dict)
    kind: Kind | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Expectation":
        if (self.tool is None) == (self.kind is None):
            raise ValueError("name either a tool or a kind")
        if self.query and self.tool is None:
            raise ValueError("a query belongs to a tool")
        return self


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class Entry(Frozen):
    """One question of a file; `line` is where it begins there."""

    group: Word
    thread: Word
    ask: Word
    expect: Annotated[tuple[Expectation, ...], BeforeValidator(_listed), Field(min_length=1)]
    line: int = 0

    @property
    def tools(self) -> frozenset[str]:
        """The tools that are right; none where a kind of answer is expected."""
        return frozenset(one.tool for one in self.expect if one.tool)

    def expects(self, kind: Kind) -> bool:
        """Whether an answer of this kind is right."""
        return any(one.kind == kind for one in self.expect)


def read_questions(path: Path) -> list[Entry]:
    """The questions of a file, in order.

    Raises:
        SetupError: it cannot be read, is no list, or an entry has another form; names the entry and its line.
    """
    try:
        loader = yaml.SafeLoader(path.read_text("utf-8"))
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}). Name a file of questions.") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{path} is not UTF-8 text. Name a file of questions.") from error
    except yaml.YAMLError as error:  # characters that YAML does not have
        raise SetupError(f"{path} is not YAML. Name a file of questions.") from error
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.SequenceNode) or not root.value:
            raise SetupError(f"{path} is not a list of questions, each with group, thread, ask and expect.")
        return [_entry(path, at, node, loader) for at, node in enumerate(root.value, 1)]
    except yaml.MarkedYAMLError as error:
        where = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise SetupError(f"{path}{where}: {error.problem or 'not YAML'}. Mend it there.") from error
    finally:
        loader.dispose()


def _entry(path: Path, at: int, node: yaml.Node, loader: yaml.SafeLoader) -> Entry:
    line = node.start_mark.line + 1
    where = f"{path}, line {line} (question {at})"
    found = loader.construct_object(node, deep=True)
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise SetupError(f"{where}: not an entry with group, thread, ask and expect.")
    if "line" in found:
        raise SetupError(f"{where}: line: not a key of an entry.")
    try:
        return Entry.model_validate({**found, "line": line})
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in wrong["loc"]) or "expect"
        raise SetupError(f"{where}: {key}: {wrong['msg'].removeprefix('Value error, ')}.") from error
