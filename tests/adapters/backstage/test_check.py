"""Catalogues of Backstage: what they hold, what they refer to, and what is not valid."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.backstage.check import Catalog, check
from adapters.backstage.entities import Ref, ref_of
from adapters.yaml_documents import YamlDocument, documents

RECORDED = Path(__file__).resolve().parents[4] / "shared" / "data" / "catalogue" / "backstage"


def entity(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
    }


def component(name: str, **spec: Any) -> dict[str, Any]:
    said = {"type": "service", "lifecycle": "production", "owner": "payments", **spec}
    return entity("Component", name, **said)


def checked(*contents: Any) -> Catalog:
    return check(YamlDocument(f"{n}.yaml", 0, content) for n, content in enumerate(contents))


@pytest.mark.parametrize(
    ("text", "kind", "ref"),
    [
        ("team-a", "group", "group:prod/team-a"),
        ("user:ada", "group", "user:prod/ada"),
        ("other/Team-A", "group", "group:other/team-a"),
        ("User:other/ada", "group", "user:other/ada"),
        ("component:web", None, "component:prod/web"),
    ],
)
def test_a_reference_takes_its_defaults_from_where_it_stands(text: str, kind: str, ref: str):
    assert str(ref_of(text, kind, "prod")) == ref


@pytest.mark.parametrize("text", ["", ":", "/", "a:b:c", "a/b/c", "web", 7, None, "user:", "a b"])
def test_what_is_no_reference(text: Any):
    assert ref_of(text, None, "default") is None


def test_relations_stand_in_both_directions_where_both_ends_are_there():
    found = checked(
        component("web", dependsOn=["component:ledger", "resource:db"], owner="user:ada"),
        component("ledger"),
        entity("User", "ada", memberOf=["payments"]),
    )
    assert ("component:default/web", "dependsOn", "component:default/ledger") in found.relations
    assert ("component:default/ledger", "dependencyOf", "component:default/web") in found.relations
    assert ("user:default/ada", "ownerOf", "component:default/web") in found.relations
    assert found.dangling == ("group:default/payments", "resource:default/db")


def test_the_first_of_a_name_stays_whatever_its_case():
    found = checked(component("web"), component("Web", owner="other"))
    assert found.entities == ("component:default/web",)
    assert [(each.entity, each.file, each.first) for each in found.duplicates] == [
        ("component:default/web", "1.yaml", "0.yaml")
    ]


def test_kinds_that_are_unknown_are_kept():
    found = checked(entity("Rocket", "apollo", owner="nasa"))
    assert found.entities == found.unknown_kinds == ("rocket:default/apollo",)
    assert (found.relations, found.invalid) == ((), ())


def test_locations_are_entities_and_their_targets_are_fetched_from_nowhere():
    away = "https://git.example.com/all.yaml"
    found = checked(entity("Location", "all", targets=["./*.yaml", away], target=away))
    assert (found.entities, found.not_fetched) == (("location:default/all",), (away,))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("text", ("an entity is an object",)),
        ({}, ("apiVersion", "kind", "metadata")),
        (component("in valid"), ("metadata.name",)),
        (component("x" * 64), ("metadata.name",)),
        (component("web", owner=None), ("spec.owner",)),
        (component("web", dependsOn=["ledger"]), ("spec.dependsOn[0]",)),
        (component("web", system="a:b:c"), ("spec.system",)),
        (entity("Group", "g", type="team"), ("spec.children",)),
        ({**component("web"), "spec": []}, ("spec",)),
        (
            {**component("w"), "metadata": {"name": "w", "tags": ["a", "a b"], "labels": {"x": 1}}},
            ("metadata.tags[1]", "metadata.labels.x"),
        ),
    ],
)  # fmt: skip
def test_what_is_not_valid_is_named_by_its_field(content: Any, why: tuple[str, ...]):
    found = checked(content, component("good"))
    assert found.invalid[0].why == why
    assert found.entities == ("component:default/good",)


def test_what_pagers_call_an_entity_is_read_and_keys_are_not_shown():
    web = component("web")
    web["metadata"]["annotations"] = {
        "pagerduty.com/service-id": "P1",
        "pagerduty.com/integration-key": "secret",
        "opsgenie.com/team": "Payments",
    }
    assert [(each.annotation, each.value) for each in checked(web).pagers] == [
        ("pagerduty.com/service-id", "P1"),
        ("pagerduty.com/integration-key", None),
        ("opsgenie.com/team", "Payments"),
    ]


@pytest.mark.realdata
@pytest.mark.skipif(not RECORDED.is_dir(), reason="there is no ../shared/data/catalogue")
def test_a_recorded_catalogue_comes_to_what_is_known_of_it():
    found, known = check(documents(RECORDED)), json.loads((RECORDED / "expected.json").read_text())
    assert list(found.entities) == known["entities"]
    assert [list(each) for each in found.relations] == known["relations"]
    assert list(found.dangling) == known["refer_to_what_is_not_there"]
    assert [(e.file, e.document, e.name, list(e.why)) for e in found.invalid] == [
        (e["file"], e["document"], e["name"], e["why"]) for e in known["invalid"]
    ]
    assert found.counts["relations"] == known["relation_count"]
    assert (found.duplicates, found.unknown_kinds) == ((), ())
    assert Ref("user", "development", "guest") == ref_of("user:development/guest", None, "default")
