"""HTML, DOCX, PDF and plain text end as the same Markdown, and what cannot be read is named."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge import Knowledge
from knowledge.sources.documents import Document, read_folder
from knowledge.sources.sections import split
from tests.knowledge.conftest import Write
from tests.knowledge.sources.written import docx, pdf

RULE = "A request for a school is labelled PRV-2 where no relationship is stated."
PAGE = f"""<!DOCTYPE html><html><head><title>Unsafe contact</title><meta name="author" content="@owner-privacy">
<meta name="last-modified" content="2026-05-01"><style>p {{ color: red }}</style></head><body>
<nav>Home | Rules</nav><script>document.write("injected")</script><!-- sensitivity: restricted -->
<main><h1>Unsafe contact</h1><h2>3.2 Requests</h2><p>{RULE}</p><p>A <b>bold</b> word and
<a href="https://example.org/x">a link</a>.<img src="https://example.org/p.png" alt="picture"></p>
<p style="display: none">unseen</p><h2>3.4 Relations</h2><ul><li>one</li><li>two</li></ul>
<table><tr><th>label</th><th>level</th></tr><tr><td>PRV</td><td>2</td></tr></table></main>
<footer>imprint</footer></body></html>"""
WORD = docx(
    [
        ("Heading1", "Unsafe contact"),
        ("Heading2", "3.2 Requests"),
        ("", RULE),
        ("Heading2", "3.4 Relations"),
        ("", "x"),
    ],
    title="Unsafe contact",
    owner="@owner-privacy",
)
PRINT = pdf(
    [
        [("Unsafe contact", 24), ("3.2 Requests", 16), ("A request for a school is labelled PRV-2 where no rela-", 11),
         ("tionship is stated.", 11), ("3.4 Relations", 16), ("A relation lowers it.", 11)]
    ],
    title="Unsafe contact",
    author="@owner-privacy",
)  # fmt: skip
PLAIN = f"Unsafe contact\n\n3.2 Requests\n\n{RULE}\n\n3.4 Relations\n\nA relation lowers it.\n"


def _only(folder: Path) -> Document:
    reading = read_folder(folder)
    assert reading.unreadable == ()
    (document,) = reading.documents
    return document


def _texts(document: Document) -> dict[str, str]:
    return {section.number: section.text for section in split(document.id, document.title, document.body)[1]}


@pytest.mark.parametrize(
    ("name", "content"),
    [("contact.html", PAGE), ("contact.htm", PAGE), ("contact.docx", WORD), ("contact.pdf", PRINT)],
)
def test_headings_text_and_metadata_are_taken_from_every_format(write: Write, name: str, content: str | bytes) -> None:
    document = _only(write({name: content}))
    assert (document.id, document.title, document.owner) == ("contact", "Unsafe contact", "@owner-privacy")
    assert document.effective == date(2026, 5, 1)
    assert _texts(document)["3.2"].startswith(RULE)
    assert set(_texts(document)) == {"", "3.2", "3.4"}


def test_plain_text_is_cut_at_its_numbered_lines(write: Write) -> None:
    document = _only(write({"contact.txt": PLAIN}))
    assert _texts(document) == {"": "Unsafe contact", "3.2": RULE, "3.4": "A relation lowers it."}


def test_what_is_no_text_of_a_page_is_dropped(write: Write) -> None:
    """Scripts, styles, menus, comments, pictures and the addresses of links; nothing is fetched."""
    body = _only(write({"contact.html": PAGE})).body
    for gone in ("injected", "color", "Home", "imprint", "sensitivity", "example.org", "picture", "unseen", "<"):
        assert gone not in body
    assert "A **bold** word and\na link." in body
    assert "- one\n- two" in body
    assert "| PRV | 2 |" in body


@pytest.mark.parametrize(("name", "content"), [("c.docx", WORD), ("c.pdf", PRINT), ("c.html", PAGE), ("c.txt", PLAIN)])
def test_a_yaml_beside_a_file_says_what_the_format_cannot(write: Write, name: str, content: str | bytes) -> None:
    """It wins over what the format says of itself."""
    beside = 'id: contact\ntitle: Contact\nversion: "4.10"\neffective: 2027-01-01\nowner: "@x"\nsensitivity: internal\n'
    document = _only(write({name: content, f"{name}.yaml": beside}))
    assert (document.id, document.title, document.version, document.owner) == ("contact", "Contact", "4.10", "@x")
    assert (document.effective, document.sensitivity) == (date(2027, 1, 1), "internal")


def test_a_change_of_the_yaml_beside_a_file_is_a_change(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write({"c.docx": WORD, "c.docx.yaml": "version: 1\n"}), "policy")
    assert words_alone.sync().changed == ()
    write({"c.docx.yaml": "version: 2\n"})
    assert words_alone.sync().kept == ("c 1",)


def test_a_date_of_a_format_that_lies_ahead_is_not_believed(write: Write) -> None:
    """A clock gone wrong must not put a guideline out of force."""
    document = _only(write({"c.html": PAGE.replace("2026-05-01", "2999-01-01")}))
    assert document.effective is None


def test_headings_of_a_pdf_come_from_its_outline_first(write: Write) -> None:
    lines = [("Contact", 11), ("Requests", 11), (RULE, 11), ("Relations", 11), ("A relation lowers it.", 11)]
    document = _only(write({"c.pdf": pdf([lines], outline=[("Requests", 0), ("Relations", 0)])}))
    headings = [section.path[-1] for section in split("c", "Contact", document.body)[1]]
    assert headings == ["Contact", "Requests", "Relations"]


def test_headings_of_a_pdf_come_from_numbers_where_there_is_nothing_else(write: Write) -> None:
    lines = [("Contact", 11), ("3.2 Requests", 11), (RULE, 11), ("3.4 Relations", 11), ("2 of 3 agree here.", 11)]
    document = _only(write({"c.pdf": pdf([lines])}))
    assert set(_texts(document)) == {"", "3.2", "3.4"}


def test_furniture_of_the_pages_is_dropped(write: Write) -> None:
    pages = [
        [("Standard 4.3, internal", 9), (f"Rule {word} is here and long enough.", 11), (f"Page {n} of 4", 9)]
        for n, word in enumerate(("one", "two", "three", "four"), 1)
    ]
    body = _only(write({"c.pdf": pdf(pages)})).body
    assert "internal" not in body
    assert "Page" not in body
    assert all(f"Rule {word} " in body for word in ("one", "two", "three", "four"))


def _no_text() -> bytes:
    return pdf([[("", 11)], [("", 11)]])


BROKEN: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a PDF cut short": ("x.pdf", lambda: PRINT[: len(PRINT) // 3], "save it anew"),
    "an encrypted PDF": ("x.pdf", lambda: pdf([[(RULE, 11)]], encrypted=True), "save it without a password"),
    "a scanned PDF": ("x.pdf", _no_text, "recognise the text (OCR)"),
    "a PDF that is none": ("x.pdf", lambda: b"hello", "is no PDF"),
    "a DOCX cut short": ("x.docx", lambda: WORD[: len(WORD) // 2], "save it anew"),
    "a DOCX that is a picture of text": ("x.docx", lambda: docx([]), "holds no text"),
    "an old or encrypted Word file": ("x.docx", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "encrypted or an old .doc"),
    "a DOCX with entities": (
        "x.docx",
        lambda: docx([], parts={"word/document.xml": '<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'}),
        "declares XML entities",
    ),
    "a zip bomb": ("x.docx", lambda: docx([("", "x")], parts={"word/media/a.bin": b"\0" * 120_000_000}), "unpacks to"),
    "a DOCX of endless text": ("x.docx", lambda: docx([("", "x" * 21_000_000)]), "more than 20 MB of text"),
    "a DOCX nested without end": (
        "x.docx",
        lambda: docx([], parts={"word/document.xml": _nested(20_000)}),
        "nested too deeply",
    ),
    "HTML nested without end": ("x.html", lambda: b"<div>" * 20_000 + b"x" + b"</div>" * 20_000, "nested too deeply"),
    "HTML of endless tags": ("x.html", lambda: b"<b>" * 300_001, "more than 300,000 tags"),
    "a DOCX of endless tags": (
        "x.docx",
        lambda: docx([], parts={"word/document.xml": "<w:document>" + "<w:p/>" * 1_000_001}),
        "more than 1,000,000 tags",
    ),
    "HTML that is a PDF": ("x.html", lambda: PRINT, "is no HTML"),
    "HTML without end": ("x.html", lambda: b"<p>" + b"x" * 10_000_001, "larger than 10 MB"),
    "text that is none": ("x.txt", lambda: b"a\0b", "not a text file"),
}


def _nested(depth: int) -> str:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    inside = "<w:sdt><w:sdtContent>" * depth + "<w:p/>" + "</w:sdtContent></w:sdt>" * depth
    return f"<w:document {w}><w:body>{inside}</w:body></w:document>"


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_cannot_be_read_is_named_with_what_to_do_and_the_rest_goes_on(write: Write, case: str) -> None:
    name, content, reason = BROKEN[case]
    reading = read_folder(write({name: content(), "good.md": "Good."}))
    assert [document.path for document in reading.documents] == ["good.md"]
    assert [one.path for one in reading.unreadable] == [name]
    assert reason in reading.unreadable[0].reason


def test_a_document_of_another_format_is_searched_and_quoted_like_markdown(
    words_alone: Knowledge, write: Write
) -> None:
    """R17: whatever the format, a quote is a literal part of the section."""
    words_alone.add(write({"a.docx": WORD, "b.pdf": PRINT, "c.html": PAGE}), "policy")
    hits = words_alone.search("label for a request for a school")
    assert {hit.section for hit in hits[:3]} == {"a/3.2", "b/3.2", "c/3.2"}
    assert all(words_alone.quote(hit, "request for a school") == RULE for hit in hits[:3])
