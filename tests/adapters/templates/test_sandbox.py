"""Whatever an operator's template does, making a message takes bounded room and time."""

import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.templates.engine import TemplateFault, Templates
from adapters.templates.sandbox import OUTPUT_CHARS
from domain.incident import INCIDENT
from domain.incident.messages.contexts import Digest, InternalContext, build_internal_context
from domain.kernel.notifiable import MessageContext
from domain.notification import Audience
from domain.policy import DEFAULT
from handlers.notify.render import Words
from support.notifiable_logs import declared, update

PLAIN = "**Subject**: {{ title }}\n\n"
ROOM_BYTES = 32 * 2**20
TENFOLD = "".join(
    f"{{% set {after} = {' ~ '.join([before] * 10)} %}}"
    for before, after in zip("abcdefghi", "bcdefghij", strict=True)
)
NESTED = TENFOLD.replace(" ~ ", ", ").replace("= ", "= [").replace(" %}", "] %}")
LONG = "{% set a = '" + "x" * 1000 + "' %}"


def internal() -> InternalContext:
    story = (declared(), update(5, "Rolling back to yesterday's build."))
    incident = INCIDENT.fold(INCIDENT.initial, story)
    context = MessageContext[Any, Any](incident, story[-1], Digest())
    return build_internal_context(Audience.ENGINEERING, "update", context, DEFAULT)


def doubled(step: str) -> str:
    """A macro that makes its argument longer, thirty times."""
    return (
        "{% macro more(it, left) %}{% if left %}{{ more(" + step + ", left[1:]) }}{% else %}"
        "{{ it }}{% endif %}{% endmacro %}{{ more(title, '" + "x" * 30 + "') }}"
    )


BOMBS = {
    "multiplied": "{{ 'x' * 1000000000 }}",
    "a list multiplied": "{{ ['x'] * 1000000000 }}",
    "to the power": "{{ 10 ** 1000000000 }}",
    "formatted by %": "{{ '%1000000000d' % 1 }}",
    "formatted by the method": "{{ '{:1000000000}'.format(1) }}",
    "formatted by the filter": "{{ '%1000000000d' | format(1) }}",
    "ranges in ranges": "{% for a in range(9**9) %}{% for b in range(9) %}{% endfor %}{% endfor %}",
    "put together": LONG + TENFOLD + "{{ j }}",
    "put together and not shown": LONG + TENFOLD,
    "added": LONG + TENFOLD.replace("~", "+") + "{{ j }}",
    "added by a macro": doubled("it + it"),
    "put together by a macro": doubled("it ~ it"),
    "lists added by a macro": doubled("[it] + [it]").replace("(title,", "([title],")
    .replace("[it] + [it]", "it + it"),
    "a list of lists": LONG + NESTED + "{{ j }}",
    "a list of lists in capitals": LONG + NESTED + "{{ j | upper | length }}",
    "a list of lists put together": LONG + NESTED + "{% set k = j ~ '' %}",
    "joined": LONG + "{% set b = a | join(a) %}{% set c = b | join(a) %}{{ c | length }}",
    "replaced": LONG + "{% set b = a | replace('x', a) %}{{ b | replace('x', b) | length }}",
    "replaced by nothing": LONG
    + "{% set b = a | replace('', a) %}{{ b | replace('', b) | length }}",
    "of the block": LONG + "{% set b %}" + "{% for x in a %}{% for y in a %}{{ a }}{% endfor %}"
    "{% endfor %}{% endset %}{{ b | length }}",
    "of the block's own text": LONG + "{% set b %}{% for x in a %}" + "y" * 5_000
    + "{% endfor %}{% endset %}{{ b | length }}",
    "of macros in macros": "{% macro f(n) %}{% if n %}{{ f(n[1:]) }}{{ f(n[1:]) }}{% else %}"
    + "z" * 1_000 + "{% endif %}{% endmacro %}{% set b = f('xxxxxxxxxxxxxxxxx') %}{{ b }}",
    "cut late": "{{ title | truncate(10, end='x' * 1000000000) }}",
    "spread in a filter block": LONG + "{% filter replace('x', a) %}{{ a }}{{ a }}{% endfilter %}",
    "that includes itself": "{% include 'update.j2' %}",
}  # fmt: skip


@pytest.fixture(autouse=True)
def room() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_no_template_fills_the_memory(bomb: str) -> None:
    before, began = tracemalloc.get_traced_memory()[0], time.process_time()
    found = Templates({"update.j2": PLAIN + bomb}).words(internal())
    grown = tracemalloc.get_traced_memory()[1] - before
    assert isinstance(found, TemplateFault) or len(found.text) <= OUTPUT_CHARS
    assert grown < ROOM_BYTES, found
    assert time.process_time() - began < 10


def test_what_is_spent_is_spent_for_one_message() -> None:
    words = Templates({"update.j2": PLAIN + LONG + "{{ a ~ a }}{{ a | replace('x', 'yy') }}"})
    said = [words.words(internal()) for _ in range(400)]
    assert isinstance(said[0], Words)
    assert said[-1] == said[0]
    assert len(said[0].text) == 4_000


def test_what_templates_are_for_goes_on_as_before() -> None:
    source = (
        "{{ 'a' ~ 1 ~ title }} {{ 1 + 2 }} {{ 'a' + 'b' }} {{ [1, 2] + [3] }} {{ services }} "
        "{{ ['a', 'b'] | join(', ') }} {{ 'aXa' | replace('a', 'b', 1) | lower | capitalize }} "
        "{{ 'a long line' | truncate(8, true, leeway=0) }} {{ services | named }}"
    )
    found = Templates({"update.j2": PLAIN + source}).words(internal())
    assert isinstance(found, Words)
    assert found.text.startswith("a1Payments fail 3 ab [1, 2, 3] (")
    assert "a, b Bxa a lon..." in found.text
