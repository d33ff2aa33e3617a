"""Links by which a page is answered without logging in."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from domain.kernel.recipient import Recipient
from domain.kernel.subject import Subject
from handlers.notify.answer_links import GOOD_FOR, AnswerLinks
from support.messages import NOON, intent

PAGE = "0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c00"
URL = "https://cp.example.com/"
LINKS = AnswerLinks(["the first secret", "the second secret"], URL)
PERSONAL = replace(
    intent(),
    subject=Subject(aggregate="page", id=PAGE, title="x", reference="PG-1"),
    recipient=Recipient(person="ada", name="Ada", method="email", address="a@b.c", attempt=3),
)


def test_a_link_names_the_page_the_attempt_and_until_when_it_is_good() -> None:
    link = LINKS.of(PERSONAL)
    assert link is not None
    assert link.startswith("https://cp.example.com/answer/")
    assert len(link) < 90  # it has to fit into a text message
    assert LINKS.read(link.rpartition("/")[2]) == (PAGE, 3, NOON + GOOD_FOR)
    assert LINKS.of(PERSONAL) == link


def test_a_secret_that_was_rotated_out_still_counts_and_one_of_others_does_not() -> None:
    token = AnswerLinks(["the second secret"], URL).token(PAGE, 3, NOON)
    assert LINKS.read(token) is not None
    assert AnswerLinks(["somebody else's"], URL).read(token) is None


@pytest.mark.parametrize("place", range(54))
def test_a_link_that_was_changed_anywhere_is_none(place: int) -> None:
    token = LINKS.token(PAGE, 3, NOON)
    assert len(token) == 54
    other = "A" if token[place] != "A" else "B"
    assert LINKS.read(token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("token", ["", "x", "A" * 54, "é" * 54, "A" * 5_000, "../../etc"])
def test_what_is_no_link_is_none(token: str) -> None:
    assert LINKS.read(token) is None


def test_only_who_is_paged_in_person_gets_one_and_only_where_there_is_an_address() -> None:
    assert LINKS.of(intent()) is None
    assert AnswerLinks(["the first secret"], None).of(PERSONAL) is None
    assert PERSONAL.recipient is not None
    tested = replace(PERSONAL, recipient=replace(PERSONAL.recipient, attempt=0))
    assert LINKS.of(tested) is None


def test_times_far_away_are_read_again() -> None:
    far = datetime(2100, 1, 1, tzinfo=UTC)
    read = LINKS.read(LINKS.token(PAGE, 2**31, far))
    assert read is not None
    assert (read.attempt, read.expires_at - far) == (2**31, timedelta())
