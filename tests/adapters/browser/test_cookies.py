"""What browsers keep: how it is kept, and what of it counts."""

import pytest
from litestar import Request

from adapters.browser.cookies import IN_PLAIN, cookies_of

SECRET = f"cps_{'s':s<43}"


def sent(*lines: str) -> Request[object, object, object]:
    headers = [(b"cookie", line.encode()) for line in lines]
    scope = {"type": "http", "method": "GET", "headers": headers}
    return Request(scope)  # type: ignore[arg-type] # as much of one as is looked at


def test_over_tls_no_other_host_can_set_it():
    cookies = cookies_of("https://incidents.example.com")
    assert cookies.session.startswith("__Host-")
    kept = cookies.keep(cookies.session, SECRET, 60)
    assert (kept.secure, kept.httponly, kept.samesite, kept.path, kept.domain) == (
        True, True, "lax", "/", None,
    )  # fmt: skip
    assert cookies_of("http://127.0.0.1:8080") == cookies_of(None) == IN_PLAIN
    assert not IN_PLAIN.keep(IN_PLAIN.session, SECRET, 60).secure


@pytest.mark.parametrize(
    ("lines", "counts"),
    [
        ((f"commandpost-session={SECRET}",), True),
        ((f"a=b; commandpost-session={SECRET}; c=d",), True),
        (("a=b", f"commandpost-session={SECRET}"), True),
        ((f"commandpost-session={SECRET}; commandpost-session={SECRET}",), True),
        ((f"commandpost-session={SECRET}; commandpost-session=x",), False),
        ((f"commandpost-session={SECRET}", f"commandpost-session={SECRET}a"), False),
        ((f"__Host-commandpost-session={SECRET}",), False),
        ((f"commandpost-login={SECRET}",), False),
        (("commandpost-session=",), False),
        (("commandpost-session",), False),
        ((f'commandpost-session="{SECRET}"',), False),
        ((f"commandpost-session={SECRET}{'x' * 4_000}",), False),
        ((), False),
    ],
)
def test_one_secret_counts_and_nothing_else(lines: tuple[str, ...], *, counts: bool):
    assert IN_PLAIN.given(sent(*lines), IN_PLAIN.session) == (SECRET if counts else None)


def test_what_is_forgotten_is_empty_and_over():
    gone = IN_PLAIN.forget(IN_PLAIN.session)
    assert (gone.value, gone.max_age) == ("", 0)
