"""The streams are made once, by `commandpost provision`; the service has no user who may."""

from collections.abc import AsyncIterator
from pathlib import Path

import nats
import pytest

from adapters.embedded import erase_data
from adapters.storage.nats.connection import connect
from adapters.storage.nats.streams import logs, provision
from support.deployed_nats import DeployedNats, deployed_nats
from support.service_process import CONFIG, Finished, Process, command


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[DeployedNats]:
    async with deployed_nats(tmp_path / "nats") as running:
        yield running


@pytest.fixture
async def service(
    server: DeployedNats, fresh_database: str, tmp_path: Path
) -> AsyncIterator[Process]:
    """Not started, and without a user who may create streams."""
    config = f"{CONFIG}\n[nats]\nanswers_url = '{server.url('answers')}'\n"
    flags = ("--nats-url", server.url("app"), "--database-url", fresh_database)
    process = Process(tmp_path / "state", config, flags)
    yield process
    if process._process is not None and process.status is None:
        await process.stop()
    erase_data(tmp_path / "state")


async def provisioned_by(url: str) -> Finished:
    return await command("provision", COMMANDPOST_NATS_ADMIN_URL=url)


async def refused(service: Process) -> str:
    """The line with which a start ends."""
    with pytest.raises(AssertionError, match="ended with status 1"):
        await service.start()
    [line] = [line for line in service.log().splitlines() if line.startswith("commandpost:")]
    (service.state / "log.jsonl").unlink()
    return line


async def test_the_service_runs_without_the_user_who_made_its_streams(
    server: DeployedNats, service: Process
):
    assert "stream EVENTS is not there: run `commandpost provision`" in await refused(service)
    for _ in range(2):
        done = await provisioned_by(server.url("admin"))
        assert (done.status, done.out, done.err) == (0, "All streams are provided.\n", "")
    await service.start()
    assert (await service.declare())["reference"] == "INC-1"
    told = (service.state / "commandpost.json").read_text()
    assert '"nats_admin_url": null' in told
    assert server.url("admin") not in told
    shown = await service.cli("show", "INC-1")
    assert shown.json["title"] == "Checkout is slow"


async def test_streams_of_an_earlier_release_are_widened_by_provisioning_alone(
    server: DeployedNats, service: Process
):
    events, *others = logs()
    admin = await connect(server.url("admin"))
    await provision(admin, ({**events, "subjects": ["incident.*"]}, *others))
    await admin.close()
    line = await refused(service)
    assert line.startswith("commandpost: stream EVENTS does not take ")
    assert "incident.*" not in line
    assert (await provisioned_by(server.url("admin"))).status == 0
    await service.start()


async def test_timers_that_were_deleted_need_no_provisioning(
    server: DeployedNats, service: Process
):
    await provisioned_by(server.url("admin"))
    admin = await nats.connect(server.url("admin"))
    await admin.jetstream().delete_stream("TIMERS")
    await service.start()
    assert (await admin.jetstream().stream_info("TIMERS")).config.allow_msg_schedules
    await admin.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "nats_admin_url: give the URL"),
        ("nats://127.0.0.1:9", "127.0.0.1:9 cannot be used"),
    ],
)
async def test_provisioning_that_cannot_succeed_says_why_in_a_line(url: str, said: str):
    done = await (provisioned_by(url) if url else command("provision"))
    assert (done.status, done.out) == (1, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1, done.err


async def test_a_user_who_may_not_create_streams_is_told_in_a_line(server: DeployedNats):
    for user, said in (("reader", "cannot be provided"), ("nobody", "authorization")):
        done = await provisioned_by(server.url(user))
        assert (done.status, done.out) == (1, "")
        assert said in done.err.lower()
        assert "of-commandpost" not in done.err, "passwords are not shown"
