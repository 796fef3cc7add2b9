"""The toolbelt: ToolSpec -> LangChain tool, the only adaptor. Access is checked here, for asker and audience."""

import json
from typing import Annotated, Any

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, InjectedToolArg, StructuredTool
from pydantic import BaseModel, Field, ValidationError, create_model

from bot.agent.rendering import render
from bot.agent.turn import Turn
from tools.errors import Refusal, ToolError
from tools.results import Result
from tools.spec import ToolSpec

EXAMPLES_SHOWN = 1


def toolbelt(specs: list[ToolSpec[Any]]) -> list[BaseTool]:
    """One LangChain tool a spec. Its message is the rendered result, its artifact the result as a plain dict."""
    return [_tool(spec) for spec in specs]


def run_tool(spec: ToolSpec[Any], arguments: dict[str, Any], turn: Turn) -> Result:
    """Run a tool for the asker of this turn.

    Raises:
        Refusal: the asker or the audience may not have this (R10, R11), or asked for a second effect in one turn (R12).
        ToolError: an argument names nothing; carries the nearest names.
    """
    check_access(spec, turn)
    if spec.effect == "propose" and any(result.proposal for result in turn.results):
        raise Refusal("One proposal a message: approve or reject that one first.", rule="R12")
    try:
        parsed = spec.arguments.model_validate(arguments)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ToolError(f"The argument `{where}` of {spec.name} is wrong: {first['msg']}.", tried=where) from error
    result = spec.run(parsed, turn.call)
    if result not in turn.results:
        turn.results.append(result)
    return result


def check_access(spec: ToolSpec[Any], turn: Turn) -> None:
    """Deny by default.

    Raises:
        Refusal: by R11 for outsiders, by R10 for strangers and for roles that the tool does not list.
    """
    if barred := barrier(turn):
        raise barred
    if not turn.call.caller.roles & spec.roles:
        raise Refusal(f"{spec.topic.capitalize()} is for {', '.join(sorted(spec.roles))}.", rule="R10")


def barrier(turn: Turn) -> Refusal | None:
    """Why nothing of this workspace, not even a name, may be told now; None for its people among themselves."""
    if turn.outsiders:
        return Refusal(
            "Guests or another company can read this channel, so I answer with public help only. Ask me in a direct"
            " message or in an internal channel.",
            rule="R11",
        )
    if not turn.known:
        return Refusal(
            "I don't know you yet, so I can't show data. Ask an admin to add you to the people of this workspace.",
            rule="R10",
        )
    return None


class _Briefly(StructuredTool):
    """A tool whose schema says only what a model needs: the schemas of all tools share its context."""

    @property
    def tool_call_schema(self) -> dict[str, Any]:
        """The arguments without titles, and without what says that they may be left out: they are not required."""
        full: Any = super().tool_call_schema
        schema: dict[str, Any] = full.model_json_schema()
        properties = {name: _brief(field) for name, field in schema.get("properties", {}).items()}
        required = {"required": schema["required"]} if schema.get("required") else {}
        return {
            "title": self.name,
            "description": self.description,
            "type": "object",
            "properties": properties,
        } | required


def _brief(field: dict[str, Any]) -> dict[str, Any]:
    options = [option for option in field.get("anyOf", ()) if option.get("type") != "null"]
    merged = {**field, **options[0]} if len(options) == 1 else dict(field)
    dropped = {
        "anyOf",
        "title",
        # What bounds a value is checked when the tool runs; the error says it.
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "maxItems", "format"),
        *(() if field.get("default") else ("default",)),
    }
    return {key: value for key, value in merged.items() if key not in dropped}


def _tool(spec: ToolSpec[Any]) -> BaseTool:
    def run(runtime: ToolRuntime[Turn], **arguments: Any) -> tuple[str, dict[str, Any]]:
        given = {name: value for name, value in arguments.items() if name in spec.arguments.model_fields}
        result = run_tool(spec, given, runtime.context)
        return render(result), result.model_dump(mode="json")

    return _Briefly(
        name=spec.name,
        description=_described(spec),
        args_schema=_schema(spec),
        func=run,
        response_format="content_and_artifact",
    )


def _described(spec: ToolSpec[Any]) -> str:
    """The summary and a few of the declared examples: small models copy a call more surely than they invent one."""
    shown = [example for example in spec.examples if example.arguments][:EXAMPLES_SHOWN]
    lines = [f"“{example.ask}” -> {json.dumps(example.arguments)}" for example in shown]
    return "\n".join([spec.summary, *(["Examples:", *lines] if lines else [])])


def _schema(spec: ToolSpec[Any]) -> type[BaseModel]:
    """The arguments, and the runtime: injected by LangChain, hidden from the model, never dumped with the arguments.

    Lists with a default become required: a small model leaves out what it may, and then gets more than was asked for.
    """
    runtime: Any = (Annotated[Any, InjectedToolArg()], Field(exclude=True))
    asked: dict[str, Any] = {
        name: (Annotated[field.annotation, *field.metadata], Field(description=field.description))
        for name, field in spec.arguments.model_fields.items()
        if isinstance(field.default, list) and field.default
    }
    doc = spec.arguments.__doc__
    return create_model(spec.arguments.__name__, __base__=spec.arguments, __doc__=doc, runtime=runtime, **asked)
