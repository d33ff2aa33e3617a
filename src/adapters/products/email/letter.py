"""A notification as an e-mail (RFC 5322): the same message always makes the same one."""

import html
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import groupby

from adapters.products.kit.text import printable, split_label, strip_marks, urls
from domain.policy import Severity
from handlers.notify.render import Message

SENDER = "Commandpost"


def letter(message: Message, sender: str, recipient: str) -> EmailMessage:
    """`Message-ID` follows from the intent, so that a mail that comes twice is known as one; all
    mails about one subject refer to the same ancestor, which makes them one thread.
    """
    intent = message.intent
    domain = sender.rpartition("@")[2]
    ancestor = f"<{intent.subject.aggregate}.{intent.subject.id}@{domain}>"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(SENDER, addr_spec=sender)
    mail["To"] = recipient
    mail["Subject"] = printable(message.subject)
    mail["Date"] = format_datetime(intent.recorded_at)
    mail["Message-ID"] = f"<{intent.id}@{domain}>"
    mail["In-Reply-To"] = ancestor
    mail["References"] = ancestor
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's out-of-office answers it
    mail["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    mail[f"X-Commandpost-{intent.subject.aggregate.title()}"] = intent.reference
    if intent.severity is Severity.SEV1:
        mail["Importance"] = "high"
    text = printable(message.text, keep="\n")
    if message.answer_url:
        text = f"{text}\n\n**Answer**: {message.answer_url}"
    mail.set_content(f"{strip_marks(text)}\n")
    mail.add_alternative(_html(message.subject, text), subtype="html")
    # Chosen at random otherwise, which would make another mail of the same message.
    mail.set_boundary(f"=_{intent.id}")
    return mail


def _html(subject: str, text: str) -> str:
    body = "\n".join(_rows(text))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head>'
        '<body style="font-family: sans-serif; line-height: 1.4">\n'
        f"<h3>{html.escape(printable(subject))}</h3>\n{body}\n</body></html>\n"
    )


def _rows(text: str) -> Iterator[str]:
    """Labels in bold, addresses as links; what goes on below a label stays in its lines."""
    for _, lines in groupby(text.split("\n"), lambda line: line.startswith("- ")):
        rows = list(lines)
        if rows[0].startswith("- "):
            items = "".join(f"<li>{_linked(line[2:])}</li>" for line in rows)
            yield f'<ul style="margin: .2em 0">{items}</ul>'
            continue
        for line in rows:
            label, words = split_label(line)
            if label:
                yield f"<p {_ROW}><b>{html.escape(label)}:</b> {_linked(words)}</p>"
            elif line.strip():
                yield f"<p {_ROW}>{_linked(line)}</p>"
            else:
                yield "<br>"


_ROW = 'style="margin: .2em 0; white-space: pre-wrap"'


def _linked(text: str) -> str:
    return "".join(
        html.escape(before)
        + (f'<a href="{html.escape(url)}">{html.escape(url)}</a>' if url else "")
        for before, url in urls(text)
    )
