"""Stock: guideline-like sections by the thousand, made from the sample library's own sentences."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from tests.bench.retrieval.own import LIBRARY

SECTIONS = 20  # of a document
_SENTENCE = re.compile(r"[A-Z][^.?!|#>\n]{30,200}[.?!]")
_WORD = re.compile(r"[a-z]{4,}")


def write(folder: Path, sections: int, seed: int = 7) -> None:
    """That many sections in documents of 20, each of about 110 words, no two alike."""
    chance, sentences, words = random.Random(seed), *_material()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(sections // SECTIONS):
        text = "\n\n".join(_section(chance, sentences, words, place) for place in range(1, SECTIONS + 1))
        title = " ".join(chance.choices(words, k=3)).capitalize()
        front = f"---\nid: stock-{number}\ntitle: {title}\nversion: '1.0'\neffective: 2024-01-01\n---\n"
        (folder / f"stock-{number:05}.md").write_text(f"{front}# {title}\n\n{text}\n", encoding="utf-8")


def change(path: Path, every: bool, seed: int) -> None:
    """Change one section of a document, or all of them, by a sentence each."""
    chance, sentences, words = random.Random(seed), *_material()
    parts = path.read_text(encoding="utf-8").split("\n\n## ")
    for place in range(1, len(parts)) if every else (1,):
        parts[place] = f"{parts[place].rstrip()}\n\n{_sentence(chance, sentences, words)}\n"
    path.write_text("\n\n## ".join(parts), encoding="utf-8")


def _material() -> tuple[list[str], list[str]]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("*.md")))
    return sorted({*_SENTENCE.findall(text)}), sorted({*_WORD.findall(text)})


def _section(chance: random.Random, sentences: list[str], words: list[str], number: int) -> str:
    heading = " ".join(chance.choices(words, k=chance.randint(2, 5))).capitalize()
    text = " ".join(_sentence(chance, sentences, words) for _ in range(6))
    return f"## {number}. {heading}\n\n{text}"


def _sentence(chance: random.Random, sentences: list[str], words: list[str]) -> str:
    """A sentence of the library with a third of its words exchanged."""
    parts = chance.choice(sentences).split(" ")
    return " ".join(chance.choice(words) if chance.random() < 1 / 3 else part for part in parts)


def questions(seed: int = 11) -> Iterator[str]:
    """Questions of 4 to 12 words of the library, without end."""
    chance, (_, words) = random.Random(seed), _material()
    while True:
        yield " ".join(chance.choices(words, k=chance.randint(4, 12)))
