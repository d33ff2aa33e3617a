"""What the service itself says of an incident, as products report it; nobody else may say it."""

from domain.incident.alerts.alert import Alert
from domain.incident.command_fields import TimedCommand
from domain.incident.system_change import SystemChange
from domain.kernel.commit import Instant


class ReceiveAlert(TimedCommand, frozen=True, kw_only=True):
    """Take note of what a paging product reports. Not public: intake alone sends it. `repeated_at`:
    its product says the same again and again without naming each report, so this may be no news;
    what has changed has done so by then. `fires`: it says that the alert is on, whatever its kind.
    """

    alert: Alert
    repeated_at: Instant | None = None
    fires: bool = False


class CheckHolders(TimedCommand, frozen=True, kw_only=True):
    """See whether those who have roles are active, as the directory has it by now. Not public: the
    service sends it where somebody has left, or is back.
    """


class NoteChange(TimedCommand, frozen=True, kw_only=True):
    """A system was changed, which may have to do with it. Not public: sources tell of changes."""

    change: SystemChange
