"""Read models of who is on call."""
