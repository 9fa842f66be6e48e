"""From documents to syntax trees, and from nodes back to places in the file."""

from __future__ import annotations

import libcst

from losslint.finding import Problem
from losslint.source.complaint import Complaint, complaint
from losslint.source.document import Document
from losslint.source.extract import Extract
from losslint.source.fields import CODE_FIELDS, walk
from losslint.source.nesting import nesting
from losslint.source.old_syntax import modernised
from losslint.source.roomy import with_room
from losslint.source.spans import spans

__all__ = ["CODE_FIELDS", "parse", "readable", "spans", "walk"]

_DEPTH_OF_ANY_STACK = 100
_TOO_DEEP = Complaint("cannot be parsed: is nested too deeply")


def parse(document: Document) -> libcst.Module | Problem:
    """The tree of the document's text, or why there is none.

    Cells of a notebook that do not parse alone are left out, as long as others remain, and so are blocks of a document; a file
    of Python 2, or with lines for IPython, is read without what is no Python.
    """
    tree = _tree(document.text)
    extract = document.extract
    if isinstance(tree, Complaint) and extract is not None:
        tree = _tree_of_sound_parts(document.text, extract, tree)
    if isinstance(tree, Complaint) and extract is None:
        older = modernised(document.text, lambda text: not isinstance(_tree(text), Complaint))
        tree = _tree(older) if older is not None else tree
    if isinstance(tree, Complaint):
        line = document.span((tree.line, 1), (tree.line, 1)).line if tree.line is not None else None
        return Problem(document.path, tree.reason, line)
    return tree


def _tree(text: str) -> libcst.Module | Complaint:
    depth = nesting(text)
    if depth.excessive:
        return _TOO_DEEP
    shallow = depth.depth <= _DEPTH_OF_ANY_STACK
    try:
        return libcst.parse_module(text) if shallow else with_room(lambda: libcst.parse_module(text))
    except (KeyboardInterrupt, SystemExit):
        raise
    except (RecursionError, MemoryError):
        return _TOO_DEEP
    except BaseException as error:  # a panic of the native parser is no Exception
        return complaint(text, error, shallow)


def readable(document: Document) -> str:
    """The text of a document with parts that cannot be parsed left empty: what its tree was made of, old Python aside."""
    if document.extract is None or not isinstance(_tree(document.text), Complaint):
        return document.text
    return _without_broken_parts(document.text, document.extract) or document.text


def _tree_of_sound_parts(text: str, extract: Extract, first: Complaint) -> libcst.Module | Complaint:
    sound = _without_broken_parts(text, extract)
    return first if sound is None else _tree(sound)


def _without_broken_parts(text: str, extract: Extract) -> str | None:
    """The text with parts that cannot be parsed left empty; None where that are none, or all and should not be all."""
    lines = text.split("\n")
    parts = extract.parts
    broken = [part for part in parts if isinstance(_tree("\n".join(lines[part.start - 1 : part.stop - 1])), Complaint)]
    if not broken or (len(broken) == len(parts) and not extract.is_fragmentary):
        return None
    for part in broken:
        lines[part.start - 1 : part.stop - 1] = [""] * len(part)
    return "\n".join(lines)
