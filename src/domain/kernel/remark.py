"""What to reconsider about a command that was carried out all the same."""

import msgspec


class Remark(msgspec.Struct, frozen=True):
    """Something to reconsider: a stable `code`, the `detail` for people, the `rule` behind it."""

    code: str
    detail: str
    rule: str
