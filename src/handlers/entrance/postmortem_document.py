"""The document of a post-mortem: from the log alone, now or as it was."""

from domain.kernel.refusal import Refused
from domain.learning import ACTION_ITEM, POSTMORTEM
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
    items = []
    for id_ in shown.action_items:
        try:
            items.append(await service.show(ACTION_ITEM, id_, cut, viewer))
        except Refused:  # it was added after the time that is asked about
            continue
    return compose(shown, told, items)
