"""The plug-in for flake8: `flake8 --select LL`, or `--extend-select LL` beside what is on already.

flake8 hands over one file at a time, in any of several processes, but a finding takes a project: the first file that a process
is given has all paths of the command line checked, as `losslint check` would, and the others are looked up. It is off unless
it is asked for, and costs nothing then.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from losslint import __version__

if TYPE_CHECKING:
    from losslint.api import CheckResult, Settings

_PREFIX = "LL"
_STDIN = "-"
_UNNAMED = "stdin"
"""flake8's name for standard input that was given none."""

Line = tuple[int, int, str, type]
"""Line from 1, column from 0, code and message, and the class of the plug-in."""


@dataclass(slots=True)
class _Work:
    """What flake8 was asked to check, and, once the first file was looked at, what is found: by absolute path."""

    paths: tuple[str, ...]
    settings: Settings
    found: dict[str, list[tuple[int, int, str]]] | None = field(default=None)

    def lines(self, filename: str, text: Sequence[str]) -> list[tuple[int, int, str]]:
        """Line, column and message of each finding in a file; the text counts where it comes from standard input."""
        from losslint import api

        if _STDIN in self.paths:
            name = filename if filename.endswith((".py", ".pyi")) else "<stdin>.py"
            return _by_file(api.check_source("".join(text), name, self.settings)).get(os.path.abspath(name), [])
        if self.found is None:
            self.found = _by_file(api.check_paths(self.paths, self.settings))
        return self.found.get(os.path.abspath(filename), [])


class Plugin:
    """A checker in flake8's sense; flake8 keeps what it is told of the command line on the class."""

    name = "losslint"
    version = __version__
    work: ClassVar[_Work | None] = None

    def __init__(self, tree: object, filename: str, lines: Sequence[str]) -> None:
        self._filename, self._lines = filename, lines

    @classmethod
    def parse_options(cls, _manager: object, options: Namespace, filenames: Sequence[str]) -> None:
        """Note what is to be checked. Raises flake8's ExecutionError where the settings make no sense."""
        cls.work = None
        if not _is_wanted(options):
            return
        from flake8.exceptions import ExecutionError

        from losslint import api

        paths = tuple(filenames) or (".",)
        try:
            # where a file comes from standard input its name tells where the project is
            settings = api.load_settings([options.stdin_display_name] if _STDIN in paths else paths)
        except api.ConfigError as error:
            raise ExecutionError(f"losslint: {error}") from error
        cls.work = _Work(paths, settings)

    def run(self) -> Iterator[Line]:
        """The findings whose line lies in the file at hand."""
        if self.work is not None:
            for line, column, text in self.work.lines(self._filename, self._lines):
                yield line, column, text, type(self)


def _is_wanted(options: Namespace) -> bool:
    # flake8's own `off_by_default` would leave --select without effect
    given = (getattr(options, name, None) or () for name in ("select", "extend_select"))
    return any(one.startswith(_PREFIX) or _PREFIX.startswith(one) for selectors in given for one in selectors)


def _by_file(result: CheckResult) -> dict[str, list[tuple[int, int, str]]]:
    from losslint.report.report import said
    from losslint.report.text import clean

    found: dict[str, list[tuple[int, int, str]]] = {}
    for finding in result.findings:
        span = finding.span
        text = f"{finding.code} {clean(said(finding))}"
        found.setdefault(os.path.abspath(span.path), []).append((span.line, span.column - 1, text))
    return found
