"""What every tracker keeps to, both ways, whatever product is at its other end: real channels, the
delivery worker with its ledger, and servers that answer as the products document it.
"""

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.products.github.settings import GitHubSettings
from adapters.products.jira.settings import JiraSettings
from adapters.products.kit.channel import Host
from adapters.products.kit.route import RouteRefused
from adapters.products.kit.tracker import Tracker, TrackerSettings
from adapters.products.linear.settings import LinearSettings
from adapters.products.registry import PRODUCTS
from adapters.runtime.open_channels import subscription
from domain.learning import ACTION_ITEM
from domain.learning.action_item import commands as c
from domain.learning.action_item.events import ActionKind
from domain.learning.action_item.issues import canonical
from domain.learning.action_item.item import ActionItem, ActionItemStatus
from domain.notification import LEDGER
from domain.notification.ledger import Dead, Delivered, LedgerEntry
from handlers.entrance.tracked_issues import TrackedIssues
from handlers.ingest.receive import InboundRequest
from handlers.kernel.ports import Unavailable
from handlers.notify.channels import Permanent, Transient, Unusable
from handlers.notify.worker import DeliveryWorker
from support.delivery_harness import CrashError, DeliveryHarness
from support.http_server import Answer, Receiver, receiving
from support.messages import message
from support.tracker_products import (
    OUR_ACCOUNT,
    PROJECT,
    REPOSITORY,
    SECRET,
    TEAM,
    TOKEN,
    GitHubServer,
    JiraServer,
    LinearServer,
    TrackerServer,
)

ID = "01970001-0000-7000-8000-00000000a001"
ADD = c.AddActionItem(
    title="Load the configuration in a test",
    outcome="A wrong unit fails in CI",
    owner="ada",
    due_on=date(2026, 5, 20),
    kind=ActionKind.PREVENT,
    review="Q2",
)
COMPLETE = c.CompleteActionItem(evidence="pull/7")
DECLINE = c.DeclineActionItem(reason="the pool is replaced", decided_by="grace")
SERVERS: dict[str, type[Any]] = {
    "github": GitHubServer,
    "jira": JiraServer,
    "linear": LinearServer,
}
every_tracker = pytest.mark.parametrize("desk", SERVERS, indirect=True)


@dataclass
class Desk:
    """An action item, its tracker, and who brings what to whom."""

    kind: str
    settings: TrackerSettings
    server: TrackerServer
    end: Receiver
    channel: Tracker
    house: DeliveryHarness
    worker: DeliveryWorker
    log_is_down: bool = False
    linked: list[str] = field(default_factory=lambda: [ID])

    async def ask(self, *_: Any, **__: Any) -> list[str]:
        """Of the read models: which action items have the issue."""
        if self.log_is_down:
            raise Unavailable("the read models are out of reach")
        return self.linked

    async def do(self, *commands: Any) -> None:
        """Later each time, as people do things."""
        for command in commands:
            self.house.pass_s(10)
            await self.house.executor.run(ACTION_ITEM, ID, command, self.house.meta())

    async def bring(self) -> None:
        """What is due goes out."""
        self.house.pass_s(10)
        await self.worker.step()

    async def item(self) -> ActionItem:
        found: ActionItem = await self.house.executor.state(ACTION_ITEM, ID)
        return found

    async def open(self, *commands: Any) -> str:
        """An action item with an issue; the address of that."""
        await self.do(ADD, c.OpenIssue(channel="c"), *commands)
        await self.bring()
        return await self.address()

    async def address(self) -> str:
        issue = (await self.item()).issue
        assert issue is not None, "it is linked"
        return issue.url

    def change(self, url: str, state: str, by: str = "ada") -> None:
        self.house.pass_s(10)
        self.server.change(url, state, by)

    async def tell(self, url: str, **wrong: Any) -> tuple[str, ...]:
        """Its tracker tells us of an issue; which action items that has changed."""
        headers, body = self.server.webhook(url)
        return await self.post({**headers, **wrong}, body)

    async def post(self, headers: dict[str, str], body: bytes) -> tuple[str, ...]:
        service: Any = SimpleNamespace(executor=self.house.executor, read_models=self)
        host = Host(service, None, lambda: self.house.now, self.house.new_id)  # type: ignore[arg-type]
        [route] = PRODUCTS.channel_kinds[self.kind].routes([self.settings], host)
        assert route.path == f"/v1/trackers/{self.kind}"

        async def read() -> InboundRequest:
            return InboundRequest(headers=headers, query={}, body=body)

        reply = await route.respond(read, "correlation")
        changed: tuple[str, ...] = reply.content["changed"]
        return changed

    async def ledger(self) -> list[LedgerEntry]:
        ledger = LEDGER.initial
        stream = LEDGER.stream(f"action_item:{ID}")
        for recorded in await self.house.store.load(stream):
            ledger = LEDGER.fold(ledger, recorded.commit.events)  # type: ignore[arg-type]
        return list(ledger.entries.values())

    async def agree(self, status: ActionItemStatus, state: str) -> None:
        """Both say so, and nothing is left to be told."""
        asked = len(self.server.asked)
        await self.bring()
        await self.bring()
        url = await self.address()
        assert ((await self.item()).status, self.server.state(url)) == (status, state)
        assert len(self.server.asked) <= asked + 6, "it has come to rest"


