"""The code of a module as fixes see it: parents of nodes, their text, and changes that become edits of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst
from libcst._nodes.internal import CodegenState

from losslint.finding import Edit, Problem, Span
from losslint.names.import_lines import Imports, closure
from losslint.names.project import Unit
from losslint.source.spans import spans
from losslint.source.tree import CODE_FIELDS, walk

ATOMS = (
    cst.Name,
    cst.Attribute,
    cst.Call,
    cst.Subscript,
    cst.Integer,
    cst.Float,
    cst.SimpleString,
    cst.List,
    cst.Dict,
    cst.Set,
    cst.ListComp,
    cst.DictComp,
    cst.SetComp,
)
ENCLOSING = (cst.Arg, cst.Element, cst.SubscriptElement, cst.Index, cst.DictElement)


class RefusedError(Exception):
    """A remedy that cannot be carried out; its text says why, for users to read."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """New text from the start of `first` (its end with `after_first`) to the end of `last` (its start with `before_last`).

    With `lines` the change takes whole lines, their line ends included.
    """

    unit: Unit
    first: cst.CSTNode
    last: cst.CSTNode
    text: str
    after_first: bool = False
    before_last: bool = False
    lines: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for changes that do the same; nodes count as themselves."""
        return (id(self.first), id(self.last), self.text, self.after_first, self.before_last, self.lines)


