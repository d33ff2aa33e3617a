"""What was done in incidents, in the words of those who logged it."""

import msgspec

from projections.knowledge.documents import DOCUMENTS
from projections.read_model import ByIds, Question

ACTIONS_MOST = 2_000


class LoggedText(msgspec.Struct, frozen=True, kw_only=True):
    """An action of the timeline of the incident `about`."""

    about: str
    text: str


ACTIONS_IN = Question(
    of=DOCUMENTS.name,
    sql=f"""
        SELECT about, text FROM {{document}}
        WHERE kind = 'action' AND about = ANY($ids) ORDER BY at, id LIMIT {ACTIONS_MOST}
    """,  # noqa: S608 - a number of ours
    takes=ByIds,
    answer=LoggedText,
)
"""The actions that were logged in these incidents, the oldest first."""
