"""Saying: what the commands print, without anything a guideline or a file name could do to a terminal."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from knowledge import AddReport


def say(text: str) -> None:
    """One line."""
    typer.echo(printable(text))


def printable(text: str) -> str:
    """The text without control characters, which a guideline or a file name could use to write over the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def count(n: int, noun: str) -> str:
    """A number and its noun, in the singular or the plural."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def say_report(what: str, report: "AddReport") -> None:
    """What the folders hold now, and what was left out."""
    sizes = f"{count(report.documents, 'document')}, {count(report.sections, 'section')}"
    say(f"{what}: {sizes}, {count(report.chunks, 'chunk')}, {report.embedded} newly embedded.")
    if report.without_vectors:
        say(f"Words alone are indexed: {report.without_vectors}.")
    say_oddities(report)


def say_changes(report: "AddReport") -> None:
    """A line for each file that came, changed or went, and for each earlier text that was put aside."""
    for what, names in (("added", report.added), ("changed", report.changed), ("removed", report.removed)):
        for name in names:
            say(f"{what} {name}")
    for name in report.kept:
        say(f"kept {name}, as it was before")


def say_oddities(report: "AddReport") -> None:
    """What is odd, and what was left out."""
    for note in report.notes:
        say(f"Note: {note}")
    if report.unreadable:
        say(f"Left out, {count(len(report.unreadable), 'file')}:")
        for one in report.unreadable:
            say(f"  {one.path} {one.reason}")
