"""What is told of planned work, made up to try templates on."""

from collections.abc import Iterator

from domain.kernel.notifiable import MessageContext
from domain.maintenance import MAINTENANCE, telling_of_work
from domain.maintenance import events as e
from domain.maintenance.samples import MAINTENANCES
from domain.policy import DEFAULT
from domain.policy.audience import Audience
from handlers.notify.render import TemplateContext

_KIND_OF = dict(zip(
    telling_of_work.KINDS,
    (
        e.MaintenanceScheduled, e.MaintenanceChanged, e.MaintenanceReminded,
        e.MaintenanceUpdatePosted, e.MaintenanceStarted, e.MaintenanceCompleted,
        e.MaintenanceCanceled,
    ),
    strict=True,
))  # fmt: skip


def samples_of_maintenance() -> Iterator[TemplateContext]:
    """Each kind that is told to each audience."""
    announced, *_ = MAINTENANCES.events
    work = MAINTENANCE.fold(MAINTENANCE.initial, (announced,))
    for audience in (Audience.ENGINEERING, Audience.CUSTOMERS):
        build = telling_of_work.CONTEXTS.build[audience]
        for kind, made in _KIND_OF.items():
            event = next(each for each in MAINTENANCES.events if isinstance(each, made))
            yield build(audience, kind, MessageContext(work, event, None), DEFAULT)
