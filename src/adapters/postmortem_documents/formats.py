"""The forms in which a document of a post-mortem is handed out."""

from adapters.document_forms import forms
from adapters.postmortem_documents.markdown_document import markdown
from adapters.postmortem_documents.page import CONTENT_SECURITY_POLICY, page

FORMS = forms(markdown, page, CONTENT_SECURITY_POLICY)
