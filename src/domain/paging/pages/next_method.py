"""A person who has not answered is paged by the next method, when the person's own rules say so."""

from datetime import datetime

from domain.kernel.deadline import Deadline, Expire
from domain.kernel.decider import Context
from domain.paging.pages import events as e
from domain.paging.pages.page_fold import CONTACT
from domain.paging.pages.page_history import (
    PageHistory,
    answered_meanwhile,
    climbs,
    expires,
)
from domain.paging.pages.page_state import Page
from domain.paging.pages.reaching import Happening, page_due
from domain.policy import Policy


def method_due(history: PageHistory, _: datetime, __: Policy) -> Expire | None:
    """As the first of those that wait is to be tried."""
    times = [each.at for each in history.page.contacts]
    return expires(history, CONTACT, min(times)) if times else None


def next_contact(command: Expire, page: Page, context: Context) -> list[e.PageEvent]:
    """Whoever is to be paged by now, unless the incident was answered otherwise."""
    so_far = Happening(page)
    if not answered_meanwhile(so_far, context):
        page_due(so_far, context, command.due_at)
    return so_far.events


NEXT_METHOD: Deadline[PageHistory, Page, e.PageEvent] = Deadline(
    name="next-method",
    rules=(CONTACT,),
    is_open=climbs,
    due=method_due,
    follows=next_contact,
    prompts={e.AcknowledgementRenewed: None},
)
