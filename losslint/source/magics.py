"""IPython's magics and shell commands, masked line for line so that the rest of a cell is plain Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CELL_MAGIC = re.compile(r"\s*%%\s*(\w*)")
_KEEPING_THE_BODY = frozenset(
    {"capture", "debug", "heat", "ipytest", "memit", "mprun", "prun", "pyinstrument", "python", "python3", "scalene"}
    | {"snakeviz", "time", "timeit", "wandb"}
)
_COMMAND = re.compile(r"\s*[%!,;/]")
_TIMED = re.compile(
    r"(?P<before>\s*(?:[A-Za-z_][\w.,\s]*=\s*)?)(?P<magic>%\s*(?:time|timeit|memit)(?![\w.])(?:\s+-{1,2}[\w-]+(?:\s*\d+)?)*\s+)"
    r"(?=[\w(\[{'\"*])(?!(?:async|class|def|for|if|try|while|with)\b)"
)
_HELP = re.compile(
    r"\s*(?:\?+|\?{1,2}\s*%{0,2}[\w.*]+\s*;?|%{0,2}[\w.*]+(?:\([^()]*\)|\[[^\[\]]*\])*\?{1,2}\s*(?:\#.*)?)\s*$"
)
_ASSIGNED_COMMAND = re.compile(r"(\s*[A-Za-z_*][\w.,\s*\[\]'\"-]*?(?::[^=!%]*)?=)\s*(?:!|%\s*\w)")
_BARE_COMMAND = re.compile(
    r"\s*(?:(?:pip3?|conda|mamba)\s+(?:install|uninstall|list|show)\b|(?:cd|ls|cat|mkdir|rm|cp|mv)\s+[-~/.\w])(?!\s*[=(])"
)
_LEXEME = re.compile(
    r"""[^()\[\]{}\#\\"']* (?: (?P<open>[(\[{]) | (?P<close>[)\]}]) | (?P<comment>\#.*) | (?P<escape>\\.?)
    | (?P<triple>\"{3}|'{3}) | "[^"\\]*(?:\\.[^"\\]*)*"? | '[^'\\]*(?:\\.[^'\\]*)*'? )""",
    re.VERBOSE,
)


_INDENT = re.compile(r"[ \t]+")
_PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)|In \[\d+\]: ?|[ \t]+\.{3,}: ?")


@dataclass(frozen=True, slots=True)
class LineState:
    """What is still open where a line begins: brackets, a triple-quoted string, a line that was continued."""

    depth: int = 0
    quotes: str = ""
    continued: bool = False

    @property
    def begins_statement(self) -> bool:
        return not (self.depth or self.quotes or self.continued)


def left_out(lines: Sequence[str]) -> list[int]:
    """How many characters at the begin of each line of a cell IPython leaves out: prompts, and the first line's indentation."""
    first = next((line for line in lines if line.strip()), "")
    if first.startswith((">>>", "In [")):
        return [found.end() if (found := _PROMPT.match(line)) else 0 for line in lines]
    indent = _INDENT.match(first)
    return [len(indent.group()) if indent and line.startswith(indent.group()) else 0 for line in lines]


def masked(lines: Sequence[str]) -> list[str]:
    """The lines of one cell, as many as before, with those that are no Python replaced by Python that does nothing."""
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return list(lines)
    magic = _CELL_MAGIC.match(lines[first])
    if magic is None:
        return _masked_statements(lines)
    if magic.group(1) not in _KEEPING_THE_BODY:
        return [""] * len(lines)
    return [*lines[:first], "pass", *_masked_statements(lines[first + 1 :])]


def _masked_statements(lines: Sequence[str]) -> list[str]:
    result = []
    state = LineState()
    in_command = False
    for line in lines:
        if in_command:
            result.append("")
            in_command = line.endswith("\\")
            continue
        replacement = without_command(line) if state.begins_statement else None
        if replacement is None:
            result.append(line)
            state = after(line, state)
        else:
            result.append(replacement)
            in_command = line.endswith("\\") and not replacement.endswith("\\")
            if replacement.endswith("\\"):
                state = after(replacement, state)
    return result


def without_command(line: str) -> str | None:
    """What stands in for a line that is a magic, a shell command or a question; None for plain Python.

    A statement whose time is taken stays, in its place.
    """
    timed = _TIMED.match(line)
    if timed:
        before, magic = timed.group("before", "magic")
        return before + (" " * len(magic) if before.strip() else "0;".ljust(len(magic))) + line[timed.end() :]
    if _COMMAND.match(line) or _HELP.match(line) or _BARE_COMMAND.match(line):
        return line[: len(line) - len(line.lstrip())] + "pass"
    assigned = _ASSIGNED_COMMAND.match(line)
    return assigned.group(1) + " None" if assigned else None


def after(line: str, state: LineState) -> LineState:
    """What is open at the end of a line."""
    position, depth, quotes = 0, state.depth, state.quotes
    while True:
        if quotes:
            end = _end_of_string(line, position, quotes)
            if end is None:
                return LineState(depth, quotes)
            position, quotes = end, ""
        lexeme = _LEXEME.match(line, position)
        if lexeme is None:
            return LineState(depth)
        position = lexeme.end()
        kind = lexeme.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "triple":
            quotes = lexeme.group(kind)
        elif kind == "escape" and position == len(line):
            return LineState(depth, continued=True)


def _end_of_string(line: str, position: int, quotes: str) -> int | None:
    while True:
        quote, escape = line.find(quotes, position), line.find("\\", position)
        if quote < 0:
            return None
        if escape < 0 or quote < escape:
            return quote + len(quotes)
        position = escape + 2
