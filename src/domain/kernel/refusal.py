"""The one way in which the domain says no."""


class Refused(Exception):  # noqa: N818 - a refusal is an outcome, not a fault
    """A command that may not happen; nothing was written.

    `code` is stable and made for programs, `detail` for people; `field` names the input at fault
    and `rule` the rule that forbids it, where there is one. `invalid`: what was sent is at fault,
    and has to be said otherwise; if not, it is not possible as things stand.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        field: str | None = None,
        rule: str | None = None,
        invalid: bool = False,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field
        self.rule = rule
        self.invalid = invalid
