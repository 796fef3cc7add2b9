"""The shipped guidelines: complete, consistent in number and reference, and free of content.

Two independent controls keep content out: the lint here, and the review of each document by a person.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import comb, sqrt
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

FOLDER = Path(__file__).parents[2] / "knowledge" / "library"
FILES = sorted(FOLDER.glob("*.md"))
KEYS = ["id", "title", "version", "effective", "owner", "sensitivity", "scope"]
AREAS = {
    "bullying": "BUL",
    "dangerous-challenges": "DCH",
    "age-restricted-goods": "ARS",
    "privacy-unsafe-contact": "PRV",
}
LABELS = {f"{code}-{level}" for code in AREAS.values() for level in range(4)} | {f"TEC-{n}" for n in range(1, 5)}
FACTORS = {"actor", "other", "surface", "act", "context", "claims"}
UNSAFE = re.compile(r"\b(?:sex\w*|nud\w*|naked|porn\w*|erotic\w*|intimate\w*|groom\w*|csa[emi]\w*)\b", re.IGNORECASE)
QUOTED = re.compile(r"[\"“”„«»‘’]|(?<![A-Za-z])'|^\s*>")
DISGUISED = re.compile(r"\b[A-Za-z]+[0-9@$]+[a-z]+\b|#\w|https?:|www\.|<[A-Za-z!/]")


@dataclass(frozen=True)
class Section:
    """A leaf section: its number, heading and text as written."""

    number: str
    heading: str
    text: str


@dataclass(frozen=True)
class Document:
    """One file: its front matter, the number of each chapter, and its leaf sections."""

    path: Path
    front: dict[str, object]
    keys: list[str]
    title: str
    chapters: list[str]
    sections: list[Section]
    stray: list[str]
    tokens: frozenset[str]

    @property
    def id(self) -> str:
        return str(self.front["id"])

    @property
    def version(self) -> str:
        return str(self.front["version"])

    @property
    def effective(self) -> date:
        value = self.front["effective"]
        assert isinstance(value, date)
        return value

    def section(self, number: str) -> Section:
        return next(section for section in self.sections if section.number == number)


@cache
def read(path: Path) -> Document:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    front = yaml.safe_load(head)
    lines = body.splitlines()
    tokens = MarkdownIt("commonmark").parse(body)
    headings = [
        (int(token.tag[1]), tokens[i + 1].content, token.map)
        for i, token in enumerate(tokens)
        if token.type == "heading_open" and token.map
    ]
    title, chapters, sections, stray = "", [], [], []
    for i, (level, heading, (_, start)) in enumerate(headings):
        end = headings[i + 1][2][0] if i + 1 < len(headings) else len(lines)
        text = "\n".join(lines[start:end]).strip()
        if level == 3:
            number, _, name = heading.partition(" ")
            sections.append(Section(number, name, text))
            continue
        if text:
            stray.append(heading)
        if level == 1:
            title = heading
        else:
            chapters.append(heading.partition(" ")[0])
    kinds = {child.type for token in tokens for child in (token, *(token.children or ()))}
    return Document(path, front, list(front), title, chapters, sections, stray, frozenset(kinds))


DOCUMENTS = [read(path) for path in FILES]
TITLES = {document.title: document.id for document in DOCUMENTS}
VERSIONS = {
    name: sorted((d for d in DOCUMENTS if d.id == name), key=lambda d: d.effective) for name in set(TITLES.values())
}
NAMED = "|".join(sorted(map(re.escape, TITLES), key=len, reverse=True))
REFERENCE = re.compile(
    rf"(?:\b(?P<title>{NAMED})(?: (?P<version>\d+\.\d+))?,? )?"
    r"\bsections? (?P<first>\d+(?:\.\d+)?)(?:(?: and | or |, )(?P<second>\d+(?:\.\d+)?))?"
)
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.path.stem)


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.?]) (?=[A-Z{\d])|\n", text, maxsplit=1)[0]


def words(text: str) -> int:
    return len(text.split())


def unresolved(document: Document) -> list[str]:
    """References of a document that lead nowhere, in at least one version of the document they name."""
    missing = []
    for section in document.sections:
        for match in REFERENCE.finditer(section.text):
            if match["title"]:
                targets = VERSIONS[TITLES[match["title"]]]
                if match["version"]:
                    targets = [target for target in targets if target.version == match["version"]]
            else:
                targets = [document]
            for number in filter(None, (match["first"], match["second"])):
                known = [{s.number for s in target.sections} | set(target.chapters) for target in targets]
                if not known or not all(number in numbers for numbers in known):
                    missing.append(f"{section.number}: {match[0]}")
    return missing


def content(text: str) -> list[str]:
    """Lines of a text that no guideline may hold: quoted speech, disguised words, links, unsafe wording."""
    found = []
    for line in text.splitlines():
        if QUOTED.search(line) or DISGUISED.search(line):
            found.append(line)
        if UNSAFE.search(line) and "use the escalation route" not in line:
            found.append(line)
    return found


def test_the_library_is_large_enough_to_answer_from() -> None:
    """At least 14 documents and 120 sections with text are shipped."""
    assert len(VERSIONS) >= 14
    assert sum(len(document.sections) for document in DOCUMENTS) >= 120


def test_two_documents_exist_in_two_versions() -> None:
    """Bullying and privacy exist in 4.2 and 4.3, each newer one later in force; all others exist once."""
    twice = {name: [d.version for d in found] for name, found in VERSIONS.items() if len(found) > 1}
    assert twice == {"bullying": ["4.2", "4.3"], "privacy-unsafe-contact": ["4.2", "4.3"]}


@every_document
def test_front_matter_is_complete_and_valid(document: Document) -> None:
    """Each file carries exactly the seven keys, with values of the right kind, and is named after them."""
    front = document.front
    assert document.keys == KEYS
    assert document.path.name == f"{front['id']}-{front['version']}.md"
    assert isinstance(front["version"], str)
    assert re.fullmatch(r"\d+\.\d+", front["version"])
    assert front["title"] == document.title
    assert re.fullmatch(r"@owner-[a-z-]+", str(front["owner"]))
    assert front["sensitivity"] in {"general", "internal", "restricted"}
    scope = front["scope"]
    assert isinstance(scope, list)
    assert scope == ["all"] or (scope and set(scope) <= AREAS.keys())
    newest = VERSIONS[document.id][-1] is document
    assert date(2026, 6 if newest else 3, 1) <= document.effective <= date(2026, 11, 1)


@every_document
def test_sections_are_numbered_without_gaps(document: Document) -> None:
    """Chapters run 1, 2, 3; sections n.1, n.2 within them; text stands in sections alone."""
    assert document.chapters == [str(n + 1) for n in range(len(document.chapters))]
    per_chapter = Counter(section.number.split(".")[0] for section in document.sections)
    assert list(per_chapter) == document.chapters
    expected = [f"{chapter}.{n + 1}" for chapter, count in per_chapter.items() for n in range(count)]
    assert [section.number for section in document.sections] == expected
    assert document.stray == []
    assert len({section.heading for section in document.sections}) == len(document.sections)


@every_document
def test_cross_references_resolve(document: Document) -> None:
    """Each section number named in a text exists, in every version of the document it is said to stand in."""
    assert unresolved(document) == []
    for section in document.sections:
        for before in re.findall(r"([^.;(]*), sections? \d", section.text):
            assert before.removesuffix(" 4.2").removesuffix(" 4.3").endswith(tuple(TITLES)), before


@every_document
def test_sections_are_short_and_open_with_a_quotable_rule(document: Document) -> None:
    """40 to 160 words, and a first sentence that fits in a quote."""
    lengths = {section.number: words(section.text) for section in document.sections}
    assert {number: n for number, n in lengths.items() if not 40 <= n <= 160} == {}
    rules = {section.number: first_sentence(section.text) for section in document.sections}
    assert {n: rule for n, rule in rules.items() if not (rule.endswith(".") and 5 <= words(rule) <= 45)} == {}


@every_document
def test_no_document_holds_content(document: Document) -> None:
    """No quoted speech, disguised word, link, picture or code; unsafe matter only as the escalation route."""
    assert content(document.path.read_text(encoding="utf-8").split("---\n", 2)[2]) == []
    assert document.tokens.isdisjoint(
        {"blockquote_open", "fence", "code_block", "code_inline", "link_open", "image", "html_block", "html_inline"}
    )


@pytest.mark.parametrize(
    "line",
    [
        'A remark such as "anything at all" is level 2.',
        "A remark such as ‘anything at all’ is level 2.",
        "A remark such as 'anything at all' is level 2.",
        "> anything at all",
        "Words such as ex4mple count.",
        "The tag #anything counts.",
        "See https://example.org for more.",
        "Anything with a sexual element is level 3.",
    ],
)
def test_the_lint_refuses_what_it_is_for(line: str) -> None:
    """A line with a quote, a disguised word, a link or unsafe wording without the route is found."""
    assert content(line) == [line]


@every_document
def test_labels_and_factor_sets_use_the_shared_vocabulary(document: Document) -> None:
    """Only labels of the taxonomy occur, and factor sets name the six factors in a few words each."""
    text = "\n".join(section.text for section in document.sections)
    assert set(re.findall(r"\b[A-Z]{3}-\d\b", text)) <= LABELS
    for found in re.findall(r"\{([^}]*)\}", text):
        pairs = [pair.partition(": ") for pair in found.split(", ")]
        assert {name for name, _, _ in pairs} <= FACTORS, found
        assert all(value and words(value) <= 6 for _, _, value in pairs), found


@pytest.mark.parametrize("area", AREAS)
def test_each_area_explains_all_its_labels_and_what_flips_them(area: str) -> None:
    """An area's rules give all four labels; nearly every section names its deciding factor."""
    for document in VERSIONS[area]:
        rules = [section for section in document.sections if "Deciding factor:" in section.text]
        assert {label for label in LABELS if label.startswith(AREAS[area])} <= set(
            re.findall(r"[A-Z]{3}-\d", "\n".join(section.text for section in rules))
        )
        assert len(rules) >= 8
        flips = ("It would", "Without", "What flips it", "stays", "Where", "does not lower")
        assert [rule.number for rule in rules if not any(word in rule.text for word in flips)] == []


