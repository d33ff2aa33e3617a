"""A workspace that behaves like Slack's Web API, as far as our channel uses it."""

import html
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

from slack_sdk.models.blocks import Block

from support.http_server import Answer, Request

TOKEN = "xoxb-a-token-that-nobody-may-see"
MAIN = "C0MAIN"


@dataclass
class Post:
    """A message as the workspace keeps it."""

    ts: str
    text: str
    blocks: list[Any]
    metadata: Any
    thread: str | None
    broadcast: bool = False
    edits: int = 0

    @property
    def words(self) -> str:
        """What people read: mark-up of ours taken away, escapes undone."""
        return "\n".join(html.unescape(text) for text in texts(self.blocks))

    @property
    def buttons(self) -> list[str]:
        found = [block["elements"] for block in self.blocks if block["type"] == "actions"]
        return [button["text"]["text"] for buttons in found for button in buttons]


@dataclass
class Room:
    """A channel."""

    name: str
    topic: str = ""
    posts: list[Post] = field(default_factory=list)

    def copied(self, name: str) -> "Room":
        """As it is now, under another name."""
        return Room(name, self.topic, [replace(post) for post in self.posts])


class Workspace:
    """`respond` answers each call. `fault` may answer in its place, before anything is done;
    `afterwards` replaces the answer to what was done.
    """

    def __init__(self) -> None:
        self.rooms = {MAIN: Room("incidents")}
        self.calls: list[str] = []
        self.views: list[dict[str, Any]] = []
        self.fault: Callable[[str], Answer | None] = lambda _: None
        self.afterwards: Callable[[str], Answer | None] = lambda _: None
        self._clock = 1_777_896_000

    @property
    def main(self) -> list[Post]:
        return self.rooms[MAIN].posts

    @property
    def posts(self) -> list[Post]:
        return [post for room in self.rooms.values() for post in room.posts]

    def respond(self, request: Request) -> Answer:
        method = request.path.rpartition("/")[2]
        self.calls.append(method)
        fault = self.fault(method)
        if fault:
            return fault
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal("invalid_auth")
        form = {key: values[0] for key, values in parse_qs(request.body.decode()).items()}
        handler = getattr(self, "_" + method.replace(".", "_"))
        return self.afterwards(method) or said(handler(form))

    def _chat_postMessage(self, form: dict[str, str]) -> Any:  # noqa: N802 - Slack's word
        room = self.rooms.get(form["channel"])
        if room is None:
            return {"ok": False, "error": "channel_not_found"}
        blocks = checked(form)
        self._clock += 1
        post = Post(
            ts=f"{self._clock}.000100",
            text=form["text"],
            blocks=blocks,
            metadata=json.loads(form["metadata"]),
            thread=form.get("thread_ts"),
            broadcast=form.get("reply_broadcast") == "true",
        )
        room.posts.append(post)
        return {"ok": True, "channel": form["channel"], "ts": post.ts}

    def _chat_update(self, form: dict[str, str]) -> Any:
        for post in self.rooms[form["channel"]].posts:
            if post.ts == form["ts"]:
                post.text, post.blocks = form["text"], checked(form)
                post.metadata = json.loads(form["metadata"])
                post.edits += 1
                return {"ok": True, "ts": post.ts}
        return {"ok": False, "error": "message_not_found"}

    def _conversations_history(self, form: dict[str, str]) -> Any:
        posts = [post for post in self.rooms[form["channel"]].posts if shown(post)]
        return page(list(reversed(posts)), form)

    def _conversations_replies(self, form: dict[str, str]) -> Any:
        posts = self.rooms[form["channel"]].posts
        return page([post for post in posts if form["ts"] in {post.ts, post.thread}], form)

    def _conversations_create(self, form: dict[str, str]) -> Any:
        if any(room.name == form["name"] for room in self.rooms.values()):
            return {"ok": False, "error": "name_taken"}
        room_id = f"C0ROOM{len(self.rooms)}"
        self.rooms[room_id] = Room(form["name"])
        return {"ok": True, "channel": {"id": room_id, "name": form["name"]}}

    def _conversations_list(self, form: dict[str, str]) -> Any:
        start = int(form.get("cursor") or 0)
        listed = [{"id": key, "name": room.name} for key, room in self.rooms.items()]
        more = str(start + 1) if start + 1 < len(listed) else ""
        found = listed[start : start + 1]
        return {"ok": True, "channels": found, "response_metadata": {"next_cursor": more}}

    def _conversations_setTopic(self, form: dict[str, str]) -> Any:  # noqa: N802
        self.rooms[form["channel"]].topic = html.unescape(form["topic"])
        return {"ok": True}

    def _views_open(self, form: dict[str, str]) -> Any:
        if not form["trigger_id"].startswith("fresh"):
            return {"ok": False, "error": "expired_trigger_id"}
        self.views.append(json.loads(form["view"]))
        return {"ok": True}


def said(answer: Any) -> Answer:
    return Answer(200, {"content-type": "application/json"}, json.dumps(answer).encode())


def refusal(error: str) -> Answer:
    """How Slack says no: with 200."""
    return said({"ok": False, "error": error})


def shown(post: Post) -> bool:
    return post.thread is None or post.broadcast


def page(posts: list[Post], form: dict[str, str]) -> Any:
    """Two messages a page, so that paging is needed."""
    start = int(form.get("cursor") or 0)
    found = [
        {"ts": post.ts, "text": post.text, "metadata": post.metadata}
        for post in posts
        if float(post.ts) > float(form["oldest"])
    ]
    assert form["include_all_metadata"] == "true"
    more = str(start + 2) if start + 2 < len(found) else ""
    someone = {"ts": "1.0", "text": "hello", "user": "U1"}
    messages = [someone, *found[start : start + 2]]
    return {"ok": True, "messages": messages, "response_metadata": {"next_cursor": more}}


def checked(form: dict[str, str]) -> list[Any]:
    """The blocks of a message, if Slack would take them."""
    blocks: list[Any] = json.loads(form["blocks"])
    assert 0 < len(form["text"]) <= 4_000
    assert len(blocks) <= 50
    for block in Block.parse_all(blocks):
        block.validate_json()
    for text in texts(blocks):
        assert 0 < len(text) <= 3_000
    return blocks


def texts(node: Any) -> Iterator[str]:
    """Every text object within."""
    if isinstance(node, dict):
        if node.get("type") in {"plain_text", "mrkdwn"}:
            yield node["text"]
        else:
            yield from texts(list(node.values()))
    elif isinstance(node, list):
        for each in node:
            yield from texts(each)
