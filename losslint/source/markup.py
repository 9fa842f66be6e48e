"""Documents: the blocks of Python in Markdown and reStructuredText, with the place of each line.

All blocks of a document make one module, since tutorials go on where the block before has ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from losslint.source.block import CONSOLE, Block, is_python
from losslint.source.block_map import BlockLine, BlockMap
from losslint.source.magics import masked

EXTRA = "docs"
_PACKAGES = {"docutils": "docutils", "markdown_it": "markdown-it-py"}
_FORMATS = {".rst": "reStructuredText", ".md": "Markdown", ".markdown": "Markdown", ".qmd": "Markdown"}
_MARK = re.compile(r"py|code-cell|testcode|jupyter-execute", re.IGNORECASE)  # what every block of Python has before it
_PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)")
_LINE_END = re.compile(r"\r\n?|\n")
_OPTION = re.compile(r":[\w-]+:(?:\s|$)")


class MarkupError(Exception):
    """The document cannot be read; says why."""


def read_markup(raw: str, ending: str) -> BlockMap:
    """The blocks of Python in a document, of which the ending of the file's name (such as `.md`) tells the format.

    Raises MarkupError.
    """
    lines = [raw[start:stop] for start, stop in _bounds(raw)]
    if not _MARK.search(raw):
        return BlockMap(raw, "", (), ())
    try:
        if ending == ".rst":
            from losslint.source.rest import blocks
        else:
            from losslint.source.markdown import blocks
    except ImportError as error:
        package = _PACKAGES.get((error.name or "").partition(".")[0], error.name)
        raise MarkupError(f"cannot be read without {package}: install torch-losslint[{EXTRA}]") from error
    try:
        found = sorted(blocks(lines), key=_first)
    except RecursionError as error:
        raise MarkupError("cannot be read: is nested too deeply") from error
    except Exception as error:  # the parsers are not made for any bytes; what they stumble over is no error of ours
        raise MarkupError(f"cannot be read as {_FORMATS[ending]}") from error
    return _map_of(raw, found)


def missing_packages() -> list[str]:
    """The packages that reading documents needs and that are not installed."""
    return [package for module, package in sorted(_PACKAGES.items()) if find_spec(module) is None]


def _map_of(raw: str, blocks: Sequence[Block]) -> BlockMap:
    bounds = list(_bounds(raw))
    text: list[str] = []
    lines: list[BlockLine] = []
    parts = []
    for block in blocks:
        placed = _placed(raw, bounds, block) if is_python(block.language) else None
        if placed is None or (lines and placed[0].number <= lines[-1].number):
            continue
        parts.append(range(len(text) + 1, len(text) + 1 + len(placed)))
        text += masked([line.written for line in placed])
        lines += placed
    return BlockMap(raw, "".join(f"{line}\n" for line in text), tuple(parts), tuple(lines))


def _placed(raw: str, bounds: Sequence[tuple[int, int]], block: Block) -> list[BlockLine] | None:
    """The lines of a block with their places; None where it has none, or where they are not what stands in the file."""
    if not block.lines or block.first + len(block.lines) > len(bounds):
        return None
    found = []
    for number, line in enumerate(block.lines, start=block.first):
        start, stop = bounds[number]
        one = _located(raw[start:stop], line, number + 1, start)
        if one is None:
            return None
        found.append(one)
    if block.has_options:
        found = _without_options(found)
    first = next((line.written for line in found if line.written.strip()), "")
    if _PROMPT.match(first):
        return _prompted(found)
    return None if block.language in CONSOLE else _dedented(found, first[: len(first) - len(first.lstrip())])


def _located(raw: str, line: str, number: int, start: int) -> BlockLine | None:
    """Where the code of a line begins in the whole line as it stands in the file."""
    if raw.endswith(line):
        return BlockLine(number, start, start + len(raw) - len(line), 0, line)
    body = line.strip()
    stripped = raw.rstrip()
    if not stripped.endswith(body):
        return None
    column = len(stripped) - len(body)
    spaces = len(line) - len(line.lstrip())
    before = raw[:column]
    same = min(len(before) - len(before.rstrip(" ")), spaces)
    code = raw[column - same :] if body else ""
    lead = spaces - same if body else 0
    return BlockLine(number, start, start + len(raw) - len(code), lead, " " * lead + code)


def _without_options(lines: list[BlockLine]) -> list[BlockLine]:
    """The lines of a directive's block with those blanked that are its options: fields, or between lines of dashes."""
    count = 0
    if lines[0].written.strip() == "---":
        count = next((index for index, line in enumerate(lines[1:], start=2) if line.written.strip() == "---"), 0)
    else:
        while count < len(lines) and _OPTION.match(lines[count].written):
            count += 1
    return [*map(_blank, lines[:count]), *lines[count:]]


def _prompted(lines: list[BlockLine]) -> list[BlockLine]:
    """The lines that were typed at a prompt, without it; what was answered is blanked."""
    found = []
    for line in lines:
        prompt = None if line.lead else _PROMPT.match(line.written)
        found.append(_blank(line) if prompt is None else _cut(line, prompt.end()))
    return found


def _dedented(lines: list[BlockLine], indent: str) -> list[BlockLine]:
    """The lines of an excerpt from deeper code, moved to the left edge."""
    if not indent or not all(line.written.startswith(indent) for line in lines if line.written.strip()):
        return lines
    return [_cut(line, min(len(indent), len(line.written))) for line in lines]


def _cut(line: BlockLine, count: int) -> BlockLine:
    lead = max(line.lead - count, 0)
    return BlockLine(line.number, line.start, line.code + count - (line.lead - lead), lead, line.written[count:])


def _blank(line: BlockLine) -> BlockLine:
    return BlockLine(line.number, line.start, line.stop, 0, "")


def _bounds(raw: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line, its line end left out."""
    start = 0
    for end in _LINE_END.finditer(raw):
        yield start, end.start()
        start = end.end()
    yield start, len(raw)


def _first(block: Block) -> int:
    return block.first
