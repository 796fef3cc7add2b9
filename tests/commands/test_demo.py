"""`steward demo` plays to its end without a terminal, and again on the same home."""

from pathlib import Path

from tests.commands.conftest import Begin, Run


def test_the_demo_ends_by_itself_and_can_be_played_again(begin: Begin, steward: Run, home: Path) -> None:
    """Proposal, approval by a second person, a real run, six questions; the second time the run is there."""
    process = begin("bot", "demo", home=home)
    out, err = process.communicate(timeout=110)
    assert process.returncode == 0, err
    assert "Approved by Eli" in out
    assert "is done: bullying-text v8-rc1 on evasion 2" in out
    assert out.count("ana>") == 7
    assert out.count("95 %") >= 4
    assert "Used from this thread" in out
    assert "section" in out.split("which label?")[1]
    again = steward("demo")
    assert again.exit_code == 0, again.output
    assert "the same question joins the same run" in again.stdout


def test_the_demo_is_not_played_on_other_peoples_home(steward: Run, tmp_path: Path) -> None:
    """A home of another team says to play it elsewhere."""
    home = tmp_path / "theirs"
    assert steward("init", home=home).exit_code == 0
    before = sorted(home.rglob("*"))
    played = steward("demo", home=home)
    assert played.exit_code == 2
    assert "not the sample workspace" in played.stderr
    assert sorted(home.rglob("*")) == before
