"""Parameters that several commands take."""

from typing import Annotated

from cyclopts import Parameter

Actor = Annotated[str, Parameter(help="Who or what acts.", env_var="USER")]
AsOf = Annotated[
    str | None, Parameter(help="Leave out what happened after this time (RFC 3339, with zone).")
]
KnownAt = Annotated[str | None, Parameter(help="Leave out what was learnt after this time.")]
