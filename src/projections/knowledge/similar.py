"""Similar incidents: which were like this one, why, and what helped then."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from domain.incident import INCIDENT
from domain.knowledge.similarity import Reason, Traits, most_alike, told_words
from projections.knowledge.alike import asked_by
from projections.knowledge.documents import DOCUMENTS
from projections.past import Cut
from projections.read_model import ById, Found, Question, Resource

MATCHED_MOST, BY_WORDS_MOST, BY_SERVICE_MOST, BY_ALERT_MOST = 5_000, 100, 40, 20
"""So many rows with a word of it are ranked, the latest; so many incidents are compared with it."""
TEXT_MOST, ENTRIES_MOST, ENTRY_MOST, ACTIONS_MOST = 1_500, 15, 150, 5
"""So much of a text, so many entries of a timeline, and so much of each, is compared; so many
actions are shown.
"""


class SimilarTo(ById, frozen=True, kw_only=True):
    """An incident, and how many like it are wanted."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=20)] = 5


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as it is compared, and what became of it; among them the one that is asked about.
    `actions` were logged on it, the last ones.
    """

    id: str
    reference: str
    title: str
    severity: str
    status: str
    text: str
    entries: str | None
    services: tuple[str, ...]
    alerts: tuple[str, ...]
    began_at: datetime | None
    resolved_at: datetime | None
    changed: bool
    cause: str | None
    mitigation: str | None
    resolution: str | None
    actions: tuple[str, ...] | None
    last_update: str | None
    postmortem: str | None
    mitigators: tuple[str, ...] | None

    @property
    def traits(self) -> Traits:
        return Traits(
            id=self.id,
            text=f"{self.title} · {self.text} · {self.entries or ''}",
            services=self.services,
            alerts=self.alerts,
            began_at=self.began_at,
            changed=self.changed,
        )


_ENTRIES = "('note', 'action', 'update')"


def _compared(own: str, itself: str) -> str:
    """Those that may be like `own`, a row, with what is compared of each; and `itself`, ids of what
    is there of its own.
    """
    return f"""
        WITH own AS ({own}),
        matched AS (
            SELECT d.about, ts_rank(terms, own.asked::tsquery, 1) AS rank
            FROM {{document}} AS d, own
            WHERE own.asked <> '' AND terms @@ own.asked::tsquery
                AND kind IN ('incident', 'note', 'action', 'update')
            ORDER BY d.at DESC NULLS LAST, d.id DESC LIMIT {MATCHED_MOST}
        ),
        others AS (
            (SELECT about AS id FROM matched GROUP BY about
                ORDER BY max(rank) DESC, about DESC LIMIT {BY_WORDS_MOST} + $limit)
            UNION
            (SELECT a.id FROM {{alike}} AS a, own WHERE a.services && own.services
                ORDER BY a.began_at DESC NULLS LAST, a.id DESC LIMIT {BY_SERVICE_MOST})
            UNION
            (SELECT a.id FROM {{alike}} AS a, own WHERE a.alerts && own.alerts
                ORDER BY a.began_at DESC NULLS LAST, a.id DESC LIMIT {BY_ALERT_MOST})
            UNION {itself}
        )
        SELECT a.id, d.reference, d.title, d.severity, d.status,
            left(d.text, {TEXT_MOST}) AS text, a.services, a.alerts,
            a.began_at, a.resolved_at, a.changed, a.cause, a.mitigation, a.resolution,
            said.entries, said.actions, said.last_update, h.reference AS postmortem, h.mitigators
        FROM others JOIN {{alike}} AS a USING (id) JOIN {{document}} AS d USING (id)
        LEFT JOIN LATERAL (
            SELECT string_agg(left(text, {ENTRY_MOST}), ' ' ORDER BY at, id) AS entries,
                (array_agg(text ORDER BY at DESC, id DESC)
                    FILTER (WHERE kind = 'action'))[1:{ACTIONS_MOST}] AS actions,
                (array_agg(text ORDER BY at DESC, id DESC)
                    FILTER (WHERE kind = 'update'))[1] AS last_update
            FROM (
                SELECT * FROM {{document}} AS e
                WHERE e.about = a.id AND e.kind IN {_ENTRIES}
                ORDER BY at DESC, e.id DESC LIMIT {ENTRIES_MOST}
            ) AS latest
        ) AS said ON true
        LEFT JOIN {{helped}} AS h ON h.incident = a.id
        WHERE a.compared OR a.id IN ({itself})
    """  # noqa: S608 - written here


CANDIDATES = Question(
    of=DOCUMENTS.name,
    sql=_compared("SELECT * FROM {alike} WHERE id = $id", "SELECT $id::text"),
    takes=SimilarTo,
    answer=Compared,
)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that nobody has declared yet, by what is said of it; and how many like it are
    wanted.
    """

    text: str
    services: tuple[str, ...] = ()
    limit: int = 5

    @property
    def asked(self) -> str:
        """The words by which others are looked for, as a query."""
        return asked_by(told_words(self.text))

    @property
    def traits(self) -> Traits:
        return Traits(id="", text=self.text, services=self.services)


