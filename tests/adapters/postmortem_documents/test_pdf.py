"""A page as a PDF: where something can make it, and what is said where nothing can."""

import sys
from types import ModuleType
from typing import Any

import pytest

from adapters.postmortem_documents.pdf import PdfMissingError, pdf_of


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfMissingError, match=r"commandpost\[pdf\].*--format html in a browser"):
        pdf_of("<p>PM-7</p>")


def test_without_pango_it_says_so(monkeypatch: pytest.MonkeyPatch):
    def without(_: str) -> ModuleType:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("adapters.postmortem_documents.pdf.import_module", without)
    with pytest.raises(PdfMissingError, match=r"libpangoft2-1\.0-0.*cannot load library"):
        pdf_of("<p>PM-7</p>")


def test_the_page_is_printed_as_it_is_and_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch):
    """A stand-in for WeasyPrint, called as that documents it."""

    class Html:
        def __init__(self, *, string: str, url_fetcher: Any) -> None:
            self._string, self._fetch = string, url_fetcher

        def write_pdf(self) -> bytes:
            with pytest.raises(ValueError, match="is not fetched"):
                self._fetch("http://169.254.169.254/latest", timeout=10)
            return b"%PDF-1.7 " + self._string.encode()

    stand_in: Any = ModuleType("weasyprint")
    stand_in.HTML = Html
    monkeypatch.setitem(sys.modules, "weasyprint", stand_in)
    assert pdf_of("<p>PM-7</p>") == b"%PDF-1.7 <p>PM-7</p>"
