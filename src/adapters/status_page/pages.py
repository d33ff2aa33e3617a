"""The pages for people: view models made here, so that templates have nothing to decide."""

from datetime import UTC
from itertools import groupby
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from adapters.page_policy import page_policy
from adapters.status_page import labels, markdown
from adapters.status_page.bars import Bars, bars, look
from adapters.status_page.labels import ShownTime
from adapters.status_page.snapshot import StatusSnapshot, listed
from domain.incident.state import OVER
from domain.status_page.components import Component, Condition, Day, days, present
from domain.status_page.public_incident import IN_PROGRESS, PublicIncident

BAR_DAYS = 90
RECENT_DAYS = 14
PER_PAGE = 20
UNGROUPED = "Components"
_LEGEND = ((look(None), "No data"), *((look(each), labels.CONDITIONS[each]) for each in Condition))


def _shown(value: Any) -> Any:
    """Older events may hold characters that HTML has no place for; Markup was made without them."""
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return markdown.readable(value) if plain else value


_TEMPLATES = Environment(
    loader=PackageLoader("adapters.status_page"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_shown,
)
_STYLE = Markup(_TEMPLATES.get_template("style.css").render().strip())  # noqa: S704 - ours

CONTENT_SECURITY_POLICY = page_policy(_STYLE, "img-src data:")


class EntryView(NamedTuple):
    """An update on a page."""

    label: str
    look: str
    at: ShownTime
    html: Markup
    anchor: str
    path: str


class IncidentView(NamedTuple):
    """An incident on a page; tuples hold what there may be none of."""

    name: str
    path: str
    reference: str
    label: str
    look: str
    impact: tuple[str, ...]
    since: str
    started: ShownTime
    ended: tuple[ShownTime, ...]
    until: tuple[ShownTime, ...]
    lasted: tuple[str, ...]
    affects: tuple[str, ...]
    entries: tuple[EntryView, ...]
    continued: tuple[tuple[str, str], ...] = ()


class ComponentView(NamedTuple):
    """A component with its last days."""

    name: str
    descriptions: tuple[str, ...]
    label: str
    look: str
    bars: Bars
    uptimes: tuple[str, ...]


class GroupView(NamedTuple):
    """Components that belong together; `label` says how the worst of them does."""

    name: str
    label: str
    look: str
    components: tuple[ComponentView, ...]


class DaysView(NamedTuple):
    """A recent day: what began then and is over, what is still open, and what had begun before and
    `went_on`. Days on which nothing was stand together, the first and the last of them, with a word
    on why.
    """

    at: tuple[ShownTime, ...]
    incidents: tuple[IncidentView, ...]
    open: tuple[IncidentView, ...]
    went_on: tuple[IncidentView, ...]
    notes: tuple[str, ...]


class MonthView(NamedTuple):
    """A month of the history."""

    name: str
    incidents: tuple[IncidentView, ...]


def index(snapshot: StatusSnapshot) -> str:
    """The page that says how everything is."""
    worst_first = sorted(snapshot.open, key=present, reverse=True)
    return render(
        snapshot,
        "index.html",
        banner=labels.BANNERS[snapshot.condition],
        banner_look=look(snapshot.condition),
        now=[[incident_view(snapshot, each) for each in worst_first]] if worst_first else [],
        upcoming=[[incident_view(snapshot, each) for each in snapshot.upcoming]]
        if snapshot.upcoming
        else [],
        groups=groups(snapshot),
        recent=recent(snapshot),
        recent_days=RECENT_DAYS,
        bar_days=BAR_DAYS,
        legends=[_LEGEND] if snapshot.components else [],
    )


def history_pages(snapshot: StatusSnapshot) -> int:
    """How many pages the history has."""
    return max(-(-len(snapshot.history) // PER_PAGE), 1)


def history(snapshot: StatusSnapshot, number: int) -> str | None:
    """A page of all incidents, newest first, counted from 1; None behind the last."""
    pages = history_pages(snapshot)
    if not 1 <= number <= pages:
        return None
    shown = snapshot.history[(number - 1) * PER_PAGE : number * PER_PAGE]
    months = groupby(shown, key=lambda each: f"{each.started_at.astimezone(UTC):%B %Y}")
    return render(
        snapshot,
        "history.html",
        months=[
            MonthView(name, tuple(incident_view(snapshot, each) for each in found))
            for name, found in months
        ],
        number=number,
        pages=pages,
        newer=[_history_path(snapshot, number - 1)] if number > 1 else [],
        older=[_history_path(snapshot, number + 1)] if number < pages else [],
        begins=[labels.day(snapshot.beginning)] if number == pages else [],
    )


def _history_path(snapshot: StatusSnapshot, number: int) -> str:
    """A path without a query, for a server of files knows none."""
    root = snapshot.site.root
    return f"{root}/history" if number == 1 else f"{root}/history/page/{number}"


def incident(snapshot: StatusSnapshot, ref: str) -> str | None:
    """The page of one incident, None if there is none or it is not public."""
    found = snapshot.find(ref)
    if found is None:
        return None
    return render(snapshot, "incident.html", incident=incident_view(snapshot, found))


def missing(snapshot: StatusSnapshot) -> str:
    """What is said of everything that is not there, private or not."""
    return render(snapshot, "missing.html")


def unavailable(title: str) -> str:
    """What is said as long as nothing is known at all."""
    return _TEMPLATES.get_template("unavailable.html").render(title=title, style=_STYLE)


def incident_view(snapshot: StatusSnapshot, found: PublicIncident) -> IncidentView:
    """An incident in words, its updates newest first."""
    concerned = listed(component.name for component in snapshot.concerned(found))
    path = f"{snapshot.site.root}/incidents/{found.reference}"
    lasted = found.ended_at and (found.ended_at - found.started_at).total_seconds()
    return IncidentView(
        name=snapshot.name(found),
        path=path,
        reference=found.reference,
        label=labels.label(found, found.status),
        look=_look(found, found.status),
        impact=labels.impact(found),
        since=labels.since(found),
        started=labels.moment(found.started_at),
        ended=_ended(found),
        until=_until(found),
        lasted=(labels.lasting(lasted),) if lasted and lasted >= 0 else (),
        affects=(concerned,) if concerned else (),
        entries=tuple(
            EntryView(
                labels.label(found, entry.status),
                _look(found, entry.status),
                labels.moment(entry.at),
                markdown.html(entry.words),
                f"update-{entry.id}",
                f"{path}#update-{entry.id}",
            )
            for entry in reversed(found.entries)
        ),
        continued=tuple(
            (f"{snapshot.site.root}/incidents/{each}", each)
            for each in filter(None, (found.continued_as,))
        ),
    )


def _ended(found: PublicIncident) -> tuple[ShownTime, ...]:
    """When it ended, or, of planned work that has not begun, when it is or was to."""
    planned = found.planned[1] if found.planned and not found.took_place else None
    at = found.ended_at or planned
    return (labels.end(found.started_at, at),) if at else ()


def _until(found: PublicIncident) -> tuple[ShownTime, ...]:
    """When work that is under way is to end."""
    if found.planned is None or found.status != IN_PROGRESS:
        return ()
    return (labels.end(found.started_at, found.planned[1]),)


def _look(found: PublicIncident, status: str) -> str:
    """The class of a status; a maintenance that goes on is nothing to be alarmed by."""
    calm = found.maintenance and status not in OVER
    return look(Condition.UNDER_MAINTENANCE) if calm else status


def groups(snapshot: StatusSnapshot) -> list[GroupView]:
    """The components by group, both in the order of their first mention."""
    names = dict.fromkeys(component.group for component in snapshot.components)
    return [_group(snapshot, name) for name in names]


def _group(snapshot: StatusSnapshot, name: str | None) -> GroupView:
    members = [each for each in snapshot.components if each.group == name]
    worst = max(map(snapshot.status_of, members))
    return GroupView(
        name or UNGROUPED,
        labels.CONDITIONS[worst],
        look(worst),
        tuple(_component(snapshot, each) for each in members),
    )


def _component(snapshot: StatusSnapshot, component: Component) -> ComponentView:
    concerning = [each for each in snapshot.incidents if component.concerned_by(each)]
    condition, percent = snapshot.status_of(component), snapshot.uptime(component, BAR_DAYS).percent
    return ComponentView(
        component.name,
        (component.description,) if component.description else (),
        labels.CONDITIONS[condition],
        look(condition),
        bars(days(concerning, snapshot.today, BAR_DAYS, snapshot.beginning.date())),
        tuple(f"{each} % uptime" for each in (percent,) if each),
    )


def recent(snapshot: StatusSnapshot) -> list[DaysView]:
    """The last days, today first, each with what was on it."""
    found = days(snapshot.incidents, snapshot.today, RECENT_DAYS, snapshot.beginning.date())
    shown: list[DaysView] = []
    for each in reversed(found):
        view = _day(snapshot, each)
        if shown and view.notes and view.notes == shown[-1].notes:
            shown[-1] = view._replace(at=(*view.at, shown[-1].at[-1]))
        else:
            shown.append(view)
    return shown


def _day(snapshot: StatusSnapshot, each: Day) -> DaysView:
    began = [
        one
        for one in snapshot.incidents
        if one.took_place and one.started_at.astimezone(UTC).date() == each.date
    ]
    went_on = [one for one in each.incidents if one not in began]
    note = "No data: nothing was recorded yet." if each.worst is None else "No incidents reported."
    return DaysView(
        (ShownTime(each.date.isoformat(), labels.day(each.date)),),
        tuple(incident_view(snapshot, one) for one in began if one.over),
        tuple(incident_view(snapshot, one) for one in began if not one.over),
        tuple(incident_view(snapshot, one) for one in went_on),
        () if began or went_on else (note,),
    )


def render(snapshot: StatusSnapshot, template: str, **values: Any) -> str:
    return _TEMPLATES.get_template(template).render(
        title=snapshot.site.title,
        root=snapshot.site.root,
        style=_STYLE,
        as_of=[labels.moment(snapshot.known.as_of)] if snapshot.stale else [],
        copies=[labels.moment(each) for each in (snapshot.copied_at,) if each],
        **values,
    )
