"""A change of a file's text, and why one cannot be made."""

from __future__ import annotations

from dataclasses import dataclass


class EditError(Exception):
    """An edit that cannot be made; the message says why and is for the user."""


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Characters `start` to `end` of a file's text give way to `text`."""

    start: int
    end: int
    text: str

    def conflicts(self, other: Splice) -> bool:
        """True where the two cannot both be made, or not without a say in which comes first; twice the same is made once."""
        if self == other:
            return False
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end
