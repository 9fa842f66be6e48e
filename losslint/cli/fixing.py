"""What `losslint check` does to fix, and how it tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from losslint.cli import options as shared

if TYPE_CHECKING:
    from losslint.cli.remembered import Printed
    from losslint.engine.fixing import FixOutcome
    from losslint.report.style import Style


def wanted(options: Mapping[str, Any]) -> bool:
    """True where the options ask for more than a report."""
    return bool(options["fix"] or options["fix_only"] or options["diff"])


def printed(paths: Sequence[str], options: Mapping[str, Any], colour: bool) -> Printed:
    """Fix as the options say, with `diff` without writing; what is to be printed then."""
    settings = shared.settings_for(paths, options)
    options = shared.with_settings(options, settings)
    from losslint.cli import checking, known, rendering
    from losslint.cli.progress import Progress
    from losslint.cli.remembered import Printed
    from losslint.engine.fixing import fix_all
    from losslint.finding import Applicability
    from losslint.report.style import Style

    level = Applicability.UNSAFE if options["unsafe_fixes"] else Applicability.SAFE
    with Progress() as progress:
        fixed = fix_all(paths, settings, level, write=not options["diff"], progress=progress)
    asides = [*shared.complaints(fixed.outcome.problems), *known.complaints(fixed.outcome, settings.baseline)]
    asides += complaints(fixed)
    text = rendering.shown(fixed.outcome, fixed, options, Style(colour), asides)
    return Printed(text, tuple(asides), checking.exit_code(fixed.outcome, options, changed=bool(fixed.changes)))


def complaints(fixed: FixOutcome) -> list[str]:
    """A line for each fix that was not applied."""
    from losslint.report.sources import Sources
    from losslint.report.text import clean, place

    sources = Sources(fixed.outcome.sources, fixed.outcome.cells)
    lines = [
        f"losslint: {place(one.finding.span, sources)}: {one.finding.code} was not fixed: {clean(one.reason)}"
        for one in fixed.refused
    ]
    return lines if fixed.settled else [*lines, "losslint: fixes bring ever more to fix; run again to go on"]


def diff(fixed: FixOutcome, style: Style, asides: list[str]) -> str:
    """What would be written, without the last line end; how much it would fix is added to `asides`."""
    from losslint.report.diff import unified

    remaining = len(fixed.outcome.findings)
    noun = "finding" if fixed.count == 1 else "findings"
    asides.append(f"losslint: would fix {fixed.count} {noun} ({remaining} remaining)")
    return "".join(unified(change.path, *change.texts, style) for change in fixed.changes).removesuffix("\n")


def summary(fixed: FixOutcome, options: Mapping[str, Any]) -> list[str]:
    """Lines that say what was fixed, and what else could be."""
    from losslint.report.text import fixed as said

    remaining = fixed.outcome.findings
    lines = _by_file(fixed) if options["show_fixes"] else []
    if fixed.count or remaining:
        lines.append(said(fixed.count, len(remaining)))
    fixes = [one.fix for one in remaining if one.fix is not None and one.fix.edits]
    unsafe = sum(fix.applicability.value == "unsafe" for fix in fixes)
    if options["unsafe_fixes"] is None and unsafe:
        lines.append(f"{unsafe} more fixable with --unsafe-fixes.")
    return lines


def _by_file(fixed: FixOutcome) -> list[str]:
    """What was fixed, by the file of the finding, and where the files that changed are others, these."""
    from losslint.report.text import clean, table
    from losslint.rules._registry import load

    names = {rule.code: rule.name for rule in load()}
    lines = []
    for path, codes in fixed.fixed.items():
        rows = [(f"    {count}", code, names.get(code, "")) for code, count in codes.items()]
        lines += [clean(path), *table(rows).splitlines()]
    changed = [change.path for change in fixed.changes]
    if lines and set(changed) != set(fixed.fixed):
        lines.append(f"Changed {', '.join(map(clean, changed))}.")
    return lines
