"""The shape of the package: imports point down, torch is named in one place, nothing grows without a ceiling."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "losslint"
FILES = sorted(PACKAGE.rglob("*.py"))

# an import may point to a lower layer, to its own layer, or within its own part
LAYERS = {
    "finding": 0, "fingerprint": 0, "domain": 0, "symptom": 0,
    "source": 1, "knowledge": 1,
    "names": 2,
    "facts": 3, "remedy": 3,
    "interp": 4, "fixes": 4,
    "rules": 5, "config": 5,
    "engine": 6, "cache": 6,
    "report": 7,
    "cli": 8, "lsp": 8, "api": 8, "flake8": 8, "__main__": 8,
}  # fmt: skip
FORBIDDEN = {
    ("rules", "interp"),
    ("interp", "rules"),
    ("interp", "fixes"),
    ("domain", "finding"),
    ("finding", "domain"),
    ("config", "rules"),
    ("rules", "config"),
    ("knowledge", "source"),
}
FILE_LINES, FUNCTION_LINES = 400, 50


def part_of(file: Path) -> str:
    first = file.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imported(tree: ast.Module) -> Iterator[tuple[int, str, bool]]:
    """Line, name and whether it runs, of all that a module imports; what stands under TYPE_CHECKING does not run."""
    asleep = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, id(node) not in asleep) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}", id(node) not in asleep) for alias in node.names)


def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def name(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def test_every_part_has_a_layer():
    assert {part_of(file) for file in FILES} - {""} <= set(LAYERS)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_imports_point_down(file):
    part = part_of(file)
    wrong = []
    for line, dotted, _ in imported(parse(file)):
        target = dotted.split(".")[1] if dotted.startswith("losslint.") else part
        if target == part or target not in LAYERS or not part:
            continue
        if LAYERS[target] > LAYERS[part] or (part, target) in FORBIDDEN:
            wrong.append(f"line {line}: {part} imports {target}")
    assert not wrong


@pytest.mark.parametrize("file", FILES, ids=name)
def test_only_the_analysis_knows_libcst(file):
    if part_of(file) in {"source", "names", "interp", "fixes", "engine"}:
        return
    assert not [line for line, dotted, runs in imported(parse(file)) if runs and dotted.split(".")[0] == "libcst"]


@pytest.mark.parametrize("file", FILES, ids=name)
def test_nothing_imports_what_it_checks(file):
    assert not [
        line
        for line, dotted, _ in imported(parse(file))
        if dotted.split(".")[0] in {"torch", "numpy", "importlib.util"}
    ]


@pytest.mark.parametrize("file", [file for file in FILES if part_of(file) != "knowledge"], ids=name)
def test_torch_is_named_in_knowledge_alone(file):
    tree = parse(file)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    quoted = [
        f"line {node.lineno}: {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("torch.")
        and id(node) not in prose
    ]
    assert not quoted


@pytest.mark.parametrize("file", FILES, ids=name)
def test_sizes(file):
    text = file.read_text(encoding="utf-8")
    if part_of(file) != "knowledge":
        assert text.count("\n") <= FILE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < FUNCTION_LINES, f"{node.name} at line {node.lineno}"
