"""The figures of `python -m tests.bench retrieval`: measures, intervals, question files and made documents."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from knowledge.index.embeddings import Loaded
from knowledge.knowledge import Knowledge
from tests.bench.retrieval.arms import FTS5, PLAIN, SHIPPED, measured
from tests.bench.retrieval.baselines import Baselines, plain_fusion
from tests.bench.retrieval.measures import hit, interval, ndcg, recall, reciprocal_rank, scored
from tests.bench.retrieval.options import Options, parsed
from tests.bench.retrieval.own import Judged, floors
from tests.bench.retrieval.pages import body, markdown
from tests.bench.retrieval.public import SHARE, collections, debian_faq, debian_faq_in, hard
from tests.bench.retrieval.questions import Asked, Collection, read
from tests.bench.retrieval.remembered import Remembered
from tests.bench.retrieval.stock import change, write
from tests.bench.retrieval.tables import differences, figures, worst
from tests.knowledge.bags import Bags


def test_ndcg_is_that_of_sklearn() -> None:
    """Random grades and rankings give the same figure, with ten of thirty sections ranked."""
    chance = np.random.default_rng(3)
    for _ in range(200):
        names = [f"d/{number}" for number in range(30)]
        grades = {name: int(grade) for name, grade in zip(names, chance.integers(0, 3, 30), strict=True)}
        scores = chance.permutation(30).astype(float)
        ranking = [names[place] for place in np.argsort(-scores)][:10]
        theirs = ndcg_score([list(grades.values())], [scores], k=10)
        assert ndcg(ranking, grades) == pytest.approx(theirs)


def test_recall_rank_and_hit_look_at_the_governing_sections_alone() -> None:
    """A section that only helps counts for nDCG and for nothing else."""
    grades = {"d/1": 2, "d/2": 2, "d/3": 1}
    ranking = ["d/3", "d/9", "d/1", "d/8", "d/7", "d/2"]
    assert recall(ranking, grades) == 0.5
    assert reciprocal_rank(ranking, grades) == pytest.approx(1 / 3)
    assert hit(ranking, grades) == 1
    assert hit(ranking[:2], grades) == reciprocal_rank(ranking[:2], grades) == 0
    assert ndcg(["d/3"], grades) > 0


def test_a_question_that_finds_nothing_counts_as_zero() -> None:
    """An empty ranking scores 0 in every measure and stays among the questions."""
    scores = scored([[], ["d/1"]], [{"d/1": 2}, {"d/1": 2}])
    assert all(list(values) == [0.0, 1.0] for values in scores.values())


def test_an_interval_is_the_same_at_every_run_and_holds_the_mean() -> None:
    """The seed is fixed; a constant has no width; no questions give no figure."""
    values = np.random.default_rng(5).random(80)
    once, again = interval(values), interval(values)
    assert once == again
    assert once.low < once.mean < once.high
    assert (once.high - once.low) == pytest.approx(2 * 1.96 * values.std() / np.sqrt(80), rel=0.15)
    assert interval(np.full(9, 0.5)).shown() == ".500 [.500, .500]"
    assert np.isnan(interval(np.array([])).mean)


def test_the_interval_of_a_difference_is_paired() -> None:
    """Two arms that differ by the same on every question differ surely, however much questions vary."""
    values = np.random.default_rng(5).random(40)
    found = interval(values - (values - 0.125))
    assert [found.low, found.high] == pytest.approx([0.125, 0.125])


def test_plain_fusion_sums_reciprocal_ranks() -> None:
    """What both rankings hold comes first; a tie keeps the first ranking's order."""
    assert plain_fusion(["a", "b"], ["c", "b"]) == ["b", "a", "c"]


