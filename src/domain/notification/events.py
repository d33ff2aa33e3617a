"""What happens to a notification on its way out, one stream per subject.

These names are on disk for ever. Rename nothing: add an optional field, or supersede a tag.
"""

from domain.kernel.commit import Event, Instant
from domain.kernel.totality import kinds
from domain.policy.audience import Audience


class Notified(Event, frozen=True, kw_only=True, omit_defaults=True):
    """What all these events say: what was to be told, to whom, through which channel."""

    intent_id: str
    channel: str
    audience: Audience
    subject: str


class NotificationAttempted(
    Notified, frozen=True, kw_only=True, omit_defaults=True, tag="notification.attempted.v1"
):
    """A worker is about to send; `attempt` counts from 1."""

    attempt: int


NOTHING_TO_PAGE = "nothing to page"
"""How the receipt of a pager begins whom a message gave no reason to page anybody."""


class NotificationDelivered(
    Notified, frozen=True, kw_only=True, omit_defaults=True, tag="notification.delivered.v1"
):
    """The channel has taken it; `receipt` is what it answered."""

    attempt: int
    receipt: str

    @property
    def is_told(self) -> bool:
        """Whether it went anywhere: pagers take everything, and page about little of it."""
        return not self.receipt.startswith(NOTHING_TO_PAGE)


class NotificationFailed(
    Notified, frozen=True, kw_only=True, omit_defaults=True, tag="notification.failed.v1"
):
    """An attempt failed. The next one is due at `retry_at`; without one it is a dead letter."""

    attempt: int
    reason: str
    will_retry: bool
    retry_at: Instant | None = None


class NotificationSuppressed(
    Notified, frozen=True, kw_only=True, omit_defaults=True, tag="notification.suppressed.v1"
):
    """Never tried, and not to be: `reason` is `expired`, `answered` by the event `by`, or that
    it is told by that in another way.
    """

    reason: str
    by: str | None = None


class NotificationRequeued(
    Notified, frozen=True, kw_only=True, omit_defaults=True, tag="notification.requeued.v1"
):
    """Somebody wants it sent after all, or sooner."""


NotificationEvent = (
    NotificationAttempted
    | NotificationDelivered
    | NotificationFailed
    | NotificationSuppressed
    | NotificationRequeued
)

EVENTS: tuple[type[NotificationEvent], ...] = kinds(NotificationEvent)
