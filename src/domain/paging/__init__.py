"""Waking people: escalation policies say whom, in which order; pages climb them until answered."""

from domain.paging.escalating import ESCALATION_POLICY
from domain.paging.pages import PAGE

__all__ = ["ESCALATION_POLICY", "PAGE"]
