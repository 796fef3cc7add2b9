"""`steward doctor`: each part, whether it works, and what to do about it."""

from collections.abc import Callable, Iterator

import typer
from sqlalchemy.exc import DBAPIError

from bot.settings import Settings, load
from bot.terminal import console
from bot.wiring import Steward
from knowledge import KnowledgeError
from tools.errors import StewardError
from tools.registry import verify
from tools.runs import list_entries

Finding = tuple[bool, str, str]  # well, part, what was found


def run_doctor() -> None:
    """Print a line a part; exit code 1 when something needs attention."""
    findings = list(examine(load()))
    for well, part, found in findings:
        console.print(f"{'[green]ok[/green]  ' if well else '[red]mend[/red]'} {part:<11} {found}", highlight=False)
    if not all(well for well, _, _ in findings):
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Examine a home, part by part; a part that is missing does not hide the others."""
    try:
        steward = Steward(settings)
    except StewardError as error:
        yield False, "home", str(error)
        return
    try:
        yield True, "home", str(settings.home)
        yield True, "database", steward.engine.dialect.name
        for part, check in (
            ("team", _team),
            ("catalogue", _catalogue),
            ("runs", _runs),
            ("guidelines", _guidelines),
            ("model", _model),
            ("audit", _audit),
        ):
            yield _checked(part, check, steward)
    finally:
        steward.close()


def _checked(part: str, check: Callable[[Steward], str], steward: Steward) -> Finding:
    try:
        return True, part, check(steward)
    except (StewardError, KnowledgeError) as error:
        return False, part, str(error)
    except DBAPIError as error:
        return False, part, f"The database is damaged ({error.orig}). Restore it from a backup."


def _team(steward: Steward) -> str:
    people = steward.team().people
    if not any(person.roles for person in people):
        raise StewardError("Nobody has a role, so nobody gets data. Add people and roles to team.yaml.")
    return f"{len(people)} people; terminal: {people[0].id}"


def _catalogue(steward: Steward) -> str:
    problems = verify(steward.engine, steward.workspace.root)
    if problems:
        raise StewardError(" ".join(problems))
    catalog = steward.workspace.catalog
    if not catalog.models:
        raise StewardError("No model is registered yet. Run: steward init --sample")
    return f"{len(catalog.models)} model versions, {len(catalog.datasets)} dataset versions, all files as registered"


def _runs(steward: Steward) -> str:
    runs = list_entries(steward.engine)
    failed = [run.id for run in runs if run.status == "failed"]
    if failed:
        raise StewardError(f"Failed: {', '.join(failed)}. Propose them again, or see `steward eval list`.")
    open_runs = sum(run.status in ("queued", "running") for run in runs)
    return f"{len(runs) - open_runs} done" + (f", {open_runs} unfinished: steward eval list" if open_runs else "")


def _guidelines(steward: Steward) -> str:
    status = steward.knowledge.status()
    if not status.sections:
        raise StewardError("No guideline is indexed yet. Run: steward knowledge add DIR --collection guidelines")
    return f"{status.documents} documents, {status.sections} sections; embedder {status.embedder}; {status.dense}"


def _model(steward: Steward) -> str:
    from bot.agent.models import load_model

    return steward.settings.model if load_model(steward.settings) else "the planner (no language model is set)"


def _audit(steward: Steward) -> str:
    broken = steward.audit.broken_at()
    if broken is not None:
        raise StewardError(f"The audit's chain is broken at row {broken}. Restore the database from a backup.")
    return "the chain holds"
