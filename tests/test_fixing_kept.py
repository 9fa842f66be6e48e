"""Fixing: which fixes are withdrawn, and what is seen of files not asked for."""

from __future__ import annotations

import json
from pathlib import Path

from fixing_tools import SAFE, UNSAFE, Mark, Toy, edit, fix, notebook, reasons, sources, text, write

from losslint import engine
from losslint.config import Settings
from losslint.config.settings import FileIgnores, Pattern
from losslint.engine.fixing import fix_all
from losslint.engine.outcome import Outcome
from losslint.engine.snapshot import Snapshot
from losslint.finding import Certainty, Finding, Fix, Severity, Span


def test_a_fix_that_does_not_parse_is_withdrawn_and_others_stand(folder):
    write(a="x = bad\ny = worse\n")
    done = fix(Mark("bad", "LL101", "("), Mark("worse", "LL103", "good"))
    assert text("a") == "x = bad\ny = good\n"
    assert reasons(done) == ["a.py then cannot be parsed: '(' was never closed"]


def test_a_fix_that_leaves_its_finding_is_withdrawn(folder):
    write(a="x = bad\ny = worse\n")
    done = fix(Mark("bad", "LL101", "(bad)"), Mark("worse", "LL103", "good"))
    assert text("a") == "x = bad\ny = good\n"
    assert reasons(done) == ["LL101 would still be found in a.py"]


def test_a_fix_that_brings_an_error_is_withdrawn(folder):
    write(a="x = bad\ny = worse\n")
    evil = Mark("evil", "LL112")
    done = fix(Mark("bad", "LL101", "evil"), Mark("worse", "LL103", "good"), evil)
    assert text("a") == "x = bad\ny = good\n"
    assert reasons(done) == ["it would bring LL112 in a.py"]


def test_an_error_that_was_there_before_is_no_objection(folder):
    write(a="evil\nx = bad\n")
    fix(Mark("bad", "LL101", "good"), Mark("evil", "LL112"))
    assert text("a") == "evil\nx = good\n"


def test_a_new_warning_is_no_objection(folder):
    write(a="x = bad\n")
    done = fix(Mark("bad", "LL101", "odd"), Mark("odd", "LL104", severity=Severity.WARNING))
    assert text("a") == "x = odd\n"
    assert [finding.code for finding in done.outcome.findings] == ["LL104"]


def test_an_error_of_a_rule_that_is_off_is_an_error_still(folder):
    write(a="x = bad\n")
    done = fix(Mark("bad", "LL101", "evil"), Mark("evil", "LL112"), settings=Settings(select=("LL101",)))
    assert text("a") == "x = bad\n"
    assert reasons(done) == ["it would bring LL112 in a.py"]


def test_a_run_without_fixes_asks_for_no_more_than_a_check(folder):
    write(a="x = bad\n")
    toy, asked = Toy(Mark("bad", "LL101")), []

    def analyse(paths, settings, progress=None, *, overlay=None, kept=None):
        asked.append(settings)
        return toy(paths, settings, overlay=overlay)

    fix_all((".",), Settings(), SAFE, analyse=analyse)
    assert asked == [Settings(trial=True)]


def test_rules_that_are_off_in_a_file_fix_nothing_there(folder):
    write(a="x = bad\n", b="x = bad\n")
    off = FileIgnores(Pattern(str(folder), "a.py"), ("LL101",))
    done = fix(Mark("bad", "LL101", "evil"), settings=Settings(per_file_ignores=(off,)))
    assert (text("a"), text("b")) == ("x = bad\n", "x = evil\n")
    assert done.fixed == {"b.py": {"LL101": 1}}


def test_rules_that_are_off_fix_nothing(folder):
    write(a="bad\nworse\n")
    done = fix(Mark("bad", "LL101", "good"), Mark("worse", "LL103", "good"), settings=Settings(ignore=("LL101",)))
    assert text("a") == "bad\ngood\n"
    assert done.outcome.findings == ()


def test_a_fix_that_makes_a_file_unreadable_is_withdrawn(folder):
    write(a="x = bad\n")
    toy = Toy(Mark("bad", "LL101", "maze"), broken=("maze",))
    done = fix_all((".",), Settings(), SAFE, analyse=toy)
    assert text("a") == "x = bad\n"
    assert reasons(done) == ["a.py then is beyond the toy"]


def test_what_a_fix_breaks_in_files_not_asked_for_is_seen(folder):
    write(model="softmax\n", train="loss\n")
    marks = Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "evil"),)), Mark("evil", "LL112")
    done = fix(*marks, paths=("train.py",))
    assert (text("model"), text("train")) == ("softmax\n", "loss\n")
    assert reasons(done) == ["it would bring LL112 in model.py"]


def test_what_is_found_in_files_not_asked_for_is_not_reported(folder):
    write(model="softmax\nbad\n", train="loss\n")
    marks = Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)), Mark("bad", "LL103", "good")
    done = fix(*marks, paths=("train.py",))
    assert (text("model"), text("train")) == ("x\nbad\n", "good\n")
    assert done.fixed == {"train.py": {"LL101": 1}}
    assert (done.outcome.findings, done.outcome.files) == ((), 1)