@pytest.mark.parametrize(
    ("area", "changed", "added"), [("bullying", "3.4", "3.6"), ("privacy-unsafe-contact", "3.2", "3.7")]
)
def test_a_new_version_changes_a_rule_and_says_so(area: str, changed: str, added: str) -> None:
    """4.3 changes the sentence of one rule, adds one section, and its list of changes names both."""
    old, new = VERSIONS[area]
    before, after = ({section.number: section for section in d.sections} for d in (old, new))
    assert set(after) - set(before) == {added}
    assert set(before) <= set(after)
    assert first_sentence(before[changed].text) != first_sentence(after[changed].text)
    edited = [n for n in before if n != changed and "sender" in before[n].text and "sender" not in after[n].text]
    notes = next(section for section in after.values() if section.heading == "Changes in this version")
    assert edited
    assert all(f"section {number}" in notes.text for number in (changed, added, *edited[:1]))


def test_the_rules_people_were_promised_stand_word_for_word() -> None:
    """The sentences quoted in answers stand at the section and version they are cited with."""
    privacy = VERSIONS["privacy-unsafe-contact"][-1]
    assert privacy.effective == date(2026, 11, 1)
    assert first_sentence(privacy.section("3.2").text) == (
        "A request for a minor's school, address or routine by an account that presents as adult "
        "is labelled PRV-2 where no relationship is stated."
    )
    assert "PRV-0" in first_sentence(privacy.section("3.4").text)
    assert "PRV-3" in first_sentence(privacy.section("3.6").text)
    goods = VERSIONS["age-restricted-goods"][-1]
    assert first_sentence(goods.section("4.3").text) == (
        "Paid or affiliate promotion of age-restricted goods is ARS-2 regardless of tone."
    )


