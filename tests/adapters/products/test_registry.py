"""A product is a folder that exports values: what follows from a line in the registry, shown by two
toys that are registered here alone, and what every folder keeps to.
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from interface_docs import openapi

from adapters import products
from adapters.cli.channel_test import list_channel, try_channel
from adapters.clock import utc_now
from adapters.config.loading import load
from adapters.config.settings import Config, ConfigFault
from adapters.main import Core
from adapters.products.registry import CHANNELS, PRODUCTS, SOURCES
from adapters.registry import Registry
from adapters.runtime.open_channels import open_channels
from adapters.runtime.serve import running
from support import product_docs
from support.patience import eventually
from support.service_process import admin_of
from support.toy_products import CHANNEL, PINNED, SOURCE, TOYS, NoticeBoardSettings

SECRET = "the-ring-on-its-foot"
FILE = f"""
http = "127.0.0.1:0"
[sources.loft]
kind = "pigeon"
secrets = ["{SECRET}"]
[channels.board]
kind = "notice_board"
wall = "by the lift"
"""
FOLDER = Path(str(products.__file__)).parent
FOLDERS = {folder.parent.name for folder in FOLDER.glob("*/__init__.py")} - {"kit"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "commandpost.toml"
    file.write_text(FILE)
    return file


def test_its_kinds_and_keys_are_those_of_the_configuration(path: Path) -> None:
    environment = {"COMMANDPOST_CHANNELS_BOARD_TABOO": "blame"}
    config = load(path, environment, products=TOYS)
    assert config.sources["loft"].kind == "pigeon"
    assert config.channels["board"] == NoticeBoardSettings(wall="by the lift", taboo="blame")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sources.x]\nkind='owl'", "kind: 'owl' is not one of .*pagerduty, pigeon, statuspage"),
        ("[sources.x]\nkind='pigeon'", r"sources\.x\.secrets: at least one secret is required"),
        ("[channels.x]\nkind='door'", "there is no 'door'; .*linear, notice_board"),
        ("[channels.x]\nkind='notice_board'", "wall is required"),
        ("[channels.x]\nkind='notice_board'\nwall='a'\nurl='b'", "there is no field url"),
    ],
)
def test_what_is_wrong_with_its_settings_is_said(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "commandpost.toml"
    file.write_text(text)
    with pytest.raises(ConfigFault, match=message):
        load(file, products=TOYS)


def test_nobody_knows_what_is_not_registered(path: Path) -> None:
    with pytest.raises(ConfigFault, match="'pigeon' is not one of"):
        load(path)
    with pytest.raises(ConfigFault, match="TABOO: there is no such key"):
        load(None, {"COMMANDPOST_CHANNELS_BOARD_TABOO": "blame"})


async def test_its_channel_opens_with_its_pace_and_is_listed_and_tested(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board = load(path, products=TOYS).channels["board"]
    async with open_channels({"board": board}, sys.stdout, utc_now, TOYS) as (opened,):
        assert (opened.channel.name, opened.pace) == ("board", CHANNEL.pace)
    (listed,) = await list_channel("board", board, TOYS)
    assert (listed.kind, listed.recipient) == ("notice_board", "whoever passes by the lift")
    passed, _ = await try_channel("board", board, TOYS)
    assert passed
    assert capsys.readouterr().out == (
        "board: declared: pinned on by the lift\nboard: resolved: pinned on by the lift\n"
    )
    passed, _ = await try_channel("board", NoticeBoardSettings(wall="x", taboo="TEST"), TOYS)
    assert not passed
    assert "failed (will not pass): it has fallen off" in capsys.readouterr().out


def test_its_routes_are_in_the_openapi_document() -> None:
    ours, theirs = openapi()["paths"], openapi(Registry(products=TOYS))["paths"]
    assert theirs.keys() - ours.keys() == {
        "/v1/webhooks/pigeon/{source}",
        "/v1/notice_board/walls",
    }
    letter = theirs["/v1/webhooks/pigeon/{source}"]["post"]
    assert letter["operationId"] == "receive_pigeon"
    assert letter["summary"] == "Deliver a letter that a pigeon brings"
    assert theirs["/v1/notice_board/walls"]["post"]["tags"] == ["notice board"]


def test_a_document_without_it_is_not_complete() -> None:
    missing = product_docs.keys_of_channels(TOYS) - product_docs.documented_keys()
    assert missing == {
        ("notice_board", "wall", "required"),
        ("notice_board", "taboo", "none"),
        ("notice_board", "logged", "false"),
    }
    assert set(TOYS.source_kinds) - product_docs.documented_sources() == {"pigeon"}


@pytest.fixture
async def service(path: Path, tmp_path: Path) -> AsyncIterator[tuple[Core, httpx2.AsyncClient]]:
    """The whole service with the toys, at an address of its own."""
    config: Config = load(path, overrides={"state": str(tmp_path / "state")}, products=TOYS)
    async with (
        running(config, registry=Registry(products=TOYS)) as (parts, where),
        httpx2.AsyncClient(
            base_url=where.http_url, timeout=10, headers=admin_of(tmp_path / "state")
        ) as http,
    ):
        yield parts, http


async def test_the_service_takes_its_webhook_and_tells_its_channel(service: Any) -> None:
    _, http = service
    url, letter = "/v1/webhooks/pigeon/loft", {"letter": "l-1", "says": "The mill burns"}
    assert (await http.post(url, json=letter)).status_code == 401
    shown = {"X-Commandpost-Secret": SECRET}
    answer = (await http.post(url, json=letter, headers=shown)).json()
    assert answer["position"] == 1
    # What became of it is told where that is known soon; a young service takes longer.
    assert answer.get("became", {"outcome": "used"})["outcome"] == "used"

    async def pinned() -> list[str]:
        return [notice for notice in PINNED if "The mill burns" in notice]

    first, *_ = await eventually(pinned)
    assert first.startswith("by the lift: [")
    found = await http.post("/v1/notice_board/walls", content=b"lift")
    assert found.json() == {"walls": ["by the lift"]}
    documented = (await http.get("/openapi.json")).json()["paths"]
    assert {"/v1/webhooks/pigeon/{source}", "/v1/notice_board/walls"} <= documented.keys()


def test_every_folder_exports_a_value_and_every_value_has_its_line() -> None:
    exported = {
        name: [
            value
            for key, value in vars(getattr(products, name)).items()
            if key == "SOURCE" or key.endswith("CHANNEL")
        ]
        for name in FOLDERS
    }
    assert all(exported.values()), exported
    values = [value for found in exported.values() for value in found]
    assert all(value in (*SOURCES, *CHANNELS) for value in values)
    assert len(values) == len(SOURCES) + len(CHANNELS)


def test_no_kind_is_there_twice() -> None:
    assert len(PRODUCTS.source_kinds) == len(SOURCES)
    assert len(PRODUCTS.channel_kinds) == len(CHANNELS)
    assert SOURCE not in SOURCES


def test_every_folder_has_its_tests() -> None:
    assert {folder.name for folder in Path(__file__).parent.iterdir() if folder.is_dir()} >= FOLDERS
