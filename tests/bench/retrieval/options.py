"""Options of the bench's command line; the parts that measure search read them."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`half` and `name` choose questions, `worst` is how many misses are printed, `large` adds 100,000 sections."""

    half: str = "all"
    name: str = ""
    worst: int = 0
    large: bool = False


def parsed(arguments: Sequence[str], parts: Sequence[str]) -> tuple[list[str], Options]:
    """The parts to print, all where none is named, and the options."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Print the tables of `make bench`.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(parts)}; all by default")
    parser.add_argument("--half", choices=("tune", "report", "all"), default="all", help="retrieval: which questions")
    parser.add_argument("--set", dest="name", default="", help="retrieval: one set (own, hard, debian-faq, ...)")
    parser.add_argument("--worst", type=int, default=0, help="retrieval: print so many misses of each set")
    parser.add_argument("--large", action="store_true", help="knowledge: 100,000 sections, too (minutes)")
    given = parser.parse_args(arguments)
    if unknown := {*given.parts} - {*parts}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; the parts are {', '.join(parts)}")
    return given.parts or [*parts], Options(given.half, given.name, given.worst, given.large)
