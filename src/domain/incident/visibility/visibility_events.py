"""That an incident is private, or no longer.

The names are on disk for ever. Rename nothing: add an optional field, or supersede a tag and teach
the upcasters.
"""

from domain.kernel.commit import Event
from domain.sight import Sight


class VisibilitySet(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.visibility_set.v1"
):
    """From now on `private` alone may see the incident, all of whom are named here; None: everybody
    may. It holds for all that was recorded before as well. `by_role`: somebody was added who was
    given a role.
    """

    private: Sight | None = None
    reason: str | None = None
    by_role: bool = False
