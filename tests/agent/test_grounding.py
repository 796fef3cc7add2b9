"""No number and no quote of a language model reaches anyone unless this turn's results hold it (R14, R15, R17)."""

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from bot.agent.middleware.grounding import UNGROUNDED
from tests.agent.conftest import OpenWithModel
from tests.agent.scripted import NAME, calls, says
from tools.results import Result

ASK = "recall for bullying-text v7 on the oct golden set?"
RECALL = ("query_metrics", {"model": "bullying-text v7", "dataset": "golden 2026-10", "metrics": ["recall"]})
SECTION = ("search_guidelines", {"query": "which label when an adult asks a minor for their school"})


def shown(result: Result) -> str:
    """The number that a headline shows first: `0.845`."""
    return result.headline.split("**")[1].split()[-1]


def test_r15_a_wrong_number_is_sent_back_once_and_the_mended_draft_is_taken(open_with_model: OpenWithModel) -> None:
    """The repair names the offending piece; the draft that then copies the result is the answer."""
    right: list[str] = []

    def mended(messages: list[BaseMessage]) -> AIMessage:
        right.append(str(next(m for m in messages if m.type == "tool").content).split("**")[1].split()[-1])
        return says(f"It catches {right[0]} of them.")

    desk, model = open_with_model(calls(RECALL), says("It catches 0.123 of them."), mended)
    answer = desk.ask(ASK)
    repair = model.seen[2][-1]
    assert isinstance(repair, HumanMessage)
    assert "“0.123”" in str(repair.content)
    assert answer.text.startswith(f"It catches {right[0]} of them.")
    assert "0.123" not in answer.text
    assert UNGROUNDED not in answer.text
    assert (answer.model, model.calls) == (NAME, 3)


def test_r15_wrong_twice_is_answered_by_the_results_alone_and_says_so(open_with_model: OpenWithModel) -> None:
    """There is one repair, not two; the invented number is nowhere in the answer."""
    desk, model = open_with_model(calls(RECALL), says("It is 0.123."), says("Sorry, it is 0.124."))
    answer = desk.ask(ASK)
    assert answer.text.startswith(UNGROUNDED)
    assert answer.results[0].headline in answer.text
    assert "0.123" not in answer.text
    assert "0.124" not in answer.text
    assert UNGROUNDED in answer.caveats
    assert model.calls == 3


def test_r15_a_number_in_words_is_a_number(open_with_model: OpenWithModel) -> None:
    """“ninety percent” is sent back like 90 %."""
    desk, model = open_with_model(calls(RECALL), says("Roughly ninety percent."), says("Most of them."))
    answer = desk.ask(ASK)
    assert "“ninety”" in str(model.seen[2][-1].content)
    assert answer.text.startswith("Most of them.")


def test_r15_a_rate_may_be_said_as_a_percentage(open_with_model: OpenWithModel) -> None:
    """0.845 of the result is 84.5 % in a draft, without a repair."""
    desk, model = open_with_model(calls(RECALL), says("-"))
    rate = float(shown(desk.ask(ASK).results[0]))
    model.steps[:] = [calls(RECALL), says(f"It catches {rate * 100:.1f} % of them.")]
    answer = desk.ask(ASK, thread="terminal:two")
    assert answer.text.startswith(f"It catches {rate * 100:.1f} % of them.")
    assert model.calls == 4


def test_r15_the_numbers_of_the_question_may_be_repeated(open_with_model: OpenWithModel) -> None:
    """A threshold that the person named is no invention."""
    desk, model = open_with_model(says("At 0.37 I would have to look; say which model."))
    answer = desk.ask("what happens at 0.37?")
    assert answer.text == "At 0.37 I would have to look; say which model."
    assert model.calls == 1


def test_r15_a_model_that_looks_nothing_up_gets_no_number_through(open_with_model: OpenWithModel) -> None:
    """Without a tool call there is no source, however sure the draft sounds."""
    desk, _ = open_with_model(says("Recall is 0.95."), says("Recall is 95 %, I am certain."))
    answer = desk.ask("lorem ipsum dolor?")
    assert "95" not in answer.text
    assert answer.kind == "refusal"
    assert answer.results == ()


def test_r15_numbers_of_the_turns_before_are_no_source(open_with_model: OpenWithModel) -> None:
    """What was true of another query may not be said of this one."""
    desk, model = open_with_model(calls(RECALL), says("-"))
    old = shown(desk.ask(ASK).results[0])
    model.steps[:] = [says(f"Also {old}."), says(f"Still {old}.")]
    answer = desk.ask("and v8-rc1?")
    assert old not in answer.text


def test_r17_an_invented_quote_is_refused(open_with_model: OpenWithModel) -> None:
    """Words in quotation marks stand in a section of this turn, or the answer is the section itself."""
    invented = "Any question about a school is labelled with the highest level at once."
    desk, model = open_with_model(calls(SECTION), says(f"> {invented}"), says(f"The rule: “{invented}”"))
    answer = desk.ask("adult asks a kid what school they go to. which label?")
    assert invented in str(model.seen[2][-1].content)
    assert invented not in answer.text
    assert answer.citations[0].quote in answer.text


def test_r17_a_verbatim_quote_is_taken(open_with_model: OpenWithModel) -> None:
    """The sentence as the section has it passes, and document, section and version follow it."""

    def quoting(messages: list[BaseMessage]) -> AIMessage:
        text = str(next(m for m in messages if m.type == "tool").content)
        sentence = next(line for line in text.splitlines() if line.startswith("> "))
        return says(f"The rule:\n{sentence}")

    desk, model = open_with_model(calls(SECTION), quoting)
    answer = desk.ask("adult asks a kid what school they go to. which label?")
    assert model.calls == 2
    assert answer.text.startswith(f"The rule:\n> {answer.citations[0].quote}")
    assert answer.citations[0].line() in answer.text


def test_r17_another_label_than_the_sections_is_refused(open_with_model: OpenWithModel) -> None:
    """A label code counts as a whole: its digits standing somewhere else do not ground it."""
    desk, _ = open_with_model(calls(SECTION), says("That is XYZ-2."), says("Surely XYZ-2."))
    answer = desk.ask("adult asks a kid what school they go to. which label?")
    assert "XYZ-2" not in answer.text


def test_r14_what_a_draft_leaves_out_is_added_from_the_results(open_with_model: OpenWithModel) -> None:
    """k of n, the interval, run, dataset and threshold stand below whatever the model wrote."""
    desk, _ = open_with_model(calls(RECALL), says("It looks good."))
    answer = desk.ask(ASK)
    result = answer.results[0]
    assert answer.text.startswith("It looks good.")
    assert result.headline in answer.text
    assert result.provenance[0].line() in answer.text
    assert all(str(part) in answer.text for part in (result.provenance[0].run, "golden 2026-10", "0.35"))


def test_two_tool_calls_of_one_message_both_count(open_with_model: OpenWithModel) -> None:
    """Both results are in the answer, and a draft may use the numbers of either."""
    older = ("query_metrics", {**RECALL[1], "model": "bullying-text v6"})

    def both(messages: list[BaseMessage]) -> AIMessage:
        values = [str(m.content).split("**")[1].split()[-1] for m in messages if m.type == "tool"]
        return says(f"From {values[1]} to {values[0]}.")

    desk, model = open_with_model(calls(RECALL, older), both)
    answer = desk.ask("recall of bullying-text v7 and v6?")
    assert model.calls == 2
    assert [result.query["model"] for result in answer.results] == ["bullying-text v7", "bullying-text v6"]
    assert answer.text.startswith(f"From {shown(answer.results[1])} to {shown(answer.results[0])}.")
