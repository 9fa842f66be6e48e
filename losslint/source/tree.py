"""From documents to syntax trees, and from nodes back to places in the file."""

from __future__ import annotations

import libcst

from losslint.finding import Problem
from losslint.source.document import Document
from losslint.source.fields import CODE_FIELDS, walk
from losslint.source.spans import spans

__all__ = ["CODE_FIELDS", "parse", "spans", "walk"]


def parse(document: Document) -> libcst.Module | Problem:
    """The tree of the document's text, or why there is none."""
    try:
        return libcst.parse_module(document.text)
    except Exception as error:
        return Problem(document.path, f"cannot be parsed: {type(error).__name__}")
