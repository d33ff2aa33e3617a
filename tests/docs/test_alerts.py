"""docs/alerts.md: its configuration is one, and its tables name what there is."""

import re
from pathlib import Path

import msgspec

from adapters.config.loading import load
from adapters.products.cloudevents.translate import SignalData
from adapters.products.generic.presets import all_presets
from adapters.products.kit.settings import EXPRESSIONS
from adapters.products.registry import PRODUCTS
from domain.alerting import Action
from domain.alerting.rules import _FIELDS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "alerts.md").read_text()


def shown(what: str) -> str:
    """The TOML that begins so."""
    blocks = re.findall(r"^```toml\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    (found,) = (block for block in blocks if block.startswith(what))
    return str(found)


def test_the_generic_sources_that_are_shown_can_be_used(tmp_path: Path):
    file = tmp_path / "commandpost.toml"
    file.write_text(shown("[sources.pingdom]"))
    assert set(load(file).sources) == {"pingdom", "zabbix"}
    for key in (*EXPRESSIONS, "states", "severities", "certificates", "signature_header"):
        assert f"`{key}`" in TEXT or f"`{key} =" in TEXT
    for preset in all_presets():
        assert f"| `{preset}` |" in TEXT


def test_the_rules_that_are_shown_can_be_used(tmp_path: Path):
    file = tmp_path / "commandpost.toml"
    file.write_text(shown("[[rules]]"))
    book = load(file).rulebook
    assert [rule.action for rule in book.rules] == ["ignore", "declare", "attach"]
    assert (len(book.silences), len(book.maintenance)) == (1, 1)


def test_every_kind_action_and_field_is_explained():
    for kind in PRODUCTS.source_kinds:
        assert f"| `{kind}` |" in TEXT
    for action in Action:
        assert f"| `{action.value}` |" in TEXT
    for field in msgspec.structs.fields(SignalData):
        assert f"`{field.name}`" in TEXT
    for name in _FIELDS:
        assert f"`{{{name}}}`" in TEXT
