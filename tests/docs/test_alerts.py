"""docs/alerts.md: its configuration is one, and its tables name what there is."""

import re
from pathlib import Path

import msgspec

from adapters.config.loading import load
from adapters.products.cloudevents.translate import SignalData
from adapters.products.registry import PRODUCTS
from domain.alerting import Action
from domain.alerting.rules import _FIELDS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "alerts.md").read_text()


def test_the_rules_that_are_shown_can_be_used(tmp_path: Path):
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    file = tmp_path / "commandpost.toml"
    file.write_text(shown)
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
