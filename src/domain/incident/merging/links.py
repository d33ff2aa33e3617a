"""What has to do with an incident: other incidents, pages and files.

Two incidents that are linked know of each other, each from its side. A link is taken back by
retracting its entry, on either side.
"""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.refusals import unknown
from domain.incident.relation import INVERSE, REPEATS, Attachment, Related, Relation
from domain.incident.state import (
    Facts,
    Incident,
    KnownIncident,
    Undeclared,
    reference_of,
    with_facts,
)
from domain.kernel.commit import Event
from domain.kernel.decider import Context
from domain.kernel.joint import Joint, One, Part
from domain.kernel.refusal import Refused


def link(command: c.Link, facts: Facts, at: datetime, context: Context) -> list[IncidentEvent]:
    """Another incident, or an address; what is linked so already is no news."""
    if (command.to is None) is (command.url is None):
        raise Refused(
            "link.unclear",
            "name either another incident (to) or an address (url)",
            field="to",
            rule="A link leads to one thing: to=INC-7, or url=https://…",
            invalid=True,
        )
    if command.to is not None:
        return _link_incident(command, facts, at, context.number)
    assert command.url is not None, "it is one of the two"
    if Attachment(command.url, command.name) in facts.links:
        return []
    return [e.LinkAttached(occurred_at=at, url=command.url, name=command.name)]


def _link_incident(command: c.Link, facts: Facts, at: datetime, number: int) -> list[IncidentEvent]:
    """The executor has replaced a reference by the id, and gives its number along."""
    if command.to is None or not number:
        raise unknown("there is no incident to link", field="to")
    if command.name is not None:
        raise Refused(
            "link.unclear",
            "an incident goes by its own reference",
            field="name",
            rule="A name belongs to an address (url).",
            invalid=True,
        )
    if Related(command.to, reference_of(number), command.relation) in facts.related:
        return []
    return [
        e.IncidentLinked(occurred_at=at, to=command.to, to_number=number, relation=command.relation)
    ]


def fold_attached(incident: KnownIncident, event: e.LinkAttached) -> KnownIncident:
    """One address more, or another name for it."""
    kept = tuple(each for each in incident.facts.links if each.url != event.url)
    return with_facts(incident, links=(*kept, Attachment(event.url, event.name)))


def fold_linked(incident: KnownIncident, event: e.IncidentLinked) -> KnownIncident:
    """One incident more, or another relation to it; whether it is a repeat is a relation apart."""
    apart = event.relation.tells_of_repeats
    kept = tuple(
        each
        for each in incident.facts.related
        if each.id != event.to or each.relation.tells_of_repeats is not apart
    )
    found = Related(event.to, reference_of(event.to_number), event.relation)
    return with_facts(incident, related=(*kept, found))


def split_link(
    command: c.Link, source: One[Incident], target: One[Incident]
) -> tuple[Part[c.Command], ...]:
    """The link as each of the two hears of it. Raises `Refused`."""
    if target.id == source.id:
        raise Refused(
            "link.to_itself",
            "an incident is not linked to itself",
            field="to",
            rule="Name another incident.",
            invalid=True,
        )
    if isinstance(target.state, Undeclared):
        raise unknown(f"there is no incident {target.ref}", field="to")
    if isinstance(source.state, Undeclared):
        raise unknown(f"there is no incident {source.ref}")
    _check_order(command.relation, source.state, target.state)
    about, other = source.state.facts.about, target.state.facts.about
    own = Part[c.Command](source.id, replace(command, to=target.id), other.number)
    if about.private is not None:
        return (own,)  # whoever reads the other one need not be among those who see this one
    if other.private is not None:
        raise Refused(
            "link.private",
            f"{target.state.facts.reference} is private, and whoever sees"
            f" {source.state.facts.reference} would read of it: link it from there",
            field="to",
            rule="A private incident may name one that everybody sees, and not the other way"
            " round.",
        )
    back = c.Link(to=source.id, relation=INVERSE[command.relation], occurred_at=command.occurred_at)
    return own, Part(target.id, back, about.number, suffix=BACK)


def _check_order(relation: Relation, source: KnownIncident, target: KnownIncident) -> None:
    """Only what came later is a repeat."""
    if not relation.tells_of_repeats:
        return
    later, earlier = (source, target) if relation in REPEATS else (target, source)
    begun, before = (it.facts.milestones.counted_from for it in (later, earlier))
    if begun and before and begun < before:
        raise Refused(
            "link.order",
            f"{later.facts.reference} began before {earlier.facts.reference}",
            field="relation",
            rule="The later one is a repeat of the earlier one, or is not: link them the other way"
            " round, or correct the times first.",
        )


def split_retraction(
    command: c.Retract, source: One[Incident], target: One[Incident]
) -> tuple[Part[c.Command], ...]:
    """A link that is taken back stands on neither side."""
    own = Part[c.Command](source.id, command)
    if isinstance(target.state, Undeclared):
        return (own,)
    if all(each.id != source.id for each in target.state.facts.related):
        return (own,)
    back = replace(command, entry=_other_side(command.entry))
    return (own, Part(target.id, back, suffix="+retract"))


BACK = "+link"
"""Of the commit that tells the other incident of a link."""


def _other_side(entry: str) -> str:
    """The id of the event by which the other one was told of the same link."""
    commit, _, place = entry.rpartition("/")
    other = commit.removesuffix(BACK) if commit.endswith(BACK) else commit + BACK
    return f"{other}/{place}"


def _linked_to(event: Event) -> str | None:
    return event.to if isinstance(event, e.IncidentLinked) else None


LINK: Joint[Any, Incident] = Joint(field="to", split=split_link)
UNLINK: Joint[Any, Incident] = Joint(field="entry", split=split_retraction, named=_linked_to)
