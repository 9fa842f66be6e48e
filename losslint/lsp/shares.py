"""Who answers for which file: each folder of the client for what lies in it, and a file outside all of them for itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from losslint.config import ConfigError, Settings
from losslint.engine.outcome import Outcome
from losslint.engine.workspace import Workspace
from losslint.finding import Problem
from losslint.lsp.diagnostics import Pair
from losslint.lsp.documents import Open
from losslint.lsp.options import Options, settings_in
from losslint.lsp.worker import Job


@dataclass(slots=True, eq=False)
class Share:
    """A folder, or a single file, with what is known of it. The worker touches `workspace`, `good` and `broken`, the event loop the rest."""

    top: Path
    lonely: bool = False
    workspace: Workspace | None = None
    settings: Settings = field(default_factory=Settings)
    config_error: str | None = None
    changed: set[Path] = field(default_factory=set)
    """Files that changed since the last check began."""
    anything: bool = True
    """True where any file may have changed."""
    again: bool = False
    """True where all is to be looked at once more, since there is time."""
    held: set[Path] = field(default_factory=set)
    """Files that changed and are to be checked when somebody asks."""
    unmended: set[Path] = field(default_factory=set)
    """Files whose findings were looked for without their fixes."""
    wants_fixes: bool = False
    """True where somebody waits for these fixes."""
    job: Job | None = None
    outcome: Outcome | None = None
    opened: Mapping[Path, Open] = field(default_factory=dict)
    """What was open when the outcome was made."""
    published: dict[str, list[Pair]] = field(default_factory=dict)
    """What the client was sent, by address."""
    problems: frozenset[Problem] = frozenset()
    """Files that could not be read."""
    good: dict[Path, bytes] = field(default_factory=dict)
    """Unsaved texts as they were when they could last be parsed."""
    broken: set[Path] = field(default_factory=set)
    """Unsaved texts that cannot be parsed right now; the analysis takes the good ones for them."""

    @property
    def folder(self) -> Path:
        """The folder, or that of the single file."""
        return self.top.parent if self.lonely else self.top

    @property
    def stale(self) -> bool:
        """True where something changed since the last check began."""
        return self.anything or self.again or bool(self.changed) or (self.wants_fixes and bool(self.unmended))

    @property
    def is_second_look(self) -> bool:
        """True while all is looked at once more though nothing changed."""
        return self.job is not None and self.job.is_second_look

    def give_up(self) -> None:
        """End a check that runs; not the first, which what comes after it needs."""
        if self.job is not None and self.outcome is not None:
            self.job.cancel()

    def configure(self, options: Options) -> bool:
        """Read the settings; True where they, or what is wrong with them, changed. Settings that are wrong leave the last good ones."""
        before = (self.settings, self.config_error)
        try:
            self.settings, self.config_error = settings_in(self.top, options), None
        except ConfigError as error:
            self.config_error = str(error)
        if self.workspace is None or self.settings != before[0]:
            self.workspace = Workspace(self.top, self.settings)
            self.anything = True
        return (self.settings, self.config_error) != before


class Shares:
    """All that is being looked after."""

    __slots__ = ("_folders", "_lonely")

    def __init__(self) -> None:
        self._folders: dict[Path, Share] = {}
        self._lonely: dict[Path, Share] = {}

    def __iter__(self) -> Iterator[Share]:
        return iter((*self._folders.values(), *self._lonely.values()))

    def set_folders(self, folders: Iterable[Path]) -> list[Share]:
        """Look after these folders from now on; gives the shares that are no more."""
        wanted = dict.fromkeys(folders)
        gone = [share for top, share in self._folders.items() if top not in wanted]
        self._folders = {top: self._folders.get(top) or Share(top) for top in wanted}
        return gone + self.keep_lonely(self._lonely)

    def keep_lonely(self, files: Iterable[Path]) -> list[Share]:
        """Look after those of these files that lie in no folder; gives the shares that are no more."""
        wanted = {file for file in files if self._folder_of(file) is None}
        gone = [share for file, share in self._lonely.items() if file not in wanted]
        self._lonely = {file: self._lonely.get(file) or Share(file, lonely=True) for file in sorted(wanted)}
        return gone

    def owner(self, file: Path) -> Share | None:
        """Who publishes the findings in a file: of folders within folders the innermost."""
        return self._folder_of(file) or self._lonely.get(file)

    def touched_by(self, file: Path) -> list[Share]:
        """Whose findings a change of this file may change."""
        return [share for share in self if share.lonely or share.top in (file, *file.parents)]

    def _folder_of(self, file: Path) -> Share | None:
        return next((self._folders[top] for top in (file, *file.parents) if top in self._folders), None)
