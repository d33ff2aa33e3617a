"""Runbooks: what is known of a failure before it comes."""
