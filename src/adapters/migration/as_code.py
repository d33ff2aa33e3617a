"""An export as configuration as code: its people, and its schedules with people by slug."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from adapters.as_code.export import export
from adapters.as_code.kinds import KINDS
from adapters.migration.account import Account
from adapters.migration.exported_people import ExportedPerson
from adapters.migration.taken_over import slugs_of, taken_over
from domain.directory.person import PersonProfile
from domain.directory.registration import Managed
from domain.oncall.scheduling.events import ScheduleProfile


class Written(NamedTuple):
    """Files by name, how many people and schedules they hold, and what they leave out, with why."""

    files: Mapping[str, str]
    people: int
    schedules: int
    left: list[str]


def as_code(source: str, account: Account) -> Written:
    """The same export gives the same bytes. What is put over turns is no configuration."""
    left: list[str] = []
    named = slugs_of(((each.id, each.name) for each in account.people), "person")
    slugs = {each.id: slug for each, slug in zip(account.people, named, strict=True)}
    people = {slugs[each.id]: _person(each) for each in account.people}
    schedules = {}
    for taken in taken_over(account.schedules):
        if not taken.schedule.enabled:
            left.append(f"schedules.{taken.slug}: it is disabled")
            continue
        schedules[taken.slug] = _schedule(taken.profile, slugs)
        if taken.entries:
            many = "entry" if len(taken.entries) == 1 else "entries"
            left.append(f"schedules.{taken.slug}: {len(taken.entries)} {many} over its turns")
    views: dict[str, Mapping[str, Any]] = {kind.table: {} for kind in KINDS}
    views |= {"people": people, "schedules": schedules}
    exported = export(views, Managed(name=source))
    return Written(exported.files, len(people), len(schedules), left)


def _person(found: ExportedPerson) -> PersonProfile:
    by_product = dict(found.handles)
    said = {
        "name": found.name,
        "email": found.email,
        "time_zone": found.time_zone,
        "handles": by_product,
        "contact_methods": [
            {"kind": each.kind, "address": each.address, "enabled": each.enabled}
            for each in found.methods
        ],
        # Schedules that were taken over name the person so, and the directory finds it.
        "known_as": [] if found.id in by_product.values() else [found.id],
    }
    return msgspec.convert(said, PersonProfile)


def _schedule(profile: Mapping[str, Any], slugs: Mapping[str, str]) -> ScheduleProfile:
    """People as the directory calls them; who is not in the export stays an id."""
    found = msgspec.convert(profile, ScheduleProfile)
    layers = tuple(
        replace(
            layer,
            groups=tuple(tuple(slugs.get(one, one) for one in each) for each in layer.groups),
        )
        for layer in found.layers
    )
    return replace(found, layers=layers)