def test_baselines_rank_the_versions_in_force(tmp_path: Path) -> None:
    """A superseded section is no candidate, as it is none for search."""
    folder = tmp_path / "texts"
    _write(
        folder, "rules-1", "---\nid: rules\nversion: '1'\neffective: 2020-01-01\n---\n# Rules\n\n## 1. Tea\n\nolden\n"
    )
    _write(folder, "rules-2", "---\nid: rules\nversion: '2'\neffective: 2021-01-01\n---\n# Rules\n\n## 2. Tea\n\nnew\n")
    loaded = Loaded(Bags())
    knowledge = Knowledge(tmp_path / "home", store="exact", embedder=lambda: loaded)
    knowledge.add(folder, "guidelines")
    baselines = Baselines(knowledge, "guidelines", loaded)
    assert baselines.by_words("tea") == baselines.by_vectors("tea") == baselines.fused("tea") == ["rules/2"]
    assert baselines.by_words("olden") == []
    assert baselines.by_words('") OR *') == []


def test_every_arm_answers_the_same_questions(tmp_path: Path) -> None:
    """The half chooses questions for all arms alike, and tables show what was measured."""
    folder = tmp_path / "texts"
    _write(folder, "rules", "# Rules\n\n## 1. Tea\n\nTea is served at four.\n\n## 2. Cake\n\nCake is for Friday.\n")
    asked = [
        Asked("when is tea served", {"rules/1": 2}, half="tune"),
        Asked("cake", {"rules/2": 2}, half="report"),
        Asked("a walrus", {"rules/2": 2}, half="report"),
    ]
    report = measured(Collection("small", folder, asked), Loaded(Bags()), "report")
    assert [one.ask for one in report.asked] == ["cake", "a walrus"]
    assert report.of(FTS5, "hit@5").mean == report.difference(PLAIN, FTS5, "hit@5").mean == 0.5
    assert report.rankings[SHIPPED][0][0] == "rules/2"
    lines = [*figures(report), *differences(report)]
    assert lines[0][:3] == ("small", "2 / 2", FTS5)
    assert [*worst(report, 1, FTS5)] == [("a walrus", "not in ten rules/2", "")]


def test_a_floor_is_judged_by_what_it_lets_through_and_what_it_costs() -> None:
    """A question without an answer that gets one is counted, and a right answer that is held back."""
    one = Asked("?")
    good = [Judged(one, True, 0.8, True), Judged(one, False, 0.1, True), Judged(one, True, 0.5, False)]
    bad = [Judged(one, True, 0.42, False), Judged(one, False, 0.05, False)]
    rows = {row[0]: row[1:] for row in floors(good, bad)}
    assert rows["as shipped"] == ("1 of 2 (50.0%)", "1 of 2 (50.0%)", "2 of 3 (66.7%)")
    assert rows["0.4"] == ("1 of 2 (50.0%)", "1 of 2 (50.0%)", "2 of 3 (66.7%)")
    assert rows["0.7"] == ("0 of 2 (0.0%)", "1 of 2 (50.0%)", "1 of 3 (33.3%)")


def test_question_files_name_their_half_and_are_asked_once() -> None:
    """The hard set has both halves, grades of 2, and no question twice."""
    asked = read("public_hard")
    assert {one.half for one in asked} == {"tune", "report"}
    assert len({one.ask for one in asked}) == len(asked) > 150
    assert all(set(one.grades.values()) == {2} for one in asked)
    assert read("no-such-file") == []


@pytest.mark.skipif(
    not (SHARE / "developers-reference").is_dir(), reason="the package developers-reference is not installed"
)
def test_the_hard_set_names_sections_that_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every section id of a question is one of the documents made from the package."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    collection = hard()
    knowledge = Knowledge(tmp_path / "home", embedder=lambda: Loaded(None, "words suffice here"))
    knowledge.add(collection.folder, "guidelines")
    names = {one.section for edition in knowledge.editions() for one in knowledge.sections(edition.id) if one.text}
    assert {section for one in collection.asked for section in one.grades} <= names
    assert 210 <= len(names) <= 260


def test_a_page_keeps_its_headings_and_loses_its_navigation(tmp_path: Path) -> None:
    """Headings become `#`, links their words; what surrounds the text is left out."""
    heading = '<h2>1.2. Tea<a class="headerlink" href="#t">x</a></h2>'
    page = tmp_path / "page.html"
    page.write_text(f'<p>menu</p><div class="body">{heading}<p>Ask <a href="/b">Bo</a>.</p></div>', encoding="utf-8")
    assert markdown(body(page)).split() == ["##", "1.2.", "Tea", "Ask", "Bo."]


