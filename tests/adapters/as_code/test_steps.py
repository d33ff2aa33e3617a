"""What applying a folder would do, and the commands that it comes to."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from adapters.as_code.export import export
from adapters.as_code.folder import read_folder
from adapters.as_code.kinds import KINDS
from adapters.as_code.steps import Plan, orders_of, plan_of
from domain.directory.registration import Managed
from domain.kernel.decider import Context
from domain.policy import DEFAULT
from handlers.kernel.decoding import decode_command

PLATFORM = Managed(name="platform")
ADA = {"name": "Ada Lovelace"}
SAID: dict[str, Any] = {
    "config": {"name": "platform"},
    "people": {"ada": ADA, "grace": {"name": "Grace Hopper", "email": "g@example.com"}},
    "teams": {"payments": {"name": "Payments", "members": ["ada"], "leads": ["ada"]}},
    "services": {"checkout": {"name": "Checkout", "tier": 1, "dependencies": ["ledger"]}},
}


class Directory:
    """Entries, folded from what orders decide."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], Any] = {}

    def views(self) -> Mapping[str, Mapping[str, Any]]:
        found: dict[str, dict[str, Any]] = {each.table: {} for each in KINDS}
        for kind in KINDS:
            for (table, slug), state in self._states.items():
                if table == kind.table:
                    assert kind.aggregate.view is not None
                    found[table][slug] = kind.aggregate.view.show(slug, state, 1)
        return found

    def run(self, table: str, slug: str, command: str, /, **body: Any) -> int:
        """How many events it caused."""
        aggregate = next(each for each in KINDS if each.table == table).aggregate
        state = self._states.get((table, slug), aggregate.initial)
        context = Context(datetime(2026, 5, 4, tzinfo=UTC), "c-1", DEFAULT)
        decoded = decode_command(aggregate, command, msgspec.json.encode(body))
        events = aggregate.decide(decoded, state, context)
        self._states[table, slug] = aggregate.fold(state, events)
        return len(events)

    def apply(self, root: Path, said: Mapping[str, Any]) -> tuple[Plan, int]:
        """The plan, and how many events carrying it out has caused."""
        (root / "all.toml").write_text(tomli_w.dumps(said))
        folder = read_folder(root)
        assert folder.flaws == ()
        plan, count = plan_of(folder, self.views()), 0
        for step in plan.steps:
            for order in orders_of(step, folder):
                count += self.run(step.table, step.slug, order.command, **order.body)
        return plan, count


def actions(plan: Plan) -> list[tuple[str, str]]:
    return [(step.action, f"{step.table}.{step.slug}") for step in plan.steps]


def test_what_is_new_is_entered_and_applied_again_it_is_nothing(tmp_path: Path):
    directory = Directory()
    first, count = directory.apply(tmp_path, SAID)
    assert actions(first) == [
        ("enter", "people.ada"),
        ("enter", "people.grace"),
        ("enter", "teams.payments"),
        ("enter", "services.checkout"),
    ]
    assert count == 8, "what it is, and what manages it"
    again, count = directory.apply(tmp_path, SAID)
    assert (again.steps, again.unchanged, count) == ((), 4, 0)


def test_a_field_that_is_not_said_any_more_is_not_known_any_more(tmp_path: Path):
    directory = Directory()
    directory.apply(tmp_path, SAID)
    plan, _ = directory.apply(
        tmp_path,
        SAID | {"people": {"ada": ADA, "grace": {"name": "Grace"}}},
    )
    (step,) = plan.steps
    assert [(each.field, each.now, each.folder) for each in step.fields] == [
        ("name", "Grace Hopper", "Grace"), ("email", "g@example.com", None),
    ]  # fmt: skip
    assert directory.views()["people"]["grace"].email is None


def test_of_several_configurations_each_is_exported_by_itself_and_plans_nothing(tmp_path: Path):
    directory, out = Directory(), tmp_path / "out"
    shop = {
        "config": {"name": "shop"},
        "teams": {"tills": {"name": "Tills", "members": ["ada"]}},
    }
    directory.apply(tmp_path, SAID)
    directory.apply(tmp_path, shop)
    directory.run("people", "linus", "register", slug="linus", name="Linus")
    exported = export(directory.views(), None)
    for name, text in exported.files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    planned = {
        folder.name: plan_of(read_folder(folder), directory.views()) for folder in out.iterdir()
    }
    assert sorted(planned) == ["directory", "platform", "shop"]
    for name in ("platform", "shop"):
        assert (planned[name].steps, planned[name].elsewhere) == ((), ())
    assert actions(planned["directory"]) == [("take over", "people.linus")]
    assert exported.entries == 6


def test_only_what_carries_its_label_leaves_and_all_can_come_back(tmp_path: Path):
    directory = Directory()
    directory.run("people", "linus", "register", slug="linus", name="Linus")
    directory.apply(tmp_path, SAID)
    less = {"config": SAID["config"], "people": {"ada": ADA}}
    plan, _ = directory.apply(tmp_path, less)
    assert actions(plan) == [
        ("retire", "services.checkout"),
        ("deactivate", "teams.payments"),
        ("deactivate", "people.grace"),
    ]
    views = directory.views()
    assert views["people"]["grace"].inactive_because == (
        "it is not in the configuration platform any more"
    )
    assert (views["people"]["linus"].active, views["services"]["checkout"].lifecycle) == (
        True, "retired",
    )  # fmt: skip
    assert directory.apply(tmp_path, less)[1] == 0
    plan, _ = directory.apply(tmp_path, SAID)
    assert actions(plan) == [
        ("bring back", "people.grace"),
        ("bring back", "teams.payments"),
        ("change", "services.checkout"),
    ]
    assert directory.apply(tmp_path, SAID)[1] == 0


