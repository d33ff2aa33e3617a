"""Search: documents that have the words that somebody looks for, the best first."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, get_args

import msgspec

from domain.knowledge.excerpt import Mark, excerpt
from domain.knowledge.search_terms import Wanted, exactly, nearly, wanted
from projections.cursor import DAWN, END, cursor_of, place_of
from projections.knowledge.documents import DOCUMENTS, FoundKind
from projections.past import Cut
from projections.read_model import Found, Paging, Question, Resource

RANKED_MOST = 5_000
"""Of more that have the words, the latest so many are ranked."""
_Place = tuple[int, float, datetime, str]
_FIRST: _Place = (2, 0.0, END, "")


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """What has all the words of `q`, of these kinds (all, where none is named), behind the place
    `after`. Words may go on, and long ones be spelt otherwise by a letter. Raises `Refused`.
    """

    q: str
    kind: tuple[FoundKind, ...] = ()
    after: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20

    def __post_init__(self) -> None:
        _ = self.words, self._place

    @property
    def words(self) -> tuple[Wanted, ...]:
        return wanted(self.q)

    @property
    def exactly(self) -> str:
        return exactly(self.words)

    @property
    def nearly(self) -> str:
        return nearly(self.words)

    @property
    def kinds(self) -> list[str]:
        return list(self.kind or get_args(FoundKind))

    @property
    def spelt(self) -> int:
        return self._place[0]

    @property
    def rank(self) -> float:
        return self._place[1]

    @property
    def before(self) -> datetime:
        return self._place[2]

    @property
    def behind(self) -> str:
        return self._place[3]

    @property
    def _place(self) -> _Place:
        """Whether the last one seen was spelt so, its rank, its time, its id."""
        if self.after is None:
            return _FIRST
        seen: _Place = place_of(self.after, _Place)
        return (max(-1, min(seen[0], 2)), seen[1], _within(seen[2]), seen[3])


def _within(at: datetime) -> datetime:
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at, DAWN), END)


class FoundDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A row that has the words. `spelt`: 1 where they are spelt so. `incident` is the reference of
    the incident that it has to do with; an entry of a timeline goes by its title and status.
    """

    id: str
    kind: FoundKind
    reference: str | None
    incident: str | None
    incident_id: str | None
    title: str | None
    status: str | None
    severity: str | None
    at: datetime
    text: str
    spelt: int
    rank: float


SEARCH = Question(
    of=DOCUMENTS.name,
    sql=f"""
        WITH asked AS (SELECT $exactly::tsquery AS exactly, $nearly::tsquery AS nearly),
        latest AS (
            SELECT id, terms, coalesce(at, '0001-01-01Z') AS at, exactly, nearly
            FROM {{document}}, asked WHERE terms @@ nearly AND kind = ANY($kinds::text[])
            ORDER BY at DESC, id DESC LIMIT {RANKED_MOST}
        ),
        ranked AS (
            SELECT id, at, (terms @@ exactly)::int AS spelt,
                ts_rank('{{0.1, 0.2, 0.4, 1.0}}', terms, nearly, 1)::float8 AS rank
            FROM latest
        ),
        page AS (
            SELECT * FROM ranked
            WHERE (spelt, rank, at, id)
                < ($spelt::int, $rank::float8, $before::timestamptz, $behind)
            ORDER BY spelt DESC, rank DESC, at DESC, id DESC LIMIT $limit
        )
        SELECT page.id, page.at, spelt, rank, d.kind, d.reference, d.text,
            i.reference AS incident, i.id AS incident_id, coalesce(d.title, i.title) AS title,
            coalesce(d.status, i.status) AS status, coalesce(i.severity, d.severity) AS severity
        FROM page JOIN {{document}} AS d USING (id)
        LEFT JOIN LATERAL (
            SELECT id, reference, title, status, severity FROM {{document}} AS of
            WHERE of.kind = 'incident' AND (of.id = d.incident OR of.reference = d.incident)
            LIMIT 1
        ) AS i ON true
        ORDER BY spelt DESC, rank DESC, page.at DESC, page.id DESC
    """,  # noqa: S608 - a number of ours
    takes=SearchPage,
    answer=FoundDocument,
)


class SearchHit(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: an incident, a post-mortem or an action item by its `reference`, or an entry
    of an incident's timeline, whose `id` is its event_id. `incident` is the one that it has to do
    with, whose severity it has; an entry has its title and status as well. `found_in_title` and
    `found` say from which character of the title and of the `excerpt` to which stands what was
    looked for; both are texts, without markup. `spelt_otherwise`: some word is, by a letter.
    """

    kind: FoundKind
    reference: str | None
    id: str
    incident: str | None
    incident_id: str | None
    title: str | None
    status: str | None
    severity: str | None
    at: datetime | None
    excerpt: str
    found: tuple[Mark, ...]
    found_in_title: tuple[Mark, ...]
    spelt_otherwise: bool


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what was found, the best first; `next` is what to ask for the next one with, as
    `after`, null where there is none.
    """

    hits: list[SearchHit]
    next: str | None


def _hit(found: FoundDocument, words: Sequence[Wanted]) -> SearchHit:
    piece, title = excerpt(found.text, words), found.title or ""
    in_title = excerpt(title, words, most=len(title)).found
    return SearchHit(
        kind=found.kind,
        reference=found.reference,
        id=found.id,
        incident=found.incident,
        incident_id=found.incident_id,
        title=found.title,
        status=found.status,
        severity=found.severity,
        at=None if found.at == DAWN else found.at,
        excerpt=piece.text,
        found=piece.found,
        found_in_title=in_title,
        spelt_otherwise=not found.spelt,
    )


def _result(asked: SearchPage, found: Found[FoundDocument], _: Cut) -> SearchResult:
    assert not isinstance(found.next, int)
    words = asked.words
    return SearchResult(hits=[_hit(each, words) for each in found.items], next=found.next)


SEARCH_ALL = Resource(
    path="/v1/search",
    operation_id="search",
    tag="learning",
    summary="Search",
    description="Incidents, post-mortems, action items, and the notes, logged actions and updates"
    " of\ntimelines that have all the words of `q`, the best first.",
    question=SEARCH,
    answers=SearchResult,
    answer=_result,
    paging=Paging(
        by="after", place=lambda last: cursor_of(last.spelt, last.rank, last.at, last.id)
    ),
    waits=True,
)
