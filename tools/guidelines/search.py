"""`search_guidelines`: the governing section, its rule quoted verbatim, with version and date (R17)."""

from knowledge import Hit, Knowledge, KnowledgeError
from tools.arguments import Arguments, FreeText
from tools.errors import ToolError
from tools.results import Citation, Result
from tools.spec import Example, ToolSpec
from tools.workspace import Call

SHOWN = 3  # the section that answers, and two more to look at
FLOOR = 0.2  # cosine; below it, and without a shared word, a section has nothing to do with the question
CLEARED = frozenset({"policy", "admin"})  # who may read sections marked restricted (R6)


class SearchGuidelines(Arguments):
    """Find what the labeling guidelines and standards say; answers quote the section and name its version."""

    query: FreeText


def _search(arguments: SearchGuidelines, call: Call) -> Result:
    query = arguments.query.strip()
    if not query:
        raise ToolError("What should I look up in the guidelines?")
    knowledge = call.workspace.knowledge()
    try:
        hits = knowledge.search(query, limit=SHOWN, today=call.workspace.now().date())
        found = [_citation(hit, query, knowledge, call.caller.roles, first=at == 0) for at, hit in enumerate(hits)]
    except KnowledgeError as error:
        raise ToolError(str(error)) from error
    asked = {"query": query}
    if not hits:
        return Result(tool="search_guidelines", headline="I don't find that in the guidelines.", query=asked)
    if hits[0].similarity is not None and hits[0].similarity < FLOOR:
        near = "; ".join(citation.line() for citation in found)
        return Result(
            tool="search_guidelines",
            headline=f"I don't find that in the guidelines. The nearest sections, likely about something else: {near}.",
            query=asked,
        )
    main = found[0]
    hidden = "\nIts text is restricted; ask the owner." if not main.quote else ""
    owner = f" Unsure? Ask {main.owner}." if main.owner else ""
    return Result(
        tool="search_guidelines",
        headline=f"**{main.line()}**" + (f"\n> {main.quote}" if main.quote else hidden),
        citations=tuple(found),
        caveats=(
            *((f"Close as well: {'; '.join(citation.line() for citation in found[1:])}.",) if found[1:] else ()),
            f"This quotes the rule; the item itself is your decision.{owner}",
        ),
        query=asked,
    )


def _citation(hit: Hit, query: str, knowledge: Knowledge, roles: frozenset[str], *, first: bool) -> Citation:
    """A citation; only the first section is quoted, and only to those cleared for it (R6)."""
    readable = hit.sensitivity != "restricted" or bool(roles & CLEARED)
    return Citation(
        document=hit.document,
        title=hit.title,
        section=hit.section,
        heading=hit.name,
        version=hit.version,
        effective=hit.effective.isoformat() if hit.effective else None,
        owner=hit.owner or None,
        superseded=hit.superseded,
        quote=knowledge.quote(hit, query) if first and readable else "",
    )


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
        Example("which label is it when a creator is paid to show an age restricted product"),
        Example("a group leaves out one named person again and again, how is that labelled"),
        Example("how often is gold checked"),
        Example("how many positives does a gate slice need"),
        Example("what should i do if i feel unwell after labeling"),
        Example("does the rule differ in another region"),
        Example("where is it written that vendors are double labelled"),
        Example("definition of actor and surface in the taxonomy"),
        Example("an adult account asks a minor where they live, is there a rule"),
        Example("which version of the privacy guideline is in force"),
        Example("is the old exclusion rule still valid"),
        Example("what did the previous version say about rumours"),
        Example("when did the new rule take effect"),
        Example("since when is an offer to a minor labelled higher"),
        Example("a batch failed by one error, may the lead accept it"),
        Example("may a rejected batch be sampled again"),
        Example("who is allowed to approve an evaluation"),
        Example("who may see the severe queue"),
        Example("how long is the training of an annotator"),
        Example("what happens on the first day of onboarding"),
        Example("how many cards does an intern get each day"),
        Example("a teen performs a risky stunt under supervision, which label"),
        Example("a can of beer stands in the background, does it count"),
        Example("a kid shares the number of a classmate to get back at them, label?"),
        Example("is making fun of a group bullying"),
        Example("does a threat always count as severe"),
        Example("BUL-2 or BUL-3 when the ridicule is repeated"),
        Example("may a model pre-label items for us"),
        Example("how big is a qa sample of a batch according to the standard"),
        Example("minimum agreement that labels need before they may be used"),
        Example("what must hold before a golden set is frozen"),
        Example("two sections say different things, which one counts"),
        Example("what if i think the gold label is wrong"),
        Example("a review of a product with a referral link, label?"),
        Example("what are the rules for double labelling"),
        Example("how long does an appeal take by the rules"),
        Example("what must be checked before release according to the evaluation gate"),
        Example("what to do when two labellers disagree"),
        Example("when must gold be adjudicated again"),
        Example("how often is the gold set refreshed"),
        Example("what does the taxonomy say about surfaces"),
        Example("how many positives per slice does the policy ask for"),
        Example("is there a rule for friends teasing each other"),
        Example("who decides when a rule is unclear"),
        Example("what is the standard's limit for near duplicates"),
        Example("what does the guideline require of vendors"),
        Example("difference between ARS-1 and ARS-2"),
        Example("does it change the label when the minor agrees"),
        Example("am i allowed to share item ids in the channel"),
    ),
)
