"""The page of a rule in the forms that other programs show."""

from __future__ import annotations

_FENCE = "```"


def section(page: str, heading: str) -> str:
    """The text below a heading, on one line; empty where the page has no such heading."""
    lines = page.splitlines()
    if f"## {heading}" not in lines:
        return ""
    start = lines.index(f"## {heading}") + 1
    end = next((index for index in range(start, len(lines)) if lines[index].startswith("## ")), len(lines))
    return " ".join(" ".join(lines[start:end]).split())


def as_markdown(page: str) -> str:
    """A page with its first line as title."""
    return f"# {page}"


def as_text(page: str) -> str:
    """A page without marks of Markdown: headings end in a colon, code is indented."""
    lines, is_code = [], False
    for line in page.splitlines():
        if line.startswith(_FENCE):
            is_code = not is_code
        elif is_code:
            lines.append(f"    {line}".rstrip())
        else:
            lines.append(f"{line.removeprefix('## ')}:" if line.startswith("## ") else line)
    return "\n".join(lines)
