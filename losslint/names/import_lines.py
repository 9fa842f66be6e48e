"""Which modules of the project import which, as far as a look at the lines of their text tells: nothing is parsed for it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator

from losslint.names.project import Project, Unit

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))", re.MULTILINE
)
_NAME = re.compile(rb"\w+|\*")
_MODULE = re.compile(rb"[\w.]+")
_TOP_LEVEL_NAME = re.compile(rb"^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_EMPTY_DICT = re.compile(rb"^\w[^=\n]*=[ \t]*(?:\{\}|\w*[dD]ict\()", re.MULTILINE)
_BASES = re.compile(rb"^[ \t]*class[ \t]+\w+[ \t]*\(([^):]+)\)", re.MULTILINE)
_TOP_LEVEL_USE = re.compile(rb"^@?(\w+)[.(\n]", re.MULTILINE)


def _plain(unit: Unit) -> bytes:
    """The text of a module with line ends of one kind, and without a byte order mark."""
    return unit.code.removeprefix(codecs.BOM_UTF8).replace(b"\r", b"\n")


class Imports:
    """Which modules each module imports, as far as a look at the lines of its text tells."""

    __slots__ = ("_keeps", "_lines", "_project", "_registrants", "_registries", "_targets")

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lines: dict[Unit, tuple[tuple[Unit, str], ...]] = {}
        self._targets: dict[Unit, frozenset[Unit]] = {}
        self._keeps: dict[Unit, tuple[frozenset[bytes], bool]] = {}
        self._registries: dict[Unit, frozenset[Unit]] = {}
        self._registrants: dict[Unit, list[Unit]] | None = None

    def lines(self, unit: Unit) -> tuple[tuple[Unit, str], ...]:
        """Imported modules, each with the name that is taken from it: ``*`` for all, nothing for the module itself."""
        found = self._lines.get(unit)
        if found is None:
            found = self._lines[unit] = tuple(dict.fromkeys(_import_lines(unit, self._project)))
        return found

    def forget(self, units: Iterable[Unit]) -> None:
        """These modules have other texts now."""
        for unit in units:
            self._lines.pop(unit, None)
            self._keeps.pop(unit, None)
        self._targets.clear()
        self._registries.clear()
        self._registrants = None

    def importers(self, units: Iterable[Unit]) -> dict[Unit, set[Unit]]:
        """For each module that one of these imports, which of them do."""
        found: dict[Unit, set[Unit]] = {}
        for unit in units:
            if unit.mentions(b"import"):
                for other in self.of(unit):
                    found.setdefault(other, set()).add(unit)
        return found

    def of(self, unit: Unit) -> frozenset[Unit]:
        """The modules that a module imports; a name that a package re-exports stands for the module that it comes from."""
        known = self._targets.get(unit)
        if known is None:
            found: set[Unit] = set()
            for module, name in self.lines(unit):
                self._follow(module, name, found, 0)
            known = self._targets[unit] = frozenset(found - {unit})
        return known

    def _ends(self, module: Unit, name: str) -> set[Unit]:
        """The modules that importing `name` from `module` leads to."""
        found: set[Unit] = set()
        self._follow(module, name, found, 0)
        return found

    def registries(self, unit: Unit) -> frozenset[Unit]:
        """The modules in which a module may register what it defines, by a decorator or a call of its top level: they keep an
        empty dict, or the object that is used."""
        known = self._registries.get(unit)
        if known is None:
            used = {name.decode(errors="replace") for name in _TOP_LEVEL_USE.findall(_plain(unit))}
            found: set[Unit] = set()
            for module, name in self.lines(unit):
                if (name or "".join(module.parts[-1:])) in used:
                    found |= {end for end in self._ends(module, name) if self._may_keep(end, name)}
            known = self._registries[unit] = frozenset(found)
        return known

    def builds_on(self, unit: Unit, module: Unit) -> bool:
        """True where a module has a class with a base that it imports from another one."""
        bases = {name for line in _BASES.findall(_plain(unit)) for name in _NAME.findall(line)}
        for source, name in self.lines(unit):
            is_base = (name or "".join(source.parts[-1:])).encode() in bases or (name == "*" and bool(bases))
            if is_base and module in self._ends(source, name):
                return True
        return False

    def registrants(self, registry: Unit) -> list[Unit]:
        """The modules that may register something in a module."""
        if self._registrants is None:
            self._registrants = {}
            for unit in self._project.units.values():
                for one in self.registries(unit):
                    self._registrants.setdefault(one, []).append(unit)
        return self._registrants.get(registry, [])

    def _may_keep(self, unit: Unit, name: str) -> bool:
        known = self._keeps.get(unit)
        if known is None:
            named = frozenset(_TOP_LEVEL_NAME.findall(_plain(unit)))
            known = self._keeps[unit] = (named, _EMPTY_DICT.search(_plain(unit)) is not None)
        return known[1] or name.encode() in known[0]

    def _follow(self, module: Unit, name: str, found: set[Unit], depth: int) -> None:
        if (module in found and not module.is_package) or depth > 4:
            return
        found.add(module)
        if not name or not module.is_package:
            return
        for inner, taken in self.lines(module):
            if name in ("*", taken) or taken == "*":
                self._follow(inner, taken if name == "*" else name, found, depth + 1)


def _import_lines(unit: Unit, project: Project) -> Iterator[tuple[Unit, str]]:
    for match in _IMPORT.finditer(_plain(unit)):
        dots, module, names, plain = match.groups()
        if plain is not None:
            for name in _MODULE.findall(plain):
                target = project.resolve(unit, _parts(name), 0)
                if target is not None:
                    yield target, ""
            continue
        level, parts = len(dots), _parts(module)
        target = project.resolve(unit, parts, level)
        for taken in _NAME.findall(names):
            name = taken.decode(errors="replace")
            inner = project.resolve(unit, (*parts, name), level)
            if inner is not None:
                yield inner, ""
            elif target is not None:
                yield target, name


def _parts(dotted: bytes) -> tuple[str, ...]:
    return tuple(part for part in dotted.decode(errors="replace").split(".") if part)


def closure(start: Iterable[Unit], following: Callable[[Unit], Iterable[Unit]]) -> set[Unit]:
    """These modules, those that follow from them, and so on."""
    seen = set(start)
    pending = list(seen)
    while pending:
        for unit in following(pending.pop()):
            if unit not in seen:
                seen.add(unit)
                pending.append(unit)
    return seen
