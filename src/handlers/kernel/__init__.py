"""The one way to write, and what the outside world has to provide for it."""
