"""An aggregate whose parts do not fit together is refused as it is made."""

from typing import Any

import pytest
from msgspec.structs import replace

from adapters.registry import Registry
from domain.incident import INCIDENT
from domain.kernel.aggregate import IdKind, complete
from domain.registry import AGGREGATES
from toys.lamp.aggregate import LAMP
from toys.registry import TOYS
from toys.ticket.aggregate import TICKET, TicketLate


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"events": ()}, "no events"),
        ({"events": TICKET.events[:1]}, "something about"),
        ({"begin": ()}, "begin"),
        ({"begin": LAMP.events}, "begin"),
        ({"opens": ()}, "opens"),
        ({"opens": LAMP.opens}, "opens"),
        ({"view": None}, "view"),
        ({"number": None}, "number"),
        ({"prefix": None}, "number"),
        ({"slug": str}, "slug"),
        ({"id_kind": IdKind.SLUG}, "slug"),
        ({"id_kind": IdKind.DERIVED}, "id_kind"),
        ({"joint": INCIDENT.joint}, "joint"),
        ({"name": "question"}, "a field question"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, Any], words: str):
    with pytest.raises(TypeError, match=words):
        replace(TICKET, **changes)


def test_what_is_to_be_told_is_said_of_every_event():
    notifiables = TICKET.notifiables
    assert notifiables is not None
    rules = {kind: rule for kind, rule in notifiables.rules.items() if kind is not TicketLate}
    with pytest.raises(TypeError, match="nothing about TicketLate"):
        replace(TICKET, notifiables=replace(notifiables, rules=rules))


def test_an_id_has_one_form():
    one = "01970001-0000-7000-8000-0000000000ab"
    assert IdKind.UUID.canonical(one) == IdKind.UUID.canonical(one.upper()) == one
    digits = one.replace("0", "\N{FULLWIDTH DIGIT ZERO}")
    for text in (one.replace("-", ""), f"urn:uuid:{one}", f"{{{one}}}", digits, f"{one}\n"):
        assert IdKind.UUID.canonical(text) is None
    assert IdKind.UUID.canonical("checkout") is None
    assert IdKind.SLUG.canonical("checkout") == "checkout"


@pytest.mark.parametrize("what", ["name", "plural", "prefix"])
def test_two_aggregates_never_go_by_one_name(what: str):
    twin = replace(TICKET, **{what: getattr(INCIDENT, what)})
    with pytest.raises(TypeError, match=f"two aggregates have the {what}"):
        Registry(aggregates=(*AGGREGATES, twin))


def test_every_aggregate_has_a_sample_of_each_event_and_command():
    without = {each.name for each in TOYS.aggregates if each.samples is None}
    assert without == {LAMP.name}, "the least that an aggregate may be"
    for each in TOYS.aggregates:
        if each.samples:
            assert set(map(type, each.samples().events)) == set(each.events)


def test_samples_without_an_event_a_command_or_a_phase_are_none():
    assert TICKET.samples is not None
    whole, commands = TICKET.samples(), TICKET.commands.values()
    assert complete(whole, TICKET.events, commands, whole.phases) is whole
    for what, part in (
        ("events", {"events": whole.events[1:]}),
        ("commands", {"commands": {}}),
        ("phases", {"phases": {}}),
    ):
        with pytest.raises(TypeError, match=f"samples of {what}: it says nothing about"):
            complete(replace(whole, **part), TICKET.events, commands, whole.phases)
