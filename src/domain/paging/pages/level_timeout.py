"""A level that nobody has answered in its time is followed by the next one; behind the last one the
page is unanswered. Brief, on-call rotation: "timeout: 5_minutes", then 10, then 15, then "0 #
Immediate: if it reaches here, leadership must be aware".
"""

from datetime import datetime

from domain.kernel.deadline import Deadline, Expire
from domain.kernel.decider import Context
from domain.paging.pages import events as e
from domain.paging.pages.page_fold import CLIMB
from domain.paging.pages.page_history import (
    PageHistory,
    answered_meanwhile,
    climbs,
    expires,
)
from domain.paging.pages.page_state import Page
from domain.paging.pages.reaching import Happening, reach
from domain.policy import Policy


def level_due(history: PageHistory, _: datetime, __: Policy) -> Expire | None:
    """Once the level has had its time."""
    page = history.page
    return None if page.reached_at is None else expires(history, CLIMB, page.waits_until)


def next_level(command: Expire, page: Page, context: Context) -> list[e.PageEvent]:
    """The next level, unless the incident was answered otherwise."""
    so_far = Happening(page)
    if not answered_meanwhile(so_far, context):
        reach(so_far, e.Climbs.NOT_ANSWERED, context, command.due_at)
    return so_far.events


LEVEL_TIMEOUT: Deadline[PageHistory, Page, e.PageEvent] = Deadline(
    name="level-timeout",
    rules=(CLIMB,),
    is_open=climbs,
    due=level_due,
    follows=next_level,
    prompts={e.LevelReached: None},
)