def test_two_names_of_one_file_are_one_file(folder):
    write(a="bad\nbad\n")
    Path("b.py").symlink_to("a.py")
    done = fix(Mark("bad", "LL101", "good"))
    assert text("a") == "good\ngood\n"
    assert Path("b.py").is_symlink()
    assert done.fixed == {"a.py": {"LL101": 2}, "b.py": {"LL101": 2}}


def test_a_fix_through_a_link_keeps_the_link(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "source.txt"
    outside.write_text("bad\n")
    Path("a.py").symlink_to(outside)
    done = fix(Mark("bad", "LL101", "good"))
    assert Path("a.py").is_symlink()
    assert outside.read_text() == "good\n"
    assert (done.fixed, done.refused) == ({"a.py": {"LL101": 1}}, ())


def test_edits_of_what_is_not_there_are_refused(folder):
    write(a="bad\n")
    nowhere = Fix(SAFE, "m", (edit(9, 1, 9, 2, "x"),))
    elsewhere = Fix(SAFE, "m", (edit(1, 1, 1, 2, "x", path="no/such.py"),))
    spans = Span("a.py", 1, 1, 1, 4), Span("a.py", 1, 1, 1, 3)
    found = tuple(
        Finding("LL101", "toy", "m", "", at, Severity.ERROR, Certainty.CERTAIN, fix=one)
        for at, one in zip(spans, (nowhere, elsewhere), strict=True)
    )
    done = fix_all((".",), Settings(), SAFE, analyse=lambda *_, **__: Outcome(found, (), (), 1, 1))
    assert reasons(done) == ["a.py has no line 9, column 1", "no/such.py does not exist"]
    assert text("a") == "bad\n"


def test_notebooks_are_fixed(folder):
    raw = notebook(["import x\n", "y = bad\n"], "bad", indent=1)
    Path("n.ipynb").write_text(raw)
    done = fix(Mark("bad", "LL101", "'é\\n'"))
    assert done.fixed == {"n.ipynb": {"LL101": 2}}
    assert sources(Path("n.ipynb").read_bytes()) == [["import x\n", "y = 'é\\n'\n"], "'é\\n'"]
    assert json.loads(Path("n.ipynb").read_text())["cells"][0]["outputs"] == [{"data": "bad"}]


def test_a_snapshot_does_not_change_with_the_disk(folder):
    write(a="old\n")
    file = Path("a.py").absolute()
    snapshot = Snapshot()
    assert snapshot[file] == b"old\n"
    write(a="new\n", b="b\n")
    assert snapshot[file] == snapshot.changed({})[file] == b"old\n"
    assert snapshot.changed({file: b"other"})[file] == b"other"
    assert snapshot[file] == b"old\n"
    assert Path("c.py").absolute() not in snapshot
    assert list(snapshot) == [file]


def test_the_engine_reads_the_overlay(folder):
    write(a="x = 1\n")
    bad = (
        b"import torch\nfrom torch import nn\n\n\ndef step(x, y):\n"
        b"    return nn.CrossEntropyLoss()(torch.softmax(x, dim=1), y)\n"
    )
    file = Path("a.py").absolute()
    found = engine.check((".",), Settings(), overlay={file: bad}).findings
    assert [(finding.code, finding.span.path, finding.span.line) for finding in found] == [("LL101", "a.py", 6)]
    assert engine.check((".",), Settings()).findings == ()


def test_the_engine_mends_its_own_findings(folder):
    """Nothing is stood in for: the loss in one file, the softmax in another."""
    model = (
        "from torch import nn\r\n\r\n\r\nclass Net(nn.Module):\r\n    def __init__(self):\r\n"
        "        super().__init__()\r\n        self.fc = nn.Linear(20, 10)\r\n        self.act = nn.Softmax(dim=1)\r\n\r\n"
        "    def forward(self, x):\r\n        return {}  # kept\r\n"
    )
    train = (
        "from torch import nn\n\nfrom model import Net\n\n\ndef step(x, y):\n"
        "    net = Net()\n    return nn.CrossEntropyLoss()(net(x), y)\n"
    )
    write(model=model.format("self.act(self.fc(x))"), train=train)
    assert [finding.code for finding in engine.check((".",), Settings()).findings] == ["LL101"]
    assert fix_all((".",), Settings(), SAFE).changes == ()
    done = fix_all(("train.py",), Settings(), UNSAFE)
    assert (done.fixed, done.outcome.findings, done.refused) == ({"train.py": {"LL101": 1}}, (), ())
    assert [change.path for change in done.changes] == ["model.py"]
    assert text("train") == train
    assert "self.act(self.fc(x))" not in text("model")
    assert "# kept\r\n" in text("model")
    assert text("model").count("\n") == text("model").count("\r\n")
    assert fix_all((".",), Settings(), UNSAFE).changes == ()


def test_an_overlay_is_asked_even_while_it_is_empty(folder):
    write(a="import torch\n\nloss = torch.nn.MSELoss()\n")
    snapshot = Snapshot()
    engine.check((".",), Settings(), overlay=snapshot)
    assert list(snapshot) == [Path("a.py").absolute()]
