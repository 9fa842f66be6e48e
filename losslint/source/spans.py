"""Where nodes stand in the file: a code generation that takes note of the wanted nodes only.

Of few nodes the statements around them are enough, where their code is found just once in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from types import TracebackType

import libcst
from libcst._nodes.internal import CodegenState

from losslint.finding import Span
from losslint.source.document import Document
from losslint.source.fields import walk
from losslint.source.roomy import with_room

FEW = 100
"""Nodes of which the places are looked for one by one."""
_LINE_END = re.compile(r"\r\n?|\n")


def spans(document: Document, module: libcst.Module, nodes: Iterable[libcst.CSTNode]) -> dict[libcst.CSTNode, Span]:
    """The span on disk of each of the nodes, which must belong to `module`, the tree of `document`."""
    wanted = dict.fromkeys(nodes)
    offsets = _near(document.text, module, wanted) if len(wanted) <= FEW else {}
    found = {}
    if offsets:
        lines = _Places(document.text, document.text)
        found = {node: document.span(lines.at(start), lines.at(end)) for node, (start, end) in offsets.items()}
    missing = [node for node in wanted if node not in found]
    if not missing:
        return found
    state = _generated(module, module, missing)
    bounds = list(accumulate(map(len, state.tokens), initial=0))
    places = _Places("".join(state.tokens), document.text)
    for node in missing:
        start, end = state.noted[node]
        found[node] = document.span(places.at(bounds[start]), places.at(bounds[end]))
    return found


def _near(text: str, module: libcst.Module, wanted: Iterable[libcst.CSTNode]) -> dict[libcst.CSTNode, tuple[int, int]]:
    """Where nodes begin and end in the text, as far as the code of the statement around them stands in it just once."""
    if "\f" in text:  # form feeds are lost in generated code
        return {}
    if not module.has_trailing_newline:
        text += module.default_newline  # each statement alone has one, and is to be found where it stands last, too
    found: dict[libcst.CSTNode, tuple[int, int]] = {}
    for statement, indents, inside in _holders(module, set(wanted)):
        try:
            state = _generated(module, statement, inside, indents)
        except RecursionError:
            continue
        code = "".join(state.tokens)
        at = text.find(code)
        if at < 0 or text.find(code, at + 1) >= 0 or text[at - 1 : at] not in {"", "\n", "\r"}:
            continue
        bounds = list(accumulate(map(len, state.tokens), initial=at))
        for node in inside:
            start, end = state.noted[node]
            found[node] = (bounds[start], bounds[end])
    return found


_Holder = tuple[libcst.CSTNode, tuple[str, ...], list[libcst.CSTNode]]


def _holders(module: libcst.Module, wanted: set[libcst.CSTNode]) -> Iterator[_Holder]:
    """Statements of the module, or right in a class, with their indents and those of the wanted nodes that stand in them."""
    pending: list[tuple[libcst.CSTNode, tuple[str, ...]]] = [(one, ()) for one in module.body]
    for statement, indents in pending:
        if not wanted:
            return
        inside = [node for node in walk(statement) if node in wanted]
        if not inside:
            continue
        block = statement.body if isinstance(statement, libcst.ClassDef) else None
        if isinstance(block, libcst.IndentedBlock):
            indent = block.indent if block.indent is not None else module.default_indent
            pending += [(one, (*indents, indent)) for one in block.body]
            continue
        wanted.difference_update(inside)
        yield statement, indents, inside


def _generated(
    module: libcst.Module, root: libcst.CSTNode, wanted: Iterable[libcst.CSTNode], indents: Iterable[str] = ()
) -> _NotingState:
    def generate() -> _NotingState:
        state = _NotingState(module, wanted)
        for indent in indents:
            state.increase_indent(indent)
        root._codegen(state)
        return state

    try:
        return generate()
    except RecursionError:
        return with_room(generate)


class _NotingState(CodegenState):
    """A code generation that notes, for wanted nodes, before which token they begin and end."""

    def __init__(self, module: libcst.Module, wanted: Iterable[libcst.CSTNode]) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.wanted = set(wanted)
        self.noted: dict[libcst.CSTNode, tuple[int, int]] = {}
        self.begun: dict[libcst.CSTNode, int] = {}

    def before_codegen(self, node: libcst.CSTNode) -> None:
        if node in self.wanted:
            self.begun[node] = len(self.tokens)

    def after_codegen(self, node: libcst.CSTNode) -> None:
        if node in self.wanted and node not in self.noted:
            self.noted[node] = (self.begun[node], len(self.tokens))

    def pop_trailing_newline(self) -> None:
        # Blanked, not removed: positions noted after the last token must stay valid.
        if self.tokens:
            self.tokens[-1] = ""

    def record_syntactic_position(  # type: ignore[override]
        self,
        node: libcst.CSTNode,
        *,
        start_node: libcst.CSTNode | None = None,
        end_node: libcst.CSTNode | None = None,
    ) -> _Unnoted | _Note:
        """Nodes wrap the part of their code that counts as their place in this context."""
        return _Note(self, node, start_node, end_node) if node in self.wanted else _UNNOTED


class _Unnoted:
    """Stands in for a note where nobody wants the node."""

    __slots__ = ()

    def __enter__(self) -> None: ...

    def __exit__(self, *failure: object) -> None: ...


_UNNOTED = _Unnoted()


class _Note:
    """Notes a wanted node around its code; its bounds may be those of two nodes within."""

    __slots__ = ("end_node", "node", "start", "start_node", "state")

    def __init__(
        self,
        state: _NotingState,
        node: libcst.CSTNode,
        start_node: libcst.CSTNode | None,
        end_node: libcst.CSTNode | None,
    ) -> None:
        self.state, self.node, self.start_node, self.end_node = state, node, start_node, end_node
        self.start = len(state.tokens)
        state.wanted.update(bound for bound in (start_node, end_node) if bound is not None)

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            return
        noted = self.state.noted
        start = self.start if self.start_node is None else noted[self.start_node][0]
        end = len(self.state.tokens) if self.end_node is None else noted[self.end_node][1]
        noted[self.node] = (start, end)


class _Places:
    """Offsets in generated code as lines and columns of the text that it was parsed from.

    Both have the same lines; but a form feed before a statement, with all that stands before it in its line, is lost.
    """

    def __init__(self, code: str, text: str) -> None:
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(code))]
        self._code = _LINE_END.split(code) if "\f" in text else []
        self._text = _LINE_END.split(text) if "\f" in text else []

    def at(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1 + self._lost(line - 1)

    def _lost(self, index: int) -> int:
        if index >= min(len(self._code), len(self._text)):
            return 0
        lost = len(self._text[index]) - len(self._code[index])
        return lost if self._text[index].endswith(self._code[index]) else 0
