"""People of an export as the directory would have them: names, zones, and ways to reach them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from adapters.migration.zone_names import zone_of

Fields = Mapping[str, Any]
_KINDS = {
    "email_contact_method": "email",
    "phone_contact_method": "phone",
    "sms_contact_method": "sms",
    "email": "email",
    "voice": "phone",
    "sms": "sms",
}
"""What is carried over; a device that an app of theirs was installed on is of no use here."""
_NUMBER = re.compile(r"\+?(?P<country>[1-9]\d{0,2})-(?P<rest>[\d -]{3,20})")


class ExportedMethod(NamedTuple):
    """A way to reach somebody; one that is not `enabled` reaches nobody."""

    kind: str
    address: str
    enabled: bool


class ExportedPerson(NamedTuple):
    """Somebody in an export. `id` is what schedules call the person, `handles` by product."""

    id: str
    name: str
    email: str | None
    time_zone: str | None
    methods: tuple[ExportedMethod, ...] = ()
    handles: tuple[tuple[str, str], ...] = ()


def kind_of(method: Any) -> str | None:
    """What a contact method of theirs is here; None: there is no such kind."""
    return _KINDS.get(str(method).lower())


def pagerduty_people(users: Iterable[Fields]) -> Iterator[ExportedPerson]:
    for user in users:
        id_ = str(user.get("id"))
        yield ExportedPerson(
            id=id_,
            name=str(user.get("name") or id_),
            email=_text(user.get("email")),
            time_zone=_zone(user.get("time_zone")),
            methods=tuple(dict.fromkeys(_pagerduty_methods(user.get("contact_methods") or ()))),
            handles=(("pagerduty", id_),),
        )


def _pagerduty_methods(methods: Iterable[Fields]) -> Iterator[ExportedMethod]:
    for each in methods:
        kind, address = kind_of(each.get("type")), _text(each.get("address"))
        if kind is None or address is None:
            continue
        country = each.get("country_code")
        if kind != "email" and country:
            address = f"+{country}{address}"
        off = each.get("blacklisted") is True or each.get("enabled") is False
        yield ExportedMethod(kind, address, not off)


def opsgenie_people(
    users: Iterable[Fields], unsure: Callable[[str, str], None]
) -> Iterator[ExportedPerson]:
    """`unsure` hears of whom a number is not sure, and why."""
    for user in users:
        name, id_ = _text(user.get("username")), f"user:{user.get('id')}"
        yield ExportedPerson(
            id=id_,
            name=str(user.get("fullName") or name or id_),
            email=name if name and "@" in name else None,
            time_zone=_zone(user.get("timeZone")),
            methods=tuple(
                dict.fromkeys(_opsgenie_methods(user.get("userContacts") or (), id_, unsure))
            ),
            handles=(("opsgenie", name),) if name else (),
        )


def _opsgenie_methods(
    contacts: Iterable[Fields], id_: str, unsure: Callable[[str, str], None]
) -> Iterator[ExportedMethod]:
    for each in contacts:
        kind, address = kind_of(each.get("contactMethod")), _text(each.get("to"))
        if kind is None or address is None:
            continue
        if kind != "email" and (found := _NUMBER.fullmatch(address)):
            if found["rest"].startswith("0"):
                detail = f"{address}: which number is dialled, with the 0 or without it, is unsure"
                unsure(f"person {id_}", detail)
            address = f"+{found['country']}{re.sub('[ -]', '', found['rest'])}"
        yield ExportedMethod(kind, address, each.get("enabled") is not False)


def grafana_people(users: Iterable[Fields]) -> Iterator[ExportedPerson]:
    """Their API tells of no phone numbers."""
    for user in users:
        id_ = str(user.get("id"))
        email = _text(user.get("email"))
        methods = (ExportedMethod("email", email, enabled=True),) if email else ()
        zone, name = _zone(user.get("timezone")), str(user.get("username") or id_)
        yield ExportedPerson(id=id_, name=name, email=email, time_zone=zone, methods=methods)


def _text(found: Any) -> str | None:
    return found.strip() or None if isinstance(found, str) else None


def _zone(found: Any) -> str | None:
    """None where there is no such zone: unknown is what it then is here, too."""
    return zone_of(found) if isinstance(found, str) else None
