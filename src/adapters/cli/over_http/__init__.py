"""Commands that ask the service over HTTP: nothing of the service itself is imported for them."""
