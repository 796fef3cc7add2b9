"""Escapes: text that cannot notify anyone, and Markdown as Slack's older `mrkdwn` for the fall-back."""

import re

# A word joiner is not shown and breaks the keyword; `&lt;` alone is the documented escape. Both, because it is not
# documented whether a markdown block reads `<!channel>` before or after it decodes entities.
_JOINER = "\u2060"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_COMMAND = re.compile(r"<(?=[!@#])")
_BROADCAST = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)

_FENCE = re.compile(r"^\s*(```|~~~)")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\(\s*([^)\s]+)[^)]*\)")


def harmless(markdown: str) -> str:
    """Markdown for a markdown block in which `<!channel>`, `<@U…>`, `<#C…>` and `@here` are only text."""
    return _unbroadcast(_COMMAND.sub("&lt;", _CONTROL.sub("", markdown)))


def literal(text: str) -> str:
    """Plain text for a `mrkdwn` field: the three characters Slack reads, escaped as it documents."""
    escaped = _CONTROL.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _unbroadcast(escaped)


def mrkdwn(markdown: str) -> str:
    """Markdown as `mrkdwn`: headings and bold in single stars, links written out, everything else as it stands."""
    lines, fenced = [], False
    for line in markdown.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
            lines.append("```")
        else:
            lines.append(literal(line) if fenced else _line(line))
    return "\n".join(lines)


def _line(line: str) -> str:
    quote = re.match(r"^(?:>\s?)+", line)
    body = line[quote.end() :] if quote else line
    heading = _HEADING.match(body)
    body = f"**{heading.group(1)}**" if heading else body
    body = literal(_LINK.sub(lambda link: f"{link.group(1)} ({link.group(2)})", body))
    return ("> " if quote else "") + _BOLD.sub(lambda bold: f"*{bold.group(2)}*", body)


def _unbroadcast(text: str) -> str:
    return _BROADCAST.sub(f"@{_JOINER}", text)
