"""Terms: files that people edit; whatever stands in one, questions are answered and nothing of it is lost."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.errors import FolderError
from knowledge.search.terms import read_terms, set_term, stamps

BROKEN = [b"kid: [minor", b"- kid\n- minor", b"\xff\xfe\0", b"[" * 5_000, b"kid: &a [*a", b"x" * 500_000, b"7"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "terms.yaml"


def _files(folder: Path, *texts: str) -> list[Path]:
    files = [folder / f"{n}.yaml" for n in range(len(texts))]
    for one, text in zip(files, texts, strict=True):
        one.write_text(text)
    return files


def test_a_later_file_wins(tmp_path: Path) -> None:
    """The home's comes last: its word replaces the folder's, the others stay."""
    files = _files(tmp_path, "kid: [child]\nteen: [minor]\n", "Kid: [minor, young person]\n")
    assert read_terms(files) == {"kid": ("minor", "young person"), "teen": ("minor",)}


def test_a_folder_full_of_terms_does_not_push_the_homes_out(tmp_path: Path) -> None:
    """Of more than 5,000 those of the home are kept."""
    many = "".join(f"w{n}: [x]\n" for n in range(5_100))
    found = read_terms(_files(tmp_path, many, "kid: [minor]\n"))
    assert len(found) == 5_000
    assert found["kid"] == ("minor",)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_file_that_is_no_list_of_terms_gives_none_and_is_never_overwritten(file: Path, broken: bytes) -> None:
    """The other files still count; what people wrote into this one is theirs to mend."""
    file.write_bytes(broken)
    good = file.with_name("good.yaml")
    good.write_text("kid: minor\n")
    assert read_terms([good, file, file.with_name("missing.yaml")]) == {"kid": ("minor",)}
    with pytest.raises(FolderError, match="by hand"):
        set_term(file, "kid", ["minor"])
    assert file.read_bytes() == broken


def test_a_pipe_in_place_of_a_file_is_not_waited_for(file: Path) -> None:
    os.mkfifo(file)
    assert read_terms([file]) == {}


def test_what_is_no_short_text_is_left_out(file: Path) -> None:
    """Truth values, empty words, long texts and lists in lists; a number is a word."""
    file.write_text(
        f"on: [x]\n'': [x]\n' ': x\n~: [x]\nlong: ['{'y' * 81}']\n{'z' * 81}: [x]\nmap: {{a: b}}\nnone: []\n"
        "7: [seven, '', [a], {b: c}, true, null]\nmany words: [' a\n  b ']\n"
    )
    assert read_terms([file]) == {"7": ("seven",), "many words": ("a b",)}


def test_a_term_is_set_replaced_and_taken_out(file: Path) -> None:
    """The others stay as they are, and no half file is left behind."""
    set_term(file, "  Kid ", ["minor"])
    set_term(file, "on", ["yes: [a]", "# no comment"])
    set_term(file, "kid", ["young  person"])
    assert read_terms([file]) == {"kid": ("young person",), "on": ("yes: [a]", "# no comment")}
    set_term(file, "KID", [])
    assert read_terms([file]) == {"on": ("yes: [a]", "# no comment")}
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("text", ["", " ", "x" * 81, "a\0b", "a\x1b[2J", "\u202e"])
def test_a_term_that_is_no_short_text_is_refused(file: Path, text: str) -> None:
    """As the word and as what it stands for."""
    for word, values in ((text, ["minor"]), ("kid", [text])):
        with pytest.raises(FolderError):
            set_term(file, word, values)
    assert not file.exists()


def test_terms_set_at_the_same_time_are_all_there(file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: set_term(file, f"word {n}", ["x"]), range(24)))
    assert len(read_terms([file])) == 24


def test_a_file_replaced_within_one_tick_of_the_clock_is_seen(file: Path) -> None:
    """The same size and the same time: it is another file all the same."""
    file.write_text("kid: [minor]\n")
    before = stamps([file])
    other = file.with_name("other")
    other.write_text("kid: [child]\n")
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)
    assert stamps([file]) != before
