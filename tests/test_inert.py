"""Functions that are not run on their own account, because they can tell nothing; all others are."""

from __future__ import annotations

import pytest

from losslint import engine
from losslint.config import Settings
from losslint.engine.reveal import run_of
from losslint.interp.inert import is_inert

HEAD = """\
# the word cross_entropy makes it worth a look
import json
import os
import torch
import torch.nn.functional as F
from other import helper

EVERY = 10


class Net(torch.nn.Module):
    def forward(self, x):
        return x


"""
INERT = [
    "def f(path, rows, every=EVERY):\n    for row in rows[::every]:\n        print(os.path.join(path, str(row)))\n    return len(rows)\n",
    "def f(text: str) -> dict:\n    with open(text) as stream:\n        return json.loads(stream.read())\n",
    "def f(names):\n    found = [name.lower() for name in names if name]\n    found.append('x')\n    raise ValueError(found)\n",
    "def f(model, x):\n    return model(x)\n",
    "async def f(x, *more, **rest):\n    yield await x\n",
]
NOT_INERT = [
    "def f(x):\n    return torch.log(x)\n",
    "def f(x, y):\n    return F.cross_entropy(x, y)\n",
    "def f(x):\n    return x.softmax(1)\n",
    "def f(x):\n    return helper(x)\n",
    "def f(x):\n    return Net()(x)\n",
    "def f(model: Net, x):\n    return model(x)\n",
    "def f(x, act=F.softmax):\n    return act(x, 1)\n",
    "def f(x):\n    import torch.nn as nn\n    return nn.Softmax(1)(x)\n",
    "def f(name):\n    return getattr(os, name)\n",
    "def f():\n    global EVERY\n    EVERY = 3\n",
    "def f(xs):\n    return map(lambda x: x, xs)\n",
    "def f():\n    def inner():\n        pass\n    return inner\n",
    "def f(x):\n    return unbound(x)\n",
]


def inert_functions(folder, text):
    (folder / "other.py").write_text("def helper(x):\n    return x\n")
    (folder / "module.py").write_text(HEAD + text)
    run = run_of([str(folder / "module.py")])
    functions = run.defined[str(folder / "module.py")].values()
    return [function.definition.name for function in functions if is_inert(function, run)]


@pytest.mark.parametrize("text", INERT)
def test_what_names_nothing_of_interest_is_inert(folder, text):
    assert inert_functions(folder, text) == ["f"]


@pytest.mark.parametrize("text", NOT_INERT)
def test_what_may_lead_somewhere_is_not(folder, text):
    assert inert_functions(folder, text) == []


def test_a_method_is_never_inert(folder):
    assert inert_functions(folder, "class A:\n    def f(self, x):\n        return len(x)\n") == []


def test_an_inert_function_is_run_where_it_is_called(folder):
    """It hands through what it is given: only a run of its own is spared."""
    (folder / "module.py").write_text(
        "import torch\nimport torch.nn.functional as F\n\n\ndef same(x):\n    return x\n\n\n"
        "def step(x, y):\n    return F.cross_entropy(same(torch.softmax(x, 1)), y)\n"
    )
    assert [one.code for one in engine.check(["."], Settings()).findings] == ["LL101"]
