"""Front matter: the fields above a Markdown text, or in the `.yaml` file beside a document that cannot hold them."""

import re

import yaml

from knowledge.sources.extracts import BrokenError

LONGEST = 64_000  # characters of front matter
_MAX_FIELD = 300


class _Strings(yaml.SafeLoader):
    """A YAML loader that keeps every scalar as written: version 4.10 stays `4.10`, `no` stays `no`."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  (PyYAML's own shape)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Split `---` front matter off. A leading `---` that no `key:` line follows is a rule, not front matter.

    Raises:
        BrokenError: it is not closed, too long, or no YAML of `key: value` lines.
    """
    if not re.match(r"---[ \t]*\n\s*[A-Za-z][\w -]*:", text):
        return {}, text
    end = re.search(r"^(?:---|\.\.\.)[ \t]*$", text[4:], re.MULTILINE)
    if end is None:
        raise BrokenError("has front matter that is not closed; end it with a line `---`")
    if end.start() > LONGEST:
        raise BrokenError("has front matter longer than 64 kB; move the text below it")
    return fields(text[4 : 4 + end.start()], first_line=2), text[4 + end.end() :].removeprefix("\n")


def fields(text: str, first_line: int = 1) -> dict[str, str]:
    """The `key: value` lines of a YAML text, keys in lower case, each value on one line; raises BrokenError."""
    try:
        loaded = yaml.load(text, _Strings)  # noqa: S506  (a SafeLoader that resolves less)
    except yaml.YAMLError as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", None)
        where = "" if line is None else f" (line {line + first_line})"
        raise BrokenError(f"has broken front matter{where}; write it as `key: value` lines") from None
    except RecursionError:
        raise BrokenError("has front matter nested too deeply; write it as `key: value` lines") from None
    if not isinstance(loaded, dict):
        raise BrokenError("has broken front matter; write it as `key: value` lines")
    return {str(key).strip().lower(): _plain(value) for key, value in loaded.items()}


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value)
    return "" if value is None else " ".join(str(value).split())[:_MAX_FIELD]
