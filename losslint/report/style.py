"""Colour for a terminal, or none."""

from __future__ import annotations

from dataclasses import dataclass

from losslint.finding import Severity

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.ADVICE: "36"}


@dataclass(frozen=True, slots=True)
class Style:
    """Wraps text in terminal codes where `colour` is set."""

    colour: bool = False

    def severity(self, text: str, severity: Severity) -> str:
        """Text in the colour of a severity."""
        return self._wrap(text, f"1;{_COLOURS[severity]}")

    def bold(self, text: str) -> str:
        """What the eye should meet first."""
        return self._wrap(text, "1")

    def frame(self, text: str) -> str:
        """What stands around the source."""
        return self._wrap(text, "34")

    def good(self, text: str) -> str:
        """What needs no attention."""
        return self._wrap(text, "32")

    def _wrap(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style()
