"""An export as configuration as code: it reads back as what it was, with people by slug."""

import tomllib
from pathlib import Path
from typing import Any

from adapters.as_code.folder import Folder, read_folder
from adapters.migration.account import Account
from adapters.migration.as_code import Written, as_code
from support.exports import layer, layers, read, rotation, rotations, written


def user(name: str, id_: str, *methods: dict[str, Any], **fields: Any) -> dict[str, Any]:
    known = {"id": id_, "name": name, "email": f"{id_.lower()}@example.com"}
    return {**known, "time_zone": "Europe/Berlin", "contact_methods": list(methods), **fields}


def method(kind: str, address: str, **fields: Any) -> dict[str, Any]:
    return {"id": address, "type": f"{kind}_contact_method", "address": address, **fields}


def folder_of(source: str, account: Account, root: Path) -> tuple[Written, Folder]:
    made = as_code(source, account)
    found = read_folder(written(root, dict(made.files)))
    assert found.flaws == ()
    return made, found


def test_people_have_slugs_and_schedules_name_them_by_these(tmp_path: Path):
    users = [user("Ada Lovelace", "A"), user("Grace Hopper", "B"), user("Ada Lovelace", "C")]
    files = {**layers(layer(people="A B gone")), "users.json": {"users": users}}
    _, found = folder_of("pagerduty", read("pagerduty", tmp_path / "of", files), tmp_path / "code")
    assert {slug for table, slug in found.entries if table == "people"} == {
        "ada-lovelace-a",
        "ada-lovelace-c",
        "grace-hopper",
    }
    (schedule,) = (it for (table, _), it in found.entries.items() if table == "schedules")
    assert schedule.said["layers"][0]["groups"] == (
        ("ada-lovelace-a",),
        ("grace-hopper",),
        ("gone",),
    )
    assert found.managed.name == "pagerduty"


def test_ways_to_reach_people_are_carried_and_what_is_blocked_stays_off(tmp_path: Path):
    methods = (
        method("email", "a@example.com"),
        method("phone", "705550101", country_code=46),
        method("sms", "705550101", country_code=46, blacklisted=True),
        method("sms", "705550101", country_code=46, blacklisted=True),
        method("push_notification", "a device"),
    )
    files = {**layers(layer()), "users.json": {"users": [user("Ada", "A", *methods)]}}
    made = as_code("pagerduty", read("pagerduty", tmp_path, files))
    assert tomllib.loads(made.files["people.toml"])["people"]["ada"]["contact_methods"] == [
        {"kind": "email", "address": "a@example.com"},
        {"kind": "phone", "address": "+46705550101"},
        {"kind": "sms", "address": "+46705550101", "enabled": False},
    ]


def test_a_number_of_which_the_dialled_form_is_unsure_is_marked(tmp_path: Path):
    contacts = [
        {"contactMethod": "voice", "to": "33-0639980201", "id": "1"},
        {"contactMethod": "sms", "to": "1-5417543010", "id": "2"},
    ]
    entity = {"user": {"id": "A", "username": "a@example.com", "userContacts": contacts}}
    account = read("opsgenie", tmp_path, {**rotations(rotation()), "users/a.json": entity})
    (person,) = account.people
    assert [(each.kind, each.address) for each in person.methods] == [
        ("phone", "+330639980201"),
        ("sms", "+15417543010"),
    ]
    assert [each.of for each in account.marks if each.code == "contact.unsure"] == ["person user:A"]


def test_what_is_disabled_or_over_the_turns_is_named_as_left_out(tmp_path: Path):
    account = read("opsgenie", tmp_path, rotations(rotation()))
    off = rotations(rotation())["schedules/some name.json"]
    off["schedule"] |= {"id": "P", "name": "Off", "enabled": False}
    both = read("opsgenie", tmp_path, {"schedules/off.json": off})
    assert as_code("opsgenie", account).left == []
    assert as_code("opsgenie", both).left == ["schedules.off: it is disabled"]


def test_the_same_export_gives_the_same_bytes(tmp_path: Path):
    files = {**layers(layer()), "users.json": {"users": [user("Ada", "A")]}}
    made = [as_code("pagerduty", read("pagerduty", tmp_path, files)).files for _ in range(2)]
    assert made[0] == made[1]
