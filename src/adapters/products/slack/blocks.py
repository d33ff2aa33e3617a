"""An incident in Slack's Block Kit (docs.slack.dev/block-kit).

Slack refuses what is too long: a text goes on in the next section, and where there is no more room
it says where the rest is.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from adapters.products.kit.incident import incident_of
from adapters.products.kit.text import cut, printable, split_label
from adapters.products.slack.markup import escape, link, pieces
from domain.incident.impact import impact_words
from domain.incident.state import OVER
from domain.incident.view import IncidentView
from domain.kernel.text import clock
from domain.kernel.totality import total
from domain.notification import Audience
from domain.policy import Role, Severity
from handlers.notify.render import Message

PAGE = "page"
ACKNOWLEDGE, COMMAND, RESOLVE = "acknowledge", "take_command", "resolve"
HEADER_CHARS, SECTION_CHARS, FIELD_CHARS, TOPIC_CHARS = 150, 3_000, 2_000, 250
FALLBACK_CHARS = 3_000
SECTIONS_MOST = 4
"""So many sections of words has a message: Slack takes 50 blocks, and nobody reads as much."""
MORE_CHARS = 300
LIGHTS = total(
    "lights in Slack",
    Severity,
    {Severity.SEV1: "🔴", Severity.SEV2: "🟠", Severity.SEV3: "🟡", Severity.SEV4: "🔵"},
)
LIGHTS_OF_ENDS = total(
    "lights in Slack of what is over",
    OVER,
    {"resolved": "🟢", "canceled": "⚪", "merged": "⚪"},
)
_USER_ID = re.compile("[UW][A-Z0-9]+")
_USER = re.compile(r"\(slack ([UW][A-Z0-9]+)\)$")


def card(message: Message, own_channel: str = "") -> list[dict[str, Any]]:
    """Everything about an incident at a glance, with buttons while there is something to do, and
    where its own channel (`own_channel`) is. What is for customers is nothing but the words.
    """
    shown, audience = incident_of(message), message.intent.audience
    private = shown if audience is not Audience.CUSTOMERS else None
    fields = list(map(_marked, _fields(private))) if private else []
    subject = _lit(message)
    below: list[list[Block]] = [[SectionBlock(fields=fields)] if fields else [], _words(message)]
    if message.intent.kind == PAGE:
        below.reverse()  # where and what comes first at 3 a.m.
    blocks: list[Block] = [
        HeaderBlock(text=_plain(subject, HEADER_CHARS)),
        # A header has little room, and what is cut off may tell one alert from another.
        *([SectionBlock(text=_strong(subject))] if len(subject) > HEADER_CHARS else []),
        *chain.from_iterable(below),
        _context(message, own_channel),
    ]
    buttons = list(_buttons(shown)) if shown and audience is Audience.ENGINEERING else []
    if buttons:
        blocks.append(ActionsBlock(block_id="incident", elements=buttons))
    return _as_json(blocks)


def message_blocks(message: Message) -> list[dict[str, Any]]:
    """What has changed, below a card that shows the rest."""
    subject = SectionBlock(text=_strong(_lit(message)))
    return _as_json([subject, *_words(message), _context(message)])


def fallback(message: Message) -> str:
    """The text that notifications on a phone and screen readers use."""
    return escape(message.subject, FALLBACK_CHARS)


def topic(shown: IncidentView) -> str:
    """The topic of an incident's own channel."""
    commander = _USER.sub("", shown.roles.get(Role.INCIDENT_COMMANDER, "nobody yet")).strip()
    line = f"{shown.severity} · {shown.status} · commander: {commander} · {shown.title}"
    return escape(line, TOPIC_CHARS)


def light(shown: IncidentView) -> str:
    """Red to blue by severity, green or white when it is over."""
    return LIGHTS[shown.severity] if shown.is_going_on else LIGHTS_OF_ENDS[shown.status]


def _lit(message: Message) -> str:
    """The subject, behind the light of its incident."""
    incident = incident_of(message)
    return f"{light(incident)} {message.subject}" if incident else message.subject


def person(name: str) -> str:
    """A name; for users of Slack, the mention that it shows as one."""
    user = _USER.search(name)
    return f"<@{user[1]}>" if user else escape(name, 200)


