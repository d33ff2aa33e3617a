"""Policies as TOML files."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.config.policy_file import as_toml, differences, digest, load_policy
from adapters.config.settings import ConfigFault
from domain.policy import DEFAULT, Severity

SMALL = """
version = "acme-1"
monitoring_min = "20 minutes"

[levels.SEV3]
update_cadence = "1 h"
response = "next business day"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.toml"
    path.write_text(text)
    return path


def test_a_file_says_what_differs_and_the_rest_is_built_in(tmp_path: Path):
    policy = load_policy(written(tmp_path, SMALL))
    assert policy.monitoring_min_s == 20 * 60
    assert policy.levels[Severity.SEV3].update_cadence_s == 3600
    assert policy.levels[Severity.SEV3].response_s is None
    assert policy.levels[Severity.SEV1] == DEFAULT.levels[Severity.SEV1]
    assert differences(DEFAULT, policy) == [
        ("levels.SEV3.response", "1 h", "next business day"),
        ("levels.SEV3.update_cadence", "2 h", "1 h"),
        ("monitoring_min", "15 min", "20 min"),
    ]


def test_the_figures_of_the_escalation_triggers_can_be_others(tmp_path: Path):
    text = 'version = "a"\ndoubling_factor = 3\nexecutives_from = "SEV1"\n[floors]\n'
    policy = load_policy(written(tmp_path, text + 'customer_reported = "SEV3"'))
    assert differences(DEFAULT, policy) == [
        ("doubling_factor", "2.0", "3.0"),
        ("executives_from", "SEV2", "SEV1"),
        ("floors.customer_reported", "SEV2", "SEV3"),
    ]


def test_the_version_tells_two_policies_of_one_name_apart(tmp_path: Path):
    first = load_policy(written(tmp_path, SMALL))
    second = load_policy(written(tmp_path, SMALL.replace("20", "25")))
    assert first.version.startswith("acme-1+")
    assert first.version != second.version
    assert load_policy(written(tmp_path, SMALL + "\n# a comment\n")) == first


