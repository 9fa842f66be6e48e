"""What comments keep back, and the comments that keep nothing back."""

from __future__ import annotations

from collections.abc import Iterator

from losslint.config import Settings
from losslint.domain.origin import Site
from losslint.engine.outcome import Request, Seen, Use
from losslint.engine.placing import Placer
from losslint.facts import RuleName, SuppressionSeen
from losslint.finding import Finding, Problem
from losslint.names.import_lines import Imports, closure
from losslint.names.project import Project, Unit
from losslint.rules._registry import load as load_rules
from losslint.rules._rule import Offence, Rule
from losslint.source.document import Document
from losslint.source.suppress import Comment, find, may_hold, may_name
from losslint.source.tree import readable

_FAMILY = "LL"  # as an entry it stands for all rules


def uses(finding: Finding, placer: Placer) -> list[Use]:
    """The comments that keep a finding back: on the lines of the sink, or of the source."""
    found = []
    for span in (finding.span, *(step.span for step in finding.trace[:1])):
        document = placer.document(span.path)
        if document is not None:
            lines = document.text_lines(span)
            allowing = placer.suppressions(span.path).allowing(
                (lines.start, lines.stop - 1), finding.code, finding.name
            )
            found += [(span.path, comment.line, comment.column, finding.code) for comment in allowing]
    return found


def is_skipped(finding: Finding, placer: Placer) -> bool:
    """True where the sink's whole file is to be skipped."""
    return placer.suppressions(finding.span.path).skip_file


def may_be_kept_back(offence: Offence) -> bool:
    """False where no comment can keep an offence back: its files hold none."""
    sites = (offence.site, *(step.site for step in offence.trace[:1]))
    return any(isinstance(site.module, Unit) and may_hold(site.module.data) for site in sites)


def directives(project: Project, imports: Imports, seen: Seen, request: Request) -> Iterator[SuppressionSeen]:
    """The comments in the files asked about that let findings stand, each with what it keeps back; none of a file of which not
    all that concerns it could be analysed."""
    units = [project.units[file] for file in sorted(request.reported) if file in project.units]
    units = [unit for unit in units if may_name(unit.data)]
    doubtful = _doubtful(project, imports, seen) if units else None
    if doubtful is None:
        return
    kept: dict[tuple[str, int, int], set[str]] = {}
    for path, line, column, code in seen.used:
        kept.setdefault((path, line, column), set()).add(code)
    everything = len(request.reported) >= len(project.units)
    for unit in units:
        document = unit.document
        if unit in doubtful or not isinstance(document, Document):
            continue
        if not everything and imports.registries(unit):
            continue  # whoever asks the registry is not among the importers
        found = find(readable(document))
        if found.skip_file or (found.comments and isinstance(unit.tree, Problem)):
            continue
        here = request.settings.for_file(unit.file)
        rules = tuple(_name(rule, here) for rule in load_rules())
        for comment in found.comments:
            keeps = frozenset(kept.get((document.path, comment.line, comment.column), ()))
            yield SuppressionSeen(Site(comment, unit), comment, keeps, rules)


def _name(rule: Rule, settings: Settings) -> RuleName:
    return RuleName(rule.code, rule.name, settings.selects(rule.code, rule.name, rule.by_default), rule.by_default)


def _doubtful(project: Project, imports: Imports, seen: Seen) -> set[Unit] | None:
    """The modules that may take part in what was not seen; None where nobody can tell which."""
    if any(isinstance(unit.document, Problem) for unit in project.units.values()):
        return None
    return closure((unit for unit in project.units.values() if unit.key in seen.cut), imports.of)


def is_named(finding: Finding, comment: Comment, placer: Placer) -> bool:
    """True where a directive on the same line names the rule of a finding about a directive; a broader one is no answer to that."""
    allowing = placer.suppressions(finding.span.path).allowing((comment.line,), finding.code, finding.name)
    entries = [entry for one in allowing for entry in one.listed or () if entry.allows(finding.code, finding.name)]
    return any(len(entry.text) > len(_FAMILY) for entry in entries)
