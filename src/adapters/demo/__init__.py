"""A published outage, played through the real service."""


class PlayFaultError(Exception):
    """The service did not take a step of the play."""
