"""An office for each test."""

import pytest

from office import Office


@pytest.fixture
def office() -> Office:
    return Office()
