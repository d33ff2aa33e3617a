"""Who sends something, and whether that may: tokens, and what is recorded of them."""