@dataclass(slots=True, eq=False)
class Codes:
    """The modules of a program, with the parents of their nodes."""

    units: Sequence[Unit]
    imports: Imports
    places: dict[cst.CSTNode, Span] = field(default_factory=dict)
    groups: dict[Unit, tuple[Unit, ...]] = field(default_factory=dict)
    parents: dict[Unit, dict[cst.CSTNode, cst.CSTNode]] = field(default_factory=dict)
    sound: dict[Unit, bool] = field(default_factory=dict)

    def tree(self, unit: Unit) -> cst.Module:
        """The tree of a module that may be changed; refuses one whose tree is not all of its text."""
        tree, document = unit.tree, unit.document
        if isinstance(tree, Problem) or isinstance(document, Problem):
            raise RefusedError(f"{unit.file.name} cannot be read")
        if unit not in self.sound:
            self.sound[unit] = document.extract is not None or (
                tree.code.rstrip("\r\n") == document.text.rstrip("\r\n")
            )
        if not self.sound[unit]:
            raise RefusedError(f"{document.path} is not read as it stands")
        return tree

    def parent(self, unit: Unit, node: cst.CSTNode) -> cst.CSTNode | None:
        """The code node right above a node."""
        known = self.parents.get(unit)
        if known is None:
            known = self.parents[unit] = {}
            tree = unit.tree
            for above in () if isinstance(tree, Problem) else walk(tree):
                known.update((below, above) for below in children(above))
        return known.get(node)

    def above(self, unit: Unit, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes above a node, nearest first."""
        parent = self.parent(unit, node)
        while parent is not None:
            yield parent
            parent = self.parent(unit, parent)

    def nodes(self, within: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """A node and all code nodes below it."""
        return walk(within)

    def names(self, unit: Unit, within: cst.CSTNode, name: str) -> list[cst.Name]:
        """The places where a variable of this name stands, attributes and keywords of this name left out."""
        found = [one for one in walk(within) if isinstance(one, cst.Name) and one.value == name]
        return [one for one in found if not _is_label(one, self.parent(unit, one))]

    def is_notebook(self, unit: Unit) -> bool:
        """True for a module that is a notebook."""
        return not isinstance(unit.document, Problem) and unit.document.is_notebook

    def near(self, unit: Unit) -> tuple[Unit, ...]:
        """The modules that can meet objects of a module: all that import it, near or far, and all that these import."""
        found = self.groups.get(unit)
        if found is None:
            importers = self.imports.importers(self.units)
            above = closure({unit}, lambda one: importers.get(one, set()))
            wanted = closure(above, self.imports.of)
            found = self.groups[unit] = tuple(one for one in self.units if one in wanted)
        return found

    def mentions(self, near: Unit, word: str) -> Iterator[tuple[Unit, cst.CSTNode]]:
        """Each attribute of this name, and each text that holds it, in all modules near one; files that do not hold the word are not read."""
        for unit in self.near(near):
            tree = unit.tree if unit.mentions(word.encode()) else None
            for node in walk(tree) if isinstance(tree, cst.Module) else ():
                named = isinstance(node, cst.Attribute) and node.attr.value == word
                if named or (isinstance(node, cst.SimpleString) and node.evaluated_value == word):
                    yield unit, node

    def any_mentions(self, near: Unit, words: Iterable[bytes]) -> bool:
        """True where some module near one holds one of these words."""
        return any(unit.mentions(word) for unit in self.near(near) for word in words)

    def asks_for_class(self, near: Unit, name: str) -> bool:
        """True where the program asks whether something is an object of a class of this name."""
        for unit in self.near(near):
            tree = unit.tree if unit.mentions(b"isinstance") and unit.mentions(name.encode()) else None
            for node in walk(tree) if isinstance(tree, cst.Module) else ():
                asks = (
                    isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "isinstance"
                )
                if asks and any(isinstance(one, cst.Name) and one.value == name for one in walk(node)):
                    return True
        return False

    def speaks_of(self, unit: Unit, word: str) -> bool:
        """True where another module, or a text in this one, holds a word: it may mean a name of this module."""
        elsewhere = any(one is not unit and one.mentions(word.encode()) for one in self.near(unit))
        texts = (one for one in walk(self.tree(unit)) if isinstance(one, cst.SimpleString))
        return elsewhere or any(word in one.value for one in texts)

    def text(self, unit: Unit, node: cst.CSTNode) -> str:
        """The source of a node, as it stands."""
        return self.rendered(unit, node, node)

    def rendered(self, unit: Unit, place: cst.CSTNode, node: cst.CSTNode) -> str:
        """The source of a node as it reads in some place: further lines begin where the block of that place does."""
        tree = self.tree(unit)
        blocks = [one for one in self.above(unit, place) if isinstance(one, cst.IndentedBlock)]
        state = CodegenState(default_indent=tree.default_indent, default_newline=tree.default_newline)
        for block in reversed(blocks):
            state.increase_indent(tree.default_indent if block.indent is None else block.indent)
        node._codegen(state)
        return "".join(state.tokens)

    def operand(self, unit: Unit, node: cst.CSTNode) -> str:
        """The source of an expression as one side of an operator."""
        text = self.text(unit, node)
        bare = isinstance(node, ATOMS) or (isinstance(node, cst.BaseExpression) and bool(node.lpar))
        return text if bare else f"({text})"

    def where(self, unit: Unit, node: cst.CSTNode) -> str:
        """The file and line of a node, for users to read."""
        if isinstance(unit.tree, Problem):
            return unit.file.name
        span = self.span(unit, node)
        return f"{span.path}:{span.line}" if span.cell is None else f"{span.path}:cell {span.cell}:{span.cell_line}"

    def span(self, unit: Unit, node: cst.CSTNode) -> Span:
        """The place of a node in its file."""
        found = self.places.get(node)
        if found is None:
            document = unit.document
            assert not isinstance(document, Problem)
            found = self.places[node] = spans(document, self.tree(unit), [node])[node]
        return found

    def standing_in(self, unit: Unit, node: cst.BaseExpression, place: cst.CSTNode) -> str:
        """The source of an expression for the place of another: in parentheses where it would otherwise be torn apart."""
        text = self.text(unit, node)
        parent = self.parent(unit, place)
        bare = isinstance(parent, (cst.Assign, cst.AnnAssign, cst.Return, cst.Expr)) and "\n" not in text
        if node.lpar or (isinstance(node, ATOMS) and "\n" not in text.split("(")[0]):
            return text
        held = isinstance(parent, ENCLOSING) and not isinstance(node, cst.NamedExpr)
        if (bare and not isinstance(node, cst.NamedExpr | cst.Yield)) or held:
            return text
        return f"({text})"

    def has_comment(self, unit: Unit, node: cst.CSTNode, keeping: cst.CSTNode | None = None) -> bool:
        """True where a comment stands in the code of a node, that of `keeping` left out."""
        if not isinstance(unit.document, Problem) and "#" not in unit.document.text:
            return False
        kept = "" if keeping is None else self.text(unit, keeping)
        return self.text(unit, node).count("#") > kept.count("#")

    def edits(self, changes: Sequence[Change]) -> tuple[Edit, ...]:
        """The changes as edits of files."""
        by_unit: dict[Unit, list[Change]] = {}
        for change in changes:
            by_unit.setdefault(change.unit, []).append(change)
        found: list[Edit] = []
        for unit, its in by_unit.items():
            tree, document = self.tree(unit), unit.document
            assert not isinstance(document, Problem)
            places = spans(document, tree, [node for change in its for node in (change.first, change.last)])
            if document.is_notebook and any(change.lines for change in its):
                raise RefusedError("whole lines of a notebook are not taken out")
            found += [_edit(change, places[change.first], places[change.last]) for change in its]
        return tuple(sorted(found, key=lambda edit: (edit.span.path, edit.span.line, edit.span.column)))


def _edit(change: Change, first: Span, last: Span) -> Edit:
    start = (first.end_line, first.end_column) if change.after_first else (first.line, first.column)
    end = (last.line, last.column) if change.before_last else (last.end_line, last.end_column)
    if change.lines:
        start, end = (start[0], 1), (end[0] + 1, 1)
    return Edit(Span(first.path, *start, *end, first.cell, first.cell_line), change.text)


def children(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """The code nodes right below a node."""
    for name in CODE_FIELDS.get(type(node), ()):
        held = getattr(node, name)
        if isinstance(held, cst.CSTNode):
            yield held
        elif isinstance(held, list | tuple):
            yield from held


def replaced(unit: Unit, node: cst.CSTNode, text: str) -> Change:
    """Another text in the place of a node."""
    return Change(unit, node, node, text)


def _is_label(name: cst.Name, parent: cst.CSTNode | None) -> bool:
    if isinstance(parent, cst.Attribute):
        return parent.attr is name
    return isinstance(parent, cst.Arg) and parent.keyword is name
