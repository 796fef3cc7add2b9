"""`find_methods`: what helps against a weakness, from the method playbook: one card, quoted, and two more by name."""

from datetime import date
from itertools import islice

from knowledge import Edition, Hit, Knowledge, KnowledgeError
from knowledge.search.words import words
from tools.arguments import Arguments, FreeText
from tools.errors import ToolError
from tools.guidelines.cards import COST, NOT, PLAYBOOK, WHAT, WORKED, Card, card
from tools.guidelines.meanings import in_card_words
from tools.results import Result
from tools.spec import Example, ToolSpec
from tools.workspace import Call

SECTIONS = 24  # that a question is compared with: cards are found by any of their sections
OTHERS = 2  # cards named beside the one that is shown
FLOOR = 0.30  # of the score where vectors answer: 3 of 108 own questions are below it, 15 of 16 about something else


class FindMethods(Arguments):
    """Find the method that helps against a weakness."""

    query: FreeText


def _find(arguments: FindMethods, call: Call) -> Result:
    query = arguments.query.strip()
    if not query:
        raise ToolError("What should a method help with? Name a weakness, or a method.")
    today = call.workspace.now().date()
    knowledge = call.workspace.knowledge()
    try:
        cards = _cards(knowledge, today)
        if not cards:
            raise ToolError("No method card is indexed here. Run: steward init")
        found = _ranked(knowledge, query, cards, today)
    except KnowledgeError as error:
        raise ToolError(str(error)) from error
    readable = (card(knowledge, name, today, call.caller.roles) for name in found)
    shown = list(islice((one for one in readable if one), 1 + OTHERS))
    return _told(shown[0], shown[1:], query) if shown else _nothing(cards, query)


def _cards(knowledge: Knowledge, today: date) -> dict[str, Edition]:
    """The cards in force by document id."""
    editions = knowledge.editions(today=today)
    return {one.id: one for one in editions if one.collection == PLAYBOOK and one.standing == "in force"}


def _ranked(knowledge: Knowledge, query: str, cards: dict[str, Edition], today: date) -> list[str]:
    """The documents that fit the question, best first; a card whose title is in the question leads."""
    hits = knowledge.search(in_card_words(query), PLAYBOOK, limit=SECTIONS, today=today)
    by_title = _named(query, cards)
    return list(dict.fromkeys([*by_title, *(hit.document_id for hit in hits)])) if by_title or _fits(hits) else []


def _named(query: str, cards: dict[str, Edition]) -> list[str]:
    """Cards whose whole title stands in the question, the longest title first."""
    asked = f" {' '.join(words(query))} "
    titles = sorted(cards.values(), key=lambda one: -len(one.title))
    return [one.id for one in titles if f" {' '.join(words(one.title))} " in asked]


def _fits(hits: list[Hit]) -> bool:
    """Whether the best is near enough; where no vector answers, a word in common is all there is to go by."""
    by_meaning = any(hit.similarity is not None for hit in hits)
    return bool(hits) and (not by_meaning or hits[0].score >= FLOOR)


def _nothing(cards: dict[str, Edition], query: str) -> Result:
    topics = ", ".join(sorted(one.title for one in cards.values()))
    return Result(
        tool="find_methods",
        headline=f"No method card fits that. There are cards on: {topics}.",
        query={"query": query},
    )


def _told(shown: Card, others: list[Card], query: str) -> Result:
    """The card in short. All of how to know that it worked: half of that would be misread."""
    main = shown.cite()
    cited = [main, *(one.cite(quoted=False) for one in others)]
    told = (
        ("What it is", shown.first(WHAT)),
        ("When it does not help", shown.first(NOT)),
        ("What it costs", shown.first(COST)),
        (WORKED, shown.text(WORKED)),
    )
    lines = [f"- *{label}*: {text}" for label, text in told if text]
    head = f"**{main.line()}**\n> {main.quote}" if main else f"**{shown.title}**"
    near = ", ".join(f"*{one.title}*" for one in others)
    return Result(
        tool="find_methods",
        headline="\n\n".join([head, "\n".join(lines)]),
        citations=tuple(citation for citation in cited if citation),
        caveats=(f"Other cards: {near}.",) if near else (),
        query={"query": query},
        suggestions=tuple(f"method card {one.title[:1].lower()}{one.title[1:]}" for one in others),
    )


FIND_METHODS = ToolSpec(
    name="find_methods",
    summary="Method cards: what helps against a weakness of data or labels, its cost, how to know that it worked.",
    topic="which method helps, at what cost",
    arguments=FindMethods,
    run=_find,
    examples=(
        Example("what is stratified collection"),
        Example("what is active learning"),
        Example("what would help with romanised hindi"),
        Example("what helps with hinglish spelling"),
        Example("how do we fix leetspeak"),
        Example("how can we make the model robust to evasion tricks"),
        Example("what to do about homoglyphs and spacing"),
        Example("we have few tagalog positives, what can we do"),
        Example("which method helps with a low resource language"),
        Example("annotators disagree on spanish, which method would help"),
        Example("method card confident learning"),
        Example("method card normalise, then augment"),
        Example("explain back-translation"),
        Example("how does hard negative mining work"),
        Example("when does score-stratified collection help"),
        Example("what does active learning cost us"),
        Example("how do i know that augmentation worked"),
        Example("is synthetic data a good idea"),
        Example("generating training data with a language model, pros and cons"),
        Example("what are the dangers of synthetic data"),
        Example("when should i relabel with several raters"),
        Example("is distillation worth it"),
        Example("what can we do about class imbalance"),
        Example("how to deal with near duplicates in training data"),
        Example("what are the remedies for noisy labels"),
        Example("what can one do against label noise"),
        Example("how do other teams handle drift"),
        Example("the scores are badly calibrated, what helps"),
        Example("which techniques help against domain shift"),
        Example("how could we get more positives for a rare class"),
        Example("ways to bring the false positive rate down"),
        Example("how to choose which items to label next"),
        Example("how do i collect data for a weak slice"),
        Example("what options are there when the guideline is ambiguous"),
        Example("is curriculum learning any good"),
        Example("what does the playbook say about ensembles"),
        Example("playbook: weak supervision"),
        Example("which card fits a slice with too few items"),
        Example("what method would you use for messy transcripts"),
        Example("how would one improve recall on vietnamese"),
        Example("when does calibration per slice not help"),
        Example("counterfactual augmentation, when and how"),
        Example("what should we try for code-mixed text"),
        Example("pros and cons of back-translation"),
        Example("how do other teams mend stale gold"),
        Example("any technique for finding wrong labels"),
        Example("what works against obfuscated spelling"),
        Example("tips for improving a small language"),
        Example("how to reduce review load with cost-sensitive routing"),
        Example("one vendor is stricter than the others, how do we get them back in line"),
        Example("the model is too slow, how can it be made smaller"),
        Example("a random draw finds hardly any positives, what then"),
        Example("only heuristics and user reports for a new policy, how to train"),
        Example("the model reacts to a topic alone, how does it unlearn that"),
        Example("the same post many times in the training data, what to do about it"),
        Example("the golden set no longer looks like traffic, what now"),
        Example("results change with every seed, what helps"),
        Example("the model has never seen this new surface, what would help"),
        Example("hinglish and other latin spellings are missed, how to fix it"),
    ),
    needs="guidelines",
)
