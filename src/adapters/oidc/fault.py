"""What keeps somebody from logging in, in words for who tries."""


class LoginFault(Exception):  # noqa: N818 - told to who logs in
    """A login is not possible: an HTTP status, a stable code, and what to do."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


def lies(detail: str) -> LoginFault:
    """The issuer, or who claims to be it, says what cannot be true."""
    return LoginFault(
        502,
        "login.issuer_invalid",
        f"{detail}. Nobody is logged in by this; whoever runs the service or the issuer can tell"
        " what is wrong there. Tokens and the links of `commandpost login` work meanwhile",
    )


def away(issuer: str, why: str) -> LoginFault:
    """The issuer does not answer, or not in time."""
    return LoginFault(
        503,
        "login.issuer_unreachable",
        f"{issuer} cannot be asked now ({why}). Nobody is logged in by it meanwhile; sessions that"
        " were begun, tokens, and the links of `commandpost login` work without it",
    )
