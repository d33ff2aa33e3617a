"""A page as a PDF, where WeasyPrint is installed (the extra `pdf`): it needs Pango, which wheels do
not bring, so nobody who prints from a browser has to have it.
"""

from importlib import import_module
from typing import Any, NoReturn

HOW = 'pip install "commandpost[pdf]"'


class PdfMissingError(Exception):
    """There is nothing to make a PDF with; the message says what to do."""


def pdf_of(html: str) -> bytes:
    """The page, printed. Nothing is fetched for it: it has all that it needs. Raises
    `PdfMissingError`.
    """
    try:
        weasyprint: Any = import_module("weasyprint")
    except ImportError as error:
        raise PdfMissingError(
            f"a PDF needs the extra `pdf`: {HOW}. Or print the page of --format html in a browser"
        ) from error
    except OSError as error:  # the package is there, and Pango is not
        raise PdfMissingError(
            f"a PDF needs Pango, which the system brings (Debian: libpango-1.0-0,"
            f" libpangoft2-1.0-0): {error}"
        ) from error
    printed: bytes = weasyprint.HTML(string=html, url_fetcher=_refuse).write_pdf()
    return printed


def _refuse(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError(f"{url[:200]} is not fetched")
