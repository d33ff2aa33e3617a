"""The document of a post-mortem: from the log alone, now or as it was."""

from collections.abc import Iterable
from typing import Any

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.refusal import Refused
from domain.learning import ACTION_ITEM, POSTMORTEM
from domain.learning.interview import INTERVIEW
from domain.learning.postmortem.postmortem_view import PostmortemView
from domain.sight import Viewer
from handlers.entrance.service import Service
from projections.incident.timeline import TIMELINE_OF
from projections.learning.document import PostmortemDocument, compose
from projections.past import NOW, Cut


async def document_of(
    service: Service, ref: str, viewer: Viewer, cut: Cut = NOW
) -> PostmortemDocument:
    """The document of the post-mortem that `ref` names, for a viewer. Raises `Refused`,
    `Unavailable`.
    """
    shown: PostmortemView = await service.show(POSTMORTEM, ref, cut, viewer)
    asked = {"readers": ["postmortem"]}
    told = (await service.ask(TIMELINE_OF, asked, viewer, ref=shown.incident, cut=cut)).answer
    items, notes = [
        await _shown(service, aggregate, ids, viewer, cut)
        for aggregate, ids in ((ACTION_ITEM, shown.action_items), (INTERVIEW, shown.interviews))
    ]
    return compose(shown, told, items, notes)


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
