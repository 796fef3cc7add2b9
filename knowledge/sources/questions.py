"""Questions: what people ask, section by section, in the `questions.yaml` of a folder or in a mark under a heading."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from knowledge.sources.extracts import BrokenError

FILE = "questions.yaml"
LONGEST = 300  # characters of a question
MOST = 40  # questions of one section
_MAX_BYTES = 5_000_000


def read_questions(folder: Path) -> dict[str, tuple[str, ...]]:
    """The questions of the folder's `questions.yaml` by section id; none where there is no such file.

    Raises:
        BrokenError: it cannot be read as section ids with a list of questions each.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BrokenError(f"is larger than {_MAX_BYTES // 1_000_000} MB; shorten it")
        loaded = yaml.load(path.read_text("utf-8-sig"), yaml.BaseLoader)  # noqa: S506  (BaseLoader makes strings only)
    except OSError as problem:
        raise BrokenError(f"cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise BrokenError("is not UTF-8; save it as UTF-8") from None
    except (yaml.YAMLError, RecursionError) as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", None)
        where = "" if line is None else f" (line {line + 1})"
        raise BrokenError(f"is not YAML{where}; write `section-id:` and a list of questions under it") from None
    if loaded in (None, ""):
        return {}
    if not isinstance(loaded, Mapping) or not all(isinstance(asked, list) for asked in loaded.values()):
        raise BrokenError("is not a list of questions for each section; write `section-id:` and `- question` lines")
    return {str(section): tidy(asked) for section, asked in loaded.items()}


def marked(marks: Mapping[str, str]) -> tuple[str, ...]:
    """The questions of a section's own mark, `<!-- questions: a | b -->`."""
    return tidy(marks.get("questions", "").split("|"))


def tidy(asked: Sequence[object]) -> tuple[str, ...]:
    """Each question once, on one line, of a bounded length."""
    lines = (" ".join(one.split())[:LONGEST] for one in asked if isinstance(one, str))
    return tuple(dict.fromkeys(line for line in lines if line))[:MOST]
