"""The lists of the console: a value each."""

from typing import Any

from adapters.console.list_page import (
    Cell,
    Choice,
    Column,
    Listing,
    Rows,
    many,
    tag,
    text,
    time,
)
from adapters.console.visit import ConsolePage, Visit
from domain.access.grants import Permission
from domain.learning.action_item.events import Priority
from domain.learning.action_item.item import WAITING, ActionItemLine, ActionItemStatus
from handlers.access.views import view_of
from projections.alerting.heartbeats import HEARTBEAT_LIST
from projections.alerting.quarantine import QUARANTINE_LIST
from projections.alerting.routes import SIGNALS
from projections.directory.lists import PEOPLE_LIST, SERVICE_LIST, TEAM_LIST
from projections.incident.backlog import BACKLOG_LIST
from projections.learning.action_items import ACTION_ITEM_LIST
from projections.learning.postmortems import POSTMORTEM_LIST

_YES_NO = (("yes", "yes"), ("no", "no"))
_ALSO = (("true", "yes"),)


def _words(values: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(each), str(each).replace("_", " ")) for each in values)


def _incident(reference: str | None) -> Cell:
    return text(reference, f"/incidents/{reference}" if reference else None)


PEOPLE = Listing(
    "/people", "People", "Who can be named, paged and told.", "Nobody is in the directory.",
    (
        Column("Name", lambda it: text(it.name, f"/action-items?owner={it.id}")),
        Column("Slug", lambda it: text(it.id)),
        Column("Teams", lambda it: many(it.teams)),
        Column("Positions", lambda it: many(it.positions)),
        Column("E-mail", lambda it: text(it.email)),
        Column("Here", lambda it: tag("active" if it.active else "has left")),
    ),
    PEOPLE_LIST,
    filters=(Choice("active", "Still here", _YES_NO), Choice("team", "Team")),
)  # fmt: skip
TEAMS = Listing(
    "/teams", "Teams", "What they own, and who is in them.", "No team is in the directory.",
    (
        Column("Name", lambda it: text(it.name, f"/people?team={it.id}")),
        Column("Slug", lambda it: text(it.id)),
        Column("Members", lambda it: many(it.members)),
        Column("Not in the directory", lambda it: Cell(", ".join(it.unknown_members), "missing")),
        Column("Services", lambda it: many(it.services)),
        Column("Here", lambda it: tag("active" if it.active else "no more")),
    ),
    TEAM_LIST,
    filters=(Choice("active", "Still there", _YES_NO), Choice("member", "Member")),
)  # fmt: skip
SERVICES = Listing(
    "/services", "Services", "Whose they are, and what they need.", "The catalogue is empty.",
    (
        Column("Name", lambda it: text(it.name, f"/services/{it.id}")),
        Column("Tier", lambda it: text(it.tier)),
        Column("Owner", lambda it: text(it.owner) if it.owner_known else Cell(
            f"{it.owner}: not in the directory" if it.owner else "nobody", "missing")),
        Column("Needs", lambda it: many(it.dependencies)),
        Column("Without an entry", lambda it: Cell(", ".join(it.unknown_dependencies), "missing")),
        Column("Life", lambda it: tag(it.lifecycle)),
    ),
    SERVICE_LIST,
    filters=(Choice("owner", "Owner, such as team:payments"),),
)  # fmt: skip
POSTMORTEMS = Listing(
    "/postmortems", "Post-mortems", "What was learnt, the newest first.", "There is none yet.",
    (
        Column("Post-mortem", lambda it: text(it.reference, f"/postmortems/{it.reference}")),
        Column("Of", lambda it: _incident(it.incident_reference)),
        Column("Severity", lambda it: Cell(it.severity and it.severity.value, "severity")),
        Column("Title", lambda it: text(it.title)),
        Column("State", lambda it: tag(it.status)),
        Column("Author", lambda it: text(it.author) if it.author else Cell("nobody", "missing")),
        Column("Due", lambda it: _due(it.due_at, waits=it.final_at is None)),
        Column("Action items", lambda it: text(len(it.action_items),
               f"/action-items?postmortem={it.reference}")),
    ),
    POSTMORTEM_LIST,
    filters=(Choice("status", "State", _words(("draft", "review", "final"))),
             Choice("author", "Author"), Choice("overdue", "Overdue", _ALSO)),
)  # fmt: skip


def _due(at: Any, *, waits: bool) -> Cell:
    return Cell(at, "due" if waits and at else "time")


def _item_due(it: ActionItemLine) -> Cell:
    return _due(it.due_at, waits=it.status in WAITING)


