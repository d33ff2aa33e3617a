"""What `make knowledge` prints: search and the comparison of incidents are worth more than plain
full text, on public histories. Figures were chosen on incidents that are not among those measured.
"""

import knowledge_scores as scored
import pytest

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not scored.DATA.is_dir(), reason="there is no ../shared/data"),
]


@pytest.fixture(scope="module")
def history() -> list[scored.Told]:
    return scored.github_history()


@pytest.mark.parametrize(
    ("when", "mrr", "recall"), [("as declared", 1.5, 1.4), ("during it", 1.2, 1.3)]
)
def test_similar_incidents_are_named_sooner_and_more_of_them(
    history: list[scored.Told], when: str, mrr: float, recall: float
):
    """So many times the figures of plain full text."""
    ours = scored.scores(history, scored.ours, when, scored.CHOSEN_ON)
    plain = scored.scores(history, scored.plain, when, scored.CHOSEN_ON)
    assert ours.n == plain.n > 100
    assert ours.mrr > mrr * plain.mrr
    assert ours.recall > recall * plain.recall
    assert ours.precision > 2 * ours.chance


def test_of_published_outages_few_are_named_and_most_of_these_rightly():
    """Their titles say little of what they have in common, so little is claimed."""
    facts = scored.published_facts()
    ours = scored.scores(facts, scored.ours, "as declared", scored.FACTS_SINCE)
    plain = scored.scores(facts, scored.plain, "as declared", scored.FACTS_SINCE)
    assert ours.precision > plain.precision
    assert 0 < ours.named < plain.named


def test_words_are_found_however_they_are_spelt(history: list[scored.Told]):
    found = {name: (by_us, plain) for name, by_us, plain in scored.found_again(history)}
    assert found.pop("as they stand") == (1.0, 1.0)
    for name, (by_us, plain) in found.items():
        assert by_us > 0.98, name
        assert plain < 0.05, name
