"""Pages to persons as direct messages, with buttons to answer them. A button names the page and the
attempt; whoever clicks it has to be the user whom that attempt went to.
"""

from typing import Any

import structlog
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, PlainTextObject

from adapters.products.slack import blocks
from adapters.products.slack.api import Api, SlackUnusable
from adapters.products.slack.payloads import ClickedAction
from adapters.products.slack.threads import Mark
from handlers.entrance.page_answers import PageAnswers, Verb
from handlers.notify.channels import Permanent
from handlers.notify.render import Message

PREFIX = "page_"
LABELS = {Verb.ACKNOWLEDGE: "Acknowledge", Verb.ESCALATE: "Escalate", Verb.RESOLVE: "Resolve page"}
OF_THE_PERSON = frozenset({"channel_not_found", "is_archived", "restricted_action"})
"""What Slack says of a user to whom nobody can write: no fault of the channel."""

log = structlog.get_logger()


async def post_to_person(api: Api, message: Message, *, answered: bool) -> str:
    """Write to one user; where buttons are not answered, without any. Slack cannot look into a
    direct message without one more scope, so what comes again may be there twice. Raises
    `Transient`, `Permanent`.
    """
    person = message.recipient
    assert person is not None, "it is for one person"
    content = blocks.message_blocks(message)
    if answered and person.attempt:
        content.append(_buttons(message.intent.subject.id, person.attempt))
    if message.answer_url:
        content.append(_link(message.answer_url))
    intent = message.intent
    try:
        answer = await api.call(
            "chat.postMessage",
            channel=person.address,
            text=blocks.fallback(message),
            blocks=content,
            metadata=Mark(incident_id=intent.key, intent_id=intent.id).metadata,
            unfurl_links="false",
            unfurl_media="false",
        )
    except SlackUnusable as refusal:
        if refusal.error in OF_THE_PERSON:
            raise Permanent(str(refusal)) from refusal
        raise
    return f"{answer.get('channel', person.address)}/{answer['ts']}"


async def clicked(
    answers: PageAnswers, action: ClickedAction, user_id: str, correlation_id: str
) -> str:
    """Carry the button of a page out; what to tell whoever has clicked it. Raises `Unavailable`."""
    verb = next((it for it in Verb if action.action_id == f"{PREFIX}{it.value}"), None)
    page_id, _, number = action.value.partition("/")
    if verb is None or not (number.isascii() and number.isdigit() and len(number) < 10):
        return "This button is not one of ours, or of another version."
    asked = await answers.asked(page_id, int(number))
    if asked is None or asked.attempt.address != user_id:
        log.warning("slack.of_another_message", page=page_id[:100])
        return "Not done: no such attempt went to you."
    key = f"slack-{action.action_ts}-{user_id}"
    return await answers.take(verb, asked, "slack", key, correlation_id)


def _buttons(page_id: str, attempt: int) -> dict[str, Any]:
    elements = [
        ButtonElement(
            text=PlainTextObject(text=label, emoji=False),
            action_id=f"{PREFIX}{verb.value}",
            value=f"{page_id}/{attempt}",
            style="primary" if verb is Verb.ACKNOWLEDGE else None,
        )
        for verb, label in LABELS.items()
    ]
    return dict(ActionsBlock(block_id="page", elements=elements).to_dict())


def _link(url: str) -> dict[str, Any]:
    text = f"<{url}|Answer in the browser>"
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
