"""Links that lead nowhere: Markdown links to headings, to other files of the folder, and link definitions."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from knowledge.lint.drafts import Draft, Drafts, Part
from knowledge.lint.findings import Finding
from knowledge.lint.references import RULE
from knowledge.sources.documents import slug

_LINK = re.compile(r"\[[^\[\]\n]{0,300}\]\(\s{0,3}<?([^\[\]()\s<>]{1,500})")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]{1,100}\]:[ \t]{1,9}<?([^\s<>]{1,500})", re.MULTILINE)
_ANCHOR = re.compile(r"""(?:\{#|\b(?:id|name)=["'])([\w.:-]{1,200})""")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,30}:|//", re.IGNORECASE)
_DROPPED = re.compile(r"[^\w\- ]")


def dangling_links(drafts: Drafts) -> Iterator[Finding]:
    """Links of every document that can still be mended; addresses of the web are left alone."""
    anchors: dict[Draft, frozenset[str]] = {}
    paths = {(draft.folder, draft.source.path): draft for draft in drafts.every}
    for part in drafts.parts:
        for pattern in (_LINK, _DEFINITION):
            for match in pattern.finditer(part.prose):
                target, _, anchor = unquote(match[1]).partition("#")
                if _ADDRESS.match(target):
                    continue
                says = ""
                other = paths.get((part.draft.folder, _joined(part, target))) if target else part.draft
                if other is not None:
                    if other not in anchors:
                        anchors[other] = frozenset(_anchors(other))
                    if anchor and anchor.lower() not in anchors[other]:
                        says = f"No heading of {other.path} has the anchor #{anchor}; link to a heading that is there."
                elif not _exists(part, target):
                    says = f"The link leads to {target}, which is not in the folder; mend the path or add the file."
                if says:
                    yield part.finding(RULE, "error", says, match.start())


def _joined(part: Part, target: str) -> str:
    """The target's path below the folder; one that leads outside keeps its `..`."""
    whole: list[str] = []
    below = "" if target.startswith("/") else str(PurePosixPath(part.draft.source.path).parent)
    for step in [*below.split("/"), *target.strip("/").split("/")]:
        if step == ".." and whole and whole[-1] != "..":
            whole.pop()
        elif step not in ("", "."):
            whole.append(step)
    return "/".join(whole)


def _exists(part: Part, target: str) -> bool:
    """Whether the folder holds such a file. What lies outside is not looked at and counts as being there."""
    path = _joined(part, target)
    if path.startswith(".."):
        return True
    try:
        return (part.draft.folder / path).exists()
    except (OSError, ValueError):
        return False


def _anchors(draft: Draft) -> Iterator[str]:
    """What a link may name: the anchors of GitHub, of our own ids, section numbers, and those the author set."""
    seen: dict[str, int] = {}
    for part in draft.parts:
        plain = _DROPPED.sub("", part.name.lower()).replace(" ", "-")
        seen[plain] = seen.get(plain, -1) + 1
        yield f"{plain}-{seen[plain]}" if seen[plain] else plain
        yield slug(part.name)
        yield slug(part.heading)
        yield part.section.partition("/")[2]
        if part.number:
            yield part.number
            yield part.number.replace(".", "-")
    yield _DROPPED.sub("", draft.title.lower()).replace(" ", "-")
    for match in _ANCHOR.finditer(draft.source.body):
        yield match[1].lower()
