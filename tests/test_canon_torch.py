"""The programs of `fixtures/canon` under real torch: each does what its head says. `--bless` writes what torch does now."""

from __future__ import annotations

import math
import runpy
import textwrap
import traceback
import warnings

import pytest
from canon_programs import programs

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

CLOSE = 1e-4
FAR = 1e-3
LONGEST = 110


def line_of(error: BaseException, program) -> int:
    """The line of the program that an error came from."""
    frames = traceback.extract_tb(error.__traceback__)
    return [frame.lineno for frame in frames if frame.filename == str(program.path)][-1]


def first_line(message: object) -> str:
    """What is told of a message: no more than fits on a line, and nothing of how torch was built."""
    return textwrap.shorten(str(message).split("\n")[0], LONGEST, placeholder=" ...")


def number(value: object) -> str:
    """Four digits; minus zero is zero."""
    value = value.detach() if isinstance(value, torch.Tensor) else value
    return f"{round(float(value), 4) + 0.0:.4f}"


def observe(program):
    """The program with the marks that would be right, and the line at which torch raised."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            names = runpy.run_path(str(program.path), run_name="__main__")
        except Exception as error:  # whatever torch raises
            said = f"raises {type(error).__name__}: {first_line(error)}"
            return program.observed((said,), "", ""), line_of(error, program)
    told = sorted({f"warns {one.category.__name__}: {first_line(one.message)}" for one in warned})
    numbers = [number(names[name]) for name in ("result", "reference") if name in names]
    result, reference = (*numbers, "", "")[:2]
    return program.observed(tuple(told) or ("silent",), result, reference), 0


def apart(program) -> bool:
    """Whether the result is far from what it should be: it tells more than rounding does."""
    result, reference = float(program.result), float(program.reference)
    if math.isfinite(result) and math.isfinite(reference):
        return abs(result - reference) > FAR
    return math.isnan(result) or result != reference


def equal(program) -> bool:
    return abs(float(program.result) - float(program.reference)) <= CLOSE


@pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
def test_program(program, bless):
    seen, line = observe(program)
    if bless:
        program.path.write_text(seen.text(), encoding="utf-8")
        return
    assert seen.text() == program.text()
    if program.raises:
        assert program.wrong
        assert line in program.lines("error", "todo-error")
        return
    assert seen.result
    assert seen.reference
    if program.wrong and not program.harmless:
        assert apart(seen)
    else:
        assert equal(seen)
    if not program.wrong:
        assert seen.torch == ("silent",)
