"""Rows of the user: each key does what it says, rows win over the program's own code, and mistakes are told plainly."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from losslint.cli import losslint, main
from losslint.config import ConfigError, Settings, merge, read
from losslint.knowledge.index import gate_terms, load, sink_terms
from losslint.knowledge.user_rows import KEYS, rows_of

HEAD = """
    import torch

    class SoftHead(torch.nn.Module):
        def __init__(self, features, classes, dim=1):
            super().__init__()
            self.body = build(features, classes)

        def forward(self, x):
            return dispatch(self, x)

        def scores(self, x):
            return torch.nn.functional.softmax(fetch(x), 1)
"""
LOSSES = """
    import torch

    class SoftCE(torch.nn.Module):
        def __init__(self, ignore_index=-100):
            super().__init__()
            self.inner = pick()

        def forward(self, pred, y):
            return self.inner(pred, y)

    def soft_ce(pred, y):
        return run(pred, y)
"""
HEAD_ROW = """
    [[tool.losslint.layers]]
    names = ["mylib.heads.SoftHead"]
    params = "features, classes, dim=1"
    output = "probabilities"
    dim = "dim"
    classes = "classes"
"""
LOSS_ROW = """
    [[tool.losslint.losses]]
    names = ["mylib.losses.SoftCE"]
    functions = ["mylib.losses.soft_ce"]
    constructor = "ignore_index=-100"
    call = "pred, y"
    like = "cross_entropy"
