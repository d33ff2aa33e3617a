"""A folder of files as one configuration, and what of it cannot be taken."""

from pathlib import Path

import pytest

from adapters.as_code.folder import read_folder

TOML = """
[config]
name = "platform"
where = "https://git.example.com/directory"

[people.ada]
name = "Ada Lovelace"
working_hours = {begins = 08:30:00, ends = 16:00:00}
handles = {}

[teams.payments]
name = "Payments"
members = ["ada"]
"""
YAML = """
services:
  checkout: {name: Checkout, tier: 1, labels: {app: [checkout]}}
---
people:
  grace: {name: Grace Hopper, working_hours: {begins: "09:00:00", ends: "17:00:00"}}
"""


def folder(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return root


def test_all_files_below_a_folder_are_one_configuration(tmp_path: Path):
    read = read_folder(folder(tmp_path, a_toml=TOML, sub__b_yaml=YAML, c_txt="not read"))
    assert read.flaws == ()
    assert (read.managed.name, read.managed.where) == (
        "platform", "https://git.example.com/directory",
    )  # fmt: skip
    assert {key: (each.said["name"], each.file) for key, each in read.entries.items()} == {
        ("people", "ada"): ("Ada Lovelace", "a.toml"),
        ("teams", "payments"): ("Payments", "a.toml"),
        ("services", "checkout"): ("Checkout", "sub/b.yaml"),
        ("people", "grace"): ("Grace Hopper", "sub/b.yaml"),
    }
    ada = read.entries["people", "ada"].said
    assert set(ada) == {"name", "working_hours"}, "what is usual is not said"
    assert (ada["working_hours"]["begins"], ada["working_hours"]["ends"]) == (
        "08:30:00", "16:00:00",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("[people.ada]\nname = 7", "people.ada", "name"),
        ("[people.ada]\nname = 'A'\nnmae = 'B'", "people.ada", "nmae"),
        ("[people.ada]\nname = 'A'\ntime_zone = 'Europa/Rom'", "people.ada", "Europa/Rom"),
        ("[people.'a b']\nname = 'A'", "people.a b", "slug"),
        ("[people.ada]\nname = 'A'\nslug = 'eve'", "people.ada", "slug is no field"),
        ("[people]\nada = 'A'", "people.ada", "fields"),
        ("people = 1", "people", "entries by name"),
        ("[rotas.one]", "rotas", "people, teams, services, schedules"),
        ("[teams.x]\nname = 'X'\nleads = ['ada']", "teams.x", "no member"),
        ("[config]\nname = 'A B'", "config", "name"),
        ("[people.ada", "document 1", "Expected"),
    ],
)
def test_what_cannot_be_taken_is_named_by_file_entry_and_rule(
    tmp_path: Path, text: str, at: str, why: str
):
    (flaw,) = read_folder(folder(tmp_path, x_toml=text)).flaws
    assert (flaw.file, flaw.at) == ("x.toml", at)
    assert why in flaw.why


def test_an_entry_and_the_name_stand_in_one_file(tmp_path: Path):
    read = read_folder(folder(tmp_path, a_toml=TOML, b_toml=TOML))
    assert [(each.file, each.at, each.why) for each in read.flaws] == [
        ("b.toml", at, "it stands in a.toml already")
        for at in ("config", "people.ada", "teams.payments")
    ]


def test_what_expands_is_not_read(tmp_path: Path):
    bomb = "people:\n  a: &a {name: A}\n  b: *a\n"
    (flaw,) = read_folder(folder(tmp_path, x_yaml=bomb)).flaws
    assert (flaw.file, "alias" in flaw.why) == ("x.yaml", True)


def test_what_leads_out_of_the_folder_is_not_followed(tmp_path: Path):
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (root / "link.toml").symlink_to(folder(outside, a_toml=TOML) / "a.toml")
    assert read_folder(root).entries == {}


def test_links_in_circles_are_passed_over(tmp_path: Path):
    inside = folder(tmp_path, a_toml=TOML)
    (inside / "self").symlink_to(".")
    for name in ("b.toml", "c.yaml", "d.yml"):
        (inside / name).symlink_to(name)
    read = read_folder(inside)
    assert (len(read.entries), read.flaws) == (2, ())


def test_a_file_that_goes_while_it_is_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """As one in YAML is: nothing of the folder is applied then."""

    def gone(_: Path) -> bytes:
        raise OSError("Stale file handle")

    folder(tmp_path, a_toml=TOML, b_yaml=YAML)
    monkeypatch.setattr(Path, "read_bytes", gone)
    flaws = read_folder(tmp_path).flaws
    assert [(each.file, each.why) for each in flaws] == [
        ("a.toml", "Stale file handle"), ("b.yaml", "Stale file handle"),
    ]  # fmt: skip
