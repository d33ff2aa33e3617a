"""A desk for each test."""

import pytest

from statuspages import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
