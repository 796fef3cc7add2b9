"""`search_guidelines`: the governing section, its rule quoted verbatim, with version and date (R17)."""

from tools.arguments import Arguments, FreeText
from tools.errors import ToolError
from tools.results import Result
from tools.spec import Example, ToolSpec
from tools.workspace import Call


class SearchGuidelines(Arguments):
    """Find what the labeling guidelines and standards say; answers quote the section and name its version."""

    query: FreeText


def _search(arguments: SearchGuidelines, call: Call) -> Result:
    query = arguments.query.strip()
    if not query:
        raise ToolError("What should I look up in the guidelines?")
    raise NotImplementedError


SEARCH_GUIDELINES = ToolSpec(
    name="search_guidelines",
    summary="What the labeling guidelines, dataset and QA standards say: the section, quoted, with its version.",
    topic="what a guideline says, with section and version",
    arguments=SearchGuidelines,
    run=_search,
    needs="guidelines",
    examples=(
        Example("what does the guideline say about paid promotion?"),
        Example("which label applies when an account that presents as adult asks a minor for their address"),
        Example("rule for repeated exclusion from a group"),
        Example("how many annotations per item does the dataset standard require?"),
        Example("when do i have to escalate?"),
        Example("which section covers double labelling in the supervised period"),
        Example("is this bullying or not if there is only one remark"),
        Example("what is the definition of a minor in the standard"),
        Example("how do I label a dare with safety equipment"),
        Example("what are the requirements for a certificate"),
        Example("how long may an appeal take according to the policy"),
        Example("what do we do when two annotators disagree"),
        Example("when is a golden set re-adjudicated"),
        Example("what counts as an age restricted good"),
        Example("who owns the policy for privacy"),
        Example("what does the gate require before a release"),
        Example("what is the difference between PRV-2 and PRV-3"),
        Example("am i allowed to opt out of an area"),
    ),
)
