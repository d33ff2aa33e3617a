"""What every channel keeps to, whatever is at its other end."""

import logging
from collections.abc import AsyncIterator

import pytest
import structlog
from msgspec.structs import replace

from adapters.products.email import channel as mail
from adapters.products.kit import web
from domain.kernel.subject import Subject
from handlers.notify.channels import Permanent, Transient, Unusable
from support.channels import BUSY_S, LINES, Line, Trouble

PASSING = (Trouble.HANGS_UP, Trouble.SLOW, Trouble.BUSY, Trouble.BROKEN)
STRANGE = '\x1b[31m "quoted" \\ \0 日本 \u202e <!channel> <b>&amp; *x* \r\nBcc: a@b.example'


@pytest.fixture
async def line(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Line]:
    slow = request.node.callspec.params.get("trouble") is Trouble.SLOW
    for module in (web, mail) if slow else ():  # others must not fail by a busy machine
        monkeypatch.setattr(module, "TIMEOUT_S", 0.5)
    async with LINES[request.param].open() as opened:
        yield opened


every_line = pytest.mark.parametrize("line", LINES, indirect=True)


def lines_in(*troubles: Trouble) -> pytest.MarkDecorator:
    """Every kind of channel in each of these troubles, as far as it can have them."""
    pairs = [
        (name, trouble) for name, kind in LINES.items() for trouble in troubles
        if trouble in kind.troubles
    ]  # fmt: skip
    ids = [f"{name}-{trouble.name.lower()}" for name, trouble in pairs]
    return pytest.mark.parametrize(("line", "trouble"), pairs, indirect=["line"], ids=ids)


@every_line
async def test_a_channel_knows_its_name(line: Line) -> None:
    assert line.channel.name.startswith("c")


@every_line
async def test_what_is_sent_arrives_with_its_words(line: Line) -> None:
    assert await line.channel.send(line.message(1))
    later = line.message(2, "[SEV1 UPDATE] checkout — Errors", "Cause: a deploy", kind="reopened")
    assert await line.channel.send(later)
    arrived = line.arrived()
    assert "30% of users" in arrived
    assert "a deploy" in arrived
    for subject in ("[SEV1] checkout — Errors", "[SEV1 UPDATE] checkout — Errors"):
        assert not line.subjects or subject in arrived


@every_line
async def test_the_same_message_has_one_identity_and_another_has_another(line: Line) -> None:
    await line.channel.send(line.message(1))
    await line.channel.send(line.message(1), again=True)
    await line.channel.send(line.message(2, kind="reopened"))
    first, *again, other = line.identities()
    assert set(again) <= {first}
    assert other != first


@every_line
async def test_a_message_about_no_incident_is_sent_where_the_words_are_enough(line: Line) -> None:
    """What pages, or publishes incidents, says why it does not."""
    runbook = Subject(aggregate="runbook", id="checkout", title="Checkout")
    sent = replace(line.message(1, "Runbook — Checkout", "It has grown old."), incident=None)
    sent = replace(sent, intent=replace(sent.intent, subject=runbook, kind="stale"))
    try:
        said = await line.channel.send(sent)
    except Permanent as refusal:
        said = str(refusal)
    if "about no incident" in said:
        assert line.arrived() == ""
        return
    assert "It has grown old." in line.arrived()
    await line.channel.send(replace(sent, intent=replace(sent.intent, id="f" * 32)))
    assert "INC-" not in line.arrived()


@lines_in(*PASSING)
async def test_what_may_pass_is_worth_another_attempt_and_works_again_later(
    line: Line, trouble: Trouble
) -> None:
    line.get_into(trouble)
    with pytest.raises(Transient) as failure:
        await line.channel.send(line.message())
    assert not isinstance(failure.value, Unusable)
    assert failure.value.retry_after_s == (BUSY_S if trouble is Trouble.BUSY else None)
    line.mend()
    assert await line.channel.send(line.message(), again=True)
    assert "30% of users" in line.arrived()


@lines_in(Trouble.TORN)
async def test_what_was_taken_though_the_answer_broke_off_is_the_same_message_again(
    line: Line, trouble: Trouble
) -> None:
    line.get_into(trouble)
    try:
        await line.channel.send(line.message())
    except Transient:
        line.mend()
        assert await line.channel.send(line.message(), again=True)
    assert len(set(line.identities())) == 1


@lines_in(Trouble.REJECTS)
async def test_a_message_that_will_never_be_taken_is_given_up(line: Line, trouble: Trouble) -> None:
    line.get_into(trouble)
    with pytest.raises(Permanent):
        await line.channel.send(line.message())


@lines_in(Trouble.FORBIDDEN)
async def test_credentials_that_are_not_known_make_the_channel_unusable_until_mended(
    line: Line, trouble: Trouble
) -> None:
    line.get_into(trouble)
    with pytest.raises(Unusable):
        await line.channel.send(line.message())
    line.mend()
    assert await line.channel.send(line.message(), again=True)


@lines_in(*Trouble)
async def test_secrets_are_told_to_nobody(
    line: Line, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    line.get_into(trouble)
    with structlog.testing.capture_logs() as logged, caplog.at_level(logging.DEBUG):
        try:
            told.append(await line.channel.send(line.message()))
        except (Transient, Permanent) as failure:
            told.append(str(failure))
    told += [str(entry) for entry in logged]
    told += [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    for secret in line.secrets:
        assert secret not in " ".join(told)


@every_line
async def test_any_words_get_through(line: Line) -> None:
    """Titles come from outside: control characters, quotes, other scripts, mark-up."""
    assert await line.channel.send(
        line.message(subject=STRANGE, text=f"INC-7: {STRANGE}\n{STRANGE}")
    )
    arrived = line.arrived()
    assert "日本" in arrived
    assert "\x1b" not in arrived
    assert "\0" not in arrived
