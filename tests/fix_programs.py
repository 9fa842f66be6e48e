"""Random small programs with a model, a loss and readers of what the model gives: what fixes must not harm.

`losses()` of each gives the loss, gradients, what readers read, and the inputs from which a reference can be computed apart.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

INDENT = "        "


@dataclass(frozen=True)
class Task:
    """What a model is asked: its layers, its inputs and its labels, as Python text."""

    first: str
    last: str
    x: str
    y: str
    many: bool
    """True where a class is picked, False where each score is a yes or no."""


@dataclass(frozen=True)
class Activation:
    """The ways of applying an activation: texts with `{z}` for its input, and the class of a layer."""

    calls: tuple[str, ...]
    layer: str
    imported: str = ""
    """A text that needs an import of its own, with the import before a bar."""


@dataclass(frozen=True)
class Program:
    """A program in one or two files, and what its loss should have been."""

    name: str
    files: Mapping[str, str]
    loss: str
    options: Mapping[str, object]
    pair: tuple[str, str]
    broken: bool  # what reaches the loss does not suit it
    carrier: str
    """What stands between activation and loss, with `{p}` for the numbers."""
    readers: tuple[str, ...]


TASKS = {
    "classes": Task("nn.Linear(5, 5)", "nn.Linear(5, 4)", "torch.randn(6, 5)", "torch.randint(4, (6,))", True),
    "pixels": Task(
        "nn.Conv2d(3, 3, 1)", "nn.Conv2d(3, 4, 1)", "torch.randn(2, 3, 3, 2)", "torch.randint(4, (2, 3, 2))", True
    ),
    "labels": Task("nn.Linear(5, 5)", "nn.Linear(5, 3)", "torch.randn(6, 5)", "torch.rand(6, 3).round()", False),
    "column": Task("nn.Linear(5, 5)", "nn.Linear(5, 1)", "torch.randn(6, 5)", "torch.rand(6, 1).round()", False),
}
ACTIVATIONS = {
    "none": Activation(("{z}",), "nn.Identity()"),
    "softmax": Activation(
        ("F.softmax({z}, dim=1)", "F.softmax({z}, 1)", "torch.softmax({z}, dim=1)", "{z}.softmax(1)", "nn.Softmax(dim=1)({z})"),
        "nn.Softmax(dim=1)",
        "from torch.nn.functional import softmax|softmax({z}, dim=1)",
    ),
    "log_softmax": Activation(
        ("F.log_softmax({z}, dim=1)", "torch.log_softmax({z}, 1)", "{z}.log_softmax(dim=1)", "torch.log(F.softmax({z}, dim=1))"),
        "nn.LogSoftmax(dim=1)",
        "from torch.nn.functional import log_softmax|log_softmax({z}, 1)",
    ),
    "sigmoid": Activation(
        ("torch.sigmoid({z})", "{z}.sigmoid()", "F.sigmoid({z})", "nn.Sigmoid()({z})", "{z}.sigmoid_()"),
        "nn.Sigmoid()",
        "from torch import sigmoid|sigmoid({z})",
    ),
    "tanh": Activation(("torch.tanh({z})", "{z}.tanh()", "nn.Tanh()({z})"), "nn.Tanh()"),
    "relu": Activation(("F.relu({z})", "{z}.relu()", "nn.ReLU()({z})"), "nn.ReLU()"),
}  # fmt: skip
LOSSES = {
    "cross_entropy": "CrossEntropyLoss",
    "nll_loss": "NLLLoss",
    "binary_cross_entropy": "BCELoss",
    "binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
}
PAIRS = {
    True: (
        ("softmax", "cross_entropy"), ("softmax", "cross_entropy"), ("softmax", "cross_entropy"), ("sigmoid", "cross_entropy"),
        ("tanh", "cross_entropy"), ("relu", "cross_entropy"), ("log_softmax", "cross_entropy"), ("softmax", "nll_loss"),
        ("none", "nll_loss"), ("log_softmax", "nll_loss"), ("none", "cross_entropy"),
    ),
    False: (
        ("sigmoid", "binary_cross_entropy_with_logits"), ("sigmoid", "binary_cross_entropy_with_logits"),
        ("sigmoid", "binary_cross_entropy"), ("none", "binary_cross_entropy"), ("none", "binary_cross_entropy_with_logits"),
    ),
}  # fmt: skip
RIGHT = {
    ("log_softmax", "cross_entropy"), ("log_softmax", "nll_loss"), ("none", "cross_entropy"),
    ("sigmoid", "binary_cross_entropy"), ("none", "binary_cross_entropy_with_logits"),
}  # fmt: skip
OPTIONS = {
    "cross_entropy": (
        {}, {}, {"weight": [1.0, 2.0, 0.5, 3.0]}, {"ignore_index": 2}, {"reduction": "sum"}, {"label_smoothing": 0.1},
        {"weight": [1.0, 2.0, 0.5, 3.0], "ignore_index": 0, "reduction": "sum"},
    ),
    "nll_loss": ({}, {}, {"weight": [1.0, 2.0, 0.5, 3.0]}, {"ignore_index": 1}, {"reduction": "sum"}),
    "binary_cross_entropy": ({}, {}, {"weight": [2.0]}, {"reduction": "sum"}),
    "binary_cross_entropy_with_logits": ({}, {}, {"weight": [2.0]}, {"reduction": "sum"}, {"pos_weight": [3.0]}),
}  # fmt: skip

Style = tuple[tuple[str, ...], tuple[str, ...], str]
"""Lines of the constructor, lines of forward, and what holds the numbers there."""
STYLES: Mapping[str, Style] = {
    "function": (("self.net = nn.Sequential({layers})",), ("z = self.net(x)", "p = {act:z}"), "p"),
    "rebinding": (("self.net = nn.Sequential({layers})",), ("x = self.net(x)", "x = {act:x}"), "x"),
    "returned": (("self.net = nn.Sequential({layers})",), (), "{act:self.net(x)}"),
    "attribute": (("self.net = nn.Sequential({layers})", "self.act = {layer}"), ("z = self.net(x)",), "self.act(z)"),
    "last": (("self.net = nn.Sequential({layers}, {layer})",), (), "self.net(x)"),
    "lines": (
        ("self.net = nn.Sequential(", "    {layers},", "    {layer},  # scores", ")"),
        ("x = self.net(x)",),
        "x",
    ),
    "inner": (("self.net = nn.Sequential({layers}, {layer}, nn.Dropout(0.0))",), (), "self.net(x)"),
    "ordered": (
        ('self.net = nn.Sequential(OrderedDict([("a", nn.Sequential({layers})), ("b", {layer})]))',),
        (),
        "self.net(x)",
    ),
    "added": (("self.net = nn.Sequential({layers})", 'self.net.add_module("act", {layer})'), (), "self.net(x)"),
    "appended": (("parts = [{layers}]", "parts.append({layer})", "self.net = nn.Sequential(*parts)"), (), "self.net(x)"),
    "listed": (
        ("self.parts = nn.ModuleList([{layers}, {layer}])",),
        ("for part in self.parts:", "    x = part(x)"),
        "x",
    ),
    "named": (("self.net = nn.Sequential({layers})", 'self.acts = nn.ModuleDict({{"a": {layer}}})'), (), 'self.acts["a"](self.net(x))'),
    "method": (("self.net = nn.Sequential({layers})", "self.act = {layer}"), (), "self.squash(self.net(x))"),
    "stored": (("self.net = nn.Sequential({layers})",), ("self.seen = {act:self.net(x)}",), "self.seen"),
    "sum": (("self.net = nn.Sequential({layers})",), (), "{act:self.net(x) + 0 * x.sum()}.clone()"),
    "choice": (("self.net = nn.Sequential({layers})",), (), "{act:self.net(x) if x.dim() else x}.clone()"),
    "block": (("self.net = Block(nn.Sequential({layers}), {layer})",), (), "self.net(x)"),
    "pair": (("self.net = nn.Sequential({layers})",), ("z = self.net(x)", "p, z = {act:z}, 1"), "p"),
    "walrus": (("self.net = nn.Sequential({layers})",), (), "(p := {act:self.net(x)})"),
    "wide": (("self.net = nn.Sequential({layers})",), ("z = (", "    {act:self.net(x)}", ")"), "z"),
    "lambda": (("self.net = nn.Sequential({layers})", "self.act = lambda z: {act:z}"), (), "self.act(self.net(x))"),
    "flag": (
        ("self.net = nn.Sequential({layers})", "self.squashes = True"),
        ("x = self.net(x)", "if self.squashes:", "    x = {act:x}"),
        "x",
    ),
    "outside": (("self.net = nn.Sequential({layers})",), (), "self.net(x)"),
    "inline": (("self.net = nn.Sequential({layers})",), (), "self.net(x)"),
    "helper": (("self.net = nn.Sequential({layers})",), (), "squash(self.net(x))"),
}  # fmt: skip
PACKS = {
    "plain": ("{p}", "model(x)"),
    "tuple": ("{p}, 0", "model(x)[0]"),
    "dict": ('{{"scores": {p}}}', 'model(x)["scores"]'),
}
CARRIERS = (
    "{p}", "{p}", "{p}", "{p}", "{p}", "{p}.clone()", "{p}.contiguous()", "{p} * 1.0",
    "{p} + 0.5", "{p}.view_as({p})", "{p}.to(y.device)", "torch.stack([{p}, {p} ** 2]).mean(0)",
    "{p}.reshape({p}.shape)", "torch.nan_to_num({p})", "F.dropout({p}, 0.0)", "0.5 * {p} + 0.5 * {p}",
    "torch.where({p} > 0.2, {p}, torch.zeros_like({p}))", "torch.cat([{p}[:1], {p}[1:]])", "{p}.unsqueeze(0)[0]",
    "{p} / {p}.sum(1, keepdim=True).detach()", "{p}.masked_fill({p} < 0.1, 0.1)",
    "1 - (1 - {p})", "{p}.flip(0).flip(0)", "torch.minimum({p}, torch.ones_like({p}))",
    "{p} * 2.0", "-{p}", "{p}.detach() + {p} - {p}.detach()", "{p}.mean(0, keepdim=True) * 0 + {p}", "{p}[torch.arange(len({p}))]",
    "{p}.clamp_min(1e-6)", "{p}.pow(2)", "{p} / 0.5", "torch.cat([{p}, 1 - {p}])[: len({p})]", "{p}.expand_as({p})",
    "({p} if x.sum() > 0 else {p}.clone())", "{p}.transpose(0, 1).transpose(0, 1)", "{p}.unsqueeze(-1).squeeze(-1)[..., :]",
)  # fmt: skip
BENDING = (
    "{p}.clamp(1e-7, 1 - 1e-7)", "torch.clamp({p}, 0.2, 0.8)", "{p}.abs()", "torch.max({p}, torch.full_like({p}, 0.01))",
    "{p}.clip(0, 1)", "{p}.clamp(min=0.0)", "F.relu({p})",
)  # fmt: skip
"""Those that leave probabilities what they are, or nearly so, but bend scores."""
ORDER_READERS = (
    "{p}.argmax(1)", "{p}.argmax(dim=1)", "torch.argmax({p}, dim=1)", "{p}.max(1)[1]", "torch.max({p}, 1)[1]", "{p}.max(dim=1).indices",
    "{p}.detach().argmax(1)", "{p}.topk(1, dim=1).indices", "{p}.topk(1, 1)[1]", "torch.topk({p}, 1, dim=1)[1]", "{p}.argsort(dim=1)",
    "{p}.sort(dim=1)[1]", "{p}.min(1)[1]", "torch.argsort({p}, 1)", "{p}.sort(1, True)[1]",
    "({p}.argmax(1) == 0).sum()", "{p}.data.max(1, keepdim=True)[1]",
)  # fmt: skip
OTHER_AXIS_READERS = (
    "{p}.argmax()",
    "{p}.flatten().argmax()",
    "{p}.argmax(-1 if x.dim() == 2 else 1)", "{p}.transpose(0, 1).argmax(1)",
)  # fmt: skip
ACROSS_READERS = (
    "{p}.topk(1, 0).indices", "torch.topk({p}, 1, 0)[1]", "{p}.topk(1, dim=0)[1]", "{p}.kthvalue(1, 0)[1]", "{p}.argmax(0)",
    "torch.kthvalue({p}, 1, dim=0).indices", "{p}.argsort(0)", "torch.cat([{p}]).argmax(0)",
    "{p}.max(0)[1]", "{p}.sort(0).indices", "torch.topk({p}, 2, dim=0).indices", "torch.max({p}, dim=0)[1]", "{p}.type(torch.long) + 0",
)  # fmt: skip
"""Those that compare different rows, whose order softmax does not keep, and one that cuts numbers off."""
THRESHOLD_READERS = (
    "({p} > 0.5)", "({p} >= 0.5)", "(0.5 < {p})", "{p}.gt(0.5)", "torch.ge({p}, 0.3)", "{p}.round()", "torch.round({p})", "({p} > 0.9)",
    "({p} < 0.3)", "({p} > 0.7).sum()", "(0.3 >= {p}).sum()", "({p}>.25)", "{p}.detach().round()", "(({p} > 0.5) == y).sum()",
    "{p}.lt(0.6)", "({p}.round() == y).sum()", "({p} > 5e-1)", "{p}.cpu().round().long()", "({p}.view(-1) > 0.4)",
)  # fmt: skip
VALUE_READERS = (
    "{p}.mean()", "{p}.sum().item()", "{p}.max(1)[0]", "{p}.max().item()", "{p}.detach()", "{p}", "{p}.tolist()", "str({p}.detach())",
    "1 - {p}", "{p}[0]", "{p} ** 2", "({p} * 3).sum()", "{p}.log()", "({p} == {p}.max()).sum() + {p}.max()", "{p}.cumsum(1)",
    "({p} > LIMIT)", "({p} > 0.2 + 0.1)", "({p} * 100).int()", "{p}.std()", "float({p}.sum())", "{p}.norm()",
    "[one.sum().item() for one in {p}]", "{p}.numpy(force=True)", "f'{{{p}.sum():.3f}}'", "torch.stack([{p}, {p}]).sum()", "{p}.topk(1, dim=1)[0]",
    "{p}.gather(1, {p}.argmax(1, keepdim=True))", "round({p}.sum().item(), 3)", "{p}.clone().mul_(2)", "torch.round({p}, decimals=1)", "[{p}]",
    "{p}.round(decimals=1)", "{p}.exp()", "{p}.long()", "(({p} > 0.2) & ({p} < 0.6))", "torch.max({p}, 1 - {p})", "{p}.quantile(0.5)",
    "sorted({p}.flatten().tolist())", "{p}.dim() * {p}.sum()", "(0.2 < {p}.mean()) * {p}.mean()", "{p}.isclose({p}.mean()) * {p}.mean()",
    "dict(a={p})", "show({p})", "{p}.var()", "torch.bernoulli({p}.clamp(0, 1)).sum() * 0 + {p}.sum()", "{p}.new_tensor({p}.tolist())", "F.mse_loss({p}, {p} * 0)",
    "{p}.type(torch.float64)", "{p}.gt({p}.mean()) * {p}.mean()", "torch.full_like({p}, {p}.sum().item())", "({p} > 1.5).sum() + {p}.sum()",
)  # fmt: skip
SILENT_READERS = (
    "{p}.shape[0]",
    "{p}.dim()",
    "{p}.size(1)",
    "torch.zeros_like({p})",
    "len({p})",
    "{p}.ndim",
    "{p}.numel()",
)
PLACES = ("inline", "inline", "function", "again", "no_grad", "gathered", "object", "closure", "uncalled", "loop")
"""Where a reader stands; `uncalled` readers are called by the test."""
HELPERS = """

