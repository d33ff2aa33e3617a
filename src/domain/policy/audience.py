"""Who is told of what happens. The values are on disk and in configurations: rename nothing."""

from enum import StrEnum


class Audience(StrEnum):
    """Who is told (brief, "Manage stakeholder communication … per audience"). What customers are
    told is public.
    """

    ENGINEERING = "engineering"
    EXECUTIVES = "executives"
    CUSTOMERS = "customers"


Audiences = tuple[Audience, ...]

OURS = (Audience.ENGINEERING, Audience.EXECUTIVES)
"""Those of our own people."""
