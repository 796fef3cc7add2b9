"""Chunks: what is embedded is neither too short to mean something nor longer than the model reads."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Loaded
from knowledge.index.chunks import LARGEST, MAX_PREFIX, SMALLEST, TokenSpans, approximate, chunk

SENTENCE = "The reviewer notes which relation the account states and where it stands. "
LONG = (SENTENCE * 7 + "\n\n") * 9


def _sizes(text: str, spans: TokenSpans, title: str = "Standard", path: tuple[str, ...] = ("3 Contact",)) -> list[int]:
    return [len(spans(one.heading)) + len(spans(text[one.start : one.end])) for one in chunk(title, path, text, spans)]


def test_a_section_that_fits_is_one_chunk() -> None:
    assert [(one.start, one.end) for one in chunk("T", ("A",), "Short.")] == [(0, 6)]


def test_a_long_section_gives_chunks_of_180_to_220_tokens() -> None:
    sizes = _sizes(LONG, approximate)
    assert len(sizes) > 3
    assert all(SMALLEST <= size <= LARGEST for size in sizes)


def test_the_real_tokenizer_gives_the_same_sizes(minilm: Loaded) -> None:
    sizes = _sizes(LONG, minilm.spans)
    assert len(sizes) > 3
    assert all(SMALLEST <= size <= LARGEST for size in sizes)


def test_cuts_fall_between_sentences() -> None:
    for one in chunk("T", ("A",), LONG):
        assert LONG[one.start :].startswith("The reviewer")
        assert LONG[: one.end].rstrip().endswith("stands.")


def test_the_heading_path_stands_in_front_and_is_shortened_from_the_top() -> None:
    assert chunk("Standard", ("3 Contact", "3.2 Place"), "x")[0].heading == "Standard > 3 Contact > 3.2 Place"
    path = tuple(f"Heading number {n} of a very deep document" for n in range(20))
    heading = chunk("Standard", path, "x")[0].heading
    assert heading.endswith("number 19 of a very deep document")
    assert len(approximate(heading)) <= MAX_PREFIX


@pytest.mark.parametrize("text", ["a" * 50_000, "規則" * 3_000, "x " * 5_000, "\n".join("row" for _ in range(900))])
def test_text_without_sentences_is_cut_too(text: str) -> None:
    assert all(size <= LARGEST for size in _sizes(text, approximate))


@given(st.lists(st.sampled_from(["word", "a-b", "one. ", "\n\n", " ", "規", "\n", "— ", "x" * 30]), max_size=900))
def test_chunks_cover_the_whole_text(parts: list[str]) -> None:
    """Every token of the text stands in a chunk, and none is too large."""
    text = "".join(parts)
    chunks = chunk("T", ("A",), text)
    assert chunks[0].start == 0
    assert chunks[-1].end == len(text)
    for one, following in pairwise(chunks):
        assert one.start < following.start
        assert not text[one.end : following.start].strip()
    assert all(size <= LARGEST for size in _sizes(text, approximate, "T", ("A",)))
