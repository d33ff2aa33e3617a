"""Commits as JSON, the form in which they are on disk for ever."""

from adapters.storage.codec.codec import Codec, UnreadableError, Upcaster

__all__ = ["Codec", "UnreadableError", "Upcaster"]
