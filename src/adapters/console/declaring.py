"""To declare an incident: what the matrix says of it, and what was like it, while one writes."""

from typing import Any

import msgspec

from adapters.console.command_forms import IMPACT, SEVERITIES
from adapters.console.form_fields import FormField, read_fields
from adapters.console.room import people_offered
from adapters.console.visit import ConsolePage, Shown, Visit, sent_to
from domain.access.grants import Permission
from domain.incident import INCIDENT
from domain.incident.events import Kind
from domain.kernel.refusal import Refused
from handlers.kernel.decoding import decode_command
from handlers.kernel.ports import Unavailable
from handlers.notify.preview import CommandPreview, Rendering
from handlers.projecting.projector import Lagging
from projections.knowledge.similar import LIKE_A_DRAFT, Draft, SimilarIncident, like_draft

ALIKE = 4
UNNUMBERED, _TEXTS = "INC-0", ("subject", "text")
FIELDS = (
    FormField("title", "What is broken", "line", "It stays with us: customers do not see it.",
              required=True),
    FormField("services", "Services", "lines", "Separated by commas."),
    FormField("severity", "Severity", "choice",
          "Left open, the matrix decides by the impact. Unsure between two: the higher.",
          choices=SEVERITIES),
    FormField("incident_commander", "Who commands", "person", inside="roles", most=200),
    FormField("summary", "Summary", "text", most=10_000),
    *IMPACT,
    FormField("kind", "Kind", "choice", "A standard incident, if nothing is chosen.", more=True,
          choices=tuple((each.value, each.value) for each in Kind)),
)  # fmt: skip


async def show_declare(visit: Visit) -> Shown:
    """The form."""
    return await _page(visit, {"roles.incident_commander": [visit.principal.actor]})


async def declare(visit: Visit) -> Shown:
    """Preview what was written, or declare it."""
    given = {name: list(it) for name, it in visit.form.items()}
    try:
        body = read_fields(FIELDS, given)
        if visit.said("go") == "preview":
            return await _page(visit, given, preview=await _previewed(visit, body),
                               alike=await alike(visit, body))  # fmt: skip
        done = await visit.service.send(
            INCIDENT, "declare", None, msgspec.json.encode(body), visit.caller
        )
    except Refused as refused:
        return await _page(visit, given, refused=refused, status=409)
    reference, position = done.answer.reference, done.answer.position
    return sent_to(f"/incidents/{reference}?done={done.answer.outcome}&at={position}")


async def alike(visit: Visit, body: dict[str, Any]) -> list[SimilarIncident]:
    """What was like it, as far as whoever declares may see that."""
    draft = Draft(
        text=f"{body.get('title', '')} · {body.get('summary', '')}",
        services=tuple(body.get("services", ())),
        limit=ALIKE,
    )
    try:
        given = msgspec.structs.asdict(draft)
        found = await visit.service.read_models.ask(visit.viewer, LIKE_A_DRAFT, **given)
    except (Unavailable, Lagging):
        return []
    return like_draft(draft, found)


async def _previewed(visit: Visit, body: dict[str, Any]) -> CommandPreview:
    service = visit.service
    command = decode_command(INCIDENT, "declare", msgspec.json.encode(body))
    previewer, executor = service.previewer, service.executor
    asker = previewer.context(
        visit.principal.actor, executor.transactor.reach, await executor.rosters.now()
    )
    found = await previewer.command(None, command, asker)
    return msgspec.structs.replace(found, messages=tuple(map(_without_number, found.messages)))


def _without_number(message: Rendering) -> Rendering:
    """What is not declared yet has no number: 0 would look like one."""
    texts = {name: getattr(message, name).replace(UNNUMBERED, "INC-…") for name in _TEXTS}
    return msgspec.structs.replace(message, **texts)


async def _page(
    visit: Visit,
    given: dict[str, list[str]],
    *,
    preview: CommandPreview | None = None,
    refused: Refused | None = None,
    alike: list[SimilarIncident] | None = None,
    status: int = 200,
) -> Shown:
    values = {
        "fields": FIELDS,
        "given": given,
        "preview": preview,
        "refused": refused,
        "alike": alike,
        "people": await people_offered(visit),
        "now": visit.now,
        "levels": visit.service.executor.policy.levels,
    }
    return Shown("declare.html", values, status)


PAGES = (
    ConsolePage("/declare", Permission.INCIDENTS_RESPOND, show_declare, take=declare,
         name="Declare an incident", group="Respond", key="d"),
)  # fmt: skip
