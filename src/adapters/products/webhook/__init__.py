"""Webhooks to services of others, signed after Standard Webhooks."""
