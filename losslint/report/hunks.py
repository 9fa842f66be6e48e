"""Where two long texts differ: lines that stand just once in both hold them together, so that only what lies between is compared.

Comparing all lines with all others takes hours for notebooks of hundreds of thousands of lines. The idea is that of the
patience diff (Bram Cohen).
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

LARGE = 20_000
"""Lines of both texts together above which they are held together first."""

Operation = tuple[str, int, int, int, int]
"""As of `difflib.SequenceMatcher.get_opcodes`."""


def hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Operation]]:
    """The operations that make one text of the other, in groups with three lines around each change."""
    if len(old) + len(new) <= LARGE:
        yield from difflib.SequenceMatcher(None, old, new).get_grouped_opcodes()
        return
    grouping = difflib.SequenceMatcher(None, "", "")
    grouping.opcodes = list(operations(old, new))  # type: ignore[attr-defined]  # what it would find out by itself
    yield from grouping.get_grouped_opcodes()


def operations(old: Sequence[str], new: Sequence[str]) -> Iterator[Operation]:
    """The operations that make one text of the other; equal stretches are as long as they can be."""
    begun: tuple[int, int] | None = None
    for tag, i1, i2, j1, j2 in _between(old, new):
        if tag == "equal":
            begun = (i1, j1) if begun is None else begun
            continue
        if begun is not None:
            yield "equal", begun[0], i1, begun[1], j1
            begun = None
        yield tag, i1, i2, j1, j2
    if begun is not None:
        yield "equal", begun[0], len(old), begun[1], len(new)


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[Operation]:
    i = j = 0
    for at_old, at_new in [*_anchors(old, new), (len(old), len(new))]:
        first, second = old[i:at_old], new[j:at_new]
        if first == second:
            pieces: Sequence[Operation] = [("equal", 0, len(first), 0, len(second))] if first else []
        else:
            pieces = difflib.SequenceMatcher(None, first, second).get_opcodes()
        for tag, i1, i2, j1, j2 in pieces:
            yield tag, i + i1, i + i2, j + j1, j + j2
        i, j = at_old, at_new


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of lines that stand just once in both texts, as many as come in the same order in both."""
    once = {line for line, count in Counter(old).items() if count == 1}
    places = {line: number for number, line in enumerate(new) if line in once}
    for line, count in Counter(new).items():
        if count > 1:
            places.pop(line, None)
    pairs = [(number, places[line]) for number, line in enumerate(old) if line in places]
    tops: list[int] = []  # the least place in the new text at which so long an ascending row can end
    chains: list[tuple[int, int]] = []
    before: list[int] = []
    ends: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tops, place)
        tops[length : length + 1] = [place]
        ends[length : length + 1] = [number]
        before.append(ends[length - 1] if length else -1)
    number = ends[-1] if ends else -1
    while number >= 0:
        chains.append(pairs[number])
        number = before[number]
    return chains[::-1]
