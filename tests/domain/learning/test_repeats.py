"""What happened before: found by words that both texts have, said with what became of the items."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.incident.relation import Relation
from domain.learning.action_item.item import ActionItemStatus
from domain.learning.clues import ALIKE_MOST, ClueFound, ClueKind
from domain.learning.happened_before import repeats_of
from domain.learning.recurring_words import shared, words_of

POOL = "missing connection pool limits"
ALIKE = (
    (POOL, "The connection pool had no limit"),
    (POOL, "Checkout fails: connections exhausted in the pool"),
    ("certificate expired", "TLS cert expiry was not monitored"),
    ("Deployment without canary", "The release went out without a canary"),
    ("The cache was not warmed after the restart", "Cache warming"),
    ("full disk", "The disk filled up with logs"),
    ("retries without backoff", "A retry storm: no backoff in the client"),
)
UNLIKE = (
    ("Payments provider timed out", "Search index timed out"),
    ("Checkout is down", "Checkout is slow"),
    ("High error rate in production", "Errors in production are high"),
    ("The connection to the printer", POOL),
    ("DNS", "DNS of the payment provider"),
    ("500 errors for 2 minutes", "500 errors for 20 minutes"),
    ("", ""),
)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_texts_that_say_the_same_share_words_either_way_round(one: str, other: str):
    assert shared(words_of(one), words_of(other)) == shared(words_of(other), words_of(one)) != ()


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_what_every_incident_has_makes_none_a_repeat(one: str, other: str):
    assert shared(words_of(one), words_of(other)) == ()


def day(number: int) -> datetime:
    return datetime(2026, 5, number, tzinfo=UTC)


def row(**fields: Any) -> ClueFound:
    return ClueFound(reference="INC-9", began_at=day(20), **fields)


def earlier(number: int, **fields: Any) -> ClueFound:
    return row(
        of=f"id-{number}", of_reference=f"INC-{number}", of_title="Search fails",
        of_began_at=day(number), **{"of_counts": True, **fields},
    )  # fmt: skip


def match(number: int, text: str = POOL, **fields: Any) -> ClueFound:
    own = "The pool of connections has no limit"
    return earlier(
        number, own_kind=ClueKind.CAUSE, own_reference="INC-9", own_text=own,
        own_words=words_of(own), text=text, words=words_of(text),
        **{"kind": ClueKind.FACTOR, "clue_reference": f"PM-{number}", "factor": "pool", **fields},
    )  # fmt: skip


def item(number: int, **fields: Any) -> ClueFound:
    standing = {"status": ActionItemStatus.NOT_STARTED, "due_at": day(10), "factor": None}
    return earlier(
        number, kind=ClueKind.ACTION_ITEM, clue_reference=f"AI-{number}", text="Set limits",
        words=words_of("Set limits"), **{**standing, **fields},
    )  # fmt: skip


def test_a_single_word_says_the_same_where_it_is_all_that_both_say():
    alike: dict[str, Any] = {"own_text": "DNS", "own_words": ("dns",), "text": "dns"}
    kinds: dict[str, Any] = {
        "own_kind": ClueKind.CAUSE,
        "kind": ClueKind.CAUSE,
        "clue_reference": "INC-3",
    }
    assert repeats_of([earlier(3, words=("dns",), **kinds, **alike)]).flagged


def verdict(number: int, relation: Relation) -> ClueFound:
    return earlier(number, relation=relation)


def test_the_evidence_names_what_was_before_by_which_words_and_what_was_never_completed():
    found = repeats_of([match(5), match(3), item(3)])
    assert found.said == (
        f"Looks like the third incident by “{POOL}”: after INC-3 and INC-5."
        " AI-3 (“Set limits”) is not completed (due on 2026-05-09)."
    )
    assert (found.flagged, found.times, found.verdict) == (True, 3, None)
    assert [it.reference for it in found.earlier] == ["INC-3", "INC-5"], "the first one first"
    [alike] = found.earlier[0].alike
    assert (alike.words, alike.earlier_reference) == (("connection", "pool", "limits"), "PM-3")


def test_nothing_alike_is_no_repeat():
    found = repeats_of([row()])
    assert (found.flagged, found.times, found.earlier) == (False, 1, ())
    assert found.said == "Nothing on record says in the same words what INC-9 is about."


def test_what_a_person_confirms_is_said_as_it_is():
    found = repeats_of([match(3), verdict(3, Relation.REPEAT_OF)])
    assert found.said == f"Second incident by “{POOL}”: after INC-3."
    assert (found.verdict, found.earlier[0].verdict) == ("confirmed", "confirmed")


def test_what_a_person_rejects_is_flagged_no_more_and_stays_on_record():
    found = repeats_of([match(3), verdict(3, Relation.NOT_REPEAT_OF)])
    assert (found.flagged, found.times, found.verdict) == (False, 1, "rejected")
    assert [it.reference for it in found.earlier] == ["INC-3"]
    half = repeats_of([match(3), match(5), verdict(3, Relation.NOT_REPEAT_OF)])
    assert (half.flagged, half.times, half.verdict) == (True, 2, None)


def test_what_people_know_needs_no_words():
    found = repeats_of([verdict(3, Relation.REPEAT_OF), item(3)])
    assert found.said.startswith("Second incident of its kind: after INC-3. AI-3 ")


def test_an_item_about_a_factor_of_its_own_is_no_evidence():
    [found] = repeats_of([match(3), item(3, factor="alarm")]).earlier
    assert found.action_items == ()
    [found] = repeats_of([match(3), item(3, factor="pool")]).earlier
    assert [it.reference for it in found.action_items] == ["AI-3"]


@pytest.mark.parametrize(
    ("status", "ended_at", "became"),
    [
        (ActionItemStatus.IN_PROGRESS, None, "is not completed (due on 2026-05-09)"),
        (ActionItemStatus.DECLINED, day(12), "was declined on 2026-05-12"),
        (ActionItemStatus.DONE, day(12), "was completed on 2026-05-12, before this began"),
        (ActionItemStatus.DONE, day(21), "was completed on 2026-05-21, after this began"),
    ],
)
def test_what_became_of_an_item_is_true_of_each_state(
    status: ActionItemStatus, ended_at: datetime | None, became: str
):
    [found] = repeats_of([match(3), item(3, status=status, ended_at=ended_at)]).earlier
    assert found.action_items[0].became == became


def test_an_item_of_a_drill_is_evidence_and_the_drill_no_incident():
    drill = match(3, of_counts=False, kind=ClueKind.ACTION_ITEM, clue_reference="AI-3",
                  status=ActionItemStatus.NOT_STARTED, due_at=day(10), factor=None)  # fmt: skip
    found = repeats_of([drill])
    assert (found.flagged, found.times) == (True, 1)
    assert found.said == f"AI-3 (“{POOL}”) is not completed (due on 2026-05-09)."


def test_of_many_the_first_and_the_last_are_named_and_what_was_cut_off_is_said():
    many = repeats_of([match(number) for number in range(1, 8)])
    assert "eighth incident" in many.said
    assert many.said.endswith("after INC-1 and 6 others, INC-7 the last.")
    cut = repeats_of([match(3) for _ in range(ALIKE_MOST)])
    assert cut.said.startswith("Looks like at least the second incident by “")
