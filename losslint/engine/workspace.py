"""`Workspace`: a folder that is analysed again and again while its files change, as an editor asks for it."""

from __future__ import annotations

import gc
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import libcst

from losslint.config import Settings
from losslint.engine.analysis import concerns
from losslint.engine.around import prepared
from losslint.engine.check import baseline_of, check, outcome_of
from losslint.engine.kept import Kept
from losslint.engine.outcome import Outcome, Part, Request
from losslint.engine.sharing import Analysis, Progress
from losslint.engine.together import together
from losslint.engine.values import Place, ValueAt, value_at
from losslint.finding import Problem
from losslint.knowledge.index import load
from losslint.names.import_lines import Imports
from losslint.names.project import Project, Unit
from losslint.source.discover import show
from losslint.source.document import Document
from losslint.source.pieces import Pieces, pieces
from losslint.source.tree import parse


class Workspace:
    """What is to be reported: a folder, or a single file. The project around it is read as needed.

    Between calls it keeps texts, trees, and what was found. When a few files have changed, the modules run are those alone that
    import them, near or far; what that cannot tell (a function that nobody calls any more is then run by itself) the
    next look at everything does.
    """

    __slots__ = (
        "_found",
        "_imports",
        "_kept",
        "_overlay",
        "_pieces",
        "_problems",
        "_project",
        "_request",
        "folder",
        "settings",
    )

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = replace(settings, jobs=1)  # trees stay in this process
        self._overlay: dict[Path, bytes] = {}
        self._kept = Kept()
        self._project: Project | None = None
        self._imports: Imports | None = None
        self._request = Request(self.settings, frozenset())
        self._problems: list[Problem] = []
        self._found: Part | None = None
        self._pieces: dict[Path, Pieces] = {}

    def check(
        self,
        overlay: Mapping[Path, bytes],
        changed: Collection[Path] | None = None,
        progress: Progress | None = None,
        *,
        mend: bool = True,
    ) -> Outcome:
        """The findings of the whole folder, with the bytes of unsaved files, by absolute path, taken from `overlay`.

        `changed` are the files that may differ from what the last call that came to its end saw, on disk or in the overlay; None
        means any. Without `mend` findings have no fixes, but those that were found before and have not changed. What
        `progress` raises ends the call, as if it had not been made.
        """
        known = baseline_of(self.settings)
        collects = gc.isenabled()
        gc.disable()  # it would go through all trees, again and again
        try:
            found = self._look(overlay, changed, progress, mend)
        finally:
            if collects:
                gc.enable()
        assert self._project is not None
        return outcome_of(found, self._problems, self._project, self._request, known)

    def glance(
        self, overlay: Mapping[Path, bytes], files: Collection[Path], progress: Progress | None = None
    ) -> Outcome:
        """The findings that concern some files of the folder, without fixes: sooner than all of them where nothing is known yet."""
        settings = replace(self.settings, force_exclude=True)  # what the folder leaves out stays out
        return check([str(file) for file in files], settings, progress, mend=False, overlay=overlay)

    def value_at(self, file: Path, place: Place) -> ValueAt | None:
        """What is known of the expression at a place of a file, as the last call of `check` saw the files; None where nothing is."""
        if self._project is None or self._imports is None:
            return None
        rows = self._request.settings.rows
        knowledge = load().extended(rows) if rows else load()
        return value_at(self._project, self._imports, knowledge, file, place)

    def _look(
        self, overlay: Mapping[Path, bytes], changed: Collection[Path] | None, progress: Progress | None, mend: bool
    ) -> Part:
        before, project = self._found, self._project
        known = (project, self._imports, self._request, self._problems)
        same = project is not None and changed is not None and all(file in project.units for file in changed)
        self._overlay.clear()  # not another one: the project reads from this
        self._overlay.update(overlay)
        try:
            if before is None or changed is None or not same:
                found = self._look_at_everything(progress, mend)
            else:
                found = self._look_around(frozenset(changed), before, progress, mend)
        except BaseException:
            # as if it had not been called: the next call names what changed since the last that came to its end
            self._project, self._imports, self._request, self._problems = known
            raise
        if self._project is not project:
            gc.unfreeze()
            gc.collect()
            gc.freeze()  # texts and trees stay: they are not worth another look by the collector
        self._found = found
        return found

    def _look_at_everything(self, progress: Progress | None, mend: bool) -> Part:
        paths = (str(self.folder),)
        project, request, self._problems = prepared(paths, self.settings, self._overlay, mend=mend, parser=self._parsed)
        project, imports = self._kept_up_to_date(project)
        self._project, self._imports, self._request = project, imports, request
        analysis = Analysis(project, imports, request, progress, stays=True)
        found = together(analysis.parts(self._kept))
        self._take_to_pieces(project)
        return together((found, analysis.about_directives(found.seen, request)))

    def _parsed(self, document: Document) -> libcst.Module | Problem:
        """The tree of a text: parsed around what has changed, where it was taken to pieces before."""
        old = self._pieces.get(document.file)
        found = None if old is None else old.around(document.text)
        if found is None:
            return parse(document)
        self._pieces[document.file] = found
        return found.module

    def _take_to_pieces(self, project: Project) -> None:
        """Make open files ready for their next change."""
        self._pieces = {file: one for file, one in self._pieces.items() if file in self._overlay}
        for file in self._overlay.keys() & project.units.keys():
            unit = project.units[file]
            known = self._pieces.get(file)
            if unit.parsed and isinstance(unit.document, Document) and (known is None or known.module is not unit.tree):
                assert isinstance(unit.tree, libcst.Module)
                made = pieces(unit.document.text, unit.tree)
                if made is not None:
                    self._pieces[file] = made

    def _kept_up_to_date(self, project: Project) -> tuple[Project, Imports]:
        """The project as it was, with the files that have changed read anew; the given one where files came or went."""
        old, imports = self._project, self._imports
        if old is None or imports is None or old.root != project.root or old.units.keys() != project.units.keys():
            return project, Imports(project)
        changed = [unit for unit in old.units.values() if not _is_as_on_disk(unit, project)]
        for unit in changed:
            unit.reload()
        imports.forget(changed)
        return old, imports

    def _look_around(self, changed: frozenset[Path], before: Part, progress: Progress | None, mend: bool) -> Part:
        """What is found after a change of some files, from what was found before it."""
        project, imports = self._project, self._imports
        assert project is not None
        assert imports is not None
        units = [project.units[file] for file in changed]
        for unit in units:
            unit.reload()
        imports.forget(units)
        request = replace(self._request, mend=mend)
        analysis = Analysis(project, imports, request, progress, around=changed, stays=True)
        fresh = together(analysis.parts(None))
        run = {unit.file for island in analysis.islands for unit in island.roots}
        shown = {show(file) for file in changed | run}
        found = together((_without(before, shown, changed | run), fresh))
        again = replace(
            request, reported=request.reported & (changed | run)
        )  # what imports them keeps back other findings now
        return together((found, analysis.about_directives(found.seen, again)))


def _is_as_on_disk(unit: Unit, project: Project) -> bool:
    document, now = unit.document, project.reader(unit.file)
    return isinstance(document, Document) and isinstance(now, Document) and document.data == now.data


def _without(part: Part, shown: set[str], files: Collection[Path]) -> Part:
    """A part without what concerns some files, shown under these paths."""
    seen = replace(
        part.seen,
        used=frozenset(use for use in part.seen.used if use[0] not in shown),
        cut=part.seen.cut - {str(file) for file in files},
    )
    return replace(
        part,
        findings=tuple(finding for finding in part.findings if not concerns(finding, shown)),
        unread=tuple(problem for problem in part.unread if problem.path not in shown),
        failures=tuple(problem for problem in part.failures if problem.path not in shown),
        seen=seen,
    )
