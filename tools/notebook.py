"""The tools in a notebook or a script, without the bot: each is a method, its arguments are keywords.

    from tools.notebook import Notebook
    steward = Notebook(".steward")
    result = steward.query_metrics(metrics=["recall"], model="bullying-text v7", group_by=["language"])
    print(result.headline)
    result.rows        # the same numbers as data

It is for whoever holds the files of a home already, so it asks nobody's role; read tools only, for a proposal belongs
to a person and a surface with a button (R12).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge import Knowledge
from tools.errors import SetupError, ToolError
from tools.results import Result
from tools.spec import EVERYONE, ToolSpec
from tools.store.database import connect, migrate
from tools.toolbox import TOOLS
from tools.workspace import Call, Caller, Defaults, Workspace


class Notebook:
    """A home opened for reading; `dir()` and `steward.tools` list what can be asked."""

    def __init__(
        self,
        home: Path | str = ".steward",
        database: str = "",
        model: str = "",
        dataset: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Args:
        database: the database's address, where it is not the home's own file.
        model: what a question means that names no model, as in the team file.
        dataset: the same for the dataset.

        Raises:
            SetupError: there is no home, or its database cannot be used.
        """
        home = Path(home)
        if not database and not (home / "steward.db").is_file():
            raise SetupError(f"There is no Steward home at {home}.", remedy="steward init --sample")
        engine = connect(database or f"sqlite:///{home.absolute() / 'steward.db'}")
        migrate(engine)
        guidelines = Knowledge(home / "knowledge")
        self.workspace = Workspace(engine, home / "data", lambda: guidelines, now, Defaults(model, dataset))
        self.tools: dict[str, ToolSpec[Any]] = {spec.name: spec for spec in TOOLS if spec.effect == "read"}

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tools]

    def __getattr__(self, name: str) -> Callable[..., Result]:
        tools = self.__dict__.get("tools", {})
        if name not in tools:
            raise AttributeError(f"no tool {name}; there are {', '.join(tools)}")
        method = partial(self._run, tools[name])
        method.__doc__ = f"{tools[name].summary}\n\nArguments: {', '.join(tools[name].arguments.model_fields)}"
        return method

    def close(self) -> None:
        """Let the database go."""
        self.workspace.engine.dispose()

    def _run(self, spec: ToolSpec[Any], **arguments: Any) -> Result:
        """Run a tool.

        Raises:
            ToolError: an argument is wrong or names nothing; carries the nearest names.
        """
        try:
            asked = spec.arguments(**arguments)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise ToolError(f"The argument `{where}` of {spec.name} is wrong: {first['msg']}.", tried=where) from error
        return spec.run(asked, Call(self.workspace, Caller("notebook", EVERYONE)))
