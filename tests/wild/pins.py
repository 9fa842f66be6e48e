"""Which packages are read: one row each, pinned by version and content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wild.table import read_rows

PINS = Path(__file__).parent / "packages.tsv"
COLUMNS = ("package", "version", "form", "sha256")
FORMS = ("sdist", "wheel")


@dataclass(frozen=True, slots=True)
class Pin:
    """One file of the package index: a source distribution, or a wheel where there is no other."""

    package: str
    version: str
    form: str
    sha256: str

    @property
    def folder(self) -> str:
        """The folder that it is unpacked into, new for new content."""
        return f"{self.package}-{self.version}-{self.form}-{self.sha256[:12]}"


def read_pins(path: Path = PINS) -> list[Pin]:
    """The pinned packages, in the list's order."""
    return [Pin(*row) for row in read_rows(path, COLUMNS)]


def chosen(pins: Iterable[Pin], packages: Iterable[str]) -> list[Pin]:
    """The pins of the packages named, or all where none is named. An unknown name is an error of the caller's."""
    pins, wanted = list(pins), set(packages)
    unknown = wanted - {pin.package for pin in pins}
    if unknown:
        raise ValueError(f"not pinned: {', '.join(sorted(unknown))}")
    return [pin for pin in pins if not wanted or pin.package in wanted]
