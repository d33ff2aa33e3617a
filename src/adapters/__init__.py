"""The outside world: NATS, PostgreSQL, HTTP, webhooks, files, the command line."""
