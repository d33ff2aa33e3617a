"""A published outage, played through the real service."""
