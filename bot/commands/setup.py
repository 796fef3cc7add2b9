"""`steward init`."""

from bot.home import create, is_sample
from bot.settings import load
from bot.terminal import bars, console


def run_init(sample: bool) -> None:
    """Make or mend the home."""
    settings = load()
    with bars() as tell:
        create(settings, sample=sample, tell=tell)
    console.print(f"{settings.home} is ready" + (" with the sample workspace." if is_sample(settings.home) else "."))
    if sample:
        console.print('Try: steward ask "recall of bullying-text v7 by language"', highlight=False)
    else:
        console.print(f"Next: name your people and roles in {settings.home / 'team.yaml'}.", highlight=False)
