"""The document of a post-mortem: from the log alone, now or as it was."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.incident import INCIDENT
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.learning import ACTION_ITEM, POSTMORTEM
from domain.learning.interview import INTERVIEW
from domain.learning.postmortem.postmortem_view import PostmortemView
from domain.notification import LEDGER
from domain.sight import Viewer
from handlers.entrance.service import Service
from projections.incident.reading import ReadersTimeline
from projections.incident.timeline import TIMELINE_OF
from projections.incident.timeline_picture import TimelinePicture, phases_of, picture_of
from projections.learning.document import PostmortemDocument, compose
from projections.learning.knowledge import on_record
from projections.past import NOW, Cut


async def document_of(
    service: Service, ref: str, viewer: Viewer, cut: Cut = NOW
) -> PostmortemDocument:
    """The document of the post-mortem that `ref` names, for a viewer. Raises `Refused`,
    `Unavailable`.
    """
    shown: PostmortemView = await service.show(POSTMORTEM, ref, cut, viewer)
    told, commits = await _told(service, shown.incident, viewer, cut)
    items, notes = [
        await _shown(service, aggregate, ids, viewer, cut)
        for aggregate, ids in ((ACTION_ITEM, shown.action_items), (INTERVIEW, shown.interviews))
    ]
    notified = await service.store.load(LEDGER.stream(told.id))
    record = on_record([*commits, *notified], cut)
    return compose(shown, told, items, notes, phases_of(commits, cut), record)


async def timeline_picture(
    service: Service, ref: str, viewer: Viewer, cut: Cut = NOW
) -> TimelinePicture:
    """What the timeline of an incident shows as a picture. Raises `Refused`, `Unavailable`."""
    told, commits = await _told(service, ref, viewer, cut)
    found = picture_of(told, phases_of(commits, cut))
    if found is None:
        raise Refused(
            "timeline.no_picture",
            f"of {told.reference} only one time is known yet",
            field="incident",
            rule="A picture shows what lasted: there is one as soon as something follows.",
        )
    return found


async def _told(
    service: Service, ref: str, viewer: Viewer, cut: Cut
) -> tuple[ReadersTimeline, Sequence[Recorded[Event]]]:
    """The timeline as a post-mortem has it, and all that is on record of its incident."""
    asked = {"readers": ["postmortem"]}
    page = await service.ask(TIMELINE_OF, asked, viewer, ref=ref, cut=cut)
    told: ReadersTimeline = page.answer
    return told, await service.read(INCIDENT.stream(told.id), viewer)


async def _shown(
    service: Service, aggregate: AnyAggregate, ids: Iterable[str], viewer: Viewer, cut: Cut
) -> list[Any]:
    found = []
    for id_ in ids:
        try:
            found.append(await service.show(aggregate, id_, cut, viewer))
        except Refused:  # it was added after the time that is asked about
            continue
    return found
