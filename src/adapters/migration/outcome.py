"""What would become of each object of an export, and the list of what would not be taken over."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from adapters.migration.account import Account, Item
from domain.oncall.layer import Layer, Turns
from domain.oncall.schedule import Schedule

DIRECTORY = {"users": "person", "teams": "team", "services": "service"}
"""What has a place in the directory, where people declare it themselves."""
AS_CODE = "it is in the configuration that `plan --code` writes"
NO_PLACE = "it has no place here yet"
SCHEDULES = ("schedules", "schedules_v3")
WITHIN = ("on_call_shifts", "shift_swaps", "forwardings")
"""What has no place of its own, for it is a part of the schedules."""


def planned(source: str, account: Account) -> dict[str, Any]:
    """`objects`: each with what it would become (null: nothing), and how; `not_carried`: marks."""
    made = {each.id: each for each in account.schedules}
    objects = [
        _object(kind, each, made) for kind, found in account.objects.items() for each in found
    ]
    marks = [msgspec.to_builtins(each) for each in account.marks]
    return {
        "source": source,
        "objects": objects,
        "not_carried": [*marks, *_without_place(objects)],
    }


def _object(kind: str, item: Item, made: Mapping[str, Schedule]) -> dict[str, Any]:
    becomes, detail = None, f"{item.said}; {NO_PLACE}" if item.said else NO_PLACE
    if kind in SCHEDULES and item.id in made:
        becomes, detail = "schedule", _said(made[item.id])
    elif kind in SCHEDULES:
        detail = "it cannot be worked out; see what is not carried"
    elif kind in WITHIN:
        becomes, detail = "part of schedules", "it is in the schedules that it belongs to"
    elif kind in DIRECTORY:
        becomes, detail = DIRECTORY[kind], "declared in the directory by its id"
    elif item.becomes is not None:
        becomes, detail = item.becomes, f"{item.said}; {AS_CODE}"
    said = {"kind": kind, "id": item.id, "name": item.name}
    return {**said, "becomes": becomes, "detail": detail}


def _said(schedule: Schedule) -> str:
    parts = [f"{schedule.zone}", *(_layer(each) for each in schedule.layers)]
    for name in ("overrides", "swaps", "forwardings"):
        many = len(getattr(schedule, name))
        if many:
            parts.append(f"{many} {name}")
    return "; ".join(parts)


def _layer(layer: Layer) -> str:
    people = len({person for group in layer.groups for person in group})
    if isinstance(layer.pattern, Turns):
        each = f"{layer.pattern.months} months" if layer.pattern.months else layer.pattern.length
        how = f"turns of {each}"
    else:
        how = layer.pattern.rule or "once"
    limited = f", {len(layer.restrictions)} restrictions" if layer.restrictions else ""
    return f"{layer.name or layer.id}: {how} by {people} of {len(layer.groups)} groups{limited}"


def _without_place(objects: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Item by item, what there is nothing for here. Schedules that become nothing have marks."""
    for each in objects:
        if each["becomes"] is None and each["kind"] not in SCHEDULES:
            yield {
                "code": "object.no_place",
                "of": f"{each['kind']} {each['id']}",
                "detail": f"{each['name']}: {each['detail']}",
                "fault": False,
            }
