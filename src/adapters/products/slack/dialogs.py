"""The dialog that asks how an incident was resolved."""

from typing import Any

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View as Dialog

from adapters.products.kit.text import cut
from adapters.products.slack.payloads import SubmittedView, input_text
from domain.incident.view import IncidentView

RESOLUTION = "resolution"
OPTIONAL = {
    "verification": "Which measurement shows it? An SLI with its figure, or a link",
    "early_reason": "If nobody acknowledged or mitigated it, or watched recovery: why now?",
    "override": "In an emergency: why now, whatever else is missing?",
}
"""Other fields of the command, by the question that is asked for each."""
TEXT_CHARS = 3_000
ERROR_CHARS = 1_000


def resolution_dialog(shown: IncidentView) -> dict[str, Any]:
    """To be opened with `views.open`."""
    dialog = Dialog(
        type="modal",
        callback_id=RESOLUTION,
        private_metadata=shown.id,
        title=_plain(cut(f"Resolve {shown.reference}", 24)),
        submit=_plain("Resolve"),
        close=_plain("Not yet"),
        blocks=[
            _input(RESOLUTION, "What ended it?", optional=False),
            *(_input(name, label, optional=True) for name, label in OPTIONAL.items()),
        ],
    )
    return dict(dialog.to_dict())


def resolution(view: SubmittedView) -> dict[str, Any]:
    """The fields of the command, as they were filled in."""
    fields = {name: input_text(view, name) for name in (RESOLUTION, *OPTIONAL)}
    return {name: text for name, text in fields.items() if text}


def errors(text: str, field: str | None = None) -> dict[str, Any]:
    """The dialog stays open, with this below the input that it is about, else below the first."""
    place = field if field in OPTIONAL else RESOLUTION
    return {"response_action": "errors", "errors": {place: cut(text, ERROR_CHARS)}}


def _input(name: str, label: str, *, optional: bool) -> InputBlock:
    element = PlainTextInputElement(action_id="text", multiline=True, max_length=TEXT_CHARS)
    return InputBlock(block_id=name, label=_plain(label), element=element, optional=optional)


def _plain(text: str) -> PlainTextObject:
    return PlainTextObject(text=text, emoji=False)
