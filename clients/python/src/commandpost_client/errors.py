"""What can come of a request besides its answer."""


class CommandpostError(Exception):
    """The request was not done, or nobody knows."""


class Refused(CommandpostError):  # noqa: N818 - an outcome to act on
    """It was understood and refused: the same request will be refused again.

    `code` is stable (docs/errors.md of the service lists all), `detail` is for people, `field` is
    the one that is meant, `rule` the rule that stands against it, `status` that of HTTP.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int,
        field: str | None = None,
        rule: str | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.status = code, detail, status
        self.field, self.rule = field, rule


class Unavailable(CommandpostError):  # noqa: N818 - an outcome to act on
    """The service was not reached, or cannot do it now, however often it was tried. The same
    command with the same key may be sent again: it is done once.
    """

    def __init__(self, detail: str, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Unverified(CommandpostError):  # noqa: N818 - an outcome to act on
    """A webhook that does not come from whoever has the secret, or is too old."""
