"""Fixes proved with real torch: programs are run, fixed, run again, and compared with what their losses should be."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from fix_programs import (  # noqa: E402
    ACROSS_READERS,
    BENDING,
    CARRIERS,
    ORDER_READERS,
    OTHER_AXIS_READERS,
    SILENT_READERS,
    TASKS,
    THRESHOLD_READERS,
    VALUE_READERS,
    made,
    programs,
)
from fix_proofs import SAME, carrying, difference, fixed, prove, reading, right_results, run  # noqa: E402

from losslint.facts import SuppressionSeen  # noqa: E402
from losslint.finding import Applicability  # noqa: E402
from losslint.rules._registry import load as load_rules  # noqa: E402

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
    Case("probabilities_into_divergence", "LL131", "divergence"),
    Case("probabilities_read_beside_a_divergence", "LL131", "divergence"),
    Case("scores_into_divergence", "LL131", "divergence"),
    Case("logarithms_as_target", "LL132", "divergence", {"log_target": True}),
    Case("logarithms_as_target_function", "LL132", "divergence", {"log_target": True}),
    Case("mean_of_a_divergence", "LL133", "divergence"),
    Case("mean_of_a_divergence_function", "LL133", "divergence"),
    Case("scores_into_ctc", "LL141", "spelling"),
    Case("probabilities_into_ctc", "LL141", "spelling"),
    Case("rate_into_poisson", "LL142", "poisson"),
    Case("rate_into_poisson_function", "LL142", "poisson"),
    Case("probabilities_for_scores_of_a_distribution", "LL151", CE),
    Case("log_probabilities_for_probabilities_of_a_distribution", "LL151", CE),
    Case("scores_for_probabilities_of_a_distribution", "LL151", CE, raises=ValueError),
    Case("labels_from_one", "LL201", "shifted", raises=IndexError),
    Case("labels_plus_one", "LL201", "shifted", raises=IndexError),
    Case("short_class_indices", "LL203", CE, {"label_smoothing": 0.1}, level=SAFE, raises=RuntimeError),
    Case("whole_number_targets", "LL204", BCE, {"reduction": "sum"}, level=SAFE, raises=RuntimeError),
    Case("target_column", "LL205", CE, {"ignore_index": 3}, level=SAFE, raises=RuntimeError),
    Case("column_beside_row", "LL206", "squares"),
    Case("one_hot_targets", "LL207", CE, level=SAFE, raises=RuntimeError),
    Case("one_hot_variable", "LL207", CE, level=SAFE, raises=RuntimeError),
    Case("zero_and_one_sides", "LL208", "soft_margin"),
    Case("squeezed_batch", "LL209", BCE, raises=ValueError),
    Case("classes_last", "LL210", CE, raises=RuntimeError),
    Case("implicit_axis", "LL301", "squares_of_softmax", level=SAFE, right=True),
    Case("implicit_axis_layer", "LL301", CE, level=SAFE, right=True),
    Case("log_of_softmax", "LL303", CE, level=SAFE, right=True),
    Case("log_of_softmax_method", "LL303", CE, level=SAFE, right=True),
    Case("log_of_sigmoid", "LL304", BCE, level=SAFE, right=True),
    Case("softmax_twice", "LL305", "squares_of_softmax"),
    Case("sigmoid_of_sigmoid", "LL305", BCE),
    Case("softmax_axis", "LL302", CE),
    Case("single_softmax", "LL306", BCE, {"reduction": "sum"}),
    Case("single_softmax_function", "LL306", BCE),
    Case("single_argmax", "LL307", BCE, right=True),
    Case("threshold", "LL308", BCE, right=True),
    Case("cross_entropy_written_out", "LL311", CE, level=SAFE, right=True),
    Case("cross_entropy_written_out_as_sum", "LL311", CE, {"reduction": "sum"}, level=SAFE, right=True),
    Case("softmax_written_out", "LL312", "squares_of_softmax", level=SAFE, right=True),
    Case("softmax_written_out_in_methods", "LL312", "squares_of_softmax", level=SAFE, right=True),
    Case("log_softmax_written_out", "LL312", CE, level=SAFE, right=True),
    Case("logsumexp_written_out", "LL312", CE, level=SAFE, right=True),
    Case("softplus_written_out", "LL312", BCE, level=SAFE, right=True),
    Case("sigmoid_written_out", "LL312", BCE, {"reduction": "sum"}, level=SAFE, right=True),
    Case("constructor_with_tensors", "LL401", CE, level=SAFE, raises=RuntimeError),
    Case("constructor_with_tensors_imported", "LL401", BCE, level=SAFE, raises=RuntimeError),
    Case("positional_reduction", "LL402", "squares", {"reduction": "sum"}),
    Case("legacy_reduction", "LL403", CE, {"reduction": "sum", "ignore_index": 1}, level=SAFE, right=True),
    Case("legacy_reduction_flags", "LL403", "squares", level=SAFE, right=True),
    Case("class_weights", "LL404", CE, {"weight": WEIGHT}, level=SAFE, raises=TypeError),
    Case("loss_in_torch_itself", "LL406", BCE, raises=RuntimeError),
    Case("text_for_an_integer_reduction", "LL406", BCE, {"reduction": "sum"}, raises=TypeError),
    Case("class_weights_by_name", "LL404", BCE, {"pos_weight": [3.0, 1.0, 2.0]}, level=SAFE, raises=TypeError),
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
    rules = [rule for rule in load_rules() if rule.on is not SuppressionSeen]  # what mends comments changes no number
    mended = {rule.code for rule in rules if re.search(r"^## Fix\n+(Safe|Unsafe)", rule.page, re.MULTILINE)}
    assert mended == {case.codes for case in CASES}


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


def assert_proved(programs, folder, level=UNSAFE, least=0.1):
    """Assert that no fix of these programs does harm, and that enough of them were fixed to say so."""
    wrong, changed = prove(programs, folder, level)
    assert not wrong, wrong
    assert changed >= least * len(programs)


@pytest.mark.parametrize("seed", range(100 if LONG else 5))
def test_random_programs(seed, tmp_path):
    assert_proved(programs(seed, 50), tmp_path)


@pytest.mark.parametrize("seed", range(30 if LONG else 1))
def test_safe_fixes_of_random_programs_change_no_number(seed, tmp_path):
    assert_proved(programs(1000 + seed, 50), tmp_path, SAFE, least=0.01)


def test_carriers(tmp_path):
    assert_proved(carrying(list(dict.fromkeys(CARRIERS))), tmp_path)


def test_readers(tmp_path):
    both = (*ORDER_READERS, *OTHER_AXIS_READERS, *VALUE_READERS, *SILENT_READERS)
    assert_proved([*reading(both), *reading(THRESHOLD_READERS, [False])], tmp_path)


def test_carriers_that_bend_scores(tmp_path):
    assert_proved(carrying(BENDING, "function"), tmp_path, least=0)


def test_readers_across_rows(tmp_path):
    both = [*reading(ACROSS_READERS, place="uncalled"), *reading(ACROSS_READERS, place="inline")]
    assert_proved(both, tmp_path)


SOFTMAX, SIGMOID = ("softmax", "cross_entropy"), ("sigmoid", "binary_cross_entropy_with_logits")
KNOWN = pytest.mark.xfail(reason="a known gap", strict=True, raises=AssertionError)
SINGLE = [
    pytest.param("classes", SOFTMAX, "{p}.clamp(1e-7, 1 - 1e-7)", "{p}.tolist()", "outside", id="read before it is clamped"),
    pytest.param("labels", SIGMOID, "torch.cat([{p}[:1], {p}[1:]])", "", "inline", id="two activations side by side"),
    pytest.param("classes", SOFTMAX, "({p} if x.sum() > 0 else {p}.clone())", "", "inline", id="one of two activations"),
    pytest.param("pixels", SOFTMAX, "{p}", "{p}.flatten(1).argsort(1)", "outside", id="several softmaxes in a row"),
    pytest.param("classes", ("relu", CE), "{p}", "{p}.argsort(dim=1)", "function", id="equal after relu", marks=KNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("task", "pair", "carrier", "reader", "style"), SINGLE)
def test_single_program(task, pair, carrier, reader, style, tmp_path):
    program = made("case", TASKS[task], pair, carrier, [reader] if reader else [], random.Random(0), style, "inline")
    assert_proved([program], tmp_path, least=0)


SCORES_INTO_NLL = """
import torch
from torch import nn

