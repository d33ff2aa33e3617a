"""A resource is answered from rows, or about the past from the log; about none that is unknown."""

from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
import pytest

from domain.kernel.aggregate import Aggregate, View
from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN, Decider
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT, Policy
from domain.sight import SERVICE
from handlers.queries import resources
from handlers.queries.parameters import taken
from handlers.queries.resources import Page, answer, reads_rows
from projections.past import NOW, Cut, show_then
from projections.read_model import (
    Addition,
    ById,
    ByIds,
    Candidate,
    LookBack,
    Paging,
    Question,
    Resource,
)
from support.answers import Answers
from support.read_models import NOON, Moved, memory, moved


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    far: int


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    least: int = 0
    limit: int = 100
    since: datetime | None = msgspec.field(default=None, name="from")
    moods: tuple[Literal["calm", "wild"], ...] = msgspec.field(default=(), name="mood")
    by: Literal["day", "week"] = "day"


class Then(msgspec.Struct, frozen=True, kw_only=True):
    limit: int = 100
    as_of: datetime | None = None
    known_at: datetime | None = None


def view(id_: str, far: int | None, _: int) -> Journey | None:
    return None if far is None else Journey(id=id_, far=far)


def evolve(far: int | None, event: Event, _: str = UNKNOWN) -> int | None:
    return (far or 0) + event.amount if isinstance(event, Moved) else far


WALK: Aggregate[Any, int | None, Any] = Aggregate(
    name="walk",
    plural="walks",
    decider=Decider(initial=None, decide=lambda *_: [], evolve=evolve),
    events=(Moved,),
    begin=(Moved,),
    opens=(msgspec.Struct,),
    view=View(Journey, view),
)


def ask(takes: Any, kind: Any = Journey) -> Question[..., Any]:
    return Question(of="walks", sql="SELECT * FROM {walk}", takes=takes, answer=kind)


LIST, CANDIDATES, SHOW = ask(Wanted), ask(Then, Candidate[Journey]), ask(ById)


def past(asked: Any, id_: str, commits: Any, cut: Cut) -> list[Journey]:
    shown = show_then(WALK, id_, commits, cut)
    return [shown] if shown and shown.far >= getattr(asked, "least", 0) else []


WALKS = Resource(
    path="/v1/walks", operation_id="list_walks", tag="walks", description="All.", question=LIST,
    paging=Paging(by="before", place=lambda journey: ord(journey.id)),
    look_back=LookBack(streams=("walk.",), past=past, candidates=CANDIDATES),
)  # fmt: skip
ONE_WALK = Resource(
    path="/v1/walks/{ref}", operation_id="get_walk", tag="walks", description="One.",
    question=SHOW, about=WALK, look_back=LookBack(streams=("walk.",), past=past),
)  # fmt: skip


def page(answered: list[Any], next_: int | None = None) -> Page:
    return Page(answered, next_, tuple(answered))


async def found(*rows: Any) -> list[Any]:
    return list(rows)


def candidates(*ids: str, shown: Journey | None = None) -> list[Candidate[Journey]]:
    return [Candidate(id=it, place=ord(it), commits=1, shown=shown) for it in ids]


async def asked_then(store: Any, rows: list[Any], wanted: Wanted, cut: Cut) -> Page:
    then = await answer(
        store, Answers({CANDIDATES: lambda _: found(*rows)}), SERVICE, WALKS, wanted, cut
    )
    assert then is not None
    return then


async def test_a_list_then_is_that_of_the_log_among_the_candidates():
    store, writer = memory()
    for id_, far in (("a", 3), ("b", 5), ("c", 7)):
        await writer.write(f"walk.{id_}", moved(far))
    given: list[Any] = []

    async def candidates_of(taken: Any) -> list[Any]:
        given.append(taken)
        return candidates("c", "b", "a")

    answers = Answers({LIST: lambda _: found(Journey(id="now", far=0)), CANDIDATES: candidates_of})
    cut = Cut(known_at=NOON + timedelta(hours=1))
    then = await answer(store, answers, SERVICE, WALKS, Wanted(least=4), cut)
    assert then == page([Journey(id="c", far=7), Journey(id="b", far=5)])
    assert given == [Then(limit=101, known_at=cut.known_at)]
    first = await answer(store, answers, SERVICE, WALKS, Wanted(limit=1), cut)
    assert first == page([Journey(id="c", far=7)], ord("c"))
    before = Cut(as_of=NOON - timedelta(days=1))
    assert await answer(store, answers, SERVICE, WALKS, Wanted(), before) == page([])
    assert await answer(store, answers, SERVICE, WALKS, Wanted()) == page(
        [Journey(id="now", far=0)]
    )


async def test_what_a_row_can_tell_of_then_is_not_asked_of_the_log():
    store, writer = memory()
    await writer.write("walk.b", moved(5))
    rows = [*candidates("z", shown=Journey(id="z", far=9)), *candidates("b")]
    then = await asked_then(store, rows, Wanted(), Cut(as_of=NOON + timedelta(hours=1)))
    assert then == page([Journey(id="z", far=9), Journey(id="b", far=5)])


