"""The simulated Slack is strict, or the tests on it would prove nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground.blocks import problem
from bot.playground.faults import Fault
from bot.playground.people import BOT, BOT_USER
from bot.playground.server import Playground
from bot.playground.socket import Hub
from bot.playground.web_api import APP_TOKEN, BOT_TOKEN
from bot.playground.workspace import Workspace


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """A running simulated Slack that sends again after a quarter of a second."""
    async with Playground(Workspace(Hub(ack_within=0.25))) as running:
        yield running


@pytest.fixture
async def http(playground: Playground) -> AsyncIterator[aiohttp.ClientSession]:
    """A bare HTTP client with the bot's token."""
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    async with aiohttp.ClientSession(base_url=playground.base_url, headers=headers) as session:
        yield session


async def call(http: aiohttp.ClientSession, method: str, **arguments: Any) -> dict[str, Any]:
    """Call a method with a JSON body."""
    async with http.post(method, json=arguments) as response:
        return dict(await response.json())


async def connect(playground: Playground, http: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    """Open a socket as an app does, and read its hello."""
    opened = await call(http, "apps.connections.open", token=APP_TOKEN)
    socket = await http.ws_connect(opened["url"])
    assert (await socket.receive_json())["type"] == "hello"
    return socket


def test_it_listens_on_loopback_only() -> None:
    """There is no access control, so nobody else may reach it."""
    with pytest.raises(ValueError, match="loopback"):
        Playground(host="0.0.0.0")


async def test_json_form_and_query_are_the_same_call(http: aiohttp.ClientSession) -> None:
    """Structures arrive JSON-encoded in form fields."""
    blocks = [{"type": "divider"}]
    metadata = {"event_type": "x", "event_payload": {"a": 1}}
    one = await call(http, "chat.postMessage", channel="C0EVALS", text="hi", blocks=blocks, metadata=metadata)
    form = {"channel": "C0EVALS", "text": "hi", "blocks": json.dumps(blocks), "metadata": json.dumps(metadata)}
    async with http.post("chat.postMessage", data=form) as response:
        two = await response.json()
    for posted in (one, two):
        assert posted["message"]["blocks"][0]["type"] == "divider"
        assert posted["message"]["metadata"] == metadata
    async with http.get("users.info", params={"user": "U0ANA"}) as response:
        assert (await response.json())["user"]["name"] == "ana"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("no.such", {}, "unknown_method"),
        ("chat.postMessage", {"token": "xoxb-other"}, "invalid_auth"),
        ("apps.connections.open", {}, "invalid_auth"),
        ("chat.postMessage", {"channel": "C9", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0EVALS"}, "no_text"),
        ("chat.postMessage", {"channel": "C0EVALS", "text": "x", "thread_ts": "1.0"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "C0EVALS", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ("chat.update", {"channel": "C0EVALS", "ts": "1.0", "text": "x"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "C0EVALS", "user": "U0AWAY", "text": "x"}, "user_not_in_channel"),
        ("users.info", {"user": "U9"}, "user_not_found"),
        ("assistant.threads.setStatus", {"channel_id": "C0EVALS"}, "invalid_arguments"),
    ],
)
async def test_wrong_calls_are_refused_by_name(
    http: aiohttp.ClientSession, method: str, arguments: dict[str, Any], error: str
) -> None:
    """With Slack's error words."""
    assert (await call(http, method, **arguments))["error"] == error


def text(size: int, kind: str = "mrkdwn") -> dict[str, str]:
    """A text object of this length."""
    return {"type": kind, "text": "x" * size}


def button(**more: Any) -> dict[str, Any]:
    """A button in an actions block."""
    return {"type": "actions", "elements": [{"type": "button", "text": text(5, "plain_text"), **more}]}


def table(rows: int, columns: int, cell: str = "x") -> dict[str, Any]:
    """A table block."""
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell}] * columns] * rows}


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([{"type": "divider"}] * 50, None),
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([{"type": "chart"}], "invalid_blocks"),
        (["text"], "invalid_blocks"),
        ([{"type": "section", "text": text(3_000)}], None),
        ([{"type": "section", "text": text(3_001)}], "invalid_blocks"),
        ([{"type": "section", "text": text(0)}], "invalid_blocks"),
        ([{"type": "section"}], "invalid_blocks"),
        ([{"type": "header", "text": text(151, "plain_text")}], "invalid_blocks"),
        ([{"type": "context", "elements": [text(5)] * 11}], "invalid_blocks"),
        ([button(value="x" * 2_000)], None),
        ([button(value="x" * 2_001)], "invalid_blocks"),
        ([button(text=text(76, "plain_text"))], "invalid_blocks"),
        ([button(text=text(5))], "invalid_blocks"),
        ([button(style="bold")], "invalid_blocks"),
        ([{"type": "actions", "elements": button()["elements"] * 2}], "invalid_blocks"),
        ([{"type": "actions", "elements": []}], "invalid_blocks"),
        ([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}], "invalid_blocks"),
        ([table(100, 20)], None),
        ([table(101, 2)], "invalid_blocks"),
        ([table(2, 21)], "invalid_blocks"),
        ([table(2, 2, "")], "invalid_blocks"),
        ([table(2, 2), table(2, 2)], "invalid_blocks"),
        ([{"type": "markdown", "text": "x" * 12_000}], None),
        ([{"type": "markdown", "text": "x" * 6_001}] * 2, "msg_blocks_too_long"),
        ([{"type": "markdown", "text": "x" * 11_000}, {"type": "section", "text": text(2_900)}], "msg_blocks_too_long"),
    ],
)
def test_the_limits_of_blocks(blocks: list[dict[str, Any]], error: str | None) -> None:
    """Each at its edge and one beyond."""
    found = problem("text", blocks)
    assert (found[0] if found else None) == error


