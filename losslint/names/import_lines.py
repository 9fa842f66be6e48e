"""Which modules of the project import which, as far as a look at the lines of their text tells: nothing is parsed for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from losslint.names.project import Project, Unit

_IMPORT = re.compile(
    rb"^[ \t\"]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))", re.MULTILINE
)
_NAME = re.compile(rb"\w+|\*")
_MODULE = re.compile(rb"[\w.]+")
_TOP_LEVEL_USE = re.compile(rb"^@?(\w+)[.(\n]", re.MULTILINE)


class Imports:
    """Which modules each module imports, as far as a look at the lines of its text tells."""

    __slots__ = ("_lines", "_project")

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lines: dict[Unit, tuple[tuple[Unit, str], ...]] = {}

    def lines(self, unit: Unit) -> tuple[tuple[Unit, str], ...]:
        """Imported modules, each with the name that is taken from it: ``*`` for all, nothing for the module itself."""
        found = self._lines.get(unit)
        if found is None:
            found = self._lines[unit] = tuple(dict.fromkeys(_import_lines(unit, self._project)))
        return found

    def of(self, unit: Unit) -> set[Unit]:
        """The modules that a module imports; a name that a package re-exports stands for the module that it comes from."""
        found: set[Unit] = set()
        for module, name in self.lines(unit):
            self._follow(module, name, found, 0)
        found.discard(unit)
        return found

    def ends(self, module: Unit, name: str) -> set[Unit]:
        """The modules that importing `name` from `module` leads to."""
        found: set[Unit] = set()
        self._follow(module, name, found, 0)
        return found

    def _follow(self, module: Unit, name: str, found: set[Unit], depth: int) -> None:
        if (module in found and not module.is_package) or depth > 4:
            return
        found.add(module)
        if not name or not module.is_package:
            return
        for inner, taken in self.lines(module):
            if name in ("*", taken) or taken == "*":
                self._follow(inner, taken if name == "*" else name, found, depth + 1)


def _used_at_import(unit: Unit, imports: Imports) -> list[tuple[Unit, str]]:
    """What a module imports and uses as soon as it is imported itself: as a decorator, or in a call of its top level."""
    used = {name.decode(errors="replace") for name in _TOP_LEVEL_USE.findall(unit.data)}
    return [(module, name) for module, name in imports.lines(unit) if (name or "".join(module.parts[-1:])) in used]


def registries_of(unit: Unit, imports: Imports) -> set[Unit]:
    """The modules in which a module may register what it defines: they keep an empty dict, or the object that is used."""
    found = set()
    for module, name in _used_at_import(unit, imports):
        kept = re.compile(
            rb"^(?:%s[ \t]*=|\w+[^=\n]*=[ \t]*(?:\{\}|\w*[dD]ict\())" % re.escape(name or "\n").encode(), re.MULTILINE
        )
        found |= {end for end in imports.ends(module, name) if kept.search(end.data)}
    return found


def users_at_import(imports: Imports, project: Project, of: Unit) -> list[Unit]:
    """The modules that may register something in module `of`."""
    return [unit for unit in project.units.values() if of in registries_of(unit, imports)]


def _import_lines(unit: Unit, project: Project) -> Iterator[tuple[Unit, str]]:
    for match in _IMPORT.finditer(unit.data):
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
