"""What alerts call a service is mapped to the entry of the catalogue; what they said stays."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from domain.incident.alerts.alert import Alert, AlertKind
from domain.incident.system_change import SystemChange
from domain.kernel.roster import Roster, RosterPerson, RosterService
from handlers.ingest.read import by_directory
from handlers.ingest.reports import ChangeReport, Report

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ROSTER = Roster(
    services=(
        RosterService(id="checkout", name="Checkout API", labels={"app": ("checkout-web",)}),
        RosterService(id="ledger", name="Ledger", labels={"pagerduty_service": ("PLEDGER",)}),
    )
)


def report(service: str | None, **labels: str) -> Report:
    alert = Alert(
        product="x", source="s", alert_id="a", event_id="e", kind=AlertKind.TRIGGERED,
        service=service, fields=(("queue", "orders"),),
    )  # fmt: skip
    return Report(alert, labels=labels)


def mapped(reading: Report, roster: Roster | None = ROSTER) -> tuple[str | None, Any]:
    found = by_directory(reading, roster)
    assert isinstance(found, Report)
    return found.alert.service, found.alert.fields[1:]


def test_a_service_goes_by_its_slug_whatever_the_alert_calls_it():
    assert mapped(report("checkout")) == ("checkout", ())
    assert mapped(report("CHECKOUT API")) == ("checkout", (("service", "CHECKOUT API"),))
    assert mapped(report("checkout-web", app="x")) == ("checkout", (("service", "checkout-web"),))
    assert mapped(report(None, app="checkout-web")) == ("checkout", ())
    assert mapped(report("shop", app="checkout-web")) == ("checkout", (("service", "shop"),))


def test_a_name_of_its_own_comes_before_a_label():
    assert mapped(report("ledger", app="checkout-web")) == ("ledger", ())


def test_what_is_not_known_stays_as_it_was_said():
    for roster in (ROSTER, Roster(), None):
        assert mapped(report("unheard-of", app="z"), roster) == ("unheard-of", ())
        assert mapped(report(None), roster) == (None, ())


def test_who_acted_has_one_name_whichever_product_it_was_done_in():
    roster = Roster(
        people=(
            RosterPerson(
                id="ada", name="Ada Lovelace", email="ada@example.com",
                handles={"pagerduty": "PT4KHLK"},
            ),
        )
    )  # fmt: skip

    def by(name: str, id_: str | None = None, *, in_person: bool = True) -> str | None:
        said = report(None)
        alert = replace(said.alert, by=name, by_id=id_, in_person=in_person)
        found = by_directory(replace(said, alert=alert), roster)
        assert isinstance(found, Report)
        return found.alert.by

    assert by("A. L.", "PT4KHLK") == "Ada Lovelace"
    assert by("ada@example.com") == "Ada Lovelace"
    assert by("Somebody", "PXXXXXX") == "Somebody"
    assert by("ada", in_person=False) == "ada", "a monitor of that name is nobody"


def test_changes_name_services_by_the_catalogue_as_well():
    change = SystemChange(
        id="c", product="x", source="s", heard_at=NOON, summary="Deployed", service="Checkout API"
    )
    found = by_directory(ChangeReport(change), ROSTER)
    assert isinstance(found, ChangeReport)
    assert found.change.service == "checkout"
    assert by_directory(ChangeReport(change), None) == ChangeReport(change)
