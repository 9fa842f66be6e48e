"""Options and arguments of losses and distributions are changed only where all that comes there asks for it."""

from __future__ import annotations

import pytest

from losslint.config import Settings
from losslint.engine.fixing import fix_all
from losslint.finding import Applicability

HEAD = """
import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Categorical

student, teacher, x = nn.Linear(20, 5), nn.Linear(20, 5), torch.randn(8, 20)
"""
BOTH_TARGETS = """
criterion = nn.KLDivLoss(reduction="batchmean")
right = criterion(student(x).log_softmax(1), teacher(x).softmax(1))
wrong = criterion(student(x).log_softmax(1), teacher(x).log_softmax(1))
"""
ONE_TARGET = """
criterion = nn.KLDivLoss(reduction="batchmean", log_target=False)
wrong = criterion(student(x).log_softmax(1), teacher(x).log_softmax(1))
"""
CHOSEN_OPTION = """
def build(log_target):
    return nn.KLDivLoss(reduction="batchmean", log_target=log_target)


wrong = build(False)(student(x).log_softmax(1), teacher(x).log_softmax(1))
"""
BOTH_INPUTS = """
def spell(given):
    return F.ctc_loss(given, torch.ones(3, dtype=torch.long), torch.tensor(8), torch.tensor(3))


wrong, right = spell(student(x)), spell(student(x).log_softmax(-1))
"""
UNKNOWN_INPUT = """
def divergence(given, wanted):
    return F.kl_div(given, wanted.softmax(dim=1), reduction="sum")


wrong, unknown = divergence(student(x), teacher(x)), divergence(read_somewhere(), teacher(x))
"""
BOTH_GIVEN = """
def draw(given):
    return Categorical(given).sample()


wrong, right = draw(student(x)), draw(student(x).softmax(-1))
"""
COMMENTED = """
wrong = Categorical(
    student(x),  # the scores of the actions
).sample()
"""


def fixed(text, folder):
    """The text after unsafe fixes, and why the first finding that is left has none."""
    file = folder / "program.py"
    file.write_text(HEAD + text, encoding="utf-8")
    outcome = fix_all([str(folder)], Settings(isolated=True, cache=False), Applicability.UNSAFE)
    left = [finding.fix.message for finding in outcome.outcome.findings if finding.fix is not None]
    return file.read_text(encoding="utf-8").removeprefix(HEAD), left[:1]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(BOTH_TARGETS, "what else reaches this loss is of another kind, or not known", id="both targets"),
        pytest.param(CHOSEN_OPTION, "the option is not written out here", id="an option that is chosen elsewhere"),
        pytest.param(BOTH_INPUTS, "what else reaches this loss is of another kind, or not known", id="both inputs"),
        pytest.param(UNKNOWN_INPUT, "what else reaches this loss is of another kind, or not known", id="unknown input"),
        pytest.param(BOTH_GIVEN, "what else comes here is of another kind, or not known", id="both given"),
        pytest.param(COMMENTED, "the argument stands elsewhere", id="a comment behind the argument"),
    ],
)
def test_refused(text, why, tmp_path):
    assert fixed(text, tmp_path) == (text, [why])


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        pytest.param(ONE_TARGET, "log_target=False", "log_target=True", id="a literal is replaced"),
        pytest.param(
            BOTH_INPUTS.replace("spell(student(x)), ", "spell(2 * student(x)), ").replace(".log_softmax(-1))", ")"),
            "F.ctc_loss(given, ",
            "F.ctc_loss(given.log_softmax(dim=-1), ",
            id="where all inputs are scores",
        ),
        pytest.param(
            "loss = F.kl_div(student(x) + 1.0, teacher(x).softmax(-1), reduction='sum')\n",
            "student(x) + 1.0",
            "(student(x) + 1.0).log_softmax(dim=1)",
            id="an operation is enclosed",
        ),
        pytest.param(
            BOTH_GIVEN.replace(".softmax(-1)", ".log_softmax(-1)"),
            "Categorical(given)",
            "Categorical(logits=given)",
            id="scores and log-probabilities are logits both",
        ),
        pytest.param(
            "pi = Categorical(logits=student(x).softmax(-1), validate_args=False)\n",
            "logits=",
            "probs=",
            id="another option stays",
        ),
    ],
)
def test_changed(text, before, after, tmp_path):
    assert text.count(before) == 1
    assert fixed(text, tmp_path) == (text.replace(before, after), [])
