"""docs/channels.md names every key of every kind of channel with its default, and what it shows
can be used.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from adapters.config.settings import load
from adapters.products.registry import PRODUCTS
from adapters.products.slack.slash_commands import VERBS

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "channels.md").read_text()


def documented() -> Iterator[tuple[str, str, str]]:
    """(kind, key, default), as the first table has them."""
    kind = ""
    for line in DOCUMENT.splitlines():
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[1] != "key":
            kind = cells[0] or kind
            yield kind, cells[1], cells[3]


def default(field: Any) -> str:
    if field.required:
        return "required"
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    if value is None or isinstance(value, str):
        return value or "none"
    return msgspec.json.encode(value).decode()


def test_every_key_of_every_kind_is_documented_with_its_default():
    common = {field.name for field in msgspec.structs.fields(ChannelSettings)}
    keys = {
        (name, field.encode_name, default(field))
        for name, kind in PRODUCTS.channel_kinds.items()
        for field in msgspec.structs.fields(kind.settings)
        if field.name not in common
    }
    assert set(documented()) == keys


def test_every_configuration_that_is_shown_can_be_used(tmp_path: Path):
    shown = re.findall(r"^```toml\n(.*?)^```$", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    assert len(shown) == 4
    for block in shown:
        file = tmp_path / "commandpost.toml"
        file.write_text(block)
        assert load(file).channels


def test_every_word_behind_the_slash_command_is_documented():
    slack = DOCUMENT[DOCUMENT.index("## Slack") : DOCUMENT.index("## E-mail")]
    assert all(re.search(rf"[` ]{verb}[` \[]", slack) for verb in VERBS)
