"""From what is to be told to what was: render, send, record."""
