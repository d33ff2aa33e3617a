"""What is said of an incident: to whom, with which facts, and what is wrong with how it is said."""

from domain.notification.digest import Action, Digest
from domain.notification.internal_context import InternalContext, build_internal_context
from domain.notification.public_context import PublicContext, build_public_context
from domain.notification.retraction import answered

__all__ = [
    "Action",
    "Digest",
    "InternalContext",
    "PublicContext",
    "answered",
    "build_internal_context",
    "build_public_context",
]
