"""Nothing that stands in a file can make the engine raise or hang."""

from __future__ import annotations

import json
import os
import random
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_fixtures import FIXTURES

from losslint import engine
from losslint.config import Settings

LONG = os.environ.get("LOSSLINT_LONG") == "1"
"""Every prefix and many more mutations, instead of a sample."""
SECONDS = 12.0
"""What one wild file may take, on a slow and busy machine."""
PROGRAMS = sorted(FIXTURES.rglob("*.py"))
EVERYTHING = Settings(extend_select=("ALL",), isolated=True, cache=False)
HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
TAIL = "\nF.cross_entropy(nn.Linear(20, 10)(torch.randn(8, 20)).softmax(1), torch.randint(0, 10, (8,)))\n"
TOKENS = (
    "(",
    ")",
    "[",
    "]",
    ":",
    ",",
    "=",
    "*",
    "**",
    "self",
    "lambda",
    "yield",
    "await",
    "del x",
    "class",
    "def",
    "\\",
    "'",
    "#",
    "\t",
)


@pytest.fixture(autouse=True)
def _loud(monkeypatch):
    """Internal errors come out as they are."""
    monkeypatch.setenv("LOSSLINT_RAISE", "1")


def check(path: Path, mend: bool = True) -> engine.Outcome:
    """Check a path, with the fixes that there are, and hold it to its time."""

    def late(*_: object) -> None:
        raise TimeoutError(f"{path} takes over {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return engine.check([str(path)], EVERYTHING, mend=mend)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def check_text(folder: Path, text: str | bytes, name: str = "program.py", mend: bool = True) -> engine.Outcome:
    """Check one file with this content."""
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return check(file, mend)


def sane(outcome: engine.Outcome) -> None:
    """Findings lie in the files, and what is reported as a problem is no internal error."""
    assert not [problem for problem in outcome.problems if "internal error" in str(problem)]
    for finding in outcome.findings:
        assert finding.span.line >= 1


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_prefixes_by_line(program, tmp_path):
    lines = program.read_text(encoding="utf-8").splitlines(keepends=True)
    step = 1 if LONG else max(1, len(lines) // 6)
    for end in range(1, len(lines), step):
        sane(check_text(tmp_path, "".join(lines[:end])))


@pytest.mark.parametrize("program", PROGRAMS[:: 1 if LONG else 4], ids=lambda path: str(path.relative_to(FIXTURES)))
def test_prefixes_by_character(program, tmp_path):
    text = program.read_text(encoding="utf-8")
    for end in range(7, len(text), 37 if LONG else max(1, len(text) // 8)):
        sane(check_text(tmp_path, text[:end]))


@pytest.mark.parametrize("program", PROGRAMS[:: 1 if LONG else 5], ids=lambda path: str(path.relative_to(FIXTURES)))
def test_lines_left_out(program, tmp_path):
    lines = program.read_text(encoding="utf-8").splitlines(keepends=True)
    for gone in range(0, len(lines), 1 if LONG else max(1, len(lines) // 4)):
        sane(check_text(tmp_path, "".join(lines[:gone] + lines[gone + 1 :])))


ODD_BYTES = {
    "empty": b"",
    "one line end": b"\n",
    "only comments": b"# softmax\n# cross_entropy\n",
    "only a docstring": b'"""CrossEntropyLoss"""',
    "byte order mark": b"\xef\xbb\xbf" + (HEAD + TAIL).encode(),
    "crlf": (HEAD + TAIL).replace("\n", "\r\n").encode(),
    "cr": (HEAD + TAIL).replace("\n", "\r").encode(),
    "mixed line ends": (HEAD.replace("\n", "\r\n") + TAIL).encode(),
    "form feed": (HEAD + "\f" + TAIL).encode(),
    "no last line end": (HEAD + TAIL).rstrip().encode(),
    "latin-1": b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + (HEAD + TAIL).encode(),
    "latin-1 unsaid": b"# caf\xe9\n" + (HEAD + TAIL).encode(),
    "unknown cookie": b"# -*- coding: klingon -*-\n" + (HEAD + TAIL).encode(),
    "cookie that is no text": b"# -*- coding: base64 -*-\n" + (HEAD + TAIL).encode(),
    "nul": b"import torch\0\nsoftmax\0\n",
    "only nul": b"\0" * 100,
    "utf-16": (HEAD + TAIL).encode("utf-16"),
    "surrogate": b"x = '\xed\xa0\x80'\n" + (HEAD + TAIL).encode(),
    "python 2": b"import torch\nprint 'softmax'\nexec 'cross_entropy'\nraise E, 'x'\n",
    "merge conflict": b"<<<<<<< HEAD\nsoftmax = 1\n=======\n>>>>>>> x\n",
    "tabs and spaces": b"if softmax:\n\tx = 1\n        y = 2\n",
    "backslash at the end": b"softmax = 1 \\",
    "noise": bytes(random.Random(0).randrange(256) for _ in range(4000)) + b"softmax",
}


@pytest.mark.parametrize("name", ODD_BYTES)
def test_odd_bytes(name, tmp_path):
    outcome = check_text(tmp_path, ODD_BYTES[name])
    sane(outcome)
    if name in ("byte order mark", "crlf", "cr", "mixed line ends", "no last line end", "latin-1", "form feed"):
        assert [finding.code for finding in outcome.findings] == ["LL101"]


def notebook(*sources: object) -> dict[str, object]:
    return {"cells": [{"cell_type": "code", "source": each} for each in sources], "nbformat": 4, "metadata": {}}


ODD_NOTEBOOKS = {
    "empty": b"",
    "no object": b"[]",
    "a number": b"3",
    "half": json.dumps(notebook(HEAD + TAIL)).encode()[:-40],
    "no cells": b"{}",
    "cells are no list": b'{"cells": 3}',
    "a cell is no object": b'{"cells": [3, null, "x"]}',
    "source is missing": b'{"cells": [{"cell_type": "code"}], "nbformat": 4}',
    "source is a number": json.dumps(notebook(3, None, {"a": 1}, ["x = 1\n", 3])).encode(),
    "half a program": json.dumps(notebook("if True:", HEAD + TAIL)).encode(),
    "magics": json.dumps(notebook("%%bash\nsoftmax", "!pip install x\n?softmax\n%time x = 1\n" + HEAD + TAIL)).encode(),
    "deep": b'{"cells": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "old": b'{"worksheets": [{"cells": [{"cell_type": "code", "input": ["softmax"]}]}], "nbformat": 3}',
    "bad bytes": b'{"cells": [{"cell_type": "code", "source": "\xff softmax"}]}',
    "empty cells": json.dumps(notebook("", [], [""], "\n")).encode(),
}


@pytest.mark.parametrize("name", ODD_NOTEBOOKS)
def test_odd_notebooks(name, tmp_path):
    sane(check_text(tmp_path, ODD_NOTEBOOKS[name], "program.ipynb"))


def nested_ifs(depth: int) -> str:
    return "".join(f"{' ' * at}if flag{at}:\n" for at in range(depth)) + " " * depth + "x = x.softmax(1)\n"


def nested(opening: str, inner: str, closing: str, times: int) -> str:
    return f"x = {opening * times}{inner}{closing * times}\n"


DEEP = {
    "parentheses": nested("(", "softmax", ")", 1000),
    "lists": nested("[", "1", "]", 1000),
    "calls": nested("f(", "x", ")", 500),
    "softmaxes": nested("F.softmax(", "x", ", 1)", 150),
    "tuples": nested("(", "1", ",)", 400),
    "dicts": nested("{1: ", "1", "}", 300),
    "lambdas": "x = " + "lambda: " * 300 + "softmax\n",
    "conditionals": "x = " + "1 if a else " * 400 + "2\n",
    "negations": "x = " + "not " * 500 + "softmax\n",
    "minuses": "x = " + "-" * 900 + "1\n",
    "awaits": "async def f():\n    return " + "await " * 200 + "x\n",
    "comparisons": "x = " + " < ".join("a" * 1 for _ in range(500)) + "\n",
    "sums": "a = torch.rand(3)\nx = " + " + ".join(["a"] * 300) + "\n",
    "long sums": "x = " + " + ".join(["1"] * 5000) + "\n",
    "powers": "x = " + " ** ".join(["a"] * 300) + "\n",
    "huge powers": "x = "
    + " ** ".join(["9"] * 30)
    + "\ny = 10 ** 10 ** 10\nz = 1 << 10 ** 10\nw = 'a' * 10 ** 12\nv = [0] * 10 ** 12\n",
    "huge strings": "x = 'ab'\n" + "x = x + x\n" * 60 + "y = x * 99\n",
    "huge integers": "x = 7\n" + "x = x * x\n" * 60 + "y = float(x)\n",
    "huge lists": "x = [1, 2]\n" + "x = x + x\n" * 60,
    "huge tuples": "x = (1, 2)\n" + "x = (x, x)\n" * 60 + "print(x)\n",
    "doubling choices": "".join(f"x{at + 1} = (x{at}, x{at}) if flag{at} else x{at}\n" for at in range(40)),
    "ands": "x = " + " and ".join(f"a{at}" for at in range(400)) + "\n",
    "strings": "x = " + " ".join(["'a'"] * 2000) + "\n",
    "attributes": "x = a" + ".b" * 1000 + "\n",
    "subscripts": "x = a" + "[0]" * 600 + "\n",
    "chained calls": "x = a" + ".softmax(1)" * 200 + "\n",
    "call chains": "x = f" + "()" * 500 + "\n",
    "ifs": nested_ifs(200),
    "elifs": "if a:\n    pass\n" + "".join(f"elif a == {at}:\n    x = {at}\n" for at in range(400)),
    "ifs in a row": "".join(f"if flag{at}:\n    x = nn.ReLU()(x)\n" for at in range(200)),
    "whiles": "".join(f"{' ' * at}while a{at}:\n" for at in range(60)) + " " * 60 + "x = x + 1\n",
    "fors": "".join(f"{' ' * at}for a{at} in range(8):\n" for at in range(60)) + " " * 60 + "x = a0\n",
    "functions": "".join(f"{' ' * at}def f{at}():\n" for at in range(80)) + " " * 80 + "return softmax\n",
    "classes": "".join(f"{' ' * at}class C{at}(nn.Module):\n" for at in range(60)) + " " * 60 + "x = softmax\n",
    "tries": "".join(f"{' ' * at}try:\n" for at in range(40))
    + " " * 40
    + "x = softmax\n"
    + "".join(f"{' ' * at}except E:\n{' ' * at} x = {at}\n" for at in reversed(range(40))),
    "withs": "".join(f"{' ' * at}with torch.no_grad():\n" for at in range(80)) + " " * 80 + "x = softmax\n",
    "comprehensions": "x = [a " + "for a in b " * 100 + "]\n",
    "nested comprehensions": nested("[", "a", " for a in range(9)]", 60),
    "f-strings": "x = f'{a}" + "{a}" * 500 + "'\n",
    "targets": "x = " + " = ".join(f"a{at}" for at in range(800)) + " = softmax\n",
    "nested targets": "(" * 90 + "a" + ",)" * 90 + " = x\n",
    "decorators": "@d\n" * 300 + "def f():\n    return softmax\n",
    "arguments": f"f({', '.join(f'a{at}=1' for at in range(1000))})\n",
    "parameters": f"def f({', '.join(f'a{at}=softmax' for at in range(1000))}):\n    pass\nf()\n",
    "statements": "x = softmax\n" * 3000,
    "semicolons": "x = softmax; " * 1000 + "\n",
    "layers": "x = nn.Sequential(" + "nn.Linear(1, 1), nn.Softmax(1), " * 500 + ")(x)\n",
    "nested sequentials": "x = " + "nn.Sequential(" * 100 + "nn.Softmax(1)" + ")" * 100 + "(x)\n",
    "cases": "match a:\n"
    + "".join(f"    case {at}:\n        x = {at}\n" for at in range(300))
    + "    case [[[[[[a]]]]]]:\n        x = a\n",
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_and_long(name, tmp_path):
    sane(check_text(tmp_path, HEAD + DEEP[name] + TAIL))


@pytest.mark.parametrize("name", DEEP)
def test_deep_and_long_in_a_method(name, tmp_path):
    body = "".join(f"        {line}\n" for line in DEEP[name].splitlines())
    sane(
        check_text(
            tmp_path,
            f"{HEAD}class Net(nn.Module):\n    def forward(self, x, a):\n{body}        return x\n{TAIL}",
            mend=LONG,
        )
    )


WILD = {
    "mutual recursion": "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nx = f(torch.rand(3))\n",
    "recursion in a class": "class A(nn.Module):\n    def forward(self, x):\n        return self(x)\nx = A()(1)\n",
    "endless objects": "class A:\n    def __init__(self):\n        self.next = A()\nx = A().next.next.softmax(1)\n",
    "ackermann": "def a(m, n):\n    return n + 1 if m == 0 else a(m - 1, 1) if n == 0 else a(m - 1, a(m, n - 1))\nx = a(3, 3)\n",
    "two calls each": "def f(x, n):\n    return f(x, n - 1) + f(x, n - 2)\nx = f(torch.rand(3).softmax(0), 40)\n",
    "endless lambdas": "f = lambda x: f(lambda: f(x))\nx = f(f)\n",
    "the y combinator": "y = lambda f: (lambda x: f(lambda v: x(x)(v)))(lambda x: f(lambda v: x(x)(v)))\nx = y(lambda r: lambda v: r(v))(1)\n",
    "its own base": "class A(A):\n    pass\nx = A()\nx.softmax\n",
    "bases in a ring": "class B: pass\nclass A(B):\n    pass\nclass B(A):\n    pass\nA.__bases__ = (B,)\nx = B().softmax\n",
    "rebound base": "class A(nn.Module):\n    pass\nA = type('A', (A,), {})\nx = A()(1)\n",
    "base is a number": "class A(3, 'x', None, *bases, metaclass=7):\n    def forward(self, x):\n        return x\nx = A()(1)\n",
    "base twice": "class A(nn.Module, nn.Module):\n    pass\nx = A()\n",
    "impossible order": "class A: pass\nclass B(A): pass\nclass C(A, B): pass\nx = C().softmax(1)\n",
    "a module of itself": "class A(nn.Module):\n    def __init__(self):\n        self.me = self\n    def forward(self, x):\n        return self.me(x)\nx = A()(1)\n",
    "a sequential of itself": "s = nn.Sequential(nn.Softmax(1))\ns.append(s)\nx = s(torch.rand(3, 4))\n",
    "a list in itself": "a = []\na.append(a)\nx = a[0][0][0]\nfor b in a:\n    a = b\nx = torch.cat(a)\nx = a == a\n",
    "a dict in itself": "a = {}\na['a'] = a\nx = a['a']['a']\na.update(a)\nx = {**a, **a}\n",
    "a tuple that grows": "a = ()\nwhile flag:\n    a = (a, a)\nx = a\n",
    "a list that grows": "a = [1]\nfor b in a:\n    a.append(b)\nwhile a:\n    a += a\nx = a\n",
    "a closure that grows": "f = lambda x: x\nwhile flag:\n    f = lambda x, g=f: g(g(x))\nx = f(1)\n",
    "a sequential that grows": "s = nn.Softmax(1)\nwhile flag:\n    s = nn.Sequential(s, s)\nx = s(torch.rand(3, 4))\n",
    "partials that grow": "from functools import partial\nf = F.softmax\nfor _ in range(100):\n    f = partial(f, dim=1)\nx = f(torch.rand(2, 2))\n",
    "a property of itself": "class A:\n    @property\n    def a(self):\n        return self.a\nx = A().a\n",
    "properties in a ring": "class A:\n    @property\n    def a(self):\n        return self.b\n    @property\n    def b(self):\n        return self.a\nx = A().b.c\n",
    "getattr of itself": "class A:\n    def __getattr__(self, name):\n        return getattr(self, name)\nx = A().softmax(1)\n",
    "getattr of anything": "class A:\n    def __getattr__(self, name):\n        return self\n    def __call__(self, *a):\n        return self\nx = A().b.c()()()\n",
    "getattribute": "class A:\n    def __getattribute__(self, name):\n        return self.x\nx = A().y\n",
    "iterates itself": "class A:\n    def __iter__(self):\n        return iter(self)\n    def __getitem__(self, i):\n        return self[i]\n    def __len__(self):\n        return len(self)\nfor x in A():\n    pass\na, *b = A()\nx = A()[0]\nlen(A())\n",
    "operators of itself": "class A:\n    def __add__(self, o):\n        return self + o\n    def __eq__(self, o):\n        return self == o\n    def __bool__(self):\n        return bool(self)\nx = A() + A()\nif A() == A():\n    x = 1\nif A():\n    x = 2\n",
    "odd decorators": "@3\n@None\n@(lambda f: 7)\n@[][0]\n@x.y.z(1)(2)\ndef f(x):\n    return x\nx = f(1)\n@f\n@property\n@staticmethod\n@classmethod\nclass A:\n    @f\n    def forward(self):\n        pass\nx = A()()\n",
    "decorated by itself": "@f\ndef f(x):\n    return f\nx = f(f)(f)\n",
    "builtins rebound": "len = print = range = isinstance = super = zip = list = torch\nx = len(print(range(3)))\nTrue_ = False\n",
    "torch rebound": "torch = nn = F = 3\nx = F.softmax(1)\nimport torch\ntorch.softmax = 3\nx = torch.softmax(x, 1)\nimport torch.nn as nn\nimport torch.nn.functional as F\n",
    "everything is rebound": "".join(
        f"{name} = {other}\n"
        for name in "abcxyz"
        for other in ("3", "'s'", "[]", "{}", "torch", "nn.Softmax(1)", "F.softmax", "lambda: a")
    )
    + "x = a(b[c].d)\n",
    "star of everything": "a, *b = c, *d = 1, 2\n*a, = 3\n(a, b), c = 5\na, b = 1, 2, 3\n[*a, *b][9]\nf(*3, **4)\nx = {**5}\n",
    "odd subscripts": "x = torch.rand(3, 4)\nx[...][..., None][None, ..., None][True][[]][()][1:2:0][::-1][x][x > 1][9, 9, 9, 9]\nx['a']\n[1][5]\n[1]['a']\n(1,)[x]\n'a'[7]\n3[0]\n{}[0]\n",
    "odd dims": "x = torch.rand(3, 4).softmax(99)\nx = x.softmax(-99).transpose(5, 7).permute(1).squeeze(9).unsqueeze(44).flatten(5, 2).view(0, -1, -1).view().reshape('a')\nx = torch.cat([]).mean(7)\nx = torch.stack(3, 'a')\nx.split(0)\nx.chunk(-1)\n",
    "odd arguments": "F.softmax()\nF.softmax(1, 2, 3, 4, 5, 6)\nF.softmax(dim=1)\nF.softmax(x=1)\nF.cross_entropy()\nF.cross_entropy(*a)\nF.cross_entropy(**b)\nnn.CrossEntropyLoss(1, 2, 3, 4, 5, 6, 7)(1, 2, 3)\nnn.Linear()\nnn.Linear('a', [])(3)\nnn.Sequential(3, 'a', None)(4)\nnn.Sequential(*3)(x)\nnn.ModuleList(7)[0]\nnn.ModuleDict(5)['a']\n",
    "odd sizes": "x = nn.Linear(-1, -5)(torch.rand(-3, 10 ** 30))\nx = torch.zeros(2.5, 'a', None)\nx = torch.rand(10 ** 9, 10 ** 9).view(3, -1)\nx = F.one_hot(x, -1)\ntorch.randint(5, 2, (3,))\ntorch.arange(0, 10, 0)\ntorch.arange(1e300)\ntorch.full((3,), float('nan'))\ntorch.randint(10 ** 400, (1,))\ntorch.arange(10 ** 400) * 2.5\n",
    "odd numbers": "x = 1 / 0\nx = 1 % 0\nx = 0 ** -1\nx = 1 << -1\nx = 1e308 * 10\nx = int('a')\nx = int(float('inf'))\nx = range(1, 2, 0)\nx = 'a' * -1\nx = -'a'\nx = ~1.5\nx = 10 ** 5000\nx = f'{x}'\nx = str(x)\nx = 'a' < 1\nx = round(float('nan'))\nx = '%s %s' % (1,)\nx = '{}'.format()\nx = [] < {}\n",
    "globals everywhere": "global x\nnonlocal y\ndef f():\n    global f\n    f = 3\n    nonlocal z\nf()\nf()\n",
    "out of place": "return 1\nbreak\nyield 3\nawait x\nsuper().__init__()\nself.x = 3\nraise\n__class__\n",
    "super anywhere": "def f():\n    return super().f()\nf()\nclass A(nn.Module):\n    x = super()\n    def forward(self):\n        return super(B, x).forward(super(A).y, super().z)\nx = A()()\n",
    "deletes": "x = 1\ndel x, y, z.w, a[0]\nx\ndel torch\ntorch.softmax(x)\nimport torch\n",
    "walruses": "x = (y := (z := (x := 3)))\n[a := b for b in [1, 2]]\nwhile (n := f(n)):\n    pass\n",
    "generators in a ring": "def f():\n    yield from g()\ndef g():\n    yield from f()\nx = list(f())\nx = next(iter(f()))\n",
    "endless generator": "def f():\n    while True:\n        yield f()\nfor x in f():\n    for y in x:\n        pass\n",
    "imports of nothing": "import a.b.c.d as e\nfrom . import x\nfrom .. import *\nfrom ....... import y\nfrom .program import z\nimport program\nfrom program import *\nimport torch.nothing.at_all\nx = program.program.program.x\n",
    "patterns": "match x:\n    case [a, *b, c] | (a, b, c) | {'k': a, **b} | A(1, x=2) | None | -1 | 1 + 2j | 'a' 'b' | a.b.c:\n        pass\n    case _ if x:\n        pass\n    case [*_]:\n        pass\n",
    "new syntax": "type A[T] = list[T]\ndef f[T: int](x: T) -> T:\n    return x\nclass C[T]:\n    pass\ntry:\n    pass\nexcept* E as e:\n    raise\nwith (a as b, c as d):\n    pass\nx = f'{f'{x!r:>{w}}'}'\n",
    "async": "async def f():\n    async with a as b, c:\n        async for d in e:\n            yield d\n    return_ = [x async for x in f() if await x]\nawaited = f()\n",
    "data classes": "from dataclasses import dataclass, field\n@dataclass\nclass A:\n    a: 'A' = field(default_factory=lambda: A())\n    b: int\nx = A().a.a.a.b\nx = A(1, 2, 3, c=4)\n",
    "attributes of everything": "None.x = 1\n(3).y = 2\n'a'.z.w = 3\ntorch.x.y = 4\nF.softmax.x = 5\nf().g = 6\n[].h = 7\nx = None.x\n",
    "calls of everything": "None()\n3()\n'a'()\n[]()\ntorch()\n(1, 2)()\n{}()\nnn()\nnn.Softmax(1)()\nnn.CrossEntropyLoss()()\n...()\nNotImplemented()\nTrue()\n",
    "iteration of everything": "for x in 3: pass\nfor x in None: pass\nfor x in torch: pass\nfor x in nn.Linear: pass\nfor x in F.softmax: pass\nfor (x, y), z in 'abc': pass\nfor x[0], y.z in [1]: pass\n",
    "training of itself": "class A(nn.Module):\n    def train(self, mode=True):\n        return self.train(mode)\n    def eval(self):\n        return self.train(False)\nx = A().eval().train()(1)\n",
    "data sets of themselves": "from torch.utils.data import Dataset, DataLoader\nclass A(Dataset):\n    def __getitem__(self, i):\n        return self[i]\n    def __iter__(self):\n        return iter(DataLoader(self))\nfor x in DataLoader(A()): pass\nfor x in DataLoader(DataLoader(DataLoader(3))): pass\n",
}


@pytest.mark.parametrize("name", WILD)
def test_wild_programs(name, tmp_path):
    sane(check_text(tmp_path, HEAD + WILD[name] + TAIL))


@pytest.mark.parametrize("name", WILD)
def test_wild_programs_in_a_function(name, tmp_path):
    body = "".join(f"    {line}\n" for line in WILD[name].splitlines())
    sane(check_text(tmp_path, f"{HEAD}def f(flag, x):\n{body}    return x\n{TAIL}"))


def test_import_cycles(tmp_path):
    for at in range(12):
        text = f"from module{(at + 1) % 12} import *\nimport module{(at + 5) % 12} as m\nfrom package import p{at}\nsoftmax = m.softmax\n"
        (tmp_path / f"module{at}.py").write_text(HEAD + text + TAIL, encoding="utf-8")
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from .inner import *\nfrom . import inner\nfrom module1 import softmax\n", encoding="utf-8"
    )
    (package / "inner.py").write_text(
        HEAD + "from . import *\nfrom .. import x\nfrom package import inner as p1\n" + TAIL, encoding="utf-8"
    )
    sane(check(tmp_path))


def test_classes_in_a_ring_of_files(tmp_path):
    (tmp_path / "one.py").write_text(
        HEAD + "from two import B\nclass A(B):\n    pass\nx = A()(1)\n" + TAIL, encoding="utf-8"
    )
    (tmp_path / "two.py").write_text(
        HEAD + "from one import A\nclass B(A):\n    pass\nx = B()(1)\n" + TAIL, encoding="utf-8"
    )
    sane(check(tmp_path))


def test_odd_trees(tmp_path):
    (tmp_path / "dir.py").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.py").symlink_to(tmp_path / "nothing.py")
    (tmp_path / "a name with \u00fc and 'quotes'.py").write_text(HEAD + TAIL, encoding="utf-8")
    (tmp_path / "torch.py").write_text("softmax = 3\n" + HEAD + TAIL, encoding="utf-8")
    outcome = engine.check([str(tmp_path), str(tmp_path / "nothing.py"), str(tmp_path / "dir.py")], EVERYTHING)
    assert not [problem for problem in outcome.problems if "internal error" in str(problem)]


CORPUS = [lines for path in PROGRAMS if (lines := path.read_text(encoding="utf-8").splitlines(keepends=True))]


@st.composite
def mutated(draw) -> str:
    """A program of the fixtures with lines and tokens swapped, doubled, lost or replaced."""
    lines = list(draw(st.sampled_from(CORPUS)))
    for _ in range(draw(st.integers(1, 6))):
        one, two = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("swap", "double", "drop", "token", "word", "indent"))):
            case "swap":
                lines[one], lines[two] = lines[two], lines[one]
            case "double":
                lines.insert(one, lines[two])
            case "drop" if len(lines) > 1:
                del lines[one]
            case "token":
                at = draw(st.integers(0, len(lines[one])))
                lines[one] = lines[one][:at] + draw(st.sampled_from(TOKENS)) + lines[one][at:]
            case "word":
                words, others = lines[one].split(" "), lines[two].split()
                if others:
                    words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(others))
                    lines[one] = " ".join(words).rstrip("\n") + "\n"
            case "indent":
                lines[one] = draw(st.sampled_from(("    ", "        ", " "))) + lines[one]
    return "".join(lines)


@settings(
    max_examples=5000 if LONG else 300,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(program=mutated())
def test_mutations(program, tmp_path):
    sane(check_text(tmp_path, program))
