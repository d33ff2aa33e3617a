"""How severe something is, in the words of whoever says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.policy import DEFAULT, Severity

SEV1, SEV2, SEV3, SEV4 = Severity
VOCABULARY = DEFAULT.vocabulary


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *(
            (each, SEV1)
            for each in (
                "P0", "p1", "P-1", "P 1", "Prio 1", "Priority: 1", "priority one", "\uff301",
                "SEV0", "SEV1", "sev-1", "sev 1", "Sev-1:", "SEV_01", "[SEV1]", "Severity 1", "S1",
                "emerg", "crit", "CRITICAL!", "alert", "panic", "Highest", "disaster",
                "Blocker",
                "1", "0", "1 - Critical", "(1) critical", "Critical (1)", "Major incident",
                "Sévérité 1", "Priorität: 1", "Prioridad 1", "Приоритет 1", "Kritisch",
                "[CRITIQUE]",
                "Crítica", "Критический", "紧急", "【致命的】", "Sehr hoch", "Sev A", "Severity A",
                "very-high", "VERY_HIGH", "High (P1)", "Warning/Critical", "Critical (SEV2)",
            )
        ),
        *((each, SEV2) for each in ("P2: Major", "err", "error", "2", "2 - High", "Major")),
        *((each, SEV2) for each in ("Hoch", "Élevée", "高")),
        *((each, SEV3) for each in ("P3: critical", "S3", "Warning", "4 - Minor", "Average")),
        *((each, SEV4) for each in ("P5", "none", "info", "Not classified", "low alert", "Lowest")),
    ],
)  # fmt: skip
def test_case_brackets_dashes_and_digits_do_not_matter(said: str, meant: Severity):
    assert VOCABULARY.severity(said) is meant


@pytest.mark.parametrize(
    "said",
    ["", "—", "purple", "3", "5", "7", "SEV6", "P9", "non-critical", "not urgent", "42 - x", "🔥"],
)
def test_what_is_no_name_or_may_count_from_either_end_is_not_understood(said: str):
    assert VOCABULARY.severity(said) is None


def test_names_are_data_and_may_be_written_as_people_write_them():
    own = {"Tier A": SEV1, "3": SEV3, "page": SEV1}
    policy = replace(DEFAULT, alert_severities=DEFAULT.alert_severities | own)
    said = ("tier-a", "[TIER A]", "3", "page", "critical")
    assert [policy.vocabulary.severity(each) for each in said] == [SEV1, SEV1, SEV3, SEV1, SEV1]


def test_a_level_that_is_set_otherwise_is_so_however_it_is_written():
    policy = replace(DEFAULT, alert_priorities=DEFAULT.alert_priorities | {"P1": SEV2})
    said = ("P1", "Priority 1", "prio-1", "1 (P1)")
    assert [policy.vocabulary.severity(each) for each in said] == [SEV2] * 4


@pytest.mark.parametrize(
    ("said", "level", "rest"),
    [
        ("SEV1: prod is down", SEV1, "prod is down"),
        ("sev 1 — prod", SEV1, "prod"),
        ("“SEV1” prod", SEV1, "prod"),
        ("P3 2 pods", SEV3, "2 pods"),
    ],
)
def test_a_text_may_begin_with_a_level(said: str, level: Severity, rest: str):
    assert VOCABULARY.leading(said) == (level, rest)


@pytest.mark.parametrize(
    "said", ["critical users cannot log in", "1 user", "P1.5 is out", "prod SEV1", "", "…"]
)
def test_what_only_looks_like_a_level_is_part_of_the_text(said: str):
    assert VOCABULARY.leading(said) is None


@given(st.text(max_size=400))
def test_any_text_at_all_may_be_asked_about(said: str):
    assert VOCABULARY.severity(said) in {None, *Severity}
    VOCABULARY.leading(said)
