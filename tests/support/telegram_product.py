"""A bot's end of Telegram, as far as our channel uses it."""

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

from support.http_server import Answer, Request
from support.push_products import as_json

BOT_TOKEN = "123456789:AAE-a-token-that-nobody-may-see_x"
GROUP = "-1001234567890"


class Chats:
    """What the bot has written, in the chats that it is in; `members` are their ids."""

    def __init__(self, *members: str) -> None:
        self.members = {GROUP, *members}
        self.messages: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def respond(self, request: Request) -> Answer:
        matched = re.search(r"/bot([^/]+)/(\w+)$", request.path)
        if matched is None or matched[1] != BOT_TOKEN:
            return telegram_refusal(401, "Unauthorized")
        content = json.loads(request.body)
        self.calls.append((matched[2], content))
        if matched[2] != "sendMessage":
            return as_json(200, {"ok": True, "result": True})
        if content["chat_id"] not in self.members:
            return telegram_refusal(400, "Bad Request: chat not found")
        if not _is_balanced(content["text"]):
            return telegram_refusal(400, "Bad Request: can't parse entities")
        if len(text_of(content).encode("utf-16-le")) // 2 > 4_096:
            return telegram_refusal(400, "Bad Request: message is too long")
        for row in content.get("reply_markup", {}).get("inline_keyboard", []):
            assert all(len(it.get("callback_data", "x").encode()) <= 64 for it in row)
        self.messages.append(content)
        result = {"message_id": len(self.messages), "chat": {"id": content["chat_id"]}}
        return as_json(200, {"ok": True, "result": result})


def telegram_refusal(code: int, description: str, **parameters: int) -> Answer:
    """How Telegram says no: the status is the code, and the body says it again."""
    said = {"ok": False, "error_code": code, "description": description}
    return as_json(code, {**said, **({"parameters": parameters} if parameters else {})})


def text_of(content: dict[str, Any]) -> str:
    """What people read."""
    return html.unescape(re.sub(r"</?b>", "", content["text"]))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fine = True

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.fine &= tag == "b" and not attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.fine &= bool(self.open) and self.open.pop() == tag


def _is_balanced(text: str) -> bool:
    """Whether its mark-up is one that Telegram knows."""
    reader = _Tags()
    reader.feed(text)
    reader.close()
    return reader.fine and not reader.open
