"""The post-mortem of an incident: what the system allowed, what it lacked, and what follows."""