def test_what_is_printed_is_a_file_that_says_the_same(tmp_path: Path):
    text = as_toml(replace(DEFAULT, version="copy"))
    copy = load_policy(written(tmp_path, text))
    assert differences(DEFAULT, copy) == []
    assert digest(copy) == digest(DEFAULT)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "version: a name of the policy is needed"),
        ('version = "2026.1"', "version: 2026.1 is the built-in policy"),
        ('version = "a"\nmonitoring_min = 20', 'monitoring_min: a duration such as "15 min"'),
        ('version = "a"\nmonitoring_min = "20 weeks"', "monitoring_min: a duration"),
        (
            'version = "a"\nmonitoring_min_s = 20',
            'monitoring_min_s: write monitoring_min = "5 min"',
        ),
        ('version = "a"\nmonitoring_min = "2 h"', "monitoring_min: it is not longer than"),
        ('version = "a"\ncadence = "2 h"', "there is no field cadence"),
        ('version = "a"\nmonitoring_min = "never"', "monitoring_min: a duration such as"),
        ('version = "a"\nmonitoring_min = "9999999 d"', "monitoring_min: 9999999 d is longer than"),
        ('version = "a"\nhypothesis_timebox = "0"', ": hypothesis_timebox: it is longer than"),
        ('version = "a"\nmajor_percent = 250', ": major_percent: from 0 to outage_percent"),
        ('version = "a"\nclock_tolerance_s = -4', ": clock_tolerance_s: it is not less than 0"),
        ('version = "a"\nroles_before_troubleshooting = ["king"]', "[0]: 'king' is not one of"),
        ('version = "a"\n[[tiers]]\nname = "team_lead"\nto = []', "is not one of the tiers"),
        (
            'version = "a"\n[levels.SEV5]\nname = "x"',
            "levels: 'SEV5' is not one of SEV1, SEV2, SEV3, SEV4",
        ),
        ('version = "a"\n[levels.SEV2]\nrespons = "5 min"', "no field levels.SEV2.respons"),
        ('version = "a"\n[levels.SEV2]\nname = 5', "levels.SEV2.name: Expected `str`, got `int`"),
        ('version = "a"\n[levels.SEV2]\nresponse = "never"', "levels.SEV2.response: a duration"),
        (
            'version = "a"\n[levels.SEV1]\nroot_cause_within = "next business day"',
            "levels.SEV1.root_cause_within: a duration",
        ),
        (
            'version = "a"\n[levels.SEV1]\nroot_cause_within = "immediately"',
            ": levels.SEV1.root_cause_within: it is longer than nothing",
        ),
        ('version = "a"\n[levels.SEV1]\nescalates_to = "board"', "board is not one of the tiers"),
        (
            'version = "a"\n[levels.SEV3]\nhighest_tier = "board"',
            "levels.SEV3.highest_tier: board is not one of the tiers",
        ),
        (
            'version = "a"\n[levels.SEV1]\nhighest_tier = "team_lead"',
            "levels.SEV1.highest_tier: team_lead is below engineering_leadership",
        ),
        (
            'version = "a"\n[levels.SEV1]\nrepeat_highest = "immediately"',
            "levels.SEV1.repeat_highest: it is longer than nothing",
        ),
        ('version = "a"\n[business_hours]\nzone = "Mars/Base"', "there is no time zone Mars/Base"),
        (
            'version = "a"\n[functionality]\ncosmetic = "SEV9"',
            "functionality.cosmetic: 'SEV9' is not",
        ),
        ('version = "a"\ndoubling_factor = 1', ": doubling_factor: it is more than 1"),
        ('version = "a"\ndoubling_factor = "twice"', "doubling_factor: Expected `float`"),
        ('version = "a"\nexecutives_from = "SEV9"', "executives_from: 'SEV9' is not"),
        (
            'version = "a"\n[floors]\ndata_integrity = "none"',
            "floors.data_integrity: 'none' is not",
        ),
        ('version = "a"\n[floors]\nsecurity = "SEV1"', "floors: 'security' is not one of"),
        ('version = "a', "is not TOML"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_by_key_and_rule(tmp_path: Path, text: str, message: str):
    with pytest.raises(ConfigFault, match="policy") as fault:
        load_policy(written(tmp_path, text))
    assert message in str(fault.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(ConfigFault, match="cannot read the policy"):
        load_policy(tmp_path / "none.toml")


def test_a_file_of_before_there_were_these_entries_keeps_its_digest(tmp_path: Path):
    """The version stands in the log: nobody has edited the file."""
    file = tmp_path / "policy.toml"
    file.write_text('version = "acme-1"\nmonitoring_min = "20 min"\n')
    assert load_policy(file).version == "acme-1+10832337"
    file.write_text('version = "acme-1"\nmonitoring_min = "20 min"\ndoubling_factor = 3\n')
    assert load_policy(file).version != "acme-1+10832337"


def test_how_far_a_level_climbs_and_when_teams_meet_are_entries_of_a_policy(tmp_path: Path):
    text = 'version = "a"\n[levels.SEV3]\nhighest_tier = "top"\nrepeat_highest = "1 d"\n'
    text += 'escalate_after = "next business day"\n[business_hours]\nstandup = 09:30:00\n'
    policy = load_policy(written(tmp_path, text))
    assert policy.highest_tier(Severity.SEV3) == DEFAULT.tiers[-1]
    assert differences(DEFAULT, policy) == [
        ("business_hours.standup", "-", "09:30:00"),
        ("levels.SEV3.highest_tier", "-", "top"),
        ("levels.SEV3.repeat_highest", "never", "1 d"),
    ]
    assert load_policy(written(tmp_path, as_toml(policy))) == policy


def test_a_name_of_a_severity_that_a_file_adds_or_changes_changes_its_digest(tmp_path: Path):
    known = {}
    for table in ("", '[alert_severities]\npurple = "SEV1"', '[alert_priorities]\nP0 = "SEV2"'):
        file = written(tmp_path, f'version = "acme-1"\nmonitoring_min = "20 min"\n{table}')
        known[table] = load_policy(file).version
    assert known[""] == "acme-1+10832337"
    assert len(set(known.values())) == 3