def _fields(shown: IncidentView) -> Iterator[str]:
    yield f"*Severity*\n{shown.severity}"
    yield f"*Status*\n{shown.status}"
    services = ", ".join(shown.services) or "not stated"
    yield f"*Services*\n{escape(services, FIELD_CHARS - 20)}"
    yield f"*Impact*\n{escape(impact_words(shown.impact), FIELD_CHARS - 20)}"
    commander = shown.roles.get(Role.INCIDENT_COMMANDER)
    yield f"*Commander*\n{person(commander) if commander else 'nobody yet'}"
    yield f"*Acknowledged*\n{'yes' if shown.acknowledged else 'not yet'}"


def _words(message: Message) -> list[Block]:
    """The text in sections, and a sign where it does not fit."""
    sections, text = list[str](), ""
    for line in (piece for each in message.text.split("\n") for piece in _pieces(each)):
        if len(text) + len(line) + 1 > SECTION_CHARS:
            sections.append(text)
            text = ""
        text += f"{line}\n"
    sections = [each for it in (*sections, text) if (each := it.strip("\n"))]
    if len(sections) > SECTIONS_MOST:
        last = sections[SECTIONS_MOST - 1][: SECTION_CHARS - MORE_CHARS].rpartition("\n")[0]
        sections = [*sections[: SECTIONS_MOST - 1], f"{last}\n{_more(message)}"]
    return [SectionBlock(text=_marked(each)) for each in (*sections, *_mentions(message))]


def _mentions(message: Message) -> Iterator[str]:
    """Whom an escalation is to, so that Slack tells them."""
    handles = (each.handles.get("slack", "") for each in message.members)
    users = [f"<@{each}>" for each in handles if _USER_ID.fullmatch(each)]
    if users:
        yield f"*For:* {' '.join(users)}"


def _more(message: Message) -> str:
    """Where to read what does not fit."""
    reference = message.intent.reference
    if message.url:
        return f"{link(message.url, '…more')} ({escape(reference, 100)})"
    return f"…more on the timeline: `commandpost timeline {escape(reference, 100)}`"


def _pieces(line: str) -> Iterator[str]:
    """`**Impact**: 30% of users` in Slack's mark-up, in which a star makes bold."""
    label, words = split_label(line)
    if label:
        first, *rest = pieces(words, SECTION_CHARS - 500)
        yield f"*{escape(label, 80)}:* {first}"
        yield from rest
    else:
        yield from pieces(f"• {line[2:]}" if line.startswith("- ") else line, SECTION_CHARS - 10)


def _context(message: Message, own_channel: str = "") -> ContextBlock:
    """Reference, audience, and the time, which Slack shows in the reader's own zone."""
    intent = message.intent
    at = clock(intent.occurred_at)
    local = f"<!date^{intent.occurred_at.timestamp():.0f}^{{date_short_pretty}} {{time}}|{at}>"
    named = intent.reference
    reference = link(message.url, named) if message.url else escape(named, 100)
    line = f"{reference} · to {intent.audience.value} · {local}"
    line += f" · <#{own_channel}>" if own_channel else ""
    return ContextBlock(elements=[_marked(line)])


def _buttons(shown: IncidentView) -> Iterator[ButtonElement]:
    if not shown.is_going_on:
        return
    if not shown.acknowledged:
        yield _button("Acknowledge", ACKNOWLEDGE, shown, style="primary")
    if Role.INCIDENT_COMMANDER not in shown.roles:
        yield _button("Take command (IC)", COMMAND, shown)
    yield _button("Resolve…", RESOLVE, shown)


def _button(
    label: str, action: str, shown: IncidentView, style: str | None = None
) -> ButtonElement:
    return ButtonElement(text=_plain(label, 75), action_id=action, value=shown.id, style=style)


def _plain(text: str, most: int) -> PlainTextObject:
    return PlainTextObject(text=cut(printable(text), most), emoji=False)


def _strong(text: str) -> MarkdownTextObject:
    return _marked(f"*{escape(text, SECTION_CHARS - 2)}*")


def _marked(text: str) -> MarkdownTextObject:
    """Verbatim: an `@here` in a title calls nobody."""
    return MarkdownTextObject(text=text, verbatim=True)


def _as_json(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Checked against the limits of Block Kit as slack-sdk knows them."""
    return [dict(block.to_dict()) for block in blocks]
