"""Rows of service level objectives and of what was counted for them."""
