"""A stuck loss read backwards: the arithmetic, and the command that prints it."""

from __future__ import annotations

import math

import pytest
from click.testing import CliRunner

from losslint import symptom
from losslint.cli import losslint
from losslint.rules import _registry


def read(value, classes=None):
    return symptom.readings(symptom.parse(value), classes)


def codes(value, classes=None):
    return [cause.code for reading in read(value, classes) for cause in reading.causes if cause.code]


def run(*arguments):
    return CliRunner().invoke(losslint, ["symptom", *arguments])


@pytest.mark.parametrize(
    ("value", "classes"),
    [("0.3133", 2), ("0.5514", 3), ("0.9048", 5), ("1.4612", 10), ("3.6222", 100), ("5.9095", 1000)],
)
def test_floor_of_a_softmax_taken_twice(value, classes):
    floors = [one for one in read(value) if one.causes == (symptom.SOFTMAX_CE, symptom.SIGMOID_CE)]
    assert [one.classes for one in floors] == [classes]
    assert floors[0].fewest <= classes <= floors[0].most
    if classes > 2:
        assert read(value)[0] == floors[0]


@pytest.mark.parametrize(
    ("value", "classes"),
    [("1.3133", 2), ("1.5514", 3), ("1.9048", 5), ("2.4612", 10), ("4.6222", 100), ("6.9095", 1000)],
)
def test_ceiling_of_a_softmax_taken_twice(value, classes):
    assert any("the most" in one.meaning and one.classes == classes for one in read(value))


@pytest.mark.parametrize(
    ("value", "classes"), [("1.0986", 3), ("1.6094", 5), ("2.3026", 10), ("4.6052", 100), ("6.9078", 1000)]
)
def test_nothing_learnt(value, classes):
    assert any("nothing learnt" in one.meaning and one.classes == classes for one in read(value))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (".6931", ["LL122", "LL101"]),
        ("0.3133", ["LL122", "LL101", "LL103"]),
        ("-0.98", ["LL111", "LL131"]),
        ("-1", ["LL111", "LL112", "LL131"]),
        ("-628", ["LL112"]),
        ("0.0", ["LL105", "LL306"]),
        ("-0.0", ["LL105", "LL306"]),
        ("nan", ["LL303", "LL304", "LL112", "LL132"]),
        ("inf", ["LL303", "LL304"]),
        ("-inf", ["LL112"]),
        ("18.42", ["LL303", "LL304"]),
        ("50", ["LL306", "LL124"]),
        ("87.5", ["LL306", "LL124"]),
    ],
)
def test_known_values(value, expected):
    found = codes(value)
    assert set(expected) <= set(found)
    assert found[0] == expected[0]


def test_minus_628_is_too_deep_for_a_divergence():
    assert "LL131" not in codes("-628")
    assert "LL111" not in codes("-628")


def test_a_class_count_narrows():
    assert codes("3.6222", 100)[:2] == ["LL101", "LL103"]
    assert all(one.classes in {None, 100} for one in read("3.6222", 100))
    assert read("0.42", 10) == []
    assert read("0.5003", 10)[0].causes == (symptom.NO_RULE,)


def test_close_above_a_floor_counts_where_the_classes_are_known():
    assert any(one.meaning.startswith("just above") for one in read("0.59", 3))
    assert not any(one.meaning.startswith("just above") for one in read("0.59"))


def test_printed_precision_widens_the_match():
    assert any(one.classes == 3 and "every answer right" in one.meaning for one in read("0.6"))
    assert not any(one.classes == 3 and "every answer right" in one.meaning for one in read("0.60"))


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.4612", 1.4612), (".6931", 0.6931), ("-0.98", -0.98), ("\N{MINUS SIGN}0.98", -0.98), ("1,4612", 1.4612), ("1e-3", 1e-3),
     (" 2.3 ", 2.3), ("+5", 5.0), ("5.", 5.0), ("-inf", -math.inf), ("Infinity", math.inf)],
)  # fmt: skip
def test_numbers_as_they_are_printed(text, value):
    assert symptom.parse(text).value == value


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3", "1_0", "٣", "0x10", "--1", "1e999", "1e-999", "1,2,3", "1,234.5", "."]
)
def test_no_numbers(text):
    with pytest.raises(ValueError, match=r"is not a number|is out of range"):
        symptom.parse(text)


def test_no_value_is_too_odd():
    for value in ("1e-300", "1e300", "-1e300", "1e-17", "999999", "13.8", "100", "100.01", "24.9", "0.31", "0"):
        for classes in (None, 2, 3, 10**6):
            for reading in read(value, classes):
                assert reading.meaning


def test_codes_and_names_are_those_of_the_rules():
    rules = {rule.code: rule.name for rule in _registry.load()}
    for cause in (one for one in vars(symptom).values() if isinstance(one, symptom.Cause)):
        assert rules.get(cause.code, cause.name) == cause.name


def test_command_takes_negative_numbers():
    for value in ("-0.98", "-.98", "-inf", "-1e-1"):
        result = run(value)
        assert result.exit_code == 0, result.output
        assert result.output.startswith("LL1")


def test_command_names_rule_and_classes():
    line = run("1.4612").output.splitlines()[0]
    assert line.split("  ")[:3] == ["LL101", "softmax-before-cross-entropy", "10 classes"]
    assert "ln(1 + 9/e) = 1.4612" in line


def test_command_without_a_match_shows_the_landmarks():
    result = run("1.2", "--classes", "10")
    assert "No mistake" in result.output
    assert "1.4612" in result.output


def test_command_refuses_what_is_no_number():
    result = run("abc")
    assert result.exit_code == 2
    assert "'abc' is not a number" in result.output
    assert run("1", "--classes", "1").exit_code == 2


@pytest.mark.torch
@pytest.mark.parametrize("classes", [2, 3, 10, 100])
def test_floors_and_ceilings_are_those_of_torch(classes):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    right = 200 * torch.eye(classes, dtype=torch.float64)
    wrong = right.roll(1, 0)
    target = torch.arange(classes)
    expected = {one.meaning.split(":")[0]: one.expected for one in symptom.landmarks(classes)}
    for squeeze in (lambda scores: scores.softmax(1), torch.sigmoid):
        scores = right - 100 if squeeze is torch.sigmoid else right
        lowest = functional.cross_entropy(squeeze(scores), target)
        assert lowest == pytest.approx(expected["the least this loss can be, every answer right"])
    highest = functional.cross_entropy(wrong.softmax(1), target)
    assert highest == pytest.approx(expected["the most this loss can be, every answer wrong"])
    bounded = functional.cross_entropy(torch.tanh(right - 100), target)
    assert bounded == pytest.approx(expected["the least this loss can be after tanh"])
    binary = functional.binary_cross_entropy_with_logits(right.softmax(1), torch.eye(classes, dtype=torch.float64))
    assert binary == pytest.approx(expected["the least this loss can be with one-hot targets"])
