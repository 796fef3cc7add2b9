"""Wordbook: an edit of terms, glossary or guidelines counts from the next question on, in every thread."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from knowledge import Knowledge
from tests.knowledge.conftest import CONTACT, Write

NOW = CONTACT.format(version="4.3", effective="2026-01-01", label="PRV-2")
GLOSSARY = "---\nid: glossary\n---\n# Glossary\n\n## 1 Words\n\n- Relation ({0}): a tie.\n"


def test_an_edit_of_the_terms_is_seen_at_the_next_question(words_alone: Knowledge, write: Write, home: Path) -> None:
    """No restart and no sync; a term of the home wins over the folder's, and goes when its file goes."""
    words_alone.add(write({"contact.md": NOW, "terms.yaml": "campus: [relation]\n"}), "policy")
    assert words_alone.find("campus").hits[0].section == "contact/3.4"
    write({"terms.yaml": "campus: [school]\n"})
    assert words_alone.find("campus").hits[0].section == "contact/3.2"
    own = home / "terms.yaml"
    own.write_text("campus: [stated relations]\n")
    assert words_alone.find("campus").asked.meaning == "stated relations"
    own.unlink()
    assert words_alone.find("campus").asked.meaning == "school"
    write({"terms.yaml": "campus: [broken"})
    assert words_alone.find("campus").hits == ()


def test_a_new_glossary_and_new_words_are_seen_after_a_sync(words_alone: Knowledge, write: Write) -> None:
    """Short forms and the words that typos are mended to follow the index."""
    folder = write({"contact.md": NOW, "glossary.md": GLOSSARY.format("RELX")})
    words_alone.add(folder, "policy")
    assert words_alone.find("RELX").asked.phrases == ("Relation",)
    assert words_alone.find("harborrmaster").asked.typos == {}
    write({"glossary.md": GLOSSARY.format("TIEX"), "new.md": "# New\n\nThe harbormaster.\n"})
    words_alone.sync()
    assert words_alone.find("RELX").asked.phrases == ()
    assert words_alone.find("TIEX").asked.phrases == ("Relation",)
    assert words_alone.find("harborrmaster").asked.typos == {"harborrmaster": "harbormaster"}


def test_words_are_found_after_the_index_was_closed_or_made_anew(words_alone: Knowledge, write: Write) -> None:
    """The connection of an earlier question is not used again."""
    words_alone.add(write({"contact.md": NOW, "new.md": "# New\n\nThe harbormaster.\n"}), "policy")
    words_alone.find("school")
    words_alone.close()
    assert words_alone.find("harbormasterr").asked.typos == {"harbormasterr": "harbormaster"}
    words_alone.reindex()
    assert words_alone.find("harbbormaster").asked.typos == {"harbbormaster": "harbormaster"}


def test_threads_ask_while_another_edits(words_alone: Knowledge, write: Write) -> None:
    """Each question is read with the words of one moment, and none fails."""
    folder = write({"contact.md": NOW, "terms.yaml": "campus: [school]\n"})
    words_alone.add(folder, "policy")

    def ask(turn: int) -> str:
        if turn % 5 == 0:
            (folder / "terms.yaml").write_text(f"campus: [school, relation {turn}]\n")
        return words_alone.find(f"campus schoool number{turn} relationshipp").asked.typos.get("relationshipp", "")

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(40))) == {"relationship"}
