"""What the commands of an incident share: kinds of text, and the fields that all or many take."""

from typing import Annotated

import msgspec

from domain.kernel.commit import Instant

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"\S")]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"\S")]
Person = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class TimedCommand(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all commands share. Nobody is told of what happened longer ago than the live window of
    the policy (two days), unless `notify` asks for it. What is doubtful, such as times that
    contradict each other, is taken if `confirm` says that it is meant.
    """

    occurred_at: Instant | None = None
    notify: bool = False
    confirm: bool = False


class Gated(TimedCommand, frozen=True, kw_only=True):
    """What has to wait for others, such as roles, unless an emergency `override` says why not."""

    override: Text | None = None
