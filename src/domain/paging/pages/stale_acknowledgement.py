"""An acknowledgement grows stale: where nobody does anything in the incident for as long as the
policy says, while users are affected, the page begins again.
"""

from datetime import datetime, timedelta

from domain.kernel.deadline import Deadline, Expire
from domain.kernel.decider import Context
from domain.paging.pages import events as e
from domain.paging.pages.page_fold import STALE
from domain.paging.pages.page_history import PageHistory, ended_meanwhile, expires, is_acknowledged
from domain.paging.pages.page_state import Page
from domain.paging.pages.reaching import Happening, facts_of, reach
from domain.policy import Policy


def stale_due(history: PageHistory, _: datetime, __: Policy) -> Expire | None:
    """So long after the last thing that is known to have been done."""
    page = history.page
    if page.fresh_since is None or page.pinned.stale_after_s is None:
        return None
    return expires(history, STALE, page.fresh_since + timedelta(seconds=page.pinned.stale_after_s))


def grow_stale(command: Expire, page: Page, context: Context) -> list[e.PageEvent]:
    """It holds on where something was done meanwhile, or users are no longer affected."""
    so_far, incident = Happening(page), facts_of(context).incident
    assert page.fresh_since is not None, "it was acknowledged"
    at, due_at = context.now, command.due_at
    if ended_meanwhile(so_far, context):
        return so_far.events
    acted_at = incident.acted_at if incident else None
    if incident is not None and incident.watched:
        acted_at = at
    if acted_at is not None and acted_at > page.fresh_since:
        so_far.add(e.AcknowledgementRenewed(occurred_at=at, acted_at=acted_at, due_at=due_at))
        return so_far.events
    since = page.fresh_since
    so_far.add(e.AcknowledgementStale(occurred_at=at, since=since, due_at=due_at))
    reach(so_far, e.Climbs.STALE, context)
    return so_far.events


STALE_ACKNOWLEDGEMENT: Deadline[PageHistory, Page, e.PageEvent] = Deadline(
    name="stale-acknowledgement",
    rules=(STALE,),
    is_open=is_acknowledged,
    due=stale_due,
    follows=grow_stale,
    prompts={e.AcknowledgementStale: None},
)
