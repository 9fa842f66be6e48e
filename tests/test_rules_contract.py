"""What every rule promises: a page, examples that prove it, fixtures, and wording that reads well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_fixtures import FIXTURES, findings

from losslint import rules
from losslint.domain.dim import UNKNOWN_SHAPE, Shape, exact
from losslint.domain.kind import ClassIndex, Filled, Logits, LogProbs, Probs, Unspecified
from losslint.domain.origin import Site
from losslint.domain.value import Tensor, Unknown
from losslint.facts import BoundCall, LossCall, LossCase
from losslint.finding import Certainty, Severity
from losslint.knowledge.losses import LOSSES
from losslint.rules import _registry
from losslint.rules._registry import by_code_or_name, load

HEADINGS = ["What it does", "Why it is wrong", "Example", "Use instead", "Fix", "References"]
LONGEST = 120
each_rule = pytest.mark.parametrize("rule", load(), ids=lambda rule: rule.name)


def sections(rule) -> dict[str, str]:
    """The page by heading."""
    parts = re.split(r"^## (.+)$", rule.page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def code(rule, heading) -> str:
    blocks = re.findall(r"^```python\n(.*?)^```$", sections(rule)[heading], flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    return blocks[0]


def said_of(rule, text, folder):
    """The names of what is said of a text, with the rule switched on."""
    file = folder / "example.py"
    file.write_text(text, encoding="utf-8")
    return [finding.name for finding in findings(file, (rule.code,))]


@each_rule
def test_page(rule):
    assert rule.page.splitlines()[0] == f"{rule.code} {rule.name}"
    assert list(sections(rule)) == HEADINGS
    assert all(text.strip() for text in sections(rule).values())
    assert re.match(r"(Safe|Unsafe|Shown only)\b", sections(rule)["Fix"].strip())
    assert all(re.fullmatch(r"- https://\S+", line) for line in sections(rule)["References"].strip().splitlines())


@each_rule
def test_example_shows_the_mistake(rule, tmp_path):
    assert said_of(rule, code(rule, "Example"), tmp_path) == [rule.name]


@each_rule
def test_what_to_use_instead_is_right(rule, tmp_path):
    assert said_of(rule, code(rule, "Use instead"), tmp_path) == []


@each_rule
def test_code_and_name(rule):
    assert re.fullmatch(r"LL[0-9]{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert len(rule.name) <= 40
    # "ignore softmax-before-cross-entropy" is a sentence, "ignore no-softmax" is none.
    assert rule.name.split("-")[0] not in {"no", "avoid", "use", "dont", "ignore", "disallow", "prefer", "missing"}
    assert rule.summary[:1].islower() or not rule.summary[:1].isalpha()
    assert not rule.summary.endswith(".")
    assert len(rule.summary) <= LONGEST


@each_rule
def test_file_is_named_after_the_rule(rule):
    file = Path(rules.__file__).parent / f"{rule.name.replace('-', '_')}.py"
    assert file.is_file()


@each_rule
def test_fixtures_exist_and_speak_of_the_rule(rule):
    folder = FIXTURES / "rules" / rule.name
    assert f"error: [{rule.name}]" in (folder / "bad.py").read_text(encoding="utf-8")
    good = (folder / "good.py").read_text(encoding="utf-8")
    assert "# error:" not in good
    assert "# origin:" not in good or "# todo-ok:" in good


@each_rule
def test_wording(rule):
    extra = () if rule.by_default else (rule.code,)
    mine = [one for one in findings(FIXTURES / "rules" / rule.name / "bad.py", extra) if one.name == rule.name]
    assert mine
    for finding in mine:
        for text in (finding.message, finding.label, finding.help, *finding.notes):
            assert text
            assert text == text.strip()
            assert not text.endswith(".")
            assert text[0].islower() or not text[0].isalpha()
        assert len(finding.message) < LONGEST
        assert finding.help


def test_folders_of_fixtures_belong_to_rules():
    names = {rule.name for rule in load()}
    assert {folder.name for folder in (FIXTURES / "rules").iterdir() if folder.is_dir()} <= names


def test_registry():
    codes = [rule.code for rule in load()]
    assert codes == sorted(set(codes))
    assert by_code_or_name("ll101") is by_code_or_name("softmax-before-cross-entropy")
    assert by_code_or_name("LL999") is None


def test_doubles_are_refused():
    with pytest.raises(ValueError, match="LL101"):
        _registry._refuse_doubles(["LL101", "LL102", "LL101"])


def loss_call(given, row_name="cross_entropy", target=None, **more):
    """A loss call made by hand, with one case."""
    row = next(row for row in LOSSES if any(one.endswith(f".{row_name}") for one in row.functions))
    options = BoundCall({})
    return LossCall(Site("loss", "module"), (LossCase(row, given, target, options),), **more)


def said(code_or_name, fact):
    return list(by_code_or_name(code_or_name).check(fact))


def test_nothing_is_said_of_the_unknown():
    for value in (Unknown("nobody knows"), Tensor(Unspecified()), Tensor(Filled(0.0))):
        for rule in load():
            if rule.on is LossCall:
                assert said(rule.code, loss_call(value, target=value)) == []


def test_evaluation_is_one_step_milder_and_says_so():
    probs = Tensor(Probs(1), exact(None, 10))
    (training,) = said("LL101", loss_call(probs))
    (evaluation,) = said("LL101", loss_call(probs, training=False))
    assert (training.severity, evaluation.severity) == (Severity.ERROR, Severity.WARNING)
    assert "the number that it reports is wrong, not the training" in evaluation.notes[-1]


def test_framework_is_named():
    (offence,) = said("LL101", loss_call(Tensor(Probs(1)), by_framework="Ignite"))
    assert offence.message == "probabilities reach CrossEntropyLoss (called by Ignite), which expects logits"


def test_gradient_is_spoken_of_where_softmax_runs_over_the_classes():
    (over_classes,) = said("LL101", loss_call(Tensor(Probs(1), exact(None, 10))))
    (over_batch,) = said("LL101", loss_call(Tensor(Probs(0), exact(8, 10))))
    assert [len(over_classes.notes), len(over_batch.notes)] == [2, 1]


@pytest.mark.parametrize(
    ("kind", "shape", "redundant"),
    [
        (LogProbs(1), exact(None, 10), True),
        (LogProbs(-1), exact(None, 10), True),
        (LogProbs(-1), UNKNOWN_SHAPE, True),
        (LogProbs(None), exact(None, 10), True),
        (LogProbs(0), exact(8, 10), False),
        (LogProbs(0), exact(10), True),
        (LogProbs(2), UNKNOWN_SHAPE, False),
        (LogProbs(-1), exact(None, 10, 5), False),
        (LogProbs(1, whole=False), exact(None, 10), False),
    ],
)
def test_log_softmax_is_redundant_over_the_classes_only(kind, shape, redundant):
    assert bool(said("LL102", loss_call(Tensor(kind, shape)))) is redundant


@pytest.mark.parametrize(
    ("shape", "target", "certainty"),
    [
        (exact(8, 1), UNKNOWN_SHAPE, Certainty.CERTAIN),
        (Shape((None, 1)), UNKNOWN_SHAPE, Certainty.CERTAIN),
        (Shape(back=(1,)), UNKNOWN_SHAPE, Certainty.LIKELY),
        (Shape(back=(1,)), exact(8), Certainty.LIKELY),
        (Shape(back=(1,)), exact(8, 1), None),
        (exact(8, 5, 1), exact(8, 1), None),
        (UNKNOWN_SHAPE, UNKNOWN_SHAPE, None),
    ],
)
def test_single_logit_needs_proof(shape, target, certainty):
    found = said("LL105", loss_call(Tensor(Logits(), shape), target=Tensor(Unspecified(), target)))
    assert [offence.certainty for offence in found] == ([] if certainty is None else [certainty])


@pytest.mark.parametrize(
    ("low", "high", "codes"),
    [
        (0, 9, []),
        (1, 10, ["LL201"]),
        (0, 10, ["LL202"]),
        (2, 10, ["LL202"]),
        (-1, 9, ["LL202"]),
        (-100, 9, []),
        (1, 9, []),
        (None, 10, ["LL202"]),
        (1, None, []),
    ],
)
def test_ranges_of_labels(low, high, codes):
    fact = loss_call(Tensor(Logits(), exact(None, 10)), target=Tensor(ClassIndex(low, high)))
    assert [code for code in ("LL201", "LL202") if said(code, fact)] == codes
