"""docs/channels.md, docs/alerts.md and README.md name every kind of source and channel, each key
with its default, and what they show can be used.
"""

import re
from pathlib import Path

from adapters.config.loading import load
from adapters.products.registry import PRODUCTS
from adapters.products.slack.slash_commands import VERBS
from support import product_docs
from support.product_docs import CHANNELS


def test_every_key_of_every_kind_is_documented_with_its_default():
    assert product_docs.documented_keys() == product_docs.keys_of_channels(PRODUCTS)


def test_of_every_kind_it_is_said_what_may_come_twice():
    assert product_docs.documented_repetitions() == set(PRODUCTS.channel_kinds)


def test_every_kind_of_source_has_its_row():
    assert product_docs.documented_sources() == set(PRODUCTS.source_kinds)


def test_the_readme_names_every_kind():
    sources, named = product_docs.kinds_in_readme()
    assert sources == list(PRODUCTS.source_kinds)
    assert set(PRODUCTS.channel_kinds) <= named


def test_the_pace_of_every_kind_is_documented():
    assert product_docs.documented_paces() == {
        name: (kind.pace.per_minute, kind.pace.burst)
        for name, kind in PRODUCTS.channel_kinds.items()
    }


def test_every_configuration_that_is_shown_can_be_used(tmp_path: Path):
    shown = re.findall(r"^```toml\n(.*?)^```$", CHANNELS, flags=re.MULTILINE | re.DOTALL)
    assert len(shown) == 13
    for block in shown:
        file = tmp_path / "commandpost.toml"
        file.write_text(block)
        assert load(file).channels


def test_every_word_behind_the_slash_command_is_documented():
    slack = CHANNELS[CHANNELS.index("## Slack") : CHANNELS.index("## E-mail")]
    assert all(re.search(rf"[` ]{verb}[` \[]", slack) for verb in VERBS)
