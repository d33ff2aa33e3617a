"""Whether an incident happened before, and how many did."""

from domain.incident import INCIDENT
from domain.incident.relation import Relation
from domain.learning.clues import ALIKE_MOST, KNOWN, ClueFound, ClueKind, Repeats
from domain.learning.happened_before import repeats_of
from domain.learning.recurring_words import SHARED_LEAST
from domain.learning.repeat_rate import RepeatCounts, RepeatRate, rate_of
from projections.incident.period import Began
from projections.learning.clue_rows import REPEATED
from projections.past import Cut
from projections.read_model import ById, Found, Question, Resource

_TOPS = """
    tops(id, top, reference) AS (
      SELECT id, id, reference FROM {subject} WHERE merged_into IS NULL
      UNION ALL
      SELECT s.id, t.top, s.reference FROM {subject} s JOIN tops t ON s.merged_into = t.id)
"""
"""Which incident carries on what was merged."""
_KNOWN = ", ".join(f"'{each}'" for each in KNOWN)

_SAID = """
    said AS (
      SELECT DISTINCT ON (later.top, earlier.top) later.top AS id, earlier.top AS of, r.relation
      FROM {repeat} r JOIN tops later ON later.id = r.id JOIN tops earlier ON earlier.id = r.of
      WHERE later.top <> earlier.top
      ORDER BY later.top, earlier.top, r.position DESC, r.relation)
"""
"""What people have said last of two incidents, and of what was merged into either."""

REPEATS_OF = Question(
    of=REPEATED.name,
    sql=f"""
        WITH RECURSIVE {_TOPS}, {_SAID},
        me AS (
          SELECT s.* FROM tops t JOIN {{subject}} s ON s.id = t.top WHERE t.id = $id),
        mine AS (
          SELECT c.* FROM {{clue}} c JOIN tops t ON t.reference = c.incident
          JOIN me ON t.top = me.id WHERE c.kind <> '{ClueKind.ACTION_ITEM}'),
        theirs AS (
          SELECT c.*, s.id AS of, s.reference AS of_reference, s.title AS of_title,
            s.began_at AS of_began_at, s.counts AS of_counts
          FROM {{clue}} c LEFT JOIN tops t ON t.reference = c.incident
          LEFT JOIN {{subject}} s ON s.id = t.top CROSS JOIN me
          WHERE c.kind IN ({_KNOWN}) AND me.counts AND CASE
            WHEN c.incident IS NULL THEN c.added_at < me.began_at
            WHEN s.id = me.id THEN false
            ELSE (s.began_at, s.number) < (me.began_at, me.number)
              AND (s.counts OR c.kind = '{ClueKind.ACTION_ITEM}') END),
        pairs AS (
          SELECT m.kind AS own_kind, m.reference AS own_reference, m.text AS own_text,
            m.words AS own_words, t.*, cardinality(both_have) AS same
          FROM mine m JOIN theirs t ON t.words && m.words CROSS JOIN LATERAL (
            SELECT ARRAY(SELECT unnest(m.words) INTERSECT SELECT unnest(t.words)) AS both_have) x
          WHERE cardinality(both_have) >= {SHARED_LEAST} OR lower(m.text) = lower(t.text)),
        alike AS (
          SELECT * FROM pairs
          ORDER BY same::float8 / least(cardinality(own_words), cardinality(words)) DESC,
            same DESC, added_at DESC, id, name, own_reference, own_kind, own_text
          LIMIT {ALIKE_MOST}),
        others AS (
          SELECT of FROM alike WHERE of IS NOT NULL UNION
          SELECT said.of FROM said JOIN me ON said.id = me.id),
        found AS (
          SELECT own_kind, own_reference, own_text, own_words, of, of_reference, of_title,
            of_began_at, of_counts, kind, reference, text, words, factor, status, due_at, ended_at,
            NULL AS relation
          FROM alike
          UNION ALL
          SELECT NULL, NULL, NULL, ARRAY[]::text[], of, of_reference, of_title, of_began_at,
            of_counts, kind, reference, text, words, factor, status, due_at, ended_at, NULL
          FROM theirs WHERE kind = '{ClueKind.ACTION_ITEM}' AND of IN (SELECT of FROM others)
          UNION ALL
          SELECT NULL, NULL, NULL, ARRAY[]::text[], s.id, s.reference, s.title, s.began_at,
            s.counts, NULL, NULL, NULL, ARRAY[]::text[], NULL, NULL, NULL, NULL, said.relation
          FROM said JOIN me ON said.id = me.id JOIN {{subject}} s ON s.id = said.of)
        SELECT me.reference, me.began_at, own_kind, own_reference, own_text,
          coalesce(own_words, ARRAY[]::text[]) AS own_words, of, of_reference, of_title,
          of_began_at, coalesce(of_counts, false) AS of_counts, kind,
          found.reference AS clue_reference, text, coalesce(words, ARRAY[]::text[]) AS words,
          factor, status, due_at, ended_at, relation
        FROM me LEFT JOIN found ON true
    """,  # noqa: S608 - nothing in it comes from outside
    takes=ById,
    answer=ClueFound,
)


def _repeats(_: ById, found: Found[ClueFound], __: Cut) -> Repeats | None:
    return repeats_of(found.items) if found.items else None


REPEATS = Resource(
    path="/v1/incidents/{ref}/repeats",
    operation_id="get_repeats",
    tag="learning",
    summary="Whether an incident happened before",
    description="Earlier causes, contributing factors and action items that say in the same words"
    " what the\nincident is about, with these words, what became of the action items, and what a"
    " person has\nsaid of it: a link `repeat_of` confirms it, `not_repeat_of` rejects it.",
    question=REPEATS_OF,
    about=INCIDENT,
    answers=Repeats,
    answer=_repeats,
    waits=True,
)

REPEATS_COUNTED = Question(
    of=REPEATED.name,
    sql=f"""
        WITH RECURSIVE {_TOPS}, {_SAID},
        judged AS (
          SELECT id, bool_or(relation = '{Relation.REPEAT_OF}') AS confirmed
          FROM said GROUP BY id),
        counted AS (
          SELECT s.reference, s.number, j.confirmed
          FROM {{subject}} s LEFT JOIN judged j ON j.id = s.id
          WHERE s.counts AND s.merged_into IS NULL
            AND ($since::timestamptz IS NULL OR s.began_at >= $since)
            AND ($until::timestamptz IS NULL OR s.began_at < $until))
        SELECT count(*) AS incidents, count(*) FILTER (WHERE confirmed) AS confirmed,
          count(*) FILTER (WHERE NOT confirmed) AS rejected,
          coalesce(
            array_agg(reference ORDER BY number) FILTER (WHERE confirmed), ARRAY[]::text[])
            AS repeats
        FROM counted
    """,  # noqa: S608 - nothing in it comes from outside
    takes=Began,
    answer=RepeatCounts,
)
"""How many incidents of a period are repeats: what a scorecard asks."""


def _rate(_: Began, found: Found[RepeatCounts], __: Cut) -> RepeatRate:
    return rate_of(found.items[0])


REPEAT_RATE = Resource(
    path="/v1/repeat-rate",
    operation_id="get_repeat_rate",
    tag="learning",
    summary="How many incidents are repeats",
    description="Of the incidents that began in a period, how many a person has confirmed as"
    " repeats of earlier\nones. Exercises, canceled and merged incidents do not count.",
    question=REPEATS_COUNTED,
    answers=RepeatRate,
    answer=_rate,
    waits=True,
    counts=True,
)
