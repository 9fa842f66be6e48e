"""LL001 unused-suppression

## What it does
Finds `# losslint: ignore[...]` and codes of losslint in `# noqa: ...` that keep no finding back, and codes and names in them that no
rule has. A `# noqa` without codes and the codes of other linters are left alone, and so is what speaks of a rule that is switched off.

## Why it is wrong
A directive that outlives its finding hides the next one on its line, and one with a mistyped code hides nothing at all. Who reads the
code takes both for a statement about it.

## Example
```python
from torch import nn

def step(model: nn.Linear, x, labels):
    return nn.CrossEntropyLoss()(model(x), labels)  # noqa: LL101
```

## Use instead
```python
from torch import nn

def step(model: nn.Linear, x, labels):
    return nn.CrossEntropyLoss()(model(x), labels)
```

## Fix
Safe: the directive goes, or the dead codes of its list; the rest of the comment and the codes of other linters stay. A code that no
rule has is not removed, since it was meant for some other.

## References
- https://docs.astral.sh/ruff/rules/unused-noqa/
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from losslint.domain.origin import Site
from losslint.facts import RuleName, SuppressionSeen
from losslint.finding import Certainty, Severity
from losslint.remedy import RemoveDirective
from losslint.rules._rule import Offence, Rule
from losslint.source.suppress import Entry

OWN_CODE = re.compile(r"LL[0-9]*", re.IGNORECASE)
CODE, NAME = "LL001", "unused-suppression"


def _matching(entry: Entry, rules: Sequence[RuleName]) -> list[RuleName]:
    return [rule for rule in rules if entry.allows(rule.code, rule.name)]


def _is_exact(entry: Entry, rule: RuleName) -> bool:
    return entry.text == rule.name or entry.text.upper() == rule.code


def _could_tell(matching: Sequence[RuleName], exact: bool) -> bool:
    """True where every rule that may need an entry had its say; a rule that is off by default need not for a broad one."""
    others = [rule for rule in matching if rule.code != CODE]
    if exact:
        return any(rule.selected for rule in others)
    return any(rule.selected for rule in others) and all(rule.selected for rule in others if rule.by_default)


def _is_dead(entry: Entry, fact: SuppressionSeen) -> bool:
    matching = _matching(entry, fact.rules)
    if any(rule.code in fact.keeps for rule in matching):
        return False
    return _could_tell(matching, any(_is_exact(entry, rule) for rule in matching))


def _is_unknown(entry: Entry, fact: SuppressionSeen) -> bool:
    own = not fact.comment.is_noqa or OWN_CODE.fullmatch(entry.text) is not None
    return own and not _matching(entry, fact.rules)


def _near(entry: Entry, rules: Sequence[RuleName]) -> str:
    words = {word.lower(): word for rule in rules for word in (rule.code, rule.name)}
    found = difflib.get_close_matches(entry.text.lower(), list(words), n=1, cutoff=0.6)
    return f"did you mean {words[found[0]]}?" if found else "`losslint rules` lists all"


def _unused(fact: SuppressionSeen, message: str, label: str, help_text: str, dead: tuple[Entry, ...]) -> Offence:
    return Offence(
        site=fact.site,
        certainty=Certainty.CERTAIN,
        message=message,
        label=label,
        help=help_text,
        remedies=(RemoveDirective(fact.site, fact.comment, dead),),
    )


def _whole(fact: SuppressionSeen) -> Iterator[Offence]:
    """A directive without a list: for all rules, or with an empty list for none."""
    if fact.comment.listed is not None:
        yield _unused(fact, "this directive names no rule", "keeps nothing back", "remove it, or name a rule", ())
    elif not fact.comment.is_noqa and not fact.keeps and _could_tell(fact.rules, exact=False):
        yield _unused(fact, "this directive keeps no finding back", "not needed", "remove it", ())


def check(fact: SuppressionSeen) -> Iterator[Offence]:
    """A directive, or an entry of one, that keeps nothing back."""
    entries = fact.comment.listed or ()
    if not entries:
        yield from _whole(fact)
    dead = tuple(entry for entry in entries if _is_dead(entry, fact))
    if dead:
        named = ", ".join(entry.text for entry in dead)
        what = "the directive" if len(dead) == len(entries) else named
        yield _unused(fact, f"no finding is kept back by {named}", "not needed", f"remove {what}", dead)
    for entry in entries:
        if _is_unknown(entry, fact):
            site = Site(entry, fact.site.module)
            near = _near(entry, fact.rules)
            yield Offence(site, Certainty.CERTAIN, f"no rule is called {entry.text}", "keeps nothing back", help=near)


RULE = Rule(
    code=CODE,
    name=NAME,
    summary="a directive that lets a finding stand, where there is none",
    severity=Severity.WARNING,
    on=SuppressionSeen,
    check=check,
)
