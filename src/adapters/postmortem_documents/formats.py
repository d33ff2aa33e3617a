"""The forms in which a document of a post-mortem is handed out."""

from adapters.document_forms import Form, forms
from adapters.postmortem_documents.markdown_document import markdown
from adapters.postmortem_documents.page import CONTENT_SECURITY_POLICY, page
from adapters.postmortem_documents.timeline_picture import timeline_svg

FORMS = forms(markdown, page, CONTENT_SECURITY_POLICY)
TIMELINE_PICTURE = Form(timeline_svg, "image/svg+xml", CONTENT_SECURITY_POLICY)