def squash(z):
    return {squash}


def show(given):
    return given * 2


class Block(nn.Module):
    def __init__(self, body, last):
        super().__init__()
        self.body, self.last = body, last

    def forward(self, x):
        return self.last(self.body(x))


class Meter:
    def __init__(self):
        self.kept = None

    def update(self, p):
        self.kept = p
"""
HEAD = """import torch
import torch.nn.functional as F
from collections import OrderedDict
from torch import nn
"""


def programs(seed: int, count: int) -> list[Program]:
    """Programs that depend on the seed alone."""
    chance = random.Random(seed)
    return [_program(f"case_{seed}_{number}", chance) for number in range(count)]


def _program(name: str, chance: random.Random) -> Program:
    task = chance.choice(list(TASKS.values()))
    pair = chance.choice(PAIRS[task.many])
    return made(name, task, pair, chance.choice(CARRIERS), _readers(task, pair[0], chance), chance)


def made(
    name: str, task: Task, pair: tuple[str, str], carrier: str, readers: Sequence[str], chance: random.Random,
    style: str = "", place: str = "",
) -> Program:  # fmt: skip
    """A program with this carrier and these readers, in all else as chance has it."""
    options = chance.choice(OPTIONS[pair[1]])
    # what is written twice in the call of a loss is applied twice, which is an open case of its own
    style = style or chance.choice([one for one in STYLES if one != "inline" or carrier.count("{p}") == 1])
    pack = chance.choice(["plain", "plain", *PACKS])
    if pair == ("none", "cross_entropy"):
        style = "last"
    call, line = _call(pair[0], chance)
    model = _model(task, style, pack, call, ACTIVATIONS[pair[0]].layer, chance)
    use = _use(task, style, pack, call, carrier, readers, _loss(pair[1], options, chance), chance, place)
    head = HEAD + (f"{line}\n" if line else "") + ("\n\nLIMIT = 0.45\n")
    helpers = HELPERS.format(squash=call.format(z="z"))
    files = {f"{name}.py": head + helpers + model + use}
    if chance.random() < 0.3:
        line = f"from {name}_model import Block, Meter, Net, show, squash\n"
        files = {f"{name}_model.py": head + helpers + model, f"{name}.py": head + line + use}
    return Program(name, files, pair[1], options, pair, pair not in RIGHT, carrier, tuple(readers))


def _call(activation: str, chance: random.Random) -> tuple[str, str]:
    """A way of applying an activation, and the import that it needs."""
    row = ACTIVATIONS[activation]
    if row.imported and chance.random() < 0.15:
        line, _, text = row.imported.partition("|")
        return text, line
    return chance.choice(row.calls), ""


def _readers(task: Task, activation: str, chance: random.Random) -> list[str]:
    found = []
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2))):
        sort = chance.random()
        if sort < 0.45 and activation != "relu":
            found.append(chance.choice(ORDER_READERS if sort < 0.35 else OTHER_AXIS_READERS))
        elif sort < 0.7 and not task.many:
            found.append(chance.choice(THRESHOLD_READERS))
        else:
            found.append(chance.choice(SILENT_READERS if sort < 0.75 else VALUE_READERS))
    return found


def _model(task: Task, style: str, pack: str, call: str, layer: str, chance: random.Random) -> str:
    layers = task.last if chance.random() < 0.5 else f"{task.first}, nn.Tanh(), {task.last}"
    init, forward, out = STYLES[style]

    def filled(text: str) -> str:
        before, bar, after = text.partition("{act:")
        given, _, rest = after.partition("}")
        given = f"({given})" if " " in given and call.startswith("{z}") else given
        text = before + call.format(z=given) + rest if bar else text
        return text.replace("{layers}", layers).replace("{layer}", layer).replace("{{", "{").replace("}}", "}")

    packed = PACKS[pack][0].format(p=filled(out))
    lines = ["", "", "class Net(nn.Module):", "    def __init__(self):", f"{INDENT}super().__init__()"]
    lines += [INDENT + filled(line) for line in init]
    lines += ["", "    def forward(self, x):", *(INDENT + filled(line) for line in forward), f"{INDENT}return {packed}"]
    if style == "method":
        lines += ["", "    def squash(self, z):", f"{INDENT}return self.act(z)"]
    return "\n".join(lines) + "\n"


def _loss(name: str, options: Mapping[str, object], chance: random.Random) -> tuple[str, str]:
    """The line that makes a loss, and the text of its call, with `{p}` for what it is given."""
    given = {
        key: f"torch.tensor({value})" if isinstance(value, list) else repr(value) for key, value in options.items()
    }
    texts = [f"{key}={value}" for key, value in given.items()]
    form = chance.random()
    if form < 0.35:
        return "", f"F.{name}({', '.join(['{p}', 'y', *texts])})"
    made = f"nn.{LOSSES[name]}({', '.join(texts)})"
    if form < 0.5:
        return "", f"{made}({{p}}, y)"
    return f"criterion = {made}", "criterion({p}, y)"


def _use(
    task: Task, style: str, pack: str, call: str, carrier: str, readers: Sequence[str], loss: tuple[str, str],
    chance: random.Random, place: str,
) -> str:  # fmt: skip
    given = PACKS[pack][1]
    if style in ("outside", "inline"):
        given = call.format(z=given)
    places = {number: place or chance.choice(PLACES) for number in range(len(readers))}
    above = [line for number, one in enumerate(readers) for line in _functions(number, one, places[number], given)]
    body = ["torch.manual_seed(5)", "model = Net()", f"x = {task.x}", f"y = {task.y}", *([loss[0]] if loss[0] else [])]
    if style == "inline":
        body += [f"loss = {loss[1].format(p=carrier.format(p=given))}"]
        body += [f"p = {given}"] if {*places.values()} - {"again", "uncalled"} else []
    else:
        body += [f"p = {given}", *([f"q = {carrier.format(p='p')}"] if carrier != "{p}" else [])]
        body += [f"loss = {loss[1].format(p='p' if carrier == '{p}' else 'q')}"]
    body += ["loss.backward()", 'found = {"loss": loss.detach(), "x": x, "y": y}']
    body += [line for number, one in enumerate(readers) for line in _lines(number, one, places[number])]
    body += [
        "for number, weights in enumerate(model.parameters()):",
        '    found[f"weights {number}"] = weights.detach()',
        '    found[f"gradient {number}"] = weights.grad',
        "return found",
    ]
    return "\n".join([*above, "", "", "def losses():", *(f"    {line}" for line in body)]) + "\n"


def _functions(number: int, reader: str, place: str, given: str) -> list[str]:
    if place == "function":
        return ["", "", f"def read_{number}(p, x, y):", f"    return {reader.format(p='p')}"]
    if place in ("again", "uncalled"):
        body = [f"    out = {given}", f"    return {reader.format(p='out')}"]
        head = f"def evaluate_{number}(model, x, y):" if place == "again" else f"def predict_{number}(x, y):"
        return ["", "", head, *(["    model = Net()"] if place == "uncalled" else []), *body]
    return []


def _lines(number: int, reader: str, place: str) -> list[str]:
    slot = f'found["reader {number}"]'

    def read(p: str) -> str:
        return reader.format(p=p)

    return {
        "inline": [f"{slot} = {read('p')}"],
        "function": [f"{slot} = read_{number}(p, x, y)"],
        "again": [f"{slot} = evaluate_{number}(model, x, y)"],
        "no_grad": ["with torch.no_grad():", f"    r{number} = {read('p')}", f"    {slot} = r{number}"],
        "gathered": [f"kept{number} = []", f"kept{number}.append(p)", f"{slot} = {read(f'torch.cat(kept{number})')}"],
        "object": [f"meter{number} = Meter()", f"meter{number}.update(p)", f"{slot} = {read(f'meter{number}.kept')}"],
        "closure": [f"def inner{number}():", f"    return {read('p')}", f"{slot} = inner{number}()"],
        "loop": [f"for one{number} in (p, p):", f"    {slot} = {read(f'one{number}')}"],
        "uncalled": [],
    }[place]