def test_what_was_released_and_changed_is_taken_over_again(tmp_path: Path):
    directory = Directory()
    directory.apply(tmp_path, SAID)
    directory.run("people", "ada", "release", reason="the repository is away")
    directory.run("people", "ada", "change", name="Ada King")
    plan, _ = directory.apply(tmp_path, SAID)
    assert actions(plan) == [("take over", "people.ada")]
    assert directory.views()["people"]["ada"].name == "Ada Lovelace"


def test_what_another_configuration_manages_stands_in_the_way(tmp_path: Path):
    directory = Directory()
    directory.apply(tmp_path, SAID | {"config": {"name": "shop", "where": "https://git.example/"}})
    (tmp_path / "all.toml").write_text(tomli_w.dumps(SAID))
    plan = plan_of(read_folder(tmp_path), directory.views())
    assert plan.steps == ()
    assert {(each.slug, each.managed.name) for each in plan.elsewhere} == {
        ("ada", "shop"), ("grace", "shop"), ("payments", "shop"), ("checkout", "shop"),
    }  # fmt: skip


def test_a_repository_that_moved_is_said_of_each_entry(tmp_path: Path):
    directory = Directory()
    directory.apply(tmp_path, SAID)
    moved = SAID | {"config": {"name": "platform", "where": "https://git.example.com/new"}}
    plan, count = directory.apply(tmp_path, moved)
    assert ({step.action for step in plan.steps}, count) == ({"move"}, 4)


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    str.strip
)
SLUGS = st.sampled_from(["ada", "grace", "linus", "barbara"])
PEOPLE = st.dictionaries(
    SLUGS,
    st.fixed_dictionaries(
        {"name": NAMES},
        optional={
            "email": st.just("a@example.com"),
            "handles": st.fixed_dictionaries({}, optional={"slack": NAMES}),
            "contact_methods": st.lists(
                st.fixed_dictionaries({"kind": st.just("phone"), "address": NAMES}), max_size=1
            ),
        },
    ),
)
SERVICES = st.dictionaries(
    st.sampled_from(["till", "shop", "ledger"]),
    st.fixed_dictionaries(
        {"name": NAMES},
        optional={
            "tier": st.integers(1, 4),
            "labels": st.dictionaries(NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2),
            "lifecycle": st.sampled_from(["experimental", "production", "retired"]),
        },
    ),
)
FOLDERS = st.fixed_dictionaries(
    {"config": st.just({"name": "platform"}), "people": PEOPLE, "services": SERVICES}
)


@given(st.lists(FOLDERS, min_size=1, max_size=3))
def test_after_any_folders_the_last_one_holds_and_what_is_exported_says_the_same(
    tmp_path_factory: Any, folders: list[dict[str, Any]]
):
    root = tmp_path_factory.mktemp("folder")
    one, other = Directory(), Directory()
    for said in folders:
        one.apply(root, said)
    plan, count = one.apply(root, folders[-1])
    assert (plan.steps, count) == ((), 0)
    active = {slug for slug, view in one.views()["people"].items() if view.active}
    assert active == set(folders[-1]["people"])
    exported = export(one.views(), PLATFORM)
    (root / "all.toml").unlink()
    for name, text in exported.files.items():
        (root / name).write_text(text)
    folder = read_folder(root)
    for step in plan_of(folder, other.views()).steps:
        for order in orders_of(step, folder):
            other.run(step.table, step.slug, order.command, **order.body)
    assert export(other.views(), PLATFORM).files == exported.files


WEEKS = {
    "id": "primary",
    "zone": "Europe/Berlin",
    "pattern": {"type": "turns", "anchor": "2026-05-04T09:00:00", "length": "P7D"},
    "groups": [["ada"], ["grace"]],
    "restrictions": [{"at": "18:00:00", "length": "PT15H", "weekday": 1}],
}
ROTA = {"name": "Payments", "time_zone": "Europe/Berlin", "layers": [WEEKS]}


def test_schedules_are_entered_changed_and_leave_with_their_turns(tmp_path: Path):
    directory = Directory()

    root, again = tmp_path / "folder", tmp_path / "again"
    root.mkdir()

    def apply(**schedules: Any) -> tuple[list[tuple[str, str]], int]:
        plan, count = directory.apply(root, {**SAID, "schedules": schedules})
        return [each for each in actions(plan) if each[1].startswith("schedules")], count

    entry = "schedules.payments"
    assert apply(payments=ROTA)[0] == [("enter", entry)]
    assert apply(payments=ROTA) == ([], 0)
    others = {**WEEKS, "groups": [["grace"]]}
    assert apply(payments={**ROTA, "layers": [others]})[0] == [("change", entry)]
    view = directory.views()["schedules"]["payments"]
    assert [each.layers[0].groups for each in view.courses] == [
        (("ada",), ("grace",)),
        (("grace",),),
    ]
    files = export(directory.views(), None).files
    again.mkdir()
    (again / "schedules.toml").write_text(files["schedules.toml"])
    said = read_folder(again).entries["schedules", "payments"].said
    assert said == read_folder(root).entries["schedules", "payments"].said
    assert apply()[0] == [("deactivate", entry)]
    assert apply(payments=ROTA)[0] == [("bring back", entry)]


def test_a_schedule_that_nobody_can_follow_is_a_flaw_of_the_folder(tmp_path: Path):
    broken = {**ROTA, "layers": [{**WEEKS, "groups": []}]}
    (tmp_path / "all.toml").write_text(tomli_w.dumps({"schedules": {"payments": broken}}))
    (flaw,) = read_folder(tmp_path).flaws
    assert (flaw.at, "nobody takes turns" in flaw.why) == ("schedules.payments", True)
