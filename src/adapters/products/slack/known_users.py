"""Which users of Slack may command: those whom the directory knows, once it knows anybody by Slack.

Before that, whoever is in the workspace may, as nothing says who belongs to it. While the directory
cannot be read, what was read last counts, and without that everybody: nobody is kept from an
incident by a read model.
"""

from adapters.products.slack.slash_commands import CONFIRM_HELP, USAGES
from domain.kernel.roster import Roster
from handlers.entrance.service import Service

SLACK = "slack"


async def stranger(service: Service, user_id: str, actor: str) -> str | None:
    """What is told to a user of Slack who is nobody here, and may nothing; None: it is somebody."""
    roster = await service.executor.rosters.for_names((actor,))
    if roster is None or is_known(roster, actor):
        return None
    said = (
        f"Not done: nobody who is active in the directory has the Slack id {user_id}. Whoever"
        " manages the directory adds it (`handles`, `slack`); until then somebody else has to"
        " act, or you do by the command line. Whoever is known may say:"
    )
    return f"{said}\n{helping()}"


def is_known(roster: Roster, actor: str) -> bool:
    """Whether the user whom the log would call so may command."""
    if not any(each.handles.get(SLACK) for each in roster.people):
        return True
    return any(each.active for each in roster.people_named(actor))


def helping() -> str:
    """What one may write behind `/incident`."""
    return "\n".join((*(f"`/incident {usage}`" for usage in USAGES), CONFIRM_HELP))
