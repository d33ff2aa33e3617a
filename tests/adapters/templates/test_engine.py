"""Which template is used, and that a broken one stops nothing."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from adapters.config.settings import ConfigFault, TemplateSettings
from adapters.templates import TemplateFault, Templates, open_templates
from adapters.templates.engine import built_in
from adapters.templates.sandbox import OUTPUT_CHARS, STEPS_MAX
from domain.incident import INCIDENT, IncidentEvent
from domain.incident.messages.contexts import (
    Digest,
    InternalContext,
    PublicContext,
    build_internal_context,
    build_public_context,
)
from domain.kernel.notifiable import MessageContext
from domain.notification import Audience
from domain.policy import DEFAULT
from handlers.notify.render import Words
from support.notifiable_logs import declared, update

STORY: tuple[IncidentEvent, ...] = (declared(), update(5, "Rolling back to yesterday's build."))
PLAIN = "**Subject**: {{ title }}\n\n"


def internal(kind: str = "update", audience: Audience = Audience.ENGINEERING) -> InternalContext:
    incident = INCIDENT.fold(INCIDENT.initial, STORY)
    context = MessageContext[Any, Any](incident, STORY[-1], Digest())
    return build_internal_context(audience, kind, context, DEFAULT)


def public(kind: str = "update") -> PublicContext:
    incident = INCIDENT.fold(INCIDENT.initial, STORY)
    context = MessageContext[Any, Any](incident, STORY[-1], Digest())
    return build_public_context(Audience.CUSTOMERS, kind, context, DEFAULT)


def test_an_operators_template_goes_before_the_built_in_one() -> None:
    words = Templates({"update.j2": PLAIN + "{{ text }} Your incident team."})
    assert words(internal()) == Words(
        "Payments fail", "Rolling back to yesterday's build. Your incident team."
    )
    assert words(internal("declared")) == Templates()(internal("declared"))


def test_the_most_special_template_is_used() -> None:
    own = {
        "executives.update.j2": PLAIN + "of executives' updates",
        "update.j2": PLAIN + "of updates",
        "executives.j2": PLAIN + "of executives",
    }
    words = Templates(own)
    assert words(internal(audience=Audience.EXECUTIVES)).text == "of executives' updates"
    assert words(internal()).text == "of updates"
    assert words(internal("declared", Audience.EXECUTIVES)).text == "of executives"


def test_customers_never_get_a_template_that_is_shared() -> None:
    words = Templates({"update.j2": PLAIN + "{{ title }}"})
    assert words(public()) == Templates()(public())


def test_an_operators_template_may_include_a_part_of_the_built_in_ones() -> None:
    words = Templates({"update.j2": PLAIN + "{% include '_cause.j2' %}"})
    assert words(internal()).text == "The root cause is not known yet."


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{% if %}", "line 1: Expected an expression"),
        (PLAIN + "{{ tilte }}", "'tilte' is undefined"),
        (PLAIN + "{{ title.upper() }}", "SecurityError"),
        (PLAIN + "{{ title.__class__ }}", "SecurityError"),
        (PLAIN + "{{ 'a' * 10000000000 }}", "SecurityError"),
        (PLAIN + "{{ '%1000000000d' % 1 }}", "SecurityError"),
        (PLAIN + "{{ title | center(1000000000) }}", "No filter named 'center'"),
        (PLAIN + "{% for each in range(10) %}x{% endfor %}", "'range' is undefined"),
        (PLAIN + "{% include 'nowhere.j2' %}", "nowhere.j2"),
        (PLAIN + "{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ title }}", "does not begin with **Subject**:"),
        (PLAIN, "there is no text"),
        ("**Subject**:\n\n{{ title }}", "there is no subject"),
    ],
)
def test_a_broken_template_is_counted_and_the_built_in_one_speaks(source: str, why: str) -> None:
    faults: Counter[str] = Counter()
    words = Templates({"engineering.update.j2": source}, lambda name: faults.update([name]))
    assert words(internal()) == Templates()(internal())
    assert len(faults) == 1
    found = words.words(internal())
    assert isinstance(found, TemplateFault)
    assert why in found.reason


def test_where_even_the_built_in_one_fails_the_least_is_said() -> None:
    faults: Counter[str] = Counter()
    words = Templates(on_fault=lambda name: faults.update([name]))
    assert words(internal("unheard_of")) == Words(
        "[SEV1] checkout — Payments fail",
        "unheard_of: Rolling back to yesterday's build.\n\nINC-7",
    )
    assert words(public("unheard_of")).subject == "[UPDATE] checkout"
    assert faults == {"engineering.unheard_of.j2": 1, "customers.unheard_of.j2": 1}


def test_what_is_told_is_data_and_no_template() -> None:
    story = (declared(title="{{ 7 * 6 }} {% include 'update.j2' %}"),)
    incident = INCIDENT.fold(INCIDENT.initial, story)
    context = MessageContext[Any, Any](incident, story[0], Digest())
    told = build_internal_context(Audience.ENGINEERING, "declared", context, DEFAULT)
    assert Templates()(told).subject.endswith("{{ 7 * 6 }} {% include 'update.j2' %}")


def test_output_has_an_end() -> None:
    own = PLAIN + "{% for a in text %}{% for b in text %}{{ text }}{% endfor %}{% endfor %}"
    said = Templates({"update.j2": own})(internal())
    assert said.text.endswith("…")
    assert len(said.text) < OUTPUT_CHARS


def test_templates_are_read_from_the_configured_folder(tmp_path: Path) -> None:
    (tmp_path / "update.j2").write_text(PLAIN + "ours")
    (tmp_path / "README.md").write_text("not a template")
    words = open_templates(TemplateSettings(folder=str(tmp_path)))
    assert set(words.own) == {"update.j2"}
    assert words(internal()).text == "ours"


def test_a_folder_that_is_not_there_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigFault, match=r"templates\.folder: cannot read .*nowhere"):
        open_templates(TemplateSettings(folder=str(tmp_path / "nowhere")))


def test_the_templates_that_come_along_are_found() -> None:
    assert {"declared.j2", "update.j2", "resolved.j2", "customers.update.j2"} <= built_in().keys()


@pytest.mark.parametrize(
    "endless",
    [
        "{% for a in text %}" * 6 + "{% endfor %}" * 6,
        "{% macro two(n) %}{{ n and two(n[1:]) ~ two(n[1:]) }}{% endmacro %}{{ two(text) }}",
        "{% for a in text recursive %}{{ loop(text[1:]) }}{% endfor %}",
    ],
)
def test_a_template_without_end_is_broken_like_any_other(endless: str) -> None:
    words = Templates({"update.j2": PLAIN + endless})
    assert words(internal()) == Templates()(internal())


def test_the_steps_of_a_message_are_its_own() -> None:
    words = Templates({"update.j2": PLAIN + "{% for a in text %}{{ loop.index }}{% endfor %}"})
    said = [words.words(internal()) for _ in range(STEPS_MAX // 20)]
    assert isinstance(said[-1], Words)
    assert said[-1] == said[0]
    assert said[0].text.startswith("1234")
