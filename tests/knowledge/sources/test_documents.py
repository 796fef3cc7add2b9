"""Reading a folder: what can be read is read, what cannot is named."""

import os
from datetime import date
from pathlib import Path

import pytest

from knowledge.errors import FolderError
from knowledge.sources.documents import MAX_BYTES, UNVERSIONED, Document, read_folder
from tests.knowledge.conftest import CONTACT, Write


def _by_path(folder: Path) -> dict[str, Document]:
    return {document.path: document for document in read_folder(folder).documents}


def test_front_matter_is_read_as_written(write: Write) -> None:
    """A version 4.10 stays 4.10, and `no` is no truth value."""
    folder = write({"a.md": "---\nid: A b\ntitle: No\nversion: 4.10\neffective: 2026-11-01\nowner: no\n---\n# H\n"})
    document = _by_path(folder)["a.md"]
    assert (document.id, document.title, document.version, document.owner) == ("a-b", "No", "4.10", "no")
    assert document.effective == date(2026, 11, 1)
    assert document.body == "# H\n"


def test_a_file_without_front_matter_is_a_document(write: Write) -> None:
    """Its id is its path, its version says that there is none."""
    document = _by_path(write({"Team Rules/First Steps.md": "Hello."}))["Team Rules/First Steps.md"]
    assert (document.id, document.version, document.effective) == ("team-rules/first-steps", UNVERSIONED, None)


def test_a_rule_at_the_top_is_not_front_matter(write: Write) -> None:
    """`---` opens front matter only where a `key:` line follows."""
    text = "---\n\nSome text.\n\n---\n\nMore.\n"
    assert _by_path(write({"a.md": text}))["a.md"].body == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"---\nid: a\n# never closed\n", "not closed"),
        (b"---\nid: [a\n---\n", "broken front matter"),
        (b"---\nid: a\nid b\n---\n", "broken front matter"),
        (b"---\nid: a\neffective: soon\n---\n", "effective date"),
        (b"caf\xe9\n", "not UTF-8 (byte 3)"),
        (b"\xff\xfeh\0i\0", "not UTF-8"),
        (b"a\0b", "NUL"),
        (b"---\nid: " + b"[" * 1_200 + b"\n---\n", "nested too deeply"),
        (b"---\nid: " + b"a" * 70_000 + b"\n---\n", "longer than 64 kB"),
    ],
)
def test_a_broken_file_is_named_and_the_rest_goes_on(write: Write, content: bytes, reason: str) -> None:
    reading = read_folder(write({"bad.md": content, "good.md": "Good."}))
    assert [document.path for document in reading.documents] == ["good.md"]
    assert [one.path for one in reading.unreadable] == ["bad.md"]
    assert reason in reading.unreadable[0].reason


def test_what_is_no_regular_file_or_too_large_is_named(write: Write) -> None:
    """A pipe is not opened (it would wait for ever), a huge file is not read."""
    folder = write({"good.md": "Good."})
    os.mkfifo(folder / "pipe.md")
    (folder / "lost.md").symlink_to(folder / "nowhere.md")
    with (folder / "huge.md").open("wb") as huge:
        huge.truncate(MAX_BYTES + 1)
    reading = read_folder(folder)
    assert [document.path for document in reading.documents] == ["good.md"]
    reasons = {one.path: one.reason for one in reading.unreadable}
    assert reasons.keys() == {"pipe.md", "lost.md", "huge.md"}
    assert "50 MB" in reasons["huge.md"]
    assert "regular file" in reasons["pipe.md"]


def test_hidden_files_and_other_kinds_are_left_alone(write: Write) -> None:
    folder = write({".git/a.md": "x", ".b.md": "x", "c.rtf": "x", "D.MARKDOWN": "x"})
    assert list(_by_path(folder)) == ["D.MARKDOWN"]


def test_two_files_with_one_id_and_version_are_told_apart(write: Write) -> None:
    """Versions of one document share an id; two documents never do."""
    same = CONTACT.format(version="4.3", effective="2026-11-01", label="PRV-2")
    older = CONTACT.format(version="4.2", effective="2026-05-01", label="PRV-1")
    documents = _by_path(write({"a.md": same, "b.md": same, "c.md": older}))
    assert {path: document.id for path, document in documents.items()} == {
        "a.md": "contact",
        "b.md": "contact~2",
        "c.md": "contact",
    }


def test_every_kind_of_line_end_and_a_byte_order_mark_are_read(write: Write) -> None:
    text = b"\xef\xbb\xbf---\r\nid: a\r\nversion: 2\r\n---\r\n# H\r\nText.\rMore.\n"
    document = _by_path(write({"a.md": text}))["a.md"]
    assert (document.version, document.body) == ("2", "# H\nText.\nMore.\n")


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="There is no folder"):
        read_folder(tmp_path / "nowhere")
