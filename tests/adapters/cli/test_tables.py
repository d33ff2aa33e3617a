"""What people read on the command line."""

import pytest
from domain_docs import in_phase

from adapters.cli import tables
from projections.view import view


def test_the_board_shows_since_when_there_are_pages_though_nobody_has_declared_anything(
    capsys: pytest.CaptureFixture[str],
):
    shown = view("8d5b0c34-0000-5000-8000-000000000000", in_phase("triage"), position=1)
    assert shown is not None
    assert shown.milestones.declared_at is None
    tables.board([shown])
    printed = capsys.readouterr().out
    assert printed.startswith("1 incident (UTC)")
    assert f"│ {tables.at(shown.milestones.detected_at)} │" in printed


@pytest.mark.parametrize(("number", "said"), [(0, "0 signals"), (1, "1 signal"), (2, "2 signals")])
def test_things_are_counted_in_words(number: int, said: str):
    assert tables.count(number, "signal") == said
