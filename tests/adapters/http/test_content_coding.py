"""Bodies that were compressed on their way."""

import gzip as gzip_
import zlib

import pytest

from adapters.http.content_coding import ExpandsError, UnknownCodingError, decoded

SAID = b'{"alerts": []}' * 100
MOST = 100_000


def gzip(body: bytes) -> bytes:
    return gzip_.compress(body, mtime=0)


def bare(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(body) + stream.flush()


@pytest.mark.parametrize(
    ("sent", "coding"),
    [
        (SAID, ""),
        (SAID, "identity"),
        (gzip(SAID), "gzip"),
        (gzip(SAID), "GZIP"),
        (gzip(SAID), "x-gzip"),
        (gzip(SAID), "identity, gzip"),
        (gzip(SAID), ""),
        (gzip(SAID[:700]) + gzip(SAID[700:]) + b"\0\0", "gzip"),
        (zlib.compress(SAID), "deflate"),
        (bare(SAID), " Deflate "),
        (zlib.compress(gzip(SAID)), "gzip,deflate"),
        (gzip(gzip(SAID)), "gzip, gzip"),
        (SAID, "gzip"),
        (SAID, "deflate"),
        (b"", "gzip"),
    ],
)
def test_what_was_encoded_is_decoded_and_what_only_says_so_stays(sent: bytes, coding: str):
    assert decoded(sent, coding, MOST) == (SAID if sent else b"", None)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "gzip," * 5, "x"])
def test_other_codings_are_not_understood(coding: str):
    with pytest.raises(UnknownCodingError):
        decoded(gzip(SAID), coding, MOST)


@pytest.mark.parametrize(
    ("sent", "coding"),
    [
        (gzip(bytes(MOST + 1)), "gzip"),
        (gzip(bytes(MOST)) + gzip(b"x"), "gzip"),
        (bare(bytes(10**8)), "deflate"),
        (gzip(gzip(bytes(10**8))), "gzip, gzip"),
    ],
)
def test_what_expands_to_more_than_the_limit_is_not_expanded(sent: bytes, coding: str):
    with pytest.raises(ExpandsError):
        decoded(sent, coding, MOST)


VARIED = b",".join(b'{"fingerprint": "%d"}' % number for number in range(5_000))


@pytest.mark.parametrize(
    ("sent", "coding"),
    [
        (gzip(VARIED)[:-8] + b"\0\0\0\0" + gzip(VARIED)[-4:], "gzip"),
        (gzip(VARIED)[:-4] + b"\1\0\0\0", "gzip"),
        (zlib.compress(VARIED)[:-4] + b"\0\0\0\0", "deflate"),
        (gzip(VARIED)[:-8] + b"\0" * 8, ""),
    ],
)
def test_a_wrong_checksum_costs_nothing_of_what_was_said(sent: bytes, coding: str):
    body, flaw = decoded(sent, coding, MOST * 10)
    assert body == VARIED
    assert flaw is not None
    assert "check" in flaw


@pytest.mark.parametrize("lost", [1, 4, 8])
@pytest.mark.parametrize(
    ("sent", "coding"), [(gzip(SAID), "gzip"), (gzip(SAID), ""), (gzip(SAID) * 2, "gzip")]
)
def test_an_end_that_is_missing_is_named(sent: bytes, coding: str, lost: int):
    body, flaw = decoded(sent[:-lost], coding, MOST)
    assert (body[: len(SAID)], flaw) == (SAID, "the gzip body breaks off before its end")


@pytest.mark.parametrize("lost", [1, 4])
def test_so_is_that_of_a_deflated_one(lost: int):
    said = (SAID, "the deflate body breaks off before its end")
    assert decoded(zlib.compress(SAID)[:-lost], "deflate", MOST) == said


def test_what_breaks_off_before_anything_was_said_stays_as_it_is():
    assert decoded(gzip(SAID)[:10], "gzip", MOST) == (gzip(SAID)[:10], None)


def test_what_stands_before_the_damage_is_kept():
    sent = gzip(VARIED)
    half = len(sent) // 2
    body, flaw = decoded(sent[:half] + b"\xff" * 50 + sent[half + 50 :], "gzip", MOST * 10)
    assert VARIED.startswith(body[: len(VARIED) // 3])
    assert flaw


def test_what_is_damaged_expands_to_no_more_than_the_limit():
    sent = gzip(bytes(MOST + 1))[:-8] + b"\0" * 8
    with pytest.raises(ExpandsError):
        decoded(sent, "gzip", MOST)
