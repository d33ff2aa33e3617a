"""docs/blameless.md names the rules that there are."""

import re

from domain.learning.blame_rules import RULES
from house.tree import ROOT


def test_every_rule_is_explained_in_the_order_in_which_they_are_asked():
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "blameless.md").read_text(), re.MULTILINE)
    assert rows == [rule.code for rule in RULES]
