"""`steward knowledge`: the team's guidelines, one command a file. A new command is imported and listed here."""

import typer

from bot.commands.knowledge.adding import add
from bot.commands.knowledge.gaps import gaps
from bot.commands.knowledge.lint import lint
from bot.commands.knowledge.listing import list_documents
from bot.commands.knowledge.mending import reindex
from bot.commands.knowledge.removing import remove
from bot.commands.knowledge.searching import search
from bot.commands.knowledge.state import status
from bot.commands.knowledge.syncing import sync
from bot.commands.knowledge.terms import terms

app = typer.Typer(no_args_is_help=True, help="The team's guidelines: add, sync, list, search, mend.")

app.command()(add)
app.command()(sync)
app.command("list")(list_documents)
app.command()(remove)
app.command()(search)
app.command()(reindex)
app.command()(status)
app.command()(gaps)
app.command()(lint)
app.command()(terms)
