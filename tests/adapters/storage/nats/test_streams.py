"""Streams are created once as declared, and never changed behind an operator's back."""

import pytest

from adapters.storage.nats.connection import CannotConnectError
from adapters.storage.nats.streams import (
    STREAMS,
    DriftError,
    check,
    log_stream,
    logs,
    provision,
    refuse_drift,
)


def declared(unique, **more):
    name = f"P{unique}"
    return log_stream(name, [f"{name}.*"], message_bytes_max=1 << 20, **more)


@pytest.fixture
async def clean_up(admin, unique):
    yield
    await admin.jetstream().delete_stream(f"P{unique}")


@pytest.mark.usefixtures("clean_up")
async def test_provisioning_twice_is_the_same_as_once(admin, unique):
    stream = declared(unique, allow_atomic=True)
    await provision(admin, (stream,))
    await admin.jetstream().publish(f"P{unique}.a", b"kept")
    await provision(admin, (stream,))
    assert (await admin.jetstream().stream_info(f"P{unique}")).state.messages == 1


@pytest.mark.usefixtures("clean_up")
async def test_drift_is_refused_naming_each_field_and_nothing_is_changed(admin, unique):
    await provision(admin, (declared(unique, max_age=3_600_000_000_000, deny_purge=False),))
    with pytest.raises(DriftError) as caught:
        await provision(admin, (declared(unique),))
    lines = str(caught.value).splitlines()[1:]
    assert lines == [
        "  deny_purge: stored False, wanted True",
        "  max_age: stored 3600000000000, wanted 0",
    ]
    assert (await admin.jetstream().stream_info(f"P{unique}")).config.max_age == 3600


@pytest.mark.usefixtures("clean_up")
async def test_a_setting_that_was_not_declared_is_drift(admin, unique):
    republish = {"src": f"P{unique}.>", "dest": f"elsewhere{unique}.>"}
    await provision(admin, (declared(unique, republish=republish),))
    with pytest.raises(DriftError, match=r"republish: stored .*, wanted None"):
        await provision(admin, (declared(unique),))


@pytest.mark.usefixtures("clean_up")
async def test_a_stream_of_an_earlier_release_takes_new_subjects_and_keeps_what_it_has(
    admin, unique
):
    earlier = declared(unique)
    await provision(admin, (earlier,))
    await admin.jetstream().publish(f"P{unique}.a", b"kept")
    later = {**earlier, "subjects": [*earlier["subjects"], f"Q{unique}.*"]}
    await provision(admin, (later,))
    await admin.jetstream().publish(f"Q{unique}.a", b"new")
    assert (await admin.jetstream().stream_info(f"P{unique}")).state.messages == 2
    with pytest.raises(DriftError, match="subjects"):
        await provision(admin, (earlier,))


@pytest.mark.usefixtures("clean_up")
async def test_new_subjects_do_not_come_with_another_change(admin, unique):
    earlier = declared(unique, deny_purge=False)
    await provision(admin, (earlier,))
    later = {**declared(unique), "subjects": [f"P{unique}.*", f"Q{unique}.*"]}
    with pytest.raises(DriftError, match="deny_purge"):
        await provision(admin, (later,))
    assert (await admin.jetstream().stream_info(f"P{unique}")).config.subjects == [f"P{unique}.*"]


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream["name"])
def test_every_declared_setting_is_judged(stream):
    for field, value in stream.items():
        other = {**stream, field: not value if isinstance(value, bool) else "other"}
        with pytest.raises(DriftError, match=rf"\b{field}: stored"):
            refuse_drift(stream, other)


@pytest.mark.parametrize("stream", logs(), ids=lambda stream: stream["name"])
def test_the_log_keeps_everything_for_ever(stream):
    limits = {"max_msgs", "max_bytes", "max_msgs_per_subject"}
    assert {stream[limit] for limit in limits} == {-1}
    assert stream["max_age"] == 0
    assert stream["discard"] == "new"
    assert stream["deny_delete"]
    assert stream["deny_purge"]
    assert not stream.get("allow_rollup_hdrs")


async def test_a_server_that_takes_too_small_messages_is_refused(admin, unique):
    huge = {**declared(unique), "max_msg_size": admin.max_payload + 1}
    with pytest.raises(CannotConnectError, match="max_payload"):
        await provision(admin, (huge,))


async def test_subjects_that_another_stream_has_are_a_clear_error(admin, stream, unique):
    taken = log_stream(f"P{unique}", [f"{stream}.*"], message_bytes_max=1 << 20)
    with pytest.raises(CannotConnectError, match=f"P{unique} cannot be provided: .*overlap"):
        await provision(admin, (taken,))


async def test_a_stream_that_is_not_there_is_named_with_what_to_run(connection, unique):
    with pytest.raises(CannotConnectError, match=f"P{unique} is not there: run `commandpost prov"):
        await check(connection, (declared(unique),))


@pytest.mark.usefixtures("clean_up")
async def test_who_may_not_widen_a_stream_names_the_missing_subjects(admin, connection, unique):
    earlier = declared(unique)
    later = {**earlier, "subjects": [*earlier["subjects"], f"Q{unique}.*"]}
    await provision(admin, (earlier,))
    await check(connection, (earlier,))
    with pytest.raises(CannotConnectError, match=rf"take Q{unique}\.\* yet: run `commandpost prov"):
        await check(connection, (later,))
    await provision(admin, (later,))
    await check(connection, (later,))


@pytest.mark.usefixtures("clean_up")
async def test_drift_is_found_by_who_only_looks(admin, connection, unique):
    await provision(admin, (declared(unique, deny_purge=False),))
    with pytest.raises(DriftError, match="deny_purge: stored False, wanted True"):
        await check(connection, (declared(unique),))
