"""What a Slack channel looks like to people: Block Kit as a page of HTML, to be looked at.

`python tests/support/slack_picture.py out.html` sends a story of an incident through the real
channel to a workspace of the tests, and draws what arrived there.
"""

import asyncio
import html
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.products.slack import CHANNEL, dialogs
from adapters.products.slack.settings import SlackSettings
from domain.incident.impact import Impact
from domain.policy import Role
from handlers.notify.render import Message
from support.http_server import receiving
from support.messages import NOON, about, message
from support.slack_product import MAIN, TOKEN, Post, Workspace

GOLDEN = Path(__file__).parents[1] / "golden" / "messages"
STYLE = """
body { font: 15px/1.46 Lato, sans-serif; color: #1d1c1d; margin: 24px; max-width: 760px }
h2 { font-size: 18px; border-bottom: 1px solid #ddd; padding-bottom: 6px }
.post { margin: 14px 0 }
.reply { margin-left: 40px; border-left: 3px solid #ddd; padding-left: 12px }
.who { font-weight: 900 }
.app { font-size: 10px; background: #ddd; padding: 1px 3px; margin: 0 6px }
.header { font-size: 18px; font-weight: 900; margin: 8px 0 }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; margin: 8px 0 }
.section { margin: 8px 0; white-space: pre-line } .context { font-size: 13px; color: #616061 }
.button { display: inline-block; border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px;
  margin: 6px 8px 6px 0; font-weight: 700 } .primary { background: #007a5a; color: #fff }
.mention { background: #e8f5fa; color: #1264a3 } .input { border: 1px solid #888; height: 60px }
"""


def page(workspace: Workspace) -> str:
    """Every channel of a workspace with its messages, then the dialogs."""
    parts = [f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>"]
    for room in workspace.rooms.values():
        topic = html.escape(room.topic)
        parts.append(f"<h2># {room.name} <span class=context>{topic}</span></h2>")
        parts += [drawn_post(post) for post in room.posts]
    parts += [f"<h2>Dialog: {view['title']['text']}</h2>{drawn(view)}" for view in workspace.views]
    return "\n".join(parts)


def drawn_post(post: Post) -> str:
    kind = "post reply" if post.thread else "post"
    also = " <span class=context>also sent to the channel</span>" if post.broadcast else ""
    edited = " <span class=context>(edited)</span>" if post.edits else ""
    who = f"<span class=who>Commandpost</span><span class=app>APP</span>{also}{edited}"
    return f"<div class='{kind}'>{who}{drawn({'blocks': post.blocks})}</div>"


def drawn(holder: Any) -> str:
    return "\n".join(each for block in holder["blocks"] for each in drawn_block(block))


def drawn_block(block: Any) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield f"<div class=header>{text(block['text'])}</div>"
        case "section" if "fields" in block:
            cells = "".join(f"<div class=section>{text(it)}</div>" for it in block["fields"])
            yield f"<div class=fields>{cells}</div>"
        case "section":
            yield f"<div class=section>{text(block['text'])}</div>"
        case "context":
            yield f"<div class=context>{' '.join(map(text, block['elements']))}</div>"
        case "actions":
            for it in block["elements"]:
                yield f"<span class='button {it.get('style', '')}'>{text(it['text'])}</span>"
        case "input":
            yield f"<p><b>{text(block['label'])}</b><div class=input></div></p>"
        case other:
            raise AssertionError(f"a block that is not drawn: {other}")


def text(item: Any) -> str:
    """Plain text as it stands; of Slack's mark-up, what we use."""
    if item["type"] == "plain_text":
        return html.escape(item["text"])
    marked = str(item["text"])  # what others wrote is escaped for HTML as it is for Slack
    marked = re.sub(r"<!date\^\d+\^[^|]*\|([^>]*)>", r"\1", marked)
    marked = re.sub(r"<([@#][A-Z0-9]+)>", r"<span class=mention>\1</span>", marked)
    marked = re.sub(r"<(https?://[^|>]*)(?:\|([^>]*))?>", _anchor, marked)
    return re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", marked)


def _anchor(found: re.Match[str]) -> str:
    return f'<a href="{found[1]}">{found[2] or found[1]}</a>'


def told(number: int, kind: str, **state: Any) -> Message:
    """A golden message to engineering, about an incident in this state."""
    subject, _, words = (GOLDEN / f"engineering.{kind}.txt").read_text().partition("\n\n")
    sent = message(number, subject, words, kind=kind)
    return about(
        sent,
        title="Card payments fail in the EU",
        services=("checkout", "payments"),
        impact=Impact(users_affected=12_000, percent_affected=100.0),
        **state,
    )


async def story() -> Workspace:
    """A SEV1 from its declaration to its end."""
    workspace = Workspace()
    led: dict[str, Any] = {
        "acknowledged": True,
        "roles": {Role.INCIDENT_COMMANDER: "ada (slack U123)"},
    }
    async with receiving(workspace.respond) as end:
        settings = SlackSettings(token=TOKEN, channel=MAIN, api_url=end.url, incident_channels=True)
        async with CHANNEL.open("chat", settings, io.StringIO(), lambda: NOON) as (slack,):
            await slack.send(told(1, "declared"))
            workspace.rooms["C0BEFORE"] = workspace.rooms[MAIN].copied("incidents, at first")
            await slack.send(told(2, "update", **led))
            await slack.send(told(3, "mitigated", status="monitoring", **led))
            over = {"status": "resolved", "status_category": "learning"}
            await slack.send(told(4, "resolved", **over, **led))
    workspace.views.append(dialogs.resolution_dialog(told(1, "declared").incident))
    return workspace


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(asyncio.run(story())))
