"""`Workspace`: a folder that is analysed again and again while its files change, as an editor asks for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from losslint.config import Settings
from losslint.engine.check import Progress, check
from losslint.engine.outcome import Outcome


class Workspace:
    """What is to be reported: a folder, or a single file. The project around it is read as needed."""

    __slots__ = ("folder", "settings")

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings

    def check(
        self, overlay: Mapping[Path, bytes], changed: Collection[Path] | None = None, progress: Progress | None = None
    ) -> Outcome:
        """The findings of the whole folder, with the bytes of unsaved files, by absolute path, taken from `overlay`.

        `changed` are the files that may differ from what the last call that came to its end saw, on disk or in the overlay; None
        means any. What `progress` raises ends the call, and leaves the workspace as it was.
        """
        return check([str(self.folder)], self.settings, progress, overlay=overlay)