def settings_of(kind: str, url: str) -> TrackerSettings:
    both: dict[str, Any] = {"webhook_secrets": (SECRET,), "token": TOKEN}
    match kind:
        case "github":
            return GitHubSettings(repository=REPOSITORY, api_url=url, **both)
        case "jira":
            return JiraSettings(url=url, email="bot@example.org", project=PROJECT, **both)
        case _:
            return LinearSettings(team=TEAM, api_url=url, **both)


@pytest.fixture
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    kind, house = request.param, DeliveryHarness()
    server = SERVERS[kind](lambda: house.now)
    async with AsyncExitStack() as stack:
        end = await stack.enter_async_context(receiving(server.respond))
        server.url = end.url
        settings = settings_of(kind, end.url)
        opening = PRODUCTS.channel_kinds[kind].open("c", settings, io.StringIO(), lambda: house.now)
        [channel] = await stack.enter_async_context(opening)
        worker = house.worker(channel, subscription("c", settings))
        await worker.activate()
        desk = Desk(kind, settings, server, end, channel, house, worker)
        channel.books = TrackedIssues(house.executor, desk, house.new_id)  # type: ignore[arg-type]
        yield desk


def test_every_tracker_is_put_to_the_test() -> None:
    trackers = {
        name for name, kind in PRODUCTS.channel_kinds.items()
        if issubclass(kind.settings, TrackerSettings)
    }  # fmt: skip
    assert set(SERVERS) == trackers


@every_tracker
async def test_an_issue_is_opened_by_command_and_linked(desk: Desk) -> None:
    url = await desk.open()
    [text] = desk.server.texts()
    assert text.startswith("Load the configuration in a test\n")
    assert "Done when: A wrong unit fails in CI" in text
    assert f"Action item AI-1 of Commandpost ({ID})" in text
    assert desk.server.state(url) == "open"
    [entry] = {entry.subject: entry for entry in await desk.ledger()}.values()
    assert isinstance(entry.phase, Delivered)
    await desk.agree(ActionItemStatus.NOT_STARTED, "open")


@every_tracker
async def test_what_is_done_or_declined_here_is_so_there_and_comes_back_as_ours(
    desk: Desk,
) -> None:
    url = await desk.open(c.StartActionItem())
    started = "open" if desk.kind == "github" else "started"
    await desk.agree(ActionItemStatus.IN_PROGRESS, started)
    for command, status, state in (
        (COMPLETE, ActionItemStatus.DONE, "done"),
        (c.ReopenActionItem(reason="again"), ActionItemStatus.IN_PROGRESS, started),
        (DECLINE, ActionItemStatus.DECLINED, "declined"),
    ):
        await desk.do(command)
        await desk.agree(status, state)
        assert await desk.tell(url) == (), "its tracker tells us of our own doing"
        await desk.agree(status, state)
    assert (await desk.item()).declined_because == "the pool is replaced"


@every_tracker
async def test_a_closed_issue_is_the_evidence_and_nothing_is_told_back(desk: Desk) -> None:
    url = await desk.open()
    asked = len(desk.server.asked)
    desk.change(url, "done")
    assert await desk.tell(url) == ("AI-1",)
    assert await desk.tell(url) == (), "a webhook comes twice"
    item = await desk.item()
    assert (item.status, item.evidence, item.changed_by) == (
        ActionItemStatus.DONE, canonical(url), f"ada ({desk.kind})",
    )  # fmt: skip
    await desk.bring()
    assert len(desk.server.asked) == asked, "nobody echoes"
    desk.change(url, "open")
    assert await desk.tell(url) == ("AI-1",)
    await desk.agree(ActionItemStatus.NOT_STARTED, "open")


