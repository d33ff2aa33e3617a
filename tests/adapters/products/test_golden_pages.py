"""The page of one alert of each kind of source, on each channel, compared with what was looked at.

`python tests/golden/write.py` writes them anew; read what `git diff` shows as who is woken would.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from support.golden_pages import PUBLIC_URL, page, shown, sources

GOLDEN = Path(__file__).parents[2] / "golden" / "pages"
EVERY = ("console.txt", "email.txt", "email.html", "slack.json", "webhook.json")
INCIDENT = f"{PUBLIC_URL}/v1/incidents/INC-7"


async def on(source: str) -> dict[str, str]:
    return shown(await page(*sources()[source]))


@pytest.mark.parametrize("source", sources())
async def test_a_page_is_what_was_looked_at(source: str):
    told = await on(source)
    assert tuple(told) == EVERY
    for channel, content in told.items():
        assert content == (GOLDEN / f"{source}.{channel}").read_text(), f"{source}.{channel}"


def test_there_is_no_page_that_nothing_makes():
    assert {path.name for path in GOLDEN.iterdir()} == {
        f"{source}.{channel}" for source in sources() for channel in EVERY
    }


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        (
            "alertmanager",
            ("KubePodNotReady", "checkout-7f9", "shop", "11:45", "SEV1", "runbooks.example.com"),
        ),
        ("grafana", ("Orders per minute", "DatasourceNoData", "eu-west-1", "/d/orders", "warning")),
        ("pagerduty", ("Error rate of checkout", "checkout", "#1234", "pagerduty.com", "P1")),
        ("generic", ("Disk full on db-7", "db-7", "3 % left", "checks.example.com", "SEV2")),
    ],
)
async def test_every_channel_says_what_fires_where_since_when_how_bad_and_where_to_look(
    source: str, needed: tuple[str, ...]
):
    for channel, content in (await on(source)).items():
        for word in (*needed, INCIDENT):
            assert word in content, f"{source}.{channel} lacks {word}"


@pytest.mark.parametrize("source", sources())
async def test_a_page_keeps_to_the_limits_of_slack_and_mentions_nobody(source: str):
    card = json.loads((await on(source))["slack.json"])
    assert len(card["blocks"]) <= 50
    texts = list(_texts(card))
    assert all(len(text) <= 3_000 for text in texts)
    assert not any("<@" in text or "<!here" in text or "<!channel" in text for text in texts)


def _texts(value: Any) -> Any:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
