"""Fixes proved with real torch: programs are run, fixed, run again, and compared with what their losses should be."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

import fix_programs  # noqa: E402
from fix_proofs import SAME, difference, fixed, right_results, run  # noqa: E402

from losslint.finding import Applicability  # noqa: E402

pytestmark = pytest.mark.torch
FIXTURES = Path(__file__).parent.parent / "fixtures" / "fixes"
SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE
MARGIN = 0.01
"""How far a wrong loss lies from the right one, at least."""
WEIGHT = [1.0, 2.0, 0.5, 3.0]
WEIGHT_3 = [2.0, 1.0, 0.5]
LONG = os.environ.get("LOSSLINT_LONG") == "1"


@dataclass(frozen=True)
class Case:
    """A program in `fixtures/fixes/mended`: the rules that it breaks, and what its loss should be."""

    name: str
    codes: str
    loss: str
    options: Mapping[str, object] = field(default_factory=dict)
    level: Applicability = UNSAFE
    right: bool = False
    """True where the loss is right already, so that nothing may change."""
    raises: type[Exception] | None = None
    """What the program ends with before it is fixed."""


CE, BCE = "cross_entropy", "binary_cross_entropy"
CASES = [
    Case("softmax_inline", "LL101", CE),
    Case("softmax_method", "LL101", CE),
    Case("softmax_last", "LL101", CE, {"reduction": "sum"}),
    Case("softmax_last_line", "LL101", CE),
    Case("softmax_inner", "LL101", CE),
    Case("softmax_ordered", "LL101", CE),
    Case("softmax_added", "LL101", CE),
    Case("softmax_appended", "LL101", CE),
    Case("softmax_rebinding", "LL101", CE, {"weight": WEIGHT, "label_smoothing": 0.1}),
    Case("softmax_attribute", "LL101", CE, {"ignore_index": 2}),
    Case("log_softmax", "LL102", CE, {"weight": WEIGHT, "label_smoothing": 0.2}, level=SAFE, right=True),
    Case("sigmoid_before_cross_entropy", "LL103", CE),
    Case("tanh_before_cross_entropy", "LL104", CE),
    Case("relu_before_cross_entropy", "LL104", CE),
    Case("softmax_into_nll", "LL111", CE, {"weight": WEIGHT, "ignore_index": 1}),
    Case("softmax_layer_into_nll", "LL111", CE, {"reduction": "sum"}),
    Case("scores_into_nll", "LL112", CE, {"weight": WEIGHT, "reduction": "sum"}),
    Case("scores_into_nll_function", "LL112", CE, {"ignore_index": 3}),
    Case("scores_into_bce", "LL121", BCE, {"weight": WEIGHT_3}, raises=RuntimeError),
    Case("scores_into_bce_function", "LL121", BCE, {"reduction": "sum"}, raises=RuntimeError),
    Case("sigmoid_twice", "LL122", BCE, {"pos_weight": [3.0, 1.0, 2.0]}),
    Case("sigmoid_twice_function", "LL122", BCE, {"reduction": "sum"}),
    Case("softmax_then_sigmoid", "LL123", BCE),
    Case("sigmoid_then_bce", "LL124", BCE, {"weight": WEIGHT_3}, level=SAFE, right=True),
    Case("labels_from_one", "LL201", "shifted", raises=IndexError),
    Case("labels_plus_one", "LL201", "shifted", raises=IndexError),
    Case("implicit_axis", "LL301", "squares_of_softmax", right=True),
    Case("implicit_axis_known", "LL301", "squares_of_softmax", level=SAFE, right=True),
    Case("implicit_axis_layer", "LL301", CE, right=True),
    Case("log_of_softmax", "LL303", CE, level=SAFE, right=True),
    Case("log_of_softmax_method", "LL303", CE, level=SAFE, right=True),
    Case("log_of_sigmoid", "LL304", BCE, level=SAFE, right=True),
    Case("softmax_twice", "LL305", "squares_of_softmax"),
    Case("sigmoid_of_sigmoid", "LL305", BCE),
    Case("constructor_with_tensors", "LL401", CE, level=SAFE, raises=RuntimeError),
    Case("constructor_with_tensors_imported", "LL401", BCE, level=SAFE, raises=RuntimeError),
    Case("positional_reduction", "LL402", "squares", {"reduction": "sum"}),
    Case("legacy_reduction", "LL403", CE, {"reduction": "sum", "ignore_index": 1}, level=SAFE, right=True),
    Case("legacy_reduction_flags", "LL403", "squares", level=SAFE, right=True),
]


def put(source: Path, folder: Path) -> str:
    """A copy of a program of one or several files in a folder; the name of the one to run."""
    if source.is_dir():
        shutil.copytree(source, folder, dirs_exist_ok=True)
        return "train"
    shutil.copy(source.with_suffix(".py"), folder)
    return source.name


def apart(one: Mapping[str, object], right: Mapping[str, object]) -> float:
    """How far results are from the right ones, in what both have."""
    return max(difference(one[key], right[key]) for key in right)


def readers(found: Mapping[str, object]) -> dict[str, object]:
    """What was read of the numbers besides the loss."""
    given = ("loss", "x", "y", "steep", "weights", "gradient")
    return {key: value for key, value in found.items() if key.split()[0] not in given}


def test_every_rule_with_a_fix_has_a_program():
    programs = {path.stem for path in (FIXTURES / "mended").iterdir() if not path.name.startswith("__")}
    assert programs == {case.name for case in CASES}
    assert len({case.codes for case in CASES}) == 18


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_fixed_program_computes_what_is_right(case, tmp_path):
    name = put(FIXTURES / "mended" / case.name, tmp_path)
    before: dict[str, object] = {}
    if case.raises is None:
        before = run(tmp_path, name)
        right = right_results(before, case.loss, case.options)
        steep = right.pop("steep", None)
        assert (apart(before, right) <= SAME) == case.right
        assert case.right or apart(before, {"loss": right["loss"]}) > MARGIN
        assert steep is None or difference(before["steep"], steep) > MARGIN
    else:
        with pytest.raises(case.raises):
            run(tmp_path, name)
    outcome = fixed(tmp_path, case.level, "LL124")
    assert case.codes in {code for codes in outcome.fixed.values() for code in codes}
    assert not [finding for finding in outcome.outcome.findings if finding.code == case.codes]
    after = run(tmp_path, name)
    assert apart(after, right_results(after, case.loss, case.options)) <= SAME
    if before:
        assert readers(after).keys() == readers(before).keys()
        assert difference(readers(after), readers(before)) <= SAME or case.name == "softmax_twice"
        assert all(difference(before[key], after[key]) == 0 for key in before if key.startswith("weights"))


REFUSED = sorted((FIXTURES / "refused").glob("*.py"))


@pytest.mark.parametrize("program", REFUSED, ids=lambda path: path.stem)
def test_reader_that_minds_keeps_its_activation(program, tmp_path):
    name = put(program.with_suffix(""), tmp_path)
    text = program.read_text(encoding="utf-8")
    (line,) = (number for number, line in enumerate(text.split("\n"), 1) if line.endswith("  # reads"))
    outcome = fixed(tmp_path, UNSAFE, "LL124")
    assert not outcome.changes
    assert (tmp_path / program.name).read_text(encoding="utf-8") == text
    (finding,) = outcome.outcome.findings
    assert finding.fix.applicability is Applicability.DISPLAY
    assert f"{program.name}:{line} (" in finding.fix.message
    assert not finding.fix.edits
    assert run(tmp_path, name)["loss"].isfinite()
