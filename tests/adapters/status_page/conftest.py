"""A desk for each test."""

import pytest

from support.status_pages import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
