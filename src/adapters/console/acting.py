"""What is done in the incident room: a form is shown alone, previewed, and sent."""

from typing import Any

import msgspec

from adapters.console.command_forms import FORMS, CommandForm
from adapters.console.form_fields import read_fields
from adapters.console.room import READ, look, people_offered, words_of
from adapters.console.visit import ConsolePage, Shown, Visit, sent_to
from domain.incident import INCIDENT
from domain.incident.commands import Command
from domain.kernel.refusal import Refused
from handlers.kernel.decoding import decode_command
from handlers.notify.preview import CommandPreview
from handlers.queries.unseen import readable
from projections.incident.lines import Entry, entries


def form_of(visit: Visit) -> CommandForm:
    """The form that the path names. Raises `Refused`."""
    form = FORMS.get(visit.names["command"])
    if form is None:
        raise Refused("path.unknown", "there is no such page", field="command")
    return form


async def show_form(visit: Visit) -> Shown:
    """A form alone, as it is without a script, or by its address."""
    return await _form_page(visit, form_of(visit))


async def send_form(visit: Visit) -> Shown:
    """Preview what was written, or send it. What is refused comes back as it was written, with why
    and with what others have done meanwhile.
    """
    form = form_of(visit)
    try:
        body = read_fields(form.fields, {name: list(it) for name, it in visit.form.items()})
        if visit.said("go") == "preview":
            return await _form_page(visit, form, preview=await _previewed(visit, form, body))
        meanwhile = await _meanwhile(visit)
        if contested(form, meanwhile):
            return await _form_page(visit, form, meanwhile=meanwhile, status=409)
        done = await visit.service.send(
            INCIDENT, form.command, visit.ref, msgspec.json.encode(body), visit.caller
        )
    except Refused as refused:
        if _is_gone(refused):
            raise
        others = await _meanwhile(visit)
        return await _form_page(visit, form, refused=refused, meanwhile=others, status=409)
    outcome, position = done.answer.outcome, done.answer.position
    return sent_to(f"/incidents/{visit.ref}?done={outcome}&at={position}")


def contested(form: CommandForm, meanwhile: list[Entry]) -> bool:
    """Whether somebody else has done the like since the form was shown. Once that was shown too,
    the form knows of it.
    """
    return any(each.kind in form.contested for each in meanwhile)


def _of_others(visit: Visit, found: list[Entry]) -> list[Entry]:
    """What people have done; what a rule does by itself contests nothing."""
    mine = visit.principal.actor
    return [each for each in found if each.actor != mine and each.automatic is None]


def _is_gone(refused: Refused) -> bool:
    return refused.code == INCIDENT.unknown_code and refused.field == INCIDENT.name


async def _meanwhile(visit: Visit) -> list[Entry]:
    """What others have recorded since the form was shown, from the log itself: no view is waited
    for. Raises `Refused`, `Unavailable`.
    """
    said = visit.said("seen")
    if not (said.isdecimal() and len(said) < 16):
        return []
    service, viewer = visit.service, visit.viewer
    stream = INCIDENT.stream(await service.find(INCIDENT, visit.ref, viewer))
    commits = await service.store.load(stream, after=int(said))
    seen = readable(commits, await service.sights.hidden_links(commits, viewer))
    return _of_others(visit, [line for each in seen for line in entries(each)])


async def _previewed(visit: Visit, form: CommandForm, body: dict[str, Any]) -> CommandPreview:
    service = visit.service
    command: Command = decode_command(INCIDENT, form.command, msgspec.json.encode(body))
    id_ = await service.find(INCIDENT, visit.ref, visit.viewer)
    previewer, executor = service.previewer, service.executor
    asker = previewer.context(
        visit.principal.actor, executor.transactor.reach, await executor.rosters.now()
    )
    return await previewer.command(id_, command, asker)


async def _form_page(
    visit: Visit,
    form: CommandForm,
    *,
    preview: CommandPreview | None = None,
    refused: Refused | None = None,
    meanwhile: list[Entry] | tuple[Entry, ...] = (),
    status: int = 200,
) -> Shown:
    room = await look(visit, visit.ref)
    values = {
        **words_of(visit, room),
        "form": form,
        "given": {name: list(it) for name, it in visit.form.items()},
        "people": await people_offered(visit),
        "preview": preview,
        "refused": refused,
        "meanwhile": meanwhile,
        "seen": max([room.shown.position, *(each.position for each in meanwhile)]),
    }
    return Shown("form_page.html", values, status)


PAGES = (ConsolePage("/incidents/{ref}/do/{command}", READ, show_form, take=send_form),)
