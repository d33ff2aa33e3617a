"""Nothing private reaches a page, a feed or the API."""

from hypothesis import given, settings

from adapters.status_page.snapshot import Site
from domain.status_page.components import Component
from support.marked_histories import HISTORIES, MARK
from support.public_incidents import public, shown
from support.spec import Log, declared, log_of
from support.status_pages import SITE, Desk, all_documents


@settings(max_examples=60, deadline=None)
@given(HISTORIES)
async def test_no_private_word_of_any_history_is_in_a_document(history: Log):
    """Of an incident that is not public there is no trace at all."""
    for site in (SITE, Site(title="Example", url="https://status.example.com")):
        desk, incident = Desk(site), shown(history)
        desk.knows(*[incident] if incident else [])
        documents = await all_documents(desk.publisher, ["INC-1", "i-1"])
        assert all(MARK.encode() not in body for body in documents.values())
        assert ("INC-1" in documents) == (incident is not None)
        assert "i-1" not in documents, "an internal id opens nothing"
        assert incident or all(b"INC-1" not in body for body in documents.values())


async def test_a_private_incident_is_as_missing_as_one_that_never_was(desk: Desk):
    private = log_of(declared())
    assert shown(private) is None
    desk.knows(public(2))
    for ref in ("INC-1", "INC-77", "i-1", "../v1", "x" * 5_000):
        assert await desk.publisher.incident(ref) is None


async def test_services_without_a_component_are_not_named(desk: Desk):
    desk.knows(public(1, services=("db-7-primary", "checkout")), public(2, services=("vault",)))
    documents = await all_documents(desk.publisher, ["INC-1", "INC-2"])
    for body in documents.values():
        assert b"db-7" not in body
        assert b"vault" not in body
    assert b"Disruption of Checkout" in documents["index"]
    assert b"Disruption of service" in documents["index"]
    assert b'"indicator":"critical"' in documents["status"], "but they count for the page"


def test_a_component_that_stands_on_several_services_is_concerned_once():
    component = Component(name="Shop", services=("a", "b"))
    assert component.concerned_by(public(services=("a", "b")))