ACTION_ITEMS = Listing(
    "/action-items", "Action items", "What is to be done, what is due first above.",
    "Nothing is like that.",
    (
        Column("Action item", lambda it: text(it.reference)),
        Column("What", lambda it: text(it.title)),
        Column("Owner", lambda it: text(it.owner)),
        Column("Priority", lambda it: tag(it.priority)),
        Column("Due", _item_due),
        Column("State", lambda it: tag(it.status)),
        Column("Of", lambda it: _incident(it.incident)),
    ),
    ACTION_ITEM_LIST,
    filters=(Choice("status", "State", _words(each.value for each in ActionItemStatus),
                    several=True),
             Choice("priority", "Priority", _words(each.value for each in Priority), several=True),
             Choice("owner", "Owner"), Choice("postmortem", "Post-mortem"),
             Choice("overdue", "Overdue", _ALSO)),
)  # fmt: skip
BACKLOG = Listing(
    "/backlog", "Backlog", "Incidents that wait for a team to look at them.",
    "Nothing waits.",
    (
        Column("Incident", lambda it: _incident(it.reference)),
        Column("Severity", lambda it: Cell(it.severity.value, "severity")),
        Column("Title", lambda it: text(it.title)),
        Column("State", lambda it: tag(it.status)),
        Column("Waits since", lambda it: time(it.since)),
        Column("Teams", lambda it: many(it.owners)),
        Column("Commander", lambda it: text(it.commander)),
    ),
    BACKLOG_LIST,
)  # fmt: skip
SIGNAL_LIST = Listing(
    "/signals", "Signals", "Alerts that opened nothing, the latest first.",
    "Every alert has become something.",
    (
        Column("Source", lambda it: text(f"{it.source} ({it.product})")),
        Column("Alert", lambda it: text(it.title)),
        Column("Became", lambda it: tag(it.action or "nothing")),
        Column("By rule", lambda it: text(it.rule)),
        Column("Because", lambda it: text(it.because)),
        Column("Since", lambda it: time(it.began_at)),
        Column("Incident", lambda it: _incident(it.reference)),
    ),
    SIGNALS,
    filters=(Choice("all", "Also what became something", _ALSO),),
)  # fmt: skip
QUARANTINE = Listing(
    "/quarantine", "Quarantine", "Signals that could not be understood: none is lost.",
    "Everything was understood.",
    (
        Column("Position", lambda it: text(it.position)),
        Column("Source", lambda it: text(f"{it.source} ({it.product})")),
        Column("Why", lambda it: text(it.reason)),
        Column("Came", lambda it: time(it.received_at)),
        Column("State", lambda it: tag(it.status)),
        Column("Note", lambda it: text(it.note)),
    ),
    QUARANTINE_LIST,
    filters=(Choice("all", "Also what was settled", _ALSO),),
)  # fmt: skip
HEARTBEATS = Listing(
    "/heartbeats", "Heartbeats", "What has to be heard of, and when it was.",
    "None is watched.",
    (
        Column("Name", lambda it: text(it.name)),
        Column("State", lambda it: Cell("silent", "missing") if it.status == "silent"
               else tag(it.status)),
        Column("Heard of", lambda it: time(it.heard_at)),
        Column("Due", lambda it: _due(it.due_at, waits=True)),
        Column("Service", lambda it: text(it.service)),
    ),
    HEARTBEAT_LIST,
)  # fmt: skip


async def _tokens(visit: Visit) -> Rows:
    await visit.gate.refresh()
    await visit.gate.share_uses()
    return Rows([view_of(each, visit.gate) for each in visit.gate.register.tokens.values()])


TOKENS = Listing(
    "/tokens", "Tokens", "Who may show one. Secrets are kept by nobody.", "There is none.",
    (
        Column("Id", lambda it: text(it.id)),
        Column("Name", lambda it: text(it.name)),
        Column("Role", lambda it: tag(it.role)),
        Column("Acts as", lambda it: text(it.person)),
        Column("State", lambda it: tag(it.standing)),
        Column("Made by", lambda it: text(it.made_by)),
        Column("Made", lambda it: time(it.made_at)),
        Column("Expires", lambda it: time(it.expires_at) if it.expires_at else text("never")),
        Column("Last used", lambda it: time(it.last_used_at)),
    ),
    ask=_tokens,
)  # fmt: skip

_READ, _DIRECTORY = Permission.INCIDENTS_READ, Permission.DIRECTORY_READ
PAGES: tuple[ConsolePage, ...] = (
    BACKLOG.page(_READ, "Respond", "Backlog", "l"),
    POSTMORTEMS.page(_READ, "Learn", "Post-mortems", "p"),
    ACTION_ITEMS.page(_READ, "Learn", "Action items", "a"),
    PEOPLE.page(_DIRECTORY, "Directory", "People"),
    TEAMS.page(_DIRECTORY, "Directory", "Teams"),
    SERVICES.page(_DIRECTORY, "Directory", "Services", "s"),
    SIGNAL_LIST.page(_READ, "Operate", "Signals"),
    QUARANTINE.page(_READ, "Operate", "Quarantine", "q"),
    HEARTBEATS.page(_READ, "Operate", "Heartbeats"),
    TOKENS.page(Permission.ACCESS_MANAGE, "Operate", "Tokens"),
)