def test_a_package_that_is_not_installed_is_named(tmp_path: Path) -> None:
    """Each public set without its package holds no question and says what to install."""
    made = {one.name: one for one in collections(tmp_path)}
    assert made["hard"].missing == "developers-reference"
    assert made["faq-de"].missing == "debian-faq debian-faq-de"
    assert all(one.missing and not one.asked for one in made.values())


def test_an_answer_does_not_hold_the_question_it_stood_under(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The heading becomes the query and its number stays; a heading that asks nothing is no query."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    _faq(tmp_path, "tea.en.html", "1.1. Who brews?", "Ada does.")
    found = debian_faq(tmp_path)
    assert [(one.ask, one.grades) for one in found.asked] == [("Who brews?", {"tea/1": 2})]
    assert "brews" not in (found.folder / "tea.md").read_text(encoding="utf-8")


def test_a_translated_question_finds_its_english_section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Aligned by the heading's anchor; a heading left in English is no question in another language."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    _faq(tmp_path, "tea.en.html", "1.1. Who brews?", "Ada does.")
    _faq(tmp_path, "de/tea.de.html", "1.1. Wer kocht?", "Ada.")
    _faq(tmp_path, "nl/tea.nl.html", "1.1. Who brews?", "Ada.")
    german, dutch = debian_faq_in("de", tmp_path), debian_faq_in("nl", tmp_path)
    assert [(one.ask, one.lang, one.grades) for one in german.asked] == [("Wer kocht?", "de", {"tea/1.1": 2})]
    assert not dutch.asked
    assert not dutch.missing
    assert "Who brews?" in (german.folder / "tea.md").read_text(encoding="utf-8")


def test_remembered_vectors_are_those_of_the_embedder(tmp_path: Path) -> None:
    """The second run reads what the first made, by text and embedder."""
    texts = ["tea at four", "cake on friday"]
    first = Remembered(Bags(), tmp_path / "vectors.sqlite").embed_documents(texts)
    second = Bags()
    again = Remembered(second, tmp_path / "vectors.sqlite").embed_documents(texts)
    assert second.seen == []
    assert np.array_equal(first, again)
    assert np.array_equal(first, Bags().embed_documents(texts))


def test_stock_is_the_same_at_every_run_and_changes_where_it_is_told(tmp_path: Path) -> None:
    """Twenty sections a document, and a change of one section touches no other."""
    write(tmp_path / "a", 40)
    write(tmp_path / "b", 40)
    paths = sorted((tmp_path / "a").iterdir())
    before = [path.read_text(encoding="utf-8") for path in paths]
    assert before == [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "b").iterdir())]
    change(paths[0], every=False, seed=1)
    old, new = before[0].split("\n\n## "), paths[0].read_text(encoding="utf-8").split("\n\n## ")
    assert [place for place in range(21) if old[place] != new[place]] == [1]


def test_the_command_line_chooses_parts_and_questions(capsys: pytest.CaptureFixture[str]) -> None:
    """All parts where none is named; an unknown one is refused with the names there are."""
    assert parsed([], ["a", "b"]) == (["a", "b"], Options())
    assert parsed(["b", "--half", "tune", "--worst", "3"], ["a", "b"]) == (["b"], Options("tune", "", 3, False))
    with pytest.raises(SystemExit):
        parsed(["c"], ["a", "b"])
    assert "the parts are a, b" in capsys.readouterr().err


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")


def _faq(share: Path, name: str, heading: str, text: str) -> None:
    page = share / "doc" / "debian" / "FAQ" / name
    page.parent.mkdir(parents=True, exist_ok=True)
    asked, notes = (
        f'<h2><a id="brews"></a>{heading}</h2><p>{text}</p>',
        '<h2><a id="notes"></a>1.2. Notes</h2><p>None.</p>',
    )
    page.write_text(f"<html><body><h1>Tea</h1>{asked}{notes}</body></html>", encoding="utf-8")
