"""Citations: a quote is what the section says, to the letter (R17)."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge import LIBRARY
from knowledge.search.quotes import LONGEST, quote, sentences
from knowledge.sources.documents import read_folder
from knowledge.sources.sections import split

RULE = (
    "This section covers places. A request for a minor's school, e.g. by an adult, is labelled PRV-2 (see 3.4).\n"
    "It would be PRV-0 with a stated relation.\n\n- Deciding factor: no stated relation.\n1. Ask the owner!"
)


def test_the_sentence_that_answers_is_quoted() -> None:
    assert quote(RULE, "which label for asking the school").startswith(
        "A request for a minor's school, e.g. by an adult"
    )
    assert quote(RULE, "what is the deciding factor") == "Deciding factor: no stated relation."
    assert quote(RULE, "whom do I ask") == "Ask the owner!"


def test_without_a_common_word_the_first_sentence_is_quoted() -> None:
    assert quote(RULE, "zebra") == "This section covers places."


def test_meaning_decides_where_it_is_given() -> None:
    parts = sentences(RULE)
    assert quote(RULE, "zebra", [1.0 if part.startswith("It would") else 0.0 for part in parts]).startswith("It would")


def test_short_forms_and_numbers_end_no_sentence() -> None:
    text = "See Art. 28 and section 3.2 for this. Then stop."
    assert sentences(text) == ["See Art. 28 and section 3.2 for this.", "Then stop."]


def test_every_quote_of_the_shipped_guidelines_is_literal() -> None:
    """Every section, asked with its own heading, gives a literal and complete-looking quote."""
    found = 0
    for document in read_folder(LIBRARY).documents:
        for section in split(document.id, document.title, document.body)[1]:
            quoted = quote(section.text, section.path[-1])
            assert quoted in section.text
            found += bool(quoted)
    assert found > 100


_TEXT = st.text(max_size=300) | st.lists(
    st.sampled_from(
        ["One rule. ", "- item", "> said", "| a | b |", "\n", "\n\n", "3.2 ", "e.g. x", "規則。", "!", "`", "* "]
    )
).map("".join)


@given(_TEXT, st.text(max_size=60))
def test_a_quote_is_always_a_literal_part_of_the_text(text: str, query: str) -> None:
    quoted = quote(text, query)
    assert quoted in text
    assert len(quoted) <= LONGEST
    assert quoted or not any(c.isalnum() for c in text)
    assert all(part in text for part in sentences(text))
