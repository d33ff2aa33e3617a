"""What customers see on a Statuspage: one incident for each of ours, whatever gets lost."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.products.kit.settings import SettingFault
from adapters.products.statuspage import CHANNEL
from adapters.products.statuspage.channel import Statuspage
from adapters.products.statuspage.settings import StatuspageSettings
from domain.kernel.subject import Subject
from domain.maintenance.planned_work import MaintenanceStatus
from domain.maintenance.telling_of_work import PublicMaintenance
from domain.notification import Audience
from domain.policy import Severity
from handlers.notify.channels import Permanent, Transient, Unusable
from handlers.notify.render import Message
from support.http_server import Answer, Receiver, receiving
from support.messages import INCIDENT_ID, NOON, about, message
from support.statuspage_product import KEY, PAGE, StatusPage

OTHER = INCIDENT_ID.replace("1", "2")
COMPONENTS = {"checkout": "c1", "cart": "c2"}


@dataclass
class Site:
    """A page, and ways to publish on it, each as after a restart."""

    page: StatusPage
    end: Receiver

    @asynccontextmanager
    async def channel(self, **more: Any) -> AsyncIterator[Statuspage]:
        values = {"api_key": KEY, "page_id": PAGE, "components": COMPONENTS, **more}
        settings = StatuspageSettings(**{"api_url": self.end.url, **values})
        async with CHANNEL.open("page", settings, io.StringIO(), lambda: NOON) as (opened,):
            assert isinstance(opened, Statuspage)
            yield opened

    def loses(self, method: str) -> None:
        """Does what the next request of this method asks for, and its answer gets lost."""

        def lost(called: str) -> Answer | None:
            if called != method:
                return None
            self.page.afterwards = lambda _: None
            return Answer(status=0)

        self.page.afterwards = lost

    @property
    def updates(self) -> list[tuple[str, str]]:
        (incident,) = self.page.incidents
        return [(update["status"], update["body"]) for update in incident["updates"]]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    page = StatusPage("c1", "c2", "c3")
    async with receiving(page.respond) as end:
        yield Site(page, end)


def to_customers(
    number: int, words: str, status: str = "investigating", kind: str = "update", **more: Any
) -> Message:
    """A message to customers, as the built-in templates write it."""
    text = f"**Status**: {status.capitalize()}\n\n{words}\n\n**Next Update**: In 15 minutes."
    intent = {"severity": Severity.SEV1, "incident_id": INCIDENT_ID}
    intent |= {key: more.pop(key) for key in ("severity", "incident_id") if key in more}
    subject = f"[UPDATE] Payments fail — {status}"
    sent = message(number, subject, text, kind=kind, audience=Audience.CUSTOMERS, **intent)
    return about(sent, title="Payments fail", **more)


async def test_an_incident_is_created_updated_and_resolved(site: Site) -> None:
    async with site.channel() as channel:
        assert await channel.send(to_customers(1, "We are looking.")) == "i1: investigating"
        assert site.page.components == {
            "c1": "major_outage",
            "c2": "operational",
            "c3": "operational",
        }
        await channel.send(to_customers(2, "A fix is on its way.", "mitigating"))
        await channel.send(to_customers(3, "It works again.", "monitoring"))
        assert site.page.components["c1"] == "degraded_performance"
        await channel.send(to_customers(4, "It is over.", "resolved", kind="resolved"))
    assert site.updates == [
        ("investigating", "We are looking.\n\nNext Update: In 15 minutes."),
        ("identified", "A fix is on its way.\n\nNext Update: In 15 minutes."),
        ("monitoring", "It works again.\n\nNext Update: In 15 minutes."),
        ("resolved", "It is over.\n\nNext Update: In 15 minutes."),
    ]
    (incident,) = site.page.incidents
    assert (incident["name"], incident["impact_override"]) == ("Payments fail", "critical")
    assert site.page.components["c1"] == "operational"


async def test_what_is_not_for_customers_is_never_published(site: Site) -> None:
    async with site.channel() as channel:
        for audience in (Audience.ENGINEERING, Audience.EXECUTIVES):
            with pytest.raises(Permanent, match="not for customers"):
                await channel.send(message(1, audience=audience))
    assert site.page.asked == []
    with pytest.raises(SettingFault, match="audiences"):
        async with site.channel(audiences=("customers", "engineering")):
            pass


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_incident_whose_creation_was_not_heard_of_is_not_created_twice(
    site: Site, restarted: bool
) -> None:
    first = to_customers(1, "We are looking.")
    site.loses("POST")
    async with site.channel() as channel:
        with pytest.raises(Transient):
            await channel.send(first)
        if not restarted:
            assert await channel.send(first, again=True) == "i1: published before"
    async with site.channel() as another:
        assert await another.send(first, again=True) == "i1: published before"
    assert len(site.updates) == 1


async def test_an_update_whose_answer_was_lost_is_not_published_twice(site: Site) -> None:
    second = to_customers(2, "Still looking.")
    async with site.channel() as channel:
        await channel.send(to_customers(1, "We are looking."))
        site.loses("PATCH")
        with pytest.raises(Transient):
            await channel.send(second)
        assert await channel.send(second, again=True) == "i1: published before"
    assert len(site.updates) == 2


async def test_after_a_restart_the_incident_is_found_among_many(site: Site) -> None:
    async with site.channel() as channel:
        await channel.send(to_customers(1, "We are looking."))
    strange = {"id": "x", "status": "resolved", "metadata": {"jira": {"issue": 7}}}
    site.page.incidents += [strange] * 150
    async with site.channel() as restarted:
        await restarted.send(to_customers(2, "Still looking."))
    assert len(site.page.incidents[0]["updates"]) == 2


async def test_late_news_does_not_open_again_what_is_resolved(site: Site) -> None:
    async with site.channel() as channel:
        await channel.send(to_customers(1, "We are looking."))
        await channel.send(to_customers(5, "It is over.", "resolved", kind="resolved"))
        late = await channel.send(to_customers(3, "Still looking."), again=True)
    assert late == "i1: left out, later news is published"
    assert [status for status, _ in site.updates] == ["investigating", "resolved"]


async def test_a_component_that_another_incident_affects_stays_affected(site: Site) -> None:
    async with site.channel() as channel:
        await channel.send(to_customers(1, "We are looking.", services=("checkout", "cart")))
        await channel.send(
            to_customers(2, "So is this.", incident_id=OTHER, severity=Severity.SEV2)
        )
        ended = to_customers(3, "Over.", "resolved", "resolved", services=("checkout", "cart"))
        await channel.send(ended)
    assert site.page.components == {
        "c1": "partial_outage",
        "c2": "operational",
        "c3": "operational",
    }


async def test_an_incident_that_somebody_has_deleted_is_made_anew(site: Site) -> None:
    async with site.channel() as channel:
        await channel.send(to_customers(1, "We are looking."))
        site.page.incidents.clear()
        with pytest.raises(Transient):
            await channel.send(to_customers(2, "Still looking."))
        await channel.send(to_customers(2, "Still looking."), again=True)
    assert [body[:5] for _, body in site.updates] == ["Still"]


async def test_without_a_line_that_says_so_the_status_is_that_of_the_incident(site: Site) -> None:
    """Templates can be replaced by others."""
    sent = replace(to_customers(1, "x", status="monitoring"), text="It works again.")
    watched = about(sent, status="monitoring")
    async with site.channel() as channel:
        assert await channel.send(watched) == "i1: monitoring"


async def test_a_check_publishes_nothing(site: Site) -> None:
    async with site.channel() as channel:
        assert await channel.check() == (
            "the page answers, with 3 components; nothing was published"
        )
    async with site.channel(components={"checkout": "c9"}) as wrong:
        with pytest.raises(Permanent, match="no component for checkout"):
            await wrong.check()
    async with site.channel(page_id="p2") as elsewhere:
        with pytest.raises(Unusable, match="no such page"):
            await elsewhere.check()
    assert site.page.incidents == []


def of_work(number: int, kind: str, status: MaintenanceStatus, words: str) -> Message:
    """What customers are told of planned work on the checkout."""
    sent = message(number, "[MAINTENANCE] Upgrade", words, kind=kind, audience=Audience.CUSTOMERS)
    work = PublicMaintenance(
        reference="MT-1",
        title="Upgrade",
        begins=NOON,
        ends=NOON + timedelta(hours=1),
        status=status,
    )
    subject = Subject(aggregate="maintenance", id="m1", title="Upgrade", services=("checkout",))
    return replace(sent, intent=replace(sent.intent, subject=subject), show=lambda: work)


async def test_planned_work_is_a_scheduled_maintenance_there(site: Site) -> None:
    async with site.channel() as channel:
        await channel.send(of_work(1, "scheduled", MaintenanceStatus.SCHEDULED, "Planned."))
        assert site.page.components["c1"] == "operational"
        await channel.send(of_work(2, "started", MaintenanceStatus.IN_PROGRESS, "It has begun."))
        assert site.page.components["c1"] == "under_maintenance"
        await channel.send(of_work(3, "completed", MaintenanceStatus.COMPLETED, "It is over."))
    assert site.page.components["c1"] == "operational"
    assert site.updates == [
        ("scheduled", "Planned."), ("in_progress", "It has begun."), ("completed", "It is over."),
    ]  # fmt: skip
    (work,) = site.page.incidents
    assert (work["name"], work["components"]) == ("Upgrade", [{"id": "c1"}])
    assert work["scheduled_for"] == NOON.isoformat().replace("+00:00", "Z")
    assert "impact_override" not in work


async def test_work_that_begins_or_is_canceled_covers_no_outage(site: Site) -> None:
    async with site.channel() as channel:
        await channel.send(to_customers(1, "We are looking."))
        for number, status in enumerate(MaintenanceStatus, start=2):
            await channel.send(of_work(number, status, status, "Words."))
            assert site.page.components["c1"] == "major_outage"
