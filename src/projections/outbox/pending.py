"""Which intents a channel is to send next, asked of the rows of two projections: what is to be
told, and what became of deliveries.
"""

# ruff: noqa: S608 - names are quoted, values are parameters

from collections.abc import Iterable

from domain.notification.intent import INCIDENT
from projections.seen_rows import with_their_parts


def pending_statement(
    *, notifiable: str, sight: str, part: str, delivery: str, columns: Iterable[str]
) -> str:
    """The question as PostgreSQL takes it, over these tables, with these columns of the first.
    Its parameters are the channel; of each audience of each of its eras after which place, up to
    which, which audience, from which severity, in which place, for which services, with drills; the
    place behind which there may be more that is new; the time; how many are wanted; and the people
    and the teams who alone read the channel, none: that is not known; and of each of those rows the
    name of the channel, if that is told alone what is addressed to it, and whether it is for what
    administrators are told, or for what persons are told who are reached by methods that it carries
    (as the text of an array), and by nothing else. What is private goes through
    the channel if all of them may see it, as it stands now, and so does what is part of it; what is
    for one person goes to that person.

    What is told to several audiences reaches a channel once: as the first of them (`place`) hears
    it. Whether anything is recorded of it is asked afterwards, or the next would take its turn.
    Of the same severity, those who have opened something take turns: a flood of one of them holds
    up what another one has to say by one message.
    """
    shown = ", ".join(f"n.{column}" for column in columns)
    return f"""
WITH untold AS ({_untold(sight, part)}), wanted AS (
    SELECT after, upto, audience, min_severity, place, services::text[] AS services, drills,
        addressed, admins, carries::text[] AS carries
    FROM unnest(
        $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::integer[], $7::text[],
        $8::boolean[], $14::text[], $15::boolean[], $16::text[]
    ) AS era(
        after, upto, audience, min_severity, place, services, drills, addressed, admins, carries
    )
), fresh AS (
    SELECT DISTINCT ON (n.position, n.index) {shown}, wanted.audience
    FROM {notifiable} AS n JOIN wanted ON wanted.audience = ANY(string_to_array(n.audiences, ' '))
        AND n.position > wanted.after AND n.position <= wanted.upto
        AND n.peak <= wanted.min_severity
        AND (wanted.services = '{{}}' OR n.services = '{{}}' OR n.services && wanted.services)
        AND (wanted.drills OR NOT n.drill)
        AND n.through = wanted.addressed
        AND n.admins = wanted.admins
        AND CASE n.method WHEN '' THEN wanted.carries = '{{}}'
            ELSE n.method = ANY(wanted.carries) END
    WHERE n.position > $9 AND {_ALLOWED}
    ORDER BY n.position, n.index, wanted.place
)
SELECT * FROM (
    SELECT {shown}, n.audience, 0::bigint AS ledger_position FROM fresh AS n
    WHERE NOT EXISTS (
        SELECT FROM {delivery} AS d
        WHERE d.intent_id = {_intent_id("n.audience")} AND d.channel = $1
    )
    UNION ALL
    SELECT {shown}, d.audience, d.position FROM {delivery} AS d JOIN {notifiable} AS n
        ON n.subject = {_KEY} AND {_intent_id("d.audience")} = d.intent_id
    WHERE d.channel = $1 AND d.due_at <= $10 AND {_ALLOWED}
) AS open
ORDER BY severity, row_number() OVER (PARTITION BY severity, opened_by ORDER BY position), position
LIMIT $11
"""


def _untold(sight: str, part: str) -> str:
    """What is private, and not read by those alone who may see it: as `Sight.holds`."""
    private = f"""SELECT s.id FROM {sight} AS s WHERE NOT (
        $12::text[] <@ s.people AND $13::text[] <@ s.teams
        AND cardinality($12::text[]) + cardinality($13::text[]) > 0
    )"""
    return with_their_parts(private, part)


_ALLOWED = "(n.method <> '' OR n.subject NOT IN (SELECT id FROM untold))"


_KEY = f"CASE WHEN d.aggregate = '{INCIDENT}' THEN d.id ELSE d.aggregate || ':' || d.id END"
"""As `intent.key_of`, in SQL."""


def _intent_id(audience: str) -> str:
    """As `intent.intent_id`, in SQL."""
    told = f"convert_to(n.event_id || ' ' || {audience}, 'UTF8')"
    return f"left(encode(sha256({told}), 'hex'), 32)"
