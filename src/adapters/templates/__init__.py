"""Words for notifications: Jinja2 templates, built in or an operator's own."""

from adapters.templates.engine import TemplateFault, Templates
from adapters.templates.overrides import open_templates

__all__ = ["TemplateFault", "Templates", "open_templates"]
