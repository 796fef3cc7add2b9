"""The lint as a whole: the shipped library is clean, and no text makes it fail or take long."""

import time
from collections import Counter
from pathlib import Path

import pytest

from knowledge.lint import Finding, Limits, lint, read_drafts
from knowledge.lint.linting import RULES
from knowledge.sources.folders import Folder
from tests.knowledge.conftest import Write
from tests.knowledge.lint.conftest import TODAY, Lint, document

LIBRARY = Path(__file__).parents[3] / "knowledge" / "library"


def test_the_shipped_library_has_no_error_and_no_warning() -> None:
    """What is noted there are rules without a pair, terms people ask with, and three short forms."""
    found = lint(read_drafts([Folder("guidelines", str(LIBRARY), "library")], [], TODAY, Limits()))
    assert [one for one in found if one.severity != "note"] == []
    assert {one.rule for one in found} <= {"rule-without-example", "unused-term", "undefined-term"}
    assert Counter(one.rule for one in found)["rule-without-example"] < 15


def test_findings_say_where_and_what_to_do(linted: Lint) -> None:
    """Each has one rule, one severity, a place, and a sentence that ends."""
    found = linted({"a.md": "# A\n\nIt follows section 9.\n", "b.md": b"\xff"})
    assert {one.rule for one in found} >= {"unreadable", "dangling-reference", "front-matter", "rule-not-first"}
    assert all(one.says.endswith(".") and one.document.startswith("docs/") for one in found)
    assert found[0].as_json().keys() == {"rule", "severity", "document", "section", "line", "says"}


def test_lines_are_those_of_the_file_below_its_front_matter_and_marks(linted: Lint) -> None:
    """With Windows line ends and a mark between heading and text, too."""
    body = "## 1 *First* part\n<!-- owner: @x -->\n\nA rule.\nMore of\nsection 9.9.\n"
    text = document("a", body).replace("\n", "\r\n")
    (finding,) = linted({"a.md": text.encode()}, "dangling-reference")
    assert text.split("\r\n")[(finding.line or 0) - 1] == "section 9.9."


def test_what_is_added_already_may_be_referred_to_but_is_not_linted(write: Write, tmp_path: Path) -> None:
    folder = write({"a.md": document("a", "See Goods, section 2.1.")})
    beside = tmp_path / "added"
    beside.mkdir()
    (beside / "goods.md").write_text(document("goods", "## 2.1 One\n\nIt follows section 9.9."))
    given, added = Folder("g", str(folder), "docs"), Folder("g", str(beside), "added")

    def found(*others: Folder) -> list[Finding]:
        every = lint(read_drafts([given], others, TODAY, Limits()))
        return [one for one in every if one.rule == "dangling-reference"]

    assert [one.document for one in found()] == ["docs/a.md"]
    assert found(added) == []
    assert found(Folder("g", str(tmp_path / "gone"), "gone")) != []


HOSTILE = {
    "one line": "word " * 200_000,
    "no spaces": "x" * 1_000_000,
    "brackets": "[" * 300_000,
    "links": "[x](" * 100_000,
    "sets": "{a: b} is XYZ-1 with " * 10_000,
    "stars": "**a " * 100_000,
    "underscores": "_" * 200_000,
    "backticks": "`" * 200_000,
    "comments": "<!-- " * 60_000,
    "marks": "<!-- owner: " * 40_000,
    "sections": "section 1.1, 1.1" * 40_000,
    "capitals": "ABC DEF " * 60_000,
    "numbers": "at least 1 of 2.3 hours; " * 8_000,
    "spaces": " " * 200_000 + "," + " " * 200_000,
    "fences": "```\n" * 20_001,
    "headings": "## 1.1 One\n\n" * 800,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_makes_a_rule_fail_or_take_long(write: Write, text: str) -> None:
    """Every rule over a megabyte of a kind takes seconds at most: no pattern goes back over what it has read."""
    folder = write({"a.md": text, "b.md": document("glossary", text)})
    drafts = read_drafts([Folder("g", str(folder), "docs")], [], TODAY, Limits())
    assert all(draft.parts is not None for draft in drafts.every)
    slow = {}
    for rule in RULES:
        started = time.process_time()
        list(rule(drafts))
        slow[rule.__name__] = time.process_time() - started
    assert {name: seconds for name, seconds in slow.items() if seconds > 3} == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---\n",
        "---\nid: a\n",
        "\ufeff",
        "# \n\n## \n",
        "<!--",
        "\x07\x1b[31m ABC",
        "規則 **用語** ABC",
        "עברית (ABC) §",
        "#" * 5_000,
    ],
)
def test_odd_files_are_linted_like_others(linted: Lint, text: str) -> None:
    linted({"a.md": text, "b/c.md": document("c", text)})
