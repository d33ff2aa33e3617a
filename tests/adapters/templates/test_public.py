"""What is private stays private: whatever happened, no word of it reaches customers."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from adapters.templates import Templates
from domain.incident import INCIDENT, IncidentEvent
from domain.incident import events as e
from domain.incident.messages.contexts import Digest, PublicContext, build_public_context, following
from domain.incident.state import Undeclared
from domain.incident.view import public_view, view
from domain.kernel.notifiable import MessageContext
from domain.policy import DEFAULT
from domain.policy.audience import Audience
from support.examples import INCIDENT as EXAMPLES

PRIVATE = "PRIVATE"
PUBLIC_FIELDS = {"services", "service", "headline"}
KEPT = {
    *("number", "severity", "previous", "role", "milestone", "status", "kind", "opens", "tag"),
    *("relation", "doubt"),
}
WORDS = Templates()


def laced(event: IncidentEvent) -> IncidentEvent:
    """The event, with a mark in every text of it that is not public."""
    return msgspec.convert(_laced(msgspec.to_builtins(event), type(event)), type(event))


def _laced(value: Any, kind: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: inner if name in PUBLIC_FIELDS | KEPT else _laced(inner, kind)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_laced(inner, kind) for inner in value]
    return f"{PRIVATE} {value}" if isinstance(value, str) and _is_text(value) else value


def _is_text(value: str) -> bool:
    """Not a time, nor a member of an enumeration."""
    return not value[:4].isdecimal() and value not in _MEMBERS


_MEMBERS = {member.value for kind in (e.Kind, e.Milestone, e.UpdateStatus) for member in kind} | {
    *(
        "SEV1",
        "SEV2",
        "SEV3",
        "SEV4",
        "key_feature_down",
        "share_unknown",
        "engineering",
        "executives",
        "customers",
    )
}
EVENTS = [laced(event) for event in EXAMPLES]  # type: ignore[arg-type]
DECLARED = next(event for event in EVENTS if isinstance(event, e.Declared))
OTHERS = [event for event in EVENTS if not isinstance(event, e.Declared | e.AlertReceived)]


@given(
    st.lists(st.sampled_from(OTHERS), max_size=12),
    st.sampled_from(["update", "resolved", "all_clear", "declared", "unheard_of"]),
)
def test_nothing_private_is_in_what_customers_are_told(
    story: list[IncidentEvent], kind: str
) -> None:
    incident = INCIDENT.fold(INCIDENT.initial, [DECLARED, *story])
    assert not isinstance(incident, Undeclared)
    event = story[-1] if story else DECLARED
    context = MessageContext(incident, event, following(Digest(), story[:-1]))
    told = build_public_context(Audience.CUSTOMERS, kind, context, DEFAULT)
    if told.text is not None:  # addressed to them, and the one text that is public
        told = msgspec.structs.replace(told, text="Public words.")
    if told.corrected is not None and told.corrected.text is not None:  # so is what it should say
        public = msgspec.structs.replace(told.corrected, text="Public words.")
        told = msgspec.structs.replace(told, corrected=public)
    said = WORDS(told)
    assert PRIVATE not in f"{told} {said}"


@given(st.lists(st.sampled_from(OTHERS), max_size=12))
def test_nothing_private_is_in_the_incident_that_comes_along(story: list[IncidentEvent]) -> None:
    shown = view("i-1", INCIDENT.fold(INCIDENT.initial, [DECLARED, *story]), 1)
    assert shown is not None
    assert PRIVATE in repr(shown)
    assert PRIVATE not in repr(public_view(shown, title="A public title"))


def test_a_public_context_has_only_these_fields() -> None:
    """Whoever adds one decides that it is public."""
    assert set(PublicContext.__struct_fields__) == {
        *("kind", "at", "headline", "services", "status", "text", "automatic"),
        *("started_at", "resolved_at", "next_update_s", "corrected"),
    }


def test_words_are_public_only_if_they_were_addressed_to_customers() -> None:
    event = e.UpdatePosted(
        occurred_at=DECLARED.occurred_at,
        text=f"{PRIVATE} words",
        status=e.UpdateStatus.INVESTIGATING,
    )
    incident = INCIDENT.fold(INCIDENT.initial, [DECLARED, event])
    assert not isinstance(incident, Undeclared)
    context = MessageContext(incident, event, Digest())
    told = build_public_context(Audience.CUSTOMERS, "update", context, DEFAULT)
    assert PRIVATE not in f"{told} {WORDS(told)}"