def test_the_glossary_defines_each_term_once() -> None:
    """At least 40 terms, each defined once, short forms and the owner of foreign figures included."""
    (glossary,) = VERSIONS["glossary"]
    text = "\n".join(section.text for section in glossary.sections)
    terms = re.findall(r"^- ([^:(]+?)(?: \([^)]*\))?:", text, re.MULTILINE)
    assert len(terms) >= 40
    assert [term for term, times in Counter(map(str.lower, terms)).items() if times > 1] == []
    assert {"FPR", "IAA", "VVR", "Golden set", "Appeal overturn rate"} <= set(terms)
    assert "owned by Policy operations" in next(line for line in text.splitlines() if "Appeal overturn" in line)


def test_legal_sections_are_dated_and_send_people_to_legal() -> None:
    """Each section of the legal document names its as-of date and asks to ask Legal (R19)."""
    (legal,) = VERSIONS["legal-duties"]
    for section in legal.sections:
        assert re.search(rf"\bas of {legal.effective}", section.text, re.IGNORECASE), section.number
        assert re.search(r"\bask Legal\b", section.text, re.IGNORECASE), section.number


def accepted(defects: int) -> float:
    """How often 96 of 1,000 items hold at most 4 of the defects (hypergeometric)."""
    return sum(comb(defects, k) * comb(1000 - defects, 96 - k) for k in range(5)) / comb(1000, 96)


