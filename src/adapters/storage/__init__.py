"""Where things are kept: JetStream, PostgreSQL, memory; and how they are written."""
