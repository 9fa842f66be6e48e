"""What of Python the interpreter handles, and whether what it reveals is true of the real values."""

from __future__ import annotations

import builtins
import inspect
import random
import re
import runpy
import sys
import typing
import warnings

import libcst as cst
import pytest
from test_fixtures import FIXTURES, expected, split

from losslint.interp.builtin_functions import BUILTINS
from losslint.interp.expressions import EVALUATORS
from losslint.interp.library_calls import HANDLERS
from losslint.interp.statements import EXECUTORS
from losslint.knowledge import data_effects, object_effects, schema, tensor_effects

NOT_VALUES = {
    cst.From: "the part of `yield from` behind `yield`; Yield evaluates it",
    cst.StarredElement: "an element of a display or of a target",
    cst.StarredDictElement: "an element of a dict",
}
"""Classes that libcst counts among expressions, but which never stand where a value is asked for."""
NOT_STATEMENTS = {
    cst.Else: "a part of if, for, while and try",
    cst.Finally: "a part of try",
    cst.ExceptHandler: "a part of try",
    cst.ExceptStarHandler: "a part of try",
    cst.IndentedBlock: "a body, not a statement",
}
"""Classes that are parts of statements."""
NEW_SYNTAX = {
    "StarredDictComp": "unpacking in comprehensions (Python 3.15): its value is unknown",
    "LazyImport": "lazy imports (Python 3.15): their names stay unbound, hence unknown",
    "LazyImportFrom": "as LazyImport",
}
"""Classes that only the newest libcst has, by name, and what becomes of them."""
FOREIGN = ("tqdm.", "click.")
"""Wrappers of iterables that do not belong to Python, but stand in every training loop."""
ELSEWHERE = {
    object_effects.Container: "containers are built, filled and called by `containers`",
    object_effects.Network: "ready-made models are built and called by `networks`",
    tensor_effects.Distribution: "distributions are built by `distributions`",
    **dict.fromkeys(
        (
            data_effects.Batches,
            data_effects.Rows,
            data_effects.SomeOf,
            data_effects.Joined,
            data_effects.Draws,
            data_effects.Labelled,
        ),
        "datasets give samples in `datasets`",
    ),
    object_effects.Mode: "modules are switched by `call_method`",
    object_effects.Gradients: "contexts and decorators are entered by `with` and `def`",
}
"""Effects that are not applied to arguments."""
REVEALS = sorted((FIXTURES / "reveal").rglob("*.py"))
PROJECTS = sorted(path for path in (FIXTURES / "projects").glob("*") if path.is_dir())


def concrete(base: type) -> set[type]:
    """The classes of libcst below `base` that a parser makes."""
    found = {each for each in vars(cst).values() if inspect.isclass(each) and issubclass(each, base)}
    return {each for each in found if not inspect.isabstract(each) and not each.__name__.startswith(("Base", "_"))}


def test_each_expression_has_an_evaluator_or_is_known_to_be_none():
    missing = {each for each in concrete(cst.BaseExpression) - set(EVALUATORS) if each.__name__ not in NEW_SYNTAX}
    assert missing == set(NOT_VALUES) & concrete(cst.BaseExpression)
    assert not set(EVALUATORS) & set(NOT_VALUES)


def test_each_statement_has_an_executor():
    statements = concrete(cst.BaseSmallStatement) | concrete(cst.BaseCompoundStatement) | {cst.SimpleStatementLine}
    assert {each for each in statements - set(EXECUTORS) if each.__name__ not in NEW_SYNTAX} == set()
    assert set(EXECUTORS) - statements == {cst.SimpleStatementSuite}
    assert not set(EXECUTORS) & set(NOT_STATEMENTS)


def test_each_effect_has_a_handler_or_is_known_to_need_none():
    effects = set(typing.get_args(schema.Effect))
    assert effects - set(HANDLERS) == set(ELSEWHERE)
    assert set(HANDLERS) <= effects


def test_builtins_are_python_s():
    missing = []
    for name in BUILTINS:
        module, _, attribute = name.rpartition(".")
        if name == "builtins.reveal" or name.startswith(FOREIGN) or name.endswith("()"):
            continue
        try:
            __import__(module)
        except ImportError:
            missing.append(name)
            continue
        if not hasattr(sys.modules[module], attribute):
            missing.append(name)
    assert not missing


GAP = re.compile(r"  # todo-reveal: (.+)$")


def gaps(program) -> dict[int, str]:
    """What should be revealed and is not, by line."""
    lines = program.read_text(encoding="utf-8").split("\n")
    found = {number: GAP.search(split(line)[0]) for number, line in enumerate(lines, 1)}
    return {number: gap[1].strip() for number, gap in found.items() if gap}


@pytest.mark.parametrize("program", REVEALS, ids=lambda path: path.stem)
def test_gaps_of_reveals_are_gaps(program):
    """A value marked `todo-reveal` is not yet revealed so; where it is, the mark has to go."""
    marks = expected([program])
    closed = [line for line, wanted in gaps(program).items() if wanted in marks[program.resolve(), line].of["reveal"]]
    assert not closed


