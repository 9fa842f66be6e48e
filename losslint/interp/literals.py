"""Literals: from text to constants."""

from __future__ import annotations

import ast
from functools import lru_cache

from losslint.domain.value import Const, Constant, Unknown, Value


@lru_cache(maxsize=4096)
def read_literal(text: str) -> Value:
    """The constant that a literal stands for."""
    if text.isdecimal() and (text[0] != "0" or text == "0"):
        return Const(int(text))
    if text[0] == text[-1] and text[0] in "'\"" and not any(one in text for one in ("\\", "\n", "\r", text[0] * 3)):
        return Const(text[1:-1])
    try:
        value: Constant = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError):
        return Unknown("a literal that Python refuses")
    return Const(value)
