"""What every channel keeps to, whatever is at its other end."""

import logging
from collections.abc import AsyncIterator

import pytest
import structlog
from msgspec.structs import replace

from adapters.products.email import channel as mail
from adapters.products.kit import web
from adapters.products.kit.tracker import TrackerSettings
from adapters.products.registry import PRODUCTS
from domain.kernel.subject import Subject
from handlers.notify.channels import Permanent, Transient, Unusable
from support.channel_harness import BUSY_S, Harness, Trouble
from support.channels import HARNESSES

PASSING = (Trouble.HANGS_UP, Trouble.SLOW, Trouble.BUSY, Trouble.BROKEN)
STRANGE = '\x1b[31m "quoted" \\ \0 日本 \u202e <!channel> <b>&amp; *x* \r\nBcc: a@b.example'


@pytest.fixture
async def harness(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Harness]:
    slow = request.node.callspec.params.get("trouble") is Trouble.SLOW
    for module in (web, mail) if slow else ():  # others must not fail by a busy machine
        monkeypatch.setattr(module, "TIMEOUT_S", 0.5)
    async with HARNESSES[request.param].open() as opened:
        yield opened


every_kind = pytest.mark.parametrize("harness", HARNESSES, indirect=True)


def kinds_in(*troubles: Trouble) -> pytest.MarkDecorator:
    """Every kind of channel in each of these troubles, as far as it can have them."""
    pairs = [
        (name, trouble) for name, kind in HARNESSES.items() for trouble in troubles
        if trouble in kind.troubles
    ]  # fmt: skip
    ids = [f"{name}-{trouble.name.lower()}" for name, trouble in pairs]
    return pytest.mark.parametrize(("harness", "trouble"), pairs, indirect=["harness"], ids=ids)


def test_every_kind_of_channel_is_put_to_the_test() -> None:
    """Trackers are told no words: tests/contracts/test_trackers.py."""
    told = {
        name for name, kind in PRODUCTS.channel_kinds.items()
        if not issubclass(kind.settings, TrackerSettings)
    }  # fmt: skip
    assert set(HARNESSES) == told


@every_kind
async def test_a_channel_knows_its_name(harness: Harness) -> None:
    assert harness.channel.name.startswith("c")


@every_kind
async def test_what_is_sent_arrives_with_its_words(harness: Harness) -> None:
    assert await harness.channel.send(harness.message(1))
    later = harness.message(
        2, "[SEV1 UPDATE] checkout — Errors", "Cause: a deploy", kind="reopened"
    )
    assert await harness.channel.send(later)
    arrived = harness.arrived()
    assert "30% of users" in arrived
    assert "a deploy" in arrived
    for subject in ("[SEV1] checkout — Errors", "[SEV1 UPDATE] checkout — Errors"):
        assert not harness.subjects or subject in arrived


@every_kind
async def test_the_same_message_has_one_identity_and_another_has_another(harness: Harness) -> None:
    await harness.channel.send(harness.message(1))
    await harness.channel.send(harness.message(1), again=True)
    await harness.channel.send(harness.message(2, kind="reopened"))
    first, *again, other = harness.identities()
    assert set(again) <= {first}
    assert other != first


@every_kind
async def test_a_message_about_no_incident_is_sent_where_the_words_are_enough(
    harness: Harness,
) -> None:
    """What pages, or publishes incidents, says why it does not."""
    runbook = Subject(aggregate="runbook", id="checkout", title="Checkout")
    sent = replace(harness.message(1, "Runbook — Checkout", "It has grown old."), show=lambda: None)
    sent = replace(sent, intent=replace(sent.intent, subject=runbook, kind="stale"))
    try:
        said = await harness.channel.send(sent)
    except Permanent as refusal:
        said = str(refusal)
    if "about no incident" in said:
        assert harness.arrived() == ""
        return
    assert "It has grown old." in harness.arrived()
    await harness.channel.send(replace(sent, intent=replace(sent.intent, id="f" * 32)))
    assert "INC-" not in harness.arrived()


@kinds_in(*PASSING)
async def test_what_may_pass_is_worth_another_attempt_and_works_again_later(
    harness: Harness, trouble: Trouble
) -> None:
    harness.get_into(trouble)
    with pytest.raises(Transient) as failure:
        await harness.channel.send(harness.message())
    assert not isinstance(failure.value, Unusable)
    assert failure.value.retry_after_s == (BUSY_S if trouble is Trouble.BUSY else None)
    harness.mend()
    assert await harness.channel.send(harness.message(), again=True)
    assert "30% of users" in harness.arrived()


@kinds_in(Trouble.TORN)
async def test_what_was_taken_though_the_answer_broke_off_is_the_same_message_again(
    harness: Harness, trouble: Trouble
) -> None:
    harness.get_into(trouble)
    try:
        await harness.channel.send(harness.message())
    except Transient:
        harness.mend()
        assert await harness.channel.send(harness.message(), again=True)
    assert len(set(harness.identities())) == 1


@kinds_in(Trouble.REJECTS)
async def test_a_message_that_will_never_be_taken_is_given_up(
    harness: Harness, trouble: Trouble
) -> None:
    harness.get_into(trouble)
    with pytest.raises(Permanent):
        await harness.channel.send(harness.message())


@kinds_in(Trouble.FORBIDDEN)
async def test_credentials_that_are_not_known_make_the_channel_unusable_until_mended(
    harness: Harness, trouble: Trouble
) -> None:
    harness.get_into(trouble)
    with pytest.raises(Unusable):
        await harness.channel.send(harness.message())
    harness.mend()
    assert await harness.channel.send(harness.message(), again=True)


@kinds_in(*Trouble)
async def test_secrets_are_told_to_nobody(
    harness: Harness, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    harness.get_into(trouble)
    with structlog.testing.capture_logs() as logged, caplog.at_level(logging.DEBUG):
        try:
            told.append(await harness.channel.send(harness.message()))
        except (Transient, Permanent) as failure:
            told.append(str(failure))
    told += [str(entry) for entry in logged]
    told += [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    for secret in harness.secrets:
        assert secret not in " ".join(told)


@every_kind
async def test_any_words_get_through(harness: Harness) -> None:
    """Titles come from outside: control characters, quotes, other scripts, mark-up."""
    assert await harness.channel.send(
        harness.message(subject=STRANGE, text=f"INC-7: {STRANGE}\n{STRANGE}")
    )
    arrived = harness.arrived()
    assert "日本" in arrived
    assert "\x1b" not in arrived
    assert "\0" not in arrived
