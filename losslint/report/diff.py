"""What fixes would change, for people and for `patch -p0`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from losslint.finding import Severity
from losslint.report.hunks import hunks
from losslint.report.style import Style
from losslint.report.text import clean


def unified(path: str, old: str, new: str, style: Style) -> str:
    """The difference of two texts of a file, with a line end after each line."""
    return "".join(_lines(path, old, new, style))


def _lines(path: str, old: str, new: str, style: Style) -> Iterator[str]:
    for line in _plain(clean(path), _split(old), _split(new)):
        text = line.removesuffix("\n")
        yield f"{_coloured(text, style)}\n"
        if text == line:
            yield "\\ No newline at end of file\n"


def _plain(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for number, hunk in enumerate(hunks(old, new)):
        if not number:
            yield from (f"--- {name}\n", f"+++ {name}\n")
        (_, i1, _, j1, _), (_, _, i2, _, j2) = hunk[0], hunk[-1]
        yield f"@@ -{_range(i1, i2)} +{_range(j1, j2)} @@\n"
        for tag, i1, i2, j1, j2 in hunk:
            if tag == "equal":
                yield from (f" {line}" for line in old[i1:i2])
                continue
            yield from (f"-{line}" for line in old[i1:i2])
            yield from (f"+{line}" for line in new[j1:j2])


def _range(start: int, stop: int) -> str:
    """Lines as a unified diff counts them: the first and how many, or where none are, the one before."""
    length = stop - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _split(text: str) -> list[str]:
    """Lines as `patch` counts them: a newline ends one and nothing else does."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _coloured(line: str, style: Style) -> str:
    if line.startswith(("---", "+++")):
        return style.bold(line)
    if line.startswith("-"):
        return style.severity(line, Severity.ERROR)
    if line.startswith("+"):
        return style.good(line)
    return style.frame(line) if line.startswith("@@") else line
