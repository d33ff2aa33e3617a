"""A delivery harness for each test."""

import pytest

from support.delivery_harness import DeliveryHarness


@pytest.fixture
def harness() -> DeliveryHarness:
    return DeliveryHarness()
