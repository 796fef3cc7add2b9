"""What a file held before it was changed in place stays findable, and is never taken for what is in force."""

from datetime import date
from pathlib import Path

from knowledge import Knowledge
from tests.knowledge.bags import Bags, alone
from tests.knowledge.conftest import CONTACT, Write

TODAY = date(2026, 11, 20)


def _text(version: str, effective: str, label: str) -> str:
    return CONTACT.format(version=version, effective=effective, label=label)


OLD = _text("4.2", "2026-05-01", "PRV-1")
NEW = _text("4.3", "2026-11-01", "PRV-2")


def _standing(knowledge: Knowledge, today: date = TODAY) -> dict[str, str]:
    return {one.version: one.standing for one in knowledge.editions(today=today)}


def _label(knowledge: Knowledge, version: str | None = None, today: date = TODAY) -> str:
    passage = knowledge.section("contact/3.2", version=version, today=today)
    assert passage is not None
    return passage.text.split("labelled ")[1][:5]


def test_a_version_replaced_in_place_stays_as_superseded(words_alone: Knowledge, write: Write) -> None:
    """R17: the older text is called superseded, and answers for the days it was in force."""
    folder = write({"contact.md": OLD})
    words_alone.add(folder, "policy")
    write({"contact.md": NEW})
    report = words_alone.sync()
    assert (report.changed, report.kept) == ((f"{folder}/contact.md",), ("contact 4.2",))
    assert _standing(words_alone) == {"4.2": "superseded", "4.3": "in force"}
    assert (_label(words_alone), _label(words_alone, "4.2")) == ("PRV-2", "PRV-1")
    assert _label(words_alone, today=date(2026, 6, 1)) == "PRV-1"
    assert {hit.version for hit in words_alone.search("request for a school", today=TODAY)} == {"4.3"}
    assert words_alone.status().documents == 1
    assert words_alone.status().kept == 1


def test_a_version_stays_in_force_until_the_one_that_replaced_it_begins(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write({"contact.md": OLD}), "policy")
    write({"contact.md": _text("5.0", "2027-01-01", "PRV-3")})
    words_alone.sync()
    assert _standing(words_alone) == {"4.2": "in force", "5.0": "not yet in force"}
    assert _standing(words_alone, date(2027, 1, 1)) == {"4.2": "superseded", "5.0": "in force"}


def test_a_draft_that_was_replaced_never_comes_into_force(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write({"contact.md": _text("5.0", "2027-01-01", "PRV-3")}), "policy")
    write({"contact.md": _text("4.3", "2026-11-01", "PRV-2")})
    words_alone.sync()
    for day in (TODAY, date(2027, 2, 1)):
        assert _standing(words_alone, day) == {"4.3": "in force", "5.0": "superseded"}


def test_a_change_without_a_new_version_number_is_named_and_the_wording_before_kept(
    words_alone: Knowledge, write: Write
) -> None:
    """R17: what was quoted yesterday can be found, and is never in force again."""
    folder = write({"contact.md": OLD})
    words_alone.add(folder, "policy")
    write({"contact.md": OLD.replace("PRV-1", "PRV-2")})
    report = words_alone.sync()
    assert report.kept == ("contact 4.2~1",)
    assert report.notes == (
        f"{folder}: changed without a new version number: contact 4.2 (contact.md);"
        " the wording before is kept as 4.2~1",
    )
    write({"contact.md": OLD.replace("PRV-1", "PRV-3")})
    words_alone.sync()
    assert _standing(words_alone) == {"4.2~1": "superseded", "4.2~2": "superseded", "4.2": "in force"}
    assert [_label(words_alone, version) for version in ("4.2~1", "4.2~2", "4.2")] == ["PRV-1", "PRV-2", "PRV-3"]
    assert _standing(words_alone, date(2026, 6, 1))["4.2"] == "in force"


def test_a_wording_that_comes_back_is_not_kept_twice(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write({"contact.md": OLD}), "policy")
    for text in (OLD.replace("PRV-1", "PRV-2"), OLD, OLD.replace("PRV-1", "PRV-2"), OLD):
        write({"contact.md": text})
        words_alone.sync()
    assert _standing(words_alone).keys() == {"4.2", "4.2~1", "4.2~2"}


def test_new_metadata_alone_keep_nothing(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write({"contact.md": OLD}), "policy")
    write({"contact.md": OLD.replace("@owner-privacy", "@owner-else")})
    report = words_alone.sync()
    assert (len(report.changed), report.kept, report.notes) == (1, (), ())


def test_going_back_to_an_older_version_puts_that_in_force(words_alone: Knowledge, write: Write) -> None:
    """And the version that was taken back is superseded, though its date is the later one."""
    words_alone.add(write({"contact.md": OLD}), "policy")
    for text in (NEW, OLD):
        write({"contact.md": text})
        words_alone.sync()
    assert _standing(words_alone) == {"4.2": "in force", "4.3": "superseded"}
    write({"contact.md": NEW})
    words_alone.sync()
    assert _standing(words_alone) == {"4.2": "superseded", "4.3": "in force"}


