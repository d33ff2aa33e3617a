"""An office for each test."""

import pytest

from support.delivery_harness import Office


@pytest.fixture
def office() -> Office:
    return Office()
