"""Findings as diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lsprotocol import types as lsp

from losslint.finding import Finding, Severity
from losslint.lsp.places import Places

SOURCE = "losslint"
SEVERITIES: Mapping[Severity, lsp.DiagnosticSeverity] = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.ADVICE: lsp.DiagnosticSeverity.Information,
}
FADED = frozenset({"LL001"})
"""Rules about text that does nothing: editors show it faded."""

Pair = tuple[Finding, lsp.Diagnostic]
"""A finding and what the client gets of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a client understands of diagnostics."""

    related: bool = True
    tags: bool = True


def told_to(capabilities: lsp.ClientCapabilities) -> Told:
    """What this client says that it understands."""
    text = capabilities.text_document
    diagnostics = text.publish_diagnostics if text is not None else None
    if diagnostics is None:
        return Told(False, False)
    return Told(bool(diagnostics.related_information), diagnostics.tag_support is not None)


def diagnostic(finding: Finding, places: Places, told: Told) -> lsp.Diagnostic:
    """One finding. A client without related places gets the way of the value as text."""
    related = [lsp.DiagnosticRelatedInformation(places.location(step.span), step.message) for step in finding.trace]
    lines = [f"{finding.message}\n{finding.label}" if finding.label else finding.message]
    if not told.related:
        lines += [f"{step.span.path}:{step.span.line}:{step.span.column}  {step.message}" for step in finding.trace]
    lines += finding.notes
    if finding.help:
        lines.append(f"help: {finding.help}")
    return lsp.Diagnostic(
        range=places.location(finding.span).range,
        severity=SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
        message=places.text("\n".join(lines)),
        tags=[lsp.DiagnosticTag.Unnecessary] if told.tags and finding.code in FADED else None,
        related_information=related if told.related and related else None,
        data=_data(finding, places),
    )


def _data(finding: Finding, places: Places) -> dict[str, object]:
    """What clients may want beside what the protocol has a field for."""
    fix = finding.fix
    return {
        "name": finding.name,
        "severity": finding.severity.value,
        "certainty": finding.certainty.label,
        "fix": None if fix is None else {"applicability": fix.applicability.value, "message": places.text(fix.message)},
    }


def by_address(findings: Iterable[Finding], places: Places, told: Told) -> dict[str, list[Pair]]:
    """All findings with their diagnostics, by the address that they are published under."""
    found: dict[str, list[Pair]] = {}
    for finding in findings:
        uri = places.location(finding.span).uri
        found.setdefault(uri, []).append((finding, diagnostic(finding, places, told)))
    return found
