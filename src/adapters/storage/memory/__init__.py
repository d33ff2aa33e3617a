"""The ports of storage, in memory."""
