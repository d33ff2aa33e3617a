"""The directory as it stands, and a plan carried out on it."""

from typing import Any

import msgspec

from adapters.as_code.folder import Folder
from adapters.as_code.kinds import KINDS
from adapters.as_code.steps import Plan, PlanStep, Views, orders_of
from domain.kernel.refusal import Refused
from domain.sight import PUBLIC
from handlers.entrance.service import Service
from handlers.kernel.provenance import Caller
from projections.past import NOW

PAGE = 1_000


class RefusedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was refused, by which code, and why."""

    table: str
    slug: str
    code: str
    why: str


class StepRemark(msgspec.Struct, frozen=True, kw_only=True):
    """What to reconsider about a step that was taken."""

    table: str
    slug: str
    code: str
    detail: str


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """How many steps were taken, what to reconsider about them, and which were refused. All commits
    that it made carry this correlation id.
    """

    correlation_id: str
    done: int
    refused: tuple[RefusedStep, ...]
    warnings: tuple[StepRemark, ...] = ()


async def views_of(service: Service) -> Views:
    """All entries of the directory, as the lists show them. Raises `Unavailable`."""
    found: dict[str, dict[str, Any]] = {}
    for kind in KINDS:
        entries = found[kind.table] = {}
        after = ""
        while True:
            page = await service.ask(kind.listed, {"after": after, "limit": PAGE}, PUBLIC)
            for each in page.answer:
                entries[each.id] = (
                    each
                    if kind.in_full
                    else await service.show(kind.aggregate, each.id, NOW, PUBLIC)
                )
            if len(page.answer) < PAGE:
                break
            after = page.answer[-1].id
    return found


async def apply(service: Service, plan: Plan, folder: Folder, sender: Caller) -> Applied:
    """Take the steps in their order; one that is refused does not keep the others back. Each is
    written by itself: cut off, it goes on where it was when it is applied again. Raises
    `Unavailable`.
    """
    done, refused, warnings = 0, list[RefusedStep](), list[StepRemark]()
    for step in plan.steps:
        try:
            warnings += await _take(service, step, folder, sender)
            done += 1
        except Refused as no:
            refused.append(
                RefusedStep(table=step.table, slug=step.slug, code=no.code, why=no.detail)
            )
    return Applied(
        correlation_id=sender.correlation_id,
        done=done,
        refused=tuple(refused),
        warnings=tuple(warnings),
    )


async def _take(
    service: Service, step: PlanStep, folder: Folder, sender: Caller
) -> list[StepRemark]:
    found: list[StepRemark] = []
    for order in orders_of(step, folder):
        body = msgspec.json.encode(order.body)
        done = await service.send(order.kind.aggregate, order.command, order.ref, body, sender)
        found += (
            StepRemark(table=step.table, slug=step.slug, code=it.code, detail=it.detail)
            for it in done.answer.warnings
        )
    return found
