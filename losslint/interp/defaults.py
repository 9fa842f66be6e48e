"""What tests come to where nobody says otherwise: default arguments and defaults of options decide them."""

from __future__ import annotations

from collections.abc import Mapping

from losslint.domain.value import Const, TestKey


def usual(test: TestKey, defaults: Mapping[TestKey, Const]) -> bool | None:
    """The side that a test takes where nobody says otherwise; None where the program does not tell."""
    head = test[0]
    if head == "default":
        return True
    if head == "raised":
        return False
    if head == "not" and isinstance(test[1], tuple):
        inner = usual(test[1], defaults)
        return None if inner is None else not inner
    if head in ("and", "or"):
        parts = [usual(part, defaults) for part in test[1:] if isinstance(part, tuple)]
        if None in parts:
            return None
        return all(parts) if head == "and" else any(parts)
    if head == "in" and isinstance(test[1], Const) and isinstance(test[2], tuple):
        text, part = defaults.get(test[2]), test[1].value
        return part in text.value if text and isinstance(text.value, str) and isinstance(part, str) else None
    if head in ("==", "in", "truth") and isinstance(test[1], tuple):
        default = defaults.get(test[1])
        if default is None:
            return None
        if head == "truth":
            return bool(default.value)
        return default == test[2] if head == "==" else isinstance(test[2], tuple) and default in test[2]
    return None
