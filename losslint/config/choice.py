"""What one place says (a file, or the command line), and how a later place is laid over earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from losslint.config.error import ConfigError, Place, nearest
from losslint.config.settings import CODE, FileIgnores, Settings, Tables
from losslint.finding import Certainty, Severity
from losslint.source.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Choice:
    """Settings given in one place; None, or nothing in the list, where that place is silent."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    certainty: Certainty | None = None
    severity: Severity | None = None
    severities: tuple[tuple[str, Severity], ...] = ()
    per_file_ignores: tuple[FileIgnores, ...] | None = None
    extend_per_file_ignores: tuple[FileIgnores, ...] = ()
    fixable: tuple[str, ...] | None = None
    extend_fixable: tuple[str, ...] = ()
    unfixable: tuple[str, ...] = ()
    unsafe_fixes: bool | None = None
    exclude: tuple[Pattern, ...] | None = None
    extend_exclude: tuple[Pattern, ...] = ()
    include: tuple[Pattern, ...] | None = None
    extend_include: tuple[Pattern, ...] = ()
    force_exclude: bool | None = None
    respect_gitignore: bool | None = None
    output_format: str | None = None
    jobs: int | None = None
    cache: bool | None = None
    cache_dir: Path | None = None
    baseline: Path | None = None
    docs: bool | None = None
    tables: tuple[Tables, ...] = ()


_JOINED = {"severities": "severities", "extend_exclude": "extend_exclude", "extend_include": "include",
           "extend_per_file_ignores": "per_file_ignores", "tables": "tables"}  # fmt: skip
"""Lists that are added to those of earlier places, and where they end up."""
_SELECTED = ("select", "extend_select", "ignore", "fixable", "extend_fixable", "unfixable")


def merge(settings: Settings, choice: Choice) -> Settings:
    """Lay a later choice over settings.

    Its `select` replaces all selectors before it, its other selectors outweigh them; so it is with `fixable`. Other values
    replace those before them, and what extends a list is added to it.
    """
    select, ignore = _selected((settings.select, settings.extend_select, settings.ignore), choice)
    changes: dict[str, Any] = {"select": select[0], "extend_select": select[1], "ignore": ignore}
    changes["fixable"], changes["unfixable"] = _fixable(settings, choice)
    for one in fields(choice):
        value = getattr(choice, one.name)
        if one.name not in _SELECTED and one.name not in _JOINED and value is not None:
            changes[one.name] = value
    for name, target in _JOINED.items():
        changes[target] = (*changes.get(target, getattr(settings, target)), *getattr(choice, name))
    changes["tables"] = tuple(
        one for place, one in enumerate(changes["tables"]) if one not in changes["tables"][:place]
    )
    return replace(settings, **changes)


def _selected(
    before: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], choice: Choice
) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]:
    select, extend, ignore = before
    if choice.select is not None:
        nothing = () if choice.select else ("ALL",)  # an empty list means no rule, and not the usual ones
        return (choice.select, choice.extend_select), (*nothing, *choice.ignore)
    overruled = _covered((*select, *extend), choice.ignore)
    kept = _left((*ignore, *overruled), choice.extend_select, but=overruled)
    return (select, (*extend, *choice.extend_select)), (*kept, *choice.ignore)


def _fixable(settings: Settings, choice: Choice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if choice.fixable is not None:
        return (*choice.fixable, *choice.extend_fixable), choice.unfixable
    overruled = _covered(settings.fixable, choice.unfixable)
    kept = _left((*settings.unfixable, *overruled), choice.extend_fixable, but=overruled)
    return (*settings.fixable, *choice.extend_fixable), (*kept, *choice.unfixable)


def _covered(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    new = tuple(new)
    return tuple(one for one in old if any(_covers(other, one) for other in new))


def _left(old: Iterable[str], new: Sequence[str], but: Sequence[str]) -> tuple[str, ...]:
    """What later selectors leave of earlier ones."""
    return tuple(one for one in old if one in but or not any(_covers(other, one) for other in new))


def _covers(general: str, special: str) -> bool:
    return general in {"ALL", special} or (bool(CODE.fullmatch(general)) and special.startswith(general))


def normalise(choice: Choice, rules: Iterable[tuple[str, str]], place: Place) -> Choice:
    """The choice with names turned to codes; `rules` are (code, name) of all there are, `place` is named in errors.

    Raises ConfigError with a line for each selector that no rule matches.
    """
    codes = {name: code for code, name in rules}
    wrong: dict[str, None] = {}

    def known(key: str, selectors: Iterable[str]) -> tuple[str, ...]:
        return tuple(_known(one, key) for one in selectors)

    def _known(selector: str, key: str) -> str:
        upper = selector.upper()
        if upper == "ALL" or (CODE.fullmatch(upper) and any(code.startswith(upper) for code in codes.values())):
            return upper
        if selector.lower() in codes:
            return codes[selector.lower()]
        near = nearest(selector, (*codes, *codes.values()))
        wrong[f"{place.of(key)}: no rule matches {selector!r}{near}"] = None
        return upper

    found = _renamed(choice, known)
    if wrong:
        raise ConfigError("\n".join(wrong))
    return found


def _renamed(choice: Choice, known: Callable[[str, Iterable[str]], tuple[str, ...]]) -> Choice:
    changes: dict[str, Any] = {}
    for name in _SELECTED:
        value = getattr(choice, name)
        changes[name] = None if value is None else known(name.replace("_", "-"), value)
    for name in ("per_file_ignores", "extend_per_file_ignores"):
        value, key = getattr(choice, name), name.replace("_", "-")
        changes[name] = None if value is None else tuple(_with_codes(one, key, known) for one in value)
    selectors = known("severities", (selector for selector, _ in choice.severities))
    changes["severities"] = tuple(zip(selectors, (severity for _, severity in choice.severities), strict=True))
    return replace(choice, **changes)


def _with_codes(one: FileIgnores, key: str, known: Callable[[str, Iterable[str]], tuple[str, ...]]) -> FileIgnores:
    return replace(one, selectors=known(key, one.selectors))
