"""Experiments that do harm on purpose, and what they tell of a system."""
