"""What does not fit into a block of Slack goes on in the next one, or says where the rest is."""

from typing import Any

import pytest
from msgspec.structs import replace

from adapters.products.slack import blocks
from support.messages import message

URL = "https://commandpost.example.com/v1/incidents/INC-7"
PARAGRAPH = "The second paragraph explains what we know so far. " * 70


def sections(content: list[dict[str, Any]]) -> list[str]:
    """The words of the sections, without fields."""
    return [
        each["text"]["text"] for each in content if each["type"] == "section" and "text" in each
    ]


def test_a_paragraph_of_more_than_a_section_goes_on_in_the_next_one():
    text = f"First line is short.\n{PARAGRAPH}\nNEXT: we fail over at 14:00 UTC."
    told = sections(blocks.card(message(text=text)))
    assert len(told) == 3
    assert all(len(each) <= blocks.SECTION_CHARS for each in told)
    assert told[0] == "First line is short."
    assert told[-1].endswith("*NEXT:* we fail over at 14:00 UTC.")
    assert " ".join(told).count("explains what we know") == 70


@pytest.mark.parametrize("url", [URL, None])
@pytest.mark.parametrize("content", [blocks.card, blocks.message_blocks])
def test_what_is_too_long_for_a_message_says_where_the_rest_is(url: str | None, content: Any):
    said = content(replace(message(text=PARAGRAPH * 8), url=url))
    assert len(said) <= 50
    last = sections(said)[-1]
    assert len(last) <= blocks.SECTION_CHARS
    assert last.endswith(f"<{URL}|…more> (INC-7)" if url else "`commandpost timeline INC-7`")


def test_a_header_that_is_cut_is_said_in_full_below():
    subject = f"[SEV1] checkout — {'x' * 150} (pod checkout-7f9)"
    header, below = blocks.card(message(subject=subject))[:2]
    assert header["text"]["text"].endswith("…")
    assert below["text"]["text"].endswith("(pod checkout-7f9)*")


def test_the_reference_leads_to_the_incident():
    context = blocks.card(replace(message(), url=URL))[-2]
    assert context["elements"][0]["text"].startswith(f"<{URL}|INC-7> · to engineering")
