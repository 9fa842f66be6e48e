"""Python of other years: what Python 2, early Python 3 and downloaded notebooks write, masked so that the rest can be read.

Much training code of the years 2016 to 2018 is of this kind. Every line keeps its length wherever a node may stand on it, so
that places stay right.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from losslint.source.magics import LineState, after, without_command

_PRINT = re.compile(r"(\s*)(?:[^#\"'()]*[:;]\s*)?print\b[ \t]*(?=[^\s=(.,)\]:;]|\()")
_EXEC = re.compile(r"(\s*)exec\b[ \t]*(?=[^\s=(.,)])")
_EXCEPT = re.compile(r"(\s*except\b[^#:,]*(?:\([^()]*\))?),(\s*\w+\s*)(?=:)")
_RAISE = re.compile(r"(\s*raise\s+[\w.]+\s*),")
_ASYNC = re.compile(r"\basync(?=\s*=[^=])")
_UNEQUAL = re.compile(r"<>")
_OCTAL = re.compile(r"(?<![\w.])0(?=[0-7]+\b)")
_LONG = re.compile(r"(?<![\w.])(\d+)[lL]\b")
_UNICODE_RAW = re.compile(r"\b[uU][rR](?=[\"'])")


def modernised(text: str, works: Callable[[str], bool]) -> str | None:
    """The text with old statements masked, where that makes it Python for `works`; None where it does not."""
    lines = text.split("\n")
    result: list[str] = []
    state = LineState()
    in_masked = False
    for line in lines:
        begins = state.begins_statement
        state = after(line, state)
        if in_masked and not begins:
            result.append("")
            continue
        in_masked = False
        replaced = _statement(line, works, state.begins_statement) if begins else line
        in_masked = replaced != line and replaced.endswith("pass") and not state.begins_statement
        result.append(_within(replaced))
    new = "\n".join(result)
    return new if new != text and works(new) else None


def _statement(line: str, works: Callable[[str], bool], is_whole: bool) -> str:
    """A line on which a statement begins, with an old form of it masked; `is_whole` where the statement ends on it, too."""
    for pattern in (_PRINT, _EXEC):
        found = pattern.match(line)
        if found is None or (line[found.end() :].startswith("(") and not is_whole):
            continue
        if not works(line.strip() + "\n"):
            at = line.index("print" if pattern is _PRINT else "exec", found.end(1))
            return line[:at] + "pass"
    command = without_command(line)
    if command is not None:
        return command
    line = _EXCEPT.sub(lambda found: f"{found[1]} {' ' * len(found[2])}", line)
    return _RAISE.sub(lambda found: f"{found[1]}#", line)


def _within(line: str) -> str:
    """A line with old forms of expressions replaced by new ones of the same length."""
    line = _ASYNC.sub("asynk", line)
    line = _UNEQUAL.sub("!=", line)
    line = _OCTAL.sub(" ", line)
    line = _LONG.sub(lambda found: found[1] + " ", line)
    return _UNICODE_RAW.sub(" r", line)
