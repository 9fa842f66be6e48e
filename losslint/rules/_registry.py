"""All rules: every module of this package that is not private holds one, as its constant `RULE`."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

from losslint.rules._rule import Rule


@cache
def load() -> tuple[Rule, ...]:
    """All rules, sorted by code, each with its page."""
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    rules = [_read(name) for name in names if not name.startswith("_")]
    _refuse_doubles([rule.code for rule in rules])
    _refuse_doubles([rule.name for rule in rules])
    return tuple(sorted(rules, key=lambda rule: rule.code))


def by_code_or_name(wanted: str) -> Rule | None:
    """The rule of a code or a name, in whatever case."""
    folded = wanted.strip().lower()
    return next((rule for rule in load() if folded in {rule.code.lower(), rule.name}), None)


def _read(name: str) -> Rule:
    module = import_module(f"{__package__}.{name}")
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise TypeError(f"{module.__name__} has no RULE")
    return replace(rule, page=inspect.cleandoc(module.__doc__ or ""))


def _refuse_doubles(keys: Sequence[str]) -> None:
    doubles = sorted({key for key in keys if keys.count(key) > 1})
    if doubles:
        raise ValueError(f"used by more than one rule: {', '.join(doubles)}")
