"""The severity framework: complete, ordered, and the one that the brief publishes."""

import msgspec
import pytest

from domain.policy import DEFAULT, Concern, Functionality, Policy, Role, Severity

SEV1, SEV2, SEV3, SEV4 = Severity


def test_levels_are_ordered():
    assert [SEV1.outranks(other) for other in Severity] == [False, True, True, True]
    assert [SEV4.outranks(other) for other in Severity] == [False] * 4
    assert [each.one_level_up() for each in Severity] == [SEV1, SEV1, SEV2, SEV3]


def test_response_times_and_cadences_are_those_of_the_framework():
    minutes = [
        (level.response_s and level.response_s / 60, level.update_cadence_s / 60)
        for level in DEFAULT.levels.values()
    ]
    assert list(DEFAULT.levels) == list(Severity)
    assert minutes == [(5, 15), (15, 30), (60, 120), (None, 1440)]


@pytest.mark.parametrize(
    ("table", "missing", "said"),
    [
        ("levels", SEV3, "SEV3"),
        ("functionality", Functionality.COSMETIC, "cosmetic"),
        ("floors", Concern.DATA_INTEGRITY, "data_integrity"),
    ],
)
def test_a_policy_with_a_hole_is_no_policy(table: str, missing: object, said: str):
    rows = {key: value for key, value in getattr(DEFAULT, table).items() if key != missing}
    with pytest.raises(ValueError, match=said):
        msgspec.structs.replace(DEFAULT, **{table: rows})


def test_the_figures_of_the_escalation_triggers_are_those_of_the_framework():
    assert DEFAULT.doubling_factor == 2
    assert DEFAULT.floors == {
        Concern.DATA_INTEGRITY: SEV1,
        Concern.CUSTOMER_REPORTED: SEV2,
        Concern.SECURITY_BREACH: SEV1,
    }
    assert DEFAULT.executives_from is SEV2


@pytest.mark.parametrize("factor", [1, 0, -2, float("nan"), float("inf")])
def test_what_does_not_grow_is_no_trigger(factor: float):
    with pytest.raises(ValueError, match="doubling_factor: it is more than 1"):
        msgspec.structs.replace(DEFAULT, doubling_factor=factor)


def test_a_tier_that_names_nobody_is_refused():
    nobody = msgspec.structs.replace(DEFAULT.tiers[0], to=())
    with pytest.raises(ValueError, match="tiers: team_lead names nobody"):
        msgspec.structs.replace(DEFAULT, tiers=(nobody, *DEFAULT.tiers[1:]))


def test_a_policy_can_be_loaded_from_a_file():
    """Policy is data: it survives the trip through JSON unchanged, and a bad one is refused."""
    text = msgspec.json.encode(DEFAULT)
    assert msgspec.json.decode(text, type=Policy) == DEFAULT
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text.replace(b'"SEV4":{', b'"SEV9":{'), type=Policy)


def test_roles_have_titles():
    assert [role.title for role in Role] == [
        "Incident Commander",
        "Communications Lead",
        "Technical Lead",
        "Scribe",
    ]