"""
PACKAGE = {"mylib/__init__.py": "", "mylib/heads.py": HEAD, "mylib/losses.py": LOSSES}
START = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


class Place:
    """A project in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, rows, files):
        for name, text in {**files, "pyproject.toml": rows}.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text), encoding="utf-8")

    def run(self, *arguments):
        result = CliRunner().invoke(losslint, [*arguments, str(self.folder)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def codes(self, *arguments):
        """Line and code of each finding."""
        text = self.run("check", "--output-format", "concise", *arguments).stdout
        found = [line.split() for line in text.splitlines() if ": " in line and "[LL" in line]
        return [f"{place.split(':')[-3]} {code.partition('[')[2][:5]}" for place, code, *_ in found]

    def reaches(self):
        """What reaches each loss."""
        lines = self.run("losses").stdout.splitlines()
        return [line.strip().partition(" from ")[0] for line in lines if line.startswith("    ")]


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("LOSSLINT_RAISE", "1")
    return Place(tmp_path)


def train(*lines):
    return START + "\n".join(lines) + "\n"


USE = train(
    "from mylib.heads import SoftHead",
    "head = SoftHead(3, 7)",
    "def step(x, y):",
    "    return F.cross_entropy(head(x), y)",
)


# layers


def test_a_layer_of_the_program_gives_what_its_row_says(place):
    place.write("", {**PACKAGE, "train.py": USE})
    assert place.codes() == []
    place.write(HEAD_ROW, {**PACKAGE, "train.py": USE})
    assert place.codes() == ["7 LL101"]
    assert place.reaches() == ["probs(dim=1) [?, 7, ...]", *place.reaches()[1:]]
    assert place.codes("--isolated") == []


def test_the_losses_command_honours_rows(place):
    place.write("", {**PACKAGE, "train.py": USE})
    assert place.reaches()[0].startswith("unknown")
    place.write(HEAD_ROW, {**PACKAGE, "train.py": USE})
    assert place.reaches()[0] == "probs(dim=1) [?, 7, ...]"
    assert "probs" not in place.run("losses", "--isolated").stdout


def test_a_layer_of_an_installed_library(place):
    text = train(
        "import vendor.heads as heads",
        "from vendor.heads import SoftHead",
        "def step(x, y):",
        "    F.cross_entropy(SoftHead(3, 7)(x), y)",
        "    F.cross_entropy(heads.SoftHead(3, 7)(x), y)",
    )
    row = HEAD_ROW.replace("mylib", "vendor")
    place.write("", {"train.py": text})
    assert place.codes() == []
    place.write(row, {"train.py": text})
    assert place.codes() == ["7 LL101", "8 LL101"]


@pytest.mark.parametrize(
    ("output", "found", "codes"),
    [
        ("logits", "logits", ["LL112"]),
        ("probabilities", "probs", ["LL101", "LL111"]),
        ("log-probabilities", "log-probs", ["LL102"]),
        ("sigmoid", "sigmoid-probs", ["LL103", "LL111"]),
        ("log-sigmoid", "log-sigmoid", ["LL111"]),
        ("bounded", "bounded", ["LL104"]),
        ("non-negative", "non-negative", ["LL104"]),
        ("unknown", "unknown: the result of vendor.Head", []),
    ],
)
def test_each_output(place, output, found, codes):
    text = train(
        "import vendor",
        "head = vendor.Head(3)",
        "def step(x, y):",
        "    out = head(x)",
        "    F.cross_entropy(out, y)",
        "    F.nll_loss(out, y)",
    )
    row = f'[[tool.losslint.layers]]\nnames = ["vendor.Head"]\noutput = "{output}"\n'
    place.write(row, {"train.py": text})
    assert place.reaches() == [found, found]
    assert [code.split()[1] for code in place.codes("--certainty", "possible")] == codes


def test_same_hands_the_input_on(place):
    text = train("import vendor", "def step(x, y):", "    F.cross_entropy(vendor.Wrap(2)(F.softmax(x, 1)), y)")
    place.write("", {"train.py": text})
    assert place.codes() == []
    place.write('[[tool.losslint.layers]]\nnames = ["vendor.Wrap"]\noutput = "same"\n', {"train.py": text})
    assert place.codes() == ["6 LL101"]


@pytest.mark.parametrize(
    ("dim", "made", "shown"),
    [
        ("dim = 1", "Head(3)", "probs(dim=1)"),
        ("dim = -1", "Head(3)", "probs(dim=-1)"),
        ('dim = "axis"', "Head(3)", "probs(dim=2)"),
        ('dim = "axis"', "Head(3, axis=1)", "probs(dim=1)"),
        ('dim = "axis"', "Head(3, axis=unknown)", "probs"),
        ('dim = "axis"', "Head(3, **options)", "probs"),
        ('dim = "n"', "Head(3)", "probs(dim=3)"),
        ("", "Head(3)", "probs"),
        ('classes = "n"', "Head(3)", "probs [..., 3]"),
        ('dim = 1\nclasses = "n"', "Head(3)", "probs(dim=1) [?, 3, ...]"),
        ('dim = "axis"\nclasses = "n"', "Head(3, axis=unknown)", "probs"),
        ("classes = 4", "Head(3)", "probs [..., 4]"),
        ('shape = "same"\ndim = -1', "Head(3)", "probs(dim=1) [8, 5]"),
        ('shape = "same"\ndim = 1\nclasses = "n"', "Head(3)", "probs(dim=1) [8, 3]"),
        ('shape = "unknown"\ndim = 1', "Head(3)", "probs(dim=1)"),
    ],
)
def test_axis_and_number_of_classes(place, dim, made, shown):
    text = train("import vendor", f"F.cross_entropy(vendor.{made}(torch.zeros(8, 5)), torch.zeros(8))")
    row = f'[[tool.losslint.layers]]\nnames = ["vendor.Head"]\nparams = "n, axis=2"\noutput = "probabilities"\n{dim}\n'
    place.write(row, {"train.py": text})
    assert place.reaches() == [shown]


def test_the_number_of_classes_reaches_rules_about_labels(place):
    text = train(
        "import vendor",
        "head = vendor.Head(16, outputs=3)",
        "labels = torch.randint(1, 4, (8,))",
        "F.cross_entropy(head(torch.zeros(8, 16)), labels)",
    )
    row = """
        [[tool.losslint.layers]]
        names = ["vendor.Head"]
        params = "n, outputs"
        output = "logits"
        dim = 1
        classes = "outputs"
    """
    place.write(row.replace('classes = "outputs"', ""), {"train.py": text})
    assert place.codes() == []
    place.write(row, {"train.py": text})
    assert place.codes() == ["7 LL201"]


def test_a_parameter_of_the_call(place):
    text = train("import vendor", "def step(x, y):", "    F.cross_entropy(vendor.Head()(1.0, x, axis=1), y)")
    row = """
        [[tool.losslint.layers]]
        names = ["vendor.Head"]
        call = "temperature, input, axis=-1"
        output = "probabilities"
        dim = "axis"
    """
    place.write(row, {"train.py": text})
    assert place.reaches() == ["probs(dim=1)"]


def test_what_goes_into_a_described_layer_is_not_judged(place):
    text = train("import vendor", "def step(x):", "    return vendor.Head()(F.softmax(x, 1))")
    row = '[[tool.losslint.layers]]\nnames = ["vendor.Head"]\noutput = "probabilities"\ndim = 1\n'
    place.write(row, {"train.py": text})
    assert place.codes() == []


# functions

SOFTMAX_ROW = """
    [[tool.losslint.functions]]
    names = ["mylib.ops.my_softmax"]
    params = "x, dim: int = -1"
    output = "probabilities"
    dim = "dim"
    shape = "same"
"""


def test_a_function_of_the_program(place):
    files = {
        "mylib/__init__.py": "",
        "mylib/ops.py": "def my_softmax(x, dim=-1):\n    return registry['softmax'](x, dim)\n",
        "train.py": train(
            "from mylib import ops",
            "from mylib.ops import my_softmax as soft",
            "net = nn.Linear(4, 6)",
            "def step(x, y):",
            "    F.cross_entropy(ops.my_softmax(net(x), 1), y)",
            "    F.cross_entropy(soft(net(x)), y)",
        ),
    }
    place.write("", files)
    assert place.codes() == []
    place.write(SOFTMAX_ROW, files)
    assert place.codes() == ["8 LL101", "9 LL101"]
    assert place.reaches() == ["probs(dim=1) [..., 6]", "probs(dim=-1) [..., 6]"]


def test_functions_in_all_places(place):
    files = {
        "ops.py": """
            import functools
            import torch

            @functools.lru_cache
            @wrap
            def decorated(x):
                return torch.softmax(x, 1)

            made = factory("softmax")

            class Fast(torch.autograd.Function):
                @staticmethod
                def forward(ctx, x):
                    return native(x)

            class Tools:
                def method(self, x):
                    return native(x)

                @staticmethod
                def static(x):
                    return native(x)

            def outer(x, y):
                def decorated(x):
                    return x
                return torch.nn.functional.nll_loss(decorated(torch.log_softmax(x, 1)), y)
        """,
        "train.py": train(
            "import ops",
            "from ops import Fast, Tools, made",
            "def step(x, y):",
            "    F.nll_loss(ops.decorated(x), y)",
            "    F.nll_loss(made(x), y)",
            "    F.nll_loss(Fast.apply(x), y)",
            "    F.nll_loss(Tools().method(x), y)",
            "    F.nll_loss(Tools.static(x), y)",
            "    F.nll_loss(torch.softmax(x, 1), y)",
        ),
    }
    names = ["ops.decorated", "ops.made", "ops.Fast.apply", "ops.Tools.static"]
    rows = f"""
        [[tool.losslint.functions]]
        names = {names}
        params = "x"
        output = "logits"

        [[tool.losslint.functions]]
        names = ["ops.Tools.method"]
        params = "self, x"
        output = "logits"
    """
    place.write("", files)
    assert place.codes() == ["7 LL111", "12 LL111"]
    place.write(rows, files)
    assert place.codes() == [*(f"{line} LL112" for line in range(7, 12)), "12 LL111"]


# losses


def test_losses_of_the_program(place):
    text = train(
        "from mylib.losses import SoftCE, soft_ce",
        "criterion = SoftCE()",
        "net = nn.Linear(4, 6)",
        "def step(x, y):",
        "    criterion(F.softmax(net(x), 1), y)",
        "    soft_ce(F.softmax(net(x), 1), y)",
        "    criterion(net(x), y)",
        "    soft_ce(y=y, pred=net(x))",
    )
    place.write("", {**PACKAGE, "train.py": text})
    assert place.codes() == []
    place.write(LOSS_ROW, {**PACKAGE, "train.py": text})
    assert place.codes() == ["8 LL101", "9 LL101"]
    shown = place.run("check").stdout
    assert "probabilities reach SoftCE, which expects logits" in shown
    assert "probabilities reach soft_ce, which expects logits" in shown
    assert "the loss is made here: SoftCE" in shown


@pytest.mark.parametrize(
    ("like", "bad"),
    [
        ("CrossEntropyLoss", "F.softmax(x, 1)"),
        ("nll_loss", "F.softmax(x, 1)"),
        ("binary_cross_entropy", "net(x)"),
        ("BCEWithLogitsLoss", "torch.sigmoid(x)"),
    ],
)
def test_each_loss_to_be_like(place, like, bad):
    text = train(
        "import vendor",
        "net = nn.Linear(4, 6)",
        "def step(x, y):",
        f"    vendor.Loss()({bad}, y)",
    )
    row = f'[[tool.losslint.losses]]\nnames = ["vendor.Loss"]\nlike = "{like}"\n'
    place.write("", {"train.py": text})
    assert place.codes() == []
    place.write(row, {"train.py": text})
    assert len(place.codes()) == 1
    place.write(row.replace(like, "mse_loss"), {"train.py": text})
    assert place.codes() == []
    assert len(place.reaches()) == 1


def test_input_and_target_by_name_and_by_place(place):
    text = train("import vendor", "def step(x, y):", "    vendor.loss(y, F.softmax(x, 1))")
    row = '[[tool.losslint.losses]]\nfunctions = ["vendor.loss"]\ncall = "labels, scores"\nlike = "cross_entropy"\n'
    place.write(row, {"train.py": text})
    assert place.codes() == []
    place.write(row + 'input = "scores"\ntarget = "labels"\n', {"train.py": text})
    assert place.codes() == ["6 LL101"]


def test_the_function_may_have_parameters_of_its_own(place):
    text = train(
        "import vendor",
        "def step(x, y):",
        "    vendor.loss(1.0, F.softmax(x, 1), y)",
        "    vendor.Loss()(F.softmax(x, 1), y)",
    )
    row = """
        [[tool.losslint.losses]]
        names = ["vendor.Loss"]
        functions = ["vendor.loss"]
        call = "pred, y"
        function = "alpha, pred, y"
        input = "pred"
        like = "cross_entropy"
        target = "y"
    """
    place.write(row, {"train.py": text})
    assert place.codes() == ["6 LL101", "7 LL101"]


def test_options_of_the_constructor_count(place):
    text = train(
        "from mylib.losses import SoftCE",
        "def step(x, options):",
        "    labels = torch.randint(0, 4, (8,))",
        "    SoftCE()(nn.Linear(4, 3)(x), labels)",
        "    SoftCE(ignore_index=3)(nn.Linear(4, 3)(x), labels)",
        "    SoftCE(**options)(nn.Linear(4, 3)(x), labels)",
    )
    place.write(LOSS_ROW, {**PACKAGE, "train.py": text})
    assert place.codes() == ["7 LL202"]


def test_the_axis_of_the_classes_of_a_loss(place):
    text = train(
        "import vendor",
        "labels = torch.randint(0, 9, (8,))",
        "vendor.Loss()(nn.Conv1d(2, 4, 1)(torch.zeros(8, 2, 9)), labels)",
    )
    row = '[[tool.losslint.losses]]\nnames = ["vendor.Loss"]\nlike = "cross_entropy"\n'
    place.write(row, {"train.py": text})
    assert place.codes() == ["6 LL202"]
    place.write(row + "dim = -1\n", {"train.py": text})
    assert place.codes() == []


def test_tensors_for_the_constructor_of_a_users_loss_are_no_mistake(place):
    text = train(
        "import vendor", "weights = torch.ones(3)", "prior = torch.softmax(weights, 0)", "vendor.Loss(prior, weights)"
    )
    place.write('[[tool.losslint.losses]]\nnames = ["vendor.Loss"]\nlike = "cross_entropy"\n', {"train.py": text})
    assert place.codes() == []


def test_a_loss_among_alternatives_and_in_wrappers(place):
    text = train(
        "import functools, sys",
        "from mylib.losses import SoftCE, soft_ce",
        "criterion = SoftCE() if len(sys.argv) > 1 else nn.CrossEntropyLoss()",
        "function = soft_ce if len(sys.argv) > 2 else F.cross_entropy",
        "part = functools.partial(soft_ce)",
        "table = {'soft': SoftCE()}",
        "def step(x, y):",
        "    criterion(F.softmax(x, 1), y)",
        "    function(F.softmax(x, 1), y)",
        "    part(F.softmax(x, 1), y)",
        "    table['soft'](F.softmax(x, 1), y)",
    )
    place.write(LOSS_ROW, {**PACKAGE, "train.py": text})
    assert place.codes("--certainty", "certain") == ["11 LL101", "12 LL101", "13 LL101", "14 LL101"]


# the row and the program


def test_the_row_wins_over_a_body_that_says_otherwise(place):
    files = {
        "model.py": """
            import torch

            class Net(torch.nn.Module):
                def forward(self, x):
                    return torch.softmax(x, 1)
        """,
        "train.py": train(
            "from model import Net", "net = Net()", "def step(x, y):", "    return F.cross_entropy(net(x), y)"
        ),
    }
    place.write("", files)
    assert place.codes() == ["7 LL101"]
    for output in ("unknown", "logits"):
        place.write(f'[[tool.losslint.layers]]\nnames = ["model.Net"]\noutput = "{output}"\n', files)
        assert place.codes() == []


def test_all_else_of_a_described_class_stays_as_it_is(place):
    text = train(
        "from mylib.heads import SoftHead",
        "head = SoftHead(3, 7).to('cuda')",
        "head.tag = nn.Softmax(1)",
        "def step(x, y):",
        "    F.cross_entropy(head.scores(x), y)",
        "    F.cross_entropy(head.tag(x), y)",
        "    F.cross_entropy(head.forward(x), y)",
        "    F.cross_entropy(nn.Sequential(nn.Linear(2, 3), head)(x), y)",
    )
    place.write(HEAD_ROW, {**PACKAGE, "train.py": text})
    assert place.codes() == ["8 LL101", "9 LL101", "10 LL101", "11 LL101"]


def test_a_described_class_calls_itself_by_its_row(place):
    text = train(
        "class Net(nn.Module):",
        "    def forward(self, x):",
        "        return dispatch(self, x)",
        "    def training_step(self, batch, number):",
        "        x, y = batch",
        "        return F.cross_entropy(self(x), y)",
    )
    place.write("", {"train.py": text})
    assert place.codes() == []
    place.write('[[tool.losslint.layers]]\nnames = ["train.Net"]\noutput = "sigmoid"\n', {"train.py": text})
    assert place.codes() == ["9 LL103"]


def test_the_body_of_a_described_class_is_still_looked_at(place):
    text = train(
        "class Net(nn.Module):",
        "    def forward(self, x, y):",
        "        return F.cross_entropy(F.softmax(x, 1), y)",
        "def loss(x, y):",
        "    return F.cross_entropy(F.softmax(x, 1), y)",
    )
    rows = """
        [[tool.losslint.layers]]
        names = ["train.Net"]
        output = "unknown"
        [[tool.losslint.functions]]
        names = ["train.loss"]
        output = "unknown"
    """
    place.write(rows, {"train.py": text})
    assert place.codes() == ["6 LL101", "8 LL101"]


def test_subclasses_of_a_described_class(place):
    text = train(
        "from mylib.heads import SoftHead",
        "class Plain(SoftHead):",
        "    pass",
        "class Built(SoftHead):",
        "    def __init__(self):",
        "        super().__init__(3, 9)",
        "class Other(SoftHead):",
        "    def forward(self, x):",
        "        return nn.functional.linear(x, self.weight)",
        "class More(SoftHead):",
        "    def forward(self, x):",
        "        return super().forward(x.float())",
        "def step(x, y):",
        "    F.cross_entropy(Plain(3, 7)(x), y)",
        "    F.cross_entropy(Built()(x), y)",
        "    F.cross_entropy(Other(3, 7)(x), y)",
        "    F.cross_entropy(More(3, 7)(x), y)",
    )
    place.write(HEAD_ROW, {**PACKAGE, "train.py": text})
    assert place.codes() == ["17 LL101", "18 LL101", "20 LL101"]
    assert place.reaches()[:3] == ["probs(dim=1) [?, 7, ...]", "probs", "logits"]


def test_a_subclass_of_a_described_class_of_a_library(place):
    text = train(
        "import vendor",
        "class Mine(vendor.SoftHead):",
        "    pass",
        "class Loss(vendor.SoftCE):",
        "    pass",
        "def step(x, y):",
        "    F.cross_entropy(Mine(3, 7)(x), y)",
        "    Loss()(F.softmax(x, 1), y)",
    )
    rows = HEAD_ROW.replace("mylib.heads", "vendor") + LOSS_ROW.replace("mylib.losses", "vendor")
    place.write(rows, {"train.py": text})
    assert place.codes() == ["10 LL101", "11 LL101"]


def test_a_described_class_with_bases_that_can_be_called(place):
    text = train(
        "class Base(nn.Module):",
        "    def forward(self, x):",
        "        return torch.sigmoid(x)",
        "class Net(Base):",
        "    pass",
        "class Chain(nn.Sequential):",
        "    pass",
        "class Late(nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
        "        self.forward = torch.sigmoid",
        "def step(x, y):",
        "    F.nll_loss(Net()(x), y)",
        "    F.nll_loss(Chain(nn.Sigmoid())(x), y)",
        "    F.nll_loss(Chain(nn.Sigmoid()).forward(x), y)",
        "    F.nll_loss(Late()(x), y)",
    )
    place.write(
        '[[tool.losslint.layers]]\nnames = ["train.Net", "train.Chain", "train.Late"]\noutput = "logits"\n',
        {"train.py": text},
    )
    assert place.codes() == [f"{line} LL112" for line in range(16, 20)]


@pytest.mark.parametrize(
    ("name", "file", "line"),
    [
        ("mylib.heads.SoftHead", "mylib/heads.py", "from mylib.heads import SoftHead"),
        ("mylib.heads.SoftHead", "mylib/heads.py", "from mylib.heads import *"),
        ("mylib.heads.SoftHead", "src/mylib/heads.py", "from mylib.heads import SoftHead"),
        ("heads.SoftHead", "research/heads.py", "from research.heads import SoftHead"),
        ("research.heads.SoftHead", "research/heads.py", "from research.heads import SoftHead"),
        ("heads.SoftHead", "heads.py", "try:\n    from heads import SoftHead\nexcept ImportError:\n    pass"),
        ("heads.SoftHead", "heads.py", "import heads\nSoftHead = heads.SoftHead"),
    ],
)
def test_names_of_the_program(place, name, file, line):
    use = train(line, "head = SoftHead(3, 7)", "def step(x, y):", "    return F.cross_entropy(head(x), y)")
    place.write("", {file: HEAD, "train.py": use})
    assert place.codes() == []
    place.write(HEAD_ROW.replace("mylib.heads.SoftHead", name), {file: HEAD, "train.py": use})
    assert [code.split()[1] for code in place.codes()] == ["LL101"]


@pytest.mark.parametrize(
    "line", ["from mylib import SoftHead", "import mylib; SoftHead = mylib.SoftHead", "from mylib import *"]
)
def test_a_name_under_which_a_package_exports_something(place, line):
    use = train(line, "head = SoftHead(3, 7)", "def step(x, y):", "    return F.cross_entropy(head(x), y)")
    files = {**PACKAGE, "mylib/__init__.py": "from .heads import SoftHead\n", "train.py": use}
    for names in ('"mylib.SoftHead"', '"mylib.heads.SoftHead"', '"mylib.SoftHead", "mylib.heads.SoftHead"'):
        place.write(HEAD_ROW.replace('"mylib.heads.SoftHead"', names), files)
        assert [code.split()[1] for code in place.codes()] == ["LL101"], names


def test_another_class_of_that_name_is_not_meant(place):
    files = {**PACKAGE, "other/heads.py": HEAD, "train.py": USE.replace("mylib", "other")}
    place.write(HEAD_ROW, files)
    assert place.codes() == []


def test_a_row_for_one_thing_leaves_the_rest_of_its_module_alone(place):
    files = {
        "heads.py": HEAD + "\n    def act(x):\n        return torch.softmax(x, 1)\n",
        "train.py": train("import heads", "def step(x, y):", "    return F.cross_entropy(heads.act(x), y)"),
    }
    place.write(HEAD_ROW.replace("mylib.heads", "heads"), files)
    assert place.codes() == ["6 LL101"]


def test_built_in_rows_can_be_overridden(place):
    text = train(
        "def step(x, y):", "    F.cross_entropy(F.softmax(x, 1), y)", "    F.cross_entropy(torch.softmax(x, 1), y)"
    )
    place.write("", {"train.py": text})
    assert place.codes() == ["5 LL101", "6 LL101"]
    row = '[[tool.losslint.functions]]\nnames = ["torch.nn.functional.softmax"]\noutput = "unknown"\n'
    place.write(row, {"train.py": text})
    assert place.codes() == ["6 LL101"]
    assert load().op("torch.nn.functional.softmax").verb == "softmax"


def test_files_are_read_for_the_names_that_rows_add(place):
    row = '[[tool.losslint.losses]]\nnames = ["vendor.Crit"]\nlike = "cross_entropy"\n'
    knowledge = load().extended(rows_of({"losses": [{"names": ["vendor.Crit"], "like": "cross_entropy"}]}))
    assert b"Crit" in gate_terms(knowledge)
    assert b"Crit" in sink_terms(knowledge)
    assert b"Crit" not in gate_terms(load())
    files = {
        "net.py": "import torch.nn as nn\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return x.sigmoid()\n",
        "train.py": "from net import Net\nfrom vendor import Crit\n\nnet = Net()\nfor x, y in data():\n    Crit()(net(x), y)\n",
    }
    place.write("", files)
    assert place.codes() == []
    place.write(row, files)
    assert place.codes() == ["6 LL103"]


# mistakes


def loss(**more):
    return {"losses": [{"names": ["a.B"], "like": "nll_loss"}, {"names": ["a.C"], "like": "nll_loss", **more}]}


def layer(**more):
    return {"layers": [{"names": ["a.B"], "output": "probabilities", **more}]}


IN_LAYER = "[[tool.losslint.layers]] entry 1: "
IN_LOSS = "[[tool.losslint.losses]] entry 2: "
OUTPUTS = "logits, probabilities, log-probabilities, sigmoid, log-sigmoid, bounded, non-negative, same, unknown"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (loss(lik="nll_loss"), IN_LOSS + "no key 'lik'; did you mean 'like'?"),
        (layer(like="nll_loss"), IN_LAYER + "no key 'like'"),
        ({"layer": []}, "[tool.losslint] has no key 'layer'; did you mean 'layers'?"),
        ({"layers": {"names": ["a.B"]}}, "layers must be tables, each under [[tool.losslint.layers]]"),
        ({"losses": ["a.B"]}, "losses must be tables, each under [[tool.losslint.losses]]"),
        ({"layers": [{"output": "same"}]}, IN_LAYER + "names is missing: a list of dotted names"),
        (layer(names=[]), IN_LAYER + "names is missing: a list of dotted names"),
        (layer(names="a.B"), IN_LAYER + "names must be a list of dotted names, such as"),
        (layer(names=[1]), IN_LAYER + "names must be a list of dotted names, such as"),
        (layer(names=["B"]), IN_LAYER + "names: 'B' is no dotted name such as 'mylib.heads.SoftHead'"),
        (layer(names=["a.b c"]), IN_LAYER + "names: 'a.b c' is no dotted name"),
        (layer(names=["a..B"]), IN_LAYER + "names: 'a..B' is no dotted name"),
        (layer(names=["a.class"]), IN_LAYER + "names: 'a.class' is no dotted name"),
        (layer(names=[""]), IN_LAYER + "names: '' is no dotted name"),
        (layer(output="prob"), f"{IN_LAYER}output must be one of {OUTPUTS}, not 'prob'; did you mean 'probabilities'?"),
        (layer(output=3), f"{IN_LAYER}output must be one of {OUTPUTS}, not 3"),
        ({"layers": [{"names": ["a.B"]}]}, f"{IN_LAYER}output is missing: one of {OUTPUTS}"),
        (layer(params="x, ="), IN_LAYER + "params must be parameters as in Python, such as \"input, dim=-1\", not 'x, ='"),
        (layer(params="x, x"), IN_LAYER + "params must be parameters as in Python"),
        (layer(params="x): pass\ndef g("), IN_LAYER + "params must be parameters as in Python"),
        (layer(params="x) -> (1"), IN_LAYER + "params must be parameters as in Python"),
        (layer(params="\0"), IN_LAYER + "params must be parameters as in Python"),
        (layer(params="x={[]: 1}"), IN_LAYER + "params must be parameters as in Python"),
        (layer(params="x=" + "(" * 9999), IN_LAYER + "params must be parameters as in Python"),
        (layer(params=["x"]), IN_LAYER + "params must be a string, not ['x']"),
        (layer(dim=1.5), IN_LAYER + "dim must be a whole number or the name of a parameter, not 1.5"),
        (layer(dim=True), IN_LAYER + "dim must be a whole number or the name of a parameter, not True"),
        (layer(params="x, axis=1", dim="axes"), IN_LAYER + "dim: no parameter 'axes' in (input) and (x, axis=1); did you mean 'axis'?"),
        (layer(params="*axis", dim="axis"), IN_LAYER + "dim: no parameter 'axis' in (input) and (*axis)"),
        (layer(params="axis='last'", dim="axis"), IN_LAYER + "dim: the parameter 'axis' is 'last' by default, which is no whole number"),
        (layer(params="axis=True", dim="axis"), IN_LAYER + "dim: the parameter 'axis' is True by default, which is no whole number"),
        (layer(classes="n"), IN_LAYER + "classes: no parameter 'n' in (input) and (*args, **kwargs)"),
        (layer(shape="like"), IN_LAYER + "shape must be one of same, unknown, not 'like'"),
        (layer(output="same", dim=1), IN_LAYER + "dim says nothing where output is 'same'"),
        (layer(output="unknown", classes=3), IN_LAYER + "classes says nothing where output is 'unknown'"),
        (layer(output="same", shape="same"), IN_LAYER + "shape says nothing where output is 'same'"),
        ({"losses": [{"names": ["a.B"]}]}, "[[tool.losslint.losses]] entry 1: like is missing: one of torch's losses, such as cross_entropy"),
        (loss(like="cross_entrpy"), "not 'cross_entrpy'; did you mean 'cross_entropy'?"),
        (loss(like="linear_cross_entropy"), IN_LOSS + "like must be one of torch's losses, such as cross_entropy, not 'linear_cross_entropy'; did"),
        (loss(like=["nll_loss"]), IN_LOSS + "like must be one of torch's losses, such as cross_entropy, not ['nll_loss']"),
        ({"losses": [{"like": "nll_loss"}]}, "[[tool.losslint.losses]] entry 1: neither names (of classes) nor functions are given"),
        (loss(functions=["f"]), IN_LOSS + "functions: 'f' is no dotted name"),
        (loss(call="*"), IN_LOSS + "call must be parameters as in Python"),
        (loss(call=""), IN_LOSS + "input is missing, and () has no parameter to stand for it"),
        (loss(call="pred, y", input="prd"), IN_LOSS + "input: no parameter 'prd' in (pred, y); did you mean 'pred'?"),
        (loss(call="pred, y", target="z"), IN_LOSS + "target: no parameter 'z' in (pred, y)"),
        (loss(input=0), IN_LOSS + "input must be a string, not 0"),
        (
            loss(functions=["a.c"], call="p, y", function="q, y"),
            IN_LOSS + "input is missing: the classes and the functions name it differently",
        ),
        (loss(dim="1"), IN_LOSS + "dim must be a whole number, not '1'"),
        (loss(names=["a.B"]), IN_LOSS + "'a.B' is described already, by [[tool.losslint.losses]] entry 1"),
        (
            {**layer(), "losses": [{"functions": ["a.B"], "like": "nll_loss"}]},
            "[[tool.losslint.losses]] entry 1: 'a.B' is described already, by [[tool.losslint.layers]] entry 1",
        ),
        (loss(names=["a.C"], functions=["a.C"]), IN_LOSS + "'a.C' is described already, by " + IN_LOSS[:-2]),
    ],
)  # fmt: skip
def test_each_mistake_is_told(table, message):
    with pytest.raises(ConfigError) as caught:
        _ = merge(Settings(), read("pyproject.toml", table)).rows
    assert str(caught.value).startswith("pyproject.toml: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("command", ["check", "losses"])
def test_a_mistake_ends_the_run_with_2(place, capsys, command):
    place.write(LOSS_ROW.replace("like", "lik"), {"train.py": "import torch\n"})
    with pytest.raises(SystemExit) as left:
        main([command, str(place.folder)])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert "pyproject.toml: [[tool.losslint.losses]] entry 1: no key 'lik'; did you mean 'like'?" in told
    with pytest.raises(SystemExit) as left:
        main([command, "--isolated", str(place.folder)])
    assert left.value.code == 0


def test_every_key_has_a_test():
    source = Path(__file__).read_text(encoding="utf-8")
    for keys in KEYS.values():
        for key in keys:
            assert f"{key} = " in source, key


def test_no_rows_cost_nothing():
    assert merge(Settings(), read("pyproject.toml", {"select": ["LL1"]})).rows == ()
    assert load().own == frozenset()
    assert gate_terms(load().extended(())) == gate_terms(load())
