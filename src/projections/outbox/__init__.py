"""What is to be told, and what became of it."""
