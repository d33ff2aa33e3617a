"""Which template words a message, and what happens when it is broken.

A template is looked for by audience and kind, then by kind, then by audience, an operator's before
a built-in one. What an operator's cannot say, the built-in one says, and if need be the context
itself in a few words: nobody goes without a page for the sake of its words. A template begins with
its subject, as those of the brief do:

    **Subject**: [{{ severity }}] {{ services | named }} — {{ title }}
"""

import re
from collections.abc import Callable
from importlib import resources
from typing import Any, NamedTuple

import structlog
from jinja2 import ChoiceLoader, DictLoader, TemplateSyntaxError

from adapters.templates.sandbox import Sandbox, rendered
from domain.incident.audiences import HEARD
from domain.kernel.text import UNCLEAN, clean
from domain.policy.audience import Audience
from handlers.notify.render import TemplateContext, Words

SUFFIX = ".j2"
SUBJECT = "**Subject**:"
SUBJECT_CHARS = 200
_LINES = {"title", "headline", "what"}
_ENDS = re.compile(r"[ \t]+$", re.MULTILINE)
_GAP = re.compile(r"\n{3,}")

log = structlog.get_logger()


class TemplateError(Exception):
    """A template that says nothing that can be sent; the message says why."""


class TemplateFault(NamedTuple):
    """A template that cannot be used, and why."""

    template: str
    reason: str


def built_in() -> dict[str, str]:
    """The sources that come with the service, by file name. Raises TypeError if there is something
    to tell of an incident and no template for it.
    """
    folder = resources.files("adapters.templates") / "builtin"
    found = {
        each.name: each.read_text(encoding="utf-8")
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.endswith(SUFFIX)
    }
    for audience, kinds in HEARD.items():
        of_its_own = f"{audience}." if audience is Audience.CUSTOMERS else ""
        for name in (f"{of_its_own}{kind}{SUFFIX}" for kind in kinds):
            if name not in found:
                raise TypeError(f"nothing puts into words what {audience} are told: {name}")
    return found


class Templates:
    """Words for all that is told. `own` are an operator's sources by file name; `on_fault` is
    told which of them failed, each time.
    """

    def __init__(
        self,
        own: dict[str, str] | None = None,
        on_fault: Callable[[str], None] = lambda _: None,
    ) -> None:
        shipped = built_in()
        self.own, self.shipped = own or {}, shipped
        self._on_fault = on_fault
        self._shipped = Sandbox(DictLoader(shipped))
        self._sandbox = Sandbox(ChoiceLoader([DictLoader(self.own), DictLoader(shipped)]))

    def __call__(self, context: TemplateContext) -> Words:
        """The words for it, whatever is wrong with a template."""
        if self.own:
            found = self.words(context)
            if isinstance(found, Words):
                return found
            log.error("template.fault", template=found.template, reason=found.reason)
            self._on_fault(found.template)
        plain = self._words(self._shipped, context)
        if isinstance(plain, Words):
            return plain
        log.error("template.fault", template=plain.template, reason=plain.reason)
        self._on_fault(plain.template)
        subject, text = context.least
        return Words(_cut(subject), text)

    def words(self, context: TemplateContext) -> Words | TemplateFault:
        """What the operator's templates make of it, where there are any."""
        return self._words(self._sandbox, context)

    def _words(self, sandbox: Sandbox, context: TemplateContext) -> Words | TemplateFault:
        wanted = names(context)
        in_order = [name for name in wanted if name in self.own] + list(wanted)
        name = wanted[0]
        try:
            template = sandbox.select_template(in_order)
            name = template.name or name
            return split(rendered(template, values(context)))
        except TemplateSyntaxError as fault:  # perhaps of one that this one includes
            return TemplateFault(fault.name or name, f"line {fault.lineno}: {fault.message}")
        except Exception as fault:  # noqa: BLE001 - a template can raise anything
            return TemplateFault(name, f"{type(fault).__name__}: {fault}")


def names(context: TemplateContext) -> tuple[str, ...]:
    """The files of the templates that may word it, the most special first."""
    return tuple(f"{name}{SUFFIX}" for name in context.templates)


def values(context: TemplateContext) -> dict[str, Any]:
    """The variables of a template: the fields of its context, nothing else."""
    fields = (*context.__struct_fields__, "audience")
    found = {name: getattr(context, name) for name in fields}
    for name in _LINES & found.keys():
        found[name] = _line(found[name])
    return {**found, "services": tuple(map(_line, context.services))}


def _line(text: str | None) -> str | None:
    """Titles come from outside; in a subject, they stay on its line."""
    return text and " ".join(text.split())


def split(output: str) -> Words:
    """The subject, made one line of bounded length, and the text. Raises `TemplateError`."""
    head, _, body = output.strip().partition("\n")
    if not head.startswith(SUBJECT):
        raise TemplateError(f"the first line does not begin with {SUBJECT}")
    subject, text = _tidy(head.removeprefix(SUBJECT)), _tidy(body)
    if not (subject and text):
        raise TemplateError(f"there is no {'text' if subject else 'subject'}")
    return Words(_cut(subject), text)


def _tidy(text: str) -> str:
    text = clean(text) if UNCLEAN.search(text) else text
    return _GAP.sub("\n\n", _ENDS.sub("", text)).strip()


def _cut(subject: str) -> str:
    return subject if len(subject) <= SUBJECT_CHARS else subject[: SUBJECT_CHARS - 1] + "…"
