"""What customers read is so: words that claim more than the log knows are asked about, whichever
way they come to be read.
"""

from collections.abc import Mapping

from domain.incident.messages.phrases import MENDED, OVER, claimed
from domain.incident.state import Closed, KnownIncident, Open, Stage, status
from domain.kernel.refusal import Refused

RULE = (
    "Customers are told what is so: mitigate or resolve the incident first, or say confirm: true."
)


def check_words(texts: Mapping[str, str | None], incident: KnownIncident) -> None:
    """`texts` by the field that says them. Raises `Refused` for the first that says that it is
    over, though it is not, or that users are helped, though nothing is mitigated.
    """
    if isinstance(incident, Closed):
        return
    watched = isinstance(incident, Open) and incident.stage is Stage.MONITORING
    for field, text in texts.items():
        found = claimed(OVER, text or "") or (None if watched else claimed(MENDED, text or ""))
        if found is not None:
            raise too_much(found, field, incident)


def too_much(claim: str, field: str, incident: KnownIncident) -> Refused:
    """Customers would read that."""
    return Refused(
        "update.claims_too_much",
        f"customers would read “{claim}”, and {incident.facts.reference} is {status(incident)}",
        field=field,
        rule=RULE,
        invalid=True,
    )
