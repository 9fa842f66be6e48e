"""What the analysis says of values holds: random programs of tensor operations are analysed, and run under torch."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst as cst
import pytest

from losslint.domain.dim import Shape, Symbol
from losslint.domain.kind import (
    Bounded,
    ClassIndex,
    Filled,
    Kind,
    Logits,
    LogProbs,
    LogSigmoid,
    NonNegative,
    OneHot,
    Probs,
    SigmoidProbs,
    Truth,
    Unit,
    Unspecified,
)
from losslint.domain.value import Choice, Const, Library, Repeated, Scalar, Tensor, TupleValue, Value
from losslint.engine.reveal import run_of

torch = pytest.importorskip("torch")

from value_programs import HEADER, Generator, Program  # noqa: E402

LONG = os.environ.get("LOSSLINT_LONG") == "1"
BATCHES, PROGRAMS = (60 if LONG else 8), 250
"""Programs are analysed by the batch, each batch as one file."""


def analysed(programs: list[Program], folder: Path) -> dict[str, list[Value]]:
    """What the analysis says of each name of these programs."""
    file = folder / "programs.py"
    text = "\n\n".join(program.text() for program in programs)
    file.write_text(f"{HEADER}\n\n{text}\n\nloss = nn.CrossEntropyLoss()\n")
    said: dict[str, list[Value]] = {}
    for site, value in run_of([str(file)]).revealed:
        node = site.node
        assert isinstance(node, cst.Call)
        name = node.args[0].value
        assert isinstance(name, cst.Name)
        said.setdefault(name.value, []).append(value)
    return said


def doubts(value: Value, held: Any, lengths: dict[Symbol, int]) -> Iterator[str]:
    """What is said of a value that is not so; `lengths` are those that named sizes had in this program so far."""
    match value:
        case Choice(options):
            every = [list(doubts(option.value, held, lengths)) for option in options]
            if all(every):
                yield " and ".join(doubt for some in every for doubt in some)
        case Const(constant) if constant != held or isinstance(constant, bool) is not isinstance(held, bool):
            yield f"is {constant!r}"
        case Scalar(kind, low, high):
            if type(held).__name__ != kind:
                yield f"is of type {kind}"
            elif (low is not None and held < low) or (high is not None and held > high):
                yield f"lies from {low} to {high}"
        case Library(name) if str(held) != name:
            yield f"is {name}"
        case TupleValue(items):
            if not isinstance(held, tuple | list) or len(items) != len(held):
                yield f"has {len(items)} items"
            else:
                for item, part in zip(items, held, strict=True):
                    yield from doubts(item, part, lengths)
        case Repeated(element, tail):
            for part in held[: len(held) - len(tail)] if isinstance(held, tuple | list) else ():
                yield from doubts(element, part, lengths)
        case Tensor() if not isinstance(held, torch.Tensor):
            yield "is a tensor"
        case Tensor(kind, shape, dtype):
            yield from _of_shape(shape, tuple(held.shape), lengths)
            yield from _of_type(dtype, str(held.dtype).removeprefix("torch."))
            yield from _of_kind(kind, held)


def _of_shape(shape: Shape, sizes: tuple[int, ...], lengths: dict[Symbol, int]) -> Iterator[str]:
    if shape.rank is not None and shape.rank != len(sizes):
        yield f"has {shape.rank} axes"
    if shape.least > len(sizes):
        yield f"has {shape.least} axes at least"
        return
    places = [(at, size) for at, size in enumerate(shape.front)]
    places += [(at - len(shape.back), size) for at, size in enumerate(shape.back)]
    for at, size in places:
        if isinstance(size, Symbol) and lengths.setdefault(size, sizes[at]) != sizes[at]:
            yield f"axis {at} is as long as another of {lengths[size]}"
        if isinstance(size, int) and size != sizes[at]:
            yield f"axis {at} is of length {size}"


def _of_type(dtype: str | None, real: str) -> Iterator[str]:
    if dtype is None or dtype == real or (dtype == "float" and real.startswith(("float", "bfloat"))):
        return
    yield f"is of type {dtype}"


def _of_kind(kind: Kind, held: Any) -> Iterator[str]:
    numbers, slack = held.detach().double(), 0.05 if held.dtype in (torch.float16, torch.bfloat16) else 1e-4
    numbers = numbers.reshape(numbers.shape or (1,))  # axes of single numbers may be spoken of
    low, high = numbers.min().item(), numbers.max().item()
    dim = kind.dim if isinstance(kind, Probs | LogProbs | OneHot) else None
    if dim is not None and not -numbers.dim() <= dim < numbers.dim():
        yield f"speaks of axis {dim}"
        return
    match kind:
        case Probs(dim, whole) | LogProbs(dim, whole):
            ends = (0, 1) if isinstance(kind, Probs) else (float("-inf"), 0)
            if low < ends[0] - slack or high > ends[1] + slack:
                yield f"lies from {ends[0]} to {ends[1]}"
            if whole and dim is not None:
                sums = (numbers if isinstance(kind, Probs) else numbers.exp()).sum(dim)
                if (sums - 1).abs().max() > 3 * slack:
                    yield f"sums to 1 over {dim}"
        case SigmoidProbs() | Unit() if low < -slack or high > 1 + slack:
            yield "lies from 0 to 1"
        case LogSigmoid() if high > slack:
            yield "is at most 0"
        case NonNegative() if low < -slack:
            yield "is at least 0"
        case Bounded() if low < -1 - slack or high > 1 + slack:
            yield "lies from -1 to 1"
        case OneHot(dim):
            rows = numbers if dim is None else numbers.sum(dim)
            if not set(numbers.unique().tolist()) <= {0.0, 1.0} or (dim is not None and (rows != 1).any()):
                yield f"is one-hot over {dim}"
        case ClassIndex(first, last):
            if not torch.equal(numbers, numbers.round()):
                yield "is made of whole numbers"
            if (first is not None and low < first) or (last is not None and high > last):
                yield f"lies from {first} to {last}"
        case Truth() if not set(numbers.unique().tolist()) <= {0.0, 1.0}:
            yield "is true or false"
        case Filled(number) if number is not None and (numbers - number).abs().max() > slack * max(1, abs(number)):
            yield f"is {number} everywhere"
        case Logits() | Unspecified() | _:
            return


def wrong(programs: list[Program], folder: Path) -> list[str]:
    """Each doubt, with the statements that led to the value, the first of each program."""
    said = analysed(programs, folder)
    found: list[str] = []
    for program in programs:
        lengths: dict[Symbol, int] = {}
        for name, held in program.held.items():
            doubtful = [doubt for value in said[name] for doubt in doubts(value, held, lengths)]
            if doubtful:
                shown = f"{tuple(held.shape)} {held.dtype}" if isinstance(held, torch.Tensor) else repr(held)
                found.append(f"{shown} is said: {'; '.join(doubtful)}\n{_way(program, name)}")
                break
    return found


def _way(program: Program, name: str) -> str:
    """The statements that a name depends on."""
    wanted, lines = {name}, []
    for line in reversed(program.lines):
        target, _, text = line.partition(" = ")
        if target in wanted:
            lines.append(f"    {line}")
            wanted.update(re.findall(rf"{program.name}_\d+", text))
    return "\n".join(reversed(lines))


def batch(number: int) -> list[Program]:
    """One batch of programs."""
    generator = Generator(number)
    return [generator.program(f"p{number}_{at}") for at in range(PROGRAMS)]


@pytest.mark.parametrize("number", range(BATCHES))
def test_what_is_said_of_values_holds(number: int, tmp_path: Path) -> None:
    found = wrong(batch(number), tmp_path)
    assert not found, f"{len(found)} programs\n" + "\n\n".join(found[:20])


def test_a_wrong_answer_is_caught() -> None:
    held = torch.tensor([[0.25, 0.75], [0.5, 0.5]])
    right = Tensor(Probs(1), Shape((2, 2), exact=True), "float32")
    assert not list(doubts(right, held, {}))
    for kind in (Probs(0), LogProbs(1), OneHot(1), ClassIndex(0, 1), Truth(), Filled(1.0), Bounded(), LogSigmoid()):
        assert list(doubts(Tensor(kind, right.shape, "float32"), held, {})) or kind == Bounded()
    for shape in (Shape((2,), exact=True), Shape((2, 3), exact=True), Shape((), (3,)), Shape((3,))):
        assert list(doubts(Tensor(Probs(1), shape), held, {}))
    assert list(doubts(Tensor(Probs(1), right.shape, "float64"), held, {}))
    named = Shape((Symbol(("a",)), Symbol(("a",))), exact=True)
    assert not list(doubts(Tensor(Probs(1), named), held, {}))
    assert list(doubts(Tensor(Probs(1), named), held, {Symbol(("a",)): 3}))