async def test_an_event_is_sent_again_until_it_is_acknowledged(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    """The same event in a new envelope, with the count of the attempt; after the acknowledgement no more."""
    socket = await connect(playground, http)
    await playground.workspace.say("U0ANA", "D0ANA", "hello")
    first, second = [await socket.receive_json(timeout=2) for _ in range(2)]
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert first["envelope_id"] != second["envelope_id"]
    assert [first["retry_attempt"], second["retry_attempt"]] == [0, 1]
    await socket.send_json({"envelope_id": second["envelope_id"]})
    await playground.workspace.quiet()
    with pytest.raises(asyncio.TimeoutError):
        await socket.receive_json(timeout=0.4)


async def test_an_event_waits_for_a_connection(playground: Playground, http: aiohttp.ClientSession) -> None:
    """What happens while the app is away reaches it when it is back."""
    await playground.workspace.say("U0ANA", "D0ANA", "hello")
    socket = await connect(playground, http)
    assert (await socket.receive_json(timeout=2))["payload"]["event"]["text"] == "hello"


async def test_a_ticket_opens_one_socket(playground: Playground, http: aiohttp.ClientSession) -> None:
    """The address from `apps.connections.open` works once."""
    opened = await call(http, "apps.connections.open", token=APP_TOKEN)
    await http.ws_connect(opened["url"])
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(opened["url"])


async def test_a_mention_is_two_events_and_a_duplicate_four(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    """`app_mention` and `message`, with event ids of their own; a duplicate repeats the id."""
    playground.workspace.faults.duplicate = 2
    await playground.workspace.say("U0ANA", "C0EVALS", f"<@{BOT_USER}> hi")
    socket = await connect(playground, http)
    received = [await socket.receive_json(timeout=2) for _ in range(4)]
    for envelope in received:
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
    kinds = sorted(envelope["payload"]["event"]["type"] for envelope in received)
    assert kinds == ["app_mention", "app_mention", "message", "message"]
    assert len({envelope["payload"]["event_id"] for envelope in received}) == 2


async def test_the_app_hears_itself(playground: Playground, http: aiohttp.ClientSession) -> None:
    """As in Slack: an app that does not ignore its own messages talks to itself for ever."""
    socket = await connect(playground, http)
    await call(http, "chat.postMessage", channel="C0EVALS", text="hi")
    event = (await socket.receive_json(timeout=2))["payload"]["event"]
    assert (event["bot_id"], event["user"]) == (BOT, BOT_USER)


async def test_faults_come_in_order_and_end(playground: Playground, http: aiohttp.ClientSession) -> None:
    """429 with its header, then an error, then all is well; each is noted."""
    faults = playground.workspace.faults
    faults.add("users.info", Fault(retry_after=7))
    faults.add("users.info", Fault(error="internal_error"))
    async with http.get("users.info", params={"user": "U0ANA"}) as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "7"
    assert (await call(http, "users.info", user="U0ANA"))["error"] == "internal_error"
    assert (await call(http, "users.info", user="U0ANA"))["ok"]
    assert [made.outcome for made in playground.workspace.calls] == ["http 429", "internal_error", "ok"]


async def test_a_thread_is_read_in_pages_with_its_metadata(playground: Playground, http: aiohttp.ClientSession) -> None:
    """Oldest first; metadata only where it is asked for."""
    asked = await playground.workspace.say("U0ANA", "D0ANA", "hello")
    metadata = {"event_type": "x", "event_payload": {}}
    for number in range(5):
        sent = {"channel": "D0ANA", "thread_ts": asked.ts, "text": str(number), "metadata": metadata}
        assert (await call(http, "chat.postMessage", **sent))["ok"]
    query = {"channel": "D0ANA", "ts": asked.ts, "limit": 4}
    first = await call(http, "conversations.replies", **query, include_all_metadata=True)
    cursor = first["response_metadata"]["next_cursor"]
    second = await call(http, "conversations.replies", **query, cursor=cursor)
    assert [message["text"] for message in first["messages"] + second["messages"]] == ["hello", *"01234"]
    assert "metadata" in first["messages"][1]
    assert "metadata" not in second["messages"][0]


async def test_only_a_button_that_is_there_can_be_pressed(playground: Playground, http: aiohttp.ClientSession) -> None:
    """The press carries the message, the person and the button; a message without it cannot be pressed."""
    blocks = [button(action_id="go", value="v1")]
    posted = await call(http, "chat.postMessage", channel="C0EVALS", text="hi", blocks=blocks)
    message = playground.workspace.find("C0EVALS", posted["ts"])
    assert message is not None
    with pytest.raises(LookupError):
        await playground.workspace.click("U0ANA", message, "stop")
    delivery = await playground.workspace.click("U0AWAY", message, "go")
    assert delivery.payload["actions"][0]["value"] == "v1"
    assert delivery.payload["user"] == {"id": "U0AWAY", "username": "ola", "name": "ola", "team_id": "T0AWAY"}
    assert delivery.payload["container"]["message_ts"] == posted["ts"]


async def test_people_speak_only_where_they_are(playground: Playground) -> None:
    """A typo in a test is an error, not a message nobody sees."""
    with pytest.raises(ValueError, match="not in"):
        await playground.workspace.say("U0AWAY", "C0EVALS", "hello")
