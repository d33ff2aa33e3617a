"""Products at the other end: one folder each, with what it sends and what is sent to it."""
