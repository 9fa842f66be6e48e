"""The engine around the analysis: what is reported, and what is not."""

import pytest

from losslint.config import Settings
from losslint.engine import check

MODEL = "import torch.nn.functional as F\n\n\ndef forward(x):\n    return F.softmax(x, dim=1)\n"
TRAIN = (
    "import torch.nn.functional as F\n\nfrom model import forward\n\n\n"
    "def step(x, y):\n    return F.cross_entropy(forward(x), y)\n"
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "apart.py").write_text("import torch.nn.functional as F\nF.cross_entropy(a.softmax(1), b)\n")
    return tmp_path


def places(*paths):
    return [(one.code, one.span.path, one.span.line) for one in check(paths, Settings()).findings]


def test_a_finding_belongs_to_its_sink_and_to_its_source(project):
    expected = [("LL101", "train.py", 7)]
    assert places("train.py") == expected
    assert places("model.py") == expected
    assert places("apart.py") == [("LL101", "apart.py", 2)]
    assert places(".") == [("LL101", "apart.py", 2), *expected]


@pytest.mark.parametrize(
    "comment", ["# noqa", "# noqa: LL101", "# noqa: LL1", "# losslint: ignore[softmax-before-cross-entropy]"]
)
@pytest.mark.parametrize("file", ["model.py", "train.py"])
def test_a_comment_at_the_sink_or_at_the_source_suppresses(project, file, comment):
    path = project / file
    path.write_text(path.read_text().rstrip("\n") + f"  {comment}\n")
    assert places("model.py", "train.py") == []


def test_a_comment_for_another_rule_does_not(project):
    (project / "train.py").write_text(TRAIN.rstrip("\n") + "  # noqa: LL102\n")
    assert places("train.py") == [("LL101", "train.py", 7), ("LL001", "train.py", 7)]


def test_a_file_can_be_skipped(project):
    (project / "train.py").write_text("# losslint: skip-file\n" + TRAIN)
    assert places("model.py", "train.py") == []


def test_a_file_that_cannot_be_parsed_costs_itself_alone(project):
    (project / "broken.py").write_text("def cross_entropy(:\n")
    outcome = check(["."], Settings())
    assert len(outcome.findings) == 2
    assert [(one.path, one.line) for one in outcome.problems] == [("broken.py", 1)]
    assert (outcome.files, outcome.read) == (4, 3)


def test_the_map_of_losses_says_what_is_known_of_targets(project):
    (project / "apart.py").write_text(
        "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"
        "def known(x):\n    return F.cross_entropy(nn.Linear(9, 3)(x), torch.randint(0, 3, (8,)))\n\n\n"
        "def unknown(x, y):\n    return F.cross_entropy(nn.Linear(9, 3)(x), y)\n"
    )
    known, unknown = check(("apart.py",), Settings(), map_losses=True).losses
    assert known.lines[0].endswith("; its target: class-index(0..2) [8] int64")
    assert "target" not in unknown.lines[0]