def test_a_text_without_a_version_is_not_kept(words_alone: Knowledge, write: Write) -> None:
    """There is no number under which it could be cited."""
    words_alone.add(write({"plain.md": "# Plain\n\nOne.\n"}), "policy")
    write({"plain.md": "# Plain\n\nTwo.\n"})
    assert words_alone.sync().kept == ()
    assert len(words_alone.editions()) == 1


def test_a_version_that_moved_to_its_own_file_is_that_files(words_alone: Knowledge, write: Write) -> None:
    words_alone.add(write({"contact.md": OLD}), "policy")
    write({"contact.md": NEW, "contact-4.2.md": OLD})
    assert words_alone.sync().kept == ()
    assert _standing(words_alone) == {"4.2": "superseded", "4.3": "in force"}


def test_what_was_kept_is_made_again_by_reindex(home: Path, write: Write) -> None:
    """From the files below the home, even where the index itself was lost."""
    knowledge = Knowledge(home, embedder=alone)
    knowledge.add(write({"contact.md": OLD, "part/deep.md": OLD.replace("contact", "deep")}), "policy")
    write({"contact.md": OLD.replace("PRV-1", "PRV-0"), "part/deep.md": NEW.replace("contact", "deep")})
    knowledge.sync()
    write({"contact.md": NEW})
    knowledge.sync()
    before = knowledge.editions(today=TODAY)
    assert {(one.id, one.version) for one in before} == {
        ("contact", "4.2~1"), ("contact", "4.2"), ("contact", "4.3"), ("deep", "4.2"), ("deep", "4.3"),
    }  # fmt: skip
    texts = {one.version: _label(knowledge, one.version) for one in before if one.id == "contact"}
    knowledge.reindex()
    assert knowledge.editions(today=TODAY) == before
    knowledge.close()
    for path in home.glob("index.sqlite*"):
        path.unlink()
    knowledge.reindex()
    assert knowledge.editions(today=TODAY) == before
    assert {version: _label(knowledge, version) for version in texts} == texts
    knowledge.close()


def test_a_lost_kept_file_is_written_again_from_the_index(home: Path, write: Write) -> None:
    knowledge = Knowledge(home, embedder=alone)
    knowledge.add(write({"contact.md": OLD}), "policy")
    write({"contact.md": NEW})
    knowledge.sync()
    (kept,) = (path for path in (home / "kept").rglob("*.md") if path.is_file())
    text = kept.read_text()
    kept.unlink()
    knowledge.reindex()
    assert kept.read_text() == text
    assert _standing(knowledge).keys() == {"4.2", "4.3"}
    kept.write_text("---\nbroken")
    knowledge.reindex()
    assert kept.read_text() == text
    knowledge.close()


def test_a_deleted_file_takes_its_kept_versions_along(words_alone: Knowledge, write: Write, home: Path) -> None:
    folder = write({"contact.md": OLD, "other.md": "# Other\n\nSchool.\n"})
    words_alone.add(folder, "policy")
    write({"contact.md": NEW})
    words_alone.sync()
    (folder / "contact.md").unlink()
    report = words_alone.sync()
    assert report.removed == (f"{folder}/contact.md",)
    assert [one.id for one in words_alone.editions()] == ["other"]
    assert list((home / "kept").rglob("*.md")) == []


def test_a_folder_taken_out_takes_its_kept_versions_along(words_alone: Knowledge, write: Write, home: Path) -> None:
    folder = write({"contact.md": OLD})
    words_alone.add(folder, "policy")
    write({"contact.md": NEW})
    words_alone.sync()
    assert words_alone.remove(folder, "policy") == 1
    assert list((home / "kept").rglob("*.md")) == []


def test_a_file_that_cannot_be_read_now_keeps_what_it_held(words_alone: Knowledge, write: Write) -> None:
    """An editor may leave half a file for a moment; the report names it and nothing is lost."""
    folder = write({"contact.md": OLD})
    words_alone.add(folder, "policy")
    write({"contact.md": "---\nid: contact\nversion: [\n---\n"})
    report = words_alone.sync()
    assert [one.path for one in report.unreadable] == [f"{folder}/contact.md"]
    assert _label(words_alone) == "PRV-1"
    write({"contact.md": NEW})
    assert words_alone.sync().kept == ("contact 4.2",)


def test_an_earlier_text_that_shares_sentences_is_not_embedded_again(home: Path, bags: Bags, write: Write) -> None:
    knowledge = Knowledge(home, embedder=bags.load)
    knowledge.add(write({"contact.md": OLD}), "policy")
    write({"contact.md": NEW})
    assert knowledge.sync().embedded == 1  # section 3.4 is as it was, and so is all of 4.2
    knowledge.close()
