"""What the documents say of products, to be compared with what their folders export."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from adapters.products.kit.products import Products
from adapters.products.kit.settings import ChannelSettings

ROOT = Path(__file__).resolve().parents[2]
README, CHANNELS, ALERTS = (
    (ROOT / name).read_text() for name in ("README.md", "docs/channels.md", "docs/alerts.md")
)


def documented_keys() -> set[tuple[str, str, str]]:
    """(kind, key, default) of channels, as the first table of docs/channels.md has them."""
    return set(_rows_of_keys())


def _rows_of_keys() -> Iterator[tuple[str, str, str]]:
    kind = ""
    for cells in _rows(CHANNELS[: CHANNELS.index("## Pace")], columns=4):
        if cells[1] != "key":
            kind = cells[0] or kind
            yield kind, cells[1], cells[3]


def keys_of_channels(products: Products) -> set[tuple[str, str, str]]:
    """The same, as the settings of the kinds have them."""
    common = {field.name for field in msgspec.structs.fields(ChannelSettings)}
    return {
        (name, field.encode_name, _default(field))
        for name, kind in products.channel_kinds.items()
        for field in msgspec.structs.fields(kind.settings)
        if field.name not in common
    }


def documented_paces() -> dict[str, tuple[float, int]]:
    """Messages a minute and burst of each kind of channel, as docs/channels.md has them."""
    table = CHANNELS[CHANNELS.index("## Pace") : CHANNELS.index("## Slack")]
    rows = [cells for cells in _rows(table, columns=4) if cells[0] != "kind"]
    return {kind: (float(rate), int(burst)) for kind, rate, burst, _ in rows}


def documented_repetitions() -> set[str]:
    """The kinds of channels of which docs/channels.md says what may come twice."""
    table = CHANNELS[CHANNELS.index("## What is guaranteed") : CHANNELS.index("Failures are of")]
    first = [cells[0] for cells in _rows(table, columns=2) if cells[0] != "kind"]
    return {kind.strip(" `") for cell in first for kind in cell.split(",")}


def documented_sources() -> set[str]:
    """The kinds of sources in the table of docs/alerts.md."""
    table = ALERTS[ALERTS.index("## Sources") : ALERTS.index("A secret is shown")]
    return {cells[0] for cells in _rows(table, columns=4) if cells[0] not in {"", "kind"}}


def kinds_in_readme() -> tuple[list[str], set[str]]:
    """The kinds of sources that the table of the configuration lists, in its order, and the kinds
    of channels that the README names at all.
    """
    (row,) = re.findall(r"^\| `sources\.<name>\.kind`: ([^|]*) \|", README, flags=re.MULTILINE)
    notifications = README[README.index("## Notifications") : README.index("## Status page")]
    named = set(re.findall(r'`([a-z_]+)`|kind = "([a-z_]+)"', notifications))
    return re.findall(r"`(.*?)`", row), {one or other for one, other in named}


def _rows(text: str, columns: int) -> Iterator[list[str]]:
    for line in text.splitlines():
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == columns:
            yield cells


def _default(field: Any) -> str:
    if field.required:
        return "required"
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    if value is None or isinstance(value, str):
        return value or "none"
    return msgspec.json.encode(value).decode()
