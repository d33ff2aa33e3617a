"""A folder of people, teams and services, planned, applied, exported, and set up anew elsewhere."""

from pathlib import Path

from support.service_process import Process, outside

FOLDER = """
[config]
name = "{name}"
where = "https://git.example.com/directory"

[people.ada-{name}]
name = "Ada of {name}"
contact_methods = [{{kind = "phone", address = "+44 20 7946 0000"}}]

[teams.payments-{name}]
name = "Payments of {name}"
members = ["ada-{name}"]

[services.checkout-{name}]
name = "Till of {name}"
owner = "team:payments-{name}"
tier = 1
labels = {{app = ["till-{name}"]}}
"""


async def test_a_folder_is_applied_and_kept_by_others_only_once_it_is_released(
    service: Process, unique: str, tmp_path: Path
):
    name, folder = f"c{unique}", tmp_path / "folder"
    folder.mkdir()
    (folder / "all.toml").write_text(FOLDER.format(name=name))
    planned = await service.cli("config", "plan", str(folder))
    assert (planned.status, planned.out.count("+ ")) == (0, 3)
    missing = await service.http.get(f"/v1/people/ada-{name}")
    assert missing.status_code == 404, "a plan changes nothing"
    applied = await service.cli("config", "apply", str(folder), "--actor", "grace")
    assert applied.status == 0, applied.err
    assert "applied: 3 entries" in applied.out
    before = await service.head()
    again = await service.cli("config", "apply", str(folder))
    assert (again.out.strip(), await service.head()) == (
        "nothing to do: the directory says what the folder says",
        before,
    )
    shown = await service.get(f"/v1/people/ada-{name}")
    assert (shown["changed_by"], shown["managed"]["name"]) == ("grace", name)
    path = f"/v1/people/ada-{name}"
    refused = await service.post(f"{path}/change", {"name": f"Ada King of {name}"})
    assert (refused.status, refused.body["code"]) == (409, "person.managed")
    assert "https://git.example.com/directory" in refused.body["detail"]
    assert (await service.post(f"{path}/release", {"reason": "git is away"})).status == 200
    assert (await service.post(f"{path}/change", {"name": f"Ada King of {name}"})).status == 200
    drifted = await service.cli("config", "drift", str(folder))
    assert drifted.status == 1
    assert f"people.ada-{name}: take over, last changed by" in drifted.out
    assert f'name: "Ada King of {name}" -> "Ada of {name}"' in drifted.out


async def test_what_is_exported_sets_up_an_empty_service_that_exports_the_same(
    service: Process, unique: str, tmp_path: Path
):
    await service.post("/v1/people", {"slug": f"left-{unique}", "name": "Left"})
    await service.post(f"/v1/people/left-{unique}/deactivate", {})
    first, second = tmp_path / "first", tmp_path / "second"
    exported = await service.cli("config", "export", str(first), "--name", "all")
    assert exported.status == 0, exported.err
    assert f"people.left-{unique}" in exported.out
    full = await service.cli("config", "export", str(first), "--name", "all")
    assert (full.status, "is not an empty folder" in full.err) == (1, True)
    async with outside() as empty:
        applied = await empty.cli("config", "apply", str(first))
        assert applied.status == 0, applied.err
        assert (await empty.cli("config", "export", str(second))).status == 0
    files = {each.name: each.read_bytes() for each in first.rglob("*.*") if each.is_file()}
    assert files == {each.name: each.read_bytes() for each in second.rglob("*.*") if each.is_file()}
