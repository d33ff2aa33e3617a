"""Which runbooks are for an incident, and why."""

import pytest

from domain.runbook.matching import Fit, Occasion, fit_of
from domain.runbook.publishing.events import RunbookProfile

CHECKOUT = RunbookProfile(
    title="Checkout is down",
    services=("checkout",),
    alerts=("CheckoutDown",),
    failures=("change",),
)
FULL_DISKS = RunbookProfile(title="A disk is full", failures=("capacity",))


@pytest.mark.parametrize(
    ("runbook", "occasion", "found"),
    [
        (CHECKOUT, Occasion(), None),
        (CHECKOUT, Occasion(services=("basket",), failures=("change",)), None),
        (CHECKOUT, Occasion(services=("checkout",)), Fit(2, ("for the service checkout",))),
        (
            CHECKOUT,
            Occasion(alerts=("checkoutdown: 42 % of purchases fail",)),
            Fit(4, ("for the alert CheckoutDown",)),
        ),
        (CHECKOUT, Occasion(alerts=("CheckoutDownstream",)), None),
        (
            FULL_DISKS,
            Occasion(services=("basket",), failures=("capacity",)),
            Fit(1, ("for failures by capacity, which its cause or a hypothesis names",)),
        ),
        (FULL_DISKS, Occasion(failures=("network",)), None),
    ],
)
def test_a_runbook_is_for_an_incident_for_reasons(
    runbook: RunbookProfile, occasion: Occasion, found: Fit | None
):
    assert fit_of(runbook, occasion) == found


def test_an_alert_by_its_name_says_more_than_all_else():
    alert = fit_of(CHECKOUT, Occasion(alerts=("CheckoutDown",)))
    others = fit_of(CHECKOUT, Occasion(services=("checkout",), failures=("change",)))
    assert alert is not None
    assert others is not None
    assert alert.weight > others.weight
