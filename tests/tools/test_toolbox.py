"""What all tools promise: examples mean something, numbers have a source, a query can be asked again."""

from typing import Any

import pytest

from tests.tools.asked import ask
from tools.arguments import Slot
from tools.errors import ToolError
from tools.launches import PROPOSE_EVAL
from tools.resolution import Missing
from tools.results import Result
from tools.spec import EVERYONE, OPERATORS, Example, ToolSpec
from tools.toolbox import TOOLS
from tools.workspace import Call

READ = [tool for tool in TOOLS if tool.needs != "guidelines" and tool.effect == "read"]
EXAMPLES = [(tool, example) for tool in TOOLS for example in tool.examples]


def _is_text(metadata: list[Any]) -> bool:
    return any(isinstance(one, Slot) and one.kind == "text" for one in metadata)


def _name(value: object) -> str:
    return value.name if isinstance(value, ToolSpec) else value.ask if isinstance(value, Example) else str(value)


@pytest.mark.parametrize("tool", TOOLS, ids=_name)
def test_a_tool_is_declared_whole(tool: ToolSpec[Any]) -> None:
    """Name, summary, topic, roles, every argument described, a dozen different examples."""
    assert tool.name
    assert tool.name.replace("_", "").isalpha()
    assert tool.summary.endswith(".")
    assert tool.topic
    assert tool.roles <= EVERYONE
    assert all(field.description for field in tool.arguments.model_fields.values())
    assert len({example.ask for example in tool.examples}) == len(tool.examples) >= 12


def test_only_operators_may_propose() -> None:
    """And nothing but a proposal has an effect; what concerns a guideline is for those who answer for its use."""
    proposing = {tool.name: tool.roles for tool in TOOLS if tool.effect != "read"}
    assert proposing == {"propose_eval": OPERATORS, "propose_guideline_issue": {"policy", "qa-lead", "admin"}}


def test_no_two_tools_claim_the_same_question() -> None:
    """The planner learns from these."""
    asked = [example.ask for _, example in EXAMPLES]
    assert len(set(asked)) == len(asked)
    assert len({tool.name for tool in TOOLS}) == len(TOOLS)


@pytest.mark.parametrize(("tool", "example"), EXAMPLES, ids=_name)
def test_the_arguments_of_an_example_are_valid(tool: ToolSpec[Any], example: Example) -> None:
    """Under the tool's own model; an unknown argument is an error."""
    free = {name: example.ask for name, field in tool.arguments.model_fields.items() if _is_text(field.metadata)}
    given = free | example.arguments
    tool.arguments(**given)
    with pytest.raises(ValueError, match="nonsense"):
        tool.arguments(**given, nonsense=1)


@pytest.mark.parametrize(
    ("tool", "example"), [pair for pair in EXAMPLES if pair[0] in READ], ids=_name
)  # fmt: skip
def test_an_example_is_answered_or_asks_which_one_is_meant(call: Call, tool: ToolSpec[Any], example: Example) -> None:
    """On the sample every name in an example resolves; what an example leaves open is asked about, with choices."""
    try:
        result = ask(tool, call, **example.arguments)
    except Missing as missing:
        assert missing.what == "model"
        assert "model" not in example.arguments
        assert len(missing.nearest) > 1
    except ToolError as error:
        # An alias that two models share, or a comparison with itself: the choices are there.
        assert "which one" in str(error) or "with which other" in str(error), error
        assert error.nearest
    else:
        assert result.tool == tool.name
        assert result.headline


@pytest.mark.parametrize("example", PROPOSE_EVAL.examples, ids=_name)
def test_an_example_of_a_proposal_leads_to_a_card_or_to_the_run_there_is(own_call: Call, example: Example) -> None:
    """Or asks which model is meant."""
    try:
        result = ask(PROPOSE_EVAL, own_call, **example.arguments)
    except ToolError as error:
        assert error.nearest, error
    else:
        assert result.proposal or "nothing to start" in result.headline


SOURCED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "query_metrics": ({"model": "v7", "group_by": ["language"]}, {"run", "model", "threshold"}),
    "compare_models": ({"model": "v8-rc1"}, {"run", "model", "threshold"}),
    "class_metrics": ({"model": "v7"}, {"run", "model", "threshold"}),
    "metric_trend": ({"metrics": ["recall"], "model": "bullying-text"}, {"run", "model", "threshold"}),
    "find_threshold": ({"model": "challenge-video v4", "max_fpr": 0.02}, {"run", "model", "threshold"}),
    "find_gaps": ({"model": "bullying-text v7"}, set()),
    "check_gates": ({"model": "bullying-text v7"}, {"run", "model", "threshold"}),
    "dataset_stats": ({"group_by": ["surface"]}, set()),
    "compare_datasets": ({"dataset": "golden 2026-10"}, set()),
    "check_dataset": ({"dataset": "golden 2026-10"}, set()),
    "label_agreement": ({}, set()),
    "plan_sample": ({"items": 500, "model": "bullying-text v7"}, {"run", "model", "threshold"}),
}
CALCULATIONS = {"plan_acceptance", "check_proportion"}  # their numbers are those of the question


@pytest.mark.parametrize("name", SOURCED)
def test_a_result_with_numbers_has_its_whole_provenance(call: Call, name: str) -> None:
    """Nothing of it is empty, and the line people copy has all of it (R14)."""
    arguments, more = SOURCED[name]
    (tool,) = [tool for tool in TOOLS if tool.name == name]
    result = ask(tool, call, **arguments)
    assert result.provenance
    for source in result.provenance:
        facts = {
            fact: getattr(source, fact) for fact in {"dataset", "gold_version", "guideline_version", "as_of"} | more
        }
        assert all(value not in (None, "") for value in facts.values()), facts
        assert all(f"{value:g}" if isinstance(value, float) else value in source.line() for value in facts.values())


def test_every_read_tool_over_data_is_covered_here() -> None:
    """A new one declares its source, or is a list or a description whose rows are their own."""
    assert {tool.name for tool in READ} == set(SOURCED) | CALCULATIONS | {"list_runs", "describe"}


@pytest.mark.parametrize("name", [*SOURCED, "list_runs", "describe"])
def test_a_query_can_be_asked_again(call: Call, name: str) -> None:
    """The resolved call of a result gives the same result: that is what a follow-up changes; it may hold more."""
    (tool,) = [tool for tool in TOOLS if tool.name == name]
    arguments = {"list_runs": {"model": "v7"}, "describe": {"subject": "v7"}}.get(name) or SOURCED[name][0]
    first = ask(tool, call, **arguments)
    known = {key: value for key, value in first.query.items() if key in tool.arguments.model_fields}
    again = ask(tool, call, **{key: value for key, value in known.items() if value is not None})
    assert _plain(again) == _plain(first)


def test_a_row_holds_what_its_columns_name(call: Call) -> None:
    """So that any surface can draw it."""
    for name, (arguments, _) in SOURCED.items():
        (tool,) = [tool for tool in TOOLS if tool.name == name]
        result = ask(tool, call, **arguments)
        wanted = {column.key for column in result.columns} | {column.other for column in result.columns if column.other}
        assert all(wanted <= row.keys() for row in result.rows)


def _plain(result: Result) -> dict[str, Any]:
    """A result but for the defaults it needed."""
    return result.model_dump(exclude={"defaults"})
