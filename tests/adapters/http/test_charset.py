"""Bodies that say that they are in another character set than UTF-8."""

import pytest

from adapters.http.charset import in_utf8

SAID = '{"title": "Straße voll"}'


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("latin-1", "application/json; charset=ISO-8859-1"),
        ("cp1252", 'application/json;charset="windows-1252"'),
        ("latin-1", "text/plain; format=flowed; Charset = latin1"),
        ("utf-8", "application/json; charset=iso-8859-1"),
        ("utf-8", "application/json; charset=utf-8"),
        ("utf-8", ""),
    ],
)
def test_a_body_is_read_in_the_set_that_it_names_unless_it_is_utf8(
    encoding: str, content_type: str
):
    assert in_utf8(SAID.encode(encoding), content_type) == SAID.encode()


@pytest.mark.parametrize("encoding", ["shift_jis", "gb18030", "euc-kr", "koi8-r"])
def test_sets_of_other_scripts_are_read_as_well(encoding: str):
    said = {"koi8-r": "Диск полон", "euc-kr": "디스크"}.get(encoding, "障害")
    assert in_utf8(said.encode(encoding), f"text/plain; charset={encoding}") == said.encode()


@pytest.mark.parametrize(
    "named", ["nonsense", "zlib", "rot13", "idna", "unicode_escape", "utf-7", "", "shift_jis"]
)
def test_what_cannot_be_read_so_stays_as_it_is(named: str):
    body = b'{"a": "\xdf\xff"}'
    assert in_utf8(body, f"application/json; charset={named}") == body
