"""Magics, held against IPython itself: what it makes Python of can be parsed, and what is Python already stays."""

from __future__ import annotations

import ast
import json
import warnings
from itertools import product
from pathlib import Path

import libcst
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from losslint.source.document import from_bytes
from losslint.source.magics import left_out, masked
from losslint.source.tree import parse, spans, walk


def shown(cell):
    """A cell as the parser gets it."""
    lines = cell.split("\n")
    return masked([line[count:] for line, count in zip(lines, left_out(lines), strict=True)])


def calls(cell):
    """What is called in a notebook of one cell: the code as it stands in the cell, and its line."""
    document = from_bytes(json.dumps({"cells": [{"cell_type": "code", "source": cell}]}).encode(), Path("a.ipynb"), "a")
    tree = parse(document)
    assert isinstance(tree, libcst.Module), tree
    found = spans(document, tree, [node for node in walk(tree) if isinstance(node, libcst.Call)])
    raw = document.raw
    return [(json.loads(f'"{raw[span.column - 1 : span.end_column - 1]}"'), span.cell_line) for span in found.values()]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("%time f(x)", [("f(x)", 1)]),
        ("if a:\n    %time y = f('😀', g(x))\n    h(x)", [("f('😀', g(x))", 2), ("g(x)", 2), ("h(x)", 3)]),
        ("y = %time f(x)", [("f(x)", 1)]),
        ("a, b =  %timeit -n 10 -r3 f(x); g(y)", [("f(x)", 1), ("g(y)", 1)]),
        ("%memit f(x)\n%timeit -o -q g(y)", [("f(x)", 1), ("g(y)", 2)]),
        ("%time for a in b: f(x)\ng(y)", [("g(y)", 2)]),
        ("%time\ng(y)", [("g(y)", 2)]),
        ("%timer f(x)\n%time.x f(x)\n%prun f(x)\n%time !f(x)\ng(y)", [("g(y)", 5)]),
        ("%time f(x, \\\n  y)\ng(y)", [("f(x, \\\n  y)", 1), ("g(y)", 3)]),
        ("    f(x)\n    if a:\n        g(y)", [("f(x)", 1), ("g(y)", 3)]),
        ("\n\tf(x)\n\t!ls\n\n\tg(y)", [("f(x)", 2), ("g(y)", 5)]),
        (">>> f(x)\n... \n>>> g(y)", [("f(x)", 1), ("g(y)", 3)]),
        ("In [12]: f(x)\n    ...: g(y)", [("f(x)", 1), ("g(y)", 2)]),
        ("%%ipytest -q\nf(x)", [("f(x)", 2)]),
        ("a['k'] = !ls\n*a, b = !ls\n, f a\n/f a\n;f a\n?\n???\n!!ls\nf(x)", [("f(x)", 9)]),
        ("x = '''\n%time f(x)\n'''\nf(x, [a\n%g(y)])", [("f(x, [a\n%g(y)])", 4), ("g(y)", 5)]),
        ("%pip install f(x)\n%conda g(y)\nhelp = f(x)", [("f(x)", 3)]),
    ],
)  # fmt: skip
def test_calls_stand_where_they_were_written(cell, found):
    assert calls(cell) == found


LINES = [
    "x = f(y)", "y = a % b", "    pass", "x = (1,", "2)", "if a: b", "u = a / b; v = a", "z = y if x else w", "t = (a,", "/ b", '"""', "# %time x",
    "%time x = f(y)", "%timeit -n 10 f(x)", "y = %time f(x)", "!ls", "!!ls", "x?", "?x", "x??", "%matplotlib inline", "for a in b:",
    "    !echo $a", "    %time f(a)", "    f(a)", "x = '''", "%a", "'''", "  % 2)", "y = !ls", "a['k'] = !ls", "a.b = %sql select 1",
    "f(x);", "# comment?", "print('a?')", "x = a \\", "  % b", "%env A=1", "%cd ..", "\tf(x)", "   x = 1", "x.y[1]?", "f(a)(b)?",
    "!pip install a \\", "   b", ",f a b", "/f a", "; f a", "!echo 'a", "try:", "except E: pass", '"""doc', '%x in doc"""', "await f(x)",
    "@dec", "def f():", "    return %time", "x: int = !ls", "f'{x!r}'", "f'''{", "%b}'''", "x %= 3", "*a, b = !ls", "%", "?",
    "s = 'it\\'s'", "r'\\'", "x = [", "!r", "]", "# it's", 's = "a\\', '%b"', "lst = !ls | grep \"x\"",
]  # fmt: skip
CELLS = [*LINES, *map("\n".join, product(LINES, LINES)), *map("\n".join, product(LINES[18:28], LINES[::3], LINES[::2]))]


def is_python(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<cell>", "exec", flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError:
            return False
    return True


def test_what_ipython_makes_python_of_can_be_parsed():
    ipython = TransformerManager()
    seen = 0
    for cell in CELLS:
        # a line with a question drops open brackets before it in IPython, and a command a line that is continued
        if cell.endswith("\\") or ("\n" in cell and "?" in cell):
            continue
        try:
            transformed = ipython.transform_cell(cell)
        except SyntaxError:
            continue
        if is_python(transformed):
            seen += 1
            assert is_python("\n".join(shown(cell)) + "\n"), cell
    assert seen > 1000


def test_python_stays_as_it_is():
    sound = [cell for cell in CELLS if is_python(cell)]
    assert len(sound) > 200
    assert [cell for cell in sound if shown(cell) != cell.split("\n")] == []


@pytest.mark.parametrize(
    "lines",
    [
        ["# %% [markdown]", "# f(x)", "# %%", "f(x)", "# %%time", "# %%bash"],
        ["# Databricks notebook source", "# MAGIC %sql f(x)", "# COMMAND ----------", "f(x)", "# MAGIC %run ./a"],
        ["# -*- coding: utf-8 -*-", '"""a.ipynb', "!pip install f(x)", '"""', "# !pip install a", "f(x)"],
        ["# ---", "# jupyter:", "#   jupytext:", "# ---", "# + tags=['a']", "# %matplotlib inline", "f(x)", "# -"],
        ["# In[1]:", "get_ipython().run_line_magic('time', 'f(x)')", "f(x)"],
    ],
)
def test_notebooks_as_scripts_are_read_as_they_are(lines):
    document = from_bytes("\n".join(lines).encode(), Path("a.py"), "a.py")
    tree = parse(document)
    assert isinstance(tree, libcst.Module)
    assert tree.code == "\n".join(lines)
    found = spans(document, tree, [node for node in walk(tree) if isinstance(node, libcst.Call)])
    assert [span.line for span in found.values()][-1] == lines.index("f(x)") + 1
