"""Everything that was ever written can be read, and today's events are written as they were.

`tests/golden/events` holds the JSON of every tag ever written; `python tests/golden/write.py` adds
what is missing. Renaming or removing a tag or a field fails here. A retired tag keeps its file and
gets an upcaster, and `tests/golden/upcast/<tag>.json` says what it becomes.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from domain.registry import EVENT_TYPES, AnyEvent
from golden.write import EVENTS, covered, fields
from support.examples import EXAMPLES

CODEC = Codec(AnyEvent, UPCASTERS)
UPCAST = EVENTS.parent / "upcast"
FILES = sorted(EVENTS.glob("*.json"))


def read_and_written_again(event: Any) -> Any:
    """An event's JSON after a way through the codec, as a commit of the log takes it."""
    commit = {
        "id": "1",
        "actor": "ada",
        "correlation_id": "c",
        "recorded_at": "2026-01-02T12:00:00Z",
        "events": [event],
    }
    decoded = CODEC.decode(msgspec.json.encode(commit))
    return msgspec.json.decode(CODEC.encode(decoded))["events"][0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_was_once_written_is_read_as_it_was_meant(path: Path) -> None:
    golden = msgspec.json.decode(path.read_bytes())
    tag = path.stem.split("+")[0]
    assert golden["tag"] == tag
    if tag in EVENT_TYPES:
        assert read_and_written_again(golden) == golden
    else:
        assert tag in UPCASTERS, f"{tag} is in logs: keep its type, or give it an upcaster"
        today = msgspec.json.decode((UPCAST / path.name).read_bytes())
        assert read_and_written_again(golden) == today


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_every_field_that_can_be_written_is_in_a_golden_file(tag: str) -> None:
    written = fields(msgspec.json.decode(msgspec.json.encode(EXAMPLES[tag])))
    missing = written - covered(tag)
    assert not missing, f"run python tests/golden/write.py and commit what it writes: {missing}"


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_every_example_gives_every_field(tag: str) -> None:
    """Else a golden file would not show that a field was renamed."""
    example = msgspec.json.decode(msgspec.json.encode(EXAMPLES[tag]))
    names = {field.encode_name for field in msgspec.structs.fields(EVENT_TYPES[tag])}
    assert set(example) - {"tag"} == names