LIKE_A_DRAFT = Question(
    of=DOCUMENTS.name,
    sql=_compared(
        "SELECT $asked::text AS asked, $services::text[] AS services, '{}'::text[] AS alerts",
        "SELECT NULL::text",
    ),
    takes=Draft,
    answer=Compared,
)
"""What an incident that is about to be declared may be like."""


def like_draft(draft: Draft, found: Sequence[Compared]) -> list["SimilarIncident"]:
    """Those of what was found that are like it, the most alike first."""
    by_id = {each.id: each for each in found}
    alike = most_alike(draft.traits, [each.traits for each in found], draft.limit)
    return [_shown(by_id[each.id], each.score, each.reasons) for each in alike]


class WhatHelped(msgspec.Struct, frozen=True, kw_only=True):
    """What is on record of how one went: its cause, its mitigation and resolution, the last actions
    that were logged, in order, the last update that was posted, and what its post-mortem says that
    softened it. Null: that is not known.
    """

    cause: str | None
    mitigation: str | None
    resolution: str | None
    actions: tuple[str, ...]
    last_update: str | None
    mitigators: tuple[str, ...]
    postmortem: str | None


class SimilarIncident(msgspec.Struct, frozen=True, kw_only=True):
    """One that is like it: how much, and why, the weightiest reason first."""

    id: str
    reference: str
    title: str
    severity: str
    status: str
    began_at: datetime | None
    resolved_at: datetime | None
    score: float
    reasons: tuple[Reason, ...]
    helped: WhatHelped


class SimilarIncidents(msgspec.Struct, frozen=True, kw_only=True):
    """Those that are like an incident, the most alike first."""

    id: str
    reference: str
    similar: list[SimilarIncident]


def _similar(asked: SimilarTo, found: Found[Compared], _: Cut) -> SimilarIncidents | None:
    by_id = {each.id: each for each in found.items}
    own = by_id.pop(asked.id, None)
    if own is None:
        return None
    alike = most_alike(own.traits, [each.traits for each in by_id.values()], asked.limit)
    return SimilarIncidents(
        id=own.id,
        reference=own.reference,
        similar=[_shown(by_id[each.id], each.score, each.reasons) for each in alike],
    )


def _shown(one: Compared, score: float, reasons: tuple[Reason, ...]) -> SimilarIncident:
    helped = WhatHelped(
        cause=one.cause,
        mitigation=one.mitigation,
        resolution=one.resolution,
        actions=tuple(reversed(one.actions or ())),
        last_update=one.last_update,
        mitigators=one.mitigators or (),
        postmortem=one.postmortem,
    )
    return SimilarIncident(
        id=one.id,
        reference=one.reference,
        title=one.title,
        severity=one.severity,
        status=one.status,
        began_at=one.began_at,
        resolved_at=one.resolved_at,
        score=score,
        reasons=reasons,
        helped=helped,
    )


SIMILAR = Resource(
    path="/v1/incidents/{ref}/similar",
    operation_id="list_similar",
    tag="learning",
    summary="Similar incidents",
    description="Incidents that were like this one: which services, words and alerts they share,"
    " how they\nbegan, and what helped then.",
    question=CANDIDATES,
    about=INCIDENT,
    answers=SimilarIncidents,
    answer=_similar,
    waits=True,
)
