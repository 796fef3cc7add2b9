"""Home: the folder of one installation, made empty or with the sample workspace. Making it again mends it."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings, login_name
from bot.team import FILE, DefaultsPart, Escalation, LimitsPart, Person, Team, read_team, write_team
from bot.wiring import data_root, open_knowledge
from knowledge import LIBRARY, PLAYBOOK, Knowledge
from tools.catalog import load
from tools.errors import SetupError
from tools.evals.evaluation import evaluate
from tools.evals.items_file import open_items
from tools.registry import read_registry, register
from tools.runs import find_run, request_run
from tools.store.database import connect, migrate
from tools.store.session import writing

Tell = Callable[[str, int, int], None]  # what is being done, how far, of how much

MARKS = {FILE, "steward.db"}
FOLDERS = {"data", "knowledge", "guidelines", "playbook", "lost+found"}
KNOWN = MARKS | FOLDERS | {"steward.db-wal", "steward.db-shm", "team.partial"}
# Left to be proposed and approved, so that a first look has something to start.
NOT_COPIED = {"planted.yaml", "workspace.yaml"}  # what was planted is for those who check; the other is copied anew
NOT_RUN = ("bullying-text@v8-rc1", "evasion@2")


def create(
    settings: Settings, *, sample: bool, tell: Tell, knowledge: Callable[[Path], Knowledge] = open_knowledge
) -> None:
    """Make a home: team file, database, method cards and, for the sample, data, guidelines and finished evaluations.

    The team file is written last: a home without it counts as not set up, and the same command goes on where it was.

    Raises:
        SetupError: the folder holds something else, or cannot be written.
    """
    home = settings.home
    _check_folder(home)
    if (home / FILE).exists():
        read_team(home)  # a broken one is said before anything is written
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"{home} cannot be made ({error.strerror}). Choose another with STEWARD_HOME.") from error
    engine = connect(settings.database)
    try:
        tell("database", 0, 1)
        migrate(engine)
        tell("database", 1, 1)
        team = Team(people=(Person(id=login_name(), name=login_name(), roles=("admin",)),))
        if sample:
            team = _sample_team(_sample(settings, engine, tell, knowledge))
        _add(home, PLAYBOOK, "playbook", tell, knowledge)
        if not (home / FILE).exists():
            write_team(home, team)
        read_team(home)
    finally:
        engine.dispose()


def is_sample(home: Path) -> bool:
    """Whether the sample workspace was set up here."""
    return (data_root(home) / "workspace.yaml").exists()


def _check_folder(home: Path) -> None:
    if home.exists() and not home.is_dir():
        raise SetupError(f"{home} is a file, not a folder. Choose another with STEWARD_HOME.")
    if home.is_dir():
        names = {path.name for path in home.iterdir()}
        # A folder with these names and others may be anybody's, unless it has what only a home has.
        if names - KNOWN and not names & MARKS:
            raise SetupError(f"{home} holds something that is not Steward's. Choose an empty folder with STEWARD_HOME.")


def _sample(
    settings: Settings, engine: Any, tell: Tell, open_guidelines: Callable[[Path], Knowledge]
) -> dict[str, Any]:
    from tools.sample import folder

    root, home = data_root(settings.home), settings.home
    registry = read_registry(folder() / "workspace.yaml")
    held = [*registry["datasets"], *registry.get("label_sets", ())]
    files = [entry["artifact"] for entry in registry["models"]] + [entry["path"] for entry in held]
    for number, key in enumerate([*files, "workspace.yaml"]):
        tell("sample data", number, len(files) + 1)
        _copy(folder() / key, root / key)
    for path in sorted(folder().glob("*.yaml")):
        if path.name not in NOT_COPIED and not (root / path.name).exists():  # people may edit their gates and standards
            _copy(path, root / path.name)
    tell("sample data", len(files) + 1, len(files) + 1)
    register(engine, root, registry)
    _add(home, LIBRARY, "guidelines", tell, open_guidelines)
    _sample_runs(engine, root, tell)
    return registry


def _add(home: Path, shipped: Path, collection: str, tell: Tell, open_guidelines: Callable[[Path], Knowledge]) -> None:
    """Copy a shipped folder of documents with its questions into the home, and add the copy to its collection."""
    folder = home / collection
    for path in sorted([*shipped.glob("*.md"), *shipped.glob("*.yaml")]):
        if not (folder / path.name).exists():  # people may edit their copy
            _copy(path, folder / path.name)
    knowledge = open_guidelines(home)
    try:
        knowledge.add(folder, collection, lambda what, done, total: tell(what, done, total))
    finally:
        knowledge.close()


def _sample_runs(engine: Any, root: Path, tell: Tell) -> None:
    """Really evaluate the sample's models, here and now: asking for the sample is asking for them."""
    catalog = load(engine)
    pairs = [
        (model, dataset)
        for model in catalog.models
        for dataset in catalog.datasets
        if dataset.kind != "train" and (model.id, dataset.id) != NOT_RUN
    ]
    for number, (model, dataset) in enumerate(pairs):
        tell("evaluations", number, len(pairs))
        with writing(engine) as session:
            shards = open_items(root, dataset).shards
            run = request_run(session, model, dataset, shards, "sample", datetime.now(UTC)).id
        entry = find_run(engine, run)
        if entry is None or entry.status != "done":
            evaluate(engine, root, run, lambda: datetime.now(UTC))
    tell("evaluations", len(pairs), len(pairs))


def _sample_team(registry: dict[str, Any]) -> Team:
    return Team(
        people=tuple(Person.model_validate(person) for person in registry.get("people", ())),
        defaults=DefaultsPart.model_validate(registry.get("defaults", {})),
        limits=LimitsPart.model_validate(registry.get("limits", {})),
        escalation=Escalation.model_validate(registry.get("escalation", {})),
    )


def _copy(source: Path, target: Path) -> None:
    """Copy a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    shutil.copyfile(source, partial)
    partial.replace(target)
