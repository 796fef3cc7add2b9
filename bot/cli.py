"""The command line. Each command imports what it needs when it runs, so that `--help` is instant."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import evals, importing, knowledge
from bot.commands.failures import friendly

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Steward answers questions about the quality of safety classifiers. Start with: steward init --sample",
)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(evals.app, name="eval")
app.add_typer(importing.app, name="import")

Person = Annotated[
    str, typer.Option("--as", metavar="PERSON", help="Who asks; default: STEWARD_PERSON, else the first of the team.")
]
Thread = Annotated[str, typer.Option("--thread", metavar="ID", help="The conversation a follow-up belongs to.")]


@app.command()
@friendly
def init(
    sample: Annotated[bool, typer.Option("--sample", help="With a fictional workspace to try everything on.")] = False,
) -> None:
    """Set up STEWARD_HOME (default: .steward), empty or with the sample workspace. Doing it again mends it.

    Example: steward init --sample
    """
    from bot.commands.setup import run_init

    run_init(sample)


@app.command()
@friendly
def ask(
    question: Annotated[str, typer.Argument(help="The question, in your own words.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    thread: Thread = "",
    person: Person = "",
) -> None:
    """Ask one question. With --thread, follow-ups such as “and by language?” are understood.

    Example: steward ask "recall of bullying-text v7 by language"
    """
    from bot.commands.asking import run_ask

    run_ask(question, as_json=as_json, thread=thread, person=person)


@app.command()
@friendly
def chat(thread: Thread = "", person: Person = "") -> None:
    """Talk in the terminal: questions, follow-ups, and proposals to approve or reject.

    Example: steward chat --as ana
    """
    from bot.commands.asking import run_chat

    run_chat(thread=thread, person=person)


@app.command()
@friendly
def serve() -> None:
    """Answer in Slack over Socket Mode; needs STEWARD_SLACK_BOT_TOKEN and STEWARD_SLACK_APP_TOKEN.

    Example: STEWARD_SLACK_BOT_TOKEN=xoxb-… STEWARD_SLACK_APP_TOKEN=xapp-… steward serve
    """
    from bot.commands.serving import run_serve

    run_serve()


@app.command()
@friendly
def manifest() -> None:
    """Print the Slack app manifest to create the app from.

    Example: steward manifest > manifest.json
    """
    from bot.commands.serving import print_manifest

    print_manifest()


@app.command()
@friendly
def doctor(
    live: Annotated[
        bool, typer.Option("--live", help="Only what serving stands on, home and database: for health checks.")
    ] = False,
) -> None:
    """Check this installation part by part, and say what to do about what is wrong.

    Example: steward doctor
    """
    if live:
        from bot.commands.health import run_health

        run_health()
    else:
        from bot.commands.doctor import run_doctor

        run_doctor()


@app.command()
@friendly
def scorecard(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of questions with what is expected.")],
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Another chat model, or “planner”.")] = "",
    repeat: Annotated[int, typer.Option("--repeat", metavar="K", min=1, help="How often all is asked.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print counts and misses as JSON.")] = False,
    misses: Annotated[bool, typer.Option("--misses", help="Print what was given instead.")] = False,
    floor: Annotated[
        float | None,
        typer.Option("--floor", metavar="SHARE", min=0, max=1, help="Exit code 1 when less is right at first."),
    ] = None,
    person: Person = "",
) -> None:
    """Ask files of questions and print, by group, how often tool, arguments, numbers and refusals were right.

    Example: steward scorecard questions.yaml --misses --floor 0.8
    """
    from bot.commands.scorecard import run_scorecard

    run_scorecard(files, model=model, repeat=repeat, as_json=as_json, show_misses=misses, floor=floor, person=person)


@app.command()
@friendly
def demo() -> None:
    """Show everything once: the sample workspace, an evaluation proposed, approved and run, six questions, then a chat.

    Example: steward demo
    """
    from bot.commands.demo import run_demo

    run_demo()


def main() -> None:
    """The entry point of `steward`."""
    app()
