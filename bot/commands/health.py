"""`steward doctor --live`: what a health check asks every minute, cheap and without touching anything.

It looks at what serving stands on: the team file, a home that can be written, a database that answers. What the whole
examination adds (files against their hashes, failed runs, missing guidelines, the audit's chain) costs more with every
row, and no restart would mend it.
"""

import os

import typer

from bot.settings import Settings, load
from bot.team import read_team
from tools.errors import SetupError, StewardError
from tools.store.database import connect, revision


def run_health() -> None:
    """Print `well`, or what is wrong on the error stream; exit code 1 then."""
    settings = load()
    try:
        _home(settings)
        _database(settings)
    except StewardError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error  # not 2, which Docker reserves
    typer.echo("well")


def _home(settings: Settings) -> None:
    read_team(settings.home)
    if not os.access(settings.home, os.W_OK):
        raise SetupError(f"{settings.home} cannot be written. Give it to the user that runs Steward.")


def _database(settings: Settings) -> None:
    file = settings.home / "steward.db"
    if not settings.database_url and not file.is_file():  # SQLite would make an empty one by looking
        raise SetupError(f"The database {file} is missing. Restore it, or run `steward init`.")
    engine = connect(settings.database)
    try:
        if revision(engine) is None:
            raise SetupError("The database has no tables yet. Run: steward init")
    finally:
        engine.dispose()
