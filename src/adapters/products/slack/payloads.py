"""What Slack sends: slash commands, buttons and dialogs (docs.slack.dev/interactivity)."""

from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from adapters.products.slack.markup import decode_entities

FIELDS_MOST = 100
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._-]+$")]
_P = TypeVar("_P", bound=msgspec.Struct)


class PayloadFault(Exception):  # noqa: N818 - answered with 400
    """Signed by Slack, and yet not what it documents."""


class SlashCommand(msgspec.Struct, frozen=True, kw_only=True):
    """`/incident …`, by whom and where."""

    user_id: _Id
    trigger_id: _Id
    user_name: str = ""
    channel_name: str = ""
    text: str = ""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Who has clicked; workspaces differ in what they call the name."""

    id: _Id
    username: str = ""
    name: str = ""


class ClickedAction(msgspec.Struct, frozen=True, kw_only=True):
    """A button."""

    action_id: str
    action_ts: _Id
    value: str = ""


class SubmittedView(msgspec.Struct, frozen=True, kw_only=True):
    """A dialog that was filled in; `private_metadata` is what we gave it along."""

    callback_id: str = ""
    private_metadata: str = ""
    state: dict[str, Any] = {}


class Interaction(msgspec.Struct, frozen=True, kw_only=True):
    """`type` is block_actions, view_submission, or one of others that we have not asked for."""

    type: str
    user: User | None = None
    trigger_id: str = ""
    response_url: str = ""
    actions: tuple[ClickedAction, ...] = ()
    view: SubmittedView | None = None
    challenge: str = ""


OURS = frozenset({"block_actions", "view_submission", "url_verification"})
"""What of Slack we ask for. Apps may be shared, and others ask for more."""


class _Kind(msgspec.Struct, frozen=True):
    type: str


def slash_command(body: bytes) -> SlashCommand:
    """The form of a slash command. Raises `PayloadFault`."""
    return _converted(_form(body), SlashCommand)


def interaction(body: bytes) -> Interaction:
    """JSON in the form field `payload`, or bare, as for the verification of a URL.

    Raises `PayloadFault`.
    """
    bare = body.lstrip().startswith(b"{")
    payload = body if bare else _form(body).get("payload", "").encode()
    try:
        kind = msgspec.json.decode(payload, type=_Kind).type
        if kind not in OURS:
            return Interaction(type=kind)  # such as a message of another tool, in a form of its own
        return msgspec.json.decode(payload, type=Interaction)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadFault(str(error)) from error


def input_text(view: SubmittedView, block: str) -> str:
    """What was written into an input of a dialog; empty if nothing was."""
    try:
        return decode_entities(str(view.state["values"][block]["text"]["value"] or "")).strip()
    except (KeyError, TypeError):
        return ""


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MOST))
    except ValueError as error:  # UnicodeDecodeError is one
        raise PayloadFault(str(error)) from error


def _converted(values: dict[str, str], kind: type[_P]) -> _P:
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise PayloadFault(str(error)) from error
