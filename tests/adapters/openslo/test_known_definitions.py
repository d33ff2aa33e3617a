"""Definitions of others with known verdicts: the files of the OpenSLO tools, and single documents
with one change each.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.openslo.verdicts import verdicts

pytestmark = pytest.mark.realdata

DATA = Path(__file__).resolve().parents[4] / "shared/data/slo/openslo"
ONLY_WHOLE = "go-sdk__inline_inputs_v1_alert_policies_invalid_condition.yaml"
"""Its one document is as others that are valid: it lacks something where nothing else may be."""


def known(file: str, key: str) -> list[Any]:
    path = DATA / file
    return json.loads(path.read_text())[key] if path.exists() else []


@pytest.fixture(autouse=True)
def _present():
    if not DATA.exists():
        pytest.skip(f"{DATA} is absent")


@pytest.mark.parametrize("case", known("expected.json", "files"), ids=lambda each: each["file"])
def test_a_file_is_judged_as_its_authors_do(case: dict[str, Any]):
    found = verdicts([DATA / case["file"]], whole=case["file"] == ONLY_WHOLE)
    assert found
    if case["valid"] is not None:
        assert all(each.valid for each in found) is case["valid"]


@pytest.mark.parametrize("case", known("cases.json", "cases"), ids=lambda each: each["name"])
def test_a_document_is_judged_by_the_same_fields(case: dict[str, Any], tmp_path: Path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case["document"]))
    [found] = verdicts([path])
    assert found.valid is case["valid"]
    assert {each.at for each in found.problems} == set(case["at"])


def test_a_document_with_more_faults_has_them_all():
    found = verdicts([DATA / "oslo__validate_v1.yaml"])
    assert [(each.document, each.valid) for each in found] == [(0, True), (1, True), (2, False)]
    assert [each.at for each in found[0].notes] == ["spec.objectives[0].op"]


def test_a_reference_that_nothing_answers_is_named():
    [found, _] = verdicts([DATA / "go-sdk__inline_inputs_v1_slo_invalid_sli.yaml"])
    assert [(each.at, each.rule) for each in found.problems] == [("spec.indicatorRef", "reference")]