@every_tracker
async def test_who_closes_it_as_not_planned_has_declined_it_and_an_automat_has_not(
    desk: Desk,
) -> None:
    url = await desk.open()
    desk.change(url, "declined", "stale[bot]")
    await desk.tell(url)
    await desk.agree(ActionItemStatus.NOT_STARTED, "declined")
    issue = (await desk.item()).issue
    assert issue is not None
    assert issue.by is None
    desk.change(url, "open")
    await desk.tell(url)
    desk.change(url, "declined", "grace")
    await desk.tell(url)
    item = await desk.item()
    assert item.decided_by is not None
    assert (item.status, item.decided_by.name) == (ActionItemStatus.DECLINED, "grace")


@every_tracker
async def test_an_issue_that_was_there_is_linked_and_whatever_is_over_is_over(desk: Desk) -> None:
    url = desk.server.add("An issue")
    desk.change(url, "done")
    await desk.do(ADD, c.LinkActionItem(issue=url, channel="c"))
    await desk.agree(ActionItemStatus.DONE, "done")
    other = desk.server.add("Another one")
    unlink, link = c.UnlinkActionItem(reason="it is about something else"), c.LinkActionItem
    await desk.do(unlink, link(issue=other, channel="c"))
    await desk.agree(ActionItemStatus.DONE, "done")


@every_tracker
async def test_of_two_changes_the_later_one_holds_whoever_has_made_it(desk: Desk) -> None:
    url = await desk.open()
    desk.change(url, "done")
    headers, body = desk.server.webhook(url)  # which is on its way
    await desk.do(c.StartActionItem())
    assert await desk.post(headers, body) == ("AI-1",)
    await desk.agree(ActionItemStatus.IN_PROGRESS, "open" if desk.kind == "github" else "started")
    await desk.do(COMPLETE)
    desk.change(url, "open")  # later, and its webhook is lost: it is seen as we look
    desk.house.pass_s(10)
    await desk.agree(ActionItemStatus.DONE, "done")


@every_tracker
async def test_what_was_decided_while_it_was_on_its_way_is_what_arrives(desk: Desk) -> None:
    """The first attempt fails, and things change meanwhile: no message brings what was then."""
    url = await desk.open()
    desk.end.answer = Answer(503)
    await desk.do(COMPLETE)
    await desk.bring()
    await desk.do(c.ReopenActionItem(reason="it fails again"))
    desk.end.answer = None
    for _ in range(4):
        desk.house.pass_s(60)
        await desk.bring()
    assert desk.server.state(url) == "open"
    assert all(isinstance(entry.phase, Delivered) for entry in await desk.ledger())


@every_tracker
async def test_a_failure_is_on_record_and_tried_again(desk: Desk) -> None:
    await desk.do(ADD, c.OpenIssue(channel="c"))
    desk.end.answer = Answer(503, body=f"down, says {TOKEN}".encode())
    await desk.bring()
    [entry] = await desk.ledger()
    assert "HTTP 503 down" in str(entry.phase)
    assert TOKEN not in str(entry.phase)
    desk.end.answer = None
    desk.house.pass_s(60)
    await desk.bring()
    assert desk.server.state(await desk.address()) == "open"
    await desk.agree(ActionItemStatus.NOT_STARTED, "open")


@every_tracker
async def test_an_issue_is_opened_once_though_the_answer_was_lost(desk: Desk) -> None:
    await desk.do(ADD, c.OpenIssue(channel="c"))
    respond = desk.end.respond

    def torn(request: Any) -> Answer:
        answer = respond(request)
        return answer._replace(body=answer.body[:-5], cut_bytes=5)

    desk.end.respond = torn
    await desk.bring()
    desk.end.respond = respond
    desk.house.pass_s(60)
    await desk.bring()
    assert len(desk.server.texts()) == 1
    await desk.agree(ActionItemStatus.NOT_STARTED, "open")


@every_tracker
async def test_a_process_that_dies_on_the_way_leaves_one_issue_that_is_linked(desk: Desk) -> None:
    def die(append: Any) -> None:
        if append.stream == ACTION_ITEM.stream(ID):
            raise CrashError

    await desk.do(ADD, c.OpenIssue(channel="c"))
    desk.house.store.before = die
    with pytest.raises((CrashError, BaseExceptionGroup)):
        await desk.bring()
    desk.house.store.before = lambda _: None
    assert len(desk.server.texts()) == 1
    desk.worker = desk.house.worker(desk.channel, subscription("c", desk.settings))
    desk.house.pass_s(120)  # its lease runs out
    await desk.bring()
    assert len(desk.server.texts()) == 1
    await desk.agree(ActionItemStatus.NOT_STARTED, "open")