def revealed(program) -> dict[int, list[object]]:
    """The real values at each `reveal`, by line. Some alternatives are drawn by lot, always the same."""
    seen: dict[int, list[object]] = {}

    def reveal(value):
        seen.setdefault(sys._getframe(1).f_lineno, []).append(_now(value))
        return value

    distribution = pytest.importorskip("torch.distributions").Distribution
    builtins.reveal = reveal
    random.seed(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            runpy.run_path(str(program), run_name="__main__")
    finally:
        del builtins.reveal
        distribution.set_default_validate_args(__debug__)  # a program that compiles a model turns the checks off
    return seen


def _now(value):
    """The numbers as they are: the program may write others into a tensor later."""
    return value.detach().clone() if hasattr(value, "softmax") else value


KIND = re.compile(
    r"(?P<kind>(?:part of )?[a-z-]+)(?:\(dim=(?P<dim>-?\d+)\)|\((?P<low>\?|-?\d+(?:\.\d+)?(?:e-?\d+)?)(?:\.\.(?P<high>\?|-?\d+))?\))?"
    r"(?: \[(?P<shape>[^\]]*)\])?"
)
SLACK = 1e-5


def within(value, low, high) -> bool:
    return bool((value >= low - SLACK).all() and (value <= high + SLACK).all())


def sums_to_one(value, dim) -> bool:
    if dim is None or dim >= value.dim():
        return dim is None
    return bool((value.sum(dim) - 1).abs().max() < 1e-3)


def unbounded(value) -> bool:
    """True unless there are enough numbers to tell, and none of them leaves the usual bounds."""
    return value.is_floating_point() and (
        value.numel() < 40 or not (within(value, 0, 1) or within(value, -1e9, -SLACK))
    )


def index_between(value, low, high) -> bool:
    whole = bool((value == value.round()).all()) if value.is_floating_point() else True
    return whole and within(
        value.double(), *(float(end) if end not in (None, "?") else far for end, far in ((low, -1e18), (high, 1e18)))
    )


CHECKS = {
    "logits": lambda value, found: unbounded(value),
    "probs": lambda value, found: within(value, 0, 1) and sums_to_one(value, found),
    "part of probs": lambda value, found: within(value, 0, 1),
    "log-probs": lambda value, found: within(value, -1e9, 0) and sums_to_one(value.exp(), found),
    "part of log-probs": lambda value, found: within(value, -1e9, 0),
    "sigmoid-probs": lambda value, found: within(value, 0, 1),
    "log-sigmoid": lambda value, found: within(value, -1e9, 0),
    "non-negative": lambda value, found: within(value, 0, 1e18),
    "bounded": lambda value, found: within(value, -1, 1),
    "unit": lambda value, found: within(value, 0, 1),
    "one-hot": lambda value, found: (
        within(value, 0, 1) and bool((value == value.round()).all()) and sums_to_one(value.double(), found)
    ),
    "bool": lambda value, found: bool(((value == 0) | (value == 1)).all()),
    "unknown": lambda value, found: True,
}


def fits(text: str | None, shape: tuple[int, ...]) -> bool:
    """True where sizes are as the text says."""
    if not text and text is not None:
        return shape == ()
    if text is None:
        return True
    front, dots, back = text.partition("...")
    one = [size.strip() for size in front.split(",") if size.strip()]
    two = [size.strip() for size in back.split(",") if size.strip()]
    if len(one) > len(shape) or len(two) > len(shape) or (not dots and len(one) != len(shape)):
        return False
    pairs = [*zip(one, shape, strict=False), *zip(reversed(two), reversed(shape), strict=False)]
    return all(said in ("?", str(size)) for said, size in pairs)


def is_true(text: str, value) -> bool:
    """True where one alternative of a revealed text holds for a real value, or leaves it open."""
    return any(_holds(part, value) for part in re.split(r" \| | or ", text))


def _holds(text: str, value) -> bool:
    if hasattr(value, "__array__") and not hasattr(value, "softmax"):
        value = pytest.importorskip("torch").as_tensor(value)
    constant = re.fullmatch(r"the constant (.*)", text)
    if constant:
        return repr(value).startswith(constant[1][:60])
    found = KIND.fullmatch(text)
    if found is None or (found["kind"] not in CHECKS and found["kind"] not in ("class-index", "filled")):
        return not hasattr(value, "softmax") or text.startswith("unknown")
    if not hasattr(value, "softmax"):
        return found["kind"] == "unknown"
    if not fits(found["shape"], tuple(value.shape)):
        return False
    value = value.detach()
    if found["kind"] == "filled":
        return found["low"] is None or bool(((value - float(found["low"])).abs() < SLACK).all())
    if found["kind"] == "class-index":
        return index_between(value, found["low"], found["high"])
    return CHECKS[found["kind"]](value, int(found["dim"]) if found["dim"] else None)


def _shown(value) -> str:
    return f"{str(value)[:60]!r} {tuple(getattr(value, 'shape', ()))}"


@pytest.mark.torch
@pytest.mark.parametrize("program", REVEALS, ids=lambda path: path.stem)
def test_what_is_revealed_is_true(program):
    pytest.importorskip("torch")
    marks = {line: found.of["reveal"] for (_, line), found in expected([program]).items()}
    marks |= {line: [wanted] for line, wanted in gaps(program).items()}
    wrong = []
    for line, values in revealed(program).items():
        for value in values:
            if not any(is_true(text, value) for text in marks.get(line, ["unknown"])):
                wrong.append(f"{program.name}:{line} {marks.get(line)}: {_shown(value)}")
                break
    assert not wrong
