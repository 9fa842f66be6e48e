"""Blocks of code in reStructuredText: directives, found by docutils' own parser; none of its directives is ever run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser, states
from docutils.statemachine import StringList
from docutils.utils import new_document

from losslint.source.block import Block, language_of

_DIRECTIVE = re.compile(r"\.\.[ ]+(?P<name>[^\W_]+(?:[-_.+:][^\W_]+)*)[ ]?::(?:[ ]+|$)")
_CODE_DIRECTIVES = frozenset({"code", "code-block", "sourcecode"})
_PYTHON_DIRECTIVES = frozenset({"jupyter-execute", "testcode"})
_VERBATIM = frozenset(
    {"csv-table", "doctest", "ipython", "literalinclude", "math", "mermaid", "parsed-literal", "plot", "prompt", "raw"}
    | {"testoutput"}
)
"""Directives whose content is no reStructuredText."""


def blocks(lines: Sequence[str]) -> list[Block]:
    """All blocks of code that name their language, also those within lists, tables and directives that are not known."""
    found: list[Block] = []
    settings = get_default_settings(Parser())
    settings.report_level = settings.halt_level = 5
    settings.warning_stream = False
    document = new_document("document", settings)
    machine = states.RSTStateMachine(state_classes=_states(found), initial_state="Body")
    machine.run([_expanded(line) for line in lines], document, inliner=_NoInliner())
    return found


def _expanded(line: str) -> str:
    """A line with tabs in front of its text as spaces, and nothing behind it, as the parser wants it."""
    body = line.lstrip(" \t")
    return (line[: len(line) - len(body)].expandtabs(8) + body).rstrip()


class _NoInliner(states.Inliner):
    """Markup within lines does not matter, and roles of extensions are not known."""

    def init_customizations(self, settings: Any) -> None:
        """Nothing: the patterns that the library would make here are not used."""

    def parse(self, text: str, lineno: int, memo: Any, parent: Any) -> tuple[list[nodes.Node], list[nodes.Node]]:
        return [], []

    def adjust_uri(self, uri: str) -> str:
        """The address as it is."""
        return uri


def _states(found: list[Block]) -> tuple[type[states.RSTState], ...]:
    """The parser's states, with directives that add to `found` in place of its own."""

    class Noting(states.RSTState):
        nested_sm_cache: ClassVar[
            list[Any]
        ] = []  # a cache of its own: machines in the parser's cache hold other states

        def __init__(self, state_machine: Any, debug: bool = False) -> None:
            super().__init__(state_machine, debug)
            self.nested_sm_kwargs = {"state_classes": noting, "initial_state": "Body"}

        def explicit_construct(self, match: re.Match[str]) -> Any:
            directive = _DIRECTIVE.match(match.string)
            return super().explicit_construct(match) if directive is None else self.directive(directive)

        def directive(self, match: re.Match[str], **_presets: Any) -> tuple[list[nodes.Node], bool]:
            machine = self.state_machine
            indented, _, offset, blank_finish = machine.get_first_known_indented(match.end(), strip_top=0)
            name = match.group(1).lower()
            block = _block(name, indented)
            if block is not None:
                found.append(block)
            elif name not in _VERBATIM and name not in _CODE_DIRECTIVES:
                self.nested_parse(indented, offset, nodes.Element())
            return [], blank_finish or machine.is_next_line_blank()

    noting = tuple(type(one.__name__, (Noting, one), {}) for one in states.state_classes)
    return noting


def _block(name: str, indented: StringList) -> Block | None:
    """The code of a directive, or None for one that holds none."""
    if name not in _CODE_DIRECTIVES | _PYTHON_DIRECTIVES:
        return None
    lines = list(indented)
    head = next((index for index, line in enumerate(lines) if not line.strip()), len(lines))
    if not lines[0].strip() and len(lines) > 1:  # no argument beside the directive, but options may follow
        head = next((index for index, line in enumerate(lines) if index and not line.strip()), len(lines))
    language = "python" if name in _PYTHON_DIRECTIVES else language_of(lines[0])
    start = next((index for index in range(head, len(lines)) if lines[index].strip()), len(lines))
    if not language or start == len(lines):
        return None
    return Block(language, indented.items[start][1], tuple(lines[start:]))
