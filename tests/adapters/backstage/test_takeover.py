"""A catalogue of Backstage becomes people, teams and services, and nothing is made up."""

from typing import Any

from adapters.backstage.check import read
from adapters.backstage.entities import Ref
from adapters.backstage.takeover import Takeover, body_of, take_over
from adapters.yaml_documents import YamlDocument
from handlers.kernel.decoding import decode_command


def entity(kind: str, name: str, spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, **metadata},
        "spec": spec,
    }


def service(name: str, spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    required = {"type": "service", "lifecycle": "production", "owner": "payments"}
    return entity("Component", name, {**required, **spec}, **metadata)


def taken(*contents: Any) -> dict[str, Takeover]:
    """By slug; each is what the directory takes as a command."""
    entries, _ = _both(*contents)
    for each in entries:
        aggregate = each.aggregate
        decode_command(aggregate, "register", body_of(each, slug=True))
        decode_command(aggregate, "change", body_of(each, slug=False))
    return {each.slug: each for each in entries}


def _both(*contents: Any) -> Any:
    found = read(YamlDocument(f"{n}.yaml", 0, content) for n, content in enumerate(contents))
    return take_over(found.entities)


def test_users_are_people():
    profile = {"displayName": "Ada Lovelace", "email": "ada@example.com"}
    notes = {"github.com/user-login": "ada"}
    ada = taken(entity("User", "ada.l", {"profile": profile}, annotations=notes))["ada-l"]
    assert ada.profile == {
        "name": "Ada Lovelace", "email": "ada@example.com", "handles": {"github": "ada"},
    }  # fmt: skip
    assert taken(entity("User", "bob", {}))["bob"].profile == {"name": "bob"}


def test_both_sides_say_who_is_in_a_team():
    found = taken(
        entity("Group", "payments", {"type": "team", "children": [], "members": ["ada", "gone"]}),
        entity("User", "ada", {"memberOf": ["payments"]}),
        entity("User", "bob", {"memberOf": ["payments"]}),
    )
    assert found["payments"].profile["members"] == ("ada", "gone", "bob")


def test_a_service_needs_what_it_depends_on_and_who_provides_its_interfaces():
    found = taken(
        service("web", {"dependsOn": ["resource:db", "component:ledger"], "consumesApis": ["pay"]}),
        service("till", {"providesApis": ["pay"]}),
        service("ledger", {}),
        entity("Resource", "db", {"type": "database", "owner": "user:ada"}),
    )
    assert found["web"].profile["dependencies"] == ("db", "ledger", "till")
    assert found["web"].profile["owner"] == "team:payments"
    assert found["db"].profile["owner"] == "person:ada"


def test_links_and_annotations_find_their_places():
    links = [
        {"url": "https://g.example.com", "type": "dashboard", "title": "Graphs"},
        {"url": "https://w.example.com", "type": "runbook"},
        {"url": "https://d.example.com"},
        {"url": "javascript:alert(1)"},
    ]
    notes = {
        "github.com/project-slug": "shop/web",
        "backstage.io/kubernetes-id": "web-app",
        "pagerduty.com/service-id": "P1",
        "pagerduty.com/integration-key": "secret",
    }
    profile = taken(service("web", {}, links=links, annotations=notes))["web"].profile
    assert profile["dashboards"] == ({"url": "https://g.example.com", "title": "Graphs"},)
    assert profile["runbooks"] == ({"url": "https://w.example.com"},)
    assert profile["links"] == ({"url": "https://d.example.com"},)
    assert profile["repository"] == "https://github.com/shop/web"
    assert profile["labels"] == {"app": ("web-app",), "pagerduty_service": ("P1",)}
    assert "secret" not in str(profile)


def test_another_namespace_is_part_of_the_name_and_what_is_taken_is_left_out():
    other = service("web", {})
    other["metadata"]["namespace"] = "prod"
    entries, left = _both(
        service("web", {}), other, service("prod-web", {}),
        entity("Domain", "shop", {"owner": "payments"}),
    )  # fmt: skip
    assert [each.slug for each in entries] == ["web", "prod-web"]
    assert [(each.entity, each.why) for each in left] == [
        (Ref("component", "default", "prod-web"),
         "the name prod-web is taken by component:prod/web"),
        (Ref("domain", "default", "shop"), "the directory has no entries of this kind"),
    ]  # fmt: skip
