"""Coverage: whether the results are about what the question names.

A number can be grounded and still answer another question: a model that leaves out the filter of "recall on portuguese
comments" gets the recall of the whole set. So what the question plainly names must stand in a query that ran.
"""

import json
from collections.abc import Sequence

from bot.agent.understanding.mentions import Mentions
from tools.results import Result

FREE = {"search_guidelines", "describe", "list_runs"}  # their results say themselves what they are about


def uncovered(mentions: Mentions, results: Sequence[Result]) -> list[str]:
    """What the question names exactly and no query of the results has: slice values, metrics, a threshold."""
    checked = [result for result in results if result.tool not in FREE]
    if not checked:
        return []
    queries = [json.dumps(result.query, ensure_ascii=False) for result in checked]
    wanted = [(f"{m.group} {m.value}", _as_json(m.value)) for m in mentions.of("value") if m.exact]
    wanted += [(m.value, _as_json(m.value)) for m in mentions.of("metric") if m.exact]
    missing = [name for name, written in wanted if not any(written in query for query in queries)]
    threshold = mentions.number("threshold")
    if threshold is not None and not any(result.query.get("threshold") == threshold for result in checked):
        missing.append(f"threshold {threshold:g}")
    return list(dict.fromkeys(missing))


def _as_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
