"""The incident room: all that matters of one incident, and all that can be done about it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from adapters.console.command_forms import SEVERITIES, CommandForm, forms_in
from adapters.console.timeline_pages import TimelinePage, timeline_page
from adapters.console.visit import ConsolePage, Shown, Visit
from domain.access.grants import Permission
from domain.incident import INCIDENT
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.owed import LABELS, Due
from domain.incident.hypothesis import HypothesisStatus
from domain.incident.impact import impact_words
from domain.incident.view import IncidentView
from domain.kernel.refusal import Refused
from domain.permissions import permission_for
from domain.policy import Role
from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Lagging
from projections.directory.lists import PEOPLE_LIST
from projections.incident.board import ONE_INCIDENT
from projections.incident.shown import IncidentShown
from projections.past import NOW

PEOPLE_OFFERED = 200
UPDATES = frozenset({
    DeadlineRule.UPDATE_DUE, DeadlineRule.UPDATE_OVERDUE, DeadlineRule.UPDATE_AUTOMATIC,
    DeadlineRule.FIRST_UPDATE, DeadlineRule.CUSTOMER_UPDATE,
})  # fmt: skip
BEHIND = (
    "The views behind this page do not show the log to its end. What stands here is folded from the"
    " log itself, without what is due and who was told. Commands work as always."
)
DONE = {
    "decided": "Done, and on record.",
    "ignored": "Nothing new: it was so already.",
    "repeated": "It had been done before; nothing was written twice.",
}


class Room(NamedTuple):
    """What the room shows. `whole`: with what is due and who was told, which only views know."""

    shown: IncidentView
    deadlines: tuple[Due, ...]
    told: tuple[Any, ...]
    not_told: tuple[Any, ...]
    whole: bool

    @property
    def next_update(self) -> Due | None:
        """The update that is due first."""
        return next((each for each in self.deadlines if each.rule in UPDATES), None)

    @property
    def commander(self) -> str | None:
        """Who commands."""
        return self.holder(Role.INCIDENT_COMMANDER)

    def holder(self, role: Role) -> str | None:
        """Who has a role, as people call them."""
        who = self.shown.holders.get(role)
        return who.name if who else self.shown.roles.get(role)

    @property
    def open_hypotheses(self) -> list[tuple[str, str]]:
        """Those that are looked into, as choices."""
        return [
            (each.name, f"{each.name}: {each.statement}")
            for each in self.shown.hypotheses
            if each.status is HypothesisStatus.OPEN
        ]

    @property
    def timeboxes(self) -> Mapping[str, Due]:
        """When the timebox of each hypothesis ends."""
        boxes = (each for each in self.deadlines if each.rule is DeadlineRule.TIMEBOX)
        return {each.about: each for each in boxes if each.about}


async def look(visit: Visit, ref: str, position: int | None = None) -> Room:
    """An incident with all that views know of it, or where these are behind or away, as the log has
    it. Raises `Refused`, `Unavailable`.
    """
    it = await _as_views_have_it(visit, ref, position)
    if it is not None and it.position >= (position or 0):
        return Room(it, it.deadlines, it.told, it.not_told, whole=True)
    shown = await visit.service.show(INCIDENT, ref, NOW, visit.viewer)
    return Room(shown, (), (), (), whole=False)


async def _as_views_have_it(visit: Visit, ref: str, position: int | None) -> IncidentShown | None:
    """None: they are away, or do not know it yet; whether it is there the log says."""
    for wanted in dict.fromkeys((position, None)):
        try:
            found: IncidentShown = (await visit.ask(ONE_INCIDENT, ref=ref, position=wanted)).answer
        except Lagging:
            continue
        except Unavailable:
            return None
        except Refused as refused:
            if refused.code != INCIDENT.unknown_code:
                raise
            return None
        return found
    return None


async def show_room(visit: Visit) -> Shown:
    """The page."""
    said = visit.asked("at")
    position = int(said) if said.isdecimal() and len(said) < 16 else None
    room = await look(visit, visit.ref, position)
    page, problem = await _timeline(visit, room.shown.id)
    return Shown(
        "room.html",
        {
            **words_of(visit, room),
            "timeline": page,
            "timeline_problem": problem,
            "forms": allowed_forms(visit, room.shown.status),
            "offered": offered(room),
            "people": await people_offered(visit),
            "done": DONE.get(visit.asked("done")),
            "before": visit.asked("before") or None,
        },
    )


async def show_live(visit: Visit) -> Shown:
    """What of the page follows the incident, and how many entries are new since it was shown."""
    room = await look(visit, visit.ref)
    page, _ = await _timeline(visit, room.shown.id)
    said = visit.asked("seen")
    seen = int(said) if said.isdecimal() and len(said) < 16 else 0
    new = [each for each in page.entries if each.position > seen] if page else []
    changed = visit.asked("offered") != offered(room)
    values = {
        **words_of(visit, room), "new": len(new), "latest": new[:1], "changed": changed,
    }  # fmt: skip
    return Shown("room_live.html", values)


def offered(room: Room) -> str:
    """What the forms were made of: when that is another one, so are they."""
    return "-".join((room.shown.status, *(name for name, _ in room.open_hypotheses)))


def words_of(visit: Visit, room: Room) -> dict[str, Any]:
    """What the head and the state of the room say."""
    it = room.shown
    return {
        "room": room,
        "it": it,
        "now": visit.now,
        "impact": impact_words(it.impact),
        "roles": tuple((role, room.holder(role)) for role in Role),
        "level": visit.service.executor.policy.levels[it.severity],
        "labels": LABELS,
        "behind": None if room.whole else BEHIND,
        "severities": SEVERITIES,
    }


async def _timeline(visit: Visit, id_: str) -> tuple[TimelinePage | None, str | None]:
    try:
        return await timeline_page(visit, id_, visit.asked("before") or None), None
    except Refused as refused:
        if refused.code != INCIDENT.unknown_code:
            raise
        return None, "The timeline is on its way: reload the page in a moment."
    except (Lagging, Unavailable):
        return None, "The timeline cannot be shown at the moment. The log has all of it."


def allowed_forms(visit: Visit, status: str) -> dict[str, list[CommandForm]]:
    """The forms of a phase that whoever looks may send."""
    found = {
        group: [form for form in forms if may_send(visit, form.command)]
        for group, forms in forms_in(status).items()
    }
    return {group: forms for group, forms in found.items() if forms}


def may_send(visit: Visit, command: str) -> bool:
    """Whether whoever looks has the permission; of own services the answer itself decides."""
    needed = permission_for(INCIDENT, command)
    owns = needed is Permission.INCIDENTS_COMMAND and visit.may(Permission.INCIDENTS_RESPOND)
    return needed is None or visit.may(needed) or owns


async def people_offered(visit: Visit) -> list[tuple[str, str]]:
    """Whom fields for people offer: any name is taken, though."""
    if not visit.may(Permission.DIRECTORY_READ):
        return []
    try:
        found = await visit.ask(PEOPLE_LIST, active=True, limit=PEOPLE_OFFERED)
    except (Refused, Lagging, Unavailable):
        return []
    return [(each.id, each.name) for each in found.answer]


READ = Permission.INCIDENTS_READ
PAGES = (
    ConsolePage("/incidents/{ref}", READ, show_room),
    ConsolePage("/incidents/{ref}/live", READ, show_live),
)
