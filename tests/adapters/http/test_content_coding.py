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
        (gzip(SAID)[:-8], "gzip"),
        (SAID, "gzip"),
        (SAID, "deflate"),
        (b"", "gzip"),
    ],
)
def test_what_was_encoded_is_decoded_and_what_only_says_so_stays(sent: bytes, coding: str):
    assert decoded(sent, coding, MOST) == (SAID if sent else b"")


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
