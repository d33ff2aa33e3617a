"""Commits as JSON, the form in which they are on disk for ever."""

from adapters.storage.codec.codec import Codec, UnreadableError, Upcaster
from adapters.storage.codec.commit_reader import CommitReader

__all__ = ["Codec", "CommitReader", "UnreadableError", "Upcaster"]
