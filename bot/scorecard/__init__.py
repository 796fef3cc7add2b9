"""The scorecard: files of questions with what is expected, asked of an installation; how much was right."""

from bot.scorecard.questions import Entry, Expectation, read_questions
from bot.scorecard.scoring import Scored, score
from bot.scorecard.tally import Tally, by_group, tally

__all__ = ["Entry", "Expectation", "Scored", "Tally", "by_group", "read_questions", "score", "tally"]