def passed(items: int, misses: int) -> float:
    """How often somebody who finds 85 % of severe items has at most so many misses (binomial)."""
    return sum(comb(items, k) * 0.15**k * 0.85 ** (items - k) for k in range(misses + 1))


def wilson(k: int, n: int) -> float:
    """Lower bound of the 95 % Wilson interval (Wilson 1927)."""
    z, p = 1.959964, k / n
    return (p + z * z / 2 / n - z * sqrt(p * (1 - p) / n + z * z / 4 / n / n)) / (1 + z * z / n)


@pytest.mark.parametrize(
    ("document", "section", "phrase"),
    [
        (
            "qa-sampling",
            "1.1",
            f"2 % defects passes in {100 * accepted(20):.0f} % of draws",
        ),
        (
            "qa-sampling",
            "1.1",
            f"one with 4 % in {100 * accepted(40):.0f} %, one with 8 % in {100 * accepted(80):.0f} %",
        ),
        ("qa-sampling", "1.2", f"60 severe items still allow a miss rate of {100 * (1 - 0.05 ** (1 / 60)):.1f} %"),
        ("qa-sampling", "3.1", f"about {1.959964**2 * 0.01 * 0.99 / 0.002**2:,.0f} items"),
        ("onboarding-path", "3.1", f"{100 * passed(40, 2):.0f} % pass 40 items with 2 misses; "),
        ("onboarding-path", "3.1", f"{100 * passed(20, 1):.0f} % would pass 20 with 1"),
        ("evaluation-gate", "1.1", f"Seventeen of 17 is compatible with anything above {100 * wilson(17, 17):.1f} %"),
        ("evaluation-gate", "2.2", f"55 of 60 has a lower bound of {wilson(55, 60):.3f}".replace("0.", ".")),
        ("evaluation-gate", "2.2", f"54 of 60 has {wilson(54, 60):.3f}".replace("0.", ".")),
    ],
)
def test_figures_in_the_guidelines_are_recomputed(document: str, section: str, phrase: str) -> None:
    """A probability or bound stated in a rule is what the formula gives."""
    assert phrase in VERSIONS[document][-1].section(section).text
