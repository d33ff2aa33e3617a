"""The log on NATS JetStream. Nothing outside this package knows a NATS header or API subject."""