@every_tracker
async def test_a_rebuild_sends_nothing_again(desk: Desk) -> None:
    await desk.open(COMPLETE)
    await desk.agree(ActionItemStatus.DONE, "done")
    asked = len(desk.server.asked)
    fresh = desk.house.worker(desk.channel, subscription("c", desk.settings))
    for _ in range(3):
        desk.house.pass_s(60)
        await fresh.step()
    assert len(desk.server.asked) == asked


@every_tracker
async def test_what_is_not_there_is_given_up_and_said(desk: Desk) -> None:
    url = desk.server.add("An issue")
    gone = url[:-1] + "9" if desk.kind != "linear" else "https://linear.app/acme/issue/ENG-99"
    for wrong in (gone, "https://example.org/some/page"):
        await desk.do(*((ADD,) if wrong is gone else (c.UnlinkActionItem(reason="gone"),)))
        await desk.do(c.LinkActionItem(issue=wrong, channel="c"))
        await desk.bring()
        assert isinstance((await desk.ledger())[-1].phase, Dead)


@every_tracker
async def test_a_token_that_is_not_known_makes_the_channel_unusable(desk: Desk) -> None:
    code = {"errors": [{"message": "no", "extensions": {"code": "AUTHENTICATION_ERROR"}}]}
    body = str(code).replace("'", '"').encode()
    desk.end.answer = Answer(401, body=body)
    with pytest.raises(Unusable):
        await desk.channel.check()
    desk.end.answer = None
    assert "nothing was written" in await desk.channel.check()
    assert desk.server.texts() == []


@every_tracker
async def test_who_asks_too_often_comes_back_when_it_is_told_to(desk: Desk) -> None:
    spent: dict[str, Answer] = {
        "github": Answer(403, {"x-ratelimit-remaining": "0", "retry-after": "7"}),
        "jira": Answer(429, {"retry-after": "7"}),
        "linear": Answer(
            400, {"retry-after": "7"}, b'{"errors":[{"extensions":{"code":"RATELIMITED"}}]}'
        ),
    }
    desk.end.answer = spent[desk.kind]
    with pytest.raises(Transient) as busy:
        await desk.channel.check()
    assert busy.value.retry_after_s == pytest.approx(7)


@every_tracker
async def test_a_tracker_is_told_of_nothing_else(desk: Desk) -> None:
    with pytest.raises(Permanent, match="about no action item"):
        await desk.channel.send(message())
    await desk.do(ADD, COMPLETE)
    await desk.bring()
    assert (await desk.ledger(), desk.server.asked) == ([], [])


@every_tracker
async def test_nobody_else_says_how_an_issue_stands(desk: Desk) -> None:
    url = await desk.open()
    desk.change(url, "done")
    headers, body = desk.server.webhook(url)
    for wrong in (
        {name: it for name, it in headers.items() if "signature" not in name},
        {name: it.replace("a", "b") if "signature" in name else it for name, it in headers.items()},
    ):
        with pytest.raises(RouteRefused) as refused:
            await desk.post(wrong, body)
        assert refused.value.status == 401
    with pytest.raises(RouteRefused) as refused:
        await desk.post(headers, body + b" ")
    assert (refused.value.status, (await desk.item()).waits) == (401, True)


@every_tracker
async def test_what_cannot_be_put_on_record_is_asked_for_again(desk: Desk) -> None:
    url = await desk.open()
    desk.change(url, "done")
    desk.log_is_down = True
    with pytest.raises(RouteRefused) as refused:
        await desk.tell(url)
    assert (refused.value.status, refused.value.code) == (503, "storage.unavailable")


@every_tracker
async def test_what_our_own_account_does_is_ours_however_late_it_comes(desk: Desk) -> None:
    """Before the answer to our call is on record, its webhook is here, and things have changed."""
    desk.settings = type(desk.settings)(
        **{**{it: getattr(desk.settings, it) for it in desk.settings.__struct_fields__},
           "account": OUR_ACCOUNT}
    )  # fmt: skip
    url = await desk.open()
    await desk.do(COMPLETE, c.ReopenActionItem(reason="it fails again"))
    desk.change(url, "done", OUR_ACCOUNT)
    await desk.tell(url)
    assert (await desk.item()).waits
