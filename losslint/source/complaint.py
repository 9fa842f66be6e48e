"""What is wrong with a text that does not parse, said in one clause."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

_NATIVE_PLACE = re.compile(r"error at (\d+):\d+")
_NATIVE_TOKENIZER = re.compile(r"tokenizer error: ([^\n]+)")
_LINE_END = re.compile(r"\r\n?|\n")
_PYTHON_2_MESSAGES = ("Missing parentheses in call to 'print'", "Missing parentheses in call to 'exec'")
_PYTHON_2_LINE = re.compile(
    r"""^[ \t\f]*(?:.*[:;][ \t]*)?(?:
      (?:print|exec)[ \t]+(?:["'\w`]|>>)
    | except\b[^,:()]+,[ \t]*\w+[ \t]*:
    | raise[ \t]+[\w.]+[ \t]*,
    )
    | ^[^"'#]*(?: <> | ` | \b0[0-7]+\b | \b\d+[lL]\b | \bur["'] | \bdef[ \t]+\w+[ \t]*\([^)]*\( )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a text cannot be parsed, and in which of its lines, where that is known."""

    reason: str
    line: int | None = None


def complaint(text: str, error: BaseException, shallow: bool) -> Complaint:
    """Word the parser's error. CPython is asked first, since it says more; but only about texts of no great depth."""
    second = _cpython_complaint(text) if shallow else None
    found = second or _native_complaint(str(error))
    if found.line is not None and _is_python_2(text, found):
        return Complaint("cannot be parsed: looks like Python 2", found.line)
    return Complaint(f"cannot be parsed: {_clause(found.reason)}", found.line)


def _cpython_complaint(text: str) -> Complaint | None:
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<text>", "exec", flags=flags, dont_inherit=True)
    except SyntaxError as error:
        return Complaint(error.msg or "invalid syntax", error.lineno or None)
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return None
    return None


def _native_complaint(said: str) -> Complaint:
    place = _NATIVE_PLACE.search(said)
    tokenizer = _NATIVE_TOKENIZER.search(said)
    return Complaint(tokenizer.group(1) if tokenizer else "invalid syntax", int(place.group(1)) if place else None)


def _is_python_2(text: str, found: Complaint) -> bool:
    if found.reason.startswith(_PYTHON_2_MESSAGES):
        return True
    lines = _LINE_END.split(text)
    return found.line is not None and found.line <= len(lines) and bool(_PYTHON_2_LINE.match(lines[found.line - 1]))


def _clause(message: str) -> str:
    """A message of the parser as one lower-case clause without a full stop or a second sentence."""
    first = re.split(r"\. |[\r\n]", message.strip(), maxsplit=1)[0].rstrip(".")
    return first[:1].lower() + first[1:]
