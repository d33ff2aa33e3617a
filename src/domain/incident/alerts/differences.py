"""What a report of a firing says otherwise than those before it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.incident.alerts.alert import Alert, AlertKind, Change
from domain.incident.alerts.labels import LABELS_KEPT, PLUMBING
from domain.incident.alerts.latest import latest_of
from domain.incident.alerts.member import (
    Member,
    key_of,
    labels_as_it_fires,
    links_as_it_fires,
    named,
    priority_of,
    said_as_it_fires,
)
from domain.incident.alerts.register import AlertRegister

CHANGE_CHARS = 1_000
"""So much of what has changed is told on the timeline."""
VALUE_CHARS = 300
"""So much of a label, field or link."""
CHANGES_MOST = 16
"""So many changes of labels, fields and links are told of one report."""
LEAD_CHARS = 40
"""So much of what two long texts have in common is told before they differ."""
OF_THE_SENDER = frozenset({"Graph"})
"""Links whose host says who has sent it, as that of the link that is called like the product: two
that watch each other have one each.
"""
OF_THE_MOMENT = "Image"
"""A picture is taken anew for each repetition."""
_TOLD_BESIDE = frozenset({"title", "text", "priority", "assignees", "service", "more"})
_HOST = re.compile(r"https?://[^/?#]*")
_TIMES = re.compile(
    r"(?<![0-9])[0-9]{10,19}(?![0-9])"
    r"|(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?:(?:T|%20|\+| )[0-9:.%A-F]+Z?)?"
    r"|now(?:-[0-9]+[a-zA-Z])?"
)
"""What in an address says which stretch of time is shown, and moves with each repetition."""


def title_known(known: AlertRegister, alert: Alert) -> str | None:
    """What a report is about, if it names no title itself: what was last said of its firing."""
    if alert.title is not None:
        return None
    member = known.member(key_of(alert))
    return member.title.value if member and member.title else None


def changes(known: AlertRegister, alert: Alert, at: datetime) -> tuple[Change, ...]:
    """What a report says otherwise than what was last known of its firing. A late one changes
    nothing.
    """
    member = known.member(key_of(alert))
    if member is None:
        return ()
    found = (*_stated(member, alert, at), *_named(member, alert, at))
    # Only the order of lines differs, or how often one stands there.
    return tuple(each for each in found if each.before or each.now)


def _stated(member: Member, alert: Alert, at: datetime) -> Iterator[Change]:
    over = alert.kind is AlertKind.RESOLVED
    # What was heard of it before it fired said nothing of that.
    begins = alert.kind is AlertKind.TRIGGERED and member.fired is None
    nothing = "" if member.fired and alert.kind is AlertKind.TRIGGERED else None
    stated = (
        ("title", member.title, None if over else alert.title),
        ("text", member.text, said_as_it_fires(alert)),
        ("priority", member.priority, priority_of(alert)),
        ("assignees", member.assignees, named(alert.assignees)),
        ("service", member.service, None if over else alert.service),
    )
    for what, last, now in stated:
        if now is None or not latest_of(alert, at, now).beats(last):
            continue
        if last.value != now if last else not begins and what not in {"title", "service"}:
            yield Change(what, *_differing(last.value if last else nothing, now))


def _named(member: Member, alert: Alert, at: datetime) -> Iterator[Change]:
    """Labels, links and fields that are others; the service is told beside."""
    of_service = (member.service.value if member.service else None, alert.service)
    found: list[Change] = []
    for name, before, now in (
        *_fields(member, alert, at),
        *_labels(member, alert, at),
        *_links(member, alert, at),
    ):
        if before != now and (before, now) != of_service:
            what = f"label {name}" if name in _TOLD_BESIDE else name
            found.append(Change(what, *_from_to(before or "", now)))
    yield from found[:CHANGES_MOST]
    if (more := len(found) - CHANGES_MOST) > 0:
        yield Change("more", "", f"{more} more changes" if more > 1 else "one more change")


_Named = tuple[str, str | None, str | None]
"""A name, what was said under it and what is now; None: nothing."""


def _fields(member: Member, alert: Alert, at: datetime) -> Iterator[_Named]:
    if alert.kind is AlertKind.RESOLVED:
        return
    known = dict(member.fields)
    for name, value in alert.fields:
        last = known.get(name)
        if latest_of(alert, at, value).beats(last):
            yield name, last.value if last else None, value


def _labels(member: Member, alert: Alert, at: datetime) -> Iterator[_Named]:
    now, last = labels_as_it_fires(alert), member.labels
    if now is None or member.fired is None or not latest_of(alert, at, now).beats(last):
        return
    before: Mapping[str, str] = last.value if last else {}
    # Of very many labels some are left out, which says nothing; and former releases left out all
    # that say how an alert came about.
    whole = len(now) < LABELS_KEPT and len(before) < LABELS_KEPT
    for name in dict.fromkeys((*now, *before)):
        if (name in now and name in before) or (whole and name not in PLUMBING):
            yield name, before.get(name), now.get(name)


def _links(member: Member, alert: Alert, at: datetime) -> Iterator[_Named]:
    now, last = links_as_it_fires(alert), member.links
    if now is None or member.fired is None or not latest_of(alert, at, now).beats(last):
        return
    before: Mapping[str, str] = last.value if last else {}
    for name in dict.fromkeys((*now, *before)):
        if name.startswith(OF_THE_MOMENT):
            continue
        was, is_ = before.get(name), now.get(name)
        of_sender = name in OF_THE_SENDER or name.lower() == alert.product
        if of_sender and None in {was, is_}:
            continue
        if _place(was, of_sender=of_sender) != _place(is_, of_sender=of_sender):
            # What has no name of its own is called by its host.
            yield ("link" if name in (is_ or was or "") else f"link {name}"), was, is_


def _place(url: str | None, *, of_sender: bool) -> str | None:
    """Where a link leads, whatever time it is to show."""
    if url is None:
        return None
    return _TIMES.sub("", _HOST.sub("", url).rstrip("/") if of_sender else url)


def _differing(before: str | None, now: str) -> tuple[str | None, str | None]:
    """Those lines of two texts that the other does not have, both kept short; an empty text where
    none is lost of what was said.
    """
    if before is None:
        return None, now if len(now) <= CHANGE_CHARS else f"{now[: CHANGE_CHARS - 1]}…"
    old, new = before.splitlines(), now.splitlines()
    kept, known = set(new), set(old)
    lost = "\n".join(each for each in old if each not in kept)
    won = "\n".join(each for each in new if each not in known)
    return _from_to(lost, won or None, CHANGE_CHARS)


def _from_to(before: str, now: str | None, most: int = VALUE_CHARS) -> tuple[str, str | None]:
    """Both texts, where they are too long from shortly before they differ, with a sign of that."""
    same = 0
    if len(before) > most or len(now or "") > most:
        pairs = zip(before, now or "", strict=False)
        same = next((n for n, (a, b) in enumerate(pairs) if a != b), 0)
    return _excerpt(before, same, most), None if now is None else _excerpt(now, same, most)


def _excerpt(text: str, at: int, most: int) -> str:
    start = max(0, at - LEAD_CHARS) if at > most // 2 else 0
    head = "…" if start else ""
    shown = text[start : start + most - len(head)]
    return f"{head}{shown[:-1]}…" if start + len(shown) < len(text) else f"{head}{shown}"