@pytest.mark.parametrize("bound", ["FOLDED_MOST", "COMMITS_MOST"])
async def test_a_page_ends_where_too_much_would_be_folded_and_says_where_to_go_on(
    bound: str, monkeypatch: pytest.MonkeyPatch
):
    """Also where nothing was found before: what is folded is bounded, whatever is wanted."""
    store, writer = memory()
    for id_ in "abcde":
        await writer.write(f"walk.{id_}", moved(5))
    monkeypatch.setattr(resources, bound, 2)
    cut, settled = Cut(as_of=NOON + timedelta(hours=1)), Journey(id="z", far=9)
    rows = [*candidates("e", "d"), *candidates("z", shown=settled), *candidates("c", "b", "a")]
    then = await asked_then(store, rows, Wanted(least=6), cut)
    assert then == page([settled], ord("z"))
    rows = [Candidate(id="e", place=5, commits=9, shown=None), *candidates("d")]
    then = await asked_then(store, rows, Wanted(), cut)
    first_alone = page([Journey(id="e", far=5)], 5)
    both = page([Journey(id="e", far=5), Journey(id="d", far=5)])
    assert then == (first_alone if bound == "COMMITS_MOST" else both)


async def test_a_full_page_says_where_the_next_begins_and_the_last_one_says_nothing():
    store, _ = memory()
    journeys = [Journey(id=it, far=1) for it in "abc"]
    answers = Answers({LIST: lambda taken: found(*journeys[: taken.limit])})
    assert await answer(store, answers, SERVICE, WALKS, Wanted(limit=2)) == page(
        journeys[:2], ord("b")
    )
    assert await answer(store, answers, SERVICE, WALKS, Wanted(limit=3)) == page(journeys)


async def test_one_that_is_not_in_the_log_is_unknown_and_one_without_rows_is_not():
    store, writer = memory()
    await writer.write("walk.a", moved(3))
    nothing = Answers({SHOW: lambda _: found()})
    assert await answer(store, nothing, SERVICE, ONE_WALK, ById(id="a")) == page([])
    assert await answer(store, nothing, SERVICE, ONE_WALK, ById(id="z")) is None
    cut = Cut(as_of=NOON + timedelta(hours=1))
    assert await answer(store, nothing, SERVICE, ONE_WALK, ById(id="a"), cut) == page(
        [Journey(id="a", far=3)]
    )


def test_rows_are_needed_unless_the_log_alone_can_answer():
    cut = Cut(as_of=NOON)
    assert [reads_rows(each, NOW) for each in (WALKS, ONE_WALK)] == [True, True]
    assert [reads_rows(each, cut) for each in (WALKS, ONE_WALK)] == [True, False]


def test_a_resource_shows_an_aggregate_where_its_path_is_that_of_one():
    assert (ONE_WALK.shows, WALKS.shows) == (WALK, None)


def test_times_and_words_are_read_by_the_types_of_the_fields():
    given = {"since": "2026-05-04T14:00:00+02:00", "moods": ["calm,wild"], "by": ["week"]}
    assert taken(LIST, given) == Wanted(since=NOON, moods=("calm", "wild"), by="week")
    assert taken(LIST, {"since": None, "moods": None, "by": None, "least": 3}) == Wanted(least=3)


@pytest.mark.parametrize(
    ("given", "field", "rule"),
    [
        ({"since": "soon"}, "from", "RFC 3339 with a zone"),
        ({"moods": ["calm", "sad"]}, "mood", "one of calm, wild"),
        ({"by": ["day", "week"]}, "by", "once"),
        ({"by": ["year"]}, "by", "one of day, week"),
    ],
)
def test_what_a_question_does_not_take_is_refused_by_name_and_rule(
    given: Any, field: str, rule: str
):
    with pytest.raises(Refused) as refused:
        taken(LIST, given)
    assert (refused.value.field, refused.value.rule) == (field, rule)


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kilos: int


WEIGHTS = ask(ByIds, Weight)


def weighed(journey: Journey, found: Any) -> Journey:
    return msgspec.structs.replace(journey, far=journey.far + sum(it.kilos for it in found))


def weights_then(id_: str, commits: Any, cut: Cut, policy: Policy) -> list[Weight]:
    assert policy is DEFAULT
    known = [each for each in commits if cut.knows(each)]
    return [Weight(id=id_, kilos=1000 * len(known))]


ADDITION = Addition(question=WEIGHTS, add=weighed, streams=("walk.",), then=weights_then)
HEAVY = msgspec.structs.replace(WALKS, additions=(ADDITION,))


async def test_answers_have_what_other_read_models_know_of_each_by_one_question_for_all():
    store, _ = memory()
    given: list[Any] = []

    async def weights(taken: Any) -> list[Any]:
        given.append(taken.ids)
        return [Weight(id="b", kilos=20), Weight(id="b", kilos=3)]

    rows = [Journey(id="a", far=1), Journey(id="b", far=2)]
    answers = Answers({LIST: lambda _: found(*rows), WEIGHTS: weights})
    assert await answer(store, answers, SERVICE, HEAVY, Wanted()) == page(
        [Journey(id="a", far=1), Journey(id="b", far=25)]
    )
    assert given == [("a", "b")]
    nobody = Answers({LIST: lambda _: found(), WEIGHTS: weights})
    assert await answer(store, nobody, SERVICE, HEAVY, Wanted()) == page([])
    assert len(given) == 1, "nothing to ask about"


async def test_about_the_past_the_log_says_what_is_to_be_added():
    store, writer = memory()
    await writer.write("walk.b", moved(5))
    answers = Answers({CANDIDATES: lambda _: found(*candidates("b"))})
    cut = Cut(as_of=NOON + timedelta(hours=1))
    assert await answer(store, answers, SERVICE, HEAVY, Wanted(), cut) == page(
        [Journey(id="b", far=1005)]
    )