loss = nn.NLLLoss()(nn.Linear(5, 4)(torch.randn(6, 5)), torch.randint(4, (6,)))
"""


def test_loss_is_swapped_beside_an_activation_that_stays(tmp_path):
    (tmp_path / "scores.py").write_text(SCORES_INTO_NLL, encoding="utf-8")
    put(FIXTURES / "refused" / "printed", tmp_path)
    outcome = fixed(tmp_path, UNSAFE)
    assert [list(codes) for codes in outcome.fixed.values()] == [["LL112"]]
    assert [finding.code for finding in outcome.outcome.findings] == ["LL101"]


SNIPPETS = {
    "an axis given as None by position": "F.softmax(scores, None)",
    "a layer made with None": "nn.Softmax(None)(scores)",
    "out is filled": "(torch.log(F.softmax(scores, dim=1), out=room), room.clone())",
    "a type chosen by softmax": "F.cross_entropy(F.softmax(scores, dim=1, dtype=torch.float32), y, weight=torch.ones(4).float())",
}


@pytest.mark.parametrize("name", SNIPPETS)
def test_options_of_a_call_that_goes(name, tmp_path):
    lines = ["scores = torch.arange(24.0).sin().view(6, 4)", "y = torch.arange(6) % 4", "room = torch.empty(6, 4)"]
    body = "\n".join(f"    {line}" for line in [*lines, f'return {{"value": {SNIPPETS[name]}}}'])
    head = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\ndef losses():\n"
    (tmp_path / "snippet.py").write_text(f"{head}{body}\n", encoding="utf-8")
    before = run(tmp_path, "snippet")
    fixed(tmp_path, UNSAFE)
    assert difference(before, run(tmp_path, "snippet")) <= SAME


def test_a_moved_threshold_draws_the_same_line(tmp_path):
    before = run(FIXTURES / "mended", "threshold")
    put(FIXTURES / "mended" / "threshold", tmp_path)
    fixed(tmp_path, UNSAFE)
    after = run(tmp_path, "threshold")
    probs = torch.sigmoid(before["x"] @ before["weights 0"].T + before["weights 1"])
    for name in ("half", "from", "rounded"):
        right = (probs > 0.5).to(after[f"gradient {name}"].dtype)
        assert torch.equal(after[f"gradient {name}"], right)
        assert not torch.equal(before[f"gradient {name}"], right)
