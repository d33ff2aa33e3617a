"""Documents as answers over HTTP; of a page, what a browser may load for it."""

from typing import Any, TypeVar

from litestar import Response

from adapters.document_forms import Form

T = TypeVar("T")


def handed_out(form: Form[T], document: T) -> Response[Any]:
    """A document in a form."""
    headers = {"Content-Security-Policy": form.policy} if form.policy else {}
    text = form.write(document)
    return Response(text.encode(), media_type=form.media_type, headers=headers)
